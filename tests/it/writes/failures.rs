//! Writes that do not go well: nothing is sent that should not be, and what is not known is not
//! called a failure.

use super::*;
use ddbtop_sim::fault::{Effect, Fault};
use ddbtop_sim::wire::Service;

const SCALING: Service = Service::ApplicationAutoscaling;

fn raise() -> [(Field, &'static str); 1] {
    [(Field::Min, "200")]
}

#[tokio::test(start_paused = true)]
async fn what_has_changed_underneath_stops_the_plan_before_anything_is_sent() {
    let (world, bench) = simulated().await;
    let planned = bench.typed("orders", &[(Field::Min, "80"), (Field::Target, "45")]);
    // Somebody else is faster.
    let other = bench.typed("orders", &[(Field::Max, "300")]);
    bench.carry_out(other).await;
    world.reset_ledger();
    let events = bench.carry_out(planned).await;
    assert_eq!(names(&events), ["IntentWritten", "ChangedUnderneath", "1 Stopped"]);
    let Event::ChangedUnderneath { expected, found, line } = &events[1].1 else { panic!() };
    let Setting::Bounds { max: 400, .. } = expected else { panic!("{expected:?}") };
    let Some(Setting::Bounds { max: 300, .. }) = found else { panic!("{found:?}") };
    assert!(line.contains("maximum is 300 WCU now, not 400 WCU"), "{line}");
    assert_eq!(writes(&world), Vec::<String>::new());
    let (outcome, seen) = last_outcome(&bench.recorded());
    assert_eq!(outcome, Outcome::ChangedUnderneath(line.as_str().into()));
    assert_eq!(seen, *found);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_told_in_awss_words_and_sent_once() {
    for (effect, code) in [
        (Effect::Deny, "no permission: application-autoscaling:RegisterScalableTarget"),
        (Effect::Throttle, "ThrottlingException"),
        (Effect::Conflict, "ConcurrentUpdateException"),
        (Effect::ExpiredCredentials, "Expired"),
    ] {
        let (world, bench) = simulated().await;
        world.faults().inject(Fault::on(SCALING, effect).operation("RegisterScalableTarget"));
        let events = bench.carry_out(bench.typed("orders", &raise())).await;
        assert_eq!(names(&events), ["IntentWritten", "Sent", "Refused", "Finished"], "{effect:?}");
        let Event::Refused(error) = &events[2].1 else { panic!() };
        assert!(error.to_string().contains(code), "{error}");
        assert_eq!(writes(&world), ["RegisterScalableTarget"], "{effect:?}");
        let outcome = last_outcome(&bench.recorded()).0;
        assert_eq!(outcome, Outcome::Refused(error.to_string().into()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_permission_that_autoscaling_depends_on_is_named() {
    let (world, bench) = simulated().await;
    world.faults().inject(Fault::on(Service::DynamoDb, Effect::Deny).operation("UpdateTable"));
    let events = bench.carry_out(bench.typed("orders", &raise())).await;
    let Event::Refused(error) = &events[2].1 else { panic!("{events:?}") };
    assert_eq!(error.code.as_deref(), Some("ValidationException"));
    assert!(error.message.contains("dynamodb:UpdateTable"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_being_updated_refuses_and_the_plan_ends() {
    let (world, bench) = simulated().await;
    world.faults().inject(Fault::on(Service::DynamoDb, Effect::Conflict).operation("UpdateTable"));
    let events = bench.carry_out(bench.typed("plain", &[(Field::Capacity, "150")])).await;
    let Event::Refused(error) = &events[2].1 else { panic!("{events:?}") };
    assert_eq!(error.code.as_deref(), Some("ResourceInUseException"));
    assert_eq!(writes(&world), ["UpdateTable"]);
}

#[tokio::test(start_paused = true)]
async fn decreases_that_are_used_up_meanwhile_are_noticed_before_the_call() {
    let (world, mut bench) = simulated().await;
    // All of these were planned while decreases were left.
    for units in ["99", "98", "97", "96"] {
        let events = bench.carry_out(bench.typed("plain", &[(Field::Capacity, units)])).await;
        assert_eq!(names(&events)[2], "Done", "{events:?}");
        if units != "96" {
            bench.poll().await;
        }
    }
    let sent = writes(&world).len();
    // Known from before the last decrease: 97 units, and one decrease left.
    let events = bench.carry_out(bench.typed("plain", &[(Field::Capacity, "95")])).await;
    assert_eq!(names(&events)[1], "ChangedUnderneath", "{events:?}");
    assert_eq!(writes(&world).len(), sent);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_is_unknown_and_then_seen() {
    for status in [None, Some(502)] {
        let (world, bench) = simulated().await;
        let fault = Fault::on(SCALING, Effect::AnswerLost { status });
        world.faults().inject(fault.operation("RegisterScalableTarget"));
        let events = bench.carry_out(bench.typed("orders", &raise())).await;
        let expected = ["IntentWritten", "Sent", "Unknown", "Seen", "Finished"];
        assert_eq!(names(&events), expected, "{status:?}");
        assert_eq!(writes(&world), ["RegisterScalableTarget"], "{status:?}");
        let (outcome, seen) = last_outcome(&bench.recorded());
        assert_eq!(outcome, Outcome::Unknown, "never failed");
        let Some(Setting::Bounds { min: 200, .. }) = seen else { panic!("{seen:?}") };
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_lost_is_unknown_and_not_seen_within_a_minute() {
    let (world, bench) = simulated().await;
    world.faults().inject(Fault::on(SCALING, Effect::Silence).operation("RegisterScalableTarget"));
    let before = bench.clock.now();
    let changes = [(Field::Min, "200"), (Field::Target, "45")];
    let events = bench.carry_out(bench.typed("orders", &changes)).await;
    let expected = ["IntentWritten", "Sent", "Unknown", "NotSeenYet", "1 Stopped"];
    assert_eq!(names(&events), expected);
    assert!(bench.clock.now().duration_since(before) >= SignedDuration::from_secs(60));
    let (outcome, seen) = last_outcome(&bench.recorded());
    assert_eq!(outcome, Outcome::Unknown);
    let Some(Setting::Bounds { min: 50, .. }) = seen else { panic!("{seen:?}") };
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_again_is_not_sent() {
    let (world, bench) = simulated().await;
    world.faults().inject(Fault::on(SCALING, Effect::Deny).operation("DescribeScalingPolicies"));
    let events = bench.carry_out(bench.typed("orders", &raise())).await;
    assert_eq!(names(&events), ["IntentWritten", "NotSent", "Finished"]);
    assert_eq!(writes(&world), Vec::<String>::new());
    let Outcome::NotSent(words) = last_outcome(&bench.recorded()).0 else { panic!() };
    assert!(words.contains("application-autoscaling:DescribeScalingPolicies"), "{words}");
}

#[tokio::test(start_paused = true)]
async fn without_knowing_who_writes_or_in_another_account_nothing_begins() {
    let (world, mut bench) = simulated().await;
    let planned = bench.typed("orders", &raise());
    world.faults().inject(Fault::on(Service::Sts, Effect::Deny));
    let events = bench.carry_out(planned).await;
    assert_eq!(names(&events), ["NotSent", "Stopped"]);
    assert_eq!(bench.journal().read().unwrap(), None);
    world.faults().clear();
    // The same names, known of another account.
    let elsewhere = Scope::new("aws", "999999999999", bench.scope.region());
    let interest = Interest { last_key: bench.clock.now(), ..Interest::default() };
    let settings = poll::Settings::default();
    let read = poll::once(bench.connection.clone(), bench.clock.clone(), settings, interest).await;
    for update in read {
        bench.store.apply(ddbtop::model::update::Update { scope: elsewhere.clone(), ..update });
    }
    bench.scope = elsewhere;
    world.reset_ledger();
    let events = bench.carry_out(bench.typed("orders", &raise())).await;
    let (0, Event::NotSent(why)) = &events[0] else { panic!("{events:?}") };
    assert!(why.contains("the plan is for account 999999999999"), "{why}");
    assert_eq!(writes(&world), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_cannot_be_written_keeps_everything_from_being_sent() {
    let (world, bench) = simulated().await;
    for nowhere in ["/dev/null/ddbtop/journal.jsonl", "/dev/full"] {
        let told = Arc::new(Mutex::new(vec![]));
        let report = told.clone();
        let tell = move |news: Report| {
            let Report::Progress(progress) = news else { return };
            report.lock().unwrap().push((progress.step, progress.event));
        };
        let desk = bench.desk(JournalFile::at(nowhere.into()));
        carry_out(desk, bench.typed("orders", &raise()), tell).await;
        let events = told.lock().unwrap();
        assert_eq!(names(&events), ["JournalFailed", "Finished"], "{nowhere}");
        let Event::JournalFailed(line) = &events[0].1 else { panic!() };
        assert!(line.contains(nowhere) && !line.contains('\n'), "{line}");
    }
    assert_eq!(writes(&world), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_dropped_while_it_waits_leaves_an_open_intent() {
    let (world, bench) = simulated().await;
    let fault = Fault::on(SCALING, Effect::AnswerLost { status: None });
    world.faults().inject(fault.operation("RegisterScalableTarget"));
    let (sent, is_sent) = tokio::sync::oneshot::channel();
    let mut sent = Some(sent);
    let tell = move |news: Report| {
        let Report::Progress(progress) = news else { return };
        if progress.event == Event::Sent {
            sent.take().unwrap().send(()).unwrap();
        }
    };
    let (desk, planned) = (bench.desk(bench.journal()), bench.typed("orders", &raise()));
    let task = tokio::spawn(carry_out(desk, planned, tell));
    is_sent.await.unwrap();
    while writes(&world).is_empty() {
        tokio::task::yield_now().await;
    }
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    let journal = bench.recorded();
    let [open] = journal.unfinished()[..] else { panic!("{journal:?}") };
    assert_eq!(open.subject(), "write autoscaling of orders");
    assert_eq!(writes(&world), ["RegisterScalableTarget"]);
}
