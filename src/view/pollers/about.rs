//! What each poller is for.

use crate::model::health::Poller;

/// What a poller does, and what it may do it with.
pub(super) struct About {
    /// What it reads, and how often.
    pub(super) reads: &'static str,
    /// The IAM actions it needs.
    pub(super) actions: &'static [&'static str],
}

#[expect(clippy::too_many_lines, reason = "a table with a row for each poller")]
pub(super) fn about(poller: Poller) -> About {
    let (reads, actions): (_, &[&str]) = match poller {
        Poller::Metrics => (
            "GetMetricData each minute: consumption and throttle events of every table and index; \
             reasons, latency and errors of those in trouble, on screen or open; how far functions lag \
             behind streams, and replicas behind their tables",
            &["cloudwatch:GetMetricData"],
        ),
        Poller::Tables => {
            ("ListTables every 5 minutes: which tables there are", &["dynamodb:ListTables"])
        }
        Poller::Descriptions => (
            "DescribeTable of each table every 5 minutes, in trouble each minute: status, capacity, \
             indexes",
            &["dynamodb:DescribeTable"],
        ),
        Poller::TimeToLive => (
            "DescribeTimeToLive of the open table, when it is opened and every 15 minutes",
            &["dynamodb:DescribeTimeToLive"],
        ),
        Poller::Backups => (
            "DescribeContinuousBackups of the open table, when it is opened and every 15 minutes",
            &["dynamodb:DescribeContinuousBackups"],
        ),
        Poller::Kinesis => (
            "DescribeKinesisStreamingDestination of the open table, when it is opened and every 15 minutes, and \
             ListMetrics where it has one: where its changes are sent",
            &["dynamodb:DescribeKinesisStreamingDestination", "cloudwatch:ListMetrics"],
        ),
        Poller::Scaling => (
            "DescribeScalableTargets and DescribeScalingPolicies every 5 minutes, in trouble each \
             minute: between which limits autoscaling moves",
            &[
                "application-autoscaling:DescribeScalableTargets",
                "application-autoscaling:DescribeScalingPolicies",
            ],
        ),
        Poller::Operations => (
            "ListMetrics every 15 minutes: which operations each table serves",
            &["cloudwatch:ListMetrics"],
        ),
        Poller::Limits => {
            ("DescribeLimits every 15 minutes: the account's quotas", &["dynamodb:DescribeLimits"])
        }
        Poller::Alarms => (
            "DescribeAlarms each minute: state and settings of every alarm on metrics, logs or other alarms",
            &["cloudwatch:DescribeAlarms"],
        ),
        Poller::AlarmHistory => (
            "DescribeAlarmHistory each minute, while there are alarms, a day back at first: changes of \
             state and settings, and actions",
            &["cloudwatch:DescribeAlarmHistory"],
        ),
        Poller::MuteRules => (
            "ListAlarmMuteRules and GetAlarmMuteRule of each every 5 minutes: which alarms are silenced",
            &["cloudwatch:ListAlarmMuteRules", "cloudwatch:GetAlarmMuteRule"],
        ),
        Poller::AlarmData => (
            "GetMetricData of the alarm that is open, when it is opened and once in its period, at least \
             every 5 minutes: what it compares with its threshold",
            &["cloudwatch:GetMetricData"],
        ),
        Poller::Activities => (
            "DescribeScalingActivities every 5 minutes, in trouble each minute, a day back at first: what \
             autoscaling did and did not",
            &["application-autoscaling:DescribeScalingActivities"],
        ),
        Poller::Schedules => (
            "DescribeScheduledActions every 5 minutes: when the bounds of autoscaling change by themselves",
            &["application-autoscaling:DescribeScheduledActions"],
        ),
        Poller::Insights => (
            "ListContributorInsights every 15 minutes, and DescribeContributorInsights where it is on: \
             where hot keys are reported",
            &["dynamodb:ListContributorInsights", "dynamodb:DescribeContributorInsights"],
        ),
        Poller::Consumers => (
            "ListEventSourceMappings every 5 minutes: which functions read the tables' streams",
            &["lambda:ListEventSourceMappings"],
        ),
        Poller::Clusters => (
            "DescribeClusters of DAX every 5 minutes: clusters and their nodes",
            &["dax:DescribeClusters"],
        ),
        Poller::Identity => (
            "GetCallerIdentity every hour: who AWS takes us for; it needs no permission",
            &["sts:GetCallerIdentity"],
        ),
    };
    About { reads, actions }
}
