//! The polling engines, one for each connection, as the loop sees them: all tell the same channel.

use super::source::Sources;
use crate::app::{Interest, Msg, Target};
use crate::aws::{ConnectError, Connection};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::id::Scope;
use crate::model::time::Minute;
use crate::model::update::Update;
use crate::poll;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};

/// Every engine.
#[derive(Debug)]
pub(super) struct Engines(Vec<Engine>);

/// One engine.
#[derive(Debug)]
struct Engine {
    /// Where it reads, and with what; set before it tells anything.
    reached: Arc<OnceLock<(Scope, Connection)>>,
    interest: watch::Sender<poll::Interest>,
    refresh: Arc<Notify>,
}

/// What an engine is run with.
struct Run {
    clock: Clock,
    settings: poll::Settings,
    feed: poll::Feed,
    reached: Arc<OnceLock<(Scope, Connection)>>,
}

/// What engines tell of themselves.
#[derive(Clone)]
struct Telling {
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
        let (mut engines, mut runs) = (vec![], vec![]);
        for settings in sources.settings(config) {
            let last_key = sources.clock.now();
            let first = poll::Interest { last_key, ..poll::Interest::default() };
            let (interest, watched) = watch::channel(first);
            let (refresh, reached) = (Arc::new(Notify::new()), Arc::default());
            let feed = poll::Feed { interest: watched, refresh: Arc::clone(&refresh) };
            let clock = sources.clock.clone();
            runs.push(Run { clock, settings, feed, reached: Arc::clone(&reached) });
            engines.push(Engine { reached, interest, refresh });
        }
        let telling = Telling { news, told, taken: Arc::default() };
        (Self(engines), tokio::spawn(poll_for_ever(sources, runs, telling)))
    }

    /// Tells all pollers that somebody is here; once a minute is enough.
    pub(super) fn note_key(&self, now: Timestamp) {
        for engine in &self.0 {
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
        self.0.iter().for_each(|engine| engine.refresh.notify_one());
    }

    /// Tells each engine what the user looks at of what it reads.
    pub(super) fn look_at(&self, looked_at: &Interest) {
        for engine in &self.0 {
            let Some((scope, _)) = engine.reached.get() else { continue };
            engine.interest.send_if_modified(|interest| look_at(interest, scope, looked_at));
        }
    }

    /// The connection to a scope, once there is one.
    pub(super) fn connection(&self, scope: &Scope) -> Option<Connection> {
        let reached = self.0.iter().filter_map(|engine| engine.reached.get());
        reached.filter(|(of, _)| of == scope).map(|(_, connection)| connection.clone()).next()
    }
}

/// Runs all engines; one that cannot be connected to leaves the others whole.
async fn poll_for_ever(
    sources: Sources,
    runs: Vec<Run>,
    telling: Telling,
) -> Result<(), ConnectError> {
    let mut polling = JoinSet::new();
    for (run, connection) in runs.into_iter().zip(sources.connect().await?) {
        match connection {
            Ok(connection) => {
                polling.spawn(poll(connection, run, telling.clone()));
            }
            Err(lost) => {
                // Nobody listens any more where the program is about to end.
                let _ = telling.news.send(*lost).await;
            }
        }
    }
    let mut broken = None;
    while let Some(ended) = polling.join_next().await {
        let Err(error) = ended else { continue };
        let problem = "reading one account or region broke down: start again";
        let _ = telling.told.send(Msg::Problem(problem.to_owned()));
        broken = error.try_into_panic().ok();
    }
    match broken {
        Some(panic) => resume_unwind(panic),
        None => Ok(()),
    }
}

/// Runs one engine, unless another one reads the same already.
async fn poll(connection: Connection, run: Run, telling: Telling) {
    let Run { clock, settings, feed, reached } = run;
    let Telling { news, told, taken } = telling;
    let first = feed.interest.borrow().clone();
    let pollers = tokio::select! {
        pollers = poll::identify(connection.clone(), clock, settings, first) => pollers,
        () = news.closed() => return,
    };
    let scope = pollers.scope().clone();
    let profile = connection.profile().map(str::to_owned);
    let is_first = taken.lock().unwrap_or_else(PoisonError::into_inner).insert(scope.clone());
    if !is_first {
        // Nobody listens any more where the program is about to end.
        let _ = told.send(Msg::Problem(twice(&scope, profile.as_deref())));
        return;
    }
    if let Some(profile) = profile {
        let _ = told.send(Msg::Reached(scope.clone(), profile));
    }
    let _ = reached.set((scope, connection));
    pollers.run(feed, news).await;
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
mod tests {
    use super::*;
    use crate::model::id::Resource;

    #[test]
    fn pollers_wake_only_for_other_rows_another_table_or_other_keys() {
        let scope = Scope::new("aws", "123456789012", "us-east-1");
        let elsewhere = Scope::new("aws", "123456789012", "eu-west-1");
        let looked_at = |visible: &[&str], open: Option<&str>, hot_keys: Option<&str>| {
            let target =
                |name: &&str| Target { scope: scope.clone(), resource: Resource::table(name) };
            let visible = visible.iter().map(target).collect();
            let (open, hot_keys) = (open.as_ref().map(target), hot_keys.as_ref().map(target));
            Interest { visible, open, alarm: None, hot_keys, cluster: None }
        };
        let mut interest = poll::Interest::default();
        for (visible, open, hot_keys, expected) in [
            (&["orders", "carts"][..], None, None, true),
            (&["carts", "orders"], None, None, false),
            (&["carts"], None, None, true),
            (&["carts"], Some("carts"), None, true),
            (&["carts"], Some("carts"), None, false),
            (&[], Some("carts"), None, true),
            (&[], None, Some("carts"), true),
            (&[], None, Some("carts"), false),
            (&[], None, Some("orders"), true),
        ] {
            let is_other = look_at(&mut interest, &scope, &looked_at(visible, open, hot_keys));
            assert_eq!(is_other, expected, "{visible:?} {open:?} {hot_keys:?}");
            let asked = interest.hot_keys.as_ref().map(Resource::short_name);
            assert_eq!(asked, hot_keys);
            let mut others = poll::Interest::default();
            let is_other = look_at(&mut others, &elsewhere, &looked_at(visible, open, hot_keys));
            assert!(!is_other, "another region has nothing to do with it: {others:?}");
        }
    }
}
