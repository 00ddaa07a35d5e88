//! The polling engines, one for each connection, as the loop sees them: all tell the same channel.

use super::source::{self, Sources, Way};
use crate::app::{Interest, Msg, Standing, Target};
use crate::aws::{ConnectError, Connection};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::id::Scope;
use crate::model::time::Minute;
use crate::model::update::{News, Update};
use crate::poll;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};

/// Every engine.
pub(super) struct Engines {
    sources: Sources,
    /// How engines are set up, but for their shares.
    settings: poll::Settings,
    running: Vec<Engine>,
    /// What the user looks at.
    looked_at: Interest,
    /// Engines that were ever started.
    started: u64,
    orders: mpsc::UnboundedSender<Order>,
}

/// One engine; it ends when this is dropped.
#[derive(Debug)]
struct Engine {
    way: Way,
    /// Set before it tells anything.
    reached: Arc<OnceLock<Reached>>,
    interest: watch::Sender<poll::Interest>,
    budget: watch::Sender<Option<f64>>,
    refresh: Arc<Notify>,
    ended: oneshot::Receiver<()>,
    #[expect(dead_code, reason = "that it is dropped is what it says")]
    life: oneshot::Sender<()>,
}

/// What became of an engine.
#[derive(Debug)]
enum Reached {
    /// It reads this scope.
    Scope(Scope, Connection),
    /// It could not be connected, and told so under this scope.
    Nothing(Scope),
    /// Another one reads the same.
    TheSame,
}

/// What an engine is run with.
struct Run {
    way: Way,
    settings: poll::Settings,
    feed: poll::Feed,
    reached: Arc<OnceLock<Reached>>,
    /// Over when the engine is to end.
    life: oneshot::Receiver<()>,
    /// Dropped when it has ended.
    ended: oneshot::Sender<()>,
}

/// Engines to start, once others have ended.
struct Order {
    after: Vec<Leaving>,
    runs: Vec<Run>,
}

/// An engine that is to end, or broke down before.
struct Leaving {
    reached: Arc<OnceLock<Reached>>,
    ended: oneshot::Receiver<()>,
}

/// What engines tell of themselves.
#[derive(Clone)]
struct Telling {
    clock: Clock,
    news: mpsc::Sender<Update>,
    told: mpsc::UnboundedSender<Msg>,
    /// The scopes that are read.
    taken: Arc<Mutex<BTreeSet<Scope>>>,
}

impl Engines {
    /// Starts an engine for each source. News go to `news`, everything else to `told`. The task ends
    /// where no source can be connected to.
    pub(super) fn start(
        sources: Sources,
        config: &Config,
        news: mpsc::Sender<Update>,
        told: mpsc::UnboundedSender<Msg>,
    ) -> (Self, JoinHandle<Result<(), ConnectError>>) {
        let (orders, ordered) = mpsc::unbounded_channel();
        let telling = Telling { clock: sources.clock.clone(), news, told, taken: Arc::default() };
        let settings = source::poll_settings(config);
        let ways = sources.ways().to_vec();
        let (running, looked_at) = (vec![], Interest::default());
        let mut this = Self { sources, settings, running, looked_at, started: 0, orders };
        let count = ways.len();
        let runs = ways.into_iter().map(|way| this.add(way, count)).collect();
        let beside = supervise(this.sources.clone(), runs, ordered, telling);
        (this, tokio::spawn(beside))
    }

    /// Makes an engine that is yet to be run, one of `count`.
    fn add(&mut self, way: Way, count: usize) -> Run {
        let settings = source::settings(&self.settings, &way, self.started, count);
        self.started = self.started.wrapping_add(1);
        let last_key = self.sources.clock.now();
        let (interest, watched) =
            watch::channel(poll::Interest { last_key, ..poll::Interest::default() });
        let (budget, share) = watch::channel(settings.budget_usd_per_hour);
        let (refresh, reached) = (Arc::new(Notify::new()), Arc::default());
        let feed = poll::Feed::new(watched, Arc::clone(&refresh)).with_budget(share);
        let ((life, is_over), (ended, has_ended)) = (oneshot::channel(), oneshot::channel());
        self.running.push(Engine {
            way: way.clone(),
            reached: Arc::clone(&reached),
            interest,
            budget,
            refresh,
            ended: has_ended,
            life,
        });
        Run { way, settings, feed, reached, life: is_over, ended }
    }

    /// Reads other profiles and regions from now on. What is read already goes on; what is left is told in
    /// [`News::Left`].
    ///
    /// # Errors
    /// [`ConnectError::Region`]; then nothing changes.
    pub(super) fn switch(&mut self, config: &Config) -> Result<Standing, ConnectError> {
        let mut ways = self.sources.ways_to(&config.target.selection())?;
        let count = ways.len();
        let (mut kept, mut left) = (vec![], vec![]);
        for mut engine in self.running.drain(..) {
            match ways.iter().position(|way| engine.leads(way)) {
                Some(place) => {
                    engine.way = ways.swap_remove(place);
                    kept.push(engine);
                }
                None => left.push(engine),
            }
        }
        self.running = kept;
        let share = source::share(self.settings.budget_usd_per_hour, count);
        for engine in &self.running {
            engine.budget.send_replace(share);
        }
        let runs = ways.into_iter().map(|way| self.add(way, count)).collect();
        let after = left.into_iter().map(Engine::leave).collect();
        // Nobody listens any more where the program is about to end.
        let _ = self.orders.send(Order { after, runs });
        Ok(source::standing(config, &self.sources))
    }

    /// Tells all pollers that somebody is here; once a minute is enough.
    pub(super) fn note_key(&self, now: Timestamp) {
        for engine in &self.running {
            engine.interest.send_if_modified(|interest| {
                let later = Minute::containing(now) != Minute::containing(interest.last_key);
                if later {
                    interest.last_key = now;
                }
                later
            });
        }
    }

    /// Reads everything from AWS now.
    pub(super) fn refresh(&self) {
        self.running.iter().for_each(|engine| engine.refresh.notify_one());
    }

    /// Tells each engine what the user looks at of what it reads.
    pub(super) fn look_at(&mut self, looked_at: Interest) {
        self.looked_at = looked_at;
        self.catch_up();
    }

    /// Tells the same to engines that did not know what they read then.
    pub(super) fn catch_up(&self) {
        for engine in &self.running {
            let Some((scope, _)) = engine.scope() else { continue };
            engine.interest.send_if_modified(|interest| look_at(interest, scope, &self.looked_at));
        }
    }

    /// The connection to a scope, once there is one.
    pub(super) fn connection(&self, scope: &Scope) -> Option<Connection> {
        let mut reached = self.running.iter().filter_map(Engine::scope);
        reached.find(|(of, _)| *of == scope).map(|(_, connection)| connection.clone())
    }
}

impl Engine {
    /// Where it reads, and with what.
    fn scope(&self) -> Option<(&Scope, &Connection)> {
        match self.reached.get()? {
            Reached::Scope(scope, connection) => Some((scope, connection)),
            Reached::Nothing(_) | Reached::TheSame => None,
        }
    }

    /// Ends it.
    fn leave(self) -> Leaving {
        Leaving { reached: self.reached, ended: self.ended }
    }

    /// Whether it reads what a way leads to, or is about to. One that failed or broke down is to be tried again.
    fn leads(&mut self, way: &Way) -> bool {
        let has_ended = self.ended.try_recv() == Err(TryRecvError::Closed);
        let is_same_region = match self.reached.get() {
            _ if has_ended => false,
            None => self.way.region == way.region,
            Some(Reached::Scope(_, connection)) => {
                let named = way.region.as_deref();
                self.way.region == way.region || named == Some(connection.region())
            }
            Some(Reached::Nothing(_) | Reached::TheSame) => false,
        };
        is_same_region && self.way.profile == way.profile
    }
}

/// Runs all engines; one that cannot be connected to leaves the others whole.
async fn supervise(
    sources: Sources,
    first: Vec<Run>,
    mut orders: mpsc::UnboundedReceiver<Order>,
    telling: Telling,
) -> Result<(), ConnectError> {
    let mut running = JoinSet::new();
    for (run, connection) in first.into_iter().zip(sources.connect().await?) {
        running.spawn(engine(run, connection, telling.clone()));
    }
    loop {
        tokio::select! {
            order = orders.recv() => {
                let Some(Order { after, runs }) = order else { return Ok(()) };
                for leaving in after {
                    telling.left(leaving).await;
                }
                for run in runs {
                    let (sources, telling) = (sources.clone(), telling.clone());
                    running.spawn(async move {
                        let connection = sources.connect_to(&run.way).await;
                        engine(run, connection, telling).await;
                    });
                }
            }
            Some(ended) = running.join_next() => {
                let Some(panic) = ended.err().and_then(|error| error.try_into_panic().ok()) else {
                    continue;
                };
                if running.is_empty() {
                    resume_unwind(panic);
                }
                telling.problem("reading one account or region broke down: start again".to_owned());
            }
        }
    }
}

/// Runs one engine until its life is over.
async fn engine(run: Run, connection: Result<Connection, Box<Update>>, telling: Telling) {
    let Run { settings, feed, reached, life, ended: _until_the_end, .. } = run;
    tokio::select! {
        _ = life => {}
        () = telling.news.closed() => {}
        () = read(connection, (settings, feed), &reached, &telling) => {}
    }
}

/// Reads for ever, unless there is nothing to read, or another engine reads the same already.
async fn read(
    connection: Result<Connection, Box<Update>>,
    (settings, feed): (poll::Settings, poll::Feed),
    reached: &OnceLock<Reached>,
    telling: &Telling,
) {
    let connection = match connection {
        Ok(connection) => connection,
        Err(lost) => {
            let _ = reached.set(Reached::Nothing(lost.scope.clone()));
            telling.news(*lost).await;
            return std::future::pending().await;
        }
    };
    let first = feed.interest();
    let pollers = poll::identify(connection.clone(), telling.clock.clone(), settings, first).await;
    let scope = pollers.scope().clone();
    let profile = connection.profile().map(str::to_owned);
    let is_first = telling.taken().insert(scope.clone());
    if !is_first {
        let _ = reached.set(Reached::TheSame);
        telling.problem(twice(&scope, profile.as_deref()));
        return std::future::pending().await;
    }
    if let Some(profile) = profile {
        let _ = telling.told.send(Msg::Reached(scope.clone(), profile));
    }
    let _ = reached.set(Reached::Scope(scope, connection));
    pollers.run(feed, telling.news.clone()).await;
}

/// Nobody listens any more where the program is about to end: what cannot be told then is dropped.
impl Telling {
    async fn news(&self, update: Update) {
        let _ = self.news.send(update).await;
    }

    /// Waits until an engine has ended, and tells that its scope is left: nothing of it comes later.
    async fn left(&self, leaving: Leaving) {
        // One that was found to have ended must not be waited for.
        if !leaving.ended.is_terminated() {
            // It never says anything: it is dropped.
            let _ = leaving.ended.await;
        }
        let scope = match leaving.reached.get() {
            Some(Reached::Scope(scope, _)) => {
                self.taken().remove(scope);
                scope
            }
            Some(Reached::Nothing(scope)) => scope,
            Some(Reached::TheSame) | None => return,
        };
        let left = Update { scope: scope.clone(), at: self.clock.now(), news: News::Left };
        self.news(left).await;
    }

    fn problem(&self, problem: String) {
        let _ = self.told.send(Msg::Problem(problem));
    }

    fn taken(&self) -> MutexGuard<'_, BTreeSet<Scope>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is said of a profile that leads where another one does.
pub(super) fn twice(scope: &Scope, profile: Option<&str>) -> String {
    let place = format!("{} {}", scope.account(), scope.region());
    let profile = profile.unwrap_or("default");
    format!("profile {profile} is left out: {} is read with another one", place.trim())
}

/// Notes what the user looks at in `scope`; whether that is something else than before, in whatever
/// order it is on the screen.
fn look_at(interest: &mut poll::Interest, scope: &Scope, looked_at: &Interest) -> bool {
    let here = |target: &&Target| target.scope == *scope;
    let resource = |target: &Target| target.resource.clone();
    let named = |(of, name): &(Scope, Arc<str>)| (of == scope).then(|| Arc::clone(name));
    let present = poll::Interest {
        visible: looked_at.visible.iter().filter(here).map(resource).collect(),
        open: looked_at.open.as_ref().filter(here).map(resource),
        alarm: looked_at.alarm.as_ref().and_then(named),
        hot_keys: looked_at.hot_keys.as_ref().filter(here).map(resource),
        cluster: looked_at.cluster.as_ref().and_then(named),
        last_key: interest.last_key,
    };
    let is_other = *interest != present;
    *interest = present;
    is_other
}

#[cfg(test)]
mod tests;
