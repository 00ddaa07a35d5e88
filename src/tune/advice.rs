//! What may help and is never done from here: it takes minutes, cannot be taken back, or costs much.
//! Told with its command.
//!
//! Sources: Amazon DynamoDB Developer Guide, "Considerations when switching capacity modes",
//! "DynamoDB warm throughput", "DAX cluster management", "Quotas".

use super::command::quoted;
use super::cost::USUAL_TARGET;
use super::words::capacity_unit;
use crate::model::dax::Cluster;
use crate::model::id::Resource;
use crate::model::table::{BillingMode, Table};
use crate::model::throttle::Direction;
use crate::store::Reading;
use serde_json::{Value, json};
use std::sync::Arc;

/// Nodes that a DAX cluster may have.
const MOST_NODES: usize = 11;

/// Something to do by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// What it is.
    pub title: String,
    /// What it does, how long that takes, and its limits, a sentence each.
    pub lines: Vec<String>,
    /// The AWS CLI command, complete.
    pub command: String,
}

/// Everything of that kind for a table or index.
pub fn of_resource(reading: Reading<'_>, resource: &Resource) -> Vec<Advice> {
    let Some(table) = resource.table_name().and_then(|name| reading.table(name)) else {
        return vec![];
    };
    [Some(billing_mode(reading, table)), warm_throughput(reading, resource)]
        .into_iter()
        .flatten()
        .collect()
}

/// Switching the billing mode of a whole table.
fn billing_mode(reading: Reading<'_>, table: &Table) -> Advice {
    let region = quoted(reading.scope().region());
    let update = format!("aws dynamodb update-table --table-name {}", quoted(&table.name));
    match table.billing {
        BillingMode::Provisioned => Advice {
            title: format!("switch {} to on-demand", table.name),
            lines: vec![
                "takes a few minutes the first time (UPDATING), seconds where it was on-demand before; it serves requests meanwhile".to_owned(),
                "at most 4 times in 24 hours; back to provisioned at any time".to_owned(),
                "covers the table with all its indexes; autoscaling stays, but does nothing".to_owned(),
                "does not help against a hot partition".to_owned(),
            ],
            command: format!("{update} --billing-mode PAY_PER_REQUEST --region {region}"),
        },
        BillingMode::OnDemand => to_provisioned(reading, table, &update),
    }
}

fn to_provisioned(reading: Reading<'_>, table: &Table, update: &str) -> Advice {
    let of_table = Resource::Table(Arc::clone(&table.name));
    let [read, write] = Direction::ALL.map(|direction| wanted(reading, &of_table, direction));
    let updates: Vec<Value> = table
        .indexes
        .iter()
        .map(|index| {
            let of = Resource::Index(Arc::clone(&table.name), Arc::clone(&index.name));
            let [read, write] = Direction::ALL.map(|direction| wanted(reading, &of, direction));
            let units = json!({ "ReadCapacityUnits": read, "WriteCapacityUnits": write });
            json!({ "Update": { "IndexName": index.name, "ProvisionedThroughput": units } })
        })
        .collect();
    let indexes = if updates.is_empty() {
        String::new()
    } else {
        let updates = quoted(&Value::Array(updates).to_string());
        format!(" --global-secondary-index-updates {updates}")
    };
    let region = quoted(reading.scope().region());
    Advice {
        title: format!("switch {} to provisioned", table.name),
        lines: vec![
            "takes one or two minutes (UPDATING); at any time".to_owned(),
            "needs the capacity of the table and of each index at once: below, what is asked for now takes at 70 %, each \
             refused request counted as one unit, at most the quota of a table, and 1 where the use is not known"
                .to_owned(),
            "a switch back while it is under way may be dropped without a word".to_owned(),
            "capacity stays as given unless autoscaling is set up".to_owned(),
        ],
        command: format!(
            "{update} --billing-mode PROVISIONED --provisioned-throughput \
             ReadCapacityUnits={read},WriteCapacityUnits={write}{indexes} --region {region}"
        ),
    }
}

/// Capacity for what is asked for at present, served or refused, within the quota of a table; 1 where that is not
/// known.
fn wanted(reading: Reading<'_>, resource: &Resource, direction: Direction) -> u32 {
    let used = reading.consumed_per_second(resource, direction).value().unwrap_or(0.0);
    let refused = reading.throttle_events(resource, direction).value().unwrap_or(0.0) / 60.0;
    let units = (100.0 * (used + refused) / USUAL_TARGET).ceil();
    super::setting::whole(within_quota(reading, direction, units)).unwrap_or(1).max(1)
}

/// No more than AWS gives a table, where that is known.
fn within_quota(reading: Reading<'_>, direction: Direction, units: f64) -> f64 {
    reading.quotas().map_or(units, |quotas| units.min(quotas.per_table(direction)))
}

/// Raising what can be served at once.
fn warm_throughput(reading: Reading<'_>, resource: &Resource) -> Option<Advice> {
    let throughput = reading.throughput(resource)?;
    let warm = Direction::ALL.map(|direction| throughput.capacity(direction).warm);
    let doubled = Direction::ALL.map(|direction| {
        let warm = throughput.capacity(direction).warm?;
        Some(within_quota(reading, direction, 2.0 * warm).max(warm))
    });
    // At the quota there is nothing to add.
    if doubled == warm {
        return None;
    }
    let [read, write] = doubled.map(|units| units.and_then(super::setting::whole));
    let (read, write) = (read?, write?);
    let mut words = vec!["aws dynamodb update-table --table-name".to_owned()];
    words.push(quoted(resource.table_name()?));
    match resource {
        Resource::Account | Resource::Cluster(_) | Resource::Node(..) => return None,
        Resource::Table(_) => words.push(format!(
            "--warm-throughput ReadUnitsPerSecond={read},WriteUnitsPerSecond={write}"
        )),
        Resource::Index(_, index) => {
            let units = json!({ "ReadUnitsPerSecond": read, "WriteUnitsPerSecond": write });
            let update = json!([{ "Update": { "IndexName": index, "WarmThroughput": units } }]);
            words.push("--global-secondary-index-updates".to_owned());
            words.push(quoted(&update.to_string()));
        }
    }
    words.push(format!("--region {}", quoted(reading.scope().region())));
    Some(Advice {
        title: format!("warm {} up before a known peak", crate::diagnose::name(resource)),
        lines: vec![
            "takes some minutes, ACTIVE meanwhile; below, twice what it is now, at most the quota of a table"
                .to_owned(),
            "charged once, for what is added; it never goes down again".to_owned(),
            format!(
                "it allows more at once, but raises neither {} nor {} nor an on-demand maximum",
                capacity_unit(Direction::Read),
                capacity_unit(Direction::Write)
            ),
        ],
        command: words.join(" "),
    })
}

/// Adding a node to a DAX cluster; `None` where it has as many as it may, or none are told.
pub fn dax_node(reading: Reading<'_>, cluster: &Cluster) -> Option<Advice> {
    let nodes = Some(cluster.nodes.len() + 1).filter(|nodes| (2..=MOST_NODES).contains(nodes))?;
    let (name, region) = (quoted(&cluster.name), quoted(reading.scope().region()));
    Some(Advice {
        title: format!("add a node to DAX cluster {}", cluster.name),
        lines: vec![
            "takes some minutes, modifying meanwhile; a new node's cache begins empty".to_owned(),
            format!("at most {MOST_NODES} nodes in a cluster, and 50 in an account and region"),
            "each node is charged by the hour until it is removed".to_owned(),
            "nodes add reads: each write goes to all of them".to_owned(),
        ],
        command: format!(
            "aws dax increase-replication-factor --cluster-name {name} --new-replication-factor \
             {nodes} --region {region}"
        ),
    })
}

#[cfg(test)]
mod tests;
