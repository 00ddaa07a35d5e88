//! Settings beside the alarms that do not do what they seem to.

use super::context::{Context, complete};
use super::fault::Fault;
use super::fix::{Call, Fix};
use super::rules::{Check, Row, source};
use super::{Rule, Severity};
use crate::model::consumer::Consumer;
use crate::model::dax::Cluster;
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use crate::model::table::{BillingMode, Table};
use crate::model::throttle::Direction;
use std::collections::HashMap;
use std::sync::Arc;

/// Nodes from which a cluster bears the loss of one.
const FAULT_TOLERANT_NODES: usize = 3;

pub(super) const RULES: &[Row] = &[
    Row {
        rule: Rule {
            id: "CFG01",
            what: "autoscaling of an on-demand table",
            why: "an on-demand table has no provisioned capacity to scale: targets and policies stay, \
                  and do nothing",
            fix: "deregister the scalable target, unless the table is to go back to provisioned",
            source: "Amazon DynamoDB Developer Guide, Considerations when switching capacity modes",
            severity: Severity::Warning,
        },
        check: Check::Scope(inert_scaling),
    },
    Row {
        rule: Rule {
            id: "CFG02",
            what: "Contributor Insights on a table but not on its index",
            why: "an index has its own keys: those of the table do not tell which key of the index is \
                  hot",
            fix: "switch it on for the index. Its writes count among the accessed keys only",
            source: source::INSIGHTS,
            severity: Severity::Warning,
        },
        check: Check::Scope(insights_without_indexes),
    },
    Row {
        rule: Rule {
            id: "CFG03",
            what: "Contributor Insights of a table in full mode",
            why: "every request is charged; throttled keys alone are charged by throttled requests, and \
                  name the hot key of an incident",
            fix: "the mode THROTTLED_KEYS, unless accessed keys are looked at",
            source: source::INSIGHTS,
            severity: Severity::Info,
        },
        check: Check::Scope(full_insights),
    },
    Row {
        rule: Rule {
            id: "CFG04",
            what: "provisioned capacity without autoscaling",
            why: "it stays as it is, whatever the traffic: too little throttles, too much is paid for",
            fix: "register a scalable target with a target-tracking policy",
            source: "Amazon DynamoDB Developer Guide, Managing throughput capacity with auto scaling",
            severity: Severity::Info,
        },
        check: Check::Scope(unscaled),
    },
    Row {
        rule: Rule {
            id: "CFG05",
            what: "a stream consumer that loses or repeats records",
            why: "without a destination, records that fail are dropped without a word; without bisecting \
                  or partial responses, one bad record fails its whole batch",
            fix: "set a destination on failure, and ReportBatchItemFailures or bisecting",
            source: "AWS Lambda Developer Guide, Using AWS Lambda with Amazon DynamoDB",
            severity: Severity::Warning,
        },
        check: Check::Scope(consumers),
    },
    Row {
        rule: Rule {
            id: "CFG06",
            what: "a DAX cluster that does not bear the loss of a node or zone",
            why: "AWS asks for three nodes at least in production, each in another Availability Zone",
            fix: "add nodes in other Availability Zones",
            source: "Amazon DynamoDB Developer Guide, DAX cluster components",
            severity: Severity::Warning,
        },
        check: Check::Scope(fragile_dax),
    },
];

fn described<'a>(lint: &Context<'a>) -> impl Iterator<Item = &'a Table> {
    lint.reading.tables().filter_map(|entry| entry.table)
}

fn inert_scaling(lint: &Context<'_>) -> Vec<Fault> {
    let targets = lint.reading.scalable_targets().iter();
    let inert = targets.filter(|target| {
        let table = target.resource.table_name().and_then(|name| lint.reading.table(name));
        table.is_some_and(|table| table.billing == BillingMode::OnDemand)
    });
    let fault = |target: &crate::model::scaling::ScalableTarget| {
        let resource = &target.resource;
        let what = format!(
            "autoscaling of the {} capacity of {resource} ({} to {} units) does nothing: its table is \
             on-demand",
            target.direction.as_str(),
            target.min,
            target.max
        );
        let fix = Fix::Call(Call::Deregister(resource.clone(), target.direction));
        Fault::new(what).on(resource.clone()).mended(fix)
    };
    inert.map(fault).collect()
}

fn insights_without_indexes(lint: &Context<'_>) -> Vec<Fault> {
    let Some(all) = lint.reading.insights().value() else { return vec![] };
    let on: HashMap<&Resource, &str> =
        all.iter().map(|insights| (&insights.resource, &*insights.status)).collect();
    let is_on = |resource: &Resource| matches!(on.get(resource), Some(&("ENABLED" | "ENABLING")));
    let mut faults = Vec::new();
    for table in described(lint).filter(|table| is_on(&Resource::Table(Arc::clone(&table.name)))) {
        for index in &table.indexes {
            let resource = Resource::Index(Arc::clone(&table.name), Arc::clone(&index.name));
            if is_on(&resource) {
                continue;
            }
            let what = format!(
                "Contributor Insights is on for {} but not for its index {}",
                table.name, index.name
            );
            let call = Call::EnableInsights(resource.clone(), InsightsMode::AccessedAndThrottled);
            faults.push(Fault::new(what).on(resource).mended(Fix::Call(call)));
        }
    }
    faults
}

/// The throttled keys of an index leave its writes out: there, the full mode has its use.
fn full_insights(lint: &Context<'_>) -> Vec<Fault> {
    let Some(all) = lint.reading.insights().value() else { return vec![] };
    let full = all.iter().filter(|insights| {
        insights.is_enabled()
            && insights.mode == Some(InsightsMode::AccessedAndThrottled)
            && matches!(insights.resource, Resource::Table(_))
    });
    let fault = |insights: &crate::model::insights::ContributorInsights| {
        let resource = &insights.resource;
        let what = format!("Contributor Insights of {resource} is charged by every request");
        let call = Call::EnableInsights(resource.clone(), InsightsMode::Throttled);
        Fault::new(what).on(resource.clone()).mended(Fix::Call(call))
    };
    full.map(fault).collect()
}

fn unscaled(lint: &Context<'_>) -> Vec<Fault> {
    if complete(lint.reading.health(Poller::Scaling)).is_none() {
        return vec![];
    }
    let provisioned = described(lint).filter(|table| table.billing == BillingMode::Provisioned);
    let mut faults = Vec::new();
    for table in provisioned {
        let of_table = Resource::Table(Arc::clone(&table.name));
        let indexes = table
            .indexes
            .iter()
            .map(|index| Resource::Index(Arc::clone(&table.name), Arc::clone(&index.name)));
        let resources: Vec<Resource> = std::iter::once(of_table).chain(indexes).collect();
        let has = |resource: &Resource, direction: &Direction| {
            lint.reading.scalable_target(resource, *direction).is_some()
        };
        let is_chosen = |resource| Direction::ALL.iter().any(|direction| has(resource, direction));
        // Where some of a table scales, the rest was forgotten rather than left.
        let chosen = resources.iter().any(is_chosen);
        let severity = if chosen { Severity::Warning } else { Severity::Info };
        for resource in resources {
            let without: Vec<Direction> =
                Direction::ALL.into_iter().filter(|direction| !has(&resource, direction)).collect();
            if !without.is_empty() {
                faults.push(unscaled_fault(lint, &resource, &without).of_severity(severity));
            }
        }
    }
    faults
}

fn unscaled_fault(lint: &Context<'_>, resource: &Resource, without: &[Direction]) -> Fault {
    let names: Vec<&str> = without.iter().map(|direction| direction.as_str()).collect();
    let what = format!("nothing scales the {} capacity of {resource}", names.join(" and "));
    let units = |direction: &Direction| {
        Some((*direction, lint.reading.capacity(resource, *direction)?.provisioned?))
    };
    let units: Option<Vec<(Direction, f64)>> = without.iter().map(units).collect();
    let fix = units.map_or(Fix::Unknown, |units| Fix::Call(Call::Scale(resource.clone(), units)));
    Fault::new(what).on(resource.clone()).mended(fix)
}

fn consumers(lint: &Context<'_>) -> Vec<Fault> {
    let known = lint.reading.consumers().value();
    known.into_iter().flatten().filter_map(consumer_fault).collect()
}

fn consumer_fault(consumer: &Consumer) -> Option<Fault> {
    let destination = consumer.on_failure.is_none();
    let bisect = !consumer.bisects && !consumer.reports_item_failures;
    let lacks = match (destination, bisect) {
        (false, false) => return None,
        (true, false) => "has no destination for records that fail",
        (false, true) => "neither bisects a batch that fails nor takes partial responses",
        (true, true) => {
            "has no destination for records that fail and neither bisects a batch that fails nor \
             takes partial responses"
        }
    };
    let what =
        format!("{}, which reads the stream of {}, {lacks}", consumer.function, consumer.table);
    let call = Call::UpdateMapping { uuid: Arc::clone(&consumer.uuid), destination, bisect };
    let fault = Fault::new(what).on(Resource::Table(Arc::clone(&consumer.table)));
    Some(fault.on_other(format!("function/{}", consumer.function)).mended(Fix::Call(call)))
}

fn fragile_dax(lint: &Context<'_>) -> Vec<Fault> {
    let clusters = lint.reading.clusters().value();
    // DAX tells no nodes of a cluster that is created or deleted, and not all of one that changes.
    let steady = clusters.into_iter().flatten().filter(|cluster| &*cluster.status == "available");
    steady.filter_map(fragile_cluster).collect()
}

fn fragile_cluster(cluster: &Cluster) -> Option<Fault> {
    let nodes = cluster.nodes.len();
    let zones: Option<Vec<&Arc<str>>> =
        cluster.nodes.iter().map(|node| node.zone.as_ref()).collect();
    let one_zone = zones.and_then(|zones| {
        let first = *zones.first()?;
        zones.iter().all(|zone| **zone == *first).then_some(first)
    });
    let name = &cluster.name;
    let fault =
        |what: String, fix: Fix| Some(Fault::new(what).on_other(format!("dax/{name}")).mended(fix));
    match (nodes, one_zone) {
        (0, _) | (FAULT_TOLERANT_NODES.., None) => None,
        (FAULT_TOLERANT_NODES.., Some(zone)) => {
            fault(format!("all {nodes} nodes of DAX cluster {name} are in {zone}"), Fix::Unknown)
        }
        (_, _) => {
            let what = format!(
                "DAX cluster {name} has {nodes} {}, less than {FAULT_TOLERANT_NODES}",
                if nodes == 1 { "node" } else { "nodes" }
            );
            fault(what, Fix::Call(Call::Grow(Arc::clone(name), FAULT_TOLERANT_NODES)))
        }
    }
}
