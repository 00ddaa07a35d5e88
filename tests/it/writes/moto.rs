//! Writes judged by a server and a client that nobody here wrote: moto and boto3.

use super::detour::Detour;
use super::*;
use crate::support::alone;
use crate::support::python::judge;
use crate::support::server::Server;
use serde_json::Value;

fn read(url: &str) -> Value {
    serde_json::from_str(&judge("read_scaling.py", &[url])).unwrap()
}

/// Edits the scaling of a table and of its index; what was told.
async fn edit(url: &str) -> Vec<(usize, Event)> {
    let clock = Clock::wall();
    let connection = connect_simulated(Detour::to(url), "us-east-1", clock.clone());
    let bench = Bench::new(connection, clock).await;
    let table = Resource::table("orders");
    let index = Resource::index("orders", "by-customer");
    let mut edits = bench.edits(&table, &[(Field::Min, "80"), (Field::Target, "55")]);
    // moto moves no capacity: these bounds are around it already.
    edits.extend(bench.edits(&index, &[(Field::Max, "500"), (Field::Target, "45")]));
    bench.carry_out(bench.plan(edits)).await
}

#[test]
fn an_edit_of_a_table_and_of_an_index_leaves_every_other_field_as_boto3_reads_it() {
    let _turn = alone();
    let server = Server::moto();
    judge("seed_moto.py", &[&server.url]);
    let mut expected = read(&server.url);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let events = runtime.block_on(edit(&server.url));
    assert_eq!(events.last(), Some(&(3, Event::Finished)), "{events:?}");
    let seen = events.iter().filter(|(_, event)| matches!(event, Event::Seen(_))).count();
    assert_eq!(seen, 4, "{events:?}");

    let config = "TargetTrackingScalingPolicyConfiguration";
    expected["targets"][0]["MinCapacity"] = 80.into();
    expected["targets"][1]["MaxCapacity"] = 500.into();
    expected["policies"][0][config]["TargetValue"] = 55.0.into();
    expected["policies"][1][config]["TargetValue"] = 45.0.into();
    // What nothing was said about is not suspended, and that is sent.
    let none = serde_json::json!({
        "DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false,
        "ScheduledScalingSuspended": false
    });
    expected["targets"][0]["SuspendedState"] = none.clone();
    expected["targets"][1]["SuspendedState"] = none;
    let found = read(&server.url);
    for target in found["targets"].as_array().unwrap() {
        assert_eq!(target["RoleARN"], "arn:aws:iam::123456789012:role/orders-scaling");
    }
    assert_eq!(found, expected);
}
