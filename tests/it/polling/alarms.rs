//! Alarms and what else surrounds the tables, counted at the simulator's door.

use super::*;
use ddbtop::model::event::Happening;
use ddbtop_sim::fault::{Effect, Fault};
use ddbtop_sim::wire::Service;

/// Three quiet tables and an alarm on one of them.
fn watched() -> World {
    quiet_and(
        3,
        "[[alarm]]\nname = \"reads\"\nmetric = \"ConsumedReadCapacityUnits\"\n\
         dimensions = { TableName = \"table-001\" }\nevaluation_periods = 3\nthreshold = 100000\n",
    )
}

fn open_alarm(bench: &Bench, name: Option<&str>) {
    bench.interest.send_modify(|interest| interest.alarm = name.map(Arc::from));
}

#[tokio::test(start_paused = true)]
async fn the_price_of_an_open_alarm_is_shown_as_it_is_counted() {
    let mut bench = Bench::start(watched(), Settings::default());
    bench.pass(2 * MINUTE).await;
    open_alarm(&bench, Some("reads"));
    bench.pass(8 * MINUTE).await;
    bench.world.reset_ledger();
    let mut updates = vec![];
    for _ in 0..3 {
        bench.press_a_key();
        updates = bench.pass(20 * MINUTE).await;
    }
    let counted: usize = bench.world.ledger().iter().map(|call| call.metrics_requested).sum();
    // Sentinels of three tables, three indexes and the account, and the alarm's own metric.
    assert_eq!(counted, 60 * (25 + 1));
    let usd = (counted + bench.count("ListMetrics")) as f64 / 100_000.0;
    let shown = last_cost(&updates).usd_per_hour;
    assert!((shown - usd).abs() < 1e-9, "{shown} shown, {usd} counted");
}

#[tokio::test(start_paused = true)]
async fn an_opened_alarm_shows_three_hours_at_once() {
    let mut bench = Bench::start(watched(), Settings::default());
    bench.pass(2 * MINUTE + 30).await;
    open_alarm(&bench, Some("reads"));
    let updates = bench.pass(1).await;
    let data = updates.iter().find_map(|update| {
        let News::AlarmData(name, Ok(data)) = &update.news else { return None };
        (&**name == "reads").then_some(data)
    });
    let data = data.unwrap();
    assert_eq!((data.period_seconds, data.window.minutes()), (60, 180));
    assert!((170..=180).contains(&data.points.len()), "{} points", data.points.len());
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_alarms_is_told_with_what_happened() {
    let mut bench = Bench::start(world("alarm-storm", None), Settings::default());
    let updates = bench.pass(10).await;
    let alarms = updates.iter().find_map(|update| {
        let News::Alarms(Ok(alarms)) = &update.news else { return None };
        Some(alarms)
    });
    let alarms = alarms.unwrap();
    assert!(alarms.iter().any(|alarm| alarm.composite().is_some()), "{alarms:#?}");
    assert!(alarms.iter().any(|alarm| alarm.since.is_some()));
    let mut changes = 0;
    for update in &updates {
        let News::Events(events) = &update.news else { continue };
        changes += events.iter().filter(|event| matches!(event.what, Happening::Alarm(_))).count();
    }
    assert!(changes > 0);
}

#[tokio::test(start_paused = true)]
async fn a_denied_history_keeps_its_name_and_hinders_nothing() {
    let mut bench = Bench::start(watched(), Settings::default());
    let deny = Fault::on(Service::CloudWatch, Effect::Deny).operation("DescribeAlarmHistory");
    bench.world.faults().inject(deny);
    let updates = bench.pass(10 * MINUTE).await;
    let failed = rounds(&updates, Poller::AlarmHistory);
    assert_eq!(failed.len(), 1, "and is not asked for soon again");
    let error = failed[0].outcome.error().unwrap();
    assert_eq!(error.to_string(), "no permission: cloudwatch:DescribeAlarmHistory");
    assert_eq!(rounds(&updates, Poller::Alarms).len(), 10);
    assert!(rounds(&updates, Poller::Metrics).iter().all(|r| r.outcome == Outcome::Complete));
}
