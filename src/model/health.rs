//! How well the pollers read AWS, and what that costs.

use jiff::Timestamp;
use std::fmt;
use std::time::Duration;

/// Something that is read from AWS on its own schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Poller {
    /// `GetCallerIdentity`.
    Identity,
    /// `ListTables`.
    Tables,
    /// `DescribeTable`.
    Descriptions,
    /// `DescribeLimits`.
    Limits,
    /// `ListMetrics`: which operations each table serves.
    Operations,
    /// `GetMetricData`.
    Metrics,
    /// `DescribeScalableTargets` and `DescribeScalingPolicies`.
    Scaling,
    /// `DescribeTimeToLive` of the open table.
    TimeToLive,
    /// `DescribeContinuousBackups` of the open table.
    Backups,
    /// `DescribeKinesisStreamingDestination` of the open table.
    Kinesis,
    /// `DescribeAlarms`.
    Alarms,
    /// `DescribeAlarmHistory`.
    AlarmHistory,
    /// `ListAlarmMuteRules` and `GetAlarmMuteRule`.
    MuteRules,
    /// `GetMetricData` of what the open alarm looks at.
    AlarmData,
    /// `DescribeScalingActivities`.
    Activities,
    /// `DescribeScheduledActions`.
    Schedules,
    /// `ListContributorInsights` and `DescribeContributorInsights`.
    Insights,
    /// `GetInsightRuleReport`, and `DescribeContributorInsights` where the names of rules are not known.
    HotKeys,
    /// `ListEventSourceMappings`.
    Consumers,
    /// `DescribeClusters`.
    Clusters,
    /// `DescribeEvents` of DAX.
    ClusterEvents,
    /// `DescribeParameters` of the parameter groups of DAX clusters.
    Parameters,
}

impl Poller {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 22] = [
        Self::Metrics,
        Self::Tables,
        Self::Descriptions,
        Self::Scaling,
        Self::Operations,
        Self::Limits,
        Self::Identity,
        Self::Alarms,
        Self::AlarmHistory,
        Self::MuteRules,
        Self::Activities,
        Self::Schedules,
        Self::Insights,
        Self::HotKeys,
        Self::Consumers,
        Self::Clusters,
        Self::ClusterEvents,
        Self::Parameters,
        Self::TimeToLive,
        Self::Backups,
        Self::Kinesis,
        Self::AlarmData,
    ];

    /// Its name on screen and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Tables => "tables",
            Self::Descriptions => "descriptions",
            Self::Limits => "limits",
            Self::Operations => "operations",
            Self::Metrics => "metrics",
            Self::Scaling => "scaling",
            Self::TimeToLive => "time to live",
            Self::Backups => "backups",
            Self::Kinesis => "kinesis",
            Self::Alarms => "alarms",
            Self::AlarmHistory => "alarm history",
            Self::MuteRules => "mute rules",
            Self::AlarmData => "alarm data",
            Self::Activities => "activities",
            Self::Schedules => "schedules",
            Self::Insights => "insights",
            Self::HotKeys => "hot keys",
            Self::Consumers => "consumers",
            Self::Clusters => "dax clusters",
            Self::ClusterEvents => "dax events",
            Self::Parameters => "dax parameters",
        }
    }
}

/// What kind of failure a call met; each asks for something else of the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// AWS asks for fewer calls.
    Throttled,
    /// The caller may not do this; the missing action is known.
    Denied,
    /// Credentials were there and are no longer valid.
    Expired,
    /// No credentials were found.
    NoCredentials,
    /// No region is set.
    NoRegion,
    /// The endpoint cannot be reached.
    Network,
    /// No answer within the time-out.
    TimedOut,
    /// AWS failed (HTTP 5xx).
    Server,
    /// The answer is not AWS's: an error page, an empty or a foreign reply.
    Unreadable,
    /// AWS refused the request as such.
    Rejected,
}

/// A failed call, in AWS's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// What kind of failure.
    pub class: ErrorClass,
    /// The IAM action of the call, such as `dynamodb:ListTables`.
    pub action: &'static str,
    /// AWS's error code, if the reply had one.
    pub code: Option<String>,
    /// AWS's message, or the transport's.
    pub message: String,
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.class {
            ErrorClass::Denied => write!(f, "no permission: {}", self.action),
            ErrorClass::Throttled
            | ErrorClass::Expired
            | ErrorClass::NoCredentials
            | ErrorClass::NoRegion
            | ErrorClass::Network
            | ErrorClass::TimedOut
            | ErrorClass::Server
            | ErrorClass::Unreadable
            | ErrorClass::Rejected => match &self.code {
                Some(code) => write!(f, "{}: {code}: {}", self.action, self.message),
                None => write!(f, "{}: {}", self.action, self.message),
            },
        }
    }
}

impl std::error::Error for CallError {}

impl CallError {
    /// Whether the endpoint does not know the call, which AWS does: it is another server.
    ///
    /// Codes: AWS General Reference, "Common errors", and the AWS JSON and `RPC v2 CBOR` protocols.
    pub fn is_unknown_call(&self) -> bool {
        const CODES: [&str; 5] = [
            "UnknownOperationException",
            "UnknownOperation",
            "InvalidAction",
            "NotImplemented",
            "NotImplementedException",
        ];
        self.code.as_deref().is_some_and(|code| CODES.contains(&code))
    }

    /// What the user can do about it, on one line, where that is known.
    ///
    /// `profile` is the one in use, if it was named.
    pub fn cure(&self, profile: Option<&str>) -> Option<String> {
        let flag = profile.map(|profile| format!(" --profile {profile}")).unwrap_or_default();
        match self.class {
            ErrorClass::Expired => Some(format!("credentials expired: run `aws sso login{flag}`")),
            ErrorClass::NoCredentials => Some(format!(
                "no credentials: run `aws sso login{flag}`, or name a profile with --profile"
            )),
            ErrorClass::NoRegion => Some("no region: pass --region or set AWS_REGION".to_owned()),
            ErrorClass::Denied => {
                Some(format!("allow {} to the user or role of these credentials", self.action))
            }
            ErrorClass::Network => Some(
                "check the network, the proxy variables, --region and --endpoint-url".to_owned(),
            ),
            ErrorClass::Throttled
            | ErrorClass::TimedOut
            | ErrorClass::Server
            | ErrorClass::Unreadable
            | ErrorClass::Rejected => None,
        }
    }
}

/// How a poller's last round ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Everything asked for was read.
    Complete,
    /// Some of it was; the error is the first one met.
    Partial(CallError),
    /// Nothing was.
    Failed(CallError),
}

impl Outcome {
    /// The error, if there was one.
    pub fn error(&self) -> Option<&CallError> {
        match self {
            Self::Complete => None,
            Self::Partial(error) | Self::Failed(error) => Some(error),
        }
    }
}

/// One finished round of a poller.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// Which poller.
    pub poller: Poller,
    /// When it began.
    pub started: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// How it ended.
    pub outcome: Outcome,
    /// HTTP requests sent, pages and retries counted.
    pub requests: u32,
    /// Metrics requested as CloudWatch bills them (`GMD-Metrics`, and `GIRR-Metrics`: one for each report of
    /// Contributor Insights).
    pub metrics: u32,
    /// When it is due again; `None` where it is not repeated.
    pub due: Option<Timestamp>,
}

/// Dollars for one metric requested with `GetMetricData` or `GetInsightRuleReport`, and for one `ListMetrics` request.
///
/// Source: Amazon `CloudWatch` pricing page, US East (N. Virginia): $0.01 per 1,000 of any. A list
/// price, so what is made of it is an estimate.
pub(crate) const USD_PER_METRIC: f64 = 0.01 / 1_000.0;
pub(crate) const USD_PER_LIST_REQUEST: f64 = 0.01 / 1_000.0;

/// Stands for an action where a call failed within this program, before or after AWS had to do with it.
pub const OWN_CALL: &str = "ddbtop";

impl Round {
    /// What it cost, dollars: an estimate from list prices.
    pub fn usd(&self) -> f64 {
        let listed = if self.poller == Poller::Operations { self.requests } else { 0 };
        f64::from(self.metrics) * USD_PER_METRIC + f64::from(listed) * USD_PER_LIST_REQUEST
    }
}

/// Why polling is slower than planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slowed {
    /// The budget would be passed; whether it is nevertheless, [`Cost::passed_budget`] tells.
    Budget,
    /// No key was pressed for half an hour.
    Idle,
}

/// What watching costs, counted.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cost {
    /// Requests sent since the start.
    pub requests: u64,
    /// Metrics requested since the start, as billed.
    pub metrics: u64,
    /// Metrics that one reading of everything wanted now requests: the most that a reading at once
    /// can take, since what was asked in this minute is not asked again.
    pub reading_metrics: u64,
    /// What that costs, dollars, with one `ListMetrics`: an estimate from list prices.
    pub reading_usd: f64,
    /// Dollars per hour at the present plan: an estimate from list prices.
    pub usd_per_hour: f64,
    /// What it may cost, dollars per hour; `None` for no limit.
    pub budget_usd_per_hour: Option<f64>,
    /// Why polling is slowed, if it is.
    pub slowed: Option<Slowed>,
}

impl Cost {
    /// The budget, dollars per hour, if it is passed even though polling is as slow as it gets.
    ///
    /// What throttles is read each minute whatever it costs.
    pub fn passed_budget(self) -> Option<f64> {
        self.budget_usd_per_hour.filter(|budget| self.usd_per_hour > *budget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_passed_only_by_more_than_it() {
        for (usd_per_hour, budget, passed) in [
            (1.26, Some(1.0), Some(1.0)),
            (1.0, Some(1.0), None),
            (0.3, Some(1.0), None),
            (99.0, None, None),
        ] {
            let cost = Cost { usd_per_hour, budget_usd_per_hour: budget, ..Cost::default() };
            assert_eq!(cost.passed_budget(), passed, "{usd_per_hour} of {budget:?}");
        }
    }
}
