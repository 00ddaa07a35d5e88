//! What is read of the table that is open, and in which order everything is read.

use super::*;
use ddbtop::model::health::CallError;
use ddbtop::model::metric::Statistic;
use ddbtop_sim::fault::{Effect, Fault};
use ddbtop_sim::wire::Service;

/// The queries and billed metrics that read an open table of [`quiet`] and its index in full.
const OPEN: (usize, usize) = (20 + 14, 18 + 14);

/// The calls of `GetMetricData`: how many queries each had, and how many metrics were billed.
fn readings(bench: &Bench) -> Vec<(usize, usize)> {
    let ledger = bench.world.ledger();
    let calls = ledger.iter().filter(|call| call.operation == "GetMetricData");
    calls
        .map(|call| {
            assert!(!call.continued, "a reply that did not fit one page");
            (call.queries, call.metrics_requested)
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn opening_a_table_reads_a_day_of_it_and_of_its_indexes_at_once() {
    let mut bench = Bench::start(quiet(3), Settings::default());
    bench.pass(5 * MINUTE + 30).await;
    bench.world.reset_ledger();
    bench.open(Some(Resource::index("table-001", "GSI1")));
    let updates = bench.pass(1).await;
    // Of the table: four sentinels, eight reasons, three statistics of latency that are billed as one, errors,
    // failed conditions, conflicts, provisioned capacity twice. Of the index: sentinels, reasons,
    // provisioned capacity.
    assert_eq!(readings(&bench), [OPEN]);
    let now = Minute::containing(bench.clock.now());
    let (table, index) = (Resource::table("table-001"), Resource::index("table-001", "GSI1"));
    let latency = SeriesKey {
        resource: table.clone(),
        metric: Metric::SuccessfulRequestLatency,
        operation: Some("GetItem".into()),
        statistic: Statistic::P50,
    };
    let provisioned = SeriesKey::provisioned(index, Direction::Write);
    for key in [&sentinel("table-001"), &latency, &provisioned] {
        assert_eq!(windows(&updates, key), [Window::ending(now, 1_440)], "{key:?}");
        let read = updates.iter().find_map(|update| {
            let News::Points(points) = &update.news else { return None };
            points.series.iter().find(|(read, _)| read == key)
        });
        let points = read.unwrap().1.len();
        let every = if *key == provisioned { 5 } else { 1 };
        assert!((1_400..=1_440).contains(&(points * every)), "{key:?}: {points} points");
    }
    let later = bench.pass(5 * MINUTE).await;
    let lengths: BTreeSet<i64> =
        windows(&later, &sentinel("table-001")).iter().map(|window| window.minutes()).collect();
    assert_eq!(lengths, BTreeSet::from([5]), "incremental afterwards");
    assert_eq!(windows(&later, &provisioned).len(), 1, "published every five minutes");
}

#[tokio::test(start_paused = true)]
async fn a_history_comes_in_calls_whose_replies_fit_a_page() {
    let mut bench = Bench::start(world("incident", None), Settings::default());
    bench.pass(2 * MINUTE + 40).await;
    bench.world.reset_ledger();
    bench.open(Some(Resource::table("orders")));
    bench.pass(1).await;
    let calls = readings(&bench);
    assert!(calls.len() >= 2 && calls.iter().all(|(queries, _)| *queries <= 70), "{calls:?}");
}

#[tokio::test(start_paused = true)]
async fn the_price_of_an_open_table_is_shown_as_it_is_counted() {
    let mut bench = Bench::start(quiet(3), Settings::default());
    bench.open(Some(Resource::table("table-001")));
    bench.pass(10 * MINUTE).await;
    bench.world.reset_ledger();
    let mut updates = vec![];
    for _ in 0..3 {
        bench.press_a_key();
        updates = bench.pass(20 * MINUTE).await;
    }
    let counted: usize = bench.world.ledger().iter().map(|call| call.metrics_requested).sum();
    // Sentinels of six and the account; sixteen reasons, three details, conflicts; and four
    // metrics every five minutes.
    assert_eq!(counted, 60 * (25 + 16 + 3 + 1) + 12 * 4);
    let usd = (counted + bench.count("ListMetrics")) as f64 / 100_000.0;
    let shown = last_cost(&updates).usd_per_hour;
    assert!((shown - usd).abs() < 1e-9, "{shown} shown, {usd} counted");
}

#[tokio::test(start_paused = true)]
async fn what_only_an_open_table_shows_is_read_when_it_opens_and_every_quarter_of_an_hour() {
    let mut bench = Bench::start(quiet(3), Settings::default());
    bench.pass(MINUTE).await;
    let counts =
        |bench: &Bench| ["DescribeTimeToLive", "DescribeContinuousBackups"].map(|o| bench.count(o));
    assert_eq!(counts(&bench), [0, 0]);
    let denied = Fault::on(Service::DynamoDb, Effect::Deny).operation("DescribeTimeToLive");
    bench.world.faults().inject(denied.count(1));
    bench.open(Some(Resource::table("table-001")));
    let updates = bench.pass(1).await;
    assert_eq!(counts(&bench), [1, 1]);
    let told = |update: &Update| {
        let News::TimeToLive(_, Err(CallError { class, action, .. })) = &update.news else {
            return None;
        };
        Some((*class, *action))
    };
    let expected = (ErrorClass::Denied, "dynamodb:DescribeTimeToLive");
    assert_eq!(updates.iter().find_map(told), Some(expected));
    assert!(updates.iter().any(|update| matches!(update.news, News::Backups(_, Ok(_)))));
    bench.refresh.notify_one();
    bench.pass(14 * MINUTE).await;
    assert_eq!(counts(&bench), [1, 1], "not twice in a minute, not before its turn");
    bench.pass(2 * MINUTE).await;
    assert_eq!(counts(&bench), [2, 2]);
    bench.pass(MINUTE).await;
    bench.refresh.notify_one();
    bench.pass(2).await;
    assert_eq!(counts(&bench), [3, 3], "on demand");
    bench.open(None);
    bench.pass(40 * MINUTE).await;
    assert_eq!(counts(&bench), [3, 3]);
}

#[tokio::test(start_paused = true)]
async fn what_is_looked_at_is_read_before_the_rest_of_a_large_fleet() {
    let world = world("calm", Some(2_000));
    let slow = Fault::on(Service::CloudWatch, Effect::Latency(0.4)).operation("GetMetricData");
    world.faults().inject(slow);
    let mut bench = Bench::start(world, Settings::default());
    let updates = bench.pass(0).await;
    assert!(updates.is_empty());
    let mut names: Vec<Arc<str>> = vec![];
    while names.is_empty() {
        let update = bench.updates.recv().await.unwrap();
        if let News::TableNames(listed) = update.news {
            names = listed;
        }
    }
    let shown: Vec<&str> = names[1_900..1_930].iter().map(|name| &**name).collect();
    bench.show(&shown);
    bench.open(Some(Resource::table(&names[1_000])));
    // The first four calls are under way; the next four begin with what is looked at.
    let updates = bench.pass(1).await;
    for name in shown.iter().copied().chain([&*names[1_000]]) {
        assert!(!windows(&updates, &sentinel(name)).is_empty(), "{name} waits");
    }
    let read = names.iter().filter(|name| !windows(&updates, &sentinel(name)).is_empty()).count();
    assert!(read < names.len() / 2, "{read} of them were read at once");
}

#[tokio::test(start_paused = true)]
async fn metrics_that_aws_refused_to_read_are_not_counted_as_cost() {
    for effect in [Effect::Throttle, Effect::Deny, Effect::ExpiredCredentials] {
        let world = quiet(3);
        world.faults().inject(Fault::on(Service::CloudWatch, effect));
        let mut bench = Bench::start(world, Settings::default());
        let updates = bench.pass(5 * MINUTE).await;
        assert_eq!(last_cost(&updates).metrics, 0, "{effect:?}");
        assert!(bench.count("GetMetricData") > 0);
    }
}

#[tokio::test(start_paused = true)]
async fn what_reading_everything_now_takes_is_known_before_it_is_read() {
    let mut bench = Bench::start(quiet(3), Settings::default());
    bench.pass(2 * MINUTE).await;
    for open in [None, Some(Resource::table("table-001")), None] {
        bench.open(open.clone());
        let cost = last_cost(&bench.pass(3 * MINUTE).await);
        // At the full second of a minute no cycle has come yet.
        bench.world.reset_ledger();
        bench.refresh.notify_one();
        bench.pass(1).await;
        let counted: usize = bench.world.ledger().iter().map(|call| call.metrics_requested).sum();
        assert_eq!(cost.reading_metrics, counted as u64, "{open:?}");
        let usd = (counted + bench.count("ListMetrics")) as f64 / 100_000.0;
        assert!((cost.reading_usd - usd).abs() < 1e-9, "{} of {usd}", cost.reading_usd);
    }
}

fn take_in(store: &mut Store, updates: Vec<Update>) {
    for update in updates {
        store.apply(update);
    }
}

/// Minutes with a data point that are kept of the consumption of a table.
fn kept(bench: &Bench, store: &Store, table: &str) -> usize {
    let scope = store.scopes().next().unwrap();
    let reading = store.reading(scope, bench.clock.now());
    let series = reading.series(&sentinel(table)).unwrap();
    series.points().filter(|(_, point)| point.value().is_some()).count()
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_opened_again_costs_only_what_the_store_does_not_hold() {
    let mut bench = Bench::start(quiet(3), Settings::default());
    let mut store = Store::new(store::Settings::default());
    take_in(&mut store, bench.pass(5 * MINUTE + 30).await);
    let table = Resource::table("table-001");
    let scope = store.scopes().next().unwrap().clone();
    store.open(scope, table.clone());
    bench.open(Some(table.clone()));
    take_in(&mut store, bench.pass(1).await);
    assert!(kept(&bench, &store, "table-001") > 1_400);
    bench.world.reset_ledger();
    for _ in 0..5 {
        bench.open(None);
        take_in(&mut store, bench.pass(1).await);
        bench.open(Some(Resource::index("table-001", "GSI1")));
        take_in(&mut store, bench.pass(1).await);
    }
    assert_eq!(readings(&bench), [], "nothing twice in a minute");

    for minutes in [3, 50] {
        bench.open(None);
        take_in(&mut store, bench.pass(minutes * MINUTE).await);
        bench.world.reset_ledger();
        bench.open(Some(table.clone()));
        let updates = bench.pass(MINUTE).await;
        let reason = Metric::ThrottleEventsBy(Direction::Write, Limit::KeyRange);
        let read = windows(&updates, &SeriesKey::sum(table.clone(), reason));
        assert!(read.iter().all(|window| window.minutes() < 90), "{minutes}: {read:?}");
        assert!(!read.is_empty(), "what was not read meanwhile is");
        take_in(&mut store, updates);
        assert!(kept(&bench, &store, "table-001") > 1_400, "after {minutes} minutes");
    }
}

#[tokio::test(start_paused = true)]
async fn who_leafs_to_and_fro_pays_for_a_history_once_a_minute() {
    let mut bench = Bench::start(quiet(3), Settings::default());
    bench.pass(5 * MINUTE + 30).await;
    bench.world.reset_ledger();
    for _ in 0..3 {
        for table in ["table-001", "table-002"] {
            bench.open(Some(Resource::table(table)));
            bench.pass(1).await;
        }
    }
    assert_eq!(readings(&bench), [OPEN, OPEN]);
    bench.open(Some(Resource::table("table-001")));
    let updates = bench.pass(MINUTE).await;
    let lengths = windows(&updates, &sentinel("table-001")).into_iter().map(Window::minutes);
    assert_eq!(lengths.collect::<Vec<_>>(), [1_440], "and gets it with the next cycle");
}
