//! `lint`: one poll, and what is wrong in it.

use super::signals::Signals;
use super::snapshot::{complain, deliver};
use super::source::{Sources, app_options};
use super::{Ending, Failure, once, tell};
use crate::cli::{Format, Lint};
use crate::config::Config;
use crate::lint::{Finding, Severity, findings};
use crate::report;
use crate::store::{Detail, Reading, Store};

/// Polls once and prints what is wrong in what was read, even if that is not everything.
pub(super) async fn run(config: &Config, flags: &Lint) -> Result<Ending, Failure> {
    // A simulated world stands still, so that the same seed prints the same everywhere.
    let sources = Sources::new(&config.target, 0.0)?;
    let mut signals = Signals::new()?;
    tokio::select! {
        ending = signals.next() => Ok(ending),
        ending = read_and_print(config, flags, &sources) => ending,
    }
}

async fn read_and_print(
    config: &Config,
    flags: &Lint,
    sources: &Sources,
) -> Result<Ending, Failure> {
    let mut store = Store::new(app_options(config, sources).store);
    let once::Read { updates, profiles } = once::read(config, sources).await?;
    for update in updates {
        store.apply(update);
    }
    let now = sources.clock.now();
    let readings: Vec<Reading<'_>> =
        store.scopes().map(|scope| store.reading(scope, now)).collect();
    let judged: Vec<_> = readings.iter().map(|reading| (*reading, findings(*reading))).collect();
    let text = match flags.format {
        Format::Text => report::lint::text(&judged),
        Format::Json => format!("{:#}\n", report::lint::json(&judged, now)),
    };
    deliver(text.as_bytes(), flags.out.as_deref())?;
    complain(&readings, &profiles);
    if !readings.iter().all(|reading| alarms_are_read(*reading)) {
        tell("alarms could not be read: nothing is said of them, nor of what none watches");
    }
    Ok(ending(&judged))
}

fn alarms_are_read(reading: Reading<'_>) -> bool {
    matches!(reading.alarms(), Detail::Known { .. })
}

/// What the exit code tells: that alarms could not be read comes first, since then an error may
/// have been missed.
fn ending(judged: &[(Reading<'_>, Vec<Finding>)]) -> Ending {
    let is_error = |finding: &Finding| finding.severity == Severity::Error;
    if judged.is_empty() || !judged.iter().all(|(reading, _)| alarms_are_read(*reading)) {
        Ending::Unread
    } else if judged.iter().flat_map(|(_, found)| found).any(is_error) {
        Ending::Trouble
    } else {
        Ending::Fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::health::{CallError, ErrorClass};
    use crate::model::update::News;
    use crate::report::lint::fixture::{stack, wrong};

    fn ends(store: &crate::store::fixture::Fixture) -> Ending {
        let reading = store.reading();
        ending(&[(reading, findings(reading))])
    }

    #[test]
    fn the_exit_code_tells_of_errors_and_of_alarms_that_could_not_be_read() {
        assert_eq!(ending(&[]), Ending::Unread);
        let mut store = stack(vec![]);
        assert_eq!(ends(&store), Ending::Fine, "warnings are no errors");
        store = stack(vec![wrong()]);
        assert_eq!(ends(&store), Ending::Trouble);
        store.tell(News::Alarms(Err(CallError {
            class: ErrorClass::Denied,
            action: "cloudwatch:DescribeAlarms",
            code: None,
            message: String::new(),
        })));
        assert_eq!(ends(&store), Ending::Unread, "what was read is still judged");
    }
}
