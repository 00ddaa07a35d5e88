//! Replicas and Kinesis data streams.

use super::*;
use crate::model::health::ErrorClass;
use crate::model::table::{KinesisDestination, KinesisStreaming, Replica};
use crate::store::fixture::{failed, minute, on_demand};

/// `orders` with a replica in Sydney.
fn global(status: &str) -> Fixture {
    let mut orders = table("orders", on_demand(None), &[]);
    orders.details.replicas =
        vec![Replica { region: "ap-southeast-2".into(), status: status.into() }];
    calm(vec![orders])
}

/// Reads the latency to Sydney, seconds by minute.
fn replicate(fixture: &mut Fixture, latency: impl Fn(i64) -> f64) {
    let (table, region) = (Arc::from("orders"), Arc::from("ap-southeast-2"));
    let key = SeriesKey::outflow(&table, Metric::ReplicationLatency, &region);
    let points: Vec<_> = WINDOW.map(|minute| (minute, 1e3 * latency(minute))).collect();
    fixture.read(&key, WINDOW, &points);
}

#[test]
fn a_replica_that_falls_behind_is_a_notice_first_and_trouble_from_aws_s_three_minutes_on() {
    for (now, severity) in [(20.0, Severity::Notice), (240.0, Severity::Trouble)] {
        let mut fixture = global("ACTIVE");
        replicate(&mut fixture, |minute| if minute < 20 { 0.9 } else { now });
        let verdict = only(&fixture);
        assert_eq!(verdict.headline(), "REPLICA: late, ap-southeast-2");
        assert_eq!(verdict.path(), "table/orders");
        assert_eq!((verdict.severity, verdict.since), (severity, minute(20)));
        let told = clauses(&verdict).join("\n");
        assert!(told.contains("in 12:27, 900 ms in the hour before"), "{told}");
        assert_eq!(told.contains("cause for investigation"), now > 180.0, "{told}");
    }
}

#[test]
fn a_replica_that_has_been_late_for_long_is_not_taken_for_usual() {
    let mut fixture = global("ACTIVE");
    let (table, region) = (Arc::from("orders"), Arc::from("ap-southeast-2"));
    let key = SeriesKey::outflow(&table, Metric::ReplicationLatency, &region);
    let late = |at: i64| if at < -40 { 900.0 } else { 60_000.0 };
    let points: Vec<_> = (-110..30).map(|at| (at, late(at))).collect();
    fixture.read(&key, -110..30, &points);
    let verdict = only(&fixture);
    assert_eq!((verdict.severity, verdict.since), (Severity::Notice, minute(-40)));
    let told = clauses(&verdict).join("\n");
    assert!(told.contains("after 60 s in 12:27, 900 ms in the hour before"), "{told}");
}

#[test]
fn what_is_usual_for_a_replica_and_one_late_minute_are_no_verdict() {
    let mut fixture = global("ACTIVE");
    replicate(&mut fixture, |_| 30.0);
    assert!(diagnose(&fixture).is_empty(), "it is always so far away");
    replicate(&mut fixture, |minute| if minute == 27 { 500.0 } else { 0.9 });
    assert!(diagnose(&fixture).is_empty(), "one point");
    replicate(&mut fixture, |minute| if minute < 20 { 0.9 } else { 6.0 });
    assert!(diagnose(&fixture).is_empty(), "a few seconds");
}

#[test]
fn a_latency_that_is_published_every_five_minutes_is_judged_by_its_points() {
    let mut fixture = global("ACTIVE");
    let (table, region) = (Arc::from("orders"), Arc::from("ap-southeast-2"));
    let key = SeriesKey::outflow(&table, Metric::ReplicationLatency, &region);
    fixture.read(&key, WINDOW, &[(10, 800.0), (15, 400_000.0), (20, 500_000.0), (25, 700_000.0)]);
    let verdict = only(&fixture);
    assert_eq!((verdict.since, verdict.severity), (minute(15), Severity::Trouble));
}

#[test]
fn a_replica_that_is_not_active_is_trouble_unless_somebody_is_changing_it() {
    let verdict = only(&global("INACCESSIBLE_ENCRYPTION_CREDENTIALS"));
    assert_eq!(verdict.headline(), "REPLICA: not active, ap-southeast-2");
    assert_eq!((verdict.severity, verdict.since_or_earlier), (Severity::Trouble, true));
    assert!(verdict.advice.step.contains("KMS key") && verdict.advice.step.contains("20 hours"));
    let disabled = only(&global("REGION_DISABLED"));
    assert!(disabled.advice.step.contains("enable ap-southeast-2"), "{}", disabled.advice);
    for status in ["CREATING", "UPDATING", "DELETING", "ACTIVE"] {
        assert!(diagnose(&global(status)).is_empty(), "{status}");
    }
}

#[test]
fn a_replica_s_state_that_was_read_long_ago_is_none() {
    let mut fixture = global("REGION_DISABLED");
    fixture.go_to(READ_AT + 14 * 60);
    assert_eq!(diagnose(&fixture).len(), 1);
    fixture.go_to(READ_AT + 16 * 60);
    assert_eq!(diagnose(&fixture), []);
}

/// `orders`, which sends its changes to a data stream.
fn sending(status: &str) -> Fixture {
    let mut fixture = calm(vec![table("orders", on_demand(None), &[])]);
    let destination = KinesisDestination {
        stream: "arn:aws:kinesis:us-east-1:123456789012:stream/lake".into(),
        status: status.into(),
        status_description: None,
    };
    let streaming =
        KinesisStreaming { destinations: vec![destination], operation: Some("Kinesis".into()) };
    fixture.tell(News::Kinesis(Arc::from("orders"), Ok(streaming)));
    fixture
}

fn sends(fixture: &mut Fixture, metric: Metric, points: &[(i64, f64)]) {
    let key = SeriesKey::outflow(&Arc::from("orders"), metric, &Arc::from("Kinesis"));
    fixture.read(&key, WINDOW, points);
}

#[test]
fn records_that_a_data_stream_lost_come_before_those_it_refused_and_those_that_wait() {
    use Metric::{
        AgeOfOldestUnreplicatedRecord as Age, FailedToReplicateRecordCount as Failed,
        ThrottledPutRecordCount as Throttled,
    };
    let mut fixture = sending("ACTIVE");
    sends(&mut fixture, Age, &[(5, 90.0), (10, 120.0), (15, 95.0)]);
    assert!(diagnose(&fixture).is_empty(), "{:#?}", diagnose(&fixture));
    sends(&mut fixture, Throttled, &[(15, 40.0)]);
    let refused = only(&fixture);
    assert_eq!(refused.headline(), "KINESIS: records refused, lake");
    assert_eq!((refused.severity, refused.since), (Severity::Notice, minute(15)));
    assert!(refused.advice.step.contains("more shards"));
    sends(&mut fixture, Age, &[(5, 90.0), (10, 120.0), (15, 400_000.0)]);
    let late = only(&fixture);
    assert_eq!((late.cause, late.severity), (refused.cause, Severity::Trouble));
    sends(&mut fixture, Failed, &[(15, 7.0)]);
    let lost = only(&fixture);
    assert_eq!(lost.headline(), "KINESIS: records lost, lake");
    let told = clauses(&lost).join("\n");
    assert!(
        told.contains("7 records never reached the data stream in the five minutes from 12:15"),
        "{told}"
    );
    assert!(told.contains("the oldest record waits for 6 m in 12:15"), "{told}");
}

#[test]
fn a_data_stream_that_waits_without_refusing_is_late_and_one_that_could_not_be_enabled_is_told() {
    let mut fixture = sending("ACTIVE");
    sends(&mut fixture, Metric::AgeOfOldestUnreplicatedRecord, &[(15, 90_000.0)]);
    assert_eq!(only(&fixture).cause, Cause::Outflow(Outflow::KinesisLate));
    assert_eq!(only(&sending("ENABLE_FAILED")).headline(), "KINESIS: not enabled, lake");
    assert!(diagnose(&sending("DISABLED")).is_empty(), "somebody switched it off");
}

#[test]
fn a_destination_of_a_table_that_was_closed_since_is_told_with_its_age_and_then_no_more() {
    let mut fixture = sending("ENABLE_FAILED");
    let state = "the destination is ENABLE_FAILED";
    fixture.go_to(READ_AT + 14 * 60);
    assert_eq!(clauses(&only(&fixture)), [state]);
    fixture.go_to(READ_AT + 29 * 60);
    assert_eq!(clauses(&only(&fixture)), [state, "stale: that was read in 12:30, and not since"]);
    fixture.go_to(READ_AT + 31 * 60);
    assert_eq!(diagnose(&fixture), [], "somebody may have mended it");
}

#[test]
fn a_destination_that_cannot_be_read_again_says_so() {
    let mut fixture = sending("ENABLE_FAILED");
    let action = "dynamodb:DescribeKinesisStreamingDestination";
    fixture.tell(News::Kinesis(Arc::from("orders"), Err(failed(ErrorClass::Expired, action))));
    assert!(clauses(&only(&fixture))[1].starts_with("stale: that was read in 12:30"));
}
