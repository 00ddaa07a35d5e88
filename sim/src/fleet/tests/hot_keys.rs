//! What Contributor Insights tells of the shipped scenarios, for a day.

use super::*;

/// The first contributor of a rule over some minutes, its value and the whole; `None` if there is none.
fn first(
    fleet: &mut Fleet,
    (code, resource): (&str, &str),
    (from, until): (i64, i64),
) -> Option<(String, f64, f64)> {
    let start = minute_of(fleet.start());
    let prefix = format!("DynamoDBContributorInsights-{code}-{resource}-");
    let now = (start + until + 5) as f64 * 60.0;
    let rules = fleet.insight_rules(now);
    let is_asked =
        |name: &str| name.strip_prefix(&prefix).is_some_and(|since| since.parse::<u64>().is_ok());
    let rule = rules.into_iter().find(|rule| is_asked(&rule.name)).expect("a rule");
    let report = fleet.insight_report(&rule.name, start + from..start + until, now).unwrap();
    let mut sums = BTreeMap::<Contributor, f64>::new();
    for (contributor, value) in report.minutes.iter().flat_map(|minute| &minute.contributors) {
        *sums.entry(*contributor).or_default() += value;
    }
    let whole = report.minutes.iter().map(|minute| minute.aggregate).sum();
    let (contributor, value) = sums.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some((report.values(contributor).join(" "), value, whole))
}

/// What one partition serves in ten minutes.
const FULL: f64 = 1_800_000.0;

fn shipped(name: &str, seed: u64) -> Fleet {
    Fleet::new(&Scenario::named(name).unwrap(), seed, None)
}

#[test]
fn an_item_that_is_read_too_much_fills_its_partition_and_is_refused_the_rest() {
    for seed in [1, 2, 3] {
        let mut fleet = shipped("hot-key-read", seed);
        for hour in 0..=24 {
            let span = (hour * 60 - 10, hour * 60);
            let (key, units, _) = first(&mut fleet, ("PKC", "catalog"), span).unwrap();
            assert_eq!(key, "PRODUCT#70418");
            assert!((0.93 * FULL..=FULL).contains(&units), "{seed} after {hour} h: {units}");
            let (key, events, whole) = first(&mut fleet, ("PKT", "catalog"), span).unwrap();
            assert_eq!(key, "PRODUCT#70418");
            assert!(events > 0.9 * whole, "{seed} after {hour} h: {events} of {whole}");
            assert_eq!(first(&mut fleet, ("PKT", "reviews"), span), None);
        }
        let (before, ..) = first(&mut fleet, ("PKC", "catalog"), (-60, -50)).unwrap_or_default();
        assert_ne!(before, "PRODUCT#70418");
    }
}

#[test]
fn the_hot_key_of_an_index_is_among_its_accessed_keys_alone() {
    for seed in [1, 2, 3] {
        let mut fleet = shipped("hot-key-gsi", seed);
        for hour in [0, 1, 9, 24] {
            let span = (hour * 60 - 9, hour * 60);
            let (key, units, whole) = first(&mut fleet, ("PKC", "orders-by-status"), span).unwrap();
            assert_eq!(key, "STATUS#PENDING");
            assert!(units > 0.65 * whole, "{seed} after {hour} h: {units} of {whole}");
            assert_eq!(first(&mut fleet, ("PKT", "orders-by-status"), span), None);
            assert_eq!(first(&mut fleet, ("PKT", "orders"), span), None);
            let (_, units, whole) = first(&mut fleet, ("PKC", "orders"), span).unwrap();
            assert!(units < 0.01 * whole, "{seed} after {hour} h: {units} of {whole}");
        }
    }
}

#[test]
fn a_rolling_hot_key_is_another_one_every_five_minutes() {
    let mut fleet = shipped("rolling-hot-key", 1);
    for hour in 0..=24 {
        let turns = [hour * 60, hour * 60 + 5, hour * 60 + 10];
        let keys = turns.map(|turn| {
            let (key, events, whole) =
                first(&mut fleet, ("PKT", "bids"), (turn, turn + 5)).unwrap();
            assert!(events > 0.9 * whole, "after {turn} min: {events} of {whole}");
            assert_eq!(first(&mut fleet, ("PKC", "bids"), (turn, turn + 5)).unwrap().0, key);
            key
        });
        assert!(keys[0] != keys[1] && keys[1] != keys[2], "after {hour} h: {keys:?}");
        let (_, events, whole) =
            first(&mut fleet, ("PKT", "bids"), (hour * 60, hour * 60 + 15)).unwrap();
        assert!(events < 0.5 * whole, "after {hour} h: {events} of {whole}");
    }
}
