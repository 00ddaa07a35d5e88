//! Fixes that put no alarm.

use super::Commands;
use super::cli::Command;
use super::terraform::{Block, label, quote, resource as resource_block};
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use crate::model::throttle::Direction;
use std::sync::Arc;

/// A call that mends a fault, or tells what would.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Call {
    /// `EnableAlarmActions` of this alarm.
    EnableActions(Arc<str>),
    /// `DeleteAlarmMuteRule` of this rule.
    DeleteMuteRule(Arc<str>),
    /// `ListMetrics`, which tells how a metric is published.
    ListMetrics {
        /// Its namespace.
        namespace: Arc<str>,
        /// Its name.
        metric: Arc<str>,
    },
    /// `DeregisterScalableTarget`.
    Deregister(Resource, Direction),
    /// `RegisterScalableTarget` and `PutScalingPolicy` where so many units per second are
    /// provisioned now.
    Scale(Resource, Vec<(Direction, f64)>),
    /// `UpdateContributorInsights`: it is on, in this mode.
    EnableInsights(Resource, InsightsMode),
    /// `UpdateEventSourceMapping`.
    UpdateMapping {
        /// Which mapping.
        uuid: Arc<str>,
        /// Whether it lacks a destination for what fails.
        destination: bool,
        /// Whether it lacks a way to get past one bad record.
        bisect: bool,
    },
    /// `IncreaseReplicationFactor` of a DAX cluster to so many nodes.
    Grow(Arc<str>, usize),
}

impl Call {
    /// Writes it for `region`.
    pub(super) fn commands(&self, region: &str) -> Commands {
        match self {
            Self::EnableActions(alarm) => {
                let mut enable = Command::new("cloudwatch", "enable-alarm-actions", region);
                enable.option("--alarm-names", alarm);
                Commands::both(enable.finish(), "actions_enabled = true".to_owned())
            }
            Self::DeleteMuteRule(rule) => {
                let mut delete = Command::new("cloudwatch", "delete-alarm-mute-rule", region);
                delete.option("--alarm-mute-rule-name", rule);
                Commands::cli(delete.finish())
            }
            Self::ListMetrics { namespace, metric } => {
                let mut list = Command::new("cloudwatch", "list-metrics", region);
                list.option("--namespace", namespace);
                list.option("--metric-name", metric);
                Commands::cli(list.finish())
            }
            Self::Deregister(resource, direction) => deregister(resource, *direction, region),
            Self::Scale(resource, units) => {
                let register = |(direction, units): &(Direction, f64)| {
                    register(resource, *direction, *units, region)
                };
                let (cli, terraform): (Vec<String>, Vec<String>) =
                    units.iter().map(register).unzip();
                Commands::both(cli.join("\n"), terraform.join("\n\n"))
            }
            Self::EnableInsights(resource, mode) => enable_insights(resource, mode, region),
            Self::UpdateMapping { uuid, destination, bisect } => {
                update_mapping(uuid, *destination, *bisect, region)
            }
            Self::Grow(cluster, nodes) => {
                let mut grow = Command::new("dax", "increase-replication-factor", region);
                grow.option("--cluster-name", cluster);
                grow.option("--new-replication-factor", &nodes.to_string());
                Commands::both(grow.finish(), format!("replication_factor = {nodes}"))
            }
        }
    }
}

fn dimension(resource: &Resource, direction: Direction) -> String {
    let kind = match resource {
        Resource::Index(..) => "index",
        Resource::Table(_) | Resource::Account | Resource::Cluster(_) | Resource::Node(..) => {
            "table"
        }
    };
    let capacity = match direction {
        Direction::Read => "Read",
        Direction::Write => "Write",
    };
    format!("dynamodb:{kind}:{capacity}CapacityUnits")
}

fn scaling_command(
    operation: &str,
    resource: &Resource,
    direction: Direction,
    region: &str,
) -> Command {
    let mut command = Command::new("application-autoscaling", operation, region);
    command.option("--service-namespace", "dynamodb");
    command.option("--resource-id", &resource.to_string());
    command.option("--scalable-dimension", &dimension(resource, direction));
    command
}

fn deregister(resource: &Resource, direction: Direction, region: &str) -> Commands {
    let deregister = scaling_command("deregister-scalable-target", resource, direction, region);
    let terraform = format!(
        "# remove the aws_appautoscaling_target and its policies with\n\
         # resource_id        = {}\n# scalable_dimension = {}",
        quote(&resource.to_string()),
        quote(&dimension(resource, direction))
    );
    Commands::both(deregister.finish(), terraform)
}

/// Registers a target from what is provisioned now to twice that, so that nothing changes at once,
/// with the target utilization of the console, 70 %.
fn register(
    resource: &Resource,
    direction: Direction,
    units: f64,
    region: &str,
) -> (String, String) {
    let (min, max) = (units.to_string(), (2.0 * units).to_string());
    let metric = match direction {
        Direction::Read => "DynamoDBReadCapacityUtilization",
        Direction::Write => "DynamoDBWriteCapacityUtilization",
    };
    let mut register = scaling_command("register-scalable-target", resource, direction, region);
    register.option("--min-capacity", &min);
    register.option("--max-capacity", &max);
    let mut policy = scaling_command("put-scaling-policy", resource, direction, region);
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

/// Without a mode, AWS falls back to the full one.
fn enable_insights(resource: &Resource, mode: &InsightsMode, region: &str) -> Commands {
    let Some(table) = resource.table_name() else { return Commands::default() };
    let mut enable = Command::new("dynamodb", "update-contributor-insights", region);
    let mut block = Block::new(2);
    block.text("table_name", table);
    enable.option("--table-name", table);
    match resource {
        Resource::Index(_, index) => {
            enable.option("--index-name", index);
            block.text("index_name", index);
        }
        Resource::Table(_) | Resource::Account | Resource::Cluster(_) | Resource::Node(..) => {}
    }
    enable.option("--contributor-insights-action", "ENABLE");
    enable.option("--contributor-insights-mode", mode.as_str());
    block.text("mode", mode.as_str());
    let mut terraform = resource_block("aws_dynamodb_contributor_insights", &resource.to_string());
    block.write(&mut terraform);
    terraform.push('}');
    Commands::both(enable.finish(), terraform)
}

fn update_mapping(uuid: &str, destination: bool, bisect: bool, region: &str) -> Commands {
    let mut update = Command::new("lambda", "update-event-source-mapping", region);
    update.option("--uuid", uuid);
    let mut terraform = Vec::new();
    if destination {
        update.raw(
            "--destination-config \"OnFailure={Destination=${QUEUE_ARN:?set it to the ARN of the \
             queue or topic for what fails}}\"",
        );
        terraform.push(
            "destination_config {\n  on_failure {\n    destination_arn = var.queue_arn\n  }\n}",
        );
    }
    if bisect {
        update.flag("--bisect-batch-on-function-error");
        terraform.push("bisect_batch_on_function_error = true");
    }
    Commands::both(update.finish(), terraform.join("\n"))
}
