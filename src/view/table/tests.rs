use super::*;
use crate::diagnose::{Cause, Confidence, Severity, Verdict};
use crate::model::consumer::example as consumer;
use crate::model::health::{ErrorClass, Poller};
use crate::model::local::UtcOffset;
use crate::model::metric::Metric;
use crate::model::table::{Encryption, Replica, Table};
use crate::model::throttle::Direction;
use crate::model::time::Window;
use crate::model::update::News;
use crate::store::fixture::{Fixture, minute, on_demand, provisioned, second, table};
use crate::view::Role;
use crate::view::tables::Keys;
use std::sync::Arc;

/// At this second the newest settled minute is 12:02.
const AT: i64 = 320;

fn paned(fixture: &Fixture, resource: &Resource) -> TablePane {
    let subject = Subject {
        reading: fixture.reading(),
        resource,
        verdicts: vec![],
        suffers_from: None,
        explained_by: None,
        watch: None,
        selected: true,
        keys: Keys::default(),
    };
    let window = Window { start: minute(-55), end: minute(5) };
    pane(&Facts {
        family: vec![subject.clone()],
        subject,
        times: Times { window, cursor: None, utc_offset: UtcOffset::ZERO },
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
        explained_by: None,
        watch: None,
        selected: true,
        keys: Keys::default(),
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
        ("replica", "us-west-2: CREATING, latency not polled", Role::Notice),
        ("stream", "off", Role::Text),
        ("kinesis", "not read yet", Role::Dim),
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

#[test]
fn a_consumer_that_is_late_comes_first_with_what_aws_says_of_it() {
    let mut described = table("orders", provisioned(100.0), &[]);
    described.details.stream = Some(Arc::from("KEYS_ONLY"));
    let mut fixture = Fixture::new(AT, vec![described]);
    assert_eq!(told(&paned(&fixture, &orders()), "stream").0, "KEYS_ONLY, consumers not read yet");
    fixture.tell(News::Consumers(Ok(vec![])));
    assert_eq!(told(&paned(&fixture, &orders()), "stream").0, "KEYS_ONLY, no function reads it");
    let mut late = consumer("to-search", "orders");
    late.last_result = Some(Arc::from("PROBLEM: Function call failed"));
    let mut well = consumer("projector", "orders");
    well.maximum_retries = Some(10);
    well.maximum_record_age_seconds = Some(14_400);
    well.on_failure = Some(Arc::from("arn:aws:sqs:us-east-1:123456789012:lost"));
    let mut off = consumer("archive", "orders");
    off.state = Arc::from("Disabled");
    fixture.tell(News::Consumers(Ok(vec![well.clone(), late.clone(), off.clone()])));
    fixture.publish(&orders(), -55..5);
    let mut read = |consumer, metric, value| {
        let key = fixture.reading().function_key(consumer, metric);
        let points: Vec<(i64, f64)> = Option::into_iter(value).map(|value| (2, value)).collect();
        fixture.read(&key, -55..5, &points);
    };
    read(&late, Metric::IteratorAge, Some(2_520_000.0));
    read(&late, Metric::FunctionErrors, Some(12.0));
    read(&well, Metric::IteratorAge, Some(420.0));
    read(&off, Metric::IteratorAge, None);
    let pane = paned(&fixture, &orders());
    let texts: Vec<_> = pane.facts.iter().map(|fact| (&*fact.text.text, fact.text.role)).collect();
    assert_eq!(
        texts[..4],
        [
            ("to-search: 42 m behind, 12 errors/min", Role::Notice),
            (
                "PROBLEM: Function call failed, retries without end, no failure destination",
                Role::Notice
            ),
            ("archive: Disabled, not invoked", Role::Notice),
            ("retries without end, no failure destination", Role::Notice),
        ]
    );
    let place = texts.iter().position(|fact| *fact == ("projector: under 1 s behind", Role::Text));
    let more = ("10 retries up to 4 h, failures to lost", Role::Text);
    assert_eq!(texts[place.unwrap() + 1], more);
}

#[test]
fn a_replica_and_a_data_stream_tell_how_late_they_are() {
    use crate::model::metric::SeriesKey;
    use crate::model::table::{KinesisDestination, KinesisStreaming};
    let mut described = table("orders", provisioned(100.0), &[]);
    let (name, region): (Arc<str>, Arc<str>) = (Arc::from("orders"), Arc::from("eu-west-1"));
    described.details.replicas =
        vec![Replica { region: Arc::clone(&region), status: Arc::from("ACTIVE") }];
    let mut fixture = Fixture::new(AT, vec![described]);
    fixture.publish(&orders(), -55..5);
    let latency = SeriesKey::outflow(&name, Metric::ReplicationLatency, &region);
    for (milliseconds, expected, role) in [
        (700.0, "eu-west-1: under 1 s behind", Role::Text),
        (179_000.0, "eu-west-1: 2 m behind", Role::Text),
        (840_000.0, "eu-west-1: 14 m behind", Role::Notice),
    ] {
        fixture.read(&latency, -55..5, &[(2, milliseconds)]);
        assert_eq!(told(&paned(&fixture, &orders()), "replica"), (expected.to_owned(), role));
    }
    let operation: Arc<str> = Arc::from("op");
    let destination = KinesisDestination {
        stream: Arc::from("arn:aws:kinesis:us-east-1:123456789012:stream/lake"),
        status: Arc::from("ACTIVE"),
        status_description: None,
    };
    let streaming = KinesisStreaming {
        destinations: vec![destination],
        operation: Some(Arc::clone(&operation)),
    };
    fixture.tell(News::Kinesis(Arc::clone(&name), Ok(streaming)));
    let of = |metric| SeriesKey::outflow(&name, metric, &operation);
    fixture.read(&of(Metric::AgeOfOldestUnreplicatedRecord), -55..5, &[(-10, 600_000.0)]);
    fixture.read(&of(Metric::ThrottledPutRecordCount), -55..5, &[(-10, 31_000.0)]);
    let found = told(&paned(&fixture, &orders()), "kinesis");
    assert_eq!(found, ("lake, 10 m behind, 31,000 records refused".to_owned(), Role::Notice));
}

#[test]
fn an_inferred_cause_says_so_once() {
    let fixture = Fixture::new(AT, vec![table("orders", provisioned(100.0), &[])]);
    let (resource, reading) = (orders(), fixture.reading());
    let inferred = Verdict {
        resource: resource.clone(),
        direction: Some(Direction::Write),
        recipient: None,
        cause: Cause::CapacityLowered,
        behind: None,
        reason: None,
        confidence: Confidence::Inferred,
        severity: Severity::Trouble,
        since: minute(2),
        since_or_earlier: false,
        events: 90.0,
        evidence: vec![],
        explains: vec![],
        advice: "put it back".into(),
        candidates: vec![],
    };
    let subject = Subject {
        reading,
        resource: &resource,
        verdicts: vec![&inferred],
        suffers_from: None,
        explained_by: None,
        watch: None,
        selected: true,
        keys: Keys::default(),
    };
    let told = &detail::judgement(&subject, Charset::Unicode)[0].text.text;
    assert!(told.starts_with("WRITE: capacity lowered · inferred · since"), "{told}");
    assert_eq!(told.matches("inferred").count(), 1, "{told}");
}
