//! Faults while polling: each is told in AWS's words, the others go on, and it recovers alone.

use super::*;
use ddbtop_sim::fault::{Effect, Fault};
use ddbtop_sim::wire::Service;

/// Runs a fault for five minutes in a steady engine and ends it; what was told during and after.
async fn strike(fault: Fault) -> (Vec<Update>, Vec<Update>, Bench) {
    let mut bench = Bench::start(quiet(3), Settings::default());
    bench.pass(5 * MINUTE + 1).await;
    bench.world.faults().inject(fault);
    let during = bench.pass(5 * MINUTE).await;
    bench.world.faults().clear();
    let after = bench.pass(8 * MINUTE).await;
    (during, after, bench)
}

#[tokio::test(start_paused = true)]
async fn faults_of_cloudwatch_are_told_and_leave_no_gap() {
    use ErrorClass::{Denied, Expired, Server, Throttled, TimedOut};
    for (effect, class, words) in [
        (Effect::Throttle, Throttled, "Throttling"),
        (Effect::Latency(30.0), TimedOut, "no answer in time"),
        (Effect::ServerError { status: 503, html: false }, Server, "HTTP 503 with an empty reply"),
        (Effect::ServerError { status: 500, html: true }, Server, "HTTP 500 with an error page"),
        (Effect::Silence, TimedOut, "no answer in time"),
        (Effect::Deny, Denied, "no permission: cloudwatch:GetMetricData"),
        (Effect::ExpiredCredentials, Expired, "ExpiredToken"),
        (Effect::PartialData(1.0), Server, "InternalError"),
    ] {
        let (during, after, bench) = strike(Fault::on(Service::CloudWatch, effect)).await;
        let failed = rounds(&during, Poller::Metrics);
        assert!(!failed.is_empty(), "{effect:?}");
        for round in failed {
            let Outcome::Failed(error) = &round.outcome else { panic!("{effect:?}: {round:?}") };
            assert_eq!(error.class, class, "{effect:?}: {error}");
            assert!(error.to_string().contains(words), "{effect:?}: {error}");
        }
        assert_eq!(windows(&during, &sentinel("table-001")), [], "{effect:?}");
        for poller in [Poller::Tables, Poller::Descriptions, Poller::Scaling] {
            let sound = rounds(&during, poller);
            assert!(!sound.is_empty(), "{effect:?}: {} stands still", poller.name());
            assert!(sound.iter().all(|round| round.outcome == Outcome::Complete), "{effect:?}");
        }
        // The first reading afterwards begins where the last good one was no longer settled.
        let begun = Minute::containing(Timestamp::from_second(0).unwrap())
            .plus(Minute::containing(bench.clock.now()).plus(-13).0);
        let first = windows(&after, &sentinel("table-001"))[0];
        assert!(first.start <= begun.plus(-2), "{effect:?}: {first:?} leaves a gap after {begun}");
        let last = rounds(&after, Poller::Metrics).pop().unwrap();
        assert_eq!(last.outcome, Outcome::Complete, "{effect:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn faults_of_dynamodb_are_told_while_metrics_go_on() {
    use ErrorClass::{Denied, Expired, Server, Throttled, TimedOut};
    for (effect, class, words) in [
        (Effect::Throttle, Throttled, "ThrottlingException"),
        (Effect::Silence, TimedOut, "no answer in time"),
        (Effect::ServerError { status: 500, html: true }, Server, "HTTP 500 with an error page"),
        (Effect::Deny, Denied, "no permission: dynamodb:DescribeTable"),
        (Effect::ExpiredCredentials, Expired, "ExpiredTokenException"),
    ] {
        let (during, after, _) = strike(Fault::on(Service::DynamoDb, effect)).await;
        let failed = rounds(&during, Poller::Descriptions);
        assert!(!failed.is_empty(), "{effect:?}");
        for round in failed {
            let error = round.outcome.error().unwrap();
            assert_eq!(error.class, class, "{effect:?}: {error}");
            assert!(error.to_string().contains(words), "{effect:?}: {error}");
        }
        assert!(rounds(&during, Poller::Tables).iter().all(|r| r.outcome.error().is_some()));
        assert_eq!(windows(&during, &sentinel("table-001")).len(), 5, "{effect:?}");
        for poller in [Poller::Tables, Poller::Descriptions] {
            let last = rounds(&after, poller).pop().unwrap();
            assert_eq!(last.outcome, Outcome::Complete, "{effect:?}: {}", poller.name());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn expired_credentials_are_tried_again_every_fifteen_seconds_and_all_follows_at_once() {
    let mut bench = Bench::start(quiet(3), Settings::default());
    bench.pass(4 * MINUTE + 30).await;
    for service in [Service::CloudWatch, Service::DynamoDb, Service::Sts] {
        bench.world.faults().inject(Fault::on(service, Effect::ExpiredCredentials));
    }
    bench.pass(MINUTE).await;
    let before = bench.count("GetCallerIdentity");
    bench.pass(3 * MINUTE).await;
    let tries = bench.count("GetCallerIdentity") - before;
    assert!((11..=13).contains(&tries), "{tries} tries in three minutes");
    bench.world.faults().clear();
    let after = bench.pass(16).await;
    assert_eq!(windows(&after, &sentinel("table-001")).len(), 1);
    for poller in [Poller::Metrics, Poller::Tables] {
        assert_eq!(rounds(&after, poller)[0].outcome, Outcome::Complete, "{}", poller.name());
    }
}

#[tokio::test(start_paused = true)]
async fn without_an_account_id_polling_begins_after_three_seconds() {
    let world = quiet(3);
    world.faults().inject(Fault::on(Service::Sts, Effect::Silence));
    let mut bench = Bench::start(world, Settings::default());
    let updates = bench.pass(4).await;
    assert!(!windows(&updates, &sentinel("table-001")).is_empty());
    assert!(updates.iter().all(|update| update.scope.account().is_empty()));
    bench.world.faults().clear();
    let later = bench.pass(2 * MINUTE).await;
    let told = later.iter().any(|update| matches!(update.news, News::Identity(_)));
    assert!(told, "who we are is told when it is known");
    assert!(later.iter().all(|update| update.scope.account().is_empty()), "the scope stays");
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_denied_or_slow_holds_up_no_other() {
    let mut bench = Bench::start(quiet(20), Settings::default());
    let slow = Fault::on(Service::DynamoDb, Effect::Latency(4.0)).operation("DescribeTable");
    bench.world.faults().inject(slow.count(1));
    let denied = Fault::on(Service::DynamoDb, Effect::Deny).operation("DescribeTable");
    bench.world.faults().inject(denied.count(4));
    let updates = bench.pass(30).await;
    let round = &rounds(&updates, Poller::Descriptions)[0];
    assert!(matches!(round.outcome, Outcome::Partial(_)), "{round:?}");
    let described = updates.iter().filter(|update| matches!(update.news, News::Table(_))).count();
    assert!((15..20).contains(&described), "{described}");
}

#[tokio::test(start_paused = true)]
async fn one_look_at_an_aws_that_fails_ends_and_tells_what_failed() {
    for effect in [Effect::Deny, Effect::Silence, Effect::Throttle, Effect::ExpiredCredentials] {
        let world = quiet(3);
        for service in
            [Service::CloudWatch, Service::DynamoDb, Service::Sts, Service::ApplicationAutoscaling]
        {
            world.faults().inject(Fault::on(service, effect));
        }
        let clock = started(&world, 1.0);
        let begun = clock.now();
        let look = once(
            connection(&world, &clock),
            clock.clone(),
            Settings::default(),
            Interest::default(),
        );
        let updates = look.await;
        assert!(clock.now().duration_since(begun) < SignedDuration::from_secs(60), "{effect:?}");
        for poller in [Poller::Metrics, Poller::Tables, Poller::Scaling, Poller::Identity] {
            let rounds = rounds(&updates, poller);
            assert_eq!(rounds.len(), 1, "{effect:?}: {}", poller.name());
            assert!(matches!(rounds[0].outcome, Outcome::Failed(_)), "{effect:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn when_the_pollers_of_one_look_would_be_due_does_not_depend_on_which_reply_comes_first() {
    let mut waits = vec![];
    for latency in [0.0, 2.0] {
        let world = world("hot-key", None);
        let slow = Fault::on(Service::ApplicationAutoscaling, Effect::Latency(latency));
        world.faults().inject(slow);
        let clock = started(&world, 1.0);
        let interest = Interest { last_key: clock.now(), ..Interest::default() };
        let connection = connection(&world, &clock);
        let updates = once(connection, clock, Settings::default(), interest).await;
        waits.push([Poller::Scaling, Poller::Activities].map(|poller| {
            let round = &rounds(&updates, poller)[0];
            round.due.unwrap().duration_since(round.started)
        }));
    }
    assert_eq!(waits[0], waits[1], "with scaling answered before throttling is known, and after");
}

#[tokio::test(start_paused = true)]
async fn an_aws_that_throttles_is_left_alone_while_rows_move() {
    let mut bench = Bench::start(quiet(6), Settings::default());
    bench.pass(MINUTE + 30).await;
    let throttle = Fault::on(Service::CloudWatch, Effect::Throttle);
    bench.world.faults().inject(throttle.operation("GetMetricData"));
    bench.pass(MINUTE).await;
    bench.world.reset_ledger();
    for table in ["table-001", "table-002", "table-003"] {
        bench.show(&[table]);
        bench.pass(1).await;
    }
    assert_eq!(bench.count("GetMetricData"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_round_that_takes_minutes_ends_and_asks_for_nothing_twice() {
    let world = world("hot-key", None);
    let slow = Fault::on(Service::CloudWatch, Effect::Latency(0.4)).operation("GetMetricData");
    world.faults().inject(slow);
    // Each reply takes four minutes of the world's time.
    let clock = started(&world, 600.0);
    let open = Some(Resource::table("sessions"));
    let interest = Interest { last_key: clock.now(), open, ..Interest::default() };
    let look = once(connection(&world, &clock), clock.clone(), Settings::default(), interest);
    let updates = tokio::time::timeout(Duration::from_mins(1), look).await.expect("it ends");
    let round = &rounds(&updates, Poller::Metrics)[0];
    assert!(round.took >= Duration::from_mins(4), "{round:?}");
    let mut asked = BTreeSet::new();
    for update in &updates {
        if let News::Points(points) = &update.news {
            for (key, _) in &points.series {
                assert!(asked.insert((key.clone(), points.window)), "{key:?} twice");
            }
        }
    }
    assert!(!asked.is_empty());
}
