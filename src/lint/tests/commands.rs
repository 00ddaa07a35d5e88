//! The commands, to the letter: `PutMetricAlarm` overwrites, so nothing that was read may be lost.

use super::scene::{alarm, math, set, stat};
use crate::lint::fix::{TOPIC, cli, terraform};
use crate::model::alarm::{Alarm, MissingData, Source};
use std::sync::Arc;

fn whole() -> Alarm {
    let dimensions = [("TableName", "orders"), ("Operation", "GetItem")];
    let mut whole = alarm("it's \"slow\" $HOME", "SuccessfulRequestLatency", &dimensions);
    whole.description = Some(Arc::from("p99 > ${limit}\nsee `runbook`"));
    whole.actions.enabled = false;
    whole.actions.alarm.push(Arc::from(TOPIC));
    whole.actions.ok = vec![Arc::from("arn:aws:sns:us-east-1:1:ok")];
    whole.actions.insufficient_data = vec![Arc::from("arn:aws:sns:us-east-1:1:none")];
    let whole = stat(whole, |stat| {
        stat.statistic = Arc::from("p99.9");
        stat.unit = Some(Arc::from("Milliseconds"));
    });
    set(whole, |settings| {
        settings.threshold = Some(-12.5);
        settings.low_samples = Some(Arc::from("ignore"));
    })
}

#[test]
fn an_alarm_is_put_whole_and_quoted_for_a_shell() {
    assert_eq!(
        cli::put_metric_alarms(&[whole()], "us-east-1"),
        r#"aws cloudwatch put-metric-alarm \
  --region us-east-1 \
  --alarm-name 'it'\''s "slow" $HOME' \
  --alarm-description 'p99 > ${limit}
see `runbook`' \
  --namespace AWS/DynamoDB \
  --metric-name SuccessfulRequestLatency \
  --dimensions Name=TableName,Value=orders Name=Operation,Value=GetItem \
  --extended-statistic p99.9 \
  --period 60 \
  --unit Milliseconds \
  --evaluation-periods 5 \
  --datapoints-to-alarm 3 \
  --threshold=-12.5 \
  --comparison-operator GreaterThanThreshold \
  --treat-missing-data notBreaching \
  --evaluate-low-sample-count-percentile ignore \
  --no-actions-enabled \
  --alarm-actions arn:aws:sns:us-east-1:123456789012:on-call "${TOPIC_ARN:?set it to the ARN of the SNS topic to notify}" \
  --ok-actions arn:aws:sns:us-east-1:1:ok \
  --insufficient-data-actions arn:aws:sns:us-east-1:1:none"#
    );
}

#[test]
fn an_alarm_is_written_whole_and_quoted_for_terraform() {
    assert_eq!(
        terraform::metric_alarms(&[whole()]),
        r#"resource "aws_cloudwatch_metric_alarm" "it_s__slow___HOME" {
  alarm_name                            = "it's \"slow\" $HOME"
  alarm_description                     = "p99 > $${limit}\nsee `runbook`"
  namespace                             = "AWS/DynamoDB"
  metric_name                           = "SuccessfulRequestLatency"
  extended_statistic                    = "p99.9"
  period                                = 60
  unit                                  = "Milliseconds"
  evaluation_periods                    = 5
  datapoints_to_alarm                   = 3
  threshold                             = -12.5
  comparison_operator                   = "GreaterThanThreshold"
  treat_missing_data                    = "notBreaching"
  evaluate_low_sample_count_percentiles = "ignore"
  actions_enabled                       = false
  alarm_actions                         = ["arn:aws:sns:us-east-1:123456789012:on-call", var.topic_arn]
  ok_actions                            = ["arn:aws:sns:us-east-1:1:ok"]
  insufficient_data_actions             = ["arn:aws:sns:us-east-1:1:none"]

  dimensions = {
    TableName = "orders"
    Operation = "GetItem"
  }
}"#
    );
}

fn by_math() -> Alarm {
    let events = alarm("5xx", "WriteThrottleEvents", &[("TableName", "orders")]);
    set(math(events, "FILL(m1, 0)"), |settings| {
        if let Source::Math { queries, .. } = &mut settings.source {
            queries[0].label = Some(Arc::from("throttles"));
            queries[1].account = Some(Arc::from("999999999999"));
        }
        settings.missing_data = Some(MissingData::Missing);
        settings.datapoints_to_alarm = None;
    })
}

#[test]
fn metric_math_is_put_as_json() {
    assert_eq!(
        cli::put_metric_alarms(&[by_math()], "eu-west-1"),
        r#"aws cloudwatch put-metric-alarm \
  --region eu-west-1 \
  --alarm-name 5xx \
  --metrics '[{"Expression":"FILL(m1, 0)","Id":"e1","Label":"throttles","ReturnData":true},{"AccountId":"999999999999","Id":"m1","MetricStat":{"Metric":{"Dimensions":[{"Name":"TableName","Value":"orders"}],"MetricName":"WriteThrottleEvents","Namespace":"AWS/DynamoDB"},"Period":60,"Stat":"Sum"},"ReturnData":false}]' \
  --evaluation-periods 5 \
  --threshold 0 \
  --comparison-operator GreaterThanThreshold \
  --treat-missing-data missing \
  --actions-enabled \
  --alarm-actions arn:aws:sns:us-east-1:123456789012:on-call"#
    );
}

#[test]
fn metric_math_is_written_as_queries_for_terraform() {
    assert_eq!(
        terraform::metric_alarms(&[by_math()]),
        r#"resource "aws_cloudwatch_metric_alarm" "_5xx" {
  alarm_name          = "5xx"
  evaluation_periods  = 5
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "missing"
  alarm_actions       = ["arn:aws:sns:us-east-1:123456789012:on-call"]

  metric_query {
    id          = "e1"
    expression  = "FILL(m1, 0)"
    label       = "throttles"
    return_data = true
  }

  metric_query {
    id         = "m1"
    account_id = "999999999999"

    metric {
      namespace   = "AWS/DynamoDB"
      metric_name = "WriteThrottleEvents"
      stat        = "Sum"
      period      = 60

      dimensions = {
        TableName = "orders"
      }
    }
  }
}"#
    );
}

#[test]
fn dimensions_that_the_shorthand_would_misread_are_json() {
    let odd = alarm("a", "X", &[("Table,Name", "a=b c")]);
    let cli = cli::put_metric_alarms(std::slice::from_ref(&odd), "");
    assert!(cli.contains(r#"--dimensions '[{"Name":"Table,Name","Value":"a=b c"}]'"#), "{cli}");
    assert!(!cli.contains("--region"), "{cli}");
    assert!(terraform::metric_alarms(&[odd]).contains(r#""Table,Name" = "a=b c""#));
}

#[test]
fn words_are_quoted_only_where_a_shell_needs_it() {
    for (word, written) in [
        ("plain-1.2_x", "plain-1.2_x"),
        ("", "''"),
        ("a b", "'a b'"),
        ("$(rm)", "'$(rm)'"),
        ("it's", r"'it'\''s'"),
        ("~", "'~'"),
        ("é", "'é'"),
    ] {
        let delete = cli::delete_alarm(word, "");
        assert_eq!(delete, format!("aws cloudwatch delete-alarms \\\n  --alarm-names {written}"));
    }
    assert!(cli::delete_alarm("-rf", "").ends_with("--alarm-names=-rf"));
}

#[test]
fn templates_and_quotes_of_terraform_are_escaped() {
    for (text, written) in [
        ("a", r#""a""#),
        ("%{ if }", r#""%%{ if }""#),
        ("$5 50%", r#""$5 50%""#),
        ("\\ \" \t", r#""\\ \" \t""#),
    ] {
        assert_eq!(terraform::quote(text), written);
    }
}
