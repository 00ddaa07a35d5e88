use crate::model::consumer::{Consumer, example as consumer};
use crate::model::health::{CallError, ErrorClass, Poller};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::table::{KinesisDestination, KinesisStreaming};
use crate::model::time::Figure;
use crate::model::update::News;
use crate::store::fixture::{Fixture, minute, on_demand, table};
use std::sync::Arc;

/// At this second the newest settled minute is 12:17.
const AT: i64 = 20 * 60 + 5;

fn fixture(consumers: Vec<Consumer>) -> Fixture {
    let tables = ["orders", "carts"].map(|name| table(name, on_demand(None), &[]));
    let mut fixture = Fixture::new(AT, tables.to_vec());
    for name in ["orders", "carts"] {
        fixture.publish(&Resource::table(name), 0..20);
    }
    fixture.tell(News::Consumers(Ok(consumers)));
    fixture
}

fn value(figure: Figure) -> Option<(i64, f64)> {
    Some((figure.at()?.since(minute(0)), figure.value()?))
}

#[test]
fn a_function_of_two_streams_has_one_age_told_of_both() {
    let both = [consumer("reader", "orders"), consumer("reader", "carts")];
    let mut fixture = fixture(both.to_vec());
    let home: Arc<str> = Arc::from("carts");
    let key = SeriesKey::outflow(&home, Metric::IteratorAge, &both[0].function);
    fixture.read(&key, 0..20, &[(17, 90_000.0)]);
    let reading = fixture.reading();
    for consumer in &both {
        assert_eq!(reading.function_key(consumer, Metric::IteratorAge), key);
        assert_eq!(value(reading.iterator_age(consumer)), Some((17, 90_000.0)));
        assert!(reading.iterator_ages(consumer).is_some());
    }
    assert_eq!(reading.consumers_of("orders").count(), 1);
}

#[test]
fn a_function_that_was_not_invoked_has_no_age_and_no_errors_rather_than_none_behind() {
    let one = consumer("reader", "orders");
    let mut fixture = fixture(vec![one.clone()]);
    assert_eq!(fixture.reading().iterator_age(&one), Figure::NotPolled);
    for metric in [Metric::IteratorAge, Metric::FunctionErrors] {
        let key = fixture.reading().function_key(&one, metric);
        fixture.read(&key, 0..20, &[(3, 4.0)]);
    }
    let idle = Figure::Idle { at: minute(17) };
    assert_eq!(fixture.reading().iterator_age(&one), idle);
    assert_eq!(fixture.reading().function_errors(&one), idle);
}

#[test]
fn a_latency_that_is_published_every_five_minutes_holds_until_the_next() {
    let mut fixture = fixture(vec![]);
    let (orders, region): (Arc<str>, Arc<str>) = (Arc::from("orders"), Arc::from("eu-west-1"));
    let key = SeriesKey::outflow(&orders, Metric::ReplicationLatency, &region);
    let read = |fixture: &mut Fixture, at| {
        fixture.read(&key, 0..20, &[(at, 800.0)]);
        fixture.reading().replication_latency(&orders, &region)
    };
    assert_eq!(value(read(&mut fixture, 17)), Some((17, 800.0)));
    assert_eq!(value(read(&mut fixture, 13)), Some((13, 800.0)));
    assert_eq!(read(&mut fixture, 12), Figure::Idle { at: minute(17) }, "that was long ago");
    fixture.go_to(AT + 600);
    let stale = fixture.reading().replication_latency(&orders, &region);
    assert_eq!(stale.value(), None, "{stale:?}");
}

#[test]
fn what_is_not_sent_to_kinesis_has_no_age_there() {
    let orders: Arc<str> = Arc::from("orders");
    let mut fixture = fixture(vec![]);
    assert_eq!(fixture.reading().kinesis_age(&orders), Figure::NotPolled);
    let action = "dynamodb:DescribeKinesisStreamingDestination";
    let denied =
        CallError { class: ErrorClass::Denied, action, code: None, message: String::new() };
    fixture.tell(News::Kinesis(Arc::clone(&orders), Err(denied)));
    fixture.finish(Poller::Kinesis, Some((ErrorClass::Denied, action)));
    assert_eq!(fixture.reading().kinesis_age(&orders), Figure::Denied { action });
    fixture.tell(News::Kinesis(Arc::clone(&orders), Ok(KinesisStreaming::default())));
    assert_eq!(fixture.reading().kinesis_age(&orders), Figure::NotApplicable);
    let operation: Arc<str> = Arc::from("as-aws-calls-it");
    let stream = Arc::from("arn:aws:kinesis:us-east-1:123456789012:stream/lake");
    let destination =
        KinesisDestination { stream, status: Arc::from("ACTIVE"), status_description: None };
    let streaming = KinesisStreaming {
        destinations: vec![destination],
        operation: Some(Arc::clone(&operation)),
    };
    fixture.tell(News::Kinesis(Arc::clone(&orders), Ok(streaming)));
    let of = |metric| SeriesKey::outflow(&orders, metric, &operation);
    let (age, failed) =
        (Metric::AgeOfOldestUnreplicatedRecord, Metric::FailedToReplicateRecordCount);
    fixture.read(&of(age), 0..20, &[(0, 50.0), (5, 70.0)]);
    fixture.read(&of(failed), 0..20, &[]);
    // Twelve minutes late at most: published one period after its end, and settled one later.
    assert_eq!(value(fixture.reading().kinesis_age(&orders)), Some((5, 70.0)));
    assert_eq!(fixture.reading().kinesis_failures(&orders).value(), Some(0.0));
}

#[test]
fn operations_come_and_go_without_the_series_of_functions() {
    let one = consumer("reader", "orders");
    let mut fixture = fixture(vec![one.clone()]);
    let key = fixture.reading().function_key(&one, Metric::IteratorAge);
    fixture.read(&key, 0..20, &[(17, 400.0)]);
    fixture.tell(News::Operations(vec![(Arc::from("orders"), vec![Arc::from("GetItem")])]));
    assert_eq!(value(fixture.reading().iterator_age(&one)), Some((17, 400.0)));
}
