//! The pollers against the simulated AWS, in virtual time: what they ask, counted at the
//! simulator's door, and what they make of its faults.

mod alarms;
mod dax;
mod faults;
mod first;
mod hot_keys;
mod open;
mod quotas;
mod streams;

use crate::support::sim::world;
use ddbtop::aws::{Connection, connect_simulated};
use ddbtop::clock::Clock;
use ddbtop::model::health::{Cost, ErrorClass, Outcome, Poller, Round, Slowed};
use ddbtop::model::id::Resource;
use ddbtop::model::metric::{Metric, SeriesKey};
use ddbtop::model::throttle::{Direction, Limit};
use ddbtop::model::time::{Figure, Minute, Window};
use ddbtop::model::update::{News, Update};
use ddbtop::poll::{Feed, Interest, Settings, once, run};
use ddbtop::store::{self, Store};
use ddbtop_sim::front::in_process::InProcess;
use ddbtop_sim::scenario::Scenario;
use ddbtop_sim::world::{Call, World, WorldOptions};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc, watch};

const MINUTE: u64 = 60;

/// A world of `tables` quiet tables, each with one index.
fn quiet(tables: usize) -> World {
    quiet_and(tables, "")
}

/// The same with more TOML.
fn quiet_and(tables: usize, more: &str) -> World {
    let mut toml = "start = \"2026-11-22T12:00:00Z\"\n".to_owned();
    for table in 0..tables {
        let _ = write!(
            toml,
            "[[table]]\nname = \"table-{table:03}\"\nkey_schema = [\"id\"]\nitems = 1000\n\
             gigabytes = 1\ncapacity.provisioned = {{ read = 1000, write = 1000 }}\n\
             [[table.traffic]]\noperation = \"GetItem\"\nrate = 50\nunits = 0.5\n\
             keys = {{ count = 1000, zipf = 0.1 }}\n\
             [[table.index]]\nname = \"GSI1\"\nkey_schema = [\"other\"]\n\
             capacity.provisioned = {{ read = 1000, write = 1000 }}\n"
        );
    }
    toml.push_str(more);
    let scenario = Scenario::parse("quiet", &toml).unwrap();
    World::new(&WorldOptions { scenario, seed: 1, tables: None })
}

fn started(world: &World, speed: f64) -> Clock {
    let origin = SignedDuration::from_secs_f64(world.start());
    Clock::simulated(Timestamp::from_duration(origin).unwrap(), speed)
}

fn connection(world: &World, clock: &Clock) -> Connection {
    let told = clock.clone();
    let now = Arc::new(move || told.now().as_duration().as_secs_f64());
    let http = InProcess::new(world.clone(), now);
    connect_simulated(http, &world.account().region, clock.clone())
}

/// A running engine on a world.
struct Bench {
    world: World,
    clock: Clock,
    interest: watch::Sender<Interest>,
    refresh: Arc<Notify>,
    updates: mpsc::Receiver<Update>,
    engine: tokio::task::JoinHandle<()>,
}

impl Bench {
    /// On a world that throttles whoever exceeds AWS's quotas.
    fn start(world: World, settings: Settings) -> Self {
        world.enforce_quotas();
        let clock = started(&world, 1.0);
        let last_key = clock.now();
        let (interest, watched) = watch::channel(Interest { last_key, ..Interest::default() });
        let refresh = Arc::new(Notify::new());
        let (out, updates) = mpsc::channel(100_000);
        let feed = Feed::new(watched, refresh.clone());
        let engine = run(connection(&world, &clock), clock.clone(), settings, feed, out);
        let engine = tokio::spawn(engine);
        Self { world, clock, interest, refresh, updates, engine }
    }

    /// Lets virtual seconds pass; what was told meanwhile.
    async fn pass(&mut self, seconds: u64) -> Vec<Update> {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        let mut updates = vec![];
        while let Ok(update) = self.updates.try_recv() {
            updates.push(update);
        }
        updates
    }

    fn show(&self, tables: &[&str]) {
        self.interest.send_modify(|interest| {
            interest.visible = tables.iter().map(|name| Resource::table(name)).collect();
        });
    }

    fn open(&self, resource: Option<Resource>) {
        self.interest.send_modify(|interest| interest.open = resource);
    }

    fn press_a_key(&self) {
        let now = self.clock.now();
        self.interest.send_modify(|interest| interest.last_key = now);
    }

    /// The calls of one operation, by the minute in which they came.
    fn by_minute(&self, operation: &str) -> BTreeMap<i64, Vec<Call>> {
        let mut minutes: BTreeMap<i64, Vec<Call>> = BTreeMap::new();
        for call in self.world.ledger().into_iter().filter(|call| call.operation == operation) {
            let at = SignedDuration::from_secs_f64(call.at - self.world.start());
            minutes.entry(at.as_mins()).or_default().push(call);
        }
        minutes
    }

    fn count(&self, operation: &str) -> usize {
        self.by_minute(operation).values().map(Vec::len).sum()
    }
}

fn rounds(updates: &[Update], poller: Poller) -> Vec<Round> {
    let mut rounds = vec![];
    for update in updates {
        if let News::Round(round) = &update.news
            && round.poller == poller
        {
            rounds.push(round.clone());
        }
    }
    rounds
}

fn last_cost(updates: &[Update]) -> Cost {
    let cost = |update: &Update| if let News::Cost(cost) = update.news { Some(cost) } else { None };
    updates.iter().rev().find_map(cost).unwrap()
}

/// The windows in which a series was read.
fn windows(updates: &[Update], key: &SeriesKey) -> Vec<Window> {
    let mut windows = vec![];
    for update in updates {
        if let News::Points(points) = &update.news
            && points.series.iter().any(|(read, _)| read == key)
        {
            windows.push(points.window);
        }
    }
    windows
}

fn sentinel(table: &str) -> SeriesKey {
    SeriesKey::sum(Resource::table(table), Metric::Consumed(Direction::Read))
}

#[tokio::test(start_paused = true)]
async fn a_calm_hour_takes_exactly_the_calls_of_the_design_and_costs_what_is_shown() {
    let mut bench = Bench::start(quiet(70), Settings::default());
    let mut updates = bench.pass(10 * MINUTE).await;
    bench.world.reset_ledger();
    let before = last_cost(&updates);
    updates = bench.pass(20 * MINUTE).await;
    bench.press_a_key();
    updates.extend(bench.pass(20 * MINUTE).await);
    bench.press_a_key();
    updates.extend(bench.pass(20 * MINUTE - 1).await);

    // 70 tables and 70 indexes with four sentinels each, and the account's UserErrors.
    for (minute, calls) in bench.by_minute("GetMetricData") {
        let queries: Vec<usize> = calls.iter().map(|call| call.queries).collect();
        assert_eq!(queries, [500, 61], "minute {minute}");
        assert!(calls.iter().all(|call| !call.continued && call.metrics_requested == call.queries));
    }
    let expected = [
        ("GetMetricData", 120),
        ("DescribeTable", 70 * 12),
        ("ListTables", 12),
        ("DescribeLimits", 4),
        ("ListMetrics", 4),
        ("DescribeScalableTargets", 12),
        ("DescribeScalingPolicies", 12),
        ("DescribeScalingActivities", 12),
        ("DescribeAlarms", 60),
        // There are no alarms, and Contributor Insights is off.
        ("DescribeAlarmHistory", 0),
        ("ListAlarmMuteRules", 12),
        ("GetAlarmMuteRule", 0),
        // Of 140 tables and indexes in two pages.
        ("ListContributorInsights", 8),
        ("DescribeContributorInsights", 0),
        ("ListEventSourceMappings", 12),
        ("DescribeClusters", 12),
    ];
    for (operation, calls) in expected {
        assert_eq!(bench.count(operation), calls, "{operation}");
    }
    for (minute, calls) in bench.by_minute("DescribeTable") {
        assert!(calls.len() < 40, "{} tables were described in minute {minute}", calls.len());
    }

    let cost = last_cost(&updates);
    let counted: usize = bench.world.ledger().iter().map(|call| call.metrics_requested).sum();
    assert_eq!(cost.metrics - before.metrics, counted as u64);
    let usd = (counted as f64 + bench.count("ListMetrics") as f64) / 100_000.0;
    assert!((cost.usd_per_hour - usd).abs() < 1e-9, "{} shown, {usd} counted", cost.usd_per_hour);
    assert_eq!(cost.slowed, None);
}

#[tokio::test(start_paused = true)]
async fn every_request_is_counted_pages_included() {
    let mut bench = Bench::start(quiet(130), Settings::default());
    let updates = bench.pass(20 * MINUTE).await;
    let told = Poller::ALL.into_iter().flat_map(|poller| rounds(&updates, poller));
    let told: u64 = told.map(|round| u64::from(round.requests)).sum();
    assert_eq!(told, bench.world.ledger().len() as u64);
    assert_eq!(rounds(&updates, Poller::Tables)[0].requests, 2, "130 tables are two pages");
}

#[tokio::test(start_paused = true)]
async fn every_update_names_the_account_and_the_first_cycle_does_not_wait_for_the_minute() {
    let mut bench = Bench::start(quiet(3), Settings::default());
    let updates = bench.pass(8).await;
    let account = bench.world.account().clone();
    assert!(updates.iter().all(|update| update.scope.account() == account.id));
    assert!(updates.iter().all(|update| update.scope.region() == account.region));
    let first = windows(&updates, &sentinel("table-001"));
    let now = Minute::containing(bench.clock.now());
    assert_eq!(first, [Window::ending(now, 60)]);
    let index = Resource::index("table-001", "GSI1");
    let index = SeriesKey::sum(index, Metric::Consumed(Direction::Read));
    assert_eq!(windows(&updates, &index).len(), 1, "indexes join when they are described");
    bench.pass(8 * MINUTE).await;
    for calls in bench.by_minute("GetMetricData").values().skip(1) {
        let into = calls[0].at.rem_euclid(60.0);
        assert!((10.0..=20.0).contains(&into), "{into} s into the minute");
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_that_comes_into_view_is_read_at_once_and_no_series_twice_in_a_minute() {
    let mut bench = Bench::start(quiet(6), Settings::default());
    let mut updates = bench.pass(MINUTE + 30).await;
    bench.world.reset_ledger();
    bench.show(&["table-002"]);
    updates.extend(bench.pass(1).await);
    // Latency and SystemErrors of GetItem, and failed conditions.
    let calls = bench.world.ledger();
    assert_eq!(calls.iter().map(|call| call.metrics_requested).collect::<Vec<_>>(), [3]);
    for _ in 0..5 {
        bench.refresh.notify_one();
        bench.show(&[]);
        updates.extend(bench.pass(2).await);
        bench.show(&["table-002"]);
        updates.extend(bench.pass(2).await);
    }
    updates.extend(bench.pass(10 * MINUTE).await);

    let mut asked = BTreeSet::new();
    for update in &updates {
        if let News::Points(points) = &update.news {
            for (key, _) in &points.series {
                let minute = Minute::containing(update.at);
                assert!(asked.insert((key.clone(), minute)), "{key:?} twice in {minute}");
            }
        }
    }
    for operation in ["ListTables", "DescribeLimits", "ListMetrics", "DescribeScalableTargets"] {
        for (minute, calls) in bench.by_minute(operation) {
            assert_eq!(calls.len(), 1, "{operation} in minute {minute}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn trouble_is_explained_in_the_cycle_that_found_it() {
    let mut bench = Bench::start(world("hot-key", None), Settings::default());
    let updates = bench.pass(5).await;
    let sessions = Resource::table("sessions");
    let reason = Metric::ThrottleEventsBy(Direction::Write, Limit::KeyRange);
    let reason = SeriesKey::sum(sessions, reason);
    let read = windows(&updates, &reason);
    let now = Minute::containing(bench.clock.now());
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].end, now);
    assert!((13..=30).contains(&read[0].minutes()), "{read:?}");
    bench.world.reset_ledger();
    let later = bench.pass(5 * MINUTE + 20).await;
    assert_eq!(windows(&later, &reason).len(), 5, "each minute while it lasts");
    let described = bench.count("DescribeScalableTargets");
    assert!((5..=6).contains(&described), "scaling is read each minute: {described}");
}

#[tokio::test(start_paused = true)]
async fn what_throttles_is_described_first_then_what_is_visible_at_two_hundred_a_second() {
    let mut bench = Bench::start(world("hot-key", Some(600)), Settings::default());
    let mut updates = bench.pass(1).await;
    let names = updates.iter().find_map(|update| {
        if let News::TableNames(names) = &update.news { Some(names.clone()) } else { None }
    });
    let last = names.unwrap().split_off(590);
    bench.show(&last.iter().map(|name| &**name).collect::<Vec<_>>());
    updates.extend(bench.pass(4).await);
    let mut described = vec![];
    for update in &updates {
        if let News::Table(table) = &update.news {
            described.push(table.name.to_string());
        }
    }
    assert_eq!(described.len(), 600);
    let place = |name: &str| described.iter().position(|described| described == name).unwrap();
    // The first twenty are under way before anything is known.
    assert!(place("sessions") < 60, "the table that throttles came as {}.", place("sessions"));
    for name in &last {
        assert!(place(name) < 300, "{name} is on the screen and came as {}.", place(name));
    }
    let mut seconds: BTreeMap<i64, usize> = BTreeMap::new();
    for call in bench.world.ledger().iter().filter(|call| call.operation == "DescribeTable") {
        let at = SignedDuration::from_secs_f64(call.at - bench.world.start());
        *seconds.entry(at.as_secs()).or_default() += 1;
    }
    assert!(seconds.values().all(|calls| *calls <= 200), "{seconds:?}");
}

#[tokio::test(start_paused = true)]
async fn a_budget_slows_polling_before_it_is_passed_and_absence_does_too() {
    let budget = Settings { budget_usd_per_hour: Some(0.2), ..Settings::default() };
    let mut bench = Bench::start(quiet(70), budget);
    let shown = last_cost(&bench.pass(10 * MINUTE).await);
    assert_eq!(shown.slowed, Some(Slowed::Budget));
    bench.world.reset_ledger();
    bench.pass(20 * MINUTE - 1).await;
    let metrics = |bench: &Bench| -> usize {
        bench.world.ledger().iter().map(|call| call.metrics_requested).sum()
    };
    assert_eq!(metrics(&bench), 20 + 4 * 560, "five times slower, but for the account");

    let mut bench = Bench::start(quiet(70), Settings::default());
    assert_eq!(last_cost(&bench.pass(29 * MINUTE).await).slowed, None);
    let updates = bench.pass(6 * MINUTE).await;
    assert_eq!(last_cost(&updates).slowed, Some(Slowed::Idle));
    bench.press_a_key();
    assert_eq!(last_cost(&bench.pass(2 * MINUTE).await).slowed, None);
}

#[tokio::test(start_paused = true)]
async fn at_every_pace_the_price_shown_is_the_price_counted() {
    // 280 metrics of tables, 280 of indexes and one of the account; four ListMetrics an hour.
    for (budget, metrics, passed) in [
        (0.08, 60 + 12 * 560, None),
        (0.03, 60 + 4 * 560, None),
        (0.02, 60 + 2 * 560, None),
        (0.01, 60 + 2 * 560, Some(0.01)),
    ] {
        let settings = Settings { budget_usd_per_hour: Some(budget), ..Settings::default() };
        let mut bench = Bench::start(quiet(70), settings);
        bench.pass(40 * MINUTE).await;
        bench.world.reset_ledger();
        let mut updates = vec![];
        for _ in 0..3 {
            bench.press_a_key();
            updates = bench.pass(20 * MINUTE).await;
        }
        let cost = last_cost(&updates);
        let counted: usize = bench.world.ledger().iter().map(|call| call.metrics_requested).sum();
        assert_eq!(counted, metrics, "budget {budget}");
        let usd = (counted + bench.count("ListMetrics")) as f64 / 100_000.0;
        assert!((cost.usd_per_hour - usd).abs() < 1e-9, "{} shown", cost.usd_per_hour);
        assert_eq!((cost.slowed, cost.passed_budget()), (Some(Slowed::Budget), passed));
    }
}

#[tokio::test(start_paused = true)]
async fn no_figure_is_stale_while_polling_slows_and_hurries() {
    let budgets = [None, Some(0.3), Some(0.06), Some(0.02)];
    for budget in budgets {
        let settings = Settings { budget_usd_per_hour: budget, ..Settings::default() };
        let mut bench = Bench::start(quiet(70), settings);
        let mut store = Store::new(store::Settings::default());
        for second in 0..45 * MINUTE {
            for update in bench.pass(1).await {
                store.apply(update);
            }
            if second == 40 * MINUTE {
                bench.press_a_key();
            }
            let now = bench.clock.now();
            let Some(scope) = store.scopes().next() else { continue };
            let reading = store.reading(scope, now);
            for resource in reading.resources().chain([Resource::Account]) {
                let metric = match resource {
                    Resource::Account => Metric::UserErrors,
                    Resource::Table(_) | Resource::Index(..) => Metric::Consumed(Direction::Read),
                    Resource::Cluster(_) | Resource::Node(..) => continue,
                };
                let figure = reading.figure(&resource, metric);
                let stale = matches!(figure, Figure::Stale { .. });
                assert!(!stale, "{resource} at {now} with a budget of {budget:?}: {figure:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn one_look_reads_everything_even_on_a_clock_that_stands_still() {
    let world = world("hot-key", None);
    let clock = started(&world, 0.0);
    let open = Some(Resource::table("sessions"));
    let interest = Interest { last_key: clock.now(), open, ..Interest::default() };
    let settings = Settings::default();
    let updates = once(connection(&world, &clock), clock.clone(), settings, interest).await;
    for poller in Poller::ALL {
        let rounds = rounds(&updates, poller);
        // No alarm is open.
        assert_eq!(rounds.len(), usize::from(poller != Poller::AlarmData), "{}", poller.name());
        for round in rounds {
            assert_eq!(round.outcome, Outcome::Complete, "{}", poller.name());
        }
    }
    let sessions = Resource::table("sessions");
    let reason = Metric::ThrottleEventsBy(Direction::Write, Limit::KeyRange);
    assert_eq!(windows(&updates, &SeriesKey::sum(sessions, reason)).len(), 1);
    let profiles = Resource::table("profiles");
    let failed = SeriesKey::sum(profiles, Metric::ConditionalCheckFailedRequests);
    assert_eq!(windows(&updates, &failed).len(), 1, "few tables: all are detailed");
    let cost = last_cost(&updates);
    let told = Poller::ALL.into_iter().flat_map(|poller| rounds(&updates, poller));
    let told: u64 = told.map(|round| u64::from(round.requests)).sum();
    assert_eq!((told, cost.metrics > 0), (world.ledger().len() as u64, true));
}

#[tokio::test(start_paused = true)]
async fn the_engine_ends_when_nobody_listens() {
    let mut bench = Bench::start(quiet(2), Settings::default());
    bench.pass(30).await;
    drop(bench.updates);
    tokio::time::timeout(Duration::from_millis(1), bench.engine).await.unwrap().unwrap();
}
