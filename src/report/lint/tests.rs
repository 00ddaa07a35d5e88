use super::fixture::{stack, wrong};
use super::*;
use crate::lint::findings;
use crate::store::fixture::{Fixture, second};
use std::collections::BTreeSet;

fn text_of(fixture: &Fixture) -> String {
    text(&[(fixture.reading(), findings(fixture.reading()))])
}

#[test]
fn text_is_grouped_by_rule_between_the_counts() {
    let text = text_of(&stack(vec![wrong()]));
    let expected = r#"1 error, 1 warning, 2 info

123456789012 us-east-1
not read, and not judged: mute rules, Contributor Insights, stream consumers,
DAX clusters

error DDB001: UserErrors with a dimension
  why: AWS publishes UserErrors for the whole account and region only, never for
  a table
  fix: drop the dimensions
  source: Amazon DynamoDB Developer Guide, DynamoDB Metrics and dimensions

  - app-errors watches UserErrors with TableName=app, but AWS publishes it
  without dimensions only: it stays in INSUFFICIENT_DATA
  the command mends DDB013 of this alarm, too

    aws cloudwatch put-metric-alarm \
      --region us-east-1 \
      --alarm-name app-errors \
      --namespace AWS/DynamoDB \
      --metric-name UserErrors \
      --statistic Sum \
      --period 60 \
      --evaluation-periods 1 \
      --threshold 0 \
      --comparison-operator GreaterThanThreshold \
      --treat-missing-data notBreaching \
      --actions-enabled \
      --alarm-actions arn:aws:sns:us-east-1:123456789012:on-call

    resource "aws_cloudwatch_metric_alarm" "app-errors" {
      alarm_name          = "app-errors"
      namespace           = "AWS/DynamoDB"
"#;
    assert!(text.starts_with(expected), "{text}");
    assert!(text.ends_with("\n1 error, 1 warning, 2 info\n"), "{text}");
    assert!(text.contains("\n  mended by the command under DDB001\n"), "{text}");
    assert_eq!(text.matches("--alarm-name app-errors ").count(), 1, "{text}");
}

#[test]
fn words_fit_eighty_columns() {
    let text = text_of(&stack(vec![wrong()]));
    // Commands keep their lines, and are set off by four blanks.
    let wide: Vec<&str> =
        text.lines().filter(|line| !line.starts_with("    ") && width(line) > CELLS).collect();
    assert_eq!(wide, Vec::<&str>::new());
}

#[test]
fn a_scope_without_a_mistake_says_so_in_counts() {
    let fixture = Fixture::new(0, vec![]);
    let text = text_of(&fixture);
    assert!(text.contains("not judged: alarms, mute rules"), "{text}");
    assert!(text.ends_with("\n\n0 errors, 0 warnings, 0 info\n"), "{text}");
    assert_eq!(super::text(&[]), "0 errors, 0 warnings, 0 info\n");
}

#[test]
fn json_has_every_field_of_the_contract() {
    let fixture = stack(vec![wrong()]);
    let report = json(&[(fixture.reading(), findings(fixture.reading()))], second(0));
    assert_eq!(report["schema"], 1);
    assert_eq!(report["at"], "2026-11-22T12:00:00Z");
    let first = &report["findings"][0];
    let fields: BTreeSet<&str> = first.as_object().unwrap().keys().map(String::as_str).collect();
    let contract = [
        "account",
        "alarm",
        "cli",
        "dimension",
        "fix",
        "other",
        "region",
        "resource",
        "rule",
        "severity",
        "source",
        "terraform",
        "what",
        "why",
    ];
    assert_eq!(fields, contract.into_iter().collect());
    for (field, expected) in [
        ("rule", "DDB001"),
        ("severity", "error"),
        ("alarm", "app-errors"),
        ("resource", "table/app"),
        ("account", "123456789012"),
        ("region", "us-east-1"),
        ("dimension", "TableName"),
        ("fix", "drop the dimensions"),
    ] {
        assert_eq!(first[field], expected, "{field}");
    }
    assert_eq!(report["unread"][0]["what"], "mute rules");
    assert_eq!(report["findings"].as_array().unwrap().len(), 4);
}

#[test]
fn json_carries_one_command_with_all_findings_that_it_mends() {
    let fixture = stack(vec![wrong()]);
    let report = json(&[(fixture.reading(), findings(fixture.reading()))], second(0));
    let findings = report["findings"].as_array().unwrap();
    let of_alarm: Vec<&Value> = findings.iter().filter(|it| it["alarm"] == "app-errors").collect();
    let rules: Vec<&Value> = of_alarm.iter().map(|it| &it["rule"]).collect();
    assert_eq!(rules, ["DDB001", "DDB013"]);
    for command in ["cli", "terraform"] {
        let of = |place: usize| of_alarm[place][command].as_str().unwrap();
        assert_eq!(of(0), of(1));
        assert!(!of(0).contains("TableName") && of(0).contains("notBreaching"), "{}", of(0));
    }
}

#[test]
fn a_snapshot_tells_the_same_findings() {
    let fixture = stack(vec![wrong()]);
    let snapshot = crate::report::snapshot::json(&[(fixture.reading(), &[])], second(0));
    let report = json(&[(fixture.reading(), findings(fixture.reading()))], second(0));
    assert_eq!(snapshot["findings"], report["findings"]);
}
