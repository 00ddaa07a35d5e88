//! `DescribeAlarmHistory`, within the limits its API reference gives.

#![expect(clippy::struct_field_names, reason = "the members have AWS's names")]

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::alarms::TYPES;
use super::{ALARM_PAGE, enum_error, invalid, invalid_token, length_error, page_size};
use crate::alarms::{Alarm, Event, Item, Situation};
use crate::facts::Epoch;
use crate::service::{Ask, page, page_size_error};
use crate::wire::{Refusal, Stamp};

/// The types of items (API reference, `HistoryItemType`).
const ITEMS: [&str; 5] = [
    "ConfigurationUpdate",
    "StateUpdate",
    "Action",
    "AlarmContributorStateUpdate",
    "AlarmContributorAction",
];

/// The longest `HistorySummary` (API reference, `AlarmHistoryItem`).
const MAX_SUMMARY: usize = 255;

/// How long history is kept, seconds.
const KEPT: Epoch = 24.0 * 3_600.0;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    alarm_name: Option<String>,
    #[serde(default)]
    alarm_types: Vec<String>,
    history_item_type: Option<String>,
    start_date: Option<Stamp>,
    end_date: Option<Stamp>,
    scan_by: Option<String>,
    max_records: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output<'a> {
    alarm_history_items: Vec<HistoryItem<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct HistoryItem<'a> {
    alarm_name: &'a str,
    alarm_type: &'static str,
    timestamp: Stamp,
    history_item_type: &'static str,
    history_summary: String,
    history_data: String,
}

impl Input {
    fn error(&self) -> Option<String> {
        let orders = ["TimestampDescending", "TimestampAscending"];
        enum_error("alarmTypes", &TYPES, &self.alarm_types)
            .or_else(|| enum_error("historyItemType", &ITEMS, &self.history_item_type))
            .or_else(|| enum_error("scanBy", &orders, &self.scan_by))
            .or_else(|| length_error("alarmName", self.alarm_name.as_ref(), 255))
            .or_else(|| {
                self.max_records.and_then(|size| page_size_error(size, "maxRecords", ALARM_PAGE))
            })
            .or_else(|| match (self.start_date, self.end_date) {
                (Some(Stamp(start)), Some(Stamp(end))) if start > end => {
                    Some("StartDate must be less than or equal to EndDate.".to_owned())
                }
                _ => None,
            })
    }

    fn keeps_alarm(&self, alarm: &Alarm) -> bool {
        let is_wanted = match self.alarm_types.as_slice() {
            // A name alone finds an alarm of the default type only.
            [] => type_of(alarm) == "MetricAlarm",
            types => types.iter().any(|wanted| wanted == type_of(alarm)),
        };
        is_wanted && self.alarm_name.as_ref().is_none_or(|name| *name == alarm.name)
    }

    fn keeps_item(&self, item: &Item, now: Epoch) -> bool {
        item.at <= now
            && item.at >= now - KEPT
            && self.history_item_type.as_deref().is_none_or(|wanted| wanted == kind_of(item))
            && self.start_date.is_none_or(|Stamp(start)| item.at >= start)
            && self.end_date.is_none_or(|Stamp(end)| item.at <= end)
    }
}

/// Answers one call.
pub(super) fn answer(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    let input: Input = ask.input()?;
    ask.call.continued = input.next_token.is_some();
    if let Some(message) = input.error() {
        return Err(invalid(message));
    }
    ask.alarms.advance(ask.fleet, ask.now);
    let now = ask.now;
    let alarms = ask.alarms.composite().iter().chain(ask.alarms.metric());
    let alarms = alarms.filter(|alarm| input.keeps_alarm(alarm));
    let mut found: Vec<(&Alarm, &Item)> = alarms
        .flat_map(|alarm| alarm.life().history.iter().map(move |item| (alarm, item)))
        .filter(|(_, item)| input.keeps_item(item, now))
        .collect();
    found.sort_by(|one, other| one.1.at.total_cmp(&other.1.at));
    if input.scan_by.as_deref() != Some("TimestampAscending") {
        found.reverse();
    }
    let bits = |stamp: Option<Stamp>| stamp.map(|Stamp(moment)| moment.to_bits());
    let question = (
        (&input.alarm_name, &input.alarm_types, &input.history_item_type, &input.scan_by),
        (bits(input.start_date), bits(input.end_date)),
    );
    let size = page_size(input.max_records, ALARM_PAGE);
    let (part, next_token) =
        page(&found, input.next_token.as_deref(), size, &question).ok_or_else(invalid_token)?;
    let alarm_history_items = part.into_iter().map(|(alarm, item)| show(alarm, item)).collect();
    ask.output(&Output { alarm_history_items, next_token })
}

fn show<'a>(alarm: &'a Alarm, item: &Item) -> HistoryItem<'a> {
    let (summary, data) = match &item.event {
        Event::Created => (format!("Alarm \"{}\" created", alarm.name), created(alarm)),
        Event::Changed { old, new } => {
            let (from, to) = (old.state.name(), new.state.name());
            let data = json!({
                "version": "1.0",
                "oldState": state(old),
                "newState": state(new),
            });
            (format!("Alarm updated from {from} to {to}"), data)
        }
        Event::Acted { action, changed } => {
            #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
            let milliseconds = (changed * 1e3).round() as i64;
            let data = json!({
                "actionState": "Succeeded",
                "stateUpdateTimestamp": milliseconds,
                "notificationResource": action,
            });
            (format!("Successfully executed action {action}"), data)
        }
    };
    HistoryItem {
        alarm_name: &alarm.name,
        alarm_type: type_of(alarm),
        timestamp: Stamp(item.at),
        history_item_type: kind_of(item),
        history_summary: summary.chars().take(MAX_SUMMARY).collect(),
        history_data: data.to_string(),
    }
}

fn state(situation: &Situation) -> Value {
    let mut members = Map::new();
    members.insert("stateValue".to_owned(), situation.state.name().into());
    members.insert("stateReason".to_owned(), situation.reason.clone().into());
    let data = situation.data.as_deref().and_then(|data| serde_json::from_str(data).ok());
    members.extend(data.map(|data: Value| ("stateReasonData".to_owned(), data)));
    Value::Object(members)
}

/// Describes the alarm as it was created.
fn created(alarm: &Alarm) -> Value {
    let actions = &alarm.actions;
    let mut members = json!({
        "alarmName": alarm.name,
        "alarmArn": alarm.arn,
        "alarmDescription": alarm.description,
        "actionsEnabled": actions.enabled,
        "okActions": actions.ok,
        "alarmActions": actions.alarm,
        "insufficientDataActions": actions.insufficient_data,
        "stateValue": "INSUFFICIENT_DATA",
    });
    let Some(members) = members.as_object_mut() else { return Value::Null };
    if let Some((rule, _)) = alarm.rule() {
        members.insert("alarmRule".to_owned(), rule.into());
    }
    if let Some(watch) = alarm.watch() {
        let spec = &watch.spec;
        let dimension = |(name, value): (&String, &String)| json!({ "name": name, "value": value });
        let dimensions: Vec<Value> = spec.watched.dimensions.iter().map(dimension).collect();
        let rest = json!({
            "namespace": spec.watched.namespace,
            "metricName": spec.watched.metric,
            "dimensions": dimensions,
            "statistic": spec.watched.stat(),
            "period": spec.watched.seconds(),
            "evaluationPeriods": spec.evaluation_periods,
            "threshold": spec.threshold,
            "comparisonOperator": spec.comparison.name(),
        });
        members.extend(rest.as_object().cloned().unwrap_or_default());
    }
    json!({ "version": "1.0", "type": "Create", "createdAlarm": members })
}

fn type_of(alarm: &Alarm) -> &'static str {
    if alarm.rule().is_some() { "CompositeAlarm" } else { "MetricAlarm" }
}

fn kind_of(item: &Item) -> &'static str {
    match item.event {
        Event::Created => "ConfigurationUpdate",
        Event::Changed { .. } => "StateUpdate",
        Event::Acted { .. } => "Action",
    }
}

#[cfg(test)]
mod tests;
