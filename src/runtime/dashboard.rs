//! The dashboard: one loop that takes keys, news and signals, and paints what changed.
//!
//! An event changes the application, the application's screen is painted as the wanted frame, and
//! [`Pace`] decides how much of that is sent now; the loop wakes by itself for the rest. Nothing in
//! the loop waits: pollers run beside it and only their news come in, so a key is answered, and
//! Ctrl-c quits, even while every call to AWS hangs; and frames and files are written beside it, so
//! a signal ends the program even while the terminal takes nothing.

use super::engines::Engines;
use super::export::{Exporter, simulated};
use super::feed::{Feed, Live};
use super::keys;
use super::look::Look;
use super::pace::{Link, Pace};
use super::recorder::Recorder;
use super::remember::{self, Memory};
use super::replay::{Play, Played};
use super::signals::{JobControl, Signals, Wish};
use super::source::{Sources, app_options};
use super::terminal::{Kind, Screen, Stop, restore_on_panic};
use super::writer::{Moment, Past, Writer};
use super::{Ending, Failure, audit};
use crate::app::{self, App, Effect, Msg, Selection};
use crate::aws::{self, ConnectError};
use crate::cli::Record;
use crate::clock::Clock;
use crate::config::{Config, Target};
use crate::model::update::Update;
use crate::ui;
use crate::ui::theme::{self, Theme};
use crate::write::Run;
use crossterm::event::{Event, EventStream};
use futures_util::StreamExt;
use futures_util::stream::ReadyChunks;
use jiff::SignedDuration;
use std::io;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// What a connection over SSH is taken to bear where nobody says, in bytes a second: a slow mobile
/// one or a congested tunnel.
const SSH_BYTES_PER_SECOND: u32 = 24_000;

/// News that may wait while a frame is painted.
const NEWS_IN_FLIGHT: usize = 1024;
/// Keys that are taken in at once before the next frame, such as those of a held key.
const KEYS_AT_ONCE: usize = 256;
/// News are judged and painted at most this often; a large fleet sends thousands at once.
const NEWS_PACE: Duration = Duration::from_millis(100);
/// The shown clock moves at most this often, however fast simulated time runs.
const TICK: Duration = Duration::from_millis(250);

/// Opens the dashboard and runs it to its end.
pub(super) async fn run(
    config: &Config,
    record: &Record,
    terminal: Kind,
) -> Result<Ending, Failure> {
    let sources = Sources::new(&config.target, 1.0)?;
    let mut options = app_options(config, &sources);
    options.is_recorded = record.record.is_some();
    let scenery = Scenery::new(config, &mut options)?;
    let clock = sources.clock.clone();
    let (told, written) = mpsc::unbounded_channel();
    let recorder = Recorder::new(config, record, &clock, &told)?;
    let (news, updates) = mpsc::channel(NEWS_IN_FLIGHT);
    let exporter = Exporter::new(config, simulated(&config.target), told.clone())?;
    let writer = Writer {
        clock: clock.clone(),
        journal: audit::journal(&config.target),
        run: Run::new(&mut fastrand::Rng::new()),
        past: Past::of(&config.target),
        told: told.clone(),
        reading: std::sync::Arc::default(),
    };
    writer.read_journal(Moment::Start);
    if let Target::Live { .. } = config.target {
        let told = told.clone();
        tokio::spawn(async move { told.send(Msg::Profiles(aws::profiles().await)) });
    }
    let (engines, polling) = Engines::start(sources, config, news, told);
    let (_, played) = mpsc::channel(1);
    let streams = Streams { updates, written, played, beside: polling };
    let feed = Feed::Live(Box::new(Live { writer, recorder, engines }));
    let act = Act { app: App::new(options), scenery, feed, exporter, clock };
    Box::pin(show(config, terminal, act, streams)).await
}

/// Opens a recording in place of AWS: there is no connection, no permit and nothing to record.
pub(super) async fn replay(
    config: &Config,
    mut options: app::Options,
    terminal: Kind,
    play: Play,
) -> Result<Ending, Failure> {
    let scenery = Scenery::new(config, &mut options)?;
    let clock = Clock::simulated(play.from(), 0.0);
    let ((_, updates), (told, written)) = (mpsc::channel(1), mpsc::unbounded_channel());
    let exporter = Exporter::new(config, play.simulated.clone(), told)?;
    let (shown, played) = mpsc::channel(1);
    let (feed, beside) = play.start(shown);
    let streams = Streams { updates, written, played, beside };
    let act = Act { app: App::new(options), scenery, feed, exporter, clock };
    Box::pin(show(config, terminal, act, streams)).await
}

/// What the screen looks like.
struct Scenery {
    look: Look,
    theme: Theme,
}

impl Scenery {
    /// Loads what was remembered, and the theme.
    fn new(config: &Config, options: &mut app::Options) -> Result<Self, Failure> {
        let look = Look::new(config)?;
        options.themes = look.entries().iter().map(|entry| entry.name().to_owned()).collect();
        options.remembered = remember::load(&options.themes);
        let chosen = config.theme.clone().or_else(|| options.remembered.theme.clone());
        options.theme = chosen.unwrap_or_else(|| theme::DEFAULT.to_owned());
        let theme = look.theme(&options.theme)?;
        Ok(Self { look, theme })
    }
}

/// What is shown.
struct Act {
    app: App,
    scenery: Scenery,
    feed: Feed,
    exporter: Exporter,
    clock: Clock,
}

/// What comes of it.
struct Streams {
    updates: mpsc::Receiver<Update>,
    written: mpsc::UnboundedReceiver<Msg>,
    played: mpsc::Receiver<Played>,
    /// Polls, or plays.
    beside: JoinHandle<Result<(), ConnectError>>,
}

/// Takes the terminal over until something ends the program.
async fn show(
    config: &Config,
    terminal: Kind,
    act: Act,
    streams: Streams,
) -> Result<Ending, Failure> {
    let (signals, jobs) = (Signals::new()?, JobControl::new()?);
    restore_on_panic();
    let screen = Screen::take(terminal).map_err(Failure::system("taking over the terminal"))?;
    let Act { app, scenery: Scenery { look, theme }, feed, exporter, clock } = act;
    let mut dashboard = Dashboard {
        config: config.clone(),
        app,
        feed,
        exporter,
        look,
        theme,
        screen,
        pace: Pace::new(link(config)),
        memory: Memory::new(),
        started: Instant::now(),
        resumed: None,
        clock,
        next_news: Instant::now(),
        next_tick: Instant::now(),
        changed: true,
    };
    let input = EventStream::new().ready_chunks(KEYS_AT_ONCE);
    let ended = dashboard.serve(Events { signals, jobs, input, streams }).await;
    // The user gets the terminal back before anything is waited for.
    drop(dashboard.screen);
    dashboard.memory.close().await;
    dashboard.feed.close().await;
    ended
}

/// What the loop waits for.
struct Events {
    signals: Signals,
    jobs: JobControl,
    input: ReadyChunks<EventStream>,
    streams: Streams,
}

/// What the loop works on.
struct Dashboard {
    config: Config,
    app: App,
    feed: Feed,
    exporter: Exporter,
    look: Look,
    theme: Theme,
    screen: Screen,
    pace: Pace,
    memory: Memory,
    /// What the pace counts from.
    started: Instant,
    /// When a stop of our own ended.
    resumed: Option<Duration>,
    clock: Clock,
    /// News that come before this wait for it.
    next_news: Instant,
    /// When the clock on the wanted frame is wrong.
    next_tick: Instant,
    /// Whether anything happened since the last frame.
    changed: bool,
}

impl Dashboard {
    /// Runs until something ends the program.
    async fn serve(&mut self, mut events: Events) -> Result<Ending, Failure> {
        self.start_over();
        loop {
            self.paint();
            let (next_news, next_tick, next_send) =
                (self.next_news, self.next_tick, self.next_send());
            let streams = &mut events.streams;
            let news = async {
                sleep_until(next_news).await;
                streams.updates.recv().await
            };
            let ending = tokio::select! {
                biased;
                ending = events.signals.next() => Some(ending),
                wish = events.jobs.next() => self.job(wish),
                done = self.screen.written() => unless_gone(done),
                input = events.input.next() => self.input(input),
                Some(msg) = streams.written.recv() => self.tell(msg),
                Some(played) = streams.played.recv() => self.played(played),
                Some(update) = news => self.news(update, &mut streams.updates),
                () = sleep_until(next_tick) => self.tell(Msg::Tick),
                () = wait(next_send) => None,
                ended = &mut streams.beside => match ended {
                    Ok(Err(error)) => return Err(error.into()),
                    // Only where nobody listens any more.
                    Ok(Ok(())) => return Ok(Ending::Fine),
                    Err(error) => return Err(Failure::system("polling")(io::Error::other(error))),
                },
            };
            if let Some(ending) = ending {
                return Ok(ending);
            }
        }
    }

    /// How long the dashboard has run.
    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Clears the terminal, whatever its size is now, for a whole frame.
    fn start_over(&mut self) -> Option<Ending> {
        let (width, height) = self.screen.clear();
        self.pace.note_input(self.elapsed());
        self.tell(Msg::Resize(width, height))
    }

    /// Paints the wanted frame if anything happened, and sends what may be sent of it.
    ///
    /// While the terminal still takes in the last frame, or is about to have another size, that has
    /// to wait: one frame will then show all that has happened.
    fn paint(&mut self) {
        let now = self.elapsed();
        if self.screen.is_writing() || self.pace.is_being_resized(now) {
            return;
        }
        if std::mem::take(&mut self.changed) {
            self.draw();
            self.pace.note_frame();
        }
        if let Some(share) = self.pace.share(now) {
            let (bytes, owed) = self.screen.send(share);
            self.pace.note_sent(bytes, owed, now);
        }
    }

    /// Makes what the application shows the wanted frame.
    fn draw(&mut self) {
        let view = self.app.screen(self.clock.now());
        let theme = &self.theme;
        self.screen.paint(|area, buf| ui::draw(&view, theme, area, buf));
    }

    /// When there is something to send without another event.
    fn next_send(&self) -> Option<Instant> {
        if self.screen.is_writing() {
            return None;
        }
        self.pace.wake(self.elapsed()).map(|wake| self.started + wake)
    }

    /// Does what the shell, or whoever stands in for it, wants of its job.
    fn job(&mut self, wish: Wish) -> Option<Ending> {
        match wish {
            Wish::Stop => self.suspend(Stop::Us),
            Wish::Continue => self.resume(),
        }
    }

    /// Takes the terminal over again after somebody else stopped the program.
    fn resume(&mut self) -> Option<Ending> {
        /// The shell's `fg` after a stop of our own tells the same a second time.
        const SAME: Duration = Duration::from_secs(1);
        let now = self.elapsed();
        if self.resumed.is_some_and(|resumed| now < resumed + SAME) {
            return None;
        }
        unless_gone(self.screen.resume()).or_else(|| self.start_over())
    }

    /// Stops as the shell's job; returns when that is continued.
    fn suspend(&mut self, stop: Stop) -> Option<Ending> {
        let stopped = unless_gone(self.screen.suspend(stop));
        self.resumed = Some(self.elapsed());
        stopped.or_else(|| self.start_over())
    }

    /// Takes in what the terminal sent; a terminal that can no longer be read has gone.
    fn input(&mut self, events: Option<Vec<io::Result<Event>>>) -> Option<Ending> {
        let Some(events) = events else { return Some(Ending::HANG_UP) };
        events.into_iter().find_map(|event| match event {
            Ok(event) => self.event(&event),
            Err(_) => Some(Ending::HANG_UP),
        })
    }

    fn event(&mut self, event: &Event) -> Option<Ending> {
        match event {
            Event::Key(event) => {
                let key = keys::key(*event)?;
                self.feed.note_key(self.clock.now());
                self.pace.note_input(self.elapsed());
                self.tell(Msg::Key(key))
            }
            Event::Paste(text) => {
                self.pace.note_input(self.elapsed());
                self.tell(Msg::Paste(text.clone()))
            }
            Event::Resize(..) => {
                self.pace.note_size(self.elapsed());
                self.start_over()
            }
            Event::Mouse(event) => {
                let mouse = keys::mouse(*event)?;
                self.feed.note_key(self.clock.now());
                self.pace.note_input(self.elapsed());
                self.tell(Msg::Mouse(mouse))
            }
            Event::FocusGained | Event::FocusLost => None,
        }
    }

    /// Shows what a recording is at now; its clock stands still in between, so that it never shows a time
    /// whose news have not been played.
    fn played(&mut self, played: Played) -> Option<Ending> {
        match played {
            Played::At(at, store) => {
                self.clock = Clock::simulated(at, 0.0);
                self.tell(store.map_or(Msg::Tick, Msg::Replayed))
            }
            Played::Moments(moments) => self.tell(Msg::Moments(moments)),
            Played::Gaps(told) => self.tell(Msg::Problem(told)),
        }
    }

    fn news(&mut self, first: Update, more: &mut mpsc::Receiver<Update>) -> Option<Ending> {
        let mut updates = vec![first];
        while updates.len() < NEWS_IN_FLIGHT
            && let Ok(update) = more.try_recv()
        {
            updates.push(update);
        }
        let ending = self.tell(Msg::Updates(updates));
        self.next_news = Instant::now() + NEWS_PACE;
        ending
    }

    /// How long until a clock painted now is wrong.
    fn until_next_second(&self) -> Duration {
        let now = self.clock.now();
        let into_second = SignedDuration::from_nanos(i64::from(now.subsec_nanosecond()));
        self.clock.until(now + (SignedDuration::from_secs(1) - into_second)).max(TICK)
    }

    fn tell(&mut self, msg: Msg) -> Option<Ending> {
        self.changed = true;
        self.next_tick = Instant::now() + self.until_next_second();
        let now = self.clock.now();
        self.feed.note(&msg, &self.app, now);
        let effects = self.app.handle(msg, now);
        // What ends the program lets go of nothing that was asked for with it.
        effects.into_iter().fold(None, |ending, effect| {
            let next = self.carry_out(effect);
            ending.or(next)
        })
    }

    /// Reads other profiles and regions from now on.
    fn switch(&mut self, selection: Selection) -> Option<Ending> {
        let config = self.config.reading(selection);
        match self.feed.switch(&config) {
            Ok(Some(standing)) => {
                self.config = config;
                self.tell(Msg::Switched(Box::new(standing)))
            }
            Ok(None) => None,
            Err(error) => self.tell(Msg::Problem(error.to_string())),
        }
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Ending> {
        match effect {
            Effect::Quit => return Some(Ending::Fine),
            Effect::QuitKeepScreen => {
                // What the key was pressed in, such as the box of commands, is not to be left.
                self.draw();
                self.screen.leave_frame_behind();
                return Some(Ending::Fine);
            }
            Effect::Copy(text) => self.screen.copy(&text),
            Effect::Mouse(on) => self.screen.mouse(on),
            Effect::Refresh => self.feed.refresh(),
            Effect::Interest(interest) => self.feed.look_at(interest),
            Effect::Redraw => return self.start_over(),
            Effect::Suspend => return self.suspend(Stop::Job),
            Effect::Theme(name) => {
                if let Ok(theme) = self.look.theme(&name) {
                    self.theme = theme;
                }
            }
            Effect::Remember(remembered) => self.memory.save(remembered),
            Effect::Write(confirmed) => self.feed.write(*confirmed, self.app.store()),
            Effect::Replay(cue) => self.feed.cue(cue),
            Effect::Read(selection) => return self.switch(selection),
            Effect::Export => self.exporter.export(&self.app, self.clock.now()),
        }
        None
    }
}

/// A terminal that refuses is gone, as after a hang-up.
fn unless_gone(done: io::Result<()>) -> Option<Ending> {
    done.err().map(|_| Ending::HANG_UP)
}

/// Waits until `at`, for ever if there is no such time.
async fn wait(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// What the connection to the terminal bears: what the user says, a guess over SSH, no limit
/// otherwise.
fn link(config: &Config) -> Option<Link> {
    let over_ssh = std::env::var_os("SSH_CONNECTION").is_some_and(|value| !value.is_empty());
    match config.link_rate {
        Some(0) => None,
        Some(rate) => Some(Link::Told(rate)),
        None => over_ssh.then_some(Link::Guessed(SSH_BYTES_PER_SECOND)),
    }
}
