//! One outage is one row.

use super::*;

fn at(
    fixture: &mut Fixture,
    second: i64,
    pollers: &[Poller],
    error: Option<(ErrorClass, &'static str)>,
) {
    fixture.go_to(second);
    for poller in pollers {
        fixture.finish(*poller, error);
    }
}

#[test]
fn pollers_that_fail_and_read_again_together_are_told_in_one_row_each() {
    let silent = Some((ErrorClass::TimedOut, "cloudwatch:GetMetricData"));
    let mut fixture = Fixture::new(0, vec![]);
    at(&mut fixture, 0, &[Poller::Metrics], silent);
    at(&mut fixture, 20, &[Poller::Tables, Poller::Scaling, Poller::Alarms], silent);
    at(
        &mut fixture,
        130,
        &[Poller::Tables, Poller::Scaling, Poller::Alarms, Poller::Metrics],
        None,
    );
    // Long after that, two more.
    at(&mut fixture, 900, &[Poller::Tables, Poller::Scaling], silent);
    assert_eq!(
        rows(&fixture),
        [
            "!poller |  | scaling: cannot be read: cloudwatch:GetMetricData: failed",
            "!poller |  | tables: cannot be read: cloudwatch:GetMetricData: failed",
            "poller |  | x4 since 12:02: tables, scaling +2 are read again",
            "!poller |  | x4 since 12:00: metrics, tables +2 cannot be read: failed",
        ]
    );
}
