//! What goes wrong with clusters, and what follows.

use super::*;

/// Statuses of the cluster and of its nodes so many minutes after the start.
fn statuses(fleet: &Fleet, after: i64) -> (String, Vec<String>) {
    let clusters = fleet.dax_clusters(fleet.start() + after as f64 * 60.0);
    let nodes = clusters[0].nodes.iter().map(|node| node.status.clone()).collect();
    (clusters[0].status.to_owned(), nodes)
}

fn messages(fleet: &Fleet, after: i64) -> Vec<String> {
    let events = fleet.dax_events(fleet.start() + after as f64 * 60.0);
    events.into_iter().map(|event| event.message).collect()
}

#[test]
fn the_load_of_a_lost_node_goes_to_the_others_and_its_replacement_is_cold() {
    let lost = "[[dax.event]]\nat = -30\nkind = 'node-lost'\nnode = 'b'\nlasts = 20";
    let mut fleet = cached(lost, THROUGH);
    let on = |fleet: &mut Fleet, node| counts(fleet, "GetItemRequestCount", node, -40, 0);
    let (a, b) = (on(&mut fleet, "a"), on(&mut fleet, "b"));
    assert!(a[..10].iter().all(|requests| (requests - 18_000.0).abs() <= 1.0), "{a:?}");
    assert!(a[10..30].iter().all(|requests| (requests - 27_000.0).abs() <= 1.0), "{a:?}");
    assert!(b[10..30].iter().all(|requests| *requests <= 0.0), "{b:?}");
    assert!(b[30..].iter().all(|requests| (requests - 18_000.0).abs() <= 1.0), "{b:?}");
    let silent = |name| data(&mut fleet, name, "b", -30, -10).iter().all(Option::is_none);
    assert!(METRICS.iter().map(|metric| metric.name).all(silent));

    let units = sums(&mut fleet, "ConsumedReadCapacityUnits", TABLE, -40, 20);
    let before = units[9];
    assert!(units[30] > 1.7 * before, "a surge: {units:?}");
    assert!((units[59] / before - 1.0).abs() < 0.02, "and calm again: {units:?}");
    let rates = miss_rates(&mut fleet, "b", -10, 0);
    assert!(rates[0] > 0.6 && rates[9] < 0.25, "{rates:?}");

    let serving = "available".to_owned();
    let of = |status: &str| vec![serving.clone(), status.to_owned(), serving.clone()];
    assert_eq!(statuses(&fleet, -31), (serving.clone(), of("available")));
    assert_eq!(statuses(&fleet, -30), (serving.clone(), of("failed")));
    assert_eq!(statuses(&fleet, -15), ("modifying".to_owned(), of("creating")));
    assert_eq!(statuses(&fleet, -10), (serving.clone(), of("available")));
    assert_eq!(messages(&fleet, -31), ["Cluster created."]);
    let told = ["Recovering node cache-b.", "Cluster created."];
    assert_eq!(messages(&fleet, -28), told);
    assert_eq!(messages(&fleet, 0)[0], "Finished recovery for node cache-b.");
}

#[test]
fn a_restart_keeps_the_cache_and_a_replacement_does_not() {
    let with = |kind: &str| {
        let event = format!("[[dax.event]]\nat = -9\nkind = '{kind}'\nnode = 'c'\nlasts = 4");
        cached(&format!("record_ttl_millis = 0\n{event}"), THROUGH)
    };
    let (mut restarted, mut replaced) = (with("node-rebooted"), with("node-lost"));
    let rates = |fleet: &mut Fleet| miss_rates(fleet, "c", -10, 0);
    let (kept, cold) = (rates(&mut restarted), rates(&mut replaced));
    assert!(kept.iter().all(|rate| *rate < 0.001), "{kept:?}");
    assert!(cold[0] < 0.001 && cold[5] > 0.6, "{cold:?}");
    let (_, nodes) = statuses(&restarted, -9);
    assert_eq!(nodes[2], "REBOOTING");
    assert_eq!(messages(&restarted, 0), ["Node cache-c restarted.", "Cluster created."]);
}

#[test]
fn what_expires_while_a_node_restarts_is_gone() {
    let restart = "[[dax.event]]\nat = -10\nkind = 'node-rebooted'\nnode = 'a'\nlasts = 6";
    let mut fleet = cached(restart, THROUGH);
    let rates = miss_rates(&mut fleet, "a", -11, 0);
    assert!(rates[0] < 0.2 && rates[7] > 0.6, "six minutes are more than five: {rates:?}");
}

#[test]
fn a_cluster_that_is_made_again_is_cold_everywhere() {
    let again = "[[dax.event]]\nat = -9\nkind = 'recreated'\nlasts = 3";
    let mut fleet = cached(again, THROUGH);
    let units = sums(&mut fleet, "ConsumedReadCapacityUnits", TABLE, -12, 60);
    assert!(units[3..6].iter().all(|units| *units <= 0.0), "nobody is served: {units:?}");
    assert!(units[6] > 3.0 * units[0], "{units:?}");
    assert!((units[71] / units[0] - 1.0).abs() < 0.02, "{units:?}");
    assert_eq!(statuses(&fleet, -9).0, "creating");
    assert_eq!(statuses(&fleet, -6).0, "available");
    let told = ["Cluster created.", "Cluster deleted.", "Cluster created."];
    assert_eq!(messages(&fleet, 0), told);
    let nodes = fleet.dax_clusters(fleet.start())[0].nodes.clone();
    assert!(nodes.iter().all(|node| (node.created - (fleet.start() - 360.0)).abs() < 1.0));
}

#[test]
fn a_surge_of_misses_is_throttled_by_a_table_that_was_made_for_hits() {
    let again = "[[dax.event]]\nat = -9\nkind = 'recreated'";
    let mut cold = fleet(&format!(
        "[[dax]]\nname = 'cache'\nnode_type = 'dax.r5.large'\nparameter_group = 'an-hour'
         record_ttl_millis = 3_600_000\nnodes = [{{ zone = 'us-east-1a' }}]\n{again}\n[[table]]\nname = 'ttt'\ncapacity.provisioned = {{ read = 200, write = 5 }}
         [[table.traffic]]\noperation = 'GetItem'\nrate = 4_000\nunits = 0.5\nnoise = 0\ndaily = 0
         dax = {{ cluster = 'cache', distinct = 1_000_000 }}"
    ));
    let refused = sums(&mut cold, "ReadThrottleEvents", TABLE, -20, 0);
    assert!(refused[..11].iter().all(|events| *events <= 0.0), "{refused:?}");
    assert!(refused[11..].iter().any(|events| *events > 0.0), "{refused:?}");
}

#[test]
fn what_exceeds_the_processors_is_throttled_by_the_node() {
    let more = "[[table.traffic.change]]\nat = -10\nfactor = 300\n";
    let through = "dax = { cluster = 'cache', distinct = 1 }\n";
    let mut fleet = cached("", &format!("{through}{more}"));
    let cpu = data(&mut fleet, "CPUUtilization", "", -12, 0);
    let throttled = counts(&mut fleet, "ThrottledRequestCount", "", -12, 0);
    let requests = counts(&mut fleet, "TotalRequestCount", "", -12, 0);
    assert!(cpu[0].unwrap().max < 10.0 && throttled[0] <= 0.0);
    for minute in 2..12 {
        assert!(cpu[minute].unwrap().min > 97.0, "{:?}", cpu[minute]);
        // 90,000 hits a second are asked of each node, and 75,000 are served.
        let share = throttled[minute] / requests[minute];
        assert!((share - 1.0 / 6.0).abs() < 0.001, "{share}");
    }
    for name in ["ErrorRequestCount", "FailedRequestCount"] {
        assert_eq!(counts(&mut fleet, name, "", -12, 0), throttled, "{name}");
    }
    let hits = counts(&mut fleet, "ItemCacheHits", "", -12, 0);
    let misses = counts(&mut fleet, "ItemCacheMisses", "", -12, 0);
    let served = hits[5] + misses[5] + throttled[5];
    assert!((served - requests[5]).abs() < 1e-6, "{served}");
}

#[test]
fn one_node_is_hot_when_the_connections_are_uneven() {
    let skew =
        "connections = 90\n[[dax.event]]\nat = -10\nkind = 'imbalance'\nnode = 'b'\nfactor = 4";
    let mut fleet = cached(skew, THROUGH);
    let on =
        |fleet: &mut Fleet, name, node, at| data(fleet, name, node, at, at + 1)[0].unwrap().max;
    assert!((on(&mut fleet, "ClientConnections", "b", -11) - 30.0).abs() < 1e-9);
    assert!((on(&mut fleet, "ClientConnections", "b", -10) - 60.0).abs() < 1e-9);
    assert!((on(&mut fleet, "ClientConnections", "a", -10) - 15.0).abs() < 1e-9);
    let cpu = |fleet: &mut Fleet, node| on(fleet, "CPUUtilization", node, -1);
    assert!(cpu(&mut fleet, "b") > 1.3 * cpu(&mut fleet, "a"));
    let most = on(&mut fleet, "CPUUtilization", "", -1);
    assert!((most - cpu(&mut fleet, "b")).abs() < 1e-9, "the cluster's maximum is its worst node");
}

#[test]
fn internal_errors_are_faults_and_reach_no_table() {
    let faults = "[[dax.event]]\nat = -5\nkind = 'faults'\nshare = 0.1\nlasts = 2";
    let mut fleet = cached(faults, "dax = { cluster = 'cache', share = 1, distinct = 1 }");
    let found = counts(&mut fleet, "FaultRequestCount", "", -7, 0);
    assert!(found.iter().enumerate().all(|(at, all)| (*all > 0.0) == (2..4).contains(&at)));
    assert!((found[2] - 5_400.0).abs() <= 3.0, "{found:?}");
    assert_eq!(counts(&mut fleet, "FailedRequestCount", "", -7, 0), found);
    assert!(counts(&mut fleet, "ErrorRequestCount", "", -7, 0).iter().all(|all| *all <= 0.0));
}

#[test]
fn a_burstable_node_of_the_standard_mode_slows_down_without_credits() {
    let with = |node_type: &str| {
        let mut fleet = fleet(&format!(
            "[[dax]]\nname = 'cache'\nnode_type = '{node_type}'\nnodes = [{{ zone = 'us-east-1a' }}]
             {}\nrate = 27_000\ndax = {{ cluster = 'cache', distinct = 1 }}",
            table("").replace("rate = 900\n", "")
        ));
        let throttled = counts(&mut fleet, "ThrottledRequestCount", "", -5, 0);
        let last = |fleet: &mut Fleet, name| {
            data(fleet, name, "a", -20, 0).into_iter().flatten().last().map(|datum| datum.max)
        };
        let surplus = last(&mut fleet, "CPUSurplusCreditBalance");
        (throttled[0], last(&mut fleet, "CPUCreditBalance"), surplus)
    };
    let (throttled, _, surplus) = with("dax.t2.small");
    assert!(throttled > 500_000.0 && surplus.is_none(), "{throttled}, {surplus:?}");
    let (throttled, balance, surplus) = with("dax.t3.small");
    assert!(throttled <= 0.0 && balance.is_none(), "{throttled}, {balance:?}");
    assert!(surplus.is_some_and(|surplus| surplus > 0.0), "{surplus:?}");
}
