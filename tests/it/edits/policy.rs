//! The policy that `iam` prints is enough for everything, and each action in it is missed where it belongs.

use super::{Dashboard, simulated};
use crate::support::ddbtop::ddbtop;
use ddbtop::app::Msg;
use ddbtop::iam::{PERMISSIONS, Permission, policy};
use ddbtop_sim::policy::Policy;
use ddbtop_sim::scenario::Scenario;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Where the lack of each action to read is told: a scenario in which it is asked for, and the keys that lead
/// there.
const MISSED: [(&str, &str, &str); 23] = [
    ("dynamodb:ListTables", "hot-key-read", "1"),
    ("dynamodb:DescribeTable", "hot-key-read", "1"),
    ("cloudwatch:GetMetricData", "hot-key-read", "1"),
    ("cloudwatch:ListMetrics", "hot-key-read", "8"),
    ("dynamodb:DescribeLimits", "hot-key-read", "8"),
    ("dynamodb:DescribeTimeToLive", "hot-key-read", "2d"),
    ("dynamodb:DescribeContinuousBackups", "hot-key-read", "2d"),
    ("dynamodb:DescribeKinesisStreamingDestination", "hot-key-read", "2d"),
    ("dynamodb:ListContributorInsights", "hot-key-read", "3"),
    ("dynamodb:DescribeContributorInsights", "hot-key-read", "3"),
    ("cloudwatch:GetInsightRuleReport", "hot-key-read", "3"),
    ("application-autoscaling:DescribeScalableTargets", "incident", "4"),
    ("application-autoscaling:DescribeScalingPolicies", "incident", "4"),
    ("application-autoscaling:DescribeScalingActivities", "incident", "4"),
    ("application-autoscaling:DescribeScheduledActions", "incident", "4"),
    ("cloudwatch:DescribeAlarms", "alarm-storm", "6"),
    ("cloudwatch:DescribeAlarmHistory", "alarm-storm", "7"),
    ("cloudwatch:ListAlarmMuteRules", "alarm-storm", "6"),
    ("cloudwatch:GetAlarmMuteRule", "alarm-storm", "6"),
    ("lambda:ListEventSourceMappings", "stream-lag", "2d"),
    ("dax:DescribeClusters", "dax-cold-cache", "5"),
    ("dax:DescribeEvents", "dax-cold-cache", "5d"),
    ("dax:DescribeParameters", "dax-cold-cache", "5d"),
];

/// The policy without some action.
fn without(action: &str, writes: bool) -> Policy {
    let mut document = policy(writes, "aws");
    for statement in document["Statement"].as_array_mut().unwrap() {
        statement["Action"].as_array_mut().unwrap().retain(|one| one != action);
    }
    Policy::parse(&document.to_string()).unwrap()
}

/// A dashboard whose caller has this policy, once all that is read at the start and of the table on top is
/// there.
async fn looked(scenario: &str, policy: Policy, keys: &str) -> Dashboard {
    let (world, connection, clock) = simulated(Scenario::named(scenario).unwrap());
    world.enforce(policy);
    let mut dashboard = Dashboard::open(connection, clock);
    dashboard.tell(Msg::Resize(200, 50));
    dashboard.size = (200, 50);
    dashboard.pass(75).await;
    dashboard.press(keys);
    dashboard.pass(75).await;
    dashboard
}

#[tokio::test(start_paused = true)]
async fn the_policy_denies_nothing_that_is_asked() {
    for scenario in ["hot-key-read", "stream-lag", "alarm-storm", "dax-cold-cache"] {
        for keys in ["1", "2d", "3", "4", "5", "6", "7", "8"] {
            let dashboard = looked(scenario, without("", false), keys).await;
            assert!(!dashboard.shown().contains("no permission"), "{}", dashboard.shown());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_policy_to_change_things_lets_a_minimum_be_raised() {
    let raise = "je<Enter>1500<Enter><Enter>customers<Enter>";
    let mut dashboard = looked("under-provisioned", without("", true), "").await;
    dashboard.press(raise);
    dashboard.pass(45).await;
    dashboard.assert_shows("done: it is seen to be so");
    // What AWS checks though it is never called is named by AWS.
    for action in ["cloudwatch:PutMetricAlarm", "application-autoscaling:RegisterScalableTarget"] {
        let mut dashboard = looked("under-provisioned", without(action, true), "").await;
        dashboard.press(raise);
        dashboard.pass(45).await;
        dashboard.assert_shows(action);
    }
}

#[tokio::test(start_paused = true)]
async fn an_action_that_is_taken_away_is_named_where_it_is_missed() {
    for (action, scenario, keys) in MISSED {
        let dashboard = looked(scenario, without(action, false), keys).await;
        assert!(dashboard.shown().contains(action), "{action} {keys}\n{}", dashboard.shown());
    }
    let read = PERMISSIONS.iter().filter(|it| it.need.is_of_reading()).map(|it| it.action);
    assert_eq!(read.collect::<BTreeSet<_>>(), MISSED.map(|(action, ..)| action).into());
}

/// The actions that stand in the source outside its tests.
fn in_source(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            in_source(&path, found);
        } else if !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            found.extend(product.split('"').filter(|part| is_action(part)).map(str::to_owned));
        }
    }
}

fn is_action(text: &str) -> bool {
    const SERVICES: [&str; 7] =
        ["dynamodb", "cloudwatch", "application-autoscaling", "lambda", "dax", "sts", "iam"];
    text.split_once(':').is_some_and(|(service, operation)| {
        SERVICES.contains(&service)
            && operation.starts_with(|c: char| c.is_ascii_uppercase())
            && operation.chars().all(|c| c.is_ascii_alphanumeric())
    })
}

#[test]
fn the_table_holds_what_the_code_can_call_and_nothing_else() {
    let mut called = BTreeSet::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for module in ["aws", "tune"] {
        in_source(&source.join(module), &mut called);
    }
    // Who one is needs no permission.
    assert!(called.remove("sts:GetCallerIdentity"), "{called:?}");
    let own = PERMISSIONS.iter().filter(|it| !it.is_dependent);
    let own: BTreeSet<String> = own.map(|Permission { action, .. }| (*action).to_owned()).collect();
    assert_eq!(own, called);
}

#[test]
fn the_printed_policy_is_the_one_that_is_tested() {
    for (flags, writes) in [(&["iam"][..], false), (&["iam", "--allow-writes"], true)] {
        let output = ddbtop(flags);
        let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(printed, policy(writes, "aws"));
    }
}
