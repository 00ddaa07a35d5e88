//! In the demo, at 80x24, from the verdict to a higher minimum and back.

use super::*;
use ddbtop::model::id::Resource;
use ddbtop::model::metric::Metric;
use ddbtop::model::throttle::Direction;

const READ: Direction = Direction::Read;

impl Dashboard {
    /// Minimum of the reads of `customers`, and what is provisioned.
    fn customers(&self) -> (f64, f64) {
        let scope = self.app.store().scopes().next().unwrap();
        let reading = self.app.store().reading(scope, self.clock.now());
        let customers = Resource::table("customers");
        let target = reading.scalable_target(&customers, READ).unwrap();
        let capacity = reading.capacity(&customers, READ).unwrap();
        (target.min, capacity.provisioned.unwrap())
    }

    fn throttles(&self) -> Option<f64> {
        let scope = self.app.store().scopes().next().unwrap();
        let reading = self.app.store().reading(scope, self.clock.now());
        reading.figure(&Resource::table("customers"), Metric::ThrottleEvents(READ)).value()
    }
}

#[tokio::test(start_paused = true)]
async fn ten_keys_and_a_name_raise_a_minimum_and_two_and_the_name_take_it_back() {
    let (_, connection, clock) = simulated(Scenario::named("under-provisioned").unwrap());
    let mut dashboard = Dashboard::open(connection, clock);
    dashboard.pass(90).await;
    dashboard.assert_shows("customers");
    let before = dashboard.throttles().unwrap();
    assert!(before > 1_000.0, "{before}");
    assert_eq!(dashboard.customers(), (400.0, 400.0));

    dashboard.press("je<Enter>");
    dashboard.assert_shows("Change customers");
    dashboard.assert_shows("▶ read minimum");
    dashboard.press("1500<Enter>");
    dashboard.assert_shows("change  minimum 400 RCU → 1,500 RCU");
    dashboard.assert_shows("to 1,500 RCU, done in about half a minute");
    dashboard.press("<Enter>");
    dashboard.assert_shows("type customers to apply");
    // That were nine keys; the tenth comes after the name.
    dashboard.press("customers<Enter>");
    dashboard.assert_shows("Being written");
    dashboard.assert_shows("Esc close, it goes on");
    dashboard.pass(45).await;
    dashboard.assert_shows("done: it is seen to be so");
    assert!(!dashboard.shown().contains("it goes on"), "{}", dashboard.shown());
    assert_eq!(dashboard.customers(), (1_500.0, 1_500.0));

    dashboard.press("<Esc>");
    dashboard.pass(6 * 60).await;
    assert_eq!(dashboard.throttles(), Some(0.0), "{}", dashboard.shown());
    dashboard.press("7");
    dashboard.assert_shows("read minimum 400 RCU -> 1,500 RCU (done)");
    dashboard.assert_shows("read capacity 400 -> 1,500: m");

    dashboard.press("1u");
    dashboard.assert_shows("change  minimum 1,500 RCU → 400 RCU");
    dashboard.assert_shows("capacity does not come back: it stays at 1,500 RCU until scale-in");
    dashboard.press("<Enter>customers<Enter>");
    dashboard.pass(30).await;
    dashboard.assert_shows("done: it is seen to be so");
    assert_eq!(dashboard.customers(), (400.0, 1_500.0));
    dashboard.press("<Esc>u");
    dashboard.assert_shows("nothing to undo: no write of yours is in effect here");
    let recorded = dashboard.journal().read().unwrap().unwrap();
    let ended: Vec<bool> = recorded.writes().iter().map(|it| it.undoes.is_some()).collect();
    assert_eq!((ended, recorded.unfinished().len()), (vec![false, true], 0));
}

#[tokio::test(start_paused = true)]
async fn a_box_that_was_closed_does_not_stop_the_write_and_its_end_is_told() {
    let (_, connection, clock) = simulated(Scenario::named("under-provisioned").unwrap());
    let mut dashboard = Dashboard::open(connection, clock);
    dashboard.pass(90).await;
    dashboard.press("je<Enter>1500<Enter><Enter>customers<Enter><Esc>");
    dashboard.assert_shows("WRITING");
    dashboard.press("e");
    dashboard.assert_shows("Being written");
    dashboard.press("<Esc>q");
    dashboard.assert_shows("a write is under way: once more quits");
    dashboard.pass(45).await;
    dashboard.assert_shows("read autoscaling of customers: done: it is seen to be so");
    assert!(!dashboard.shown().contains("WRITING"));
}
