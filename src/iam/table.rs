//! The one table of permissions.

use super::{Need, Permission};

/// What each action applies to (Service Authorization Reference).
macro_rules! reference {
    ($service:literal) => {
        concat!(
            "https://docs.aws.amazon.com/service-authorization/latest/reference/list_",
            $service,
            ".html"
        )
    };
}

const DYNAMODB: &str = reference!("amazondynamodb");
const CLOUDWATCH: &str = reference!("amazoncloudwatch");
const SCALING: &str = reference!("awsapplicationautoscaling");
const DAX: &str = reference!("amazondynamodbacceleratordax");
const LAMBDA: &str = reference!("awslambda");
/// What autoscaling checks before it changes anything: of these, `dynamodb:DescribeTable` and
/// `cloudwatch:DescribeAlarms` are needed to read, and `dynamodb:UpdateTable` to change capacity, anyway.
const VALIDATION: &str = "https://docs.aws.amazon.com/autoscaling/application/userguide/\
                          security_iam_permission_validation.html";
const SCALING_ROLE: &str = "https://docs.aws.amazon.com/autoscaling/application/userguide/\
                            application-auto-scaling-service-linked-roles.html";
const INSIGHTS_ROLE: &str = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/\
                             Contributor_Insights_IAM.html";
const MUTE_RULES: &str = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/\
                          API_PutAlarmMuteRule.html";

const fn called(
    action: &'static str,
    need: Need,
    gives: &'static str,
    source: &'static str,
) -> Permission {
    Permission { action, need, is_dependent: false, gives, source }
}

const fn checked(
    action: &'static str,
    need: Need,
    gives: &'static str,
    source: &'static str,
) -> Permission {
    Permission { action, need, is_dependent: true, gives, source }
}

/// Every action that the program can need.
pub const PERMISSIONS: [Permission; 33] = [
    called("dynamodb:ListTables", Need::ReadTables, "the list of tables", DYNAMODB),
    called("dynamodb:DescribeTable", Need::ReadTables, "capacity, status, indexes", DYNAMODB),
    called("cloudwatch:GetMetricData", Need::Read, "every figure and chart", CLOUDWATCH),
    called("cloudwatch:ListMetrics", Need::Read, "which operations tables serve", CLOUDWATCH),
    called("dynamodb:DescribeLimits", Need::Read, "the account's quotas", DYNAMODB),
    called("dynamodb:DescribeTimeToLive", Need::ReadTables, "time to live of a table", DYNAMODB),
    called(
        "dynamodb:DescribeContinuousBackups",
        Need::ReadTables,
        "point-in-time recovery of a table",
        DYNAMODB,
    ),
    called(
        "dynamodb:DescribeKinesisStreamingDestination",
        Need::ReadTables,
        "the Kinesis data stream of a table",
        DYNAMODB,
    ),
    called("dynamodb:ListContributorInsights", Need::Read, "whether keys are counted", DYNAMODB),
    called(
        "dynamodb:DescribeContributorInsights",
        Need::ReadTables,
        "the rules that count keys",
        DYNAMODB,
    ),
    called("cloudwatch:GetInsightRuleReport", Need::ReadHotKeys, "which keys are hot", CLOUDWATCH),
    called(
        "application-autoscaling:DescribeScalableTargets",
        Need::Read,
        "scalable targets",
        SCALING,
    ),
    called(
        "application-autoscaling:DescribeScalingPolicies",
        Need::Read,
        "target utilization and cooldowns",
        SCALING,
    ),
    called(
        "application-autoscaling:DescribeScalingActivities",
        Need::Read,
        "what autoscaling did, and why it did not",
        SCALING,
    ),
    called(
        "application-autoscaling:DescribeScheduledActions",
        Need::Read,
        "scheduled actions",
        SCALING,
    ),
    // Composite alarms are left out without a word unless it is allowed on everything.
    called("cloudwatch:DescribeAlarms", Need::Read, "alarms", CLOUDWATCH),
    called("cloudwatch:DescribeAlarmHistory", Need::Read, "when alarms changed", CLOUDWATCH),
    called("cloudwatch:ListAlarmMuteRules", Need::Read, "which alarms are muted", CLOUDWATCH),
    called("cloudwatch:GetAlarmMuteRule", Need::Read, "what a mute rule mutes", CLOUDWATCH),
    called("lambda:ListEventSourceMappings", Need::Read, "what reads the streams", LAMBDA),
    called("dax:DescribeClusters", Need::Read, "DAX clusters and nodes", DAX),
    called("dax:DescribeEvents", Need::Read, "what happened to DAX clusters", DAX),
    called("dax:DescribeParameters", Need::Read, "how long DAX keeps what it caches", DAX),
    called(
        "application-autoscaling:RegisterScalableTarget",
        Need::Scale,
        "changing a minimum or maximum, suspending",
        SCALING,
    ),
    called(
        "application-autoscaling:PutScalingPolicy",
        Need::Scale,
        "changing target utilization and cooldowns",
        SCALING,
    ),
    called("dynamodb:UpdateTable", Need::ChangeTables, "changing provisioned capacity", DYNAMODB),
    checked(
        "cloudwatch:PutMetricAlarm",
        Need::ChangeScalingAlarms,
        "changing autoscaling",
        VALIDATION,
    ),
    checked(
        "cloudwatch:DeleteAlarms",
        Need::ChangeScalingAlarms,
        "changing autoscaling",
        VALIDATION,
    ),
    checked(
        "iam:CreateServiceLinkedRole",
        Need::ScalingRole,
        "the first change of autoscaling in an account",
        SCALING_ROLE,
    ),
    called(
        "dynamodb:UpdateContributorInsights",
        Need::ChangeTables,
        "turning Contributor Insights on and off",
        DYNAMODB,
    ),
    checked(
        "iam:CreateServiceLinkedRole",
        Need::InsightsRole,
        "turning Contributor Insights on for the first time in an account",
        INSIGHTS_ROLE,
    ),
    called("cloudwatch:PutAlarmMuteRule", Need::Mute, "muting an alarm", MUTE_RULES),
    called("cloudwatch:DeleteAlarmMuteRule", Need::Mute, "unmuting an alarm", CLOUDWATCH),
];
