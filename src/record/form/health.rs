//! How well AWS could be read, and at what price.

use super::{Fields, Ink, Recorded, map, named, recorded, tagged};
use crate::iam::PERMISSIONS;
use crate::model::health::{CallError, Cost, ErrorClass, OWN_CALL, Outcome, Poller, Round, Slowed};
use ciborium::Value;

recorded! {
    Round { poller, started, took, outcome, requests, metrics, due }
    Cost {
        requests,
        metrics,
        reading_metrics,
        reading_usd,
        usd_per_hour,
        budget_usd_per_hour,
        slowed,
    }
}

tagged! {
    Outcome { "complete" = Complete, "partial" = Partial(error), "failed" = Failed(error) }
}

named! {
    Slowed { Budget = "budget", Idle = "idle" }
    ErrorClass {
        Throttled = "throttled",
        Denied = "denied",
        Expired = "expired",
        NoCredentials = "no-credentials",
        NoRegion = "no-region",
        Network = "network",
        TimedOut = "timed-out",
        Server = "server",
        Unreadable = "unreadable",
        Rejected = "rejected",
    }
    Poller {
        Identity = "identity",
        Tables = "tables",
        Descriptions = "descriptions",
        Limits = "limits",
        Operations = "operations",
        Metrics = "metrics",
        Scaling = "scaling",
        TimeToLive = "time-to-live",
        Backups = "backups",
        Kinesis = "kinesis",
        Alarms = "alarms",
        AlarmHistory = "alarm-history",
        MuteRules = "mute-rules",
        AlarmData = "alarm-data",
        Activities = "activities",
        Schedules = "schedules",
        Insights = "insights",
        HotKeys = "hot-keys",
        Consumers = "consumers",
        Clusters = "clusters",
        ClusterEvents = "cluster-events",
        Parameters = "parameters",
    }
}

/// What this version can be told to have failed: the actions that it may need, who it is, and a call that broke down.
fn actions() -> impl Iterator<Item = &'static str> {
    PERMISSIONS.iter().map(|it| it.action).chain(["sts:GetCallerIdentity", OWN_CALL])
}

/// What an action is called that only a later version knows.
const UNKNOWN_ACTION: &str = "a call of a later version";

impl Recorded for CallError {
    fn write(&self, ink: Ink) -> Value {
        let Self { class, action, code, message } = self;
        map([
            ("class", class.write(ink)),
            ("action", Value::from(*action)),
            ("code", code.write(ink)),
            ("message", message.write(ink)),
        ])
    }

    fn read(value: Value) -> Option<Self> {
        let mut fields = Fields::of(value)?;
        let action: String = fields.take("action")?;
        let known = actions().find(|known| *known == action);
        Some(Self {
            class: fields.take("class")?,
            action: known.unwrap_or(UNKNOWN_ACTION),
            code: fields.take("code")?,
            message: fields.take("message")?,
        })
    }
}
