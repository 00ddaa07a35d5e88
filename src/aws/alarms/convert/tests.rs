//! Tests of taking in alarms.

use super::*;
use aws_sdk_cloudwatch::primitives::DateTime;

const ARN: &str = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a";

fn named() -> sdk::builders::MetricAlarmBuilder {
    sdk::MetricAlarm::builder().alarm_name("a").alarm_arn(ARN).state_value(sdk::StateValue::Ok)
}

fn on_one_metric() -> sdk::builders::MetricAlarmBuilder {
    named()
        .namespace("AWS/DynamoDB")
        .metric_name("WriteThrottleEvents")
        .dimensions(sdk::Dimension::builder().name("TableName").value("orders").build())
        .statistic(sdk::Statistic::Sum)
        .period(60)
}

fn stat(metric: &str, account: Option<&str>) -> sdk::MetricDataQuery {
    let metric = sdk::Metric::builder().namespace("AWS/DynamoDB").metric_name(metric).build();
    let stat = sdk::MetricStat::builder().metric(metric).period(300).stat("Sum").build();
    let account = account.map(str::to_owned);
    let query = sdk::MetricDataQuery::builder().id("m1").metric_stat(stat).return_data(false);
    query.set_account_id(account).build()
}

#[test]
fn an_alarm_on_one_metric_is_taken_in_whole() {
    let described = on_one_metric()
        .alarm_description("orders are refused")
        .state_value(sdk::StateValue::Alarm)
        .state_reason("Threshold Crossed")
        .state_updated_timestamp(DateTime::from_secs(1_795_348_860))
        .state_transitioned_timestamp(DateTime::from_secs(1_795_348_800))
        .actions_enabled(false)
        .alarm_actions("arn:aws:sns:us-east-1:123456789012:page")
        .evaluation_periods(5)
        .datapoints_to_alarm(3)
        .threshold(10.0)
        .comparison_operator(sdk::ComparisonOperator::GreaterThanOrEqualToThreshold)
        .treat_missing_data("notBreaching")
        .evaluation_state(sdk::EvaluationState::PartialData)
        .build();
    let alarm = metric_alarm(&described).unwrap();
    assert_eq!((&*alarm.name, &*alarm.arn, alarm.state), ("a", ARN, AlarmState::Alarm));
    assert_eq!(alarm.since.unwrap().to_string(), "2026-11-22T12:00:00Z");
    assert_eq!((&*alarm.reason, alarm.configured), ("Threshold Crossed", None));
    assert_eq!((alarm.actions.enabled, alarm.actions.alarm.len()), (false, 1));
    let AlarmKind::Metric(settings) = &alarm.kind else { panic!("{alarm:?}") };
    let expected = MetricAlarm {
        source: Source::Metric(MetricStat {
            namespace: Arc::from("AWS/DynamoDB"),
            metric: Arc::from("WriteThrottleEvents"),
            dimensions: vec![(Arc::from("TableName"), Arc::from("orders"))],
            statistic: Arc::from("Sum"),
            period_seconds: 60,
            unit: None,
        }),
        comparison: Comparison::GreaterOrEqual,
        threshold: Some(10.0),
        evaluation_periods: 5,
        datapoints_to_alarm: Some(3),
        missing_data: Some(MissingData::NotBreaching),
        low_samples: None,
        evaluation_state: Some(Arc::from("PARTIAL_DATA")),
    };
    assert_eq!(**settings, expected);
}

#[test]
fn without_the_moment_of_transition_the_last_update_counts() {
    let updated = DateTime::from_secs(1_795_348_800);
    let alarm = metric_alarm(&on_one_metric().state_updated_timestamp(updated).build()).unwrap();
    assert_eq!(alarm.since.unwrap().to_string(), "2026-11-22T12:00:00Z");
    assert!(alarm.actions.enabled, "AWS's default");
}

#[test]
fn metric_math_keeps_its_parts_and_its_band() {
    let formula = sdk::MetricDataQuery::builder().id("e1").expression("m1 / PERIOD(m1)");
    let other = Some("999999999999");
    let described = named()
        .metrics(stat("X", other))
        .metrics(formula.label("rate").build())
        .threshold_metric_id("ad1");
    let alarm = metric_alarm(&described.build()).unwrap();
    let Some(MetricAlarm { source: Source::Math { queries, threshold }, .. }) = alarm.metric()
    else {
        panic!("{alarm:?}");
    };
    assert_eq!(threshold.as_deref(), Some("ad1"));
    let returned: Vec<_> = queries.iter().map(|q| (&*q.id, q.returns_data)).collect();
    assert_eq!(returned, [("m1", false), ("e1", true)]);
    let told: Vec<_> = queries.iter().map(|q| (q.label.as_deref(), q.account.as_deref())).collect();
    assert_eq!(told, [(None, other), (Some("rate"), None)]);
    assert_eq!((alarm.stats().len(), alarm.metric().unwrap().formulas().len()), (1, 1));
}

#[test]
fn a_percentile_is_a_statistic_too() {
    let described = named().namespace("AWS/DynamoDB").metric_name("SuccessfulRequestLatency");
    let alarm = metric_alarm(&described.extended_statistic("p99").period(60).build()).unwrap();
    assert_eq!(&*alarm.stats()[0].statistic, "p99");
}

#[test]
fn what_is_no_alarm_on_metrics_keeps_the_name_of_its_type() {
    let criteria = sdk::AlarmPromQlCriteria::builder().query("up == 0").build();
    let criteria = sdk::EvaluationCriteria::PromQlCriteria(criteria);
    let prom = metric_alarm(&named().evaluation_criteria(criteria).build()).unwrap();
    assert_eq!(prom.kind, AlarmKind::Other(Arc::from("PromQL")));
    let bare = metric_alarm(&named().build()).unwrap();
    assert_eq!(bare.kind, AlarmKind::Other(Arc::from("MetricAlarm")));
    let logs = log_alarm(&sdk::LogAlarm::builder().alarm_name("l").build()).unwrap();
    assert_eq!(logs.kind, AlarmKind::Other(Arc::from("LogAlarm")));
    assert_eq!(metric_alarm(&sdk::MetricAlarm::builder().build()), None);
}

#[test]
fn a_composite_alarm_tells_its_rule_and_what_holds_it_back() {
    let described = sdk::CompositeAlarm::builder()
        .alarm_name("c")
        .alarm_rule("ALARM(\"a\") AND NOT ALARM(\"b\")")
        .actions_suppressor("deploying")
        .actions_suppressed_by(sdk::ActionsSuppressedBy::Alarm)
        .state_value(sdk::StateValue::Alarm);
    let alarm = composite_alarm(&described.build()).unwrap();
    let composite = alarm.composite().unwrap();
    assert_eq!(composite.children(), ["a", "b"]);
    assert_eq!(composite.suppressor.as_deref(), Some("deploying"));
    assert_eq!(composite.suppressed_by.as_deref(), Some("Alarm"));
}

#[test]
fn metrics_of_another_account_are_noticed() {
    for (account, elsewhere) in
        [(None, false), (Some("123456789012"), false), (Some("999999999999"), true)]
    {
        let described = named().metrics(stat("X", account)).build();
        assert_eq!(looks_elsewhere(&described), elsewhere, "{account:?}");
    }
}
