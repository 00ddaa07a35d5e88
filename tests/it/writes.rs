//! Confirmed writes against the simulated AWS, in virtual time: what is sent, counted at the
//! simulator's door, what is recorded, and what is told.

mod advised;
pub(crate) mod detour;
mod failures;
mod moto;

use ddbtop::aws::{Connection, connect_simulated};
use ddbtop::clock::Clock;
use ddbtop::model::id::{Resource, Scope};
use ddbtop::model::scaling::TargetTracking;
use ddbtop::model::throttle::Direction;
use ddbtop::poll::{self, Interest};
use ddbtop::store::{self, Reading, Store};
use ddbtop::tune::audit::{Journal, Outcome, Record, Stage};
use ddbtop::tune::draft::{Draft, Field, Key};
use ddbtop::tune::permit::Permit;
use ddbtop::tune::plan::{Confirmed, Ground, Plan};
use ddbtop::tune::price::Prices;
use ddbtop::tune::progress::Event;
use ddbtop::tune::setting::{Edit, Setting};
use ddbtop::tune::undo::undo;
use ddbtop::write::journal::JournalFile;
use ddbtop::write::{Desk, Report, Run, carry_out};
use ddbtop_sim::front::in_process::InProcess;
use ddbtop_sim::scenario::Scenario;
use ddbtop_sim::world::{World, WorldOptions};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

const WRITE: Direction = Direction::Write;

/// `orders`, whose writes are scaled with everything that a policy can say; `plain`, of which nothing
/// is scaled.
const TABLES: &str = r#"
start = "2026-11-22T12:00:00Z"
[[table]]
name = "orders"
key_schema = ["id"]
items = 1000
gigabytes = 1
capacity.provisioned = { read = 100, write = 100 }
[table.capacity.scaling.write]
min = 50
max = 400
target = 65.0
scale_in_cooldown = 120
scale_out_cooldown = 30
disable_scale_in = true
[[table.traffic]]
operation = "PutItem"
rate = 20
[[table]]
name = "plain"
key_schema = ["id"]
items = 1000
gigabytes = 1
capacity.provisioned = { read = 100, write = 100 }
[[table.traffic]]
operation = "PutItem"
rate = 20
"#;

/// An AWS, what is known of it, and a journal.
struct Bench {
    connection: Connection,
    clock: Clock,
    folder: TempDir,
    store: Store,
    scope: Scope,
    who: String,
}

/// The simulated world of these tests, and a bench in front of it.
async fn simulated() -> (World, Bench) {
    simulated_as(Scenario::parse("writes", TABLES).unwrap()).await
}

/// A simulated world, and a bench in front of it.
async fn simulated_as(scenario: Scenario) -> (World, Bench) {
    let world = World::new(&WorldOptions { scenario, seed: 1, tables: None });
    let origin = SignedDuration::from_secs_f64(world.start());
    let clock = Clock::simulated(Timestamp::from_duration(origin).unwrap(), 1.0);
    let told = clock.clone();
    let now = Arc::new(move || told.now().as_duration().as_secs_f64());
    let http = InProcess::new(world.clone(), now);
    let connection = connect_simulated(http, &world.account().region, clock.clone());
    let bench = Bench::new(connection, clock).await;
    world.reset_ledger();
    (world, bench)
}

impl Bench {
    async fn new(connection: Connection, clock: Clock) -> Self {
        let identity = connection.identity().await.result.unwrap();
        let scope = Scope::new(connection.partition(), &identity.account, connection.region());
        let store = Store::new(store::Settings::default());
        let folder = tempfile::tempdir().unwrap();
        let mut bench = Self { connection, clock, folder, store, scope, who: identity.arn };
        bench.poll().await;
        bench
    }

    /// Reads everything again.
    async fn poll(&mut self) {
        let interest = Interest { last_key: self.clock.now(), ..Interest::default() };
        let (connection, clock) = (self.connection.clone(), self.clock.clone());
        for update in poll::once(connection, clock, poll::Settings::default(), interest).await {
            self.store.apply(update);
        }
    }

    fn reading(&self) -> Reading<'_> {
        self.store.reading(&self.scope, self.clock.now())
    }

    fn journal(&self) -> JournalFile {
        JournalFile::at(self.folder.path().join("new/ddbtop/journal.jsonl"))
    }

    fn recorded(&self) -> Journal {
        self.journal().read().unwrap().unwrap()
    }

    /// The edits of what is typed for one resource.
    fn edits(&self, resource: &Resource, typed: &[(Field, &str)]) -> Vec<Edit> {
        let mut draft = Draft::open(self.reading(), std::slice::from_ref(resource)).unwrap();
        for (field, text) in typed {
            draft.set(Key { field: *field, direction: WRITE }, *text);
        }
        draft.edits(self.reading()).unwrap()
    }

    /// A confirmed plan of edits.
    fn plan(&self, edits: Vec<Edit>) -> Confirmed {
        let prices = Prices::embedded();
        let ground = Ground { reading: self.reading(), prices: &prices, verdicts: &[] };
        confirmed(Plan::new(&ground, edits).unwrap())
    }

    fn typed(&self, table: &str, typed: &[(Field, &str)]) -> Confirmed {
        self.plan(self.edits(&Resource::table(table), typed))
    }

    /// A confirmed plan that takes the last write back.
    fn undo(&self) -> Confirmed {
        let prices = Prices::embedded();
        let ground = Ground { reading: self.reading(), prices: &prices, verdicts: &[] };
        confirmed(undo(&ground, &self.recorded(), &self.who).unwrap())
    }

    fn desk(&self, journal: JournalFile) -> Desk {
        Desk {
            connection: self.connection.clone(),
            clock: self.clock.clone(),
            journal,
            store: self.store.clone(),
            run: Run::new(&mut fastrand::Rng::with_seed(1)),
            names: fastrand::Rng::new(),
        }
    }

    /// Carries a plan out; what was told of it, each with its step.
    async fn carry_out(&self, confirmed: Confirmed) -> Vec<(usize, Event)> {
        let told = Arc::new(Mutex::new(vec![]));
        let report = told.clone();
        let tell = move |news: Report| {
            let Report::Progress(progress) = news else { return };
            report.lock().unwrap().push((progress.step, progress.event));
        };
        carry_out(self.desk(self.journal()), confirmed, tell).await;
        let told = told.lock().unwrap();
        told.clone()
    }

    /// The configuration of the one policy of a table's or index's writes, as AWS tells it.
    async fn policy(&self, resource: &Resource) -> (Arc<str>, TargetTracking) {
        let targets = self.connection.scaling_of(resource).await.result.unwrap();
        let target = targets.into_iter().find(|target| target.direction == WRITE).unwrap();
        let policy = target.policy().unwrap().clone();
        (policy.name, policy.tracking.unwrap())
    }
}

fn confirmed(plan: Plan) -> Confirmed {
    let to_type = plan.to_type().to_owned();
    plan.confirm(&Permit::granted_by_configuration(), &to_type).unwrap()
}

/// Calls that would change something, in the order they came to the simulator's door.
fn writes(world: &World) -> Vec<String> {
    let reads = ["Get", "Describe", "List"];
    let calls = world.ledger().into_iter().map(|call| call.operation);
    calls.filter(|operation| !reads.iter().any(|read| operation.starts_with(read))).collect()
}

/// The names of events, with their steps where that is not the first.
fn names(events: &[(usize, Event)]) -> Vec<String> {
    let name = |(step, event): &(usize, Event)| {
        let name = format!("{event:?}");
        let name = name.split([' ', '(']).next().unwrap().to_owned();
        if *step == 0 { name } else { format!("{step} {name}") }
    };
    events.iter().map(name).collect()
}

/// The outcome in the last record of the newest write.
fn last_outcome(journal: &Journal) -> (Outcome, Option<Setting>) {
    let writes = journal.writes();
    let Record { stage: Stage::Outcome { outcome, seen }, .. } = writes.last().unwrap() else {
        panic!("still open: {writes:?}")
    };
    (outcome.clone(), seen.clone())
}

#[tokio::test(start_paused = true)]
async fn a_raised_minimum_is_recorded_sent_once_and_seen_when_capacity_has_moved() {
    let (world, bench) = simulated().await;
    let before = bench.clock.now();
    let events = bench.carry_out(bench.typed("orders", &[(Field::Min, "200")])).await;
    assert_eq!(names(&events), ["IntentWritten", "Sent", "Done", "Seen", "Finished"]);
    assert_eq!(writes(&world), ["RegisterScalableTarget"]);
    let took = bench.clock.now().duration_since(before);
    assert!((SignedDuration::from_secs(15)..SignedDuration::from_secs(60)).contains(&took));
    let table = bench.connection.table("orders").await.result.unwrap().unwrap();
    assert_eq!(table.throughput.write.provisioned, Some(200.0));

    let journal = bench.recorded();
    assert_eq!(journal.records.len(), 3, "intent, outcome, and what was seen");
    assert!(journal.unfinished().is_empty());
    let record = &journal.records[0];
    assert_eq!((&*record.who, record.undoes.as_ref()), (bench.who.as_str(), None));
    let Setting::Bounds { min: 200, max: 400, .. } = record.after else { panic!("{record:?}") };
    assert_eq!(last_outcome(&journal), (Outcome::Done, Some(record.after.clone())));
}

#[tokio::test(start_paused = true)]
async fn an_undo_restores_every_field() {
    let (world, mut bench) = simulated().await;
    let orders = Resource::table("orders");
    let targets = bench.connection.scaling_of(&orders).await.result.unwrap();
    let (name, tracking) = bench.policy(&orders).await;
    let changes = [(Field::Min, "80"), (Field::Max, "500"), (Field::Target, "45")];
    let events = bench.carry_out(bench.typed("orders", &changes)).await;
    assert_eq!(events.last(), Some(&(1, Event::Finished)), "{events:?}");
    assert_eq!(writes(&world), ["RegisterScalableTarget", "PutScalingPolicy"]);
    let expected = TargetTracking { target_value: 45.0, ..tracking };
    let policy = bench.policy(&orders).await;
    assert_eq!(policy, (name, expected), "nothing but the target has changed");

    bench.poll().await;
    let events = bench.carry_out(bench.undo()).await;
    assert_eq!(events.last(), Some(&(1, Event::Finished)), "{events:?}");
    assert_eq!(bench.connection.scaling_of(&orders).await.result.unwrap(), targets);
    let journal = bench.recorded();
    let undone: Vec<_> = journal.writes().iter().map(|write| write.undoes.is_some()).collect();
    assert_eq!(undone, [false, false, true, true]);
}

#[tokio::test(start_paused = true)]
async fn capacity_is_set_by_hand_and_both_values_are_sent() {
    let (world, bench) = simulated().await;
    let events = bench.carry_out(bench.typed("plain", &[(Field::Capacity, "150")])).await;
    assert_eq!(names(&events), ["IntentWritten", "Sent", "Done", "Seen", "Finished"]);
    assert_eq!(writes(&world), ["UpdateTable"]);
    let table = bench.connection.table("plain").await.result.unwrap().unwrap();
    let units = [table.throughput.read.provisioned, table.throughput.write.provisioned];
    assert_eq!(units, [Some(100.0), Some(150.0)]);
}
