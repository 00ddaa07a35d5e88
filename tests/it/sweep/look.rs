//! One look of the product at a simulated world: SDK clients, pollers, store, verdicts.

use super::live::on_virtual_time;
use ddbtop::aws::connect_simulated;
use ddbtop::clock::Clock;
use ddbtop::diagnose::{self, Confidence, Thresholds, Verdict};
use ddbtop::model::dax::Behind;
use ddbtop::model::health::{CallError, ErrorClass};
use ddbtop::model::id::Resource;
use ddbtop::model::throttle::Direction;
use ddbtop::model::update::News;
use ddbtop::poll::{Interest, Settings, once};
use ddbtop::store::{self, Store};
use ddbtop_sim::front::in_process::InProcess;
use ddbtop_sim::scenario::Scenario;
use ddbtop_sim::world::{World, WorldOptions};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Makes the world of a scenario.
pub(crate) fn world(scenario: &Scenario, seed: u64) -> World {
    World::new(&WorldOptions { scenario: scenario.clone(), seed, tables: None })
}

/// The verdicts of one look that many minutes after the world's start, on a clock that stands still.
/// In a small fleet everything is read, latency and errors as well.
///
/// # Panics
/// If anything could not be read but what the world denies: then the absence of a verdict means nothing.
pub(crate) fn verdicts(world: &World, minutes: i64) -> Vec<Verdict> {
    verdicts_with(world, minutes, None, Behind::default())
}

/// The same while a table is open, of which more is read, and where it is said which tables are behind which DAX
/// cluster.
pub(crate) fn verdicts_with(
    world: &World,
    minutes: i64,
    open: Option<&str>,
    behind: Behind,
) -> Vec<Verdict> {
    on_virtual_time(async {
        let start = SignedDuration::from_secs_f64(world.start());
        let now = Timestamp::from_duration(start).unwrap() + SignedDuration::from_mins(minutes);
        let clock = Clock::simulated(now, 0.0);
        let epoch = now.as_duration().as_secs_f64();
        let http = InProcess::new(world.clone(), Arc::new(move || epoch));
        let connection = connect_simulated(http, &world.account().region, clock.clone());
        let open = open.map(Resource::table);
        let interest = Interest { last_key: now, open, ..Interest::default() };
        let store = Store::new(store::Settings::default());
        let mut store = store.with_tables_behind(Arc::new(behind));
        for update in once(connection, clock, Settings::default(), interest).await {
            if let News::Round(round) = &update.news {
                let denied = |error: &CallError| error.class == ErrorClass::Denied;
                let is_read = round.outcome.error().is_none_or(denied);
                assert!(is_read, "{}: {:?}", round.poller.name(), round.outcome);
            }
            store.apply(update);
        }
        let scope = store.scopes().next().unwrap();
        diagnose::verdicts(store.reading(scope, now), &Thresholds::default())
    })
}

/// The throttle verdict about one resource and direction.
pub(crate) fn about<'a>(
    verdicts: &'a [Verdict],
    resource: &Resource,
    direction: Direction,
) -> Option<&'a Verdict> {
    verdicts.iter().find(|verdict| {
        verdict.cause.is_throttle()
            && verdict.resource == *resource
            && verdict.direction == Some(direction)
    })
}

/// A verdict in a line: resource, reason or what it may be, who gets its changes late, and how that is known.
pub(crate) fn in_a_line(verdict: &Verdict) -> String {
    let resource = match &verdict.resource {
        Resource::Account => "account".to_owned(),
        Resource::Table(name) | Resource::Cluster(name) => name.to_string(),
        Resource::Index(whole, part) | Resource::Node(whole, part) => format!("{whole}/{part}"),
    };
    let cause = match (verdict.reason, verdict.confidence) {
        (Some(reason), _) => reason.to_string(),
        (None, Confidence::Unknown) if verdict.cause.is_throttle() => {
            format!("one of {:?}", verdict.candidates)
        }
        (None, _) => verdict.cause.as_str().to_owned(),
    };
    let recipient = verdict.recipient.as_ref().map(|recipient| format!(" {recipient}"));
    let cause = cause + &recipient.unwrap_or_default();
    format!("{resource}: {cause}, {}", verdict.confidence.as_str())
}

/// Does `work` for each item, on as many threads as there are processors; results in order.
pub(crate) fn each<I: Sync, O: Send>(items: &[I], work: impl Fn(&I) -> O + Sync) -> Vec<O> {
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut done = thread::scope(|scope| {
        let worker = || {
            let mut done = vec![];
            while let Some((at, item)) =
                items.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed))
            {
                done.push((at, work(item)));
            }
            done
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        let join = |worker: thread::ScopedJoinHandle<'_, Vec<(usize, O)>>| worker.join().unwrap();
        workers.into_iter().flat_map(join).collect::<Vec<_>>()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
