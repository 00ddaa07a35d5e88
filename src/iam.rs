//! What the program may ask of AWS: every IAM action it can need, on what, and who says so; and the least policy
//! that allows it.
//!
//! `sts:GetCallerIdentity` is asked for too and is not here: it needs no permission (AWS STS API Reference,
//! "`GetCallerIdentity`").

mod table;

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
pub use table::PERMISSIONS;

/// What an action is needed for; a statement of the policy each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// To read what AWS lets nobody narrow to single resources.
    Read,
    /// To read tables and their indexes.
    ReadTables,
    /// To read reports of Contributor Insights, which hold keys of items.
    ReadHotKeys,
    /// To change scalable targets and their policies.
    Scale,
    /// To change the capacity of tables, as autoscaling does: it checks that its caller may, too.
    ChangeTables,
    /// To change the alarms that autoscaling makes: it checks that its caller may.
    ChangeScalingAlarms,
    /// To have the role made with which autoscaling acts, where it acts for the first time in an account.
    ScalingRole,
    /// To have the role made with which Contributor Insights acts, where it is turned on for the first time in
    /// an account.
    InsightsRole,
    /// To mute alarms.
    Mute,
}

impl Need {
    /// The id of its statement.
    pub fn sid(self) -> &'static str {
        match self {
            Self::Read => "Read",
            Self::ReadTables => "ReadTables",
            Self::ReadHotKeys => "ReadHotKeys",
            Self::Scale => "Scale",
            Self::ChangeTables => "ChangeTables",
            Self::ChangeScalingAlarms => "ChangeScalingAlarms",
            Self::ScalingRole => "ScalingRole",
            Self::InsightsRole => "InsightsRole",
            Self::Mute => "Mute",
        }
    }

    /// Whether it is needed where nothing may be changed.
    pub fn is_of_reading(self) -> bool {
        matches!(self, Self::Read | Self::ReadTables | Self::ReadHotKeys)
    }

    /// What it is allowed on: ARNs with wildcards, in a partition such as `aws`.
    pub fn resources(self, partition: &str) -> Vec<String> {
        let of = |rest: &str| format!("arn:{partition}:{rest}");
        let role = |service: &str, name: &str| {
            vec![of(&format!("iam::*:role/aws-service-role/{service}.amazonaws.com/{name}"))]
        };
        match self {
            Self::Read => vec!["*".to_owned()],
            Self::ReadTables | Self::ChangeTables => vec![of("dynamodb:*:*:table/*")],
            Self::ReadHotKeys => {
                vec![of("cloudwatch:*:*:insight-rule/DynamoDBContributorInsights-*")]
            }
            Self::Scale => vec![of("application-autoscaling:*:*:scalable-target/*")],
            Self::ChangeScalingAlarms => vec![of("cloudwatch:*:*:alarm:TargetTracking-table/*")],
            Self::ScalingRole => {
                role(SCALING, "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable")
            }
            Self::InsightsRole => {
                role(INSIGHTS, "AWSServiceRoleForDynamoDBCloudWatchContributorInsights")
            }
            Self::Mute => {
                vec![of("cloudwatch:*:*:alarm:*"), of("cloudwatch:*:*:alarm-mute-rule:*")]
            }
        }
    }

    /// What else has to hold: a condition key and its value.
    fn condition(self) -> Option<(&'static str, String)> {
        let service = |name: &str| Some(("iam:AWSServiceName", format!("{name}.amazonaws.com")));
        match self {
            Self::Scale => {
                Some(("application-autoscaling:service-namespace", "dynamodb".to_owned()))
            }
            Self::ScalingRole => service(SCALING),
            Self::InsightsRole => service(INSIGHTS),
            Self::Read
            | Self::ReadTables
            | Self::ReadHotKeys
            | Self::ChangeTables
            | Self::ChangeScalingAlarms
            | Self::Mute => None,
        }
    }
}

/// The service that acts for autoscaling in an account.
const SCALING: &str = "dynamodb.application-autoscaling";
/// The service that acts for Contributor Insights in an account.
const INSIGHTS: &str = "contributorinsights.dynamodb";

/// One action that the program needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    /// The action, such as `dynamodb:DescribeTable`.
    pub action: &'static str,
    /// What it is needed for.
    pub need: Need,
    /// Whether the program never calls it: AWS checks it where another action is called.
    pub is_dependent: bool,
    /// What is missing without it.
    pub gives: &'static str,
    /// The page of AWS's that says what it applies to, or what depends on it.
    pub source: &'static str,
}

/// The permissions to read, and those to change where that is allowed.
pub fn permissions(writes: bool) -> impl Iterator<Item = &'static Permission> {
    PERMISSIONS.iter().filter(move |permission| writes || permission.need.is_of_reading())
}

/// The least policy, as IAM takes it.
pub fn policy(writes: bool, partition: &str) -> Value {
    let needs: BTreeSet<Need> = permissions(writes).map(|permission| permission.need).collect();
    let statement = |need: &Need| {
        let of_it = permissions(writes).filter(|permission| permission.need == *need);
        let actions: BTreeSet<&str> = of_it.map(|permission| permission.action).collect();
        let mut statement = Map::new();
        statement.insert("Sid".to_owned(), need.sid().into());
        statement.insert("Effect".to_owned(), "Allow".into());
        statement.insert("Action".to_owned(), actions.into_iter().collect());
        statement.insert("Resource".to_owned(), need.resources(partition).into());
        if let Some((key, value)) = need.condition() {
            statement.insert("Condition".to_owned(), json!({ "StringEquals": { key: value } }));
        }
        Value::Object(statement)
    };
    json!({
        "Version": "2012-10-17",
        "Statement": needs.iter().map(statement).collect::<Vec<_>>(),
    })
}

/// The same as a table for people: action, what it is for, and the page that says so.
pub fn table(writes: bool) -> String {
    let rows: Vec<&Permission> = permissions(writes).collect();
    let width = rows.iter().map(|row| row.action.len()).max().unwrap_or_default();
    let line = |row: &&Permission| {
        let checked = if row.is_dependent { " (checked by AWS, never called)" } else { "" };
        format!("{:width$}  {}{checked}\n{:width$}  {}\n", row.action, row.gives, "", row.source)
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_reads_may_change_nothing() {
        let changes = ["Put", "Update", "Register", "Delete", "Create", "Enable", "Disable"];
        for Permission { action, .. } in permissions(false) {
            let (_, operation) = action.split_once(':').unwrap();
            assert!(!changes.iter().any(|verb| operation.starts_with(verb)), "{action}");
            let items = ["GetItem", "BatchGetItem", "Query", "Scan", "GetRecords", "PartiQLSelect"];
            assert!(!items.contains(&operation), "{action} reads items");
        }
    }

    #[test]
    fn each_action_stands_once_for_a_need_and_in_one_statement_of_it() {
        let mut seen = BTreeSet::new();
        for permission in &PERMISSIONS {
            assert!(seen.insert((permission.need, permission.action)), "{permission:?}");
            assert!(
                permission.source.starts_with("https://docs.aws.amazon.com/"),
                "{permission:?}"
            );
        }
        let policy = policy(true, "aws");
        let statements = policy["Statement"].as_array().unwrap();
        let actions = |it: &Value| it["Action"].as_array().unwrap().len();
        assert_eq!(statements.iter().map(actions).sum::<usize>(), PERMISSIONS.len());
        let sids: BTreeSet<&str> =
            statements.iter().map(|it| it["Sid"].as_str().unwrap()).collect();
        assert_eq!(sids.len(), statements.len());
    }

    #[test]
    fn a_policy_is_of_its_partition_and_fits_into_a_managed_one() {
        let china = policy(true, "aws-cn").to_string();
        assert!(china.contains("arn:aws-cn:dynamodb:*:*:table/*") && !china.contains("arn:aws:"));
        // IAM and AWS STS quotas: 6,144 characters without white space.
        assert!(policy(true, "aws-us-gov").to_string().len() < 6_144);
    }
}
