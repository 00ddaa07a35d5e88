//! Where nothing can be written, plans are there to be read: with all that they say, and nothing of them is ever sent.

use super::*;
use crate::journeys::press;
use crate::screens::alarms::watched;
use crate::screens::hot_keys::hot;
use crate::screens::stores::{Fleet, now, read_only, trouble};

const NOTHING: &str = "nothing can be written here: nobody allowed it";

/// Presses keys where nothing can be written; what was asked for, and what the screen then shows.
fn after(fleet: Fleet, pressed: &str) -> (Vec<Effect>, String) {
    let mut app = App::new(Options { standing: read_only(), ..options() });
    app.handle(Msg::Resize(80, 24), now());
    app.handle(Msg::Updates(fleet.updates()), now());
    let effects = press(&mut app, pressed);
    (effects, text(&app.screen(now()), 80, 24))
}

/// `customers` of the demo of tables that are under-provisioned, where nothing can be written.
async fn opened() -> (World, Dashboard) {
    let (world, connection, clock) = simulated(Scenario::named("under-provisioned").unwrap());
    let options = Options { standing: read_only(), ..options() };
    let mut dashboard = Dashboard::open_with(connection, clock, options);
    dashboard.pass(90).await;
    (world, dashboard)
}

/// What was sent to AWS that is not read.
fn sent(world: &World) -> Vec<String> {
    let reads = |operation: &str| {
        ["Get", "List", "Describe"].iter().any(|verb| operation.starts_with(verb))
    };
    let calls = world.ledger().into_iter().map(|call| call.operation);
    calls.filter(|operation| !reads(operation)).collect()
}

impl Dashboard {
    fn is_asked(&self) -> bool {
        self.app.screen(self.clock.now()).sheet.is_some_and(|sheet| sheet.asked.is_some())
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_is_read_in_full_and_copied_and_no_key_sends_it() {
    let (world, mut dashboard) = opened().await;
    dashboard.press("je");
    dashboard.assert_shows("nothing can be written here: each leads to a plan to read");
    dashboard.press("<Enter>1500<Enter>");
    for wanted in [
        "change  minimum 400 RCU → 1,500 RCU",
        "to 1,500 RCU, done in about half a minute",
        "cost ",
        "a preview",
        NOTHING,
        "Esc back",
    ] {
        dashboard.assert_shows(wanted);
    }
    assert!(!dashboard.shown().contains("Enter confirm"), "{}", dashboard.shown());
    dashboard.press("yY");
    let [command, terraform] = &dashboard.copied[..] else { panic!("{:?}", dashboard.copied) };
    assert!(command.contains("--min-capacity 1500"), "{command}");
    assert!(terraform.contains("min_capacity"), "{terraform}");
    let before = dashboard.shown();
    dashboard.press("<Enter>customers<Enter>");
    assert!(!dashboard.is_asked());
    dashboard.tell(Msg::Paste("customers".to_owned()));
    dashboard.press("<Enter>");
    assert!(dashboard.shown().contains(NOTHING) && before.contains(NOTHING));
    dashboard.pass(60).await;
    assert_eq!(sent(&world), Vec::<String>::new());
    assert!(!dashboard.path.exists(), "nothing was to be recorded");
    dashboard.press("<Esc>");
    dashboard.assert_shows("Change customers");
}

#[tokio::test(start_paused = true)]
async fn a_permit_that_is_taken_away_while_the_name_is_typed_confirms_nothing() {
    let (world, connection, clock) = simulated(Scenario::named("under-provisioned").unwrap());
    let mut dashboard = Dashboard::open(connection, clock);
    dashboard.pass(90).await;
    dashboard.press("je<Enter>1500<Enter><Enter>customers");
    assert!(dashboard.is_asked());
    dashboard.tell(Msg::Switched(Box::new(read_only())));
    assert!(!dashboard.is_asked());
    dashboard.assert_shows(NOTHING);
    dashboard.press("<Enter><Enter>customers<Enter>");
    dashboard.assert_shows(NOTHING);
    dashboard.pass(60).await;
    assert_eq!(sent(&world), Vec::<String>::new());
    // With one again it is asked from the start.
    dashboard.tell(Msg::Switched(Box::new(options().standing)));
    dashboard.press("<Enter>");
    dashboard.assert_shows("type customers to apply: ");
    dashboard.press("<Enter>");
    dashboard.assert_shows("type `customers` to apply");
}

#[tokio::test(start_paused = true)]
async fn what_an_undo_would_do_is_read_in_the_same_way() {
    let (world, connection, clock) = simulated(Scenario::named("under-provisioned").unwrap());
    let mut dashboard = Dashboard::open(connection, clock);
    dashboard.pass(90).await;
    dashboard.press("je<Enter>1500<Enter><Enter>customers<Enter>");
    dashboard.pass(45).await;
    dashboard.assert_shows("done: it is seen to be so");
    dashboard.press("<Esc>");
    dashboard.tell(Msg::Switched(Box::new(read_only())));
    world.reset_ledger();
    dashboard.press("u");
    dashboard.assert_shows("change  minimum 1,500 RCU → 400 RCU");
    dashboard.assert_shows("capacity does not come back: it stays at 1,500 RCU until scale-in");
    dashboard.assert_shows(NOTHING);
    dashboard.press("<Enter>customers<Enter>");
    dashboard.pass(60).await;
    assert_eq!(sent(&world), Vec::<String>::new());
}

/// A fleet, what is pressed on it, and what is then on screen.
type Case = (fn() -> Fleet, &'static str, &'static str);

#[test]
fn whatever_can_be_changed_can_be_read_without_a_permit() {
    let marked = "/name:shipping<Enter> <Esc>/name:inventory<Enter> <Esc>e7000<Enter>";
    let cases: [Case; 6] = [
        (trouble, marked, "1 of 2: provisioned capacity of"),
        (hot, "3einsights<Enter>", "Contributor Insights of"),
        (watched, "6e<Enter>", "mute rule ddbtop-"),
        (trouble, "/name:orders<Enter>ggeby hand<Enter>", "shown only: this program never does it"),
        (trouble, "/name:account<Enter>e", "nothing of the account can be changed from here"),
        (trouble, "u", "nothing to undo: no write of yours is in effect here"),
    ];
    for (fleet, pressed, wanted) in cases {
        let (_, shown) = after(fleet(), pressed);
        assert!(shown.contains(wanted), "no {wanted} after {pressed}\n{shown}");
        let is_plan = shown.contains("Plan for");
        assert_eq!(shown.contains(NOTHING), is_plan, "{shown}");
        let (effects, shown) =
            after(fleet(), &format!("{pressed}<Enter>apply 2<Enter>orders<Enter>"));
        let writes = effects.iter().any(|effect| matches!(effect, Effect::Write(_)));
        assert!(!writes && !shown.contains("to apply"), "{pressed}\n{shown}");
    }
}
