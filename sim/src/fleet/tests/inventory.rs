//! What the shipped scenarios say is set up around their tables.

use super::*;
use crate::facts::{Billing, DaxCluster, Dimension, InsightsStatus};

fn shipped(name: &str) -> Fleet {
    Fleet::new(&Scenario::named(name).unwrap(), 1, None)
}

/// Where Contributor Insights is on or failed, as `table` or `table/index`.
fn insights(fleet: &Fleet) -> Vec<String> {
    let states =
        fleet.insights(None, fleet.start()).into_iter().filter(|state| state.insights.is_some());
    states
        .map(|state| match state.index {
            Some(index) => format!("{}/{index}", state.table),
            None => state.table,
        })
        .collect()
}

/// The table, index and dimension of each scalable target.
fn targets(fleet: &mut Fleet) -> Vec<(String, Option<String>, Dimension)> {
    let start = fleet.start();
    let states = fleet.scaling(start).into_iter();
    states.map(|state| (state.table, state.index, state.dimension)).collect()
}

#[test]
fn the_misconfigured_fleet_is_wrong_in_what_its_header_says_and_in_nothing_else() {
    let mut fleet = shipped("misconfigured");
    let target = |table: &str, index: Option<&str>, dimension| {
        (table.to_owned(), index.map(str::to_owned), dimension)
    };
    let (read, write) = (Dimension::Read, Dimension::Write);
    assert_eq!(
        targets(&mut fleet),
        [
            target("accounts", None, read),
            target("accounts", None, write),
            target("accounts", Some("by-email"), read),
            target("accounts", Some("by-email"), write),
            target("catalog", None, read),
            target("orders", None, read),
        ]
    );
    let now = fleet.start();
    let orders = fleet.table("orders", now).unwrap();
    assert!(matches!(orders.throughput.billing, Billing::OnDemand { .. }));
    assert_eq!(orders.indexes.len(), 3);
    let of_orders = |activity: &Activity| activity.table == "orders";
    assert!(!fleet.activities(now).iter().any(of_orders), "its target is inert");

    assert_eq!(insights(&fleet), ["accounts", "accounts/by-email", "orders"]);
    let lean = |table| fleet.insights(Some(table), now)[0].insights.unwrap().throttled_only;
    assert!(lean("accounts") && !lean("orders"));

    let mappings = fleet.event_source_mappings(now);
    let settings: Vec<_> = mappings.iter().map(|mapping| mapping.settings).collect();
    let [good, bad] = settings[..] else { panic!("{settings:?}") };
    assert!(good.on_failure.is_some() && good.bisect && good.partial_batch && good.event_count);
    assert!(bad.on_failure.is_some() && !bad.bisect && !bad.partial_batch);
    assert_eq!((bad.maximum_retry_attempts, bad.starting_position.name()), (3, "LATEST"));

    let clusters = fleet.dax_clusters(now);
    let zones = |cluster: &DaxCluster<'_>| {
        cluster.settings.nodes.iter().map(|node| node.zone.clone()).collect::<Vec<_>>()
    };
    let zones: Vec<_> = clusters.iter().map(zones).collect();
    assert_eq!(zones, [["us-east-1a", "us-east-1a"]]);
}

#[test]
fn in_the_incident_throttled_keys_are_watched_where_it_is_hot() {
    let fleet = shipped("incident");
    let watched = insights(&fleet);
    for hot in ["orders/GSI2", "clickstream", "sessions", "product-catalog/by-category"] {
        assert!(watched.iter().any(|name| name == hot), "{hot}: {watched:?}");
    }
    let states = fleet.insights(None, fleet.start());
    assert!(
        states
            .iter()
            .filter_map(|state| state.insights)
            .all(|i| i.throttled_only || i.status == InsightsStatus::Failed)
    );
    let clusters = fleet.dax_clusters(fleet.start());
    let zones: std::collections::HashSet<_> =
        clusters[0].settings.nodes.iter().map(|node| &node.zone).collect();
    assert_eq!((clusters.len(), zones.len()), (1, 3));
}

#[test]
fn a_fleet_that_is_cut_has_the_set_up_of_the_tables_that_are_left() {
    let cut = |tables| Fleet::new(&Scenario::named("incident").unwrap(), 1, Some(tables));
    let of = |fleet: &Fleet| -> Vec<String> {
        fleet
            .event_source_mappings(fleet.start())
            .iter()
            .map(|mapping| mapping.table.to_owned())
            .collect()
    };
    assert_eq!(of(&cut(1)), ["orders", "orders"]);
    assert_eq!(of(&cut(300)), of(&shipped("incident")));
}
