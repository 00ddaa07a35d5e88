use super::*;
use crate::model::dax::Node;
use crate::tune::fixture::{READ, WRITE, World, orders};

fn commands(world: &World, resource: &Resource) -> Vec<String> {
    of_resource(world.reading(), resource).into_iter().map(|advice| advice.command).collect()
}

#[test]
fn a_provisioned_table_can_go_on_demand() {
    let world = World::new();
    assert_eq!(
        commands(&world, &orders()),
        ["aws dynamodb update-table --table-name orders --billing-mode PAY_PER_REQUEST \
          --region us-east-1"]
    );
    assert!(commands(&world, &Resource::table("gone")).is_empty());
}

#[test]
fn an_on_demand_table_needs_capacity_for_itself_and_each_index() {
    use crate::store::fixture::{on_demand, table};
    let bursty = Resource::table("bursty");
    let index = ("by-day", on_demand(None));
    let mut world = World::of(vec![table("bursty", on_demand(None), &[index])]);
    world.consume(&bursty, READ, 140.0);
    world.consume(&Resource::index("bursty", "by-day"), WRITE, 7.0);
    assert_eq!(
        commands(&world, &bursty),
        [
            "aws dynamodb update-table --table-name bursty --billing-mode PROVISIONED \
             --provisioned-throughput ReadCapacityUnits=200,WriteCapacityUnits=1 \
             --global-secondary-index-updates '[{\"Update\":{\"IndexName\":\"by-day\",\
             \"ProvisionedThroughput\":{\"ReadCapacityUnits\":1,\"WriteCapacityUnits\":10}}}]' \
             --region us-east-1",
            "aws dynamodb update-table --table-name bursty --warm-throughput \
             ReadUnitsPerSecond=24000,WriteUnitsPerSecond=24000 --region us-east-1",
        ]
    );
}

#[test]
fn what_is_refused_counts_and_nothing_is_above_the_quota_of_a_table() {
    use crate::model::metric::Metric;
    use crate::store::fixture::{on_demand, table};
    let bursty = Resource::table("bursty");
    let mut world = World::of(vec![table("bursty", on_demand(None), &[])]);
    world.change_throughput("bursty", |throughput| {
        (throughput.read.warm, throughput.write.warm) = (Some(12_000.0), Some(40_000.0));
    });
    world.consume(&bursty, READ, 700.0);
    let refused: Vec<_> = (0..30).map(|minute| (minute, 60.0 * 70.0)).collect();
    world.fixture.read_sum(&bursty, Metric::ThrottleEvents(READ), 0..30, &refused);
    world.consume(&bursty, WRITE, 39_000.0);
    let [switch, warm] = commands(&world, &bursty).try_into().unwrap();
    assert!(switch.contains("ReadCapacityUnits=1100,WriteCapacityUnits=40000 "), "{switch}");
    assert!(warm.contains("ReadUnitsPerSecond=24000,WriteUnitsPerSecond=40000 "), "{warm}");
    world.change_throughput("bursty", |throughput| throughput.read.warm = Some(40_000.0));
    assert_eq!(commands(&world, &bursty).len(), 1, "there is nothing to add");
}

#[test]
fn a_dax_cluster_can_have_one_more_node_up_to_eleven() {
    let world = World::new();
    let cluster = |nodes: usize| Cluster {
        name: "cache".into(),
        arn: "arn".into(),
        status: "available".into(),
        node_type: "dax.r5.large".into(),
        nodes: vec![Node::default(); nodes],
        ..Cluster::default()
    };
    let command = |nodes| dax_node(world.reading(), &cluster(nodes)).map(|advice| advice.command);
    assert_eq!(
        command(3).as_deref(),
        Some(
            "aws dax increase-replication-factor --cluster-name cache --new-replication-factor 4 \
             --region us-east-1"
        )
    );
    assert_eq!((command(11), command(0)), (None, None));
}
