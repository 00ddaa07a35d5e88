//! `snapshot`: one poll, printed.

use super::signals::Signals;
use super::source::{Source, app_options, poll_settings};
use super::{Ending, Failure, print, tell};
use crate::app::{App, Msg};
use crate::cli::{FailOn, Format, Snapshot};
use crate::config::Config;
use crate::diagnose::Severity;
use crate::model::health::{Outcome, Poller};
use crate::store::Reading;
use crate::{aws, poll, report};
use jiff::Timestamp;
use std::fs;

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
    app.handle(Msg::Updates(updates), now);

    let text = match flags.format {
        Format::Text => report::snapshot::text(&app.screen(now), width, height),
        Format::Json => json(&app, now, flags.include_settling),
    };
    match &flags.out {
        Some(path) => {
            let place = format!("writing {}", path.display());
            fs::write(path, text).map_err(Failure::system(place))?;
        }
        None => {
            print(&text)?;
        }
    }
    Ok(ending(&app, flags, now, profile.as_deref()))
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
fn ending(app: &App, flags: &Snapshot, now: Timestamp, profile: Option<&str>) -> Ending {
    let readings = readings(app, now, flags.include_settling);
    let mut unread = readings.is_empty();
    for reading in &readings {
        for poller in Poller::ALL {
            let Some(health) = reading.health(poller) else { continue };
            let Some(error) = health.last.outcome.error() else { continue };
            tell(&error.to_string());
            if let Some(advice) = aws::advice(error, profile) {
                tell(&advice);
            }
            // Without these two there is nothing to go by; the others only leave gaps.
            let needed = matches!(poller, Poller::Tables | Poller::Metrics);
            unread |= needed && matches!(health.last.outcome, Outcome::Failed(_));
        }
    }
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
