//! Reports of Contributor Insights, counted at the simulator's door.

use super::*;

fn reported(bench: &Bench) -> BTreeMap<i64, usize> {
    let by_minute = bench.by_minute("GetInsightRuleReport");
    by_minute.into_iter().map(|(minute, calls)| (minute, calls.len())).collect()
}

#[tokio::test(start_paused = true)]
async fn of_what_is_in_trouble_each_rule_is_read_once_a_minute_at_the_price_that_is_shown() {
    let mut bench = Bench::start(world("hot-key-read", None), Settings::default());
    bench.pass(10 * MINUTE).await;
    bench.world.reset_ledger();
    let mut updates = vec![];
    for _ in 0..3 {
        bench.press_a_key();
        updates = bench.pass(20 * MINUTE).await;
    }
    let reported = reported(&bench);
    assert!(reported.values().all(|calls| *calls == 4), "{reported:?}");
    assert_eq!(reported.len(), 60);
    let counted: usize = bench.world.ledger().iter().map(|call| call.metrics_requested).sum();
    let usd = (counted + bench.count("ListMetrics")) as f64 / 100_000.0;
    let shown = last_cost(&updates).usd_per_hour;
    assert!((shown - usd).abs() < 1e-9, "{shown} shown, {usd} counted");
    // The names of the rules come with the list, and are not asked for again.
    assert_eq!(bench.count("DescribeContributorInsights"), 2 * 4);
}

#[tokio::test(start_paused = true)]
async fn a_selected_table_is_read_while_it_is_selected() {
    let mut bench = Bench::start(world("calm", None), Settings::default());
    bench.pass(2 * MINUTE).await;
    let on: Vec<Resource> = {
        let updates = bench.pass(14 * MINUTE).await;
        let listed = updates.iter().find_map(|update| {
            let News::Insights(Ok(listed)) = &update.news else { return None };
            Some(listed.iter().map(|one| one.resource.clone()).collect())
        });
        listed.unwrap()
    };
    assert_eq!(reported(&bench).len(), 0, "nobody looks, and nothing is wrong");
    bench.interest.send_modify(|interest| interest.hot_keys = Some(on[0].clone()));
    bench.pass(5 * MINUTE - 20).await;
    let reported = reported(&bench);
    assert_eq!(reported.len(), 5, "{reported:?}");
    bench.interest.send_modify(|interest| interest.hot_keys = None);
    bench.pass(3 * MINUTE).await;
    assert_eq!(super::hot_keys::reported(&bench), reported);
}

#[tokio::test(start_paused = true)]
async fn rules_that_are_made_anew_are_found_again() {
    let world = world("hot-key-read", None);
    let mut bench = Bench::start(world.clone(), Settings::default());
    bench.pass(3 * MINUTE).await;
    let clock = bench.clock.clone();
    let toggle = |action: &'static str| {
        let body = format!(
            r#"{{"TableName":"catalog","ContributorInsightsAction":"{action}","ContributorInsightsMode":"THROTTLED_KEYS"}}"#
        );
        let header = |name: &str| match name {
            "authorization" => Some("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE"),
            "x-amz-target" => Some("DynamoDB_20120810.UpdateContributorInsights"),
            _ => None,
        };
        let request = ddbtop_sim::wire::Request {
            method: "POST",
            path: "/",
            header: &header,
            body: body.as_bytes(),
        };
        let now = clock.now().as_duration().as_secs_f64();
        assert_eq!(world.handle(&request, now).status, 200);
    };
    toggle("DISABLE");
    bench.pass(3).await;
    toggle("ENABLE");
    let updates = bench.pass(4 * MINUTE).await;
    let failed = rounds(&updates, Poller::HotKeys);
    assert!(failed.iter().any(|round| round.outcome.error().is_some()), "the names are gone");
    assert_eq!(failed.last().unwrap().outcome, Outcome::Complete);
    let last = updates.iter().rev().find_map(|update| {
        let News::HotKeys(_, Ok(read)) = &update.news else { return None };
        Some(read.clone())
    });
    assert_eq!(last.unwrap().reports.len(), 2, "of throttled keys alone");
}
