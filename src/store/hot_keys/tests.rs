use super::*;
use crate::model::contributor::{Contributor, MaskSalt};
use crate::model::health::ErrorClass;
use std::sync::Arc;

fn key(name: &str) -> Vec<Key> {
    vec![Key::new(name, MaskSalt::new(1))]
}

/// A report of the minutes `start` to `end`, with the points of each contributor.
fn report(rule: &str, (start, end): (i64, i64), contributors: &[(&str, &[i64])]) -> Report {
    let contributor = |(name, minutes): &(&str, &[i64])| Contributor {
        keys: key(name),
        total: minutes.len() as f64,
        points: minutes.iter().map(|minute| (Minute(*minute), 1.0)).collect(),
    };
    Report {
        kind: RuleKind::AccessedKeys,
        rule: Arc::from(rule),
        window: Window { start: Minute(start), end: Minute(end) },
        labels: vec![Arc::from("PK")],
        total: 10.0,
        unique: 2,
        contributors: contributors.iter().map(contributor).collect(),
    }
}

fn whole(reports: Vec<Report>) -> Reports {
    Reports { reports, is_whole: true }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn orders() -> Resource {
    Resource::table("orders")
}

fn known(told: &HotKeysByResource) -> &HotKeys {
    told.0[&orders()].detail().value().unwrap()
}

#[test]
fn a_contributor_is_known_since_it_was_first_seen() {
    let mut told = HotKeysByResource::new();
    told.tell(
        orders(),
        Ok(whole(vec![report("r", (0, 5), &[("a", &[0, 1, 2]), ("b", &[3, 4])])])),
        at(1),
    );
    told.tell(
        orders(),
        Ok(whole(vec![report("r", (3, 8), &[("b", &[3, 5]), ("c", &[7])])])),
        at(2),
    );
    let trend = |name: &str| known(&told).trend(RuleKind::AccessedKeys, &key(name)).unwrap();
    let minutes = |name: &str| trend(name).points.iter().map(|(at, _)| at.0).collect::<Vec<_>>();
    assert_eq!((trend("a").first_seen, trend("a").or_earlier), (Minute(0), true));
    assert_eq!((trend("b").first_seen, trend("b").or_earlier), (Minute(3), false));
    assert_eq!((trend("c").first_seen, trend("c").or_earlier), (Minute(7), false));
    assert_eq!(minutes("a"), [0, 1, 2], "it left the top, and is remembered");
    assert_eq!(minutes("b"), [3, 5], "minute 4 was revised");
    assert_eq!(known(&told).report(RuleKind::AccessedKeys).unwrap().contributors.len(), 2);
    assert_eq!(known(&told).report(RuleKind::ThrottledKeys), None);
}

/// When a contributor of these reports was first seen, and whether it may have been before.
fn since(reports: &[Report], name: &str) -> (Minute, bool) {
    let mut told = HotKeysByResource::new();
    for report in reports {
        told.tell(orders(), Ok(whole(vec![report.clone()])), at(60 * report.window.end.0));
    }
    let trend = known(&told).trend(RuleKind::AccessedKeys, &key(name)).unwrap();
    (trend.first_seen, trend.or_earlier)
}

#[test]
fn what_happened_while_no_report_was_read_is_unknown() {
    let first = report("r", (0, 15), &[("a", &[3, 14])]);
    let returned =
        |start| report("r", (start, start + 15), &[("a", &[start]), ("b", &[start + 1])]);
    assert_eq!(since(&[first.clone(), returned(15)], "a"), (Minute(3), false), "no gap");
    for start in [16, 105] {
        let reports = [first.clone(), returned(start)];
        assert_eq!(since(&reports, "a"), (Minute(start), true), "it may have been all along");
        assert_eq!(since(&reports, "b"), (Minute(start + 1), false), "it was not in {start}");
    }
}

#[test]
fn a_contributor_that_returns_after_an_hour_is_not_called_new() {
    let reports: Vec<Report> = (0..12)
        .map(|quarter| {
            let (start, end) = (15 * quarter, 15 * (quarter + 1));
            let here: &[i64] = &[start + 2];
            let name = if [0, 8].contains(&quarter) { "a" } else { "b" };
            report("r", (start, end), &[(name, here)])
        })
        .collect();
    assert_eq!(since(&reports[..1], "a"), (Minute(2), false));
    assert_eq!(since(&reports, "a"), (Minute(122), true));
    assert_eq!(since(&reports, "b"), (Minute(17), false), "it never left for an hour");
}

#[test]
fn once_contributors_were_forgotten_none_is_called_new() {
    let names: Vec<String> = (0..=KEPT_CONTRIBUTORS).map(|n| n.to_string()).collect();
    let crowd: Vec<(&str, &[i64])> = names.iter().map(|name| (name.as_str(), &[3][..])).collect();
    let reports = [
        report("r", (0, 5), &[("a", &[1])]),
        report("r", (0, 5), &crowd),
        report("r", (5, 10), &[("b", &[7])]),
    ];
    assert_eq!(since(&reports[..1], "a"), (Minute(1), false));
    assert_eq!(since(&reports, "b"), (Minute(7), true));
}

#[test]
fn an_hour_of_a_hundred_contributors_is_kept() {
    let mut told = HotKeysByResource::new();
    for minute in 0..300 {
        let names: Vec<String> = (0..3).map(|n| format!("{minute}-{n}")).collect();
        let contributors: Vec<(&str, &[i64])> =
            names.iter().map(|name| (name.as_str(), &[] as &[i64])).collect();
        let mut report = report("r", (minute, minute + 1), &contributors);
        for contributor in &mut report.contributors {
            contributor.points = vec![(Minute(minute), 1.0)];
        }
        report.contributors.push(Contributor {
            keys: key("always"),
            total: 1.0,
            points: vec![(Minute(minute), 1.0)],
        });
        told.tell(orders(), Ok(whole(vec![report])), at(minute));
    }
    let rule = &known(&told).trends[&RuleKind::AccessedKeys];
    assert!((90..=KEPT_CONTRIBUTORS).contains(&rule.contributors.len()));
    let always = known(&told).trend(RuleKind::AccessedKeys, &key("always")).unwrap();
    assert_eq!((always.points.len(), always.first_seen), (60, Minute(0)));
}

#[test]
fn a_rule_that_was_made_anew_begins_anew() {
    let mut told = HotKeysByResource::new();
    told.tell(orders(), Ok(whole(vec![report("r-1", (0, 5), &[("a", &[0])])])), at(1));
    told.tell(orders(), Ok(whole(vec![report("r-2", (9, 14), &[("a", &[12])])])), at(2));
    let trend = known(&told).trend(RuleKind::AccessedKeys, &key("a")).unwrap();
    assert_eq!((trend.first_seen, trend.points.len()), (Minute(12), 1));
}

#[test]
fn a_failure_leaves_the_last_report_and_what_is_disabled_has_none() {
    let mut told = HotKeysByResource::new();
    told.tell(orders(), Ok(whole(vec![report("r", (0, 5), &[("a", &[0])])])), at(1));
    let error = CallError {
        class: ErrorClass::Throttled,
        action: "cloudwatch:GetInsightRuleReport",
        code: None,
        message: String::new(),
    };
    told.tell(orders(), Err(error), at(2));
    assert!(matches!(told.0[&orders()].detail(), Detail::Stale { .. }));
    told.keep_enabled(&[]);
    assert!(told.0.is_empty());
}

#[test]
fn reports_of_so_many_tables_are_kept_and_the_oldest_go() {
    let mut told = HotKeysByResource::new();
    for table in 0..80 {
        told.tell(Resource::table(&format!("t{table}")), Ok(whole(vec![])), at(table));
    }
    assert_eq!(told.0.len(), KEPT_RESOURCES);
    assert!(
        told.0.contains_key(&Resource::table("t79"))
            && !told.0.contains_key(&Resource::table("t0"))
    );
}

#[test]
fn a_rule_that_could_not_be_read_keeps_its_last_report_and_one_that_is_gone_does_not() {
    let accessed = report("r", (0, 5), &[("a", &[0])]);
    let throttled = Report { kind: RuleKind::ThrottledKeys, ..accessed.clone() };
    let mut told = HotKeysByResource::new();
    told.tell(orders(), Ok(whole(vec![throttled.clone(), accessed])), at(1));
    let part = Reports { reports: vec![throttled.clone()], is_whole: false };
    told.tell(orders(), Ok(part), at(2));
    assert_eq!(known(&told).reports().len(), 2);
    told.tell(orders(), Ok(whole(vec![throttled])), at(3));
    assert_eq!(known(&told).reports().len(), 1);
    assert_eq!(known(&told).trend(RuleKind::AccessedKeys, &key("a")), None);
}
