//! Changing things by keys: from a verdict to a write that AWS has taken, and back.

mod choices;
mod journey;
mod moto;
mod policy;
mod preview;
mod random;
mod refusals;

use crate::journeys::keys;
use crate::screens::stores::options;
use ddbtop::app::{App, Effect, Msg, Options};
use ddbtop::aws::{Connection, connect_simulated};
use ddbtop::clock::Clock;
use ddbtop::poll::{Feed, Interest, Settings, run};
use ddbtop::report::snapshot::text;
use ddbtop::write::journal::JournalFile;
use ddbtop::write::{Desk, Report, Run, carry_out};
use ddbtop_sim::front::in_process::InProcess;
use ddbtop_sim::scenario::Scenario;
use ddbtop_sim::world::{World, WorldOptions};
use jiff::{SignedDuration, Timestamp};
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::{Notify, mpsc, watch};

/// A dashboard without its terminal: the pollers, the application, and the executor of writes.
struct Dashboard {
    connection: Connection,
    clock: Clock,
    app: App,
    updates: mpsc::Receiver<ddbtop::model::update::Update>,
    interest: watch::Sender<Interest>,
    refresh: Arc<Notify>,
    /// Where the journal is.
    path: PathBuf,
    _folder: TempDir,
    written: mpsc::UnboundedReceiver<Msg>,
    told: mpsc::UnboundedSender<Msg>,
    size: (u16, u16),
    /// What went to the clipboard, the newest last.
    copied: Vec<String>,
}

/// A simulated world at its start, and the time in it.
fn simulated(scenario: Scenario) -> (World, Connection, Clock) {
    let world = World::new(&WorldOptions { scenario, seed: 1, tables: None });
    let origin = SignedDuration::from_secs_f64(world.start());
    let clock = Clock::simulated(Timestamp::from_duration(origin).unwrap(), 1.0);
    let told = clock.clone();
    let now = Arc::new(move || told.now().as_duration().as_secs_f64());
    let http = InProcess::new(world.clone(), now);
    let connection = connect_simulated(http, &world.account().region, clock.clone());
    (world, connection, clock)
}

impl Dashboard {
    /// A dashboard that may change things.
    fn open(connection: Connection, clock: Clock) -> Self {
        Self::open_with(connection, clock, options())
    }

    fn open_with(connection: Connection, clock: Clock, options: Options) -> Self {
        let first = Interest { last_key: clock.now(), ..Interest::default() };
        let (interest, watched) = watch::channel(first);
        let (out, updates) = mpsc::channel(1024);
        let (told, written) = mpsc::unbounded_channel();
        let refresh = Arc::new(Notify::new());
        let feed = Feed::new(watched, refresh.clone());
        // Nobody else reads this AWS: it may be described at once.
        let settings = Settings { describe_per_second: 10_000, ..Settings::default() };
        tokio::spawn(run(connection.clone(), clock.clone(), settings, feed, out));
        let folder = tempfile::tempdir().unwrap();
        let mut dashboard = Self {
            connection,
            clock,
            app: App::new(options),
            updates,
            interest,
            refresh,
            path: folder.path().join("journal.jsonl"),
            _folder: folder,
            written,
            told,
            size: (80, 24),
            copied: vec![],
        };
        dashboard.tell(Msg::Resize(80, 24));
        dashboard
    }

    fn journal(&self) -> JournalFile {
        JournalFile::at(self.path.clone())
    }

    fn tell(&mut self, msg: Msg) {
        for effect in self.app.handle(msg, self.clock.now()) {
            match effect {
                Effect::Interest(looked_at) => self.interest.send_modify(|interest| {
                    interest.visible =
                        looked_at.visible.into_iter().map(|it| it.resource).collect();
                    interest.open = looked_at.open.map(|it| it.resource);
                }),
                Effect::Copy(text) => self.copied.push(text),
                Effect::Refresh => self.refresh.notify_one(),
                Effect::Write(confirmed) => {
                    let desk = Desk {
                        connection: self.connection.clone(),
                        clock: self.clock.clone(),
                        journal: self.journal(),
                        store: self.app.store().clone(),
                        run: Run::new(&mut fastrand::Rng::with_seed(1)),
                        names: fastrand::Rng::new(),
                    };
                    let (told, journal) = (self.told.clone(), self.journal());
                    tokio::spawn(async move {
                        let report = |report| {
                            let _ = told.send(match report {
                                Report::Progress(progress) => Msg::Written(Box::new(progress)),
                                Report::Read(update) => Msg::Updates(vec![update]),
                            });
                        };
                        carry_out(desk, *confirmed, report).await;
                        let recorded = journal.read().ok().flatten().unwrap_or_default();
                        let _ = told.send(Msg::Journal(recorded, None));
                    });
                }
                Effect::Remember(_) => {}
                Effect::Quit
                | Effect::QuitKeepScreen
                | Effect::Suspend
                | Effect::Read(_)
                | Effect::Redraw
                | Effect::Mouse(_)
                | Effect::Export
                | Effect::Theme(_)
                | Effect::Replay(_) => panic!("{effect:?}"),
            }
        }
    }

    fn press(&mut self, typed: &str) {
        for key in keys(typed) {
            self.tell(Msg::Key(key));
        }
    }

    /// Lets virtual seconds pass while news come in.
    async fn pass(&mut self, seconds: i64) {
        let until = self.clock.now() + SignedDuration::from_secs(seconds);
        loop {
            tokio::select! {
                biased;
                Some(msg) = self.written.recv() => self.tell(msg),
                Some(update) = self.updates.recv() => self.tell(Msg::Updates(vec![update])),
                () = self.clock.sleep_until(until) => return self.tell(Msg::Tick),
            }
        }
    }

    fn shown(&self) -> String {
        text(&self.app.screen(self.clock.now()), self.size.0, self.size.1)
    }

    #[track_caller]
    fn assert_shows(&self, wanted: &str) {
        let shown = self.shown();
        assert!(shown.contains(wanted), "no `{wanted}` in\n{shown}");
    }
}
