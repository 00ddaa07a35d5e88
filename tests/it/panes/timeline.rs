//! The Timeline pane: what it says, and how the time cursor goes along.

use super::{SIZES, compare};
use crate::journeys::press;
use crate::screens::events::{ago, at_maximum, eventful, events, goes};
use crate::screens::stores::{Fleet, calm, denied, now, options, trouble};
use ddbtop::app::{App, Effect, Msg};
use ddbtop::model::alarm::AlarmState;
use ddbtop::model::event::{Event, Happening};
use ddbtop::model::health::{Outcome, Poller};
use ddbtop::model::id::Scope;
use ddbtop::model::time::Minute;
use ddbtop::model::update::{News, Update};
use ddbtop::report::snapshot::text;
use ddbtop::tune::audit::Journal;
use ddbtop::view::chart::{Chart, Mark};
use ddbtop::view::{Body, Charset};
use jiff::SignedDuration;

fn shown(app: &App) -> String {
    text(&app.screen(now()), 200, 50)
}

fn charts(app: &App) -> Vec<Chart> {
    match app.screen(now()).body {
        Body::Table(pane) => pane.charts,
        Body::List(list) => list.detail.map(|detail| detail.charts).unwrap_or_default(),
        Body::Dax(pane) => pane.charts,
        Body::HotKeys(_) | Body::Chart(_) | Body::Words(_) | Body::Message(_) => vec![],
    }
}

/// The minutes on which the time cursor stands in the charts on screen.
fn cursors(app: &App) -> Vec<Minute> {
    let mut cursors: Vec<Minute> = charts(app).iter().filter_map(|chart| chart.cursor).collect();
    cursors.dedup();
    cursors
}

/// The line of the selected row.
fn selected(app: &App) -> String {
    let shown = shown(app);
    shown.lines().find(|line| line.starts_with('▶')).unwrap_or_default().to_owned()
}

fn rows(app: &App) -> usize {
    let Body::List(list) = app.screen(now()).body else { return 0 };
    list.rows.len()
}

fn minutes_ago(minutes: i64, seconds: i64) -> Minute {
    Minute::containing(ago(minutes, seconds))
}

#[test]
fn what_happened_is_told_newest_first() {
    compare("timeline", eventful, "7");
}

#[test]
fn an_alarm_stands_with_its_reason_and_the_chart_it_watches() {
    compare("timeline_alarm", eventful, "7jjjj");
}

#[test]
fn everything_is_told_in_words() {
    compare("timeline_words", eventful, "7d");
}

#[test]
fn nothing_happened() {
    compare("timeline_empty", calm, "7");
}

fn without_activities() -> Fleet {
    let mut fleet = eventful();
    let action = "application-autoscaling:DescribeScalingActivities";
    fleet.round(Poller::Activities, -5, Outcome::Failed(denied(action)));
    fleet
}

#[test]
fn what_is_denied_is_missing_and_the_rest_is_whole() {
    compare("timeline_denied", without_activities, "7j");
    let mut fleet = trouble();
    let action = "application-autoscaling:DescribeScalingActivities";
    fleet.round(Poller::Activities, -5, Outcome::Failed(denied(action)));
    let mut app = fleet.app(200, 50);
    press(&mut app, "7");
    assert_eq!(rows(&app), 3, "the outage itself, and what throttles: {}", shown(&app));
}

#[test]
fn ascii_is_enough_and_no_size_is_too_small() {
    for keys in ["7", "7d", "7z", "7/nothing"] {
        for (width, height) in SIZES {
            let mut app = App::new(ddbtop::app::Options { charset: Charset::Ascii, ..options() });
            app.handle(Msg::Resize(width, height), now());
            app.handle(Msg::Updates(eventful().updates()), now());
            press(&mut app, keys);
            let shown = text(&app.screen(now()), width, height);
            assert!(shown.is_ascii(), "{shown}");
        }
        let mut app = eventful().app(1, 1);
        press(&mut app, keys);
        for (width, height) in (1..=210).step_by(9).zip((1..=60).cycle()) {
            app.handle(Msg::Resize(width, height), now());
            let shown = text(&app.screen(now()), width, height);
            assert_eq!(shown.lines().count(), usize::from(height));
        }
    }
}

#[test]
fn moving_through_events_moves_the_time_cursor_of_all_charts() {
    let mut app = eventful().app(200, 50);
    press(&mut app, "7");
    assert_eq!(cursors(&app), [], "nothing is pointed at yet");
    press(&mut app, "jjjj");
    assert!(selected(&app).contains("orders-by-status-write-throttles"), "{}", shown(&app));
    assert_eq!(cursors(&app), [minutes_ago(22, 10)]);
    press(&mut app, "2");
    assert_eq!(cursors(&app), [minutes_ago(22, 10)]);
    press(&mut app, "1");
    assert_eq!(cursors(&app), [minutes_ago(22, 10)]);
    press(&mut app, "<Esc>");
    assert_eq!(cursors(&app), []);
}

#[test]
fn stepping_the_time_cursor_selects_what_happened_nearest() {
    let mut app = eventful().app(200, 50);
    press(&mut app, "7jjj");
    assert!(selected(&app).contains("1,500 -> 2,000") || selected(&app).contains("-> 2,000"));
    press(&mut app, "[");
    assert_eq!(cursors(&app), [minutes_ago(19, 20).plus(-1)]);
    assert!(selected(&app).contains("-> 2,000"), "it is no nearer to another: {}", shown(&app));
    press(&mut app, "[[");
    assert!(selected(&app).contains("write-throttles"), "{}", shown(&app));
    press(&mut app, "]]]");
    assert!(selected(&app).contains("-> 2,000"), "{}", shown(&app));
}

#[test]
fn where_throttling_began_is_a_row_that_opens_its_table() {
    let mut app = eventful().app(200, 50);
    press(&mut app, "7jj");
    let told = "read throttling began: TableReadProvisionedThroughputExceeded";
    assert!(selected(&app).contains("throttle payments "), "{}", shown(&app));
    assert!(selected(&app).contains(told), "{}", shown(&app));
    assert!(shown(&app).contains("in settled minutes of ReadThrottleEvents"), "{}", shown(&app));
    press(&mut app, "<Enter>");
    assert!(shown(&app).contains("2 payments"), "{}", shown(&app));
}

#[test]
fn the_timeline_opens_where_the_time_cursor_stands() {
    let mut app = eventful().app(200, 50);
    press(&mut app, "2");
    let steps = "[".repeat(20);
    press(&mut app, &steps);
    let at = cursors(&app);
    press(&mut app, "7");
    assert!(selected(&app).contains("write-throttles"), "{}", shown(&app));
    assert_eq!(cursors(&app), at, "it stays where it was");
}

#[test]
fn enter_opens_what_an_event_is_about_at_its_minute_and_esc_comes_back() {
    let mut app = eventful().app(200, 50);
    press(&mut app, "7jjjj<Enter>");
    assert!(shown(&app).contains("2 orders/by-status"), "{}", shown(&app));
    assert_eq!(cursors(&app), [minutes_ago(22, 10)]);
    press(&mut app, "<Esc>");
    assert!(selected(&app).contains("write-throttles"), "{}", shown(&app));
    assert_eq!(cursors(&app), [minutes_ago(22, 10)]);
    press(&mut app, "gg<Enter><Esc>");
    assert!(selected(&app).contains("x5 since 11:58"), "{}", shown(&app));
    press(&mut app, "<Esc>");
    assert_eq!(cursors(&app), [], "then the time cursor goes");
    press(&mut app, "<Esc>");
    assert!(shown(&app).contains("VERDICT"), "then the pane: {}", shown(&app));
}

/// What was written to `orders` an hour before, as the journal of an earlier run has it.
fn journal() -> Journal {
    let line = concat!(
        r#"{"schema":1,"id":"w1","plan":"p1","at":"2026-11-22T11:00:00Z","#,
        r#""who":"arn:aws:iam::123456789012:user/me","partition":"aws","account":"123456789012","#,
        r#""region":"us-east-1","call":"dynamodb:UpdateTable","#,
        r#""before":{"kind":"capacity","resource":"table/orders","read":100,"write":50},"#,
        r#""after":{"kind":"capacity","resource":"table/orders","read":100,"write":75},"#,
        r#""step":"intent"}"#,
        "\n"
    );
    Journal::read(line.as_bytes())
}

#[test]
fn what_was_written_is_told_however_late_its_scope_is_heard_of() {
    let updates = calm().updates();
    let is_edit = |app: &App| shown(app).contains("edit") && shown(app).contains("orders");
    let mut app = App::new(options());
    app.handle(Msg::Resize(200, 50), now());
    app.handle(Msg::Journal(journal(), None), now());
    let [written] = &app.written_where_new(&updates, now())[..] else { panic!("of one scope") };
    assert!(matches!(&written.news, News::Events(events) if events.len() == 1), "{written:?}");
    app.handle(Msg::Updates(updates.clone()), now());
    press(&mut app, "7");
    assert!(is_edit(&app), "{}", shown(&app));
    assert_eq!(rows(&app), 1, "{}", shown(&app));
    assert_eq!(app.written_where_new(&updates, now()), [], "the scope is known");
    // A scope that is heard of later is no other.
    let elsewhere = Scope::new("aws", "123456789012", "eu-west-1");
    let later: Vec<Update> =
        updates.iter().map(|it| Update { scope: elsewhere.clone(), ..it.clone() }).collect();
    assert_eq!(app.written_where_new(&later, now()), [], "nothing was written there");
}

#[test]
fn an_old_event_brings_as_much_time_with_it_as_charts_need() {
    let mut app = eventful().app(200, 50);
    press(&mut app, "7G");
    assert!(selected(&app).contains("Nov 21 12:30"), "{}", shown(&app));
    assert!(shown(&app).contains("no data points of Nov 21 12:30 here"), "{}", shown(&app));
    press(&mut app, "<Enter>");
    assert!(shown(&app).contains("last 24 h"), "{}", shown(&app));
    assert_eq!(cursors(&app), [minutes_ago(23 * 60 + 33, 0)]);
}

#[test]
fn filters_look_through_kind_resource_and_words() {
    let cases = [
        ("/scaling<Enter>", 3),
        ("/throttling<Enter>", 2),
        ("/ORDERS<Enter>", 4),
        ("/orders !throttles<Enter>", 3),
        ("/by-ware<Enter>", 1),
        ("/\"billing mode\"<Enter>", 1),
        ("/billing<Esc>", 9),
        ("/pay<Enter>!", 2),
        ("!", 5),
        ("!!", 9),
        ("!<Esc>", 9),
        ("i", 10),
        ("ii", 9),
    ];
    for (keys, count) in cases {
        let mut app = eventful().app(200, 50);
        press(&mut app, &format!("7{keys}"));
        assert_eq!(rows(&app), count, "{keys}\n{}", shown(&app));
    }
    let mut app = eventful().app(80, 24);
    press(&mut app, "7/nothing<Enter>");
    let frame = text(&app.screen(now()), 80, 24);
    assert!(frame.contains("nothing matches nothing") && frame.contains("FILTER nothing"));
    press(&mut app, "<Esc>");
    assert!(text(&app.screen(now()), 80, 24).contains("x5 since 11:58"));
    press(&mut app, "!1");
    let frame = text(&app.screen(now()), 80, 24);
    assert!(!frame.contains("ONLY TROUBLE"), "each list has its own: {frame}");
}

#[test]
fn the_selection_stays_on_its_event_when_more_happens() {
    let told = |app: &mut App, at, what| {
        let scope = Scope::new("aws", "123456789012", "us-east-1");
        let news = News::Events(vec![Event { at, what }]);
        app.handle(Msg::Updates(vec![Update { scope, at: now(), news }]), now());
    };
    let new = || goes("new", AlarmState::Ok, AlarmState::Alarm);
    let mut app = eventful().app(200, 50);
    press(&mut app, "7");
    told(&mut app, ago(0, 5), new());
    assert!(selected(&app).contains("OK -> ALARM: new"), "the newest: {}", selected(&app));
    press(&mut app, "j");
    assert!(selected(&app).contains("x5 since 11:58"), "{}", selected(&app));
    told(&mut app, ago(0, 2), Happening::Scaling(at_maximum("payments", 9)));
    assert!(selected(&app).contains("x6 since 11:58"), "{}", selected(&app));
}

#[test]
fn a_frozen_timeline_waits() {
    let mut app = calm().app(200, 50);
    press(&mut app, "7f");
    app.handle(Msg::Updates(eventful().updates()), now());
    assert!(shown(&app).contains("nothing happened"), "{}", shown(&app));
    press(&mut app, "f");
    assert!(shown(&app).contains("x5 since 11:58"), "{}", shown(&app));
}

#[test]
fn a_row_is_copied_as_a_line_and_its_resource_as_an_arn() {
    let mut app = eventful().app(200, 50);
    press(&mut app, "7jjj");
    let line = "2026-11-22T11:44:00Z scaling orders write capacity -> 2000: write \
                utilization alarm high";
    assert_eq!(press(&mut app, "y"), [Effect::Copy(line.replace("2000", "2,000"))]);
    let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/orders";
    assert_eq!(press(&mut app, "Y"), [Effect::Copy(arn.to_owned())]);
    let mut app = without_activities().app(200, 50);
    press(&mut app, "7/cannot<Enter>");
    assert_eq!(press(&mut app, "Y"), []);
    assert!(shown(&app).contains("not about one table or index"), "{}", shown(&app));
}

#[test]
fn charts_everywhere_mark_what_happened() {
    let marks = |app: &App| -> Vec<(String, Mark)> {
        let charts = charts(app).into_iter();
        let marks = charts.flat_map(|chart| {
            let title = chart.title.clone();
            chart.events.into_iter().map(move |event| (title.clone(), event.mark))
        });
        marks.collect()
    };
    let mut app = eventful().app(200, 50);
    let alarm = ("write throttle events/min".to_owned(), Mark::Alarm);
    assert_eq!(marks(&app), std::slice::from_ref(&alarm), "in the strip of the list");
    press(&mut app, "<Enter>");
    assert_eq!(marks(&app), [alarm], "on the Table pane");
    press(&mut app, "k");
    assert_eq!(marks(&app), [("write units/s".to_owned(), Mark::Raised)]);
    press(&mut app, "1/payments<Enter>");
    let not_scaled = ("read units/s".to_owned(), Mark::NotScaled);
    assert_eq!(marks(&app), vec![not_scaled; 5]);
    let read = shown(&app);
    let axis = read.lines().find(|line| line.contains('#'));
    assert!(axis.is_some_and(|axis| axis.contains("####")), "{read}");
}

#[test]
fn ten_thousand_events_are_a_list_like_any_other() {
    let mut fleet = eventful();
    let many = (0..10_000).map(|number: i64| {
        let name = format!("alarm-{:03}", number % 500);
        let at = ago(30, 0) - SignedDuration::from_secs(8 * number);
        let (from, to) = if number / 500 % 2 == 0 {
            (AlarmState::Ok, AlarmState::Alarm)
        } else {
            (AlarmState::Alarm, AlarmState::Ok)
        };
        Event { at, what: goes(&name, from, to) }
    });
    fleet.tell(News::Events(many.collect()));
    let mut app = fleet.app(80, 24);
    press(&mut app, "7");
    let frame = text(&app.screen(now()), 80, 24);
    assert!(frame.contains("x5 since 11:58") && frame.contains("1-12 of 9,9"), "{frame}");
    press(&mut app, "Gkk<PgUp>");
    let frame = text(&app.screen(now()), 80, 24);
    assert!(frame.contains("▶! ") || frame.contains("▶  "), "{frame}");
    press(&mut app, "gg/alarm-007<Enter>");
    let frame = text(&app.screen(now()), 80, 24);
    assert!(frame.contains("OK -> ALARM: alarm-007"), "{frame}");
    assert!(events().len() < 20);
}
