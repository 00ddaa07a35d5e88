//! The rules for DAX clusters and for what goes through them.

use std::collections::{HashMap, HashSet};

use super::{amount, share};
use crate::fleet::{DAX, Hardware};
use crate::scenario::spec::alarms::SignalSpec;
use crate::scenario::spec::dax::{
    DEFAULT_PARAMETER_GROUP, DEFAULT_TTL_MILLIS, DaxEventKind, DaxEventSpec, DaxSpec,
};
use crate::scenario::spec::{Operation, ScenarioSpec, TrafficSpec};

/// Nodes of one cluster, and of all in an account and Region ("Service, account, and table quotas in Amazon
/// DynamoDB").
const MAX_NODES: usize = 11;
const MAX_NODES_OF_ACCOUNT: usize = 50;

/// Checks what a scenario says of DAX.
pub(super) fn check(spec: &ScenarioSpec) -> Result<(), String> {
    let nodes: usize = spec.clusters.iter().map(|cluster| cluster.nodes.len()).sum();
    if nodes > MAX_NODES_OF_ACCOUNT {
        return Err(format!("{nodes} DAX nodes, an account may have {MAX_NODES_OF_ACCOUNT}"));
    }
    let mut names = HashSet::new();
    for cluster in &spec.clusters {
        if !names.insert(cluster.name.to_lowercase()) {
            return Err(format!("two DAX clusters are named `{}`", cluster.name));
        }
        check_cluster(cluster, &spec.account.region)
            .map_err(|problem| format!("DAX cluster `{}`: {problem}", cluster.name))?;
    }
    check_groups(&spec.clusters)?;
    for table in &spec.tables {
        let through = table.traffic.iter().filter_map(|traffic| traffic.through.as_ref());
        let mut wanted = through.map(|through| through.cluster.to_lowercase());
        if let Some(unknown) = wanted.find(|name| !names.contains(name)) {
            return Err(format!("table `{}`: no DAX cluster is named `{unknown}`", table.name));
        }
    }
    Ok(())
}

/// A parameter group says the same to all of its clusters, and the default one cannot be changed (API
/// reference, `UpdateParameterGroup`).
fn check_groups(clusters: &[DaxSpec]) -> Result<(), String> {
    let mut groups = HashMap::new();
    for cluster in clusters {
        let name = cluster.parameter_group.as_str();
        let ttl = (cluster.record_ttl_millis, cluster.query_ttl_millis);
        let default = (DEFAULT_TTL_MILLIS, DEFAULT_TTL_MILLIS);
        let changes = |event: &DaxEventSpec| event.kind == DaxEventKind::TimeToLive;
        let is_changed = cluster.events.iter().any(changes);
        if name == DEFAULT_PARAMETER_GROUP && (ttl != default || is_changed) {
            return Err(format!("DAX parameter group `{name}`: it cannot be changed"));
        }
        let known = groups.insert(name, (ttl, is_changed));
        if known.is_some_and(|known| known.0 != ttl || known.1 || is_changed) {
            return Err(format!("DAX parameter group `{name}`: it says different things"));
        }
    }
    Ok(())
}

/// The rules for the name are those of the API reference, `CreateCluster`.
fn check_cluster(cluster: &DaxSpec, region: &str) -> Result<(), String> {
    let name = &cluster.name;
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let hyphens = name.ends_with('-') || name.contains("--");
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if name.len() > 20 || !begins || hyphens || !name.chars().all(allowed) {
        return Err("the name must have 1 to 20 letters, digits or single hyphens inside".into());
    }
    if !(1..=MAX_NODES).contains(&cluster.nodes.len()) {
        return Err(format!("it must have 1 to {MAX_NODES} nodes"));
    }
    if Hardware::of(&cluster.node_type).is_none() {
        return Err(format!("`{}` is no node type", cluster.node_type));
    }
    if let Some(node) = cluster.nodes.iter().find(|node| !node.zone.starts_with(region)) {
        return Err(format!("zone `{}` is not in {region}", node.zone));
    }
    amount("connections", cluster.connections)?;
    cluster.events.iter().try_for_each(|event| check_event(event, cluster.nodes.len()))
}

fn check_event(event: &DaxEventSpec, nodes: usize) -> Result<(), String> {
    let letters = (b'a'..).map(char::from).take(nodes);
    if event.node.is_some_and(|letter| !letters.clone().any(|known| known == letter)) {
        return Err(format!("it has no node `{}`", event.node.unwrap_or_default()));
    }
    let needs_node = match event.kind {
        DaxEventKind::NodeLost | DaxEventKind::NodeRebooted | DaxEventKind::Imbalance => true,
        DaxEventKind::Recreated | DaxEventKind::Faults | DaxEventKind::TimeToLive => false,
    };
    if needs_node && event.node.is_none() {
        return Err("an event of a node needs a `node`".into());
    }
    match (event.kind, event.factor, event.share) {
        (DaxEventKind::Imbalance, Some(factor), None) => amount("factor", factor),
        (DaxEventKind::Imbalance, ..) => Err("an imbalance needs a `factor`".into()),
        (DaxEventKind::Faults, None, Some(faulty)) => share("share", faulty),
        (DaxEventKind::Faults, ..) => Err("faults need a `share`".into()),
        (_, None, None) => check_times(event),
        (..) => Err("only an imbalance has a `factor`, and only faults have a `share`".into()),
    }
}

fn check_times(event: &DaxEventSpec) -> Result<(), String> {
    let sets = event.record_ttl_millis.is_some() || event.query_ttl_millis.is_some();
    if event.needs_reboot && !sets {
        return Err("only times to live wait for a reboot".into());
    }
    match (event.kind == DaxEventKind::TimeToLive, sets) {
        (true, false) => Err("a change of the times to live needs one".into()),
        (false, true) => Err("only `time-to-live` sets times to live".into()),
        (true, true) | (false, false) => Ok(()),
    }
}

/// Checks a source of traffic that goes through a cluster.
pub(super) fn check_traffic(traffic: &TrafficSpec) -> Result<(), String> {
    let Some(through) = &traffic.through else { return Ok(()) };
    share("dax.share", through.share)?;
    amount("dax.item_bytes", through.item_bytes)?;
    if through.distinct == Some(0) {
        return Err("`dax.distinct` must be 1 or more".into());
    }
    if traffic.operation.is_transaction() {
        return Err("what DAX makes of transactions is not simulated".into());
    }
    if traffic.blips.is_some() {
        return Err("a source that goes through DAX has no `blips`".into());
    }
    if traffic.operation == Operation::Scan && traffic.keys.hot_share > 0.0 {
        return Err("a scan has no hot key".into());
    }
    Ok(())
}

/// Refuses a scripted metric of a cluster whose own metrics follow from what goes through it.
pub(super) fn check_signal(signal: &SignalSpec, spec: &ScenarioSpec) -> Result<(), String> {
    let cluster = signal.dimensions.get("ClusterId").filter(|_| signal.namespace == DAX);
    let is_it = |id: &&String| spec.clusters.iter().any(|cluster| cluster.id() == **id);
    match cluster.filter(is_it) {
        Some(id) => Err(format!("the DAX cluster `{id}` publishes its own metrics")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::Scenario;

    /// What is wrong with a scenario; nothing if it is accepted.
    fn problem(toml: &str) -> String {
        let toml = format!("start = '2026-11-22T12:00:00Z'\n{toml}");
        Scenario::parse("test", &toml).err().map(|error| error.to_string()).unwrap_or_default()
    }

    const NODE: &str = "{ zone = 'us-east-1a' }";

    fn named(name: &str, nodes: &str) -> String {
        format!("[[dax]]\nname = '{name}'\nnode_type = 'dax.r5.large'\nnodes = [{nodes}]\n")
    }

    #[test]
    fn a_dax_cluster_that_cannot_be_is_refused() {
        assert_eq!(problem(&named("Cache-1", NODE)), "");
        let (eleven, twelve) = ([NODE; 11].join(", "), [NODE; 12].join(", "));
        assert_eq!(problem(&named("cache", &eleven)), "");
        let five: String = (0..5).map(|number| named(&format!("c{number}"), &eleven)).collect();
        let table = [
            (named("1cache", NODE), "the name must have"),
            (named("cache--1", NODE), "the name must have"),
            (named("a-name-that-is-too-long", NODE), "the name must have"),
            (named("cache", ""), "1 to 11 nodes"),
            (named("cache", &twelve), "1 to 11 nodes"),
            (five, "55 DAX nodes, an account may have 50"),
            (named("cache", "{ zone = 'eu-west-1a' }"), "zone `eu-west-1a` is not in us-east-1"),
            (named("cache", NODE) + &named("CACHE", NODE), "two DAX clusters are named `CACHE`"),
            (named("cache", NODE).replace("r5", "r9"), "`dax.r9.large` is no node type"),
        ];
        for (toml, expected) in table {
            let found = problem(&toml);
            assert!(found.contains(expected), "{toml}: {found}");
        }
    }

    #[test]
    fn an_event_without_what_it_needs_is_refused() {
        let with = |event: &str| {
            let cluster = named("cache", NODE) + "parameter_group = 'own'\n";
            problem(&format!("{cluster}[[dax.event]]\nat = 0\n{event}"))
        };
        let table = [
            ("kind = 'node-lost'", "needs a `node`"),
            ("kind = 'node-rebooted'\nnode = 'b'", "it has no node `b`"),
            ("kind = 'imbalance'\nnode = 'a'", "needs a `factor`"),
            ("kind = 'faults'", "faults need a `share`"),
            ("kind = 'faults'\nshare = 1.5", "`share` must be from 0 to 1"),
            ("kind = 'recreated'\nfactor = 2", "only an imbalance"),
            ("kind = 'time-to-live'", "needs one"),
            ("kind = 'recreated'\nquery_ttl_millis = 1", "only `time-to-live`"),
            ("kind = 'melted'", "melted"),
        ];
        for (event, expected) in table {
            let found = with(event);
            assert!(found.contains(expected), "{event}: {found}");
        }
        assert_eq!(with("kind = 'node-lost'\nnode = 'a'\nlasts = 9"), "");
        assert_eq!(with("kind = 'time-to-live'\nrecord_ttl_millis = 9"), "");
    }

    #[test]
    fn a_parameter_group_says_one_thing_and_the_default_one_nothing_else() {
        let own =
            |name: &str, more: &str| named(name, NODE) + "parameter_group = 'own'\n" + more + "\n";
        assert_eq!(problem(&(own("a", "") + &own("b", ""))), "");
        let table = [
            (named("a", NODE) + "record_ttl_millis = 1", "it cannot be changed"),
            (own("a", "") + &own("b", "query_ttl_millis = 1"), "it says different things"),
        ];
        for (toml, expected) in table {
            let found = problem(&toml);
            assert!(found.contains(expected), "{toml}: {found}");
        }
    }

    #[test]
    fn traffic_goes_through_a_cluster_that_is_there_and_can_take_it() {
        let with = |operation: &str, more: &str| {
            problem(&format!(
                "{}[[table]]\nname = 'abc'\n[[table.traffic]]\noperation = '{operation}'\nrate = 1\n{more}",
                named("cache", NODE)
            ))
        };
        assert_eq!(with("GetItem", "dax = { cluster = 'CACHE', share = 0.5 }"), "");
        let table = [
            ("GetItem", "dax = { cluster = 'other' }", "no DAX cluster is named `other`"),
            ("GetItem", "dax = { cluster = 'cache', share = 2 }", "`dax.share` must be"),
            ("GetItem", "dax = { cluster = 'cache', distinct = 0 }", "`dax.distinct` must be"),
            ("TransactGetItems", "dax = { cluster = 'cache' }", "transactions is not simulated"),
            (
                "GetItem",
                "dax = { cluster = 'cache' }\nblips = { every = 5, requests = 9 }",
                "no `blips`",
            ),
        ];
        for (operation, more, expected) in table {
            let found = with(operation, more);
            assert!(found.contains(expected), "{more}: {found}");
        }
        let signal = "[[signal]]\nnamespace = 'AWS/DAX'\nmetric = 'M'\nvalue = 1\n\
                      dimensions = { ClusterId = 'cache' }\n";
        let found = problem(&(named("cache", NODE) + signal));
        assert!(found.contains("publishes its own metrics"), "{found}");
    }
}
