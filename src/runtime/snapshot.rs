//! `snapshot`: one poll, printed.

use super::look::{self, Look};
use super::once;
use super::signals::Signals;
use super::source::{Sources, app_options};
use super::{Ending, Failure, drawing, put_out, tell};
use crate::app::pane::Pane;
use crate::app::{App, Msg};
use crate::cli::{FailOn, PaneChoice, Snapshot, SnapshotFormat};
use crate::config::Config;
use crate::diagnose::Severity;
use crate::model::health::{CallError, ErrorClass, Outcome, Poller};
use crate::store::{Health, Reading, Store, unknown_behind};
use crate::ui::theme::Theme;
use crate::view::places::{Places, Profiles};
use crate::{app, report};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Polls once and prints what was read, even if that is not everything.
pub(super) async fn run(config: &Config, flags: &Snapshot) -> Result<Ending, Failure> {
    check_terminal(flags)?;
    // A simulated world stands still, so that the same seed prints the same everywhere.
    let sources = Sources::new(&config.target, 0.0)?;
    let mut signals = Signals::new()?;
    tokio::select! {
        ending = signals.next() => Ok(ending),
        ending = read_and_print(config, flags, &sources) => ending,
    }
}

/// Refuses bytes that a terminal cannot show.
fn check_terminal(flags: &Snapshot) -> Result<(), Failure> {
    if flags.format == SnapshotFormat::Png && is_for_terminal(flags) {
        return Err(Failure::PictureOnTerminal);
    }
    Ok(())
}

fn is_for_terminal(flags: &Snapshot) -> bool {
    flags.out.is_none() && io::stdout().is_terminal()
}

async fn read_and_print(
    config: &Config,
    flags: &Snapshot,
    sources: &Sources,
) -> Result<Ending, Failure> {
    let (options, theme) = dressed(config, flags, app_options(config, sources))?;
    let place = (flags.size, pane(flags.pane));
    let Once { app, now } = poll_once(config, sources, options, place).await?;
    print_screen((&app, theme.as_ref()), flags, now)
}

/// The options as the format wants them, and the theme of what has colours. Before anything is read: a theme that
/// does not exist is told at once.
fn dressed(
    config: &Config,
    flags: &Snapshot,
    mut options: app::Options,
) -> Result<(app::Options, Option<Theme>), Failure> {
    options.include_settling = flags.include_settling;
    let theme = match flags.format {
        SnapshotFormat::Svg | SnapshotFormat::Png => {
            (options.marker, options.charset) = look::of_pictures(config);
            Some(drawing::theme(config)?)
        }
        SnapshotFormat::Ansi if is_for_terminal(flags) => Some(Look::new(config)?.said(config)?),
        SnapshotFormat::Ansi => Some(Look::for_elsewhere(config)?.said(config)?),
        SnapshotFormat::Text | SnapshotFormat::Json => {
            let _no_colours = drawing::theme(config)?;
            None
        }
    };
    Ok((options, theme))
}

/// Prints a moment of a recording.
pub(super) fn of_recording(
    config: &Config,
    options: app::Options,
    store: Store,
    flags: &Snapshot,
    now: Timestamp,
) -> Result<Ending, Failure> {
    check_terminal(flags)?;
    let (options, theme) = dressed(config, flags, options)?;
    let app = replayed(options, store, (flags.size, pane(flags.pane)), now);
    print_screen((&app, theme.as_ref()), flags, now)
}

/// An application of so many columns and rows, on this pane, over what was recorded until `now`.
pub(super) fn replayed(
    options: app::Options,
    store: Store,
    ((width, height), pane): ((u16, u16), Pane),
    now: Timestamp,
) -> App {
    let mut app = App::new(options);
    app.handle(Msg::Resize(width, height), now);
    app.go_to(pane);
    app.handle(Msg::Replayed(Box::new(store)), now);
    app
}

/// Prints what the application shows or knows.
fn print_screen(
    (app, theme): (&App, Option<&Theme>),
    flags: &Snapshot,
    now: Timestamp,
) -> Result<Ending, Failure> {
    let scene = |theme| drawing::scene(app, theme, flags.size, now);
    let data = match (flags.format, theme) {
        (SnapshotFormat::Svg, Some(theme)) => scene(theme).svg().into_bytes(),
        (SnapshotFormat::Png, Some(theme)) => scene(theme).png(drawing::SCALE)?,
        (SnapshotFormat::Ansi, Some(theme)) => {
            report::snapshot::ansi(&app.screen(now), theme, flags.size)
        }
        (SnapshotFormat::Json, _) => json(app, now).into_bytes(),
        (
            SnapshotFormat::Text | SnapshotFormat::Ansi | SnapshotFormat::Svg | SnapshotFormat::Png,
            _,
        ) => {
            let (width, height) = flags.size;
            report::snapshot::text(&app.screen(now), width, height).into_bytes()
        }
    };
    deliver(&data, flags.out.as_deref())?;
    Ok(ending(app, flags, now))
}

/// What one poll has told.
pub(super) struct Once {
    pub(super) app: App,
    /// When it was read.
    pub(super) now: Timestamp,
}

/// Polls once into an application of so many columns and rows, on this pane.
///
/// # Errors
/// An AWS that cannot even be set up.
pub(super) async fn poll_once(
    config: &Config,
    sources: &Sources,
    options: app::Options,
    ((width, height), pane): ((u16, u16), Pane),
) -> Result<Once, Failure> {
    let clock = sources.clock.clone();
    let mut app = App::new(options);
    app.handle(Msg::Resize(width, height), clock.now());
    let once::Read { updates, profiles } = once::read(config, sources).await?;
    let now = clock.now();
    app.read_with(profiles);
    // Before the news, since some panes choose their rows when news come.
    app.go_to(pane);
    app.handle(Msg::Updates(updates), now);
    Ok(Once { app, now })
}

fn pane(choice: PaneChoice) -> Pane {
    match choice {
        PaneChoice::Tables => Pane::Tables,
        PaneChoice::Table => Pane::Table,
        PaneChoice::HotKeys => Pane::HotKeys,
        PaneChoice::Scaling => Pane::Scaling,
        PaneChoice::Dax => Pane::Dax,
        PaneChoice::Alarms => Pane::Alarms,
        PaneChoice::Timeline => Pane::Timeline,
        PaneChoice::Pollers => Pane::Pollers,
    }
}

/// Writes to a file, which nobody else may read where it is new, or to standard output.
pub(super) fn deliver(data: &[u8], out: Option<&Path>) -> Result<(), Failure> {
    match out {
        Some(path) => {
            let place = format!("writing {}", path.display());
            let mut options = OpenOptions::new();
            let file = options.write(true).create(true).truncate(true).mode(0o600).open(path);
            file.and_then(|mut file| file.write_all(data)).map_err(Failure::system(place))
        }
        None => put_out(data).map(|_| ()),
    }
}

fn json(app: &App, now: Timestamp) -> String {
    let readings = app.read(now);
    let judged: Vec<_> =
        readings.iter().map(|reading| (*reading, app.verdicts(reading.scope()))).collect();
    format!("{:#}\n", report::snapshot::json(&judged, now))
}

/// Says on standard error what could not be read, and decides what the exit code tells.
fn ending(app: &App, flags: &Snapshot, now: Timestamp) -> Ending {
    let readings = app.read(now);
    complain(&readings, app.profiles());
    let troubled = |reading: &Reading<'_>| {
        app.verdicts(reading.scope()).iter().any(|verdict| verdict.severity == Severity::Trouble)
    };
    if unread(&readings) {
        Ending::Unread
    } else if flags.fail_on == Some(FailOn::Verdict) && readings.iter().any(troubled) {
        Ending::Trouble
    } else {
        Ending::Fine
    }
}

/// Whether something could not be read without which there is nothing to go by; the rest only leaves
/// gaps.
pub(super) fn unread(readings: &[Reading<'_>]) -> bool {
    let failed = |reading: &Reading<'_>| {
        [Poller::Tables, Poller::Metrics].into_iter().any(|needed| {
            let health = reading.health(needed);
            health.is_some_and(|health| matches!(health.last.outcome, Outcome::Failed(_)))
        })
    };
    readings.is_empty() || readings.iter().any(failed)
}

/// Says on standard error what could not be read. What stops every poller, such as expired
/// credentials, is told once.
pub(super) fn complain(readings: &[Reading<'_>], profiles: &Profiles) {
    let places = Places::of(readings.iter().map(|reading| reading.scope()));
    let told = readings.iter().flat_map(|reading| {
        let (profile, prefix) = (profiles.of(reading.scope()), places.prefix(reading.scope()));
        let errors = healths(*reading).filter_map(|health| health.last.outcome.error());
        let lines: Vec<String> = errors.flat_map(|error| complaints(error, profile)).collect();
        lines.into_iter().map(move |line| format!("{prefix}{line}"))
    });
    let told: Vec<String> = told.collect();
    let mut once = BTreeSet::new();
    told.iter().filter(|line| once.insert(line.as_str())).for_each(|line| tell(line));
    for line in unknown_behind(readings) {
        tell(&line);
    }
}

fn healths(reading: Reading<'_>) -> impl Iterator<Item = &Health> {
    Poller::ALL.into_iter().filter_map(move |poller| reading.health(poller))
}

/// The lines about one failed call: what happened, unless the cure says it, and the cure.
fn complaints(error: &CallError, profile: Option<&str>) -> Vec<String> {
    let cure = error.cure(profile);
    match error.class {
        ErrorClass::Expired | ErrorClass::NoCredentials | ErrorClass::NoRegion => {
            cure.into_iter().collect()
        }
        // The same for every action: named by the transport's words alone.
        ErrorClass::Network => [Some(error.message.clone()), cure].into_iter().flatten().collect(),
        ErrorClass::Throttled
        | ErrorClass::Denied
        | ErrorClass::TimedOut
        | ErrorClass::Server
        | ErrorClass::Unreadable
        | ErrorClass::Rejected => [Some(error.to_string()), cure].into_iter().flatten().collect(),
    }
}
