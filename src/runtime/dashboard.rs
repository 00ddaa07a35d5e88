//! The dashboard: one loop that takes keys, news and signals, and paints what changed.
//!
//! Nothing in the loop waits for AWS: pollers run beside it and only their news come in, so a key
//! is answered, and Ctrl-c quits, even while every call hangs.

use super::keys;
use super::remember;
use super::signals::Signals;
use super::source::{Source, app_options, poll_settings};
use super::terminal::{Screen, restore_on_panic};
use super::{Ending, Failure};
use crate::app::{App, Effect, Msg, Options};
use crate::aws::ConnectError;
use crate::clock::Clock;
use crate::config::Config;
use crate::model::time::Minute;
use crate::model::update::Update;
use crate::ui::theme::Theme;
use crate::{poll, ui};
use crossterm::event::{Event, EventStream};
use futures_util::StreamExt;
use jiff::{SignedDuration, Timestamp};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until};

/// News that may wait while a frame is painted.
const NEWS_IN_FLIGHT: usize = 1024;
/// Keys that are taken in at once before the next frame, such as those of a held key.
const KEYS_AT_ONCE: usize = 256;
/// News are judged and painted at most this often; a large fleet sends thousands at once.
const NEWS_PACE: Duration = Duration::from_millis(100);
/// The shown clock moves at most this often, however fast simulated time runs.
const TICK: Duration = Duration::from_millis(250);

/// Opens the dashboard and runs it to its end.
pub(super) async fn run(config: &Config) -> Result<Ending, Failure> {
    let source = Source::new(&config.target, 1.0)?;
    let mut signals = Signals::new()?;
    restore_on_panic();
    let screen = Screen::take().map_err(Failure::system("taking over the terminal"))?;
    let clock = source.clock.clone();
    let (news, mut updates) = mpsc::channel(NEWS_IN_FLIGHT);
    let first = poll::Interest { last_key: clock.now(), ..poll::Interest::default() };
    let (interest, watched) = watch::channel(first);
    let refresh = Arc::new(Notify::new());
    let feed = poll::Feed { interest: watched, refresh: Arc::clone(&refresh) };
    let mut dashboard = Dashboard {
        app: App::new(Options { remembered: remember::load(), ..app_options(config, &source) }),
        theme: theme(),
        screen,
        clock,
        interest,
        refresh,
        next_news: Instant::now(),
        changed: true,
    };
    let mut polling = tokio::spawn(poll_for_ever(source, poll_settings(config), feed, news));
    let mut input = EventStream::new().ready_chunks(KEYS_AT_ONCE);
    dashboard.resize();
    loop {
        if let Some(ending) = dashboard.paint() {
            return Ok(ending);
        }
        let next_news = dashboard.next_news;
        let news = async {
            sleep_until(next_news).await;
            updates.recv().await
        };
        let ending = tokio::select! {
            biased;
            ending = signals.next() => Some(ending),
            events = input.next() => dashboard.input(events),
            Some(update) = news => dashboard.news(update, &mut updates),
            () = sleep(dashboard.next_tick()) => dashboard.tell(Msg::Tick),
            ended = &mut polling => match ended {
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

async fn poll_for_ever(
    source: Source,
    settings: poll::Settings,
    feed: poll::Feed,
    news: mpsc::Sender<Update>,
) -> Result<(), ConnectError> {
    let connection = source.connect().await?;
    poll::run(connection, source.clock, settings, feed, news).await;
    Ok(())
}

/// What the loop works on.
struct Dashboard {
    app: App,
    theme: Theme,
    screen: Screen,
    clock: Clock,
    interest: watch::Sender<poll::Interest>,
    refresh: Arc<Notify>,
    /// News that come before this wait for it.
    next_news: Instant,
    /// Whether anything happened since the last frame.
    changed: bool,
}

impl Dashboard {
    fn resize(&mut self) {
        let (width, height) = self.screen.size();
        self.tell(Msg::Resize(width, height));
    }

    fn paint(&mut self) -> Option<Ending> {
        if !std::mem::take(&mut self.changed) {
            return None;
        }
        let view = self.app.screen(self.clock.now());
        let theme = &self.theme;
        unless_gone(
            self.screen
                .draw(|frame| drop(ui::draw(&view, theme, frame.area(), frame.buffer_mut()))),
        )
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
                self.note_key(self.clock.now());
                self.tell(Msg::Key(key))
            }
            Event::Paste(text) => self.tell(Msg::Paste(text.clone())),
            Event::Resize(width, height) => self.tell(Msg::Resize(*width, *height)),
            Event::FocusGained | Event::FocusLost | Event::Mouse(_) => None,
        }
    }

    /// Tells the pollers that somebody is here; once a minute is enough.
    fn note_key(&self, now: Timestamp) {
        self.interest.send_if_modified(|interest| {
            let later = Minute::containing(now) != Minute::containing(interest.last_key);
            if later {
                interest.last_key = now;
            }
            later
        });
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

    /// How long until the shown clock is wrong.
    fn next_tick(&self) -> Duration {
        let now = self.clock.now();
        let into_second = SignedDuration::from_nanos(i64::from(now.subsec_nanosecond()));
        self.clock.until(now + (SignedDuration::from_secs(1) - into_second)).max(TICK)
    }

    fn tell(&mut self, msg: Msg) -> Option<Ending> {
        self.changed = true;
        let effects = self.app.handle(msg, self.clock.now());
        effects.into_iter().find_map(|effect| self.carry_out(effect))
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Ending> {
        match effect {
            Effect::Quit | Effect::QuitKeepScreen => return Some(Ending::Fine),
            Effect::Refresh => self.refresh.notify_one(),
            Effect::Interest(looked_at) => self.interest.send_modify(|interest| {
                interest.visible =
                    looked_at.visible.into_iter().map(|target| target.resource).collect();
                interest.open = looked_at.open.map(|target| target.resource);
            }),
            Effect::Redraw => return unless_gone(self.screen.redraw()),
            // Until the terminal can do these.
            Effect::Copy(_) | Effect::Mouse(_) | Effect::Theme(_) => {}
            Effect::Remember(remembered) => remember::save(&remembered),
            Effect::Suspend => return unless_gone(self.screen.suspend()),
        }
        None
    }
}

/// A terminal that refuses is gone, as after a hang-up.
fn unless_gone(done: io::Result<()>) -> Option<Ending> {
    done.err().map(|_| Ending::HANG_UP)
}

/// Colours, unless the user wants none (<https://no-color.org>).
fn theme() -> Theme {
    let wants_none = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if wants_none { Theme::plain() } else { Theme::colours() }
}
