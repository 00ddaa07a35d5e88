//! Which operations a table serves.

use super::*;
use std::sync::Arc;

#[test]
fn an_operation_that_has_data_points_is_served_before_it_is_listed_and_while_it_has_some() {
    let mut fixture = fixture();
    fixture.tell(News::Operations(vec![(Arc::from("orders"), vec![Arc::from("GetItem")])]));
    fixture.publish(&orders(), 0..10);
    let names = |fixture: &Fixture| -> Vec<String> {
        fixture.reading().operations("orders").iter().map(ToString::to_string).collect()
    };
    fixture.read(&latency_of("Query"), 0..10, &[]);
    assert_eq!(names(&fixture), ["GetItem"], "what was asked for in vain is not served");
    fixture.read(&latency_of("Scan"), 0..10, &[(7, 80.0)]);
    fixture.read(&latency_of("GetItem"), 0..10, &[(7, 4.0)]);
    let replica = SeriesKey::outflow(
        &Arc::from("orders"),
        Metric::ReplicationLatency,
        &Arc::from("eu-west-1"),
    );
    fixture.read(&replica, 0..10, &[(7, 900.0)]);
    assert_eq!(names(&fixture), ["GetItem", "Scan"], "a region is no operation");
    let slowest = fixture.reading().latency(&Arc::from("orders"), Statistic::P99);
    assert_eq!(slowest.value(), Some(80.0));
    fixture.tell(News::Operations(vec![(Arc::from("orders"), vec![Arc::from("GetItem")])]));
    assert_eq!(names(&fixture), ["GetItem", "Scan"]);
    assert_eq!(fixture.reading().latency(&Arc::from("orders"), Statistic::P99).value(), Some(80.0));
}
