use super::ranking::{blind, ranking, state};
use super::*;
use crate::diagnose::Cause;
use crate::model::contributor::{Key, MaskSalt, Report, Reports};
use crate::model::health::{CallError, ErrorClass};
use crate::model::insights::InsightsMode;
use crate::model::table::KeySchema;
use crate::model::throttle::Direction;
use crate::model::time::Window;
use crate::model::update::News;
use crate::store::fixture::{Fixture, minute, provisioned, second, table};
use crate::view::tables::Keys;
use crate::view::{Charset, Paragraph};
use std::sync::Arc;

/// At this second the newest settled minute is 12:17.
const AT: i64 = 1_210;

fn orders() -> Resource {
    Resource::table("orders")
}

fn index() -> Resource {
    Resource::index("orders", "by-status")
}

/// A store that knows `orders` and its index, with Contributor Insights of both.
fn known(status: &str, mode: &InsightsMode) -> Fixture {
    let throughput = provisioned(1_000.0);
    let mut orders = table("orders", throughput, &[("by-status", throughput)]);
    orders.details.keys =
        KeySchema { partition: vec![Arc::from("PK")], sort: vec![Arc::from("SK")] };
    let mut fixture = Fixture::new(AT, vec![orders]);
    let listed = [self::orders(), index()].map(|resource| ContributorInsights {
        resource,
        status: Arc::from(status),
        mode: Some(mode.clone()),
        rules: None,
        failure: None,
    });
    fixture.tell(News::Insights(Ok(listed.to_vec())));
    fixture
}

fn all(status: &str) -> Fixture {
    known(status, &InsightsMode::AccessedAndThrottled)
}

/// A report of the quarter of an hour that ends with minute 18, of keys with their value in each minute.
fn report(kind: RuleKind, total: f64, keys: &[(&str, &[f64])]) -> Report {
    let one = |(key, values): &(&str, &[f64])| Contributor {
        keys: vec![Key::new(key, MaskSalt::new(1))],
        total: values.iter().sum(),
        points: values.iter().zip(3..).map(|(value, at)| (minute(at), *value)).collect(),
    };
    Report {
        kind,
        rule: Arc::from(kind.code()),
        window: Window { start: minute(3), end: minute(18) },
        labels: vec![Arc::from("PK")],
        total,
        unique: 9,
        contributors: keys.iter().map(one).collect(),
    }
}

fn told(fixture: &mut Fixture, resource: &Resource, reports: Vec<Report>) {
    fixture.tell(News::HotKeys(resource.clone(), Ok(Reports { reports, is_whole: true })));
}

fn verdict(resource: &Resource, direction: Direction, cause: Cause) -> Verdict {
    Verdict {
        resource: resource.clone(),
        direction: Some(direction),
        recipient: None,
        cause,
        reason: None,
        confidence: crate::diagnose::Confidence::Measured,
        severity: Severity::Trouble,
        since: minute(10),
        since_or_earlier: false,
        events: 100.0,
        evidence: vec![],
        explains: vec![],
        behind: None,
        advice: "spread the key".into(),
        candidates: vec![],
    }
}

fn hot(resource: &Resource, direction: Direction) -> Verdict {
    verdict(resource, direction, Cause::Throttled(Limit::KeyRange))
}

fn judged(fixture: &Fixture, verdicts: &[Verdict]) -> Vec<Entry> {
    entries(std::iter::once((fixture.reading(), verdicts)))
}

/// The entry of a resource.
fn of(fixture: &Fixture, verdicts: &[Verdict], resource: &Resource) -> Entry {
    judged(fixture, verdicts).into_iter().find(|entry| entry.resource == *resource).unwrap()
}

/// Writes with what is known of a resource.
fn with<T>(
    fixture: &Fixture,
    resource: &Resource,
    verdicts: &[Verdict],
    write: impl Fn(&Facts<'_>) -> T,
) -> T {
    let prices = Prices::embedded();
    let reading = fixture.reading();
    let subject = Shown {
        reading,
        resource,
        verdicts: verdicts.iter().collect(),
        suffers_from: None,
        explained_by: None,
        watch: None,
        selected: true,
        keys: Keys { edit: Some("e".to_owned()), undo: None },
    };
    write(&Facts {
        rows: vec![],
        selected: 0,
        subject,
        longest_name: 6,
        prices: &prices,
        reveal: Reveal { in_full: false, charset: Charset::Ascii },
        marker: Marker::Ascii,
        size: (120, 40),
        expanded: false,
    })
}

fn texts(paragraphs: Vec<Paragraph>) -> String {
    let lines = paragraphs.into_iter().map(|it| format!("{}: {}", it.label, it.text.text));
    lines.collect::<Vec<_>>().join("\n")
}

fn state_of(fixture: &Fixture, resource: &Resource) -> String {
    with(fixture, resource, &[], |facts| texts(state(facts)))
}

#[test]
fn what_is_on_or_hot_has_a_row_and_what_is_hot_comes_first() {
    let mut fixture = all("ENABLED");
    let names = |fixture: &Fixture, verdicts: &[Verdict]| -> Vec<String> {
        let entries = judged(fixture, verdicts).into_iter().filter(|entry| !entry.is_folded());
        entries.map(|entry| name(&entry.resource)).collect()
    };
    assert_eq!(names(&fixture, &[]), ["orders", "orders/by-status"]);
    let hot_index = [hot(&index(), Direction::Write)];
    assert_eq!(names(&fixture, &hot_index), ["orders/by-status", "orders"]);
    fixture.tell(News::Insights(Ok(vec![])));
    assert_eq!(names(&fixture, &[]), Vec::<String>::new());
    assert_eq!(names(&fixture, &hot_index), ["orders/by-status"]);
    let short = [verdict(&orders(), Direction::Read, Cause::Throttled(Limit::Provisioned))];
    assert_eq!(names(&fixture, &short), Vec::<String>::new(), "capacity is no matter of keys");
    let unknown = Verdict {
        candidates: vec![Limit::Provisioned, Limit::KeyRange],
        ..verdict(&orders(), Direction::Read, Cause::ThrottledUnknown)
    };
    assert_eq!(names(&fixture, &[unknown]), ["orders"], "it may be one");
}

#[test]
fn a_key_that_takes_most_of_a_partition_is_noticed_before_anything_is_throttled() {
    for (units, weight, what) in [
        (143_000.0, Weight::Calm, ""),
        (144_000.0, Weight::Notice, "a key took 80% of a partition"),
        (180_000.0, Weight::Notice, "a key took 100% of a partition"),
    ] {
        let mut fixture = all("ENABLED");
        let keys: &[(&str, &[f64])] = &[("a", &[1.0, units, 5.0]), ("b", &[2.0])];
        told(&mut fixture, &orders(), vec![report(RuleKind::AccessedKeys, 1e6, keys)]);
        let entry = of(&fixture, &[], &orders());
        assert_eq!((entry.weight, entry.what.as_str()), (weight, what));
    }
    let mut fixture = all("ENABLED");
    let refused: &[(&str, &[f64])] = &[("a", &[900_000.0])];
    told(&mut fixture, &orders(), vec![report(RuleKind::ThrottledKeys, 9e5, refused)]);
    assert_eq!(of(&fixture, &[], &orders()).weight, Weight::Calm, "events are no units");
}

#[test]
fn each_state_says_what_it_means_and_what_to_do() {
    for (status, words) in [
        ("ENABLED", "count: accessed and throttled keys (ACCESSED_AND_THROTTLED_KEYS)"),
        ("DISABLED", "count: off, no key is counted: e opens the plan to turn it on"),
        ("ENABLING", "count: ENABLING: it counts from when it is on"),
        ("DISABLING", "count: DISABLING: its rules and their history are being deleted"),
        ("FAILED", "count: FAILED: DynamoDB could not make its rules"),
        ("PAUSED", "count: PAUSED: not a state that is known here"),
    ] {
        let said = state_of(&all(status), &orders());
        assert!(said.contains(words), "{status}: {said}");
    }
    let words =
        "LimitExceededException: Amazon CloudWatch Contributor Insights rule limit reached.";
    let failed = ContributorInsights {
        resource: orders(),
        status: Arc::from("FAILED"),
        mode: None,
        rules: Some(vec![]),
        failure: Some(Arc::from(words)),
    };
    let mut fixture = all("ENABLED");
    fixture.tell(News::Insights(Ok(vec![failed])));
    let said = state_of(&fixture, &orders());
    assert!(said.contains("rule limit reached; e tries again"), "{said}");
    fixture.tell(News::Insights(Ok(vec![])));
    assert!(state_of(&fixture, &orders()).contains("count: off"));
    let said = state_of(&known("ENABLED", &InsightsMode::Throttled), &orders());
    assert!(said.contains("throttled keys alone, accessed ones not (THROTTLED_KEYS)"), "{said}");
}

#[test]
fn what_is_not_known_says_why() {
    let denied = |action| CallError {
        class: ErrorClass::Denied,
        action,
        code: None,
        message: String::new(),
    };
    let mut fixture = Fixture::new(AT, vec![table("orders", provisioned(9.0), &[])]);
    assert!(state_of(&fixture, &orders()).contains("not read yet"));
    fixture.tell(News::Insights(Err(denied("dynamodb:ListContributorInsights"))));
    let said = state_of(&fixture, &orders());
    assert!(said.contains("not known: no permission: dynamodb:ListContributorInsights"), "{said}");
    let mut fixture = all("ENABLED");
    assert!(state_of(&fixture, &orders()).contains("reads: being read"));
    let refused = denied("cloudwatch:GetInsightRuleReport");
    fixture.tell(News::HotKeys(orders(), Err(refused)));
    let said = state_of(&fixture, &orders());
    assert!(said.contains("reads: no permission: cloudwatch:GetInsightRuleReport"), "{said}");
}

#[test]
fn an_old_report_says_how_old_it_is() {
    let mut fixture = all("ENABLED");
    told(&mut fixture, &orders(), vec![report(RuleKind::AccessedKeys, 9.0, &[("a", &[1.0])])]);
    assert!(!state_of(&fixture, &orders()).contains("reads:"), "a new one says nothing");
    fixture.go_to(AT + 105);
    assert!(!state_of(&fixture, &orders()).contains("reads:"));
    fixture.go_to(AT + 106);
    assert!(state_of(&fixture, &orders()).contains("reads: read 106 s ago"));
    let error = CallError {
        class: ErrorClass::Throttled,
        action: "cloudwatch:GetInsightRuleReport",
        code: Some("Throttling".to_owned()),
        message: "Rate exceeded".to_owned(),
    };
    fixture.tell(News::HotKeys(orders(), Err(error)));
    let said = state_of(&fixture, &orders());
    assert!(said.contains("reads: as last read 106 s ago; since then cloudwatch:Get"), "{said}");
}

#[test]
fn what_the_counts_cannot_see_is_said_of_tables_and_more_of_indexes() {
    let fixture = all("ENABLED");
    let said = |resource: &Resource| with(&fixture, resource, &[], |facts| blind(facts).text.text);
    assert!(said(&orders()).starts_with("PartiQL and reads that DAX serves are not counted"));
    assert!(said(&index()).starts_with("throttled writes of an index are not measured"));
}

/// The cells of a section's rows.
fn cells(section: &Section) -> Vec<Vec<&str>> {
    section
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| cell.text.as_str()).collect())
        .collect()
}

#[test]
fn shares_are_of_all_and_of_a_partition_and_throttle_events_have_none_of_the_latter() {
    let mut fixture = all("ENABLED");
    let keys: &[(&str, &[f64])] =
        &[("CUSTOMER#1", &[0.0, 180_000.0, 90_000.0]), ("CUSTOMER#2", &[18_000.0])];
    let refused: &[(&str, &[f64])] = &[("CUSTOMER#1", &[50.0, 25.0])];
    let reports = vec![
        report(RuleKind::ThrottledKeys, 100.0, refused),
        report(RuleKind::AccessedKeys, 540_000.0, keys),
    ];
    told(&mut fixture, &orders(), reports);
    let ranking = with(&fixture, &orders(), &[], ranking);
    let [throttled, accessed] = ranking.sections.as_slice() else { panic!("{ranking:?}") };
    assert_eq!(throttled.title.text, "most throttled keys (PK): 100 throttle events");
    assert_eq!(accessed.title.text, "most accessed keys (PK): 540k units (3xWCU+RCU)");
    let rows = cells(accessed);
    assert!(rows[0][0].starts_with("CUSTOMER#*"), "{rows:?}");
    // 270,000 units in 15 minutes of 180,000 each.
    assert_eq!(rows[0][1..5], ["270k", "50%", "10%", "100%"]);
    assert_eq!(rows[1][1..5], ["18,000", "3%", "1%", "10%"]);
    assert_eq!(cells(throttled)[0][1..5], ["75", "75%", "-", "-"]);
    // First seen in the first minute that was read: it may have been before.
    assert_eq!(rows[0][6], ">17 m");
}

#[test]
fn a_rule_without_contributors_says_whether_it_could_have_any() {
    let note = |fixture: &Fixture, resource: &Resource, verdicts: &[Verdict]| {
        let ranking = with(fixture, resource, verdicts, ranking);
        let notes = ranking.sections.into_iter().filter_map(|section| section.note);
        notes.map(|note| note.text).collect::<Vec<_>>().join("\n")
    };
    let mut fixture = all("ENABLED");
    for resource in [orders(), index()] {
        told(&mut fixture, &resource, vec![report(RuleKind::ThrottledKeys, 0.0, &[])]);
    }
    let writes = [hot(&index(), Direction::Write)];
    let reads = [hot(&index(), Direction::Read)];
    assert_eq!(note(&fixture, &orders(), &[]), "no key was throttled in these minutes");
    assert_eq!(note(&fixture, &index(), &reads), "no key was throttled in these minutes");
    assert!(note(&fixture, &index(), &writes).contains("not measured"));
    let mut fixture = known("ENABLED", &InsightsMode::Throttled);
    told(&mut fixture, &orders(), vec![report(RuleKind::ThrottledKeys, 0.0, &[])]);
    assert!(note(&fixture, &orders(), &[]).contains("not counted in the mode THROTTLED_KEYS"));
}

#[test]
fn keys_are_summed_up_by_kind_only_where_there_is_more_than_one() {
    let kinds = |keys: &[(&str, &[f64])]| {
        let mut fixture = all("ENABLED");
        told(&mut fixture, &orders(), vec![report(RuleKind::AccessedKeys, 100.0, keys)]);
        let known = fixture.reading().hot_keys(&orders()).value().unwrap().clone();
        let section = ranking::kinds(&known)?;
        let row = |row: &Row| {
            let cells = row.cells.iter().take(3).map(|cell| cell.text.clone());
            cells.collect::<Vec<_>>().join(" ")
        };
        Some(section.rows.iter().map(row).collect::<Vec<_>>())
    };
    assert_eq!(kinds(&[("ORDER#1", &[9.0]), ("ORDER#2", &[7.0])]), None);
    assert_eq!(kinds(&[("ann", &[9.0]), ("bob", &[7.0])]), None);
    let found =
        kinds(&[("ORDER#1", &[30.0]), ("USER#1", &[25.0]), ("ORDER#2", &[20.0]), ("x", &[5.0])]);
    assert_eq!(found.unwrap(), ["ORDER# x2 50 50%", "USER# x1 25 25%", "other x1 5 5%"]);
}

#[test]
fn a_hot_key_is_told_with_its_shares_only_where_a_partition_is_too_hot() {
    let reveal = Reveal { in_full: true, charset: Charset::Unicode };
    let said = |fixture: &Fixture, resource: &Resource, verdicts: &[Verdict]| {
        with(fixture, resource, verdicts, |facts| super::told(&facts.subject, reveal))
    };
    let mut fixture = all("ENABLED");
    let keys: &[(&str, &[f64])] = &[("calm", &[90_000.0; 15]), ("hot", &[0.0, 171_000.0])];
    let refused: &[(&str, &[f64])] = &[("hot", &[0.0, 90.0])];
    for resource in [orders(), index()] {
        let reports = vec![
            report(RuleKind::ThrottledKeys, 100.0, refused),
            report(RuleKind::AccessedKeys, 2e6, keys),
        ];
        told(&mut fixture, &resource, reports);
    }
    assert_eq!(said(&fixture, &orders(), &[]), None);
    let short = verdict(&orders(), Direction::Read, Cause::Throttled(Limit::Provisioned));
    assert_eq!(said(&fixture, &orders(), &[short]), None);
    let found = said(&fixture, &orders(), &[hot(&orders(), Direction::Read)]).unwrap();
    assert_eq!(
        found.text,
        "hot: up to 95% of a partition, 90% of all throttle events, since 12:03 or earlier (17 m)"
    );
    let found = said(&fixture, &index(), &[hot(&index(), Direction::Write)]).unwrap();
    assert!(found.text.starts_with("calm: up to 50% of a partition"), "{}", found.text);
    fixture.go_to(AT + 600);
    let found = said(&fixture, &orders(), &[hot(&orders(), Direction::Read)]).unwrap();
    assert!(found.text.ends_with("; read 10 m ago"), "{}", found.text);
    assert_eq!(second(AT + 600), fixture.at);
}

#[test]
fn control_characters_of_a_key_never_reach_the_terminal() {
    let key = [Key::new("a\u{1b}[2Jb\nü", MaskSalt::new(1))];
    let shown = |charset| Reveal { in_full: true, charset }.text(&key);
    assert_eq!(shown(Charset::Unicode), "a?[2Jb?ü");
    assert_eq!(shown(Charset::Ascii), "a?[2Jb??");
}

#[test]
fn the_list_takes_a_quarter_of_a_narrow_screen_and_all_lines_of_a_wide_one() {
    for (size, expanded, rows, expected) in [
        ((80, 24), false, 9, 4),
        ((80, 24), false, 2, 2),
        ((80, 24), false, 0, 1),
        ((80, 24), true, 9, 19),
        ((120, 40), false, 9, 35),
        ((80, 15), false, 9, 10),
        ((30, 9), false, 9, 0),
    ] {
        assert_eq!(page(size, expanded, rows), expected, "{size:?} {expanded} {rows}");
    }
}
