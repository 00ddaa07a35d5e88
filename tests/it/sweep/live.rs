//! The pollers as ever on a simulated world, on virtual time, and what is known of it minute after minute.

use ddbtop::aws::connect_simulated;
use ddbtop::clock::Clock;
use ddbtop::diagnose::{Thresholds, Verdict, verdicts};
use ddbtop::model::update::Update;
use ddbtop::poll::{Feed, Interest, Settings, run};
use ddbtop::store::{self, Reading, Store};
use ddbtop_sim::front::in_process::InProcess;
use ddbtop_sim::world::World;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use tokio::sync::{Notify, mpsc, watch};

/// The second of a minute at which is judged: pollers have read by then.
const JUDGED_AT: SignedDuration = SignedDuration::from_secs(45);

/// An engine that runs, and the store that it feeds.
pub(super) struct Live {
    start: Timestamp,
    clock: Clock,
    interest: watch::Sender<Interest>,
    updates: mpsc::Receiver<Update>,
    store: Store,
}

impl Live {
    /// Begins that many minutes after the world's start, with what is looked at.
    pub(super) fn begin(world: &World, minute: i64, looked_at: Interest) -> Self {
        let start = Timestamp::from_duration(SignedDuration::from_secs_f64(world.start())).unwrap();
        let clock = Clock::simulated(start + SignedDuration::from_mins(minute), 1.0);
        let told = clock.clone();
        let now = Arc::new(move || told.now().as_duration().as_secs_f64());
        let http = InProcess::new(world.clone(), now);
        let connection = connect_simulated(http, &world.account().region, clock.clone());
        let (interest, watched) = watch::channel(Interest { last_key: clock.now(), ..looked_at });
        let (out, updates) = mpsc::channel(1024);
        let feed = Feed::new(watched, Arc::new(Notify::new()));
        tokio::spawn(run(connection, clock.clone(), Settings::default(), feed, out));
        let store = Store::new(store::Settings::default());
        Self { start, clock, interest, updates, store }
    }

    /// Goes on until a minute is judged, counted from the world's start. Somebody is there, and presses a key then.
    pub(super) async fn until(&mut self, minute: i64) {
        let until = self.start + SignedDuration::from_mins(minute) + JUDGED_AT;
        loop {
            tokio::select! {
                biased;
                Some(update) = self.updates.recv() => self.store.apply(update),
                () = self.clock.sleep_until(until) => break,
            }
        }
        self.interest.send_modify(|interest| interest.last_key = self.clock.now());
    }

    /// What is known now; nothing before AWS has told the account.
    pub(super) fn reading(&self) -> Option<Reading<'_>> {
        let scope = self.store.scopes().next()?;
        Some(self.store.reading(scope, self.clock.now()))
    }

    /// How that is judged.
    pub(super) fn verdicts(&self, thresholds: &Thresholds) -> Vec<Verdict> {
        self.reading().map_or_else(Vec::new, |reading| verdicts(reading, thresholds))
    }
}

/// Does something on virtual time.
pub(super) fn on_virtual_time<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(work)
}
