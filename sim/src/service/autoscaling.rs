//! Application Auto Scaling: scalable targets, policies, activities and scheduled actions of the fleet.

mod shapes;
mod write;

use serde::{Deserialize, Serialize};

use super::{Ask, arn, constraint, missing, page, page_size_error};
use crate::facts::{Dimension, ScalingState};
use crate::wire::{Common, Refusal, Service};
pub(crate) use shapes::policy_arn;
use shapes::{Activity, Policy, Scheduled, Target, dimension_name, resource_id};

/// Items per page, at most and by default (API reference, `MaxResults`).
const PAGE: usize = 50;

/// The services that scale (API reference, `ServiceNamespace`).
const NAMESPACES: [&str; 15] = [
    "ecs",
    "elasticmapreduce",
    "ec2",
    "appstream",
    "dynamodb",
    "rds",
    "sagemaker",
    "custom-resource",
    "comprehend",
    "lambda",
    "cassandra",
    "kafka",
    "elasticache",
    "neptune",
    "workspaces",
];

/// What a call is about, as IAM sees it: some scalable target, or everything.
pub(crate) fn iam_resource(ask: &Ask<'_>) -> String {
    match ask.call.operation.as_str() {
        "RegisterScalableTarget" | "PutScalingPolicy" => {
            arn(ask.account(), "application-autoscaling", "scalable-target/*")
        }
        _ => "*".to_owned(),
    }
}

/// Answers one call.
pub(crate) fn answer(ask: &mut Ask<'_>) -> Result<Vec<u8>, Refusal> {
    match ask.call.operation.as_str() {
        "DescribeScalableTargets" => {
            let (filter, states) = targets(ask)?;
            let account = ask.account();
            let all: Vec<_> = states.iter().map(|state| Target::new(state, account)).collect();
            let (scalable_targets, next_token) = filter.page(&all)?;
            ask.output(&TargetsOutput { scalable_targets, next_token })
        }
        "DescribeScalingPolicies" => {
            let (filter, states) = targets(ask)?;
            let account = ask.account();
            let policy = |state| Policy::of(state, account);
            let mut all: Vec<_> = states.iter().filter_map(policy).collect();
            all.retain(|policy| Filter::names(filter.policy_names.as_ref(), policy.name()));
            let (scaling_policies, next_token) = filter.page(&all)?;
            ask.output(&PoliciesOutput { scaling_policies, next_token })
        }
        "DescribeScheduledActions" => {
            let (filter, states) = targets(ask)?;
            let account = ask.account();
            let actions = |state| Scheduled::all(state, account);
            let mut all: Vec<_> = states.iter().flat_map(actions).collect();
            all.retain(|action| {
                Filter::names(filter.scheduled_action_names.as_ref(), action.name())
            });
            let (scheduled_actions, next_token) = filter.page(&all)?;
            ask.output(&ScheduledOutput { scheduled_actions, next_token })
        }
        "DescribeScalingActivities" => {
            let filter = Filter::read(ask)?;
            let activities = ask.fleet.activities(ask.now);
            // Of the many there may be, those of the page alone are written out.
            let all: Vec<_> = activities
                .iter()
                .filter(|activity| activity.not_scaled.is_none() || filter.include_not_scaled())
                .filter(|activity| {
                    let index = activity.index.as_deref();
                    let dimension = dimension_name(index.is_some(), activity.dimension);
                    filter.keeps(&resource_id(&activity.table, index), dimension)
                })
                .collect();
            let (page, next_token) = filter.page(&all)?;
            let scaling_activities = page.into_iter().map(Activity::new).collect();
            ask.output(&ActivitiesOutput { scaling_activities, next_token })
        }
        "RegisterScalableTarget" => write::register_scalable_target(ask),
        "PutScalingPolicy" => write::put_scaling_policy(ask),
        _ => Err(ask.unknown_operation()),
    }
}

/// Reads the request and finds the scalable targets it is about.
fn targets(ask: &mut Ask<'_>) -> Result<(Filter, Vec<ScalingState>), Refusal> {
    let filter = Filter::read(ask)?;
    let mut states = ask.fleet.scaling(ask.now);
    states.retain(|state| {
        let resource = resource_id(&state.table, state.index.as_deref());
        filter.keeps(&resource, dimension_name(state.index.is_some(), state.dimension))
    });
    Ok((filter, states))
}

/// The members of the four requests; each operation has some of them.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    service_namespace: Option<String>,
    resource_id: Option<String>,
    resource_ids: Option<Vec<String>>,
    scalable_dimension: Option<String>,
    policy_names: Option<Vec<String>>,
    scheduled_action_names: Option<Vec<String>>,
    include_not_scaled_activities: Option<bool>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

impl Filter {
    fn read(ask: &mut Ask<'_>) -> Result<Self, Refusal> {
        let filter: Self = ask.input()?;
        ask.call.continued = filter.next_token.is_some();
        match filter.error() {
            Some(message) => Err(invalid(message)),
            None => Ok(filter),
        }
    }

    fn error(&self) -> Option<String> {
        if let Some(message) = namespace_error(self.service_namespace.as_deref()) {
            return Some(message);
        }
        if let Some(dimension) = self.scalable_dimension.as_deref() {
            if let Some(message) = dimension_error(dimension) {
                return Some(message);
            }
            let named = self.resource_ids.as_ref().is_some_and(|names| !names.is_empty());
            if self.resource_id.is_none() && !named {
                let message =
                    "If you specify a scalable dimension, you must also specify a resource ID";
                return Some(message.to_owned());
            }
        }
        let lists = [
            ("resourceIds", &self.resource_ids),
            ("policyNames", &self.policy_names),
            ("scheduledActionNames", &self.scheduled_action_names),
        ];
        for (member, list) in lists {
            let names = list.as_deref().unwrap_or_default();
            if names.len() > PAGE {
                let rule = format!("Member must have length less than or equal to {PAGE}");
                return Some(constraint(&format!("[{}]", names.join(", ")), member, &rule));
            }
        }
        self.max_results.and_then(|size| page_size_error(size, "maxResults", PAGE))
    }

    fn include_not_scaled(&self) -> bool {
        self.include_not_scaled_activities == Some(true)
    }

    fn keeps(&self, resource: &str, dimension: &str) -> bool {
        // Nothing but DynamoDB lives in this account.
        self.service_namespace.as_deref() == Some("dynamodb")
            && self.resource_id.as_deref().is_none_or(|wanted| wanted == resource)
            && Self::names(self.resource_ids.as_ref(), resource)
            && self.scalable_dimension.as_deref().is_none_or(|wanted| wanted == dimension)
    }

    /// Tells whether a list of names lets `name` through; an empty list is no filter.
    fn names(list: Option<&Vec<String>>, name: &str) -> bool {
        list.is_none_or(|list| list.is_empty() || list.iter().any(|wanted| wanted == name))
    }

    fn page<T: Clone>(&self, all: &[T]) -> Result<(Vec<T>, Option<String>), Refusal> {
        let size = self.max_results.and_then(|size| usize::try_from(size).ok()).unwrap_or(PAGE);
        let question = (
            (
                &self.service_namespace,
                &self.resource_id,
                &self.resource_ids,
                &self.scalable_dimension,
            ),
            (&self.policy_names, &self.scheduled_action_names, self.include_not_scaled()),
        );
        page(all, self.next_token.as_deref(), size, &question).ok_or_else(|| {
            let message = "The next token supplied was invalid";
            Refusal::client("InvalidNextTokenException", "InvalidNextToken", message)
        })
    }
}

/// What is wrong with a `ServiceNamespace`, if anything.
fn namespace_error(given: Option<&str>) -> Option<String> {
    let Some(namespace) = given else { return Some(missing("serviceNamespace")) };
    let rule = || format!("Member must satisfy enum value set: [{}]", NAMESPACES.join(", "));
    let is_known = NAMESPACES.contains(&namespace);
    (!is_known).then(|| constraint(&namespace, "serviceNamespace", &rule()))
}

/// What is wrong with a `ScalableDimension`, if anything.
fn dimension_error(given: &str) -> Option<String> {
    let known = [(false, Dimension::Read), (false, Dimension::Write)]
        .into_iter()
        .chain([(true, Dimension::Read), (true, Dimension::Write)]);
    let known: Vec<&str> =
        known.map(|(index, dimension)| dimension_name(index, dimension)).collect();
    let rule = || format!("Member must satisfy enum value set: [{}]", known.join(", "));
    (!known.contains(&given)).then(|| constraint(&given, "scalableDimension", &rule()))
}

fn invalid(message: impl Into<String>) -> Refusal {
    let refusal = Common::Malformed.refusal(Service::ApplicationAutoscaling, message.into());
    Refusal { shape: "ValidationException", ..refusal }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TargetsOutput {
    scalable_targets: Vec<Target>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PoliciesOutput {
    scaling_policies: Vec<Policy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ScheduledOutput {
    scheduled_actions: Vec<Scheduled>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ActivitiesOutput {
    scaling_activities: Vec<Activity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[cfg(test)]
mod tests;
