//! The contract that scripts rely on: what the store holds, with units in the field names.

mod alarms;
mod dax;
mod evidence;
mod hot_keys;
mod outflow;

use crate::diagnose::{Hindrance, Verdict};
use crate::model::health::{Outcome, Poller};
use crate::model::id::{Resource, Scope};
use crate::model::metric::{Metric, Statistic};
use crate::model::scaling::{ScalableTarget, ScalingPolicy, ScheduledAction};
use crate::model::table::{Capacity, Index};
use crate::model::throttle::{Direction, Limit};
use crate::model::time::Figure;
use crate::report::lint;
use crate::store::{Health, Reading, TableEntry};
use crate::tune::schedule::{self, Next};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The version of the contract; fields may be added without a new one.
pub(in crate::report) const SCHEMA: u32 = 1;

/// Writes every scope of `readings` with its verdicts, which keep their order.
pub fn json(readings: &[(Reading<'_>, &[Verdict])], now: Timestamp) -> Value {
    let scopes = readings.iter().map(|(reading, _)| scope(*reading));
    let tables = readings
        .iter()
        .flat_map(|(reading, _)| reading.tables().map(|entry| table(*reading, entry)));
    let verdicts = readings.iter().flat_map(|(reading, verdicts)| {
        verdicts.iter().map(|found| verdict(reading.scope(), found))
    });
    let targets = readings.iter().flat_map(|(reading, _)| {
        reading.scalable_targets().iter().map(|target| scalable_target(*reading, target))
    });
    let alarms = readings.iter().flat_map(|(reading, _)| alarms::alarms(*reading));
    let hot_keys = readings.iter().flat_map(|(reading, _)| hot_keys::hot_keys(*reading));
    let clusters = readings.iter().flat_map(|(reading, _)| dax::clusters(*reading));
    let pollers = readings.iter().flat_map(|(reading, _)| {
        Poller::ALL
            .into_iter()
            .filter_map(|poller| Some(self::poller(reading.scope(), reading.health(poller)?)))
    });
    let findings = readings
        .iter()
        .flat_map(|(reading, _)| lint::findings(*reading, &crate::lint::findings(*reading)));
    json!({
        "schema": SCHEMA,
        "at": instant(now),
        "scopes": scopes.collect::<Vec<_>>(),
        "tables": tables.collect::<Vec<_>>(),
        "verdicts": verdicts.collect::<Vec<_>>(),
        "scalable_targets": targets.collect::<Vec<_>>(),
        "hot_keys": hot_keys.collect::<Vec<_>>(),
        "dax_clusters": clusters.collect::<Vec<_>>(),
        "alarms": alarms.collect::<Vec<_>>(),
        "findings": findings.collect::<Vec<_>>(),
        "pollers": pollers.collect::<Vec<_>>(),
    })
}

/// An instant in whole seconds.
pub(in crate::report) fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn figure(figure: Figure) -> Value {
    json!({
        "value": figure.value(),
        "at": figure.at().map(|minute| minute.to_string()),
        "state": figure.state(),
    })
}

/// The fields that tell where something lives.
pub(in crate::report) fn located(scope: &Scope, fields: Value) -> Value {
    let mut all = Map::new();
    all.insert("account".to_owned(), scope.account().into());
    all.insert("region".to_owned(), scope.region().into());
    if let Value::Object(fields) = fields {
        all.extend(fields);
    }
    Value::Object(all)
}

fn scope(reading: Reading<'_>) -> Value {
    let cost = reading.cost();
    let fields = json!({
        "user_errors_per_minute": figure(reading.figure(&Resource::Account, Metric::UserErrors)),
        "cost": {
            "requests": cost.requests,
            "metrics_requested": cost.metrics,
            "usd_per_hour": cost.usd_per_hour,
        },
    });
    located(reading.scope(), fields)
}

fn table(reading: Reading<'_>, entry: TableEntry<'_>) -> Value {
    let TableEntry { name, table } = entry;
    let resource = Resource::Table(Arc::clone(name));
    let indexes = table.map_or(&[][..], |table| &table.indexes);
    let indexes = indexes.iter().map(|described| index(reading, name, described));
    let fields = json!({
        "name": &**name,
        "status": table.map(|table| &*table.status),
        "billing_mode": table.map(|table| table.billing.as_str()),
        "read": direction(reading, &resource, Direction::Read),
        "write": direction(reading, &resource, Direction::Write),
        "latency_p99_milliseconds": figure(reading.latency(name, Statistic::P99)),
        "latency_p50_milliseconds": figure(reading.latency(name, Statistic::P50)),
        "system_errors_per_minute": figure(reading.figure(&resource, Metric::SystemErrors)),
        "conditional_check_failed_per_minute":
            figure(reading.figure(&resource, Metric::ConditionalCheckFailedRequests)),
        "indexes": indexes.collect::<Vec<_>>(),
        "stream": table.and_then(|table| table.details.stream.as_deref()),
        "consumers": outflow::consumers(reading, name),
        "kinesis": outflow::kinesis(reading, name),
        "replicas": table.map(|table| outflow::replicas(reading, table)),
    });
    located(reading.scope(), fields)
}

fn index(reading: Reading<'_>, table: &Arc<str>, described: &Index) -> Value {
    let resource = Resource::Index(Arc::clone(table), Arc::clone(&described.name));
    json!({
        "name": &*described.name,
        "status": &*described.status,
        "backfilling": described.backfilling,
        "read": direction(reading, &resource, Direction::Read),
        "write": direction(reading, &resource, Direction::Write),
    })
}

fn direction(reading: Reading<'_>, resource: &Resource, direction: Direction) -> Value {
    let limit =
        |pick: fn(Capacity) -> Option<f64>| figure(reading.limit(resource, direction, pick));
    let caused = |limit| figure(reading.throttle_events_by(resource, direction, limit));
    json!({
        "consumed_units_per_second": figure(reading.consumed_per_second(resource, direction)),
        "provisioned_units_per_second": limit(|capacity| capacity.provisioned),
        "maximum_units_per_second": limit(|capacity| capacity.maximum),
        "warm_units_per_second": limit(|capacity| capacity.warm),
        "utilization_percent": figure(reading.utilization_percent(resource, direction)),
        "throttle_events_per_minute": figure(reading.throttle_events(resource, direction)),
        "throttle_events_by_cause": {
            "provisioned": caused(Limit::Provisioned),
            "key_range": caused(Limit::KeyRange),
            "account_limit": caused(Limit::AccountLimit),
            "max_on_demand": caused(Limit::MaxOnDemand),
        },
    })
}

fn verdict(scope: &Scope, verdict: &Verdict) -> Value {
    let evidence: Vec<Value> = verdict.evidence.iter().map(evidence::item).collect();
    let explains: Vec<String> = verdict.explains.iter().map(Resource::to_string).collect();
    let fields = json!({
        "resource": verdict.path(),
        "recipient": verdict.recipient.as_deref(),
        "operation": verdict.direction.map(Direction::as_str),
        "cause": verdict.cause.as_str(),
        "behind": verdict.behind.map(Hindrance::as_str),
        "reason": verdict.reason.map(|reason| reason.to_string()),
        "confidence": verdict.confidence.as_str(),
        "severity": verdict.severity.as_str(),
        "since": verdict.since.to_string(),
        "since_or_earlier": verdict.since_or_earlier,
        "headline": verdict.headline(),
        "evidence": evidence,
        "explains": explains,
        "advice": verdict.advice.to_string(),
        "raise_to_units_per_second": verdict.advice.raise_to,
    });
    located(scope, fields)
}

fn scalable_target(reading: Reading<'_>, target: &ScalableTarget) -> Value {
    let policies = target.policies.iter().map(policy);
    // Null where they could not be read: an empty list says that there are none.
    let actions = reading.scheduled_actions().value().map(|actions| {
        let own = actions.iter().filter(|action| {
            action.direction == target.direction && action.resource == target.resource
        });
        own.map(|action| scheduled_action(action, reading.now())).collect::<Vec<_>>()
    });
    let fields = json!({
        "resource": target.resource.to_string(),
        "direction": target.direction.as_str(),
        "min_units_per_second": target.min,
        "max_units_per_second": target.max,
        "target_utilization_percent": target.target_utilization(),
        "scale_out_suspended": target.suspended.scale_out,
        "scale_in_suspended": target.suspended.scale_in,
        "scheduled_suspended": target.suspended.scheduled,
        "policies": policies.collect::<Vec<_>>(),
        "scheduled_actions": actions,
    });
    located(reading.scope(), fields)
}

fn policy(policy: &ScalingPolicy) -> Value {
    let tracking = policy.tracking.as_ref();
    json!({
        "name": &*policy.name,
        "target_utilization_percent": tracking.map(|tracking| tracking.target_value),
        "scale_out_cooldown_seconds": tracking.and_then(|tracking| tracking.scale_out_cooldown),
        "scale_in_cooldown_seconds": tracking.and_then(|tracking| tracking.scale_in_cooldown),
        "scale_in_disabled": tracking.and_then(|tracking| tracking.disable_scale_in),
    })
}

fn scheduled_action(action: &ScheduledAction, now: Timestamp) -> Value {
    let next = match schedule::next(action, now) {
        Next::At(at) => Some(instant(at)),
        Next::Within(_) | Next::Never | Next::Unknown => None,
    };
    json!({
        "name": &*action.name,
        "schedule": &*action.schedule,
        "time_zone": action.time_zone.as_deref(),
        "min_units_per_second": action.min,
        "max_units_per_second": action.max,
        "next": next,
    })
}

fn poller(scope: &Scope, health: &Health) -> Value {
    let last = &health.last;
    let state = match last.outcome {
        Outcome::Complete => "ok",
        Outcome::Partial(_) => "partial",
        Outcome::Failed(_) => "failed",
    };
    let fields = json!({
        "name": last.poller.name(),
        "state": state,
        "last_success": health.last_success.map(instant),
        "failures_in_a_row": health.failures_in_a_row,
        "error": last.outcome.error().map(ToString::to_string),
        "took_milliseconds": last.took.as_millis(),
        "requests": last.requests,
        "metrics_requested": last.metrics,
        "due": last.due.map(instant),
        "rounds_since_start": health.rounds,
        "requests_since_start": health.requests,
        "metrics_requested_since_start": health.metrics,
        "usd_since_start": health.usd,
    });
    located(scope, fields)
}
