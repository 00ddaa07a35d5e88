//! Where the changes of tables go, counted at the simulator's door.

use super::*;

/// Three quiet tables; a function reads the streams of two more, another reads one of them and fails, the
/// first has a replica and its changes go to Kinesis.
fn flowing() -> World {
    let table = |name: &str, more: &str| {
        format!(
            "[[table]]\nname = \"{name}\"\nkey_schema = [\"id\"]\nstream = true\n{more}\
             [[table.traffic]]\noperation = \"PutItem\"\nrate = 20\n"
        )
    };
    let reader = "[[table.consumer]]\nfunction = \"reader\"\n";
    let failing = "[[table.consumer]]\nfunction = \"failing\"\n\
                   [[table.consumer.failure]]\nat = -30\nkind = \"errors\"\n";
    let first =
        format!("replicas = [\"eu-west-1\"]\nkinesis = {{ stream = \"lake\" }}\n{reader}{failing}");
    quiet_and(3, &(table("first", &first) + &table("second", reader)))
}

/// The queries of each kind in the calls of the last minute.
fn counted(bench: &Bench) -> usize {
    bench.world.ledger().iter().map(|call| call.metrics_requested).sum()
}

#[tokio::test(start_paused = true)]
async fn the_price_of_what_reads_streams_and_of_replicas_is_shown_as_it_is_counted() {
    let mut bench = Bench::start(flowing(), Settings::default());
    bench.pass(10 * MINUTE).await;
    bench.world.reset_ledger();
    let mut updates = vec![];
    for _ in 0..3 {
        bench.press_a_key();
        updates = bench.pass(20 * MINUTE).await;
    }
    // Sentinels of three tables with an index each, of two more and of the account; two ages, one of which
    // is kept with two functions in doubt: their errors and throttles; and one replica.
    assert_eq!(counted(&bench), 60 * (25 + 8 + 2 + 4 + 1));
    let usd = (counted(&bench) + bench.count("ListMetrics")) as f64 / 100_000.0;
    let shown = last_cost(&updates).usd_per_hour;
    assert!((shown - usd).abs() < 1e-9, "{shown} shown, {usd} counted");
}

#[tokio::test(start_paused = true)]
async fn the_open_table_is_asked_where_its_changes_go_and_then_how_that_fares() {
    let mut bench = Bench::start(flowing(), Settings::default());
    bench.pass(2 * MINUTE).await;
    assert_eq!(bench.count("DescribeKinesisStreamingDestination"), 0);
    bench.open(Some(Resource::table("first")));
    let mut updates = bench.pass(2 * MINUTE).await;
    updates.extend(bench.pass(10 * MINUTE).await);
    assert_eq!(bench.count("DescribeKinesisStreamingDestination"), 1, "every quarter of an hour");
    let streaming = updates.iter().find_map(|update| {
        let News::Kinesis(_, Ok(streaming)) = &update.news else { return None };
        Some(streaming.clone())
    });
    let operation = streaming.unwrap().operation.unwrap();
    let first: Arc<str> = Arc::from("first");
    let age = SeriesKey::outflow(&first, Metric::AgeOfOldestUnreplicatedRecord, &operation);
    let read = windows(&updates, &age);
    assert_eq!(read.first().map(|window| window.minutes()), Some(1_440), "a day back at first");
    assert!((2..=4).contains(&read.len()), "every five minutes: {read:?}");
    bench.open(Some(Resource::table("table-001")));
    let updates = bench.pass(3 * MINUTE).await;
    let other = updates.iter().find_map(|update| {
        let News::Kinesis(name, Ok(streaming)) = &update.news else { return None };
        Some((name.clone(), streaming.destinations.len()))
    });
    assert_eq!(other, Some((Arc::from("table-001"), 0)));
    assert_eq!(windows(&updates, &age), [], "no longer");
}

#[tokio::test(start_paused = true)]
async fn one_look_at_everything_knows_how_far_functions_and_replicas_are_behind() {
    for (scenario, minutes) in [("stream-lag", 30.0..45.0), ("replica-lag", 8.0..16.0)] {
        let world = world(scenario, None);
        let clock = started(&world, 1.0);
        let interest = Interest { last_key: clock.now(), ..Interest::default() };
        let settings = Settings::default();
        let updates = once(connection(&world, &clock), clock.clone(), settings, interest).await;
        let mut store = Store::new(store::Settings::default());
        for update in updates {
            store.apply(update);
        }
        let scope = store.scopes().next().unwrap();
        let reading = store.reading(scope, clock.now());
        let consumers = reading.consumers().value().unwrap().iter();
        let mut lags: Vec<Figure> = consumers.map(|one| reading.iterator_age(one)).collect();
        let (carts, region): (Arc<str>, Arc<str>) =
            (Arc::from("carts"), Arc::from("ap-southeast-2"));
        lags.push(reading.replication_latency(&carts, &region));
        let most = lags.iter().filter_map(|lag| lag.value()).fold(0.0, f64::max) / 60_000.0;
        assert!(minutes.contains(&most), "{scenario}: {most} minutes, {lags:?}");
        let calls = world.ledger();
        let read: Vec<_> = calls.iter().filter(|call| call.operation == "GetMetricData").collect();
        assert!(read.len() <= 4, "{scenario}: {} calls", read.len());
    }
}

#[tokio::test(start_paused = true)]
async fn consumers_that_may_not_be_listed_are_no_hindrance() {
    use ddbtop_sim::fault::{Effect, Fault};
    use ddbtop_sim::wire::Service;
    let world = flowing();
    world.faults().inject(Fault::on(Service::Lambda, Effect::Deny));
    let mut bench = Bench::start(world, Settings::default());
    let updates = bench.pass(5 * MINUTE).await;
    assert!(rounds(&updates, Poller::Metrics).iter().all(|r| r.outcome == Outcome::Complete));
    let failed = rounds(&updates, Poller::Consumers);
    assert_eq!(failed.len(), 1, "and is not asked for soon again");
}
