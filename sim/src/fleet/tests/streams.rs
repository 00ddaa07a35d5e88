//! How consumers, replicas and Kinesis destinations fall behind.

use super::*;
use crate::facts::Datum;
use crate::fleet::consumers::Step;

/// A fleet of one table that is written 100 times a second, with more TOML of it.
fn written(more: &str) -> Fleet {
    let toml = format!(
        "start = '2026-11-22T12:00:00Z'\nlate_share = 0.0
         [[table]]\nname = 'orders'\nstream = true\n{more}
         [[table.traffic]]\noperation = 'PutItem'\nrate = 100\nnoise = 0\ndaily = 0\njitter = 0"
    );
    Fleet::new(&Scenario::parse("test", &toml).unwrap(), 1, None)
}

fn consumer(settings: &str) -> Fleet {
    written(&format!("[[table.consumer]]\nfunction = 'reader'\n{settings}"))
}

/// The steps of the one consumer in the last minutes before the start.
fn steps(fleet: &mut Fleet, minutes: usize) -> Vec<Step> {
    let table = fleet.tables.get_mut("orders").unwrap();
    table.advance(fleet.start);
    let mut steps = table.consumed_by(&table.spec.consumers[0]);
    steps.split_off(steps.len() - minutes)
}

/// What is published of a metric in the last hour before the start, by minutes before it.
fn data(fleet: &mut Fleet, metric: (&str, &str), dimensions: &[(&str, &str)]) -> Vec<(i64, Datum)> {
    let start = minute_of(fleet.start());
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let dimensions: Vec<_> = dimensions.iter().map(owned).collect();
    let (namespace, name) = metric;
    let metric = MetricRef { namespace, name, dimensions: &dimensions };
    let truth = fleet.truth(metric, start - 60..start, fleet.start()).unwrap();
    let seen = truth.seen(fleet.start() + 1_200.0);
    seen.into_iter().map(|datum| (datum.minute - start, datum)).collect()
}

fn age(fleet: &mut Fleet) -> Vec<(i64, Datum)> {
    data(fleet, (LAMBDA, "IteratorAge"), &[("FunctionName", "reader")])
}

#[test]
fn a_consumer_that_keeps_up_is_less_than_a_second_behind() {
    let mut fleet = consumer("");
    let ages = age(&mut fleet);
    assert_eq!(ages.len(), 60);
    assert!(ages.iter().all(|(_, datum)| datum.max < 1_000.0 && datum.min > 0.0), "{ages:?}");
}

#[test]
fn behind_a_consumer_that_fails_the_age_grows_by_a_minute_each_minute() {
    let mut fleet = consumer("[[table.consumer.failure]]\nat = -20\nkind = 'errors'");
    for (minute, datum) in age(&mut fleet) {
        let behind = datum.max / 60_000.0;
        let expected = if minute < -20 { 0.0 } else { (minute + 21) as f64 };
        assert!((behind - expected).abs() < 0.05, "{minute}: {behind} minutes, not {expected}");
    }
    let errors = data(&mut fleet, (LAMBDA, "Errors"), &[("FunctionName", "reader")]);
    assert_eq!(errors.len(), 60, "an invocation without error counts as 0");
    let wrong = |(minute, datum): &&(i64, Datum)| (datum.sum > 0.0) != (*minute >= -20);
    assert_eq!(errors.iter().find(wrong), None);
    let mapping = &fleet.event_source_mappings(fleet.start())[0];
    assert_eq!(mapping.last_result, "PROBLEM: Function call failed");
    assert_eq!(fleet.event_source_mappings(fleet.start() - 1_260.0)[0].last_result, "OK");
}

#[test]
fn what_is_written_is_read_dropped_lost_or_waits() {
    for settings in [
        "",
        "records_per_second = 90",
        "[[table.consumer.failure]]\nat = -1_430\nkind = 'errors'",
        "maximum_retry_attempts = 2\n[[table.consumer.failure]]\nat = -300\nkind = 'errors'",
        "maximum_record_age_seconds = 600\n[[table.consumer.failure]]\nat = -300\nkind = 'throttles'",
        "maximum_retry_attempts = 30\n[[table.consumer.failure]]\nat = -300\nkind = 'poison'",
    ] {
        let mut fleet = consumer(settings);
        let steps = steps(&mut fleet, 1_440);
        let mut waiting = 0.0;
        for step in &steps {
            waiting += 6_000.0 - step.read - step.dropped - step.lost;
            assert!((waiting - step.waiting).abs() < 1e-3, "{settings}: {step:?}, not {waiting}");
        }
    }
}

#[test]
fn records_too_old_for_the_mapping_are_dropped_and_bound_the_age() {
    let mut fleet = consumer(
        "maximum_record_age_seconds = 600\n[[table.consumer.failure]]\nat = -50\nkind = 'errors'",
    );
    let oldest = age(&mut fleet).into_iter().map(|(_, datum)| datum.max).fold(0.0, f64::max);
    assert!((600_000.0..=661_000.0).contains(&oldest), "{oldest}");
    assert!(steps(&mut fleet, 10).iter().all(|step| step.dropped > 0.0));
}

#[test]
fn one_bad_record_costs_a_batch_unless_it_can_be_found() {
    let poison =
        "maximum_retry_attempts = 100\n[[table.consumer.failure]]\nat = -30\nkind = 'poison'";
    for (settings, expected) in
        [("", 100.0), ("bisect = true\n", 1.0), ("partial_batch = true\n", 1.0)]
    {
        let mut fleet = consumer(&format!("{settings}{poison}"));
        let dropped: f64 = steps(&mut fleet, 60).iter().map(|step| step.dropped).sum();
        assert!((dropped - expected).abs() < 1e-9, "{settings}: {dropped}");
        let ages = age(&mut fleet);
        assert!(ages.iter().any(|(_, datum)| datum.max > 480_000.0), "it was in the way");
        assert!(ages.last().unwrap().1.max < 1_000.0, "and is behind it");
    }
}

#[test]
fn a_throttled_function_counts_throttles_and_has_no_age() {
    let mut fleet = consumer("[[table.consumer.failure]]\nat = -10\nkind = 'throttles'");
    assert_eq!(age(&mut fleet).last().unwrap().0, -11, "there is no invocation to be of an age");
    let throttles = data(&mut fleet, (LAMBDA, "Throttles"), &[("FunctionName", "reader")]);
    let busy = throttles.iter().filter(|(_, datum)| datum.sum > 0.0).count();
    assert_eq!((throttles.len(), busy), (60, 10));
}

#[test]
fn a_disabled_mapping_invokes_nothing() {
    assert_eq!(age(&mut consumer("state = 'Disabled'")), []);
}

#[test]
fn a_function_of_two_streams_has_one_age_the_older() {
    let other = "[[table]]\nname = 'others'\nstream = true\n[[table.consumer]]\nfunction = 'reader'
        records_per_second = 40\n[[table.traffic]]\noperation = 'PutItem'\nrate = 80\nnoise = 0
        daily = 0\njitter = 0";
    let toml = format!(
        "start = '2026-11-22T12:00:00Z'\nlate_share = 0.0\n[[table]]\nname = 'orders'\nstream = true
         [[table.consumer]]\nfunction = 'reader'
         [[table.traffic]]\noperation = 'PutItem'\nrate = 100\n{other}"
    );
    let mut fleet = Fleet::new(&Scenario::parse("test", &toml).unwrap(), 1, None);
    let ages = age(&mut fleet);
    assert_eq!(ages.len(), 60);
    assert!(ages.iter().all(|(_, d)| d.min < 1_000.0 && d.max > 3_600_000.0), "{ages:?}");
}

#[test]
fn a_replica_that_takes_less_than_is_written_lags_by_more_and_more() {
    let mut fleet = written(
        "replicas = ['eu-west-1', { region = 'sa-east-1', writes_per_second = 99 }, \
         { region = 'ap-east-1', writes_per_second = 0 }]",
    );
    let mut latency = |region: &str| {
        let dimensions = [("TableName", "orders"), ("ReceivingRegion", region)];
        data(&mut fleet, (DYNAMODB, "ReplicationLatency"), &dimensions)
    };
    let quick = latency("eu-west-1");
    assert_eq!(quick.len(), 60);
    assert!(quick.iter().all(|(_, d)| (400.0..1_200.0).contains(&(d.sum / d.samples))));
    // After a day 864 seconds' worth of writes wait, 1% of the day.
    let slow = latency("sa-east-1").last().unwrap().1;
    assert!((slow.max / 1_000.0 - 864.0).abs() < 30.0, "{slow:?}");
    assert_eq!(latency("ap-east-1"), [], "nothing arrives, so nothing is measured");
}

#[test]
fn a_data_stream_that_is_too_narrow_throttles_and_a_disabled_one_takes_nothing() {
    let of = |fleet: &mut Fleet, name: &str| {
        let operation = fleet.metrics(fleet.start()).into_iter().find_map(|metric| {
            let value = |(name, value): &(std::borrow::Cow<'static, str>, String)| {
                (name == "DelegatedOperation").then(|| value.clone())
            };
            metric.dimensions.iter().find_map(value)
        });
        let operation = operation.unwrap_or_default();
        let dimensions = [("TableName", "orders"), ("DelegatedOperation", &*operation)];
        if operation.is_empty() { vec![] } else { data(fleet, (DYNAMODB, name), &dimensions) }
    };
    let wide = &mut written("kinesis = { stream = 'lake', shards = 1 }");
    let ages = of(wide, "AgeOfOldestUnreplicatedRecord");
    assert_eq!(ages.len(), 12, "every five minutes");
    assert!(ages.iter().all(|(_, datum)| datum.max < 1_000.0), "{ages:?}");
    assert_eq!(of(wide, "ThrottledPutRecordCount"), []);
    assert_eq!(of(&mut written("kinesis = { stream = 'lake', status = 'DISABLED' }"), "x"), []);
    let toml = "start = '2026-11-22T12:00:00Z'\nlate_share = 0.0\n[[table]]\nname = 'orders'
        kinesis = { stream = 'lake', shards = 1 }
        [[table.traffic]]\noperation = 'PutItem'\nrate = 1_010\nnoise = 0\ndaily = 0";
    let narrow = &mut Fleet::new(&Scenario::parse("test", toml).unwrap(), 1, None);
    assert!(of(narrow, "AgeOfOldestUnreplicatedRecord").last().unwrap().1.max > 600_000.0);
    assert!(of(narrow, "ThrottledPutRecordCount").iter().all(|(_, d)| d.sum > 100_000.0));
}

#[test]
fn the_shipped_scenarios_lag_as_their_headers_say() {
    let mut lag = Fleet::new(&Scenario::named("stream-lag").unwrap(), 1, None);
    let mut minutes = |function: &str| {
        let ages = data(&mut lag, (LAMBDA, "IteratorAge"), &[("FunctionName", function)]);
        ages.last().map(|(minute, datum)| (*minute, (datum.max / 60_000.0).round()))
    };
    assert_eq!(minutes("orders-to-search"), Some((-1, 42.0)));
    assert_eq!(minutes("orders-projector"), Some((-1, 0.0)));
    assert_eq!(minutes("shipping-events"), Some((-1, 0.0)));
    assert_eq!(minutes("orders-mailer"), Some((-13, 0.0)));
    assert_eq!(minutes("audit-archive"), None);
    let slow = minutes("stock-alerts").unwrap().1;
    assert!((10.0..=18.0).contains(&slow), "{slow}");
    let mut replicas = Fleet::new(&Scenario::named("replica-lag").unwrap(), 1, None);
    let dimensions = [("TableName", "carts"), ("ReceivingRegion", "ap-southeast-2")];
    let latency = data(&mut replicas, (DYNAMODB, "ReplicationLatency"), &dimensions);
    let minutes = latency.last().unwrap().1.max / 60_000.0;
    assert!((8.0..=16.0).contains(&minutes), "{minutes}");
}
