//! Entries of an alarm's history.

use crate::aws::timestamp;
use crate::model::alarm::AlarmState;
use crate::model::event::{AlarmChange, AlarmChangeKind, Event, Happening};
use aws_sdk_cloudwatch::types as sdk;
use serde_json::Value;
use std::sync::Arc;

/// Takes in an entry; `None` for what is neither a change of state or settings nor an action, such as
/// those of single contributors.
pub(super) fn change(item: &sdk::AlarmHistoryItem) -> Option<Event> {
    let summary = item.history_summary().unwrap_or_default();
    let kind = match item.history_item_type().map(sdk::HistoryItemType::as_str)? {
        "StateUpdate" => {
            let data = item.history_data().and_then(|data| serde_json::from_str(data).ok());
            let states = data.as_ref().and_then(from_data).or_else(|| from_summary(summary));
            let (from, to) = states?;
            AlarmChangeKind::State { from, to }
        }
        "ConfigurationUpdate" => AlarmChangeKind::Configuration,
        "Action" => AlarmChangeKind::Action,
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
    fn actions_and_changes_of_settings_are_events_of_their_own() {
        use sdk::HistoryItemType::{Action, AlarmContributorStateUpdate, ConfigurationUpdate};
        let event =
            entry(Action, "Successfully executed action arn:aws:sns:a:1:page", None).unwrap();
        assert_eq!(event.at.to_string(), "2026-11-22T12:00:00.25Z");
        assert_eq!(kind(Some(event)), Some(AlarmChangeKind::Action));
        let changed = entry(ConfigurationUpdate, "Alarm \"orders-throttled\" created", None);
        assert_eq!(kind(changed), Some(AlarmChangeKind::Configuration));
        assert_eq!(entry(AlarmContributorStateUpdate, "a key", Some(DATA)), None);
    }
}
