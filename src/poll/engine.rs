//! Runs the pollers: waits, calls AWS, and passes on what comes back.

use super::job::{Answer, Job};
use super::rounds::concurrency;
use super::state::State;
use super::{Interest, Settings};
use crate::aws::Connection;
use crate::clock::Clock;
use crate::model::health::Poller;
use crate::model::id::Scope;
use crate::model::update::Update;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::{Id, JoinError, JoinSet};

/// How long everything waits for the account's id.
const IDENTITY_WAIT: Duration = Duration::from_secs(3);

/// Reads AWS until `out` is closed.
///
/// Failures never end it: each is told in a [`Round`](crate::model::health::Round) and tried again.
/// The scope of all updates is fixed by the first call; its account is [`Settings::stand_in`] if AWS
/// does not tell within three seconds.
pub async fn run(
    connection: Connection,
    clock: Clock,
    settings: Settings,
    feed: Feed,
    out: mpsc::Sender<Update>,
) {
    let first = feed.interest();
    let pollers = tokio::select! {
        pollers = identify(connection, clock, settings, first) => pollers,
        () = out.closed() => return,
    };
    pollers.run(feed, out).await;
}

/// Asks who we are, for three seconds at most; nothing else is read before.
pub async fn identify(
    connection: Connection,
    clock: Clock,
    settings: Settings,
    interest: Interest,
) -> Pollers {
    let mut engine = Engine::new(connection, clock, settings, interest, false);
    engine.identify().await;
    Pollers(engine)
}

/// Pollers that know where they read, and have not begun.
#[derive(Debug)]
pub struct Pollers(Engine);

impl Pollers {
    /// The scope of all updates.
    pub fn scope(&self) -> &Scope {
        self.0.state.scope()
    }

    /// Reads AWS until `out` is closed, as [`run`] does.
    pub async fn run(self, feed: Feed, out: mpsc::Sender<Update>) {
        let Self(mut engine) = self;
        let Feed { mut interest, mut budget, refresh } = feed;
        let (mut watched, mut budgeted) = (true, true);
        loop {
            for update in engine.start_due() {
                if out.send(update).await.is_err() {
                    return;
                }
            }
            tokio::select! {
                () = out.closed() => return,
                () = engine.turn() => {}
                changed = interest.changed(), if watched => {
                    watched = changed.is_ok();
                    let now = engine.clock.now();
                    let latest = interest.borrow_and_update().clone();
                    engine.state.look_at(latest, now);
                }
                changed = budget.changed(), if budgeted => {
                    budgeted = changed.is_ok();
                    if budgeted {
                        let present = *budget.borrow_and_update();
                        engine.state.spend_at_most(present);
                    }
                }
                () = refresh.notified() => engine.state.refresh(engine.clock.now()),
            }
        }
    }
}

/// What a running engine is told.
#[derive(Debug)]
pub struct Feed {
    /// What the user looks at.
    interest: watch::Receiver<Interest>,
    /// What watching may cost from now on, as [`Settings::budget_usd_per_hour`].
    budget: watch::Receiver<Option<f64>>,
    /// Asks for everything to be read now; still nothing is read twice in one minute.
    refresh: Arc<Notify>,
}

impl Feed {
    /// What the user looks at, and what asks for everything to be read now. The budget stays.
    pub fn new(interest: watch::Receiver<Interest>, refresh: Arc<Notify>) -> Self {
        let (_, budget) = watch::channel(None);
        Self { interest, budget, refresh }
    }

    /// What the user looks at now.
    pub fn interest(&self) -> Interest {
        self.interest.borrow().clone()
    }

    /// The same, with a budget that changes while the engine runs.
    #[must_use]
    pub fn with_budget(self, budget: watch::Receiver<Option<f64>>) -> Self {
        Self { budget, ..self }
    }
}

/// Reads everything once, closer looks at what is in trouble included, and tells what was read.
///
/// In a fleet of up to fifty tables every row counts as visible.
pub async fn once(
    connection: Connection,
    clock: Clock,
    settings: Settings,
    interest: Interest,
) -> Vec<Update> {
    let mut engine = Engine::new(connection, clock, settings, interest, true);
    engine.identify().await;
    let mut updates = Vec::new();
    loop {
        updates.extend(engine.start_due());
        if engine.state.is_done() {
            return updates;
        }
        engine.turn().await;
    }
}

/// How long the engine waits at most before it looks at the clock again.
const HEARTBEAT: Duration = Duration::from_mins(1);

#[derive(Debug)]
struct Engine {
    connection: Connection,
    clock: Clock,
    state: State,
    jobs: JoinSet<Answer>,
    /// What each is about, in case it breaks down.
    running: HashMap<Id, Job>,
    describe_pause: Duration,
}

impl Engine {
    fn new(
        connection: Connection,
        clock: Clock,
        settings: Settings,
        interest: Interest,
        once: bool,
    ) -> Self {
        let at_a_time = concurrency(Poller::Descriptions) as f64;
        let describe_pause =
            Duration::from_secs_f64(at_a_time / f64::from(settings.describe_per_second.max(1)));
        let scope = Scope::new(connection.partition(), &settings.stand_in, connection.region());
        let state = State::new(scope, settings, interest, once);
        Self {
            connection,
            clock,
            state,
            jobs: JoinSet::new(),
            running: HashMap::new(),
            describe_pause,
        }
    }

    /// Asks who we are, waits a little for the answer, and makes everything else due.
    async fn identify(&mut self) {
        self.state.identify(self.clock.now());
        self.start_jobs();
        // Whether it came in time or not: a later answer is told, but the scope stays.
        let _late = tokio::time::timeout(IDENTITY_WAIT, self.turn()).await;
        self.state.begin(self.clock.now());
    }

    /// Starts what is due, as far as calls may be under way; what there is to tell.
    fn start_due(&mut self) -> Vec<Update> {
        self.state.tick(self.clock.now());
        self.start_jobs();
        self.state.take_updates()
    }

    fn start_jobs(&mut self) {
        while let Some(job) = self.state.next_job() {
            let pause = self.pause(&job);
            let run = job.clone().run(self.connection.clone(), self.clock.clone(), pause);
            let task = self.jobs.spawn(run);
            self.running.insert(task.id(), job);
        }
    }

    fn pause(&self, job: &Job) -> Duration {
        let Job::Describe(_) = job else { return Duration::ZERO };
        self.clock.span(self.describe_pause)
    }

    /// Waits until a call has been answered or a poller is due.
    async fn turn(&mut self) {
        let wake = self.state.wake().unwrap_or(Timestamp::MAX);
        tokio::select! {
            Some(ended) = self.jobs.join_next_with_id(), if !self.jobs.is_empty() => {
                self.take(ended);
            }
            () = self.clock.sleep_until(wake) => {}
            // A clock that is set back would be waited for as long as it was set back.
            () = tokio::time::sleep(HEARTBEAT) => {}
        }
    }

    fn take(&mut self, ended: Result<(Id, Answer), JoinError>) {
        let now = self.clock.now();
        match ended {
            Ok((id, answer)) => {
                self.running.remove(&id);
                self.state.answer(answer, now);
            }
            Err(error) => {
                if let Some(job) = self.running.remove(&error.id()) {
                    self.state.broken(job, &error, now);
                }
            }
        }
        if let Some(connection) = self.state.take_connection() {
            self.connection = connection;
        }
    }
}
