//! The same edit by keys on a table and on an index of moto, read back with boto3.

use super::*;
use crate::support::alone;
use crate::support::python::judge;
use crate::support::server::Server;
use crate::writes::detour::Detour;
use serde_json::Value;

fn read(url: &str) -> Value {
    serde_json::from_str(&judge("read_scaling.py", &[url])).unwrap()
}

/// Waits until the screen shows something, or a minute is over.
async fn until(dashboard: &mut Dashboard, wanted: &str) {
    for _ in 0..60 {
        if dashboard.shown().contains(wanted) {
            return;
        }
        dashboard.pass(1).await;
    }
    dashboard.assert_shows(wanted);
}

/// Changes the writes of what the filter finds, by keys, and types its name.
async fn change(dashboard: &mut Dashboard, filter: &str, typed: &str, name: &str) {
    dashboard.press(&format!("4/{filter}<Enter>"));
    dashboard.assert_shows("write");
    dashboard.press("e<Enter>");
    dashboard.assert_shows("▶ write minimum");
    dashboard.press(typed);
    dashboard.assert_shows("1 of 2: write autoscaling of");
    dashboard.press(&format!("<Enter>{name}<Enter>"));
    until(dashboard, "This is how it went").await;
    let shown = dashboard.shown();
    assert_eq!(shown.matches("done: it is seen to be so").count(), 2, "{shown}");
    dashboard.press("<Esc><Esc>");
}

async fn edit(url: &str) {
    let clock = Clock::wall();
    let connection = connect_simulated(Detour::to(url), "us-east-1", clock.clone());
    let mut dashboard = Dashboard::open(connection, clock);
    dashboard.press("4");
    until(&mut dashboard, "orders/by-customer").await;
    let (table, index) = ("write !by-customer", "write by-customer");
    change(&mut dashboard, table, "80<Down><Down>55<Enter>", "orders").await;
    // moto moves no capacity: these bounds are around it already.
    change(&mut dashboard, index, "<Down>500<Down>45<Enter>", "orders/by-customer").await;
}

#[test]
fn an_edit_by_keys_of_a_table_and_of_an_index_leaves_every_other_field_as_boto3_reads_it() {
    let _turn = alone();
    let server = Server::moto();
    judge("seed_moto.py", &[&server.url]);
    let mut expected = read(&server.url);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(edit(&server.url));
    let config = "TargetTrackingScalingPolicyConfiguration";
    let none = serde_json::json!({
        "DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false,
        "ScheduledScalingSuspended": false
    });
    expected["targets"][0]["MinCapacity"] = 80.into();
    expected["targets"][1]["MaxCapacity"] = 500.into();
    for (place, target) in [(0, 55.0), (1, 45.0)] {
        expected["targets"][place]["SuspendedState"] = none.clone();
        expected["policies"][place][config]["TargetValue"] = target.into();
    }
    assert_eq!(read(&server.url), expected);
}
