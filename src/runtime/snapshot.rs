//! `snapshot`: one poll, printed.

use super::signals::Signals;
use super::source::{Source, app_options, poll_settings};
use super::{Ending, Failure, print, tell};
use crate::app::pane::Pane;
use crate::app::{App, Msg};
use crate::cli::{FailOn, Format, PaneChoice, Snapshot};
use crate::config::Config;
use crate::diagnose::Severity;
use crate::model::health::{CallError, ErrorClass, Outcome, Poller};
use crate::store::{Health, Reading};
use crate::{poll, report};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Polls once and prints what was read, even if that is not everything.
pub(super) async fn run(config: &Config, flags: &Snapshot) -> Result<Ending, Failure> {
    // A simulated world stands still, so that the same seed prints the same everywhere.
    let source = Source::new(&config.target, 0.0)?;
    let mut signals = Signals::new()?;
    tokio::select! {
        ending = signals.next() => Ok(ending),
        ending = read_and_print(config, flags, &source) => ending,
    }
}

async fn read_and_print(
    config: &Config,
    flags: &Snapshot,
    source: &Source,
) -> Result<Ending, Failure> {
    let clock = source.clock.clone();
    let mut options = app_options(config, source);
    options.include_settling = flags.include_settling;
    let mut app = App::new(options);
    let (width, height) = flags.size;
    app.handle(Msg::Resize(width, height), clock.now());
    let connection = source.connect().await?;
    let profile = connection.profile().map(str::to_owned);
    let interest = poll::Interest { last_key: clock.now(), ..poll::Interest::default() };
    let updates = poll::once(connection, clock.clone(), poll_settings(config), interest).await;
    let now = clock.now();
    // Before the news, since some panes choose their rows when news come.
    app.go_to(pane(flags.pane));
    app.handle(Msg::Updates(updates), now);

    let text = match flags.format {
        Format::Text => report::snapshot::text(&app.screen(now), width, height),
        Format::Json => json(&app, now, flags.include_settling),
    };
    deliver(&text, flags.out.as_deref())?;
    Ok(ending(&app, flags, profile.as_deref(), now))
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

/// Writes to a file, or to standard output.
pub(super) fn deliver(text: &str, out: Option<&Path>) -> Result<(), Failure> {
    match out {
        Some(path) => {
            let place = format!("writing {}", path.display());
            fs::write(path, text).map_err(Failure::system(place))
        }
        None => print(text).map(|_| ()),
    }
}

fn readings(app: &App, now: Timestamp, include_settling: bool) -> Vec<Reading<'_>> {
    let store = app.store();
    let reading = |scope| store.reading(scope, now).with_settling(include_settling);
    store.scopes().map(reading).collect()
}

fn json(app: &App, now: Timestamp, include_settling: bool) -> String {
    let readings = readings(app, now, include_settling);
    let judged: Vec<_> =
        readings.iter().map(|reading| (*reading, app.verdicts(reading.scope()))).collect();
    format!("{:#}\n", report::snapshot::json(&judged, now))
}

/// Says on standard error what could not be read, and decides what the exit code tells.
fn ending(app: &App, flags: &Snapshot, profile: Option<&str>, now: Timestamp) -> Ending {
    let readings = readings(app, now, flags.include_settling);
    complain(&readings, profile);
    // Without these two there is nothing to go by; the others only leave gaps.
    let unread = |reading: &Reading<'_>| {
        [Poller::Tables, Poller::Metrics].into_iter().any(|needed| {
            let health = reading.health(needed);
            health.is_some_and(|health| matches!(health.last.outcome, Outcome::Failed(_)))
        })
    };
    let unread = readings.is_empty() || readings.iter().any(unread);
    let troubled = |reading: &Reading<'_>| {
        app.verdicts(reading.scope()).iter().any(|verdict| verdict.severity == Severity::Trouble)
    };
    if unread {
        Ending::Unread
    } else if flags.fail_on == Some(FailOn::Verdict) && readings.iter().any(troubled) {
        Ending::Trouble
    } else {
        Ending::Fine
    }
}

/// Says on standard error what could not be read. What stops every poller, such as expired
/// credentials, is told once.
pub(super) fn complain(readings: &[Reading<'_>], profile: Option<&str>) {
    let healths = readings.iter().flat_map(|reading| healths(*reading));
    let errors = healths.filter_map(|health| health.last.outcome.error());
    let told: Vec<String> = errors.flat_map(|error| complaints(error, profile)).collect();
    let mut once = BTreeSet::new();
    told.iter().filter(|line| once.insert(line.as_str())).for_each(|line| tell(line));
    readings.iter().flat_map(|reading| reading.unknown_behind()).for_each(|line| tell(&line));
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
