use super::*;
use crate::model::health::{ErrorClass, Poller};
use crate::model::metric::Metric;
use crate::model::table::{Encryption, Replica, Table};
use crate::model::throttle::Direction;
use crate::model::time::Window;
use crate::model::update::News;
use crate::store::fixture::{Fixture, minute, on_demand, provisioned, second, table};
use crate::view::Role;
use std::sync::Arc;

/// At this second the newest settled minute is 12:02.
const AT: i64 = 320;

fn paned(fixture: &Fixture, resource: &Resource) -> TablePane {
    let subject = Subject {
        reading: fixture.reading(),
        resource,
        verdicts: vec![],
        suffers_from: None,
        watch: None,
        selected: true,
    };
    let window = Window { start: minute(-55), end: minute(5) };
    pane(&Facts {
        family: vec![subject.clone()],
        subject,
        times: Times { window, cursor: None, utc_offset_minutes: 0 },
        focus: -1,
        expanded: false,
        details: false,
        reveals_keys: false,
        charset: Charset::Unicode,
    })
}

fn orders() -> Resource {
    Resource::table("orders")
}

/// What is said of a table without a verdict.
fn calmness(fixture: &Fixture) -> String {
    paned(fixture, &orders()).verdict[0].text.text.clone()
}

/// The text and role of the fact called `label`.
fn told(pane: &TablePane, label: &str) -> (String, Role) {
    let fact = pane.facts.iter().find(|fact| fact.label == label).unwrap();
    (fact.text.text.clone(), fact.text.role)
}

#[test]
fn nothing_wrong_is_said_only_of_what_is_known() {
    let mut fixture = Fixture::new(AT, vec![table("orders", provisioned(100.0), &[])]);
    assert_eq!(calmness(&fixture), "not judged: not read yet");
    let action = "cloudwatch:GetMetricData";
    fixture.finish(Poller::Metrics, Some((ErrorClass::Denied, action)));
    assert_eq!(calmness(&fixture), "not judged: no permission: cloudwatch:GetMetricData");
    for direction in Direction::ALL {
        fixture.read_sum(&orders(), Metric::ThrottleEvents(direction), -55..5, &[]);
    }
    assert_eq!(calmness(&fixture), "not judged: CloudWatch has not published 12:02 yet");
    fixture.publish(&orders(), -5..5);
    assert_eq!(calmness(&fixture), "calm: no throttle events in the last 15 settled minutes");
    let reads = Metric::ThrottleEvents(Direction::Read);
    fixture.read_sum(&orders(), reads, -2..5, &[(-1, 2.0)]);
    let isolated = "no trouble: 2 throttle events in the last 15 settled minutes";
    assert_eq!(calmness(&fixture), isolated);
    fixture.go_to(AT + 300);
    assert_eq!(calmness(&fixture), "not judged: nothing newer than 12:02 could be read");
}

#[test]
fn minutes_that_were_never_read_are_not_spoken_for() {
    let mut fixture = Fixture::new(AT, vec![table("orders", provisioned(100.0), &[])]);
    fixture.publish(&orders(), -55..5);
    for direction in Direction::ALL {
        fixture.read_sum(&orders(), Metric::ThrottleEvents(direction), -2..5, &[]);
    }
    assert_eq!(calmness(&fixture), "calm: no throttle events in the last 5 settled minutes");
}

#[test]
fn events_are_counted_over_the_minutes_known_of_both_directions() {
    let mut fixture = Fixture::new(AT, vec![table("orders", provisioned(100.0), &[])]);
    fixture.publish(&orders(), -55..5);
    let [read, write] = Direction::ALL.map(Metric::ThrottleEvents);
    fixture.read_sum(&orders(), read, -55..5, &[(-5, 9.0), (1, 2.0)]);
    fixture.read_sum(&orders(), write, -2..5, &[(0, 1.0)]);
    let both = "no trouble: 3 throttle events in the last 5 settled minutes";
    assert_eq!(calmness(&fixture), both, "the 9 of 11:55 lie before what is known of writes");
    fixture.go_to(AT + 60);
    fixture.publish(&orders(), -55..6);
    fixture.read_sum(&orders(), read, -55..6, &[]);
    assert_eq!(calmness(&fixture), "not judged: 12:03 is unknown");
}

#[test]
fn marks_are_those_of_what_is_on_screen() {
    use crate::view::format::LEGEND;
    let indexed = table("orders", provisioned(100.0), &[("GSI1", on_demand(None))]);
    let mut fixture = Fixture::new(AT, vec![indexed]);
    fixture.publish(&orders(), -55..5);
    let used = |pane: &TablePane, width| -> String {
        let marks = LEGEND.iter().zip(pane.marks(width));
        marks.filter(|(_, used)| *used).map(|((mark, _), _)| *mark).collect()
    };
    let resources = [orders(), Resource::index("orders", "GSI1")];
    let subject = |resource| Subject {
        reading: fixture.reading(),
        resource,
        verdicts: vec![],
        suffers_from: None,
        watch: None,
        selected: true,
    };
    let mut pane = paned(&fixture, &orders());
    pane.family = members(&resources.iter().map(subject).collect::<Vec<_>>(), Charset::Unicode);
    assert_eq!(used(&pane, 120), ".-", "the index has no limit to measure its use by");
    assert_eq!(used(&pane, 80), ".", "the family's figures are not on screen");
    fixture.go_to(AT + 600);
    assert_eq!(used(&paned(&fixture, &orders()), 80), "*.");
}

#[test]
fn the_focus_goes_round_all_charts() {
    let fixture = Fixture::new(AT, vec![table("orders", provisioned(100.0), &[])]);
    let focused: Vec<bool> =
        paned(&fixture, &orders()).charts.iter().map(|chart| chart.focused).collect();
    assert_eq!(focused, [false, false, false, false, false, true]);
}

#[test]
fn each_resource_has_the_charts_that_exist_for_it() {
    let indexed = table("orders", provisioned(100.0), &[("GSI1", provisioned(50.0))]);
    let fixture = Fixture::new(AT, vec![indexed]);
    let charts = |resource: &Resource| paned(&fixture, resource).charts.len();
    assert_eq!(charts(&orders()), 6);
    assert_eq!(charts(&Resource::index("orders", "GSI1")), 4);
    assert_eq!(charts(&Resource::Account), 1);
}

#[test]
fn facts_state_what_is_and_notice_only_what_is_unusual() {
    let mut described: Table = table("orders", on_demand(Some(1_000.0)), &[]);
    described.status = Arc::from("INACCESSIBLE_ENCRYPTION_CREDENTIALS");
    described.bytes = Some(1_536);
    described.items = Some(1_240);
    described.details.encryption = Encryption::Kms {
        key: Arc::from("arn:aws:kms:us-east-1:123456789012:key/1c9a"),
        status: Arc::from("ENABLED"),
        inaccessible_since: Some(second(60)),
    };
    let replica = |region: &str, status: &str| Replica {
        region: Arc::from(region),
        status: Arc::from(status),
    };
    described.details.replicas =
        vec![replica("eu-west-1", "ACTIVE"), replica("us-west-2", "CREATING")];
    let mut fixture = Fixture::new(AT, vec![described]);
    let consumed = Metric::Consumed(Direction::Read);
    fixture.read_sum(&orders(), consumed, 0..5, &[(2, 2_400.0)]);
    let pane = paned(&fixture, &orders());
    let cases = [
        ("status", "INACCESSIBLE_ENCRYPTION_CREDENTIALS", Role::Notice),
        ("mode", "on-demand", Role::Text),
        ("read", "4% of at most 1,000 RRU/s, warm 12,000", Role::Text),
        ("write", "use not polled, warm 12,000", Role::Text),
        ("size", "1.5 KiB, 1,240 items (up to 6 h old)", Role::Text),
        ("encryption", "KMS key unusable since 12:01: 1c9a", Role::Notice),
        ("replicas", "eu-west-1, us-west-2 CREATING", Role::Notice),
        ("recovery", "not read yet", Role::Dim),
        ("deletion", "not protected", Role::Text),
    ];
    for (label, text, role) in cases {
        assert_eq!(told(&pane, label), (text.to_owned(), role));
    }
}

#[test]
fn what_is_read_of_an_open_table_keeps_its_age_and_its_refusal() {
    use crate::model::health::CallError;
    use crate::model::table::{Backups, TimeToLive};
    let mut fixture = Fixture::new(AT, vec![table("orders", provisioned(100.0), &[])]);
    let name: Arc<str> = Arc::from("orders");
    let backups = Backups {
        recovery: Arc::from("ENABLED"),
        recovery_days: Some(35),
        earliest: Some(second(-3_600)),
        latest: None,
    };
    fixture.tell(News::Backups(Arc::clone(&name), Ok(backups)));
    let error =
        CallError { class: ErrorClass::Denied, action: "a:B", code: None, message: String::new() };
    fixture.tell(News::TimeToLive(Arc::clone(&name), Err(error.clone())));
    let pane = paned(&fixture, &orders());
    assert_eq!(told(&pane, "recovery").0, "PITR on, 35 days, from 11:00");
    assert_eq!(told(&pane, "expiry"), ("no permission: a:B".to_owned(), Role::Problem));
    let expiry = TimeToLive { status: Arc::from("DISABLED"), attribute: None };
    fixture.tell(News::TimeToLive(Arc::clone(&name), Ok(expiry)));
    fixture.go_to(AT + 600);
    fixture.tell(News::TimeToLive(name, Err(error)));
    let stale = "TTL off (10 m ago; since then no permission: a:B)".to_owned();
    assert_eq!(told(&paned(&fixture, &orders()), "expiry"), (stale, Role::Stale));
}
