//! What went wrong, in a line.

use super::Facts;
use crate::model::health::{CallError, ErrorClass, Poller};
use crate::view::format::age;
use crate::view::{Part, Role};

pub(super) fn problems(facts: &Facts<'_>) -> Option<Part> {
    let mut found: Vec<(String, String)> = Vec::new();
    for reading in facts.readings {
        let pollers = Poller::ALL.into_iter().filter(|poller| is_told_here(*poller));
        for health in pollers.filter_map(|poller| reading.health(poller)) {
            let Some(error) = health.last.outcome.error() else { continue };
            // Not a problem: another server than AWS, of which nobody expects it.
            let is_told_in_short = !facts.tells_all && is_told_in_short(health.last.poller, error);
            if error.is_unknown_call() || is_told_in_short {
                continue;
            }
            let text = problem(health.last.poller, error, facts.profiles.of(reading.scope()));
            let text = format!("{}{text}", facts.places.prefix(reading.scope()));
            // What stops every poller, such as expired credentials, is told once.
            if found.iter().any(|(known, _)| *known == text) {
                continue;
            }
            let extent = match (health.failures_in_a_row, health.last_success) {
                (0, _) => " (the rest was read)".to_owned(),
                (_, Some(last)) => format!(" (last read {} ago)", age(facts.now, last)),
                (_, None) => String::new(),
            };
            found.push((text, extent));
        }
    }
    let place = match found.len() {
        0 | 1 => String::new(),
        more => format!("1 of {more} problems: "),
    };
    let first = found.into_iter().next();
    first.map(|(text, extent)| Part::new(0, format!("{place}{text}{extent}"), Role::Problem))
}

/// What may not be read beside what all depends on: a permission that lacks for weeks must not hide the panes' names.
/// The pane of each, and the Pollers pane, name the action.
pub(super) fn denied(facts: &Facts<'_>) -> Option<Part> {
    if facts.tells_all {
        return None;
    }
    let is_denied = |poller: &Poller| {
        let outcomes = facts.readings.iter().filter_map(|reading| reading.health(*poller));
        let mut errors = outcomes.filter_map(|health| health.last.outcome.error());
        errors.any(|error| is_told_in_short(*poller, error))
    };
    let names: Vec<&str> = Poller::ALL.into_iter().filter(is_denied).map(Poller::name).collect();
    (!names.is_empty())
        .then(|| Part::new(1, format!("DENIED: {}", names.join(", ")), Role::Problem))
}

fn is_told_in_short(poller: Poller, error: &CallError) -> bool {
    let others =
        [Poller::Limits, Poller::Operations, Poller::Scaling, Poller::Alarms, Poller::Activities];
    error.class == ErrorClass::Denied && others.contains(&poller)
}

/// Whether a failure of `poller` concerns every pane.
///
/// What one pane alone shows is told there, and on the Pollers pane: many roles may read tables and
/// metrics but not, say, functions, and a line that never goes hides the next one. Alarms and scaling
/// activities are marked on every pane, and without them it would look as if there were none.
fn is_told_here(poller: Poller) -> bool {
    match poller {
        Poller::Identity
        | Poller::Tables
        | Poller::Descriptions
        | Poller::Limits
        | Poller::Operations
        | Poller::Metrics
        | Poller::Scaling
        | Poller::Alarms
        | Poller::Activities => true,
        Poller::TimeToLive
        | Poller::Backups
        | Poller::Kinesis
        | Poller::AlarmHistory
        | Poller::Schedules
        | Poller::MuteRules
        | Poller::AlarmData
        | Poller::Insights
        | Poller::HotKeys
        | Poller::Consumers
        | Poller::Clusters
        | Poller::ClusterEvents
        | Poller::Parameters => false,
    }
}

/// What went wrong, in AWS's words, or what helps where that says it all.
pub fn problem(poller: Poller, error: &CallError, profile: Option<&str>) -> String {
    let cure = || error.cure(profile);
    let text = match error.class {
        ErrorClass::Expired | ErrorClass::NoCredentials | ErrorClass::NoRegion => cure(),
        // The same for every poller, so that it is told once.
        ErrorClass::Network => cure().map(|cure| format!("{}: {cure}", error.message)),
        // The same for every poller that asks the same service.
        ErrorClass::TimedOut => {
            let service = error.action.split(':').next().unwrap_or_default();
            Some(format!("{service}: {}", error.message))
        }
        ErrorClass::Throttled
        | ErrorClass::Denied
        | ErrorClass::Server
        | ErrorClass::Unreadable
        | ErrorClass::Rejected => None,
    };
    let text = text.unwrap_or_else(|| format!("{}: {error}", poller.name()));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_the_missing_action_or_the_command_that_helps() {
        let error = |class| CallError {
            class,
            action: "cloudwatch:GetMetricData",
            code: Some("AccessDenied".to_owned()),
            message: "User: x\nis not authorized".to_owned(),
        };
        let cases = [
            (ErrorClass::Denied, "metrics: no permission: cloudwatch:GetMetricData"),
            (ErrorClass::Expired, "credentials expired: run `aws sso login --profile ops`"),
            (
                ErrorClass::Rejected,
                "metrics: cloudwatch:GetMetricData: AccessDenied: User: x is not authorized",
            ),
        ];
        for (class, expected) in cases {
            assert_eq!(problem(Poller::Metrics, &error(class), Some("ops")), expected);
        }
    }
}
