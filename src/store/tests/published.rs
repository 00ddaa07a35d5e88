//! What a missing point means while CloudWatch is late.

use super::*;

#[test]
fn a_gap_is_zero_only_once_consumption_shows_that_the_minute_is_published() {
    type Case<'a> = (&'a str, &'a [(Metric, i64)], bool);
    let (read, write) = (Metric::Consumed(Direction::Read), CONSUMED);
    let cases: &[Case<'_>] = &[
        ("nothing of it was ever published", &[], false),
        ("minutes before it", &[(read, 5), (write, 6)], false),
        ("that minute", &[(write, 7)], true),
        ("that minute, in the other direction", &[(read, 7)], true),
        ("a newer minute, still settling", &[(read, 8)], true),
    ];
    for (name, points, is_published) in cases {
        let mut fixture = fixture();
        for (metric, minute) in *points {
            fixture.read_sum(&orders(), *metric, 0..10, &[(*minute, 0.0)]);
        }
        let reason = Metric::ThrottleEventsBy(Direction::Write, Limit::KeyRange);
        for metric in [THROTTLES, reason, Metric::ConditionalCheckFailedRequests] {
            fixture.read_sum(&orders(), metric, 0..10, &[(5, 9.0)]);
            let at = minute(7);
            let expected = if *is_published { Figure::Zero { at } } else { Figure::Unknown { at } };
            assert_eq!(fixture.reading().figure(&orders(), metric), expected, "{name}: {metric}");
        }
    }
}

#[test]
fn a_point_needs_no_other_to_be_believed() {
    let mut fixture = fixture();
    fixture.read_sum(&orders(), THROTTLES, 0..10, &[(7, 9.0)]);
    let value = Figure::Value { value: 9.0, at: minute(7) };
    assert_eq!(fixture.reading().figure(&orders(), THROTTLES), value);
}

#[test]
fn each_resource_vouches_for_itself_and_any_for_the_account() {
    let mut fixture = fixture();
    let index = Resource::index("orders", "by-customer");
    fixture.publish(&index, 0..10);
    for resource in [orders(), index.clone()] {
        fixture.read_sum(&resource, THROTTLES, 0..10, &[]);
    }
    fixture.read_sum(&Resource::Account, Metric::UserErrors, 0..10, &[]);
    let at = minute(7);
    let reading = fixture.reading();
    assert_eq!(reading.figure(&orders(), THROTTLES), Figure::Unknown { at });
    assert_eq!(reading.figure(&index, THROTTLES), Figure::Zero { at });
    assert_eq!(reading.figure(&Resource::Account, Metric::UserErrors), Figure::Zero { at });
}

#[test]
fn latency_of_an_unpublished_minute_is_not_idle() {
    let mut fixture = fixture();
    fixture.publish(&orders(), 0..7);
    fixture.read(&latency_of("GetItem"), 0..10, &[]);
    let latency = |fixture: &Fixture| fixture.reading().latency(&"orders".into(), Statistic::P99);
    assert_eq!(latency(&fixture), Figure::Unknown { at: minute(7) });
    fixture.publish(&orders(), 0..8);
    assert_eq!(latency(&fixture), Figure::Idle { at: minute(7) });
}

#[test]
fn when_cloudwatch_stops_every_figure_is_unknown_and_not_calm() {
    let mut fixture = fixture();
    fixture.publish(&orders(), 0..8);
    fixture.read_sum(&orders(), THROTTLES, 0..10, &[]);
    fixture.go_to(615 + 7 * 60);
    fixture.publish(&orders(), 0..8);
    for metric in [THROTTLES, CONSUMED, Metric::Consumed(Direction::Read)] {
        fixture.read_sum(&orders(), metric, 8..17, &[]);
        let unknown = Figure::Unknown { at: minute(14) };
        assert_eq!(fixture.reading().figure(&orders(), metric), unknown, "{metric}");
    }
    assert_eq!(fixture.reading().newest_settled(), Some(minute(7)));
    let overdue = fixture.store.reading(&fixture.scope, second(615 + 20 * 60));
    assert_eq!(overdue.figure(&orders(), THROTTLES), Figure::Unknown { at: minute(14) });
}

#[test]
fn the_newest_settled_minute_is_the_newest_with_a_point_anywhere() {
    let mut fixture = fixture();
    fixture.read_sum(&orders(), CONSUMED, 0..10, &[]);
    assert_eq!(fixture.reading().newest_settled(), None);
    fixture.publish(&Resource::index("orders", "by-customer"), 0..6);
    assert_eq!(fixture.reading().newest_settled(), Some(minute(5)));
    fixture.read_sum(&orders(), CONSUMED, 0..10, &[(9, 1.0)]);
    assert_eq!(fixture.reading().newest_settled(), Some(minute(7)));
    fixture.go_to(675);
    fixture.read_sum(&Resource::Account, Metric::UserErrors, 0..11, &[(8, 1.0)]);
    assert_eq!(fixture.reading().newest_settled(), Some(minute(7)));
}

#[test]
fn a_clock_set_back_by_hours_forgets_what_was_published_after() {
    let mut fixture = fixture();
    fixture.go_to(3 * 3_600);
    fixture.publish(&orders(), 120..180);
    fixture.go_to(615);
    fixture.publish(&orders(), 0..6);
    fixture.read_sum(&orders(), THROTTLES, 0..10, &[]);
    assert_eq!(fixture.reading().newest_settled(), Some(minute(5)));
    let unknown = Figure::Unknown { at: minute(7) };
    assert_eq!(fixture.reading().figure(&orders(), THROTTLES), unknown);
}

#[test]
fn a_resource_stays_escalated_while_cloudwatch_tells_nothing_newer() {
    let mut fixture = fixture();
    fixture.publish(&orders(), 0..8);
    fixture.read_sum(&orders(), THROTTLES, 0..10, &[(7, 90.0)]);
    let kept = |fixture: &Fixture| {
        let key = SeriesKey::sum(orders(), THROTTLES);
        fixture.reading().series(&key).unwrap().points().count()
    };
    fixture.read_sum(&orders(), THROTTLES, 0..10, &[(7, 90.0)]);
    assert_eq!(kept(&fixture), 180);
    fixture.go_to(3_600);
    fixture.finish(Poller::Metrics, None);
    assert_eq!(kept(&fixture), 180);
    fixture.publish(&orders(), 8..40);
    fixture.finish(Poller::Metrics, None);
    assert_eq!(kept(&fixture), 60);
}

#[test]
fn a_table_that_serves_no_operation_is_idle_rather_than_not_polled() {
    let figures = |fixture: &Fixture| {
        let reading = fixture.reading();
        let latency = reading.latency(&"orders".into(), Statistic::P99);
        [latency, reading.figure(&orders(), Metric::SystemErrors)]
    };
    let not_polled = [Figure::NotPolled; 2];
    let at = minute(7);

    let mut fixture = fixture();
    fixture.publish(&orders(), 0..10);
    assert_eq!(figures(&fixture), not_polled, "operations were never listed");
    fixture.finish(Poller::Operations, Some((ErrorClass::Denied, "cloudwatch:ListMetrics")));
    assert_eq!(figures(&fixture), not_polled, "operations could not be listed");
    fixture.finish(Poller::Operations, None);
    assert_eq!(figures(&fixture), [Figure::Idle { at }, Figure::Zero { at }]);

    fixture.read_sum(&orders(), CONSUMED, 0..10, &[(7, 5.0)]);
    assert_eq!(figures(&fixture), not_polled, "it consumes, so it serves what is not listed yet");
    fixture.read_sum(&orders(), CONSUMED, 0..10, &[(7, 0.0)]);
    fixture.tell(News::Operations(vec![("orders".into(), vec!["GetItem".into()])]));
    assert_eq!(figures(&fixture), not_polled, "GetItem was not asked for");

    fixture.tell(News::Operations(vec![("orders".into(), vec![])]));
    fixture.go_to(615 + 180);
    fixture.read_sum(&orders(), Metric::Consumed(Direction::Read), 8..13, &[(9, 0.0)]);
    assert_eq!(figures(&fixture), [Figure::Unknown { at: minute(10) }; 2], "CloudWatch is late");
    let index = Resource::index("orders", "by-customer");
    fixture.publish(&index, 0..10);
    let of_index = fixture.reading().figure(&index, Metric::SystemErrors);
    assert_eq!(of_index, Figure::NotPolled, "indexes have no operations");
}

#[test]
fn a_table_that_is_named_no_more_served_nothing_lately() {
    let named = |tables: &[&str]| {
        let of_each = tables.iter().map(|table| (Arc::from(*table), vec![Arc::from("GetItem")]));
        News::Operations(of_each.collect())
    };
    let mut fixture = fixture();
    fixture.publish(&orders(), 0..10);
    fixture.tell(named(&["orders", "users"]));
    fixture.read(&latency_of("GetItem"), 0..10, &[(7, 4.5)]);
    fixture.finish(Poller::Operations, None);
    let latency = |fixture: &Fixture| fixture.reading().latency(&"orders".into(), Statistic::P99);
    assert_eq!(latency(&fixture), Figure::Value { value: 4.5, at: minute(7) });
    fixture.tell(named(&["users"]));
    assert_eq!(latency(&fixture).value(), Some(4.5), "the same reading, told in parts");
    fixture.go_to(615 + 45 * 60);
    fixture.tell(named(&["users"]));
    fixture.publish(&orders(), 0..54);
    assert!(fixture.reading().operations("orders").is_empty());
    assert!(matches!(latency(&fixture), Figure::Idle { .. }), "{:?}", latency(&fixture));
}

#[test]
fn others_vouch_where_consumption_could_not_be_read_again() {
    let mut fixture = fixture();
    let index = Resource::index("orders", "by-customer");
    fixture.publish(&orders(), 0..5);
    fixture.go_to(615 + 5 * 60);
    fixture.publish(&index, 0..13);
    fixture.read_sum(&orders(), THROTTLES, 5..15, &[]);
    let at = minute(12);
    assert_eq!(fixture.reading().figure(&orders(), THROTTLES), Figure::Zero { at });
}
