//! Alarms and the rules that mute them.

use super::{Fields, Ink, Recorded, map, named, recorded, tagged};
use crate::model::alarm::{
    Actions, Alarm, AlarmData, AlarmKind, AlarmState, Comparison, CompositeAlarm, MetricAlarm,
    MetricStat, MissingData, MuteRule, Query, QueryKind, Source,
};
use ciborium::Value;

recorded! {
    Alarm { name, arn, description, state, since, configured, reason, actions, kind }
    Actions { enabled, ok, alarm, insufficient_data }
    MetricAlarm {
        source,
        comparison,
        threshold,
        evaluation_periods,
        datapoints_to_alarm,
        missing_data,
        low_samples,
        evaluation_state,
    }
    CompositeAlarm { rule, suppressor, suppressed_by }
    MetricStat { namespace, metric, dimensions, statistic, period_seconds, unit }
    Query { id, what, label, account, returns_data }
    AlarmData { period_seconds, window, points }
    MuteRule { name, status, targets, expression, duration, time_zone, expires }
}

named! {
    AlarmState { Ok = "OK", InsufficientData = "INSUFFICIENT_DATA", Alarm = "ALARM" }
    MissingData {
        Missing = "missing",
        Ignore = "ignore",
        Breaching = "breaching",
        NotBreaching = "notBreaching",
    }
}

tagged! {
    AlarmKind { "metric" = Metric(alarm), "composite" = Composite(alarm), "other" = Other(name) }
    Source { "metric" = Metric(stat), "math" = Math { queries, threshold } }
    QueryKind { "stat" = Stat(stat), "expression" = Expression { formula, period_seconds } }
    Comparison {
        "greater" = Greater,
        "greater-or-equal" = GreaterOrEqual,
        "less" = Less,
        "less-or-equal" = LessOrEqual,
        "other" = Other(name),
    }
}
