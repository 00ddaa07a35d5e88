//! AWS's quotas of calls a second, kept by the simulator's door: the pollers never meet one.

use super::*;
use ddbtop_sim::wire::Service;

/// So many tables whose hottest item is read too much, with an index, all of whose keys are counted; each with a
/// function that reads its stream.
fn hot(tables: usize) -> World {
    let table = |number: usize| {
        format!(
            "[[table]]\nname = 'hot-{number:02}'\nkey_schema = ['PK', 'SK']\nstream = true\n\
             contributor_insights = 'accessed-and-throttled'\n\
             capacity.provisioned = {{ read = 9_000, write = 900 }}\n\
             [[table.index]]\nname = 'by-time'\nkey_schema = ['day', 'SK']\n\
             contributor_insights = 'throttled'\n\
             capacity.provisioned = {{ read = 900, write = 900 }}\n\
             [[table.consumer]]\nfunction = 'reader-{number:02}'\n\
             [[table.traffic]]\noperation = 'GetItem'\nrate = 4_000\nkeys = {{ hot_share = 1.0 }}\n\
             [[table.traffic]]\noperation = 'PutItem'\nrate = 9\n"
        )
    };
    let toml: String = (0..tables).map(table).collect();
    let toml = format!("start = '2026-11-22T12:00:00Z'\n{toml}");
    let scenario = Scenario::parse("hot", &toml).unwrap();
    World::new(&WorldOptions { scenario, seed: 1, tables: None })
}

/// The most calls of an operation in any second.
fn most_in_a_second(calls: &[Call], operation: &str) -> usize {
    let mut of: Vec<f64> =
        calls.iter().filter(|call| call.operation == operation).map(|call| call.at).collect();
    of.sort_by(f64::total_cmp);
    let within = |from: &f64| of.iter().filter(|at| (*from..*from + 1.0).contains(*at)).count();
    of.iter().map(within).max().unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn no_quota_is_met_while_the_keys_of_many_tables_are_read() {
    let mut bench = Bench::start(hot(16), Settings::default());
    bench.press_a_key();
    bench.pass(20 * MINUTE).await;
    let calls = bench.world.ledger();
    let refused: Vec<&Call> = calls.iter().filter(|call| call.status != Some(200)).collect();
    assert_eq!(refused, Vec::<&Call>::new());
    let reports = bench.by_minute("GetInsightRuleReport");
    assert!(reports.values().any(|calls| calls.len() >= 64), "four of each table");
    // Of reports half of what an account may ask for: it has other readers.
    for (operation, limit) in [("GetInsightRuleReport", 10), ("DescribeContributorInsights", 5)] {
        let most = most_in_a_second(&calls, operation);
        assert!((1..=limit).contains(&most), "{operation}: {most} in a second");
    }
}

#[tokio::test(start_paused = true)]
async fn alarms_in_many_pages_stay_below_their_quota() {
    let alarm = |number: usize| {
        format!("[[alarm]]\nname = 'a{number}'\nmetric = 'UserErrors'\nthreshold = 1\n")
    };
    let alarms: String = (0..2_500).map(alarm).collect();
    let mut bench = Bench::start(quiet_and(1, &alarms), Settings::default());
    bench.pass(5 * MINUTE).await;
    let calls = bench.world.ledger();
    assert!(bench.count("DescribeAlarms") >= 5 * 25, "{}", bench.count("DescribeAlarms"));
    assert!(calls.iter().all(|call| call.status == Some(200)), "{calls:#?}");
    assert!(most_in_a_second(&calls, "DescribeAlarms") <= 9);
}

#[tokio::test(start_paused = true)]
async fn who_exceeds_a_quota_is_throttled_and_the_pollers_go_on() {
    let world = world("hot-key-read", None);
    world.enforce_quotas();
    let clock = started(&world, 1.0);
    let shared = connection(&world, &clock);
    let calls = (0..40).map(|_| shared.alarms(&clock));
    let replies = futures_util::future::join_all(calls).await;
    let throttled = replies.iter().filter(|reply| {
        reply.result.as_ref().err().is_some_and(|error| error.class == ErrorClass::Throttled)
    });
    assert!(throttled.count() > 0, "forty at once, three times each");
    let refused = world.ledger().into_iter().filter(|call| call.status == Some(400));
    assert!(refused.map(|call| call.service).all(|service| service == Service::CloudWatch));
}
