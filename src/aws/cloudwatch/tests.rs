//! Tests of merging pages, and of what is billed.

use super::*;
use crate::model::id::Resource;
use crate::model::metric::Statistic;
use aws_sdk_cloudwatch::types::StatusCode;

const WINDOW: Window = Window { start: Minute(100), end: Minute(105) };

fn result(id: &str, status: Option<StatusCode>, points: &[(i64, f64)]) -> MetricDataResult {
    MetricDataResult::builder()
        .id(id)
        .set_status_code(status)
        .set_timestamps(Some(points.iter().map(|p| DateTime::from_secs(p.0 * 60)).collect()))
        .set_values(Some(points.iter().map(|p| p.1).collect()))
        .build()
}

fn merged(results: &[MetricDataResult], queries: usize) -> Fetched {
    let mut merge = Merge::new(WINDOW, queries);
    for result in results {
        merge.add(result);
    }
    merge.finish(None)
}

#[test]
fn pages_are_merged_by_id_into_ascending_points() {
    let fetched = merged(
        &[
            result("m1", Some(StatusCode::PartialData), &[(102, 2.0), (103, 3.0)]),
            result("m0", Some(StatusCode::Complete), &[]),
            result("m1", Some(StatusCode::Complete), &[(101, 1.0)]),
        ],
        2,
    );
    let ascending = vec![(Minute(101), 1.0), (Minute(102), 2.0), (Minute(103), 3.0)];
    assert_eq!(fetched, Fetched { series: vec![Some(vec![]), Some(ascending)], flaw: None });
}

#[test]
fn a_series_that_is_not_complete_is_no_series() {
    let mut short = result("m0", Some(StatusCode::Complete), &[(101, 1.0)]);
    short.values = Some(vec![]);
    for (results, code, class) in [
        (
            vec![result("m0", Some(StatusCode::InternalError), &[])],
            "InternalError",
            ErrorClass::Server,
        ),
        (vec![result("m0", Some(StatusCode::Forbidden), &[])], "Forbidden", ErrorClass::Denied),
        (vec![short], "Complete", ErrorClass::Unreadable),
        (vec![result("m0", None, &[(101, 1.0)])], "", ErrorClass::Unreadable),
        (vec![result("m0", Some(StatusCode::PartialData), &[])], "", ErrorClass::Unreadable),
        (vec![result("m7", Some(StatusCode::Complete), &[])], "", ErrorClass::Unreadable),
        (vec![], "", ErrorClass::Unreadable),
    ] {
        let fetched = merged(&results, 1);
        assert_eq!(fetched.series, [None], "{results:?}");
        let flaw = fetched.flaw.unwrap();
        assert_eq!((flaw.code.as_deref().unwrap_or_default(), flaw.class), (code, class));
    }
}

#[test]
fn points_outside_the_window_and_numbers_that_are_none_are_dropped() {
    let points = [(99, 9.0), (100, 1.0), (101, f64::NAN), (105, 9.0)];
    let fetched = merged(&[result("m0", Some(StatusCode::Complete), &points)], 1);
    assert_eq!(fetched.series, [Some(vec![(Minute(100), 1.0)])]);
}

#[test]
fn two_statistics_of_one_metric_are_billed_once() {
    let latency = |operation: &str, statistic| SeriesKey {
        resource: Resource::table("orders"),
        metric: Metric::SuccessfulRequestLatency,
        operation: Some(Arc::from(operation)),
        statistic,
    };
    let keys = [
        latency("GetItem", Statistic::P50),
        latency("GetItem", Statistic::P99),
        latency("PutItem", Statistic::P50),
        SeriesKey::sum(Resource::table("orders"), Metric::ConditionalCheckFailedRequests),
        SeriesKey::sum(Resource::table("other"), Metric::ConditionalCheckFailedRequests),
    ];
    assert_eq!(billed(&keys), 4);
    assert_eq!(billed(&[]), 0);
}

#[test]
fn only_the_pair_of_table_and_operation_names_an_operation() {
    let dimension = |name: &str, value: &str| Dimension::builder().name(name).value(value).build();
    let pair = [dimension("Operation", "GetItem"), dimension("TableName", "orders")];
    assert_eq!(table_and_operation(&pair), Some(("orders", "GetItem")));
    let mut verb = pair.to_vec();
    verb.push(dimension("Verb", "PartiQLSelect"));
    assert_eq!(table_and_operation(&verb), None);
    assert_eq!(table_and_operation(&pair[1..]), None);
}
