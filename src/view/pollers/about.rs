//! What each poller is for.

use crate::model::health::Poller;

/// What a poller does, and what it may do it with.
pub(super) struct About {
    /// What it reads, and how often.
    pub(super) reads: &'static str,
    /// The IAM actions it needs.
    pub(super) actions: &'static [&'static str],
}

pub(super) fn about(poller: Poller) -> About {
    About { reads: reads(poller), actions: actions(poller) }
}

/// What it reads, and how often.
fn reads(poller: Poller) -> &'static str {
    match poller {
        Poller::Metrics => {
            "GetMetricData each minute: consumption and throttle events of every table and index; \
             reasons, latency and errors of those in trouble, on screen or open; how far functions lag \
             behind streams, and replicas behind their tables; DAX clusters, and the nodes of those in trouble, on \
             screen or open"
        }
        Poller::Tables => "ListTables every 5 minutes: which tables there are",
        Poller::Descriptions => {
            "DescribeTable of each table every 5 minutes, in trouble each minute: status, capacity, \
             indexes"
        }
        Poller::TimeToLive => {
            "DescribeTimeToLive of the open table, when it is opened and every 15 minutes"
        }
        Poller::Backups => {
            "DescribeContinuousBackups of the open table, when it is opened and every 15 minutes"
        }
        Poller::Kinesis => {
            "DescribeKinesisStreamingDestination of the open table, when it is opened and every 15 minutes, and \
             ListMetrics where it has one: where its changes are sent"
        }
        Poller::Scaling => {
            "DescribeScalableTargets and DescribeScalingPolicies every 5 minutes, in trouble each \
             minute: between which limits autoscaling moves"
        }
        Poller::Operations => "ListMetrics every 15 minutes: which operations each table serves",
        Poller::Limits => "DescribeLimits every 15 minutes: the account's quotas",
        Poller::Alarms => {
            "DescribeAlarms each minute: state and settings of every alarm on metrics, logs or other alarms"
        }
        Poller::AlarmHistory => {
            "DescribeAlarmHistory each minute, while there are alarms, a day back at first: changes of \
             state and settings, and actions"
        }
        Poller::MuteRules => {
            "ListAlarmMuteRules and GetAlarmMuteRule of each every 5 minutes: which alarms are silenced"
        }
        Poller::AlarmData => {
            "GetMetricData of the alarm that is open, when it is opened and once in its period, at least \
             every 5 minutes: what it compares with its threshold"
        }
        Poller::Activities => {
            "DescribeScalingActivities every 5 minutes, in trouble each minute, a day back at first: what \
             autoscaling did and did not"
        }
        Poller::Schedules => {
            "DescribeScheduledActions every 5 minutes: when the bounds of autoscaling change by themselves"
        }
        Poller::Insights => {
            "ListContributorInsights every 15 minutes, and DescribeContributorInsights where it is on: \
             where hot keys are reported"
        }
        Poller::HotKeys => {
            "GetInsightRuleReport each minute, one for each rule of a table or index that is open, selected or in \
             trouble, where Contributor Insights is on: which keys are hot"
        }
        Poller::Consumers => {
            "ListEventSourceMappings every 5 minutes: which functions read the tables' streams"
        }
        Poller::Clusters => {
            "DescribeClusters of DAX each minute, without clusters every 5 minutes: clusters and their nodes"
        }
        Poller::ClusterEvents => {
            "DescribeEvents of DAX each minute, while there are clusters, a day back at first: what happened to them"
        }
        Poller::Parameters => {
            "DescribeParameters of each parameter group in use every 15 minutes and when one was changed, while \
             there are DAX clusters: how long items and results stay cached"
        }
        Poller::Identity => {
            "GetCallerIdentity every hour: who AWS takes us for; it needs no permission"
        }
    }
}

/// The IAM actions it needs.
fn actions(poller: Poller) -> &'static [&'static str] {
    match poller {
        Poller::Metrics | Poller::AlarmData => &["cloudwatch:GetMetricData"],
        Poller::Tables => &["dynamodb:ListTables"],
        Poller::Descriptions => &["dynamodb:DescribeTable"],
        Poller::TimeToLive => &["dynamodb:DescribeTimeToLive"],
        Poller::Backups => &["dynamodb:DescribeContinuousBackups"],
        Poller::Kinesis => {
            &["dynamodb:DescribeKinesisStreamingDestination", "cloudwatch:ListMetrics"]
        }
        Poller::Scaling => &[
            "application-autoscaling:DescribeScalableTargets",
            "application-autoscaling:DescribeScalingPolicies",
        ],
        Poller::Operations => &["cloudwatch:ListMetrics"],
        Poller::Limits => &["dynamodb:DescribeLimits"],
        Poller::Alarms => &["cloudwatch:DescribeAlarms"],
        Poller::AlarmHistory => &["cloudwatch:DescribeAlarmHistory"],
        Poller::MuteRules => &["cloudwatch:ListAlarmMuteRules", "cloudwatch:GetAlarmMuteRule"],
        Poller::Activities => &["application-autoscaling:DescribeScalingActivities"],
        Poller::Schedules => &["application-autoscaling:DescribeScheduledActions"],
        Poller::Insights => {
            &["dynamodb:ListContributorInsights", "dynamodb:DescribeContributorInsights"]
        }
        Poller::HotKeys => {
            &["cloudwatch:GetInsightRuleReport", "dynamodb:DescribeContributorInsights"]
        }
        Poller::Consumers => &["lambda:ListEventSourceMappings"],
        Poller::Clusters => &["dax:DescribeClusters"],
        Poller::ClusterEvents => &["dax:DescribeEvents"],
        Poller::Parameters => &["dax:DescribeParameters"],
        Poller::Identity => &["sts:GetCallerIdentity"],
    }
}
