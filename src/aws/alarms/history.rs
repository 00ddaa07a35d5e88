//! Entries of an alarm's history.

use crate::aws::timestamp;
use crate::model::alarm::AlarmState;
use crate::model::event::{Action, AlarmChange, AlarmChangeKind, Event, Happening, Outcome};
use aws_sdk_cloudwatch::types as sdk;
use serde_json::Value;
use std::sync::Arc;

/// Takes in an entry; `None` for what is neither a change of state or settings nor an action, such as
/// those of single contributors.
pub(super) fn change(item: &sdk::AlarmHistoryItem) -> Option<Event> {
    let summary = item.history_summary().unwrap_or_default();
    let data = item.history_data().and_then(|data| serde_json::from_str(data).ok());
    let kind = match item.history_item_type().map(sdk::HistoryItemType::as_str)? {
        "StateUpdate" => {
            let states = data.as_ref().and_then(from_data).or_else(|| from_summary(summary));
            let (from, to) = states?;
            AlarmChangeKind::State { from, to }
        }
        "ConfigurationUpdate" => AlarmChangeKind::Configuration,
        "Action" => AlarmChangeKind::Action(action(summary, data.as_ref())),
        _ => return None,
    };
    Some(Event {
        at: item.timestamp().copied().and_then(timestamp)?,
        what: Happening::Alarm(AlarmChange {
            alarm: Arc::from(item.alarm_name()?),
            summary: Arc::from(summary),
            kind,
        }),
    })
}

type States = (Option<AlarmState>, AlarmState);

/// The states before and after as `HistoryData` tells them (Amazon `CloudWatch` User Guide, "Alarm
/// events and `EventBridge`", has the same members).
fn from_data(data: &Value) -> Option<States> {
    let state =
        |member: &str| data.get(member)?.get("stateValue")?.as_str().and_then(AlarmState::from_aws);
    Some((state("oldState"), state("newState")?))
}

/// The same from a summary such as `Alarm updated from OK to ALARM`.
fn from_summary(summary: &str) -> Option<States> {
    let (from, to) = summary.split_once(" from ")?.1.split_once(" to ")?;
    Some((AlarmState::from_aws(from.trim()), AlarmState::from_aws(to.trim())?))
}

/// How summaries of actions begin (AWS re:Post knowledge center, "Why didn't I receive an SNS
/// notification for my `CloudWatch` alarm trigger?").
const DONE: &str = "Successfully executed action ";
const FAILED: &str = "Failed to execute action ";

/// What was done, as `HistoryData` tells it, or else the summary, which alone says why it failed.
fn action(summary: &str, data: Option<&Value>) -> Action {
    let told = |member: &str| data.and_then(|data| data.get(member)?.as_str());
    let (what, why) = summary.split_once(". Received error: ").unwrap_or((summary, ""));
    let state = told("actionState");
    let is = |name, start| state.map_or_else(|| summary.starts_with(start), |state| state == name);
    let outcome = if is("Succeeded", DONE) {
        Outcome::Done
    } else if is("Failed", FAILED) {
        let why = why.trim_matches('"');
        Outcome::Failed((!why.is_empty()).then(|| Arc::from(why)))
    } else {
        Outcome::Other
    };
    let named = || what.strip_prefix(DONE).or_else(|| what.strip_prefix(FAILED));
    Action { target: told("notificationResource").or_else(named).map(Arc::from), outcome }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_cloudwatch::primitives::DateTime;

    const DATA: &str = r#"{"version":"1.0","oldState":{"stateValue":"INSUFFICIENT_DATA"},
        "newState":{"stateValue":"ALARM","stateReason":"Threshold Crossed"}}"#;

    fn entry(kind: sdk::HistoryItemType, summary: &str, data: Option<&str>) -> Option<Event> {
        change(
            &sdk::AlarmHistoryItem::builder()
                .alarm_name("orders-throttled")
                .timestamp(DateTime::from_secs_and_nanos(1_795_348_800, 250_000_000))
                .history_item_type(kind)
                .history_summary(summary)
                .set_history_data(data.map(str::to_owned))
                .build(),
        )
    }

    fn kind(event: Option<Event>) -> Option<AlarmChangeKind> {
        let Happening::Alarm(change) = event?.what else { return None };
        Some(change.kind)
    }

    #[test]
    fn the_states_are_those_of_the_data_and_else_of_the_summary() {
        use AlarmState::{Alarm, InsufficientData, Ok};
        use sdk::HistoryItemType::StateUpdate;
        let summary = "Alarm updated from OK to ALARM";
        for (summary, data, states) in [
            (summary, Some(DATA), Some((Some(InsufficientData), Alarm))),
            (summary, None, Some((Some(Ok), Alarm))),
            (summary, Some("not JSON"), Some((Some(Ok), Alarm))),
            (summary, Some("{}"), Some((Some(Ok), Alarm))),
            ("Alarm updated from NEW to OK", None, Some((None, Ok))),
            ("Alarm updated", None, None),
        ] {
            let expected = states.map(|(from, to)| AlarmChangeKind::State { from, to });
            assert_eq!(kind(entry(StateUpdate, summary, data)), expected, "{summary} {data:?}");
        }
    }

    #[test]
    fn actions_tell_whom_and_how_it_went_and_why_not() {
        use Outcome::{Done, Failed, Other};
        let page = "arn:aws:sns:a:1:page";
        let done = format!("Successfully executed action {page}");
        let bare = format!("Failed to execute action {page}");
        let why = "Resource: arn is not authorized to perform: SNS:Publish";
        let failed = format!("{bare}. Received error: \"{why}\"");
        let data = |state: &str| {
            format!(r#"{{"actionState": "{state}", "notificationResource": "{page}"}}"#)
        };
        for (summary, data, outcome) in [
            (&done, None, Done),
            (&done, Some(data("Succeeded")), Done),
            (&failed, None, Failed(Some(Arc::from(why)))),
            (&failed, Some(data("Failed")), Failed(Some(Arc::from(why)))),
            (&bare, Some("not JSON".to_owned()), Failed(None)),
            (&bare, Some(data("InProgress")), Other),
        ] {
            let told = kind(entry(sdk::HistoryItemType::Action, summary, data.as_deref()));
            let action = Action { target: Some(Arc::from(page)), outcome };
            assert_eq!(told, Some(AlarmChangeKind::Action(action)), "{summary} {data:?}");
        }
        let new = kind(entry(sdk::HistoryItemType::Action, "Put off", None));
        let action = Action { target: None, outcome: Other };
        assert_eq!(new, Some(AlarmChangeKind::Action(action)));
    }

    #[test]
    fn changes_of_settings_are_events_and_those_of_contributors_are_not() {
        use sdk::HistoryItemType::{AlarmContributorStateUpdate, ConfigurationUpdate};
        let changed = entry(ConfigurationUpdate, "Alarm \"orders-throttled\" created", None);
        assert_eq!(changed.as_ref().unwrap().at.to_string(), "2026-11-22T12:00:00.25Z");
        assert_eq!(kind(changed), Some(AlarmChangeKind::Configuration));
        assert_eq!(entry(AlarmContributorStateUpdate, "a key", Some(DATA)), None);
    }
}
