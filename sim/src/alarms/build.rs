//! The alarms of a fleet: those of the scenario, stamped for each table, and those of autoscaling.

use std::collections::HashMap;
use std::sync::Arc;

use super::composite::Composite;
use super::life::Life;
use super::watch::{Tracking, Watch};
use super::{Alarm, Built, Kind};
use crate::facts::{AccountState, Dimension, Epoch, ScalingState};
use crate::fleet::{Chance, Fleet, LOW_UNDER_TARGET};
use crate::scenario::spec::alarms::{
    ActionsSpec, AlarmSpec, Comparison, CompositeSpec, WatchedSpec,
};
use crate::service::autoscaling::policy_arn;
use crate::service::{arn, uuid};

/// The alarms of one target-tracking policy, in the order of `ScalingState.alarms`: whether on consumption, how
/// they compare, periods and seconds of a period ("Managing throughput capacity automatically with DynamoDB auto
/// scaling").
const TRACKING: [(bool, Comparison, u32, u32); 4] = [
    (true, Comparison::GreaterThanThreshold, 2, 60),
    (true, Comparison::LessThanThreshold, 15, 60),
    (false, Comparison::GreaterThanThreshold, 3, 300),
    (false, Comparison::LessThanThreshold, 3, 300),
];

/// Builds all alarms of a fleet whose history begins at `begin`.
pub(super) fn build(
    specs: &[AlarmSpec],
    composites: &[CompositeSpec],
    fleet: &mut Fleet,
    begin: Epoch,
) -> Built {
    let account = fleet.account().clone();
    let start = fleet.start();
    let mut metric = Vec::new();
    for spec in specs {
        let created = start + spec.created as f64 * 60.0;
        if !spec.each_table {
            metric.push(metric_alarm(&account, spec.clone(), None, created, begin));
            continue;
        }
        for table in fleet.table_names() {
            let created = created.max(fleet.created(table).unwrap_or(created));
            metric.push(metric_alarm(&account, stamped(spec, table), None, created, begin));
        }
    }
    for target in fleet.scaling(begin) {
        metric.extend(tracking_alarms(&account, &target, begin));
    }
    let composite = composites.iter().filter_map(|spec| {
        let created = start + spec.created as f64 * 60.0;
        let kind = Kind::Composite(Box::new(Composite::new(spec, created, begin)?));
        let actions = spec.actions.clone();
        Some(alarm(
            &account,
            (&spec.name, spec.description.clone()),
            actions,
            kind,
            (created, begin),
        ))
    });
    let mut composite: Vec<Alarm> = composite.collect();
    metric.sort_by(|one, other| one.name.cmp(&other.name));
    composite.sort_by(|one, other| one.name.cmp(&other.name));
    let order = order(&composite);
    Built { metric, composite, order }
}

/// The alarms of a scalable target's policy, with data from `begin` on.
pub(super) fn tracking_alarms(
    account: &AccountState,
    target: &ScalingState,
    begin: Epoch,
) -> Vec<Alarm> {
    let created = target.policy.as_ref().map_or(target.created, |policy| policy.created);
    let alarms = (0..TRACKING.len()).filter_map(|alarm| tracking(account, target, alarm));
    alarms
        .map(|(spec, tracking)| metric_alarm(account, spec, Some(tracking), created, begin))
        .collect()
}

/// The threshold of each alarm of a policy, percent of the capacity; none of those on the capacity itself.
pub(super) fn percents(target_utilization: f64) -> [Option<f64>; 4] {
    TRACKING.map(|(on_consumption, comparison, ..)| {
        let is_low = comparison == Comparison::LessThanThreshold;
        let under = if is_low { LOW_UNDER_TARGET } else { 0.0 };
        on_consumption.then_some(target_utilization - under)
    })
}

fn metric_alarm(
    account: &AccountState,
    spec: AlarmSpec,
    tracking: Option<Tracking>,
    created: Epoch,
    begin: Epoch,
) -> Alarm {
    // The second of the minute at which AWS evaluates an alarm is the alarm's own.
    let second = (Chance::seeded(0).named(&spec.name).unit(0) * 58e3).round() / 1e3 + 1.0;
    let (name, description) = (spec.name.clone(), spec.description.clone());
    let actions = spec.actions.clone();
    let kind = Kind::Metric(Box::new(Watch::new(spec, tracking, created, begin, second)));
    alarm(account, (&name, description), actions, kind, (created, begin))
}

fn alarm(
    account: &AccountState,
    (name, description): (&str, Option<String>),
    actions: ActionsSpec,
    kind: Kind,
    (created, begin): (Epoch, Epoch),
) -> Alarm {
    Alarm {
        name: name.to_owned(),
        arn: arn(account, "cloudwatch", &format!("alarm:{name}")),
        description,
        actions: Arc::new(actions),
        configured: created,
        life: Life::new(created, begin),
        kind,
    }
}

/// An alarm that is meant for each table, for one of them.
fn stamped(spec: &AlarmSpec, table: &str) -> AlarmSpec {
    let put = |text: &mut String| *text = text.replace("{table}", table);
    let mut spec = spec.clone();
    put(&mut spec.name);
    spec.description.iter_mut().for_each(put);
    let queries = spec.queries.iter_mut().map(|query| &mut query.watched);
    for watched in queries.chain([&mut spec.watched]) {
        watched.dimensions.values_mut().for_each(put);
    }
    spec
}

/// One of the four alarms of a target-tracking policy.
fn tracking(
    account: &AccountState,
    target: &ScalingState,
    alarm: usize,
) -> Option<(AlarmSpec, Tracking)> {
    let (on_consumption, comparison, evaluation_periods, period) = *TRACKING.get(alarm)?;
    let state = target.policy.as_ref()?;
    let policy = policy_arn(target, account)?;
    // Managed alarms name their policy together with its creator.
    let action = format!("{policy}:createdBy/{}", uuid(&("created by", &policy)));
    let (read, write) = if on_consumption {
        ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits")
    } else {
        ("ProvisionedReadCapacityUnits", "ProvisionedWriteCapacityUnits")
    };
    let metric = if target.dimension == Dimension::Read { read } else { write };
    let index = target.index.clone().map(|index| ("GlobalSecondaryIndexName".to_owned(), index));
    let table = ("TableName".to_owned(), target.table.clone());
    let percent = percents(state.settings.target_utilization).get(alarm).copied().flatten();
    let spec = AlarmSpec {
        name: state.alarms.get(alarm)?.clone(),
        each_table: false,
        description: Some(format!(
            "DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {action}."
        )),
        actions: ActionsSpec { alarm: vec![action], ..ActionsSpec::default() },
        watched: WatchedSpec {
            metric: Some(metric.to_owned()),
            dimensions: std::iter::once(table).chain(index).collect(),
            statistic: Some(if on_consumption { "Sum" } else { "Average" }.to_owned()),
            period: Some(period),
            ..WatchedSpec::default()
        },
        queries: Vec::new(),
        evaluation_periods,
        datapoints_to_alarm: None,
        threshold: Some(0.0),
        threshold_metric: None,
        comparison,
        treat_missing_data: None,
        evaluate_low_sample_count_percentile: None,
        created: 0,
        evaluation_state: None,
    };
    let tracking = Tracking {
        table: target.table.clone(),
        index: target.index.clone(),
        dimension: target.dimension,
        percent,
        tracked: None,
        configured: None,
    };
    Some((spec, tracking))
}

/// Orders composite alarms, each after those it looks at. Those in a cycle are left out: AWS stops evaluating
/// them (API reference, `PutCompositeAlarm`).
fn order(composites: &[Alarm]) -> Vec<usize> {
    let at: HashMap<&str, usize> =
        composites.iter().enumerate().map(|(at, alarm)| (alarm.name.as_str(), at)).collect();
    let used: Vec<Vec<usize>> = composites
        .iter()
        .map(|alarm| match &alarm.kind {
            Kind::Composite(composite) => {
                composite.looks_at().iter().filter_map(|name| at.get(name).copied()).collect()
            }
            Kind::Metric(_) => Vec::new(),
        })
        .collect();
    let is_in_a_cycle = |at: usize| reaches(&used, at, at);
    let mut order: Vec<usize> = Vec::new();
    let mut left: Vec<usize> = (0..used.len()).filter(|at| !is_in_a_cycle(*at)).collect();
    while !left.is_empty() {
        let is_ready = |at: &usize| {
            used.get(*at).is_some_and(|used| used.iter().all(|used| !left.contains(used)))
        };
        let ready: Vec<usize> = left.iter().copied().filter(is_ready).collect();
        left.retain(|at| !ready.contains(at));
        order.extend(ready);
    }
    order
}

/// Tells whether one alarm looks at another, itself or through others.
fn reaches(used: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = vec![false; used.len()];
    let mut left = used.get(from).cloned().unwrap_or_default();
    while let Some(at) = left.pop() {
        if at == to {
            return true;
        }
        if let Some(seen) = seen.get_mut(at).filter(|seen| !**seen) {
            *seen = true;
            left.extend(used.get(at).into_iter().flatten());
        }
    }
    false
}
