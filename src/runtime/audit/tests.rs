//! What `audit` prints.

use super::*;
use crate::model::id::Resource;
use crate::model::scaling::Suspended;
use crate::model::throttle::Direction;
use crate::tune::audit::SCHEMA;
use std::sync::Arc;

fn bounds(min: u32) -> Setting {
    let (resource, direction) = (Resource::table("orders"), Direction::Write);
    Setting::Bounds { resource, direction, min, max: 1_000, suspended: Suspended::default() }
}

fn intent(id: &str) -> Record {
    Record {
        schema: SCHEMA,
        id: Arc::from(id),
        plan: Arc::from("p"),
        at: "2026-11-22T12:31:40Z".parse().unwrap(),
        who: Arc::from("arn:aws:sts::123456789012:assumed-role/oncall/me"),
        partition: Arc::from("aws"),
        account: Arc::from("123456789012"),
        region: Arc::from("us-east-1"),
        call: Arc::from("application-autoscaling:RegisterScalableTarget"),
        undoes: None,
        before: bounds(50),
        after: bounds(400),
        stage: Stage::Intent,
    }
}

fn ended(id: &str, outcome: Outcome, seen: Option<Setting>) -> Record {
    let intent = intent(id);
    intent.ended(intent.at, outcome, seen)
}

fn journal(records: Vec<Record>) -> Journal {
    Journal { records, ..Journal::default() }
}

#[test]
fn a_write_is_told_once_with_how_it_ended_and_what_was_seen() {
    let records = vec![intent("a"), ended("a", Outcome::Done, Some(bounds(400))), intent("b")];
    let text = text(&journal(records));
    let expected = "\
2026-11-22 12:31:40Z  done  write autoscaling of orders
  change minimum: 50 WCU -> 400 WCU
  seen   as wanted
  by     arn:aws:sts::123456789012:assumed-role/oncall/me
  in     account 123456789012, us-east-1
  call   application-autoscaling:RegisterScalableTarget
  id     a

2026-11-22 12:31:40Z  open  write autoscaling of orders
  change minimum: 50 WCU -> 400 WCU
  said   its end was never recorded: AWS may have done it
  by     arn:aws:sts::123456789012:assumed-role/oncall/me
  in     account 123456789012, us-east-1
  call   application-autoscaling:RegisterScalableTarget
  id     b
";
    assert_eq!(text, expected);
}

#[test]
fn what_was_said_is_broken_at_80_columns_and_an_arn_stays_whole() {
    let words = "ValidationException: User is missing the following permissions for the resource: \
                 dynamodb:UpdateTable, cloudwatch:PutMetricAlarm, cloudwatch:DescribeAlarms";
    let mut record = ended("a", Outcome::Refused(words.into()), Some(bounds(50)));
    let long = format!("arn:aws:sts::123456789012:assumed-role/{}/me", "r".repeat(64));
    record.who = Arc::from(long.as_str());
    let text = text(&journal(vec![record]));
    assert!(text.contains(&long) && text.contains("as it was before"), "{text}");
    let widest = text.lines().filter(|line| !line.contains("arn:")).map(width).max().unwrap();
    assert!(widest <= WIDTH, "{text}");
}

#[test]
fn the_document_has_every_write_with_its_outcome() {
    let refused = Outcome::Refused("no".into());
    let unknown = ended("c", Outcome::Unknown, Some(bounds(50)));
    let document = document(&journal(vec![intent("a"), ended("b", refused, None), unknown]));
    let writes = document["writes"].as_array().unwrap();
    let outcomes: Vec<_> = writes.iter().map(|write| write["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["open", "refused", "unknown"]);
    assert_eq!(writes[1]["words"], "no");
    assert_eq!(writes[2]["seen"]["min"], 50);
    assert_eq!(writes[0]["after"]["min"], 400);
    assert_eq!(document["schema"], 1);
}
