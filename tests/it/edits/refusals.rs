//! What cannot be done is said in one line, and what was typed stays.

use super::*;
use crate::journeys::press;
use crate::screens::alarms::watched;
use crate::screens::stores::{Fleet, now, trouble};
use ddbtop::model::id::Resource;
use ddbtop::tune::call::Call;
use ddbtop_sim::fault::{Effect as Does, Fault};
use ddbtop_sim::wire::Service;

fn shown(app: &App) -> String {
    text(&app.screen(now()), 80, 24)
}

/// Presses keys where things may be changed; what the screen then shows.
fn after(fleet: Fleet, pressed: &str) -> String {
    let mut app = App::new(options());
    app.handle(Msg::Resize(80, 24), now());
    app.handle(Msg::Updates(fleet.updates()), now());
    press(&mut app, pressed);
    shown(&app)
}

#[test]
fn bad_input_gets_one_clear_line_and_stays_as_typed() {
    // The table `orders`, whose writes are scaled between 500 and 4,000.
    let cases = [
        ("lots<Enter>", &["lots", "`lots` is not a whole number of units"][..]),
        ("9000<Enter>", &["9000", "minimum"]),
        ("0<Enter>", &["write minimum"]),
        ("<Enter>", &["nothing to do: every value is as it is now"]),
        ("<Down><Down>12<Enter>", &["12", "20"]),
        ("<Down><Down><Down>maybe<Enter>", &["maybe", "`maybe` is not yes or no"]),
        ("600<Esc>", &["Esc again drops what was typed"]),
        ("600<Esc>0", &["6000"]),
        ("+", &["510", "now 500"]),
        ("-", &["490", "now 500"]),
        ("<Down><Down><Down><Space>", &["yes", "now no"]),
    ];
    for (typed, wanted) in cases {
        let shown = after(trouble(), &format!("/name:orders<Enter>gge<Enter><Down>{typed}"));
        assert!(shown.contains("Change orders"), "{typed}\n{shown}");
        for wanted in wanted {
            assert!(shown.contains(wanted), "no {wanted} after {typed}\n{shown}");
        }
    }
}

#[test]
fn what_cannot_be_changed_says_why() {
    let cases = [
        ("/name:account<Enter>e", "nothing of the account can be changed from here"),
        ("u", "nothing to undo: no write of yours is in effect here"),
        ("8e", ""),
    ];
    for (pressed, wanted) in cases {
        let shown = after(trouble(), pressed);
        assert!(shown.contains(wanted), "no {wanted} after {pressed}\n{shown}");
        assert!(!shown.contains("Change"), "{pressed}\n{shown}");
    }
}

#[test]
fn of_a_table_that_is_not_described_yet_nothing_is_offered() {
    let mut fleet = Fleet::new();
    fleet.listed("orders");
    let shown = after(fleet, "e");
    assert!(shown.contains("orders is not described yet"), "{shown}");
    assert!(!shown.contains("Change what") && !shown.contains("nothing matches"), "{shown}");
}

#[test]
fn another_name_confirms_nothing_and_the_plan_stays() {
    let plan = "/name:orders<Enter>gge<Enter><Down>600<Enter><Enter>";
    for typed in ["", "order", "orders/by-status", "Orders", "yes"] {
        let shown = after(trouble(), &format!("{plan}{typed}<Enter>"));
        assert!(shown.contains("type `orders` to apply, Esc to cancel"), "{typed}\n{shown}");
    }
    let shown = after(trouble(), &format!("{plan}order<Esc>"));
    assert!(shown.contains("Enter confirm") && !shown.contains("type orders"), "{shown}");
    let shown = after(trouble(), &format!("{plan}order<Esc><Esc>"));
    assert!(shown.contains("Change orders") && shown.contains("600"), "{shown}");
}

#[test]
fn marked_rows_are_changed_by_one_plan_and_by_its_count() {
    let marked = "gg<Space><Space><Space>";
    let shown_marks = after(trouble(), marked);
    assert!(shown_marks.contains("3 marked"), "{shown_marks}");
    assert_eq!(shown_marks.lines().filter(|line| line.chars().nth(2) == Some('+')).count(), 3);
    let unmarked = after(trouble(), &format!("{marked}<Esc>"));
    assert!(!unmarked.contains("marked"), "{unmarked}");
    let shown = after(trouble(), "/name:shipping<Enter> <Esc>/name:inventory<Enter> <Esc>e");
    assert!(shown.contains("Change 2 tables and indexes"), "{shown}");
    let plan = "/name:shipping<Enter> <Esc>/name:inventory<Enter> <Esc>e7000<Enter>";
    let shown = after(trouble(), plan);
    assert!(shown.contains("1 of 2: provisioned capacity of"), "{shown}");
    let shown = after(trouble(), &format!("{plan}<Enter>"));
    assert!(shown.contains("type apply 2 to apply"), "{shown}");
}

#[test]
fn alarms_are_muted_for_a_time_that_is_chosen_and_never_for_ever() {
    let shown = after(watched(), "6e");
    for wanted in ["Mute orders-unwell for 30 minutes", "for an hour", "for 4 hours"] {
        assert!(shown.contains(wanted), "no {wanted}\n{shown}");
    }
}

/// `customers` of the demo of tables that are under-provisioned, up to the plan for its reads.
async fn planned() -> (World, Dashboard) {
    let (world, connection, clock) = simulated(Scenario::named("under-provisioned").unwrap());
    let mut dashboard = Dashboard::open(connection, clock);
    dashboard.pass(90).await;
    dashboard.press("je<Enter>1500<Enter><Enter>");
    world.reset_ledger();
    (world, dashboard)
}

/// Whether the minimum was sent to AWS.
fn is_sent(world: &World) -> bool {
    world.ledger().iter().any(|call| call.operation == "RegisterScalableTarget")
}

#[tokio::test(start_paused = true)]
async fn what_was_changed_underneath_stops_the_write_and_is_shown() {
    let (world, mut dashboard) = planned().await;
    let other = Call::RegisterScalableTarget {
        resource: Resource::table("customers"),
        direction: ddbtop::model::throttle::Direction::Read,
        min: 450,
        max: 4_000,
        suspended: ddbtop::model::scaling::Suspended::default(),
    };
    dashboard.connection.send(&other).await;
    world.reset_ledger();
    dashboard.press("customers<Enter>");
    dashboard.pass(5).await;
    dashboard.assert_shows("not sent, it has changed meanwhile");
    dashboard.assert_shows("minimum is 450 RCU now, not 400 RCU");
    assert!(!is_sent(&world));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_that_cannot_be_recorded() {
    for nowhere in ["/dev/full", "/dev/null/journal.jsonl"] {
        let (world, mut dashboard) = planned().await;
        dashboard.path = nowhere.into();
        dashboard.press("customers<Enter>");
        dashboard.pass(5).await;
        dashboard.assert_shows("nothing was sent: journal");
        assert!(!is_sent(&world), "{nowhere}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_without_an_answer_is_unknown_until_it_is_seen() {
    let (world, mut dashboard) = planned().await;
    let lost = Fault::on(Service::ApplicationAutoscaling, Does::AnswerLost { status: None });
    world.faults().inject(lost.operation("RegisterScalableTarget"));
    dashboard.press("customers<Enter>");
    dashboard.pass(90).await;
    dashboard.assert_shows("UNKNOWN, AWS may have done it");
    dashboard.assert_shows("done: it is seen to be so");
    let recorded = dashboard.journal().read().unwrap().unwrap();
    let stage = format!("{:?}", recorded.writes()[0].stage);
    assert!(stage.contains("outcome: Unknown, seen: Some"), "{stage}");
}
