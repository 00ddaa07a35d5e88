//! Tests of the laws: each builds a small fleet from TOML and looks at what follows.

mod hot_keys;
mod inventory;
mod laws;
mod operations;
mod scaling;
mod shipped;
mod streams;
mod writes;

use super::*;

/// A fleet of one scenario text; `tables` follows the start.
pub(super) fn fleet(tables: &str) -> Fleet {
    let toml = format!("start = '2026-11-22T12:00:00Z'\nlate_share = 0.0\n{tables}");
    Fleet::new(&Scenario::parse("test", &toml).unwrap(), 1, None)
}

fn dims(dimensions: &[(&str, &str)]) -> Vec<(String, String)> {
    dimensions.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// The settled sums of a metric, one per minute from `from` to `until` relative to the start;
/// absent minutes are 0.
pub(super) fn sums(
    fleet: &mut Fleet,
    metric: &str,
    of: &[(&str, &str)],
    from: i64,
    until: i64,
) -> Vec<f64> {
    let start = minute_of(fleet.start());
    let range = start + from..start + until;
    let now = (range.end + 5) as f64 * 60.0;
    let data = fleet.series(metric, &dims(of), range.clone(), now).expect("a known metric");
    let at = |minute| data.iter().find(|datum| datum.minute == minute).map_or(0.0, |d| d.sum);
    range.map(at).collect()
}

fn total(fleet: &mut Fleet, metric: &str, of: &[(&str, &str)], from: i64, until: i64) -> f64 {
    sums(fleet, metric, of, from, until).iter().sum()
}

/// The table named `t`, as the tests name theirs.
pub(super) const TABLE: &[(&str, &str)] = &[("TableName", "ttt")];
const INDEX: &[(&str, &str)] = &[("TableName", "ttt"), ("GlobalSecondaryIndexName", "GSI1")];
