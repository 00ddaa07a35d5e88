//! Settings beside the alarms that do not do what they seem to.

use super::context::{Context, complete};
use super::fault::{Fault, Fix};
use super::fix::cli::Command;
use super::fix::terraform::{Block, label, quote, resource as resource_block};
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

fn dimension(resource: &Resource, direction: Direction) -> String {
    let kind = match resource {
        Resource::Index(..) => "index",
        Resource::Table(_) | Resource::Account => "table",
    };
    let capacity = match direction {
        Direction::Read => "Read",
        Direction::Write => "Write",
    };
    format!("dynamodb:{kind}:{capacity}CapacityUnits")
}

fn scaling_command(
    lint: &Context<'_>,
    operation: &str,
    resource: &Resource,
    direction: Direction,
) -> Command {
    let mut command = Command::new("application-autoscaling", operation, lint.region());
    command.option("--service-namespace", "dynamodb");
    command.option("--resource-id", &resource.to_string());
    command.option("--scalable-dimension", &dimension(resource, direction));
    command
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
        let deregister =
            scaling_command(lint, "deregister-scalable-target", resource, target.direction);
        let terraform = format!(
            "# remove the aws_appautoscaling_target and its policies with\n\
             # resource_id        = {}\n# scalable_dimension = {}",
            quote(&resource.to_string()),
            quote(&dimension(resource, target.direction))
        );
        let fix = Fix::Command { cli: deregister.finish(), terraform: Some(terraform) };
        Fault::new(what).on(resource.clone()).mended(fix)
    };
    inert.map(fault).collect()
}

/// The command that switches Contributor Insights on: without a mode, AWS falls back to the full one.
fn enable_insights(lint: &Context<'_>, resource: &Resource, mode: &InsightsMode) -> Fix {
    let Some(table) = resource.table_name() else { return Fix::Unknown };
    let mut enable = Command::new("dynamodb", "update-contributor-insights", lint.region());
    let mut block = Block::new(2);
    block.text("table_name", table);
    enable.option("--table-name", table);
    match resource {
        Resource::Index(_, index) => {
            enable.option("--index-name", index);
            block.text("index_name", index);
        }
        Resource::Table(_) | Resource::Account => {}
    }
    enable.option("--contributor-insights-action", "ENABLE");
    enable.option("--contributor-insights-mode", mode.as_str());
    block.text("mode", mode.as_str());
    let mut terraform = resource_block("aws_dynamodb_contributor_insights", &resource.to_string());
    block.write(&mut terraform);
    terraform.push('}');
    Fix::Command { cli: enable.finish(), terraform: Some(terraform) }
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
            let fix = enable_insights(lint, &resource, &InsightsMode::AccessedAndThrottled);
            faults.push(Fault::new(what).on(resource).mended(fix));
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
        let fix = enable_insights(lint, resource, &InsightsMode::Throttled);
        Fault::new(what).on(resource.clone()).mended(fix)
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
    let commands: Option<Vec<(String, String)>> = without
        .iter()
        .map(|direction| {
            let units = lint.reading.capacity(resource, *direction)?.provisioned?;
            Some(register(lint, resource, *direction, units))
        })
        .collect();
    let fix = commands.map_or(Fix::Unknown, |commands| {
        let (cli, terraform): (Vec<String>, Vec<String>) = commands.into_iter().unzip();
        Fix::Command { cli: cli.join("\n"), terraform: Some(terraform.join("\n\n")) }
    });
    Fault::new(what).on(resource.clone()).mended(fix)
}

/// Registers a target from what is provisioned now to twice that, so that nothing changes at once,
/// with the target utilization of the console, 70 %.
fn register(
    lint: &Context<'_>,
    resource: &Resource,
    direction: Direction,
    units: f64,
) -> (String, String) {
    let (min, max) = (units.to_string(), (2.0 * units).to_string());
    let metric = match direction {
        Direction::Read => "DynamoDBReadCapacityUtilization",
        Direction::Write => "DynamoDBWriteCapacityUtilization",
    };
    let mut register = scaling_command(lint, "register-scalable-target", resource, direction);
    register.option("--min-capacity", &min);
    register.option("--max-capacity", &max);
    let mut policy = scaling_command(lint, "put-scaling-policy", resource, direction);
    policy.option("--policy-name", &format!("{metric}:{resource}"));
    policy.option("--policy-type", "TargetTrackingScaling");
    let tracking = format!(
        "{{\"TargetValue\": 70.0, \"PredefinedMetricSpecification\": \
         {{\"PredefinedMetricType\": \"{metric}\"}}}}"
    );
    policy.option("--target-tracking-scaling-policy-configuration", &tracking);
    (
        format!("{}\n{}", register.finish(), policy.finish()),
        target_blocks(resource, direction, [&min, &max], metric),
    )
}

/// The same for Terraform.
fn target_blocks(
    resource: &Resource,
    direction: Direction,
    [min, max]: [&str; 2],
    metric: &str,
) -> String {
    let name = format!("{resource}_{}", direction.as_str());
    let mut target = Block::new(2);
    target.text("service_namespace", "dynamodb");
    target.text("resource_id", &resource.to_string());
    target.text("scalable_dimension", &dimension(resource, direction));
    target.set("min_capacity", min.to_owned());
    target.set("max_capacity", max.to_owned());
    let mut policy = Block::new(2);
    policy.text("name", &format!("{metric}:{resource}"));
    policy.text("policy_type", "TargetTrackingScaling");
    for same in ["service_namespace", "resource_id", "scalable_dimension"] {
        policy.set(same, format!("aws_appautoscaling_target.{}.{same}", label(&name)));
    }
    let mut out = resource_block("aws_appautoscaling_target", &name);
    target.write(&mut out);
    out.push_str("}\n\n");
    out.push_str(&resource_block("aws_appautoscaling_policy", &name));
    policy.write(&mut out);
    out.push_str("\n  target_tracking_scaling_policy_configuration {\n    target_value = 70\n\n");
    out.push_str("    predefined_metric_specification {\n");
    let mut predefined = Block::new(6);
    predefined.text("predefined_metric_type", metric);
    predefined.write(&mut out);
    out.push_str("    }\n  }\n}");
    out
}

fn consumers(lint: &Context<'_>) -> Vec<Fault> {
    let known = lint.reading.consumers().value();
    known.into_iter().flatten().filter_map(|consumer| consumer_fault(lint, consumer)).collect()
}

fn consumer_fault(lint: &Context<'_>, consumer: &Consumer) -> Option<Fault> {
    let mut update = Command::new("lambda", "update-event-source-mapping", lint.region());
    update.option("--uuid", &consumer.uuid);
    let mut lacks = Vec::new();
    let mut terraform = Vec::new();
    if consumer.on_failure.is_none() {
        lacks.push("has no destination for records that fail");
        update.raw(
            "--destination-config \"OnFailure={Destination=${QUEUE_ARN:?set it to the ARN of the \
             queue or topic for what fails}}\"",
        );
        terraform.push(
            "destination_config {\n  on_failure {\n    destination_arn = var.queue_arn\n  }\n}",
        );
    }
    if !consumer.bisects && !consumer.reports_item_failures {
        lacks.push("neither bisects a batch that fails nor takes partial responses");
        update.flag("--bisect-batch-on-function-error");
        terraform.push("bisect_batch_on_function_error = true");
    }
    if lacks.is_empty() {
        return None;
    }
    let what = format!(
        "{}, which reads the stream of {}, {}",
        consumer.function,
        consumer.table,
        lacks.join(" and ")
    );
    let fix = Fix::Command { cli: update.finish(), terraform: Some(terraform.join("\n")) };
    let fault = Fault::new(what).on(Resource::Table(Arc::clone(&consumer.table)));
    Some(fault.on_other(format!("function/{}", consumer.function)).mended(fix))
}

fn fragile_dax(lint: &Context<'_>) -> Vec<Fault> {
    let clusters = lint.reading.clusters().value();
    // DAX tells no nodes of a cluster that is created or deleted, and not all of one that changes.
    let steady = clusters.into_iter().flatten().filter(|cluster| &*cluster.status == "available");
    steady.filter_map(|cluster| fragile_cluster(lint, cluster)).collect()
}

fn fragile_cluster(lint: &Context<'_>, cluster: &Cluster) -> Option<Fault> {
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
            let mut grow = Command::new("dax", "increase-replication-factor", lint.region());
            grow.option("--cluster-name", name);
            grow.option("--new-replication-factor", &FAULT_TOLERANT_NODES.to_string());
            let terraform = Some(format!("replication_factor = {FAULT_TOLERANT_NODES}"));
            fault(what, Fix::Command { cli: grow.finish(), terraform })
        }
    }
}
