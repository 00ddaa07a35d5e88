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
    Ok(ending(&app, flags, now))
}
