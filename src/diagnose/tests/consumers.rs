//! Functions that read streams: late, failing, throttled, stopped, and what only looks like it.

use super::*;
use crate::model::consumer::{Consumer, example};
use crate::model::health::ErrorClass;
use crate::store::fixture::{failed, minute, second};
use std::slice;

/// A table with a stream that one function reads, and ten writes a second.
fn stream(consumers: &[Consumer]) -> Fixture {
    let mut fixture = calm_orders();
    consume(&mut fixture, &orders(), WRITE, |_| 10.0);
    fixture.tell(News::Consumers(Ok(consumers.to_vec())));
    fixture
}

fn projector() -> Consumer {
    example("projector", "orders")
}

/// Reads a metric of a function by minute; where it is negative there is no point.
fn of_function(
    fixture: &mut Fixture,
    consumer: &Consumer,
    metric: Metric,
    value: impl Fn(i64) -> f64,
) {
    let key = fixture.reading().function_key(consumer, metric);
    let points = WINDOW.map(|minute| (minute, value(minute)));
    let points: Vec<_> = points.filter(|(_, value)| *value >= 0.0).collect();
    fixture.read(&key, WINDOW, &points);
}

/// What a function makes of its stream: age in seconds, errors, throttles.
fn reads(
    consumer: &Consumer,
    age: impl Fn(i64) -> f64,
    errors: impl Fn(i64) -> f64,
    throttles: impl Fn(i64) -> f64,
) -> Fixture {
    let mut fixture = stream(slice::from_ref(consumer));
    of_function(&mut fixture, consumer, Metric::IteratorAge, |minute| 1e3 * age(minute));
    of_function(&mut fixture, consumer, Metric::FunctionErrors, errors);
    of_function(&mut fixture, consumer, Metric::FunctionThrottles, throttles);
    fixture
}

/// Seconds since minute 11, as of the end of a minute: what a consumer is behind that stands still since then.
fn stuck(minute: i64) -> f64 {
    (60 * (minute - 10)).max(0) as f64 + 0.5
}

#[test]
fn a_function_that_fails_with_one_batch_holds_up_the_stream_and_the_time_until_records_are_lost_is_told()
 {
    let consumer =
        Consumer { last_result: Some("PROBLEM: Function call failed".into()), ..projector() };
    let failed = |minute| if minute > 10 { 12.0 } else { 0.0 };
    let verdict = only(&reads(&consumer, stuck, failed, |_| 0.0));
    assert_eq!(verdict.headline(), "STREAM: consumer failing, projector");
    assert_eq!(verdict.path(), "stream/orders");
    assert_eq!((verdict.resource.clone(), verdict.severity), (orders(), Severity::Trouble));
    assert_eq!((verdict.since, verdict.confidence), (minute(11), Confidence::Measured));
    let told = clauses(&verdict).join("\n");
    for clause in [
        "12 invocations ended in an error in 12:27",
        "17 m behind in 12:27 and rising: the stream loses records in 23 h 42 m if it goes on so",
        "the last batch in AWS's words: PROBLEM: Function call failed",
        "retries until records expire, no bisect on error, no on-failure destination",
    ] {
        assert!(told.contains(clause), "{clause}\n{told}");
    }
    for lack in ["bisect on error", "a limit of retries", "an on-failure destination"] {
        assert!(verdict.advice.step.contains(lack), "{}", verdict.advice);
    }
}

#[test]
fn errors_of_a_function_that_keeps_up_are_no_trouble_of_its_stream() {
    let calm = reads(&projector(), |_| 0.8, |_| 3.0, |_| 2.0);
    assert!(diagnose(&calm).is_empty(), "{:#?}", diagnose(&calm));
}

#[test]
fn a_function_that_lambda_throttles_is_told_with_and_without_an_age() {
    let throttled = |minute| if minute > 10 { 12.0 } else { 0.0 };
    // While nothing is invoked there is no age.
    let none = |minute| if minute > 10 { -1.0 } else { 0.5 };
    for age in [none, stuck] {
        let verdict = only(&reads(&projector(), age, |_| 0.0, throttled));
        assert_eq!(verdict.headline(), "STREAM: consumer throttled, projector");
        assert_eq!((verdict.since, verdict.severity), (minute(11), Severity::Trouble));
        assert!(verdict.advice.step.contains("reserved concurrency"), "{}", verdict.advice);
    }
}

#[test]
fn a_function_that_is_called_by_others_as_well_is_not_judged_by_a_stream_without_records() {
    let mut fixture = reads(&projector(), |_| -1.0, |_| 5.0, |_| 5.0);
    consume(&mut fixture, &orders(), WRITE, |_| 0.0);
    assert!(diagnose(&fixture).is_empty(), "nothing is written");
    let picky = Consumer { filters: true, ..projector() };
    let filtered = reads(&picky, |_| -1.0, |_| 5.0, |_| 5.0);
    assert!(diagnose(&filtered).is_empty(), "its filter may pass nothing on");
}

#[test]
fn a_function_that_reads_less_than_is_written_is_too_slow_by_inference() {
    let slower = |minute| 0.3 * stuck(minute);
    let verdict = only(&reads(&projector(), slower, |_| 0.0, |_| 0.0));
    assert_eq!(verdict.headline(), "STREAM: consumer too slow, projector (inferred)");
    assert_eq!(verdict.title(), "STREAM: consumer too slow, projector");
    assert!(verdict.advice.step.contains("parallelization factor (now 1, 10 at most)"));
    // A minute is late that is more than 60 seconds behind: 0.3 * 240 s.
    assert_eq!((verdict.since, verdict.severity), (minute(14), Severity::Trouble));
}

#[test]
fn what_holds_a_late_function_up_is_unknown_until_its_errors_were_read() {
    let consumer = projector();
    let mut fixture = stream(slice::from_ref(&consumer));
    of_function(&mut fixture, &consumer, Metric::IteratorAge, |minute| 1e3 * stuck(minute));
    let verdict = only(&fixture);
    assert_eq!(verdict.cause, Cause::Outflow(Outflow::ConsumerLate));
    assert_eq!(verdict.confidence, Confidence::Unknown);
}

#[test]
fn a_few_errors_of_a_late_function_that_gets_on_are_not_called_its_cause() {
    let slower = |minute| 0.3 * stuck(minute);
    let verdict = only(&reads(&projector(), slower, |_| 1.0, |_| 0.0));
    assert_eq!(verdict.cause, Cause::Outflow(Outflow::ConsumerLate));
    assert_eq!(verdict.confidence, Confidence::Unknown);
    assert!(clauses(&verdict).join("\n").contains("it may be too slow as well"));
}

#[test]
fn one_that_catches_up_is_a_notice_and_one_that_has_caught_up_nothing() {
    let behind = |minute: i64| (60 * (36 - minute)) as f64;
    let verdict = only(&reads(&projector(), behind, |_| 0.0, |_| 0.0));
    assert_eq!(verdict.severity, Severity::Notice);
    assert!(clauses(&verdict)[0].contains("9 m behind in 12:27 and falling: caught up in about"));
    let done = |minute: i64| (60 * (26 - minute)).max(0) as f64;
    assert!(diagnose(&reads(&projector(), done, |_| 0.0, |_| 0.0)).is_empty());
}

#[test]
fn a_single_late_minute_and_a_batching_window_are_no_lateness() {
    let once = |minute| if minute == 27 { 90.0 } else { 0.5 };
    assert!(diagnose(&reads(&projector(), once, |_| 0.0, |_| 0.0)).is_empty());
    let patient = Consumer { batching_window_seconds: Some(300), ..projector() };
    assert!(diagnose(&reads(&patient, |_| 305.0, |_| 0.0, |_| 0.0)).is_empty());
    assert_eq!(
        only(&reads(&patient, |_| 365.0, |_| 0.0, |_| 0.0)).recipient,
        Some("projector".into())
    );
}

#[test]
fn a_limit_on_the_age_of_records_is_when_they_are_given_up() {
    let impatient = Consumer { maximum_record_age_seconds: Some(3_600), ..projector() };
    let verdict = only(&reads(&impatient, stuck, |_| 1.0, |_| 0.0));
    let told = clauses(&verdict).join("\n");
    assert!(told.contains("the mapping gives records up in 42 m if it goes on so"), "{told}");
}

#[test]
fn a_disabled_mapping_of_a_written_table_is_trouble_as_long_as_something_can_be_saved() {
    let at = |modified| Consumer { state: "Disabled".into(), modified, ..projector() };
    let verdict = only(&stream(&[at(Some(second(-600)))]));
    assert_eq!(verdict.headline(), "STREAM: consumer stopped, projector");
    assert_eq!((verdict.severity, verdict.since), (Severity::Trouble, minute(-10)));
    assert!(!verdict.since_or_earlier);
    let told = clauses(&verdict).join("\n");
    assert!(
        told.contains("since 11:50, the stream begins to lose what was not read in 23 h 19 m"),
        "{told}"
    );
    assert!(verdict.advice.step.contains("projector of orders"), "its uuid: {}", verdict.advice);
    let parked = only(&stream(&[at(Some(second(-9 * 86_400)))]));
    assert_eq!((parked.severity, parked.since_or_earlier), (Severity::Notice, true));
    assert!(clauses(&parked).join("\n").contains("9 days ago"));
}

#[test]
fn a_disabled_mapping_that_was_read_long_ago_may_be_enabled_since() {
    let mut fixture = stream(&[Consumer { state: "Disabled".into(), ..projector() }]);
    let action = "lambda:ListEventSourceMappings";
    fixture.tell(News::Consumers(Err(failed(ErrorClass::Expired, action))));
    fixture.go_to(READ_AT + 14 * 60);
    let told = clauses(&only(&fixture)).join("\n");
    assert!(told.contains("stale: that was read in 12:30, and not since"), "{told}");
    fixture.go_to(READ_AT + 16 * 60);
    assert_eq!(diagnose(&fixture), []);
}

#[test]
fn a_disabled_mapping_is_nothing_where_another_reads_for_it_or_nothing_is_written() {
    let old = Consumer { state: "Disabled".into(), uuid: "old".into(), ..projector() };
    assert!(diagnose(&stream(&[old.clone(), projector()])).is_empty());
    let mut unused = stream(&[old]);
    consume(&mut unused, &orders(), WRITE, |_| 0.0);
    assert!(diagnose(&unused).is_empty());
}

#[test]
fn one_that_lambda_cannot_invoke_is_failing_in_aws_s_words_and_one_that_is_being_made_is_not() {
    let words =
        "PROBLEM: Connection error. Please check your event source connection configuration.";
    let broken = Consumer { last_result: Some(words.into()), ..projector() };
    let verdict = only(&reads(&broken, |_| -1.0, |_| -1.0, |_| -1.0));
    assert_eq!(verdict.cause, Cause::Outflow(Outflow::ConsumerFailing));
    assert!(clauses(&verdict)[0].contains(words), "{:?}", clauses(&verdict));
    let young = Consumer { state: "Creating".into(), ..broken };
    assert!(diagnose(&reads(&young, |_| -1.0, |_| -1.0, |_| -1.0)).is_empty());
}

#[test]
fn a_late_consumer_hides_no_verdict_on_its_table() {
    let mut fixture = reads(&projector(), stuck, |_| 5.0, |_| 0.0);
    throttle(&mut fixture, &orders(), WRITE, &steady(20..28, 100.0));
    let causes: Vec<&str> = diagnose(&fixture).iter().map(|found| found.cause.as_str()).collect();
    assert_eq!(causes.last(), Some(&"consumer-failing"), "requests that fail come first");
    assert_eq!(causes.len(), 2);
}
