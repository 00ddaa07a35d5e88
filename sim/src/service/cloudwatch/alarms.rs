//! `DescribeAlarms`, within the limits its API reference gives.

mod shapes;

use serde::{Deserialize, Serialize};

use super::{ALARM_PAGE, enum_error, invalid, invalid_token, length_error, page_size};
use crate::alarms::{Alarm, Alarms, alarm_name};
use crate::service::{Ask, page, page_size_error};
use crate::wire::Refusal;
use shapes::{CompositeAlarm, MetricAlarm};

/// Alarms per page, unless the request says otherwise (user guide: the first 50 are returned).
const DEFAULT_PAGE: usize = 50;

/// The types of alarms (API reference, `AlarmTypes`).
pub(super) const TYPES: [&str; 3] = ["CompositeAlarm", "MetricAlarm", "LogAlarm"];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    #[serde(default)]
    alarm_names: Vec<String>,
    alarm_name_prefix: Option<String>,
    #[serde(default)]
    alarm_types: Vec<String>,
    children_of_alarm_name: Option<String>,
    parents_of_alarm_name: Option<String>,
    state_value: Option<String>,
    action_prefix: Option<String>,
    max_records: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Output<'a> {
    composite_alarms: Vec<CompositeAlarm<'a>>,
    metric_alarms: Vec<MetricAlarm<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// How much of an alarm is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    All,
    /// Name, ARN and state, of the children of a composite alarm.
    State,
    /// Name and ARN, of the parents of an alarm.
    Name,
}

impl Input {
    fn error(&self) -> Option<String> {
        let relatives = [&self.children_of_alarm_name, &self.parents_of_alarm_name];
        let relatives = relatives.into_iter().flatten().count();
        let others = !self.alarm_names.is_empty()
            || !self.alarm_types.is_empty()
            || self.alarm_name_prefix.is_some()
            || self.state_value.is_some()
            || self.action_prefix.is_some();
        if relatives > 1 || (relatives == 1 && others) {
            return Some(
                "ChildrenOfAlarmName and ParentsOfAlarmName cannot be used with other parameters \
                 than MaxRecords and NextToken."
                    .to_owned(),
            );
        }
        if self.alarm_names.len() > ALARM_PAGE {
            return Some(format!(
                "The collection AlarmNames must not have a size greater than {ALARM_PAGE}."
            ));
        }
        if !self.alarm_names.is_empty() && self.alarm_name_prefix.is_some() {
            return Some("AlarmNamePrefix and AlarmNames cannot be used together.".to_owned());
        }
        let states = ["OK", "ALARM", "INSUFFICIENT_DATA"];
        enum_error("alarmTypes", &TYPES, &self.alarm_types)
            .or_else(|| enum_error("stateValue", &states, &self.state_value))
            .or_else(|| length_error("alarmNamePrefix", self.alarm_name_prefix.as_ref(), 255))
            .or_else(|| length_error("actionPrefix", self.action_prefix.as_ref(), 1_024))
            .or_else(|| {
                self.max_records.and_then(|size| page_size_error(size, "maxRecords", ALARM_PAGE))
            })
    }

    fn extent(&self) -> Extent {
        match (&self.children_of_alarm_name, &self.parents_of_alarm_name) {
            (Some(_), _) => Extent::State,
            (None, Some(_)) => Extent::Name,
            (None, None) => Extent::All,
        }
    }

    /// Finds what is asked for: composite alarms first, each type in the order of names.
    fn find<'a>(&self, alarms: &'a Alarms) -> Vec<&'a Alarm> {
        let everything = || alarms.composite().iter().chain(alarms.metric());
        if let Some(parent) = &self.children_of_alarm_name {
            let children =
                alarms.named(parent).and_then(Alarm::rule).map(|(_, rule)| rule.children());
            let children = children.unwrap_or_default();
            return everything().filter(|alarm| children.contains(&alarm.name.as_str())).collect();
        }
        if let Some(child) = &self.parents_of_alarm_name {
            let refers = |alarm: &&Alarm| {
                alarm.rule().is_some_and(|(_, rule)| rule.children().contains(&alarm_name(child)))
            };
            return everything().filter(refers).collect();
        }
        let has_type = |name: &str| match self.alarm_types.as_slice() {
            [] => name == "MetricAlarm",
            types => types.iter().any(|wanted| wanted == name),
        };
        let composite = alarms.composite().iter().filter(|_| has_type("CompositeAlarm"));
        let metric = alarms.metric().iter().filter(|_| has_type("MetricAlarm"));
        composite.chain(metric).filter(|alarm| self.keeps(alarm)).collect()
    }

    fn keeps(&self, alarm: &Alarm) -> bool {
        let state = alarm.life().now.state.name();
        let has_action = |prefix: &str| {
            let actions = &alarm.actions;
            let mut all = [&actions.ok, &actions.alarm, &actions.insufficient_data].into_iter();
            all.any(|list| list.iter().any(|action| action.starts_with(prefix)))
        };
        (self.alarm_names.is_empty() || self.alarm_names.contains(&alarm.name))
            && self.alarm_name_prefix.as_ref().is_none_or(|prefix| alarm.name.starts_with(prefix))
            && self.state_value.as_deref().is_none_or(|wanted| wanted == state)
            && self.action_prefix.as_deref().is_none_or(has_action)
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
    let found = input.find(ask.alarms);
    let question = (
        (&input.alarm_names, &input.alarm_name_prefix, &input.alarm_types, &input.state_value),
        (&input.action_prefix, &input.children_of_alarm_name, &input.parents_of_alarm_name),
    );
    let size = page_size(input.max_records, DEFAULT_PAGE);
    let (part, next_token) =
        page(&found, input.next_token.as_deref(), size, &question).ok_or_else(invalid_token)?;
    let extent = input.extent();
    let composite = part.iter().filter(|alarm| alarm.rule().is_some());
    let metric = part.iter().filter(|alarm| alarm.rule().is_none());
    ask.output(&Output {
        composite_alarms: composite.map(|alarm| CompositeAlarm::new(alarm, ask, extent)).collect(),
        metric_alarms: metric.map(|alarm| MetricAlarm::new(alarm, extent)).collect(),
        next_token,
    })
}

#[cfg(test)]
mod tests;
