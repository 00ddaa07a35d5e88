//! What 5,000 tables and 2,000 alarms cost the event loop: judging, listing, painting, and a key; and
//! what a chart costs.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up has no result")]

mod dashboard;
mod support;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion};
use dashboard::{SIZE, app};
use ddbtop::app::key::Key;
use ddbtop::app::{App, Msg};
use ddbtop::model::alarm::{
    Actions, Alarm, AlarmKind, AlarmState, Comparison, MetricAlarm, MetricStat, Source,
};
use ddbtop::model::event::{Change, Event, Happening, TableChange};
use ddbtop::model::id::Resource;
use ddbtop::model::throttle::Direction;
use ddbtop::model::time::{Minute, Window};
use ddbtop::model::update::{News, Update};
use ddbtop::poll;
use ddbtop::ui::theme::{DEFAULT, Theme, Themes};
use ddbtop::ui::{draw, draw_chart};
use ddbtop::view::Role;
use ddbtop::view::chart::{Chart, Level, Line, Marker, Stroke};
use ddbtop::view::format::Unit;
use jiff::{SignedDuration, Timestamp};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::sync::Arc;
use support::{clock, connect, in_process, runtime, start, world};

const TABLES: usize = 5_000;

/// What one look at a fleet of so many tables brings, and at the table that is open.
fn updates(tables: usize, open: Option<Resource>) -> (Vec<Update>, Timestamp) {
    let world = world("incident", tables);
    let now = start(&world);
    let clock = clock(&world, 0.0);
    let connection = connect(&world, in_process(&world, &clock), &clock);
    let settings = poll::Settings {
        budget_usd_per_hour: None,
        describe_per_second: 1_000_000,
        ..poll::Settings::default()
    };
    let interest = poll::Interest { last_key: now, open, ..poll::Interest::default() };
    (runtime().block_on(poll::once(connection, clock, settings, interest)), now)
}

fn paint(app: &App, now: Timestamp, theme: &Theme, buffer: &mut Buffer) {
    buffer.reset();
    black_box(draw(&app.screen(now), theme, buffer.area, buffer));
}

/// Two noisy lines below a level.
fn chart(minutes: u16) -> Chart {
    let line = |label: &str, role, stroke, height: f64| Line {
        label: label.to_owned(),
        short: "",
        value: "412".to_owned(),
        role,
        stroke,
        points: (0..minutes)
            .map(|minute| {
                let noise = f64::from(minute.wrapping_mul(40_503) % 64);
                Some(height + 180.0 * (f64::from(minute) / 23.0).sin() + noise)
            })
            .collect(),
    };
    let end = Minute(29_700_000);
    Chart {
        title: "orders: reads, units/s".to_owned(),
        short_title: "",
        unit: Unit::Count,
        window: Window::ending(end, minutes.into()),
        utc_offset: ddbtop::model::local::UtcOffset::ZERO,
        lines: vec![
            line("consumed", Role::Line1, Stroke::Solid, 420.0),
            line("by-customer", Role::Line2, Stroke::Dashed, 240.0),
        ],
        least_top: None,
        levels: vec![Level { label: "provisioned 700".to_owned(), short: "", value: 700.0 }],
        events: vec![],
        marked: None,
        settled_through: Some(end.plus(-4)),
        cursor: None,
        note: None,
        focused: false,
    }
}

/// Paints one chart into a buffer that is reset each time.
fn charts(criterion: &mut Criterion, theme: &Theme) {
    let area = Rect::new(0, 0, 90, 16);
    let mut buffer = Buffer::empty(area);
    let mut group = criterion.benchmark_group("chart");
    for minutes in [180, 1_440] {
        let chart = chart(minutes);
        group.bench_function(format!("{minutes} points x 2 at 90x16"), |bencher| {
            bencher.iter(|| {
                buffer.reset();
                draw_chart(black_box(&chart), Marker::Braille, theme, area, &mut buffer);
            });
        });
    }
    group.finish();
}

/// Paints a table with its indexes, of which a day is known.
fn table_pane(criterion: &mut Criterion, theme: &Theme) {
    let (updates, now) = updates(20, Some(Resource::table("payments")));
    let mut app = app(now);
    app.handle(Msg::Updates(updates.clone()), now);
    for key in [Key::Enter, Key::Home, Key::Char('-'), Key::Char('-'), Key::Char('-')] {
        app.handle(Msg::Key(key), now);
    }
    // Now that it is open, its whole day is kept.
    app.handle(Msg::Updates(updates), now);
    let mut buffer = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
    paint(&app, now, theme, &mut buffer);
    let text: String = buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect();
    assert!(text.contains("latency p99") && text.contains("last 24 h"), "{text}");
    let mut group = criterion.benchmark_group("Table pane, 24 h");
    group.bench_function("screen", |bencher| bencher.iter(|| black_box(app.screen(now))));
    group.bench_function("screen painted at 200x50", |bencher| {
        bencher.iter(|| paint(&app, now, theme, &mut buffer));
    });
    group.finish();
}

/// As many events as are kept, all of them about one table and its alarm.
fn events(now: Timestamp) -> Vec<Event> {
    let table = Resource::table("payments");
    let event = |number: u32| {
        let (from, to) = (f64::from(number % 7 + 1), f64::from(number % 5 + 1));
        let change = Change::Capacity { direction: Direction::Write, from, to };
        let what = Happening::Table(TableChange { resource: table.clone(), change });
        Event { at: now - SignedDuration::from_secs(8 * i64::from(number)), what }
    };
    (0..10_000).map(event).collect()
}

/// A day of events: read, listed, moved through, and marked on the charts of their table.
fn timeline(criterion: &mut Criterion, theme: &Theme) {
    let (updates, now) = updates(20, Some(Resource::table("payments")));
    let scope = updates.first().unwrap().scope.clone();
    let mut app = app(now);
    app.handle(Msg::Updates(updates), now);
    let news = News::Events(events(now));
    app.handle(Msg::Updates(vec![Update { scope, at: now, news }]), now);
    let mut buffer = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
    let mut group = criterion.benchmark_group("10,000 events");
    for key in [Key::Enter, Key::Home, Key::Char('-'), Key::Char('-'), Key::Char('-')] {
        app.handle(Msg::Key(key), now);
    }
    group.bench_function("Table pane, 24 h, painted", |bencher| {
        bencher.iter(|| paint(&app, now, theme, &mut buffer));
    });
    app.handle(Msg::Key(Key::Char('7')), now);
    group.bench_function("Timeline, news taken in", |bencher| {
        bencher.iter(|| app.handle(Msg::Updates(vec![]), now));
    });
    group.bench_function("Timeline, painted", |bencher| {
        bencher.iter(|| paint(&app, now, theme, &mut buffer));
    });
    group.bench_function("Timeline, keys j k, painted twice", |bencher| {
        bencher.iter(|| {
            for key in ['j', 'k'] {
                app.handle(Msg::Key(Key::Char(key)), now);
                paint(&app, now, theme, &mut buffer);
            }
        });
    });
    group.finish();
}

/// An alarm on the throttle events of one of the tables; every tenth is in `ALARM`.
fn alarm(number: usize, since: Timestamp) -> Alarm {
    let table: Arc<str> = Arc::from(format!("table-{:04}", number % TABLES));
    Alarm {
        name: Arc::from(format!("{table}-throttled-{number}")),
        arn: Arc::from(format!("arn:aws:cloudwatch:us-east-1:123456789012:alarm:{number}")),
        description: None,
        state: if number.is_multiple_of(10) { AlarmState::Alarm } else { AlarmState::Ok },
        since: Some(since),
        configured: None,
        reason: Arc::from("Threshold Crossed"),
        actions: Actions { enabled: true, alarm: vec![Arc::from("oncall")], ..Actions::default() },
        kind: AlarmKind::Metric(Box::new(MetricAlarm {
            source: Source::Metric(MetricStat {
                namespace: Arc::from("AWS/DynamoDB"),
                metric: Arc::from("WriteThrottleEvents"),
                dimensions: vec![(Arc::from("TableName"), table)],
                statistic: Arc::from("Sum"),
                period_seconds: 60,
                unit: None,
            }),
            comparison: Comparison::Greater,
            threshold: Some(0.0),
            evaluation_periods: 5,
            datapoints_to_alarm: Some(3),
            missing_data: None,
            low_samples: None,
            evaluation_state: None,
        })),
    }
}

/// What so many alarms cost beside the tables: judged each minute, and a key on their pane.
fn alarms_pane(criterion: &mut Criterion, mut app: App, now: Timestamp, theme: &Theme) {
    const ALARMS: usize = 2_000;
    let Some(scope) = app.store().scopes().next().cloned() else { return };
    let alarms: Vec<Alarm> = (0..ALARMS).map(|number| alarm(number, now)).collect();
    let update = Update { scope, at: now, news: News::Alarms(Ok(alarms)) };
    app.handle(Msg::Updates(vec![update.clone()]), now);
    app.handle(Msg::Key(Key::Char('6')), now);
    let mut buffer = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
    paint(&app, now, theme, &mut buffer);
    let text: String = buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect();
    assert!(text.contains("200 in ALARM"), "{text}");
    let mut group = criterion.benchmark_group("2,000 alarms");
    group.bench_function("news of alarms judged", |bencher| {
        let again = || vec![update.clone()];
        bencher.iter_batched(
            again,
            |updates| app.handle(Msg::Updates(updates), now),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("screen", |bencher| bencher.iter(|| black_box(app.screen(now))));
    for (name, keys) in [("j k", ['j', 'k']), ("! !", ['!', '!'])] {
        group.bench_function(format!("keys {name}, painted twice"), |bencher| {
            bencher.iter(|| {
                for key in keys {
                    app.handle(Msg::Key(Key::Char(key)), now);
                    paint(&app, now, theme, &mut buffer);
                }
            });
        });
    }
    group.finish();
}

fn main() {
    let (updates, now) = updates(TABLES, None);
    let theme = Themes::load(None).unwrap().get(DEFAULT).unwrap().theme().clone();
    let mut buffer = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
    let mut filled = app(now);
    filled.handle(Msg::Updates(updates.clone()), now);

    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let mut group = criterion.benchmark_group("5,000 tables");
    group.bench_function("first hour applied and judged", |bencher| {
        let take_in = |(mut app, updates): (App, Vec<Update>)| {
            app.handle(Msg::Updates(updates), now);
            app
        };
        bencher.iter_batched(|| (app(now), updates.clone()), take_in, BatchSize::PerIteration);
    });
    group.bench_function("judged", |bencher| {
        bencher.iter(|| filled.handle(Msg::Updates(vec![]), now));
    });
    group.bench_function("screen", |bencher| bencher.iter(|| black_box(filled.screen(now))));
    group.bench_function("screen painted at 200x50", |bencher| {
        bencher.iter(|| paint(&filled, now, &theme, &mut buffer));
    });
    for (name, keys) in [("j k", ['j', 'k']), ("S S", ['S', 'S'])] {
        group.bench_function(format!("keys {name}, painted twice"), |bencher| {
            bencher.iter(|| {
                for key in keys {
                    filled.handle(Msg::Key(Key::Char(key)), now);
                    paint(&filled, now, &theme, &mut buffer);
                }
            });
        });
    }
    group.finish();
    charts(&mut criterion, &theme);
    table_pane(&mut criterion, &theme);
    timeline(&mut criterion, &theme);
    alarms_pane(&mut criterion, filled, now, &theme);
    criterion.final_summary();
}
