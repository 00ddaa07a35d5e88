//! What rules count, held against the arithmetic of popularity and against the published metrics.

use super::*;
use crate::scenario::Scenario;

fn fleet(tables: &str) -> Fleet {
    let toml = format!("start = '2026-11-22T12:00:00Z'\nlate_share = 0.0\n{tables}");
    Fleet::new(&Scenario::parse("test", &toml).unwrap(), 1, None)
}

/// Traffic without daily curve and noise.
fn steady(operation: &str, rate: u32, more: &str) -> String {
    format!(
        "[[table.traffic]]\noperation = '{operation}'\nrate = {rate}\ndaily = 0\nnoise = 0\njitter = 0\n{more}\n"
    )
}

fn rule(fleet: &Fleet, code: &str, table: &str) -> String {
    let prefix = format!("DynamoDBContributorInsights-{code}-{table}-1");
    let rules = fleet.insight_rules(fleet.start());
    rules.into_iter().find(|rule| rule.name.starts_with(&prefix)).expect("a rule").name
}

/// What a rule counted from `from` to `until` minutes after the start: contributors by value, and the whole.
fn read(
    fleet: &mut Fleet,
    (code, table): (&str, &str),
    (from, until): (i64, i64),
) -> (Vec<(Vec<String>, f64)>, f64) {
    let start = minute_of(fleet.start());
    let rule = rule(fleet, code, table);
    let now = (start + until + 5) as f64 * 60.0;
    let report = fleet.insight_report(&rule, start + from..start + until, now).unwrap();
    let mut sums: BTreeMap<Contributor, f64> = BTreeMap::new();
    for minute in &report.minutes {
        for (contributor, value) in &minute.contributors {
            *sums.entry(*contributor).or_default() += value;
        }
    }
    let mut found: Vec<_> =
        sums.into_iter().map(|(one, value)| (report.values(one), value)).collect();
    found.sort_by(|one, other| other.1.total_cmp(&one.1));
    (found, report.minutes.iter().map(|minute| minute.aggregate).sum())
}

fn published(fleet: &mut Fleet, metric: &str, of: &[(&str, &str)], span: (i64, i64)) -> f64 {
    let start = minute_of(fleet.start());
    let of: Vec<_> = of.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let now = (start + span.1 + 5) as f64 * 60.0;
    let data = fleet.series(metric, &of, start + span.0..start + span.1, now).unwrap();
    data.iter().map(|datum| datum.sum).sum()
}

const INSIGHTS: &str = "contributor_insights = 'accessed-and-throttled'";
const AMPLE: &str = "capacity.provisioned = { read = 20_000, write = 20_000 }";

#[test]
fn a_hot_key_has_its_share_of_three_write_units_and_one_read_unit_each() {
    let mut fleet = fleet(&format!(
        "[[table]]\nname = 'ttt'\n{INSIGHTS}\n{AMPLE}\n{}{}",
        steady("PutItem", 500, "units = 2\nkeys = { hot_share = 0.4 }"),
        steady("GetItem", 900, "units = 0.5\nkeys = { hot_share = 0.2 }"),
    ));
    let (found, whole) = read(&mut fleet, ("PKC", "ttt"), (-30, -20));
    let hot = 10.0 * 60.0 * (3.0 * 500.0 * 2.0 * 0.4 + 900.0 * 0.5 * 0.2);
    assert!((found[0].1 - hot).abs() < 1e-6 * hot, "{} of {hot}", found[0].1);
    assert!(found[1].1 < hot / 100.0, "{:?}", found[1]);
    let table = [("TableName", "ttt")];
    let read = published(&mut fleet, "ConsumedReadCapacityUnits", &table, (-30, -20));
    let write = published(&mut fleet, "ConsumedWriteCapacityUnits", &table, (-30, -20));
    assert!((whole - 3.0 * write - read).abs() < 1e-6 * whole, "{whole}");
}

#[test]
fn a_throttled_hot_key_keeps_a_partition_and_has_every_refusal() {
    let mut fleet = fleet(&format!(
        "[[table]]\nname = 'ttt'\n{INSIGHTS}\n{AMPLE}\n{}{}",
        steady("PutItem", 1_900, "keys = { hot_share = 1.0 }\nretries = 0.2"),
        steady("PutItem", 400, "keys = { count = 400_000 }"),
    ));
    let table = [("TableName", "ttt")];
    let span = (-30, -20);
    let (accessed, _) = read(&mut fleet, ("PKC", "ttt"), span);
    let full = 180_000.0 * 10.0;
    assert!((0.9 * full..=full).contains(&accessed[0].1), "{:?}", accessed[0]);
    let (throttled, whole) = read(&mut fleet, ("PKT", "ttt"), span);
    assert_eq!(throttled[0].0, accessed[0].0);
    let events = published(&mut fleet, "WriteThrottleEvents", &table, span);
    assert!((whole - events).abs() < 1e-6, "{whole} of {events}");
    assert!(throttled[0].1 > 0.9 * events, "{:?} of {events}", throttled[0]);
    let told: f64 = throttled.iter().map(|(_, value)| value).sum();
    assert!(told <= events + 10.0, "{told} of {events}");
}

#[test]
fn stepping_every_minute_counts_the_same_as_the_closed_form() {
    let tables = format!(
        "[[table]]\nname = 'ttt'\n{INSIGHTS}\n{AMPLE}\n{}",
        steady("PutItem", 700, "keys = { hot_share = 0.3, zipf = 0.9 }"),
    );
    let mut found = [false, true].map(|always_step| {
        let mut fleet = fleet(&tables);
        fleet.tables.get_mut("ttt").unwrap().always_step = always_step;
        read(&mut fleet, ("PKC", "ttt"), (-10, -5))
    });
    let (stepped, calm) = (found[1].clone(), std::mem::take(&mut found[0]));
    assert!((stepped.1 - calm.1).abs() < 1.0);
    for (one, other) in stepped.0.iter().zip(&calm.0).take(10) {
        assert_eq!(one.0, other.0);
        assert!((one.1 - other.1).abs() <= 5.0, "{one:?} {other:?}");
    }
}

#[test]
fn writes_that_an_index_throttles_are_not_measured_and_its_reads_are() {
    let index = |provisioned: &str| {
        format!(
            "[[table.index]]\nname = 'by-day'\nkey_schema = ['day']\n{INSIGHTS}\ncapacity.provisioned = {provisioned}"
        )
    };
    let mut writes = fleet(&format!(
        "[[table]]\nname = 'ttt'\n{INSIGHTS}\n{AMPLE}\n{}\n{}",
        index("{ read = 100, write = 50 }"),
        steady("PutItem", 300, ""),
    ));
    let of = [("TableName", "ttt"), ("GlobalSecondaryIndexName", "by-day")];
    assert!(published(&mut writes, "WriteThrottleEvents", &of, (-30, -20)) > 0.0);
    assert!(read(&mut writes, ("PKT", "ttt-by-day"), (-30, -20)).0.is_empty());
    assert!(read(&mut writes, ("PKT", "ttt"), (-30, -20)).0.is_empty());
    let (_, whole) = read(&mut writes, ("PKC", "ttt-by-day"), (-30, -20));
    let units = published(&mut writes, "ConsumedWriteCapacityUnits", &of, (-30, -20));
    assert!((whole - 3.0 * units).abs() < 1e-6 * whole, "{whole} of 3 x {units}");

    let mut reads = fleet(&format!(
        "[[table]]\nname = 'ttt'\n{AMPLE}\n{}\n{}",
        index("{ read = 100, write = 50 }"),
        steady("Query", 300, "index = 'by-day'\nkeys = { hot_share = 0.5 }"),
    ));
    let (found, whole) = read(&mut reads, ("PKT", "ttt-by-day"), (-30, -20));
    let events = published(&mut reads, "ReadThrottleEvents", &of, (-30, -20));
    assert!((whole - events).abs() < 1e-6 && events > 0.0, "{whole} of {events}");
    assert!((found[0].1 / whole - 0.5).abs() < 0.01, "{:?} of {whole}", found[0]);
}

#[test]
fn pairs_share_out_their_partition_key_and_know_no_queries() {
    let mut fleet = fleet(&format!(
        "[[table]]\nname = 'ttt'\nkey_schema = ['PK', 'SK']\n{INSIGHTS}\n{AMPLE}\n{}{}",
        steady("PutItem", 100, "keys = { hot_share = 0.5, sort_keys = 2 }"),
        steady("Query", 500, "keys = { hot_share = 0.5, sort_keys = 2 }"),
    ));
    let (pairs, whole) = read(&mut fleet, ("SKC", "ttt"), (-30, -20));
    assert!((whole - 10.0 * 60.0 * 300.0).abs() < 1e-6 * whole, "{whole}");
    let key = whole * 0.5;
    assert!((pairs[0].1 - key * 2.0 / 3.0).abs() < 1.0, "{:?}", pairs[0]);
    assert!((pairs[1].1 - key / 3.0).abs() < 1.0, "{:?}", pairs[1]);
    assert_eq!(pairs[0].0[0], pairs[1].0[0]);
    assert_ne!(pairs[0].0[1], pairs[1].0[1]);
    let (keys, _) = read(&mut fleet, ("PKC", "ttt"), (-30, -20));
    assert_eq!(keys[0].0, pairs[0].0[..1]);
}

#[test]
fn data_begin_with_the_rule_and_are_gone_with_it() {
    let mut fleet =
        fleet(&format!("[[table]]\nname = 'ttt'\n{AMPLE}\n{}", steady("PutItem", 100, "")));
    let start = fleet.start();
    fleet.watch("ttt", None, Some(false), start + 30.0).unwrap();
    let minutes = |fleet: &mut Fleet, rule: &str, after: i64| {
        let start = minute_of(start);
        let now = (start + after + 5) as f64 * 60.0;
        let report = fleet.insight_report(rule, start - 60..start + after, now);
        report.map(|report| report.minutes.iter().map(|one| one.minute - start).collect::<Vec<_>>())
    };
    let first = fleet.insight_rules(start + 40.0)[0].name.clone();
    assert_eq!(minutes(&mut fleet, &first, 4), Some(vec![1, 2, 3]));
    fleet.watch("ttt", None, None, start + 300.0).unwrap();
    assert_eq!(minutes(&mut fleet, &first, 6), None, "the rule is gone");
    fleet.watch("ttt", None, Some(false), start + 600.0).unwrap();
    let second = fleet.insight_rules(start + 610.0)[0].name.clone();
    assert_ne!(first, second);
    assert_eq!(minutes(&mut fleet, &second, 13), Some(vec![10, 11, 12]));
}

#[test]
fn a_change_of_mode_keeps_the_history_of_throttles_alone() {
    let mut fleet = fleet(&format!(
        "[[table]]\nname = 'ttt'\n{INSIGHTS}\ncapacity.provisioned = {{ read = 5, write = 50 }}\n{}",
        steady("PutItem", 100, "")
    ));
    let start = fleet.start();
    let before = rule(&fleet, "PKT", "ttt");
    fleet.watch("ttt", None, Some(true), start + 5.0).unwrap();
    let rules: Vec<String> =
        fleet.insight_rules(start + 10.0).into_iter().map(|rule| rule.name).collect();
    assert_eq!(rules, [before]);
    assert!(!read(&mut fleet, ("PKT", "ttt"), (-10, 0)).0.is_empty());
    fleet.watch("ttt", None, Some(false), start + 600.0).unwrap();
    let accessed = fleet.insight_rules(start + 610.0)[0].name.clone();
    let first = minute_of(start);
    let report = fleet.insight_report(&accessed, first..first + 15, start + 1_200.0).unwrap();
    assert_eq!(report.minutes[0].minute, first + 10);
}

#[test]
fn the_same_seed_counts_the_same_keys_whatever_is_asked_before() {
    let tables = format!(
        "[[table]]\nname = 'ttt'\n{INSIGHTS}\n{AMPLE}\n{}",
        steady("PutItem", 1_300, "keys = { hot_share = 0.8, zipf = 0.5 }"),
    );
    let (mut one, mut other) = (fleet(&tables), fleet(&tables));
    read(&mut other, ("PKT", "ttt"), (-200, -190));
    assert_eq!(
        read(&mut one, ("PKC", "ttt"), (-10, 0)),
        read(&mut other, ("PKC", "ttt"), (-10, 0))
    );
}
