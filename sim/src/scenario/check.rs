//! The rules a scenario must keep beside its TOML shape.

mod alarms;
mod dax;
mod inventory;

use std::collections::HashSet;

use super::spec::{
    CapacitySpec, Change, IndexSpec, KeysSpec, ScalingSpec, ScenarioSpec, TableSpec, TrafficSpec,
};

/// Checks a scenario; the error is a sentence without a full stop.
pub(super) fn check(spec: &ScenarioSpec) -> Result<(), String> {
    share("late_share", spec.late_share)?;
    if let Some(errors) = &spec.user_errors {
        amount("user_errors.per_minute", errors.per_minute)?;
        errors.changes.iter().try_for_each(change)?;
    }
    let mut names = HashSet::new();
    for table in &spec.tables {
        if !names.insert(&table.name) {
            return Err(format!("two tables are named `{}`", table.name));
        }
        check_table(table)
            .and_then(|()| inventory::check_outflow(table, &spec.account.region))
            .map_err(|problem| format!("table `{}`: {problem}", table.name))?;
    }
    inventory::check(spec)?;
    dax::check(spec)?;
    alarms::check(spec)
}

fn check_table(table: &TableSpec) -> Result<(), String> {
    name(&table.name)?;
    key_schema(&table.key_schema)?;
    amount("gigabytes", table.gigabytes)?;
    capacity(&table.capacity)?;
    if let Some(ttl) = &table.ttl {
        amount("ttl.deletes_per_minute", ttl.deletes_per_minute)?;
    }
    inventory::check_consumers(table)?;
    if table.slow_spells.iter().any(|spell| !(1.0..=1_000.0).contains(&spell.factor)) {
        return Err("`slow.factor` must be from 1 to 1000".into());
    }
    let mut names = HashSet::new();
    for index in &table.indexes {
        if !names.insert(index.name.as_str()) {
            return Err(format!("two indexes are named `{}`", index.name));
        }
        check_index(index, table)
            .map_err(|problem| format!("index `{}`: {problem}", index.name))?;
    }
    for traffic in &table.traffic {
        let operation = traffic.operation.name();
        check_traffic(traffic, &names).map_err(|problem| format!("{operation}: {problem}"))?;
    }
    Ok(())
}

fn check_index(index: &IndexSpec, table: &TableSpec) -> Result<(), String> {
    name(&index.name)?;
    key_schema(&index.key_schema)?;
    capacity(&index.capacity)?;
    if index.capacity.provisioned.is_some() != table.capacity.provisioned.is_some() {
        return Err("an index is provisioned exactly when its table is".into());
    }
    share("write_share", index.write_share)?;
    share("item_share", index.item_share)?;
    amount("write_units", index.write_units)?;
    keys(&index.keys)
}

fn check_traffic(traffic: &TrafficSpec, indexes: &HashSet<&str>) -> Result<(), String> {
    if let Some(index) = traffic.index.as_deref() {
        if !traffic.operation.is_query() {
            return Err("only `Query` and `Scan` read an index".into());
        }
        if !indexes.contains(index) {
            return Err(format!("no index is named `{index}`"));
        }
    }
    amount("rate", traffic.rate)?;
    amount("units", traffic.units)?;
    amount("items", traffic.items)?;
    amount("returned", traffic.returned)?;
    for (field, value) in [
        ("daily", traffic.daily),
        ("noise", traffic.noise),
        ("jitter", traffic.jitter),
        ("retries", traffic.retries),
        ("conditional_failures", traffic.conditional_failures),
        ("conflicts", traffic.conflicts),
    ] {
        share(field, value)?;
    }
    if traffic.items < 1.0 {
        return Err("`items` must be 1 or more".into());
    }
    if let Some(blips) = traffic.blips {
        amount("blips.requests", blips.requests)?;
        if blips.every == 0 {
            return Err("`blips.every` must be 1 or more".into());
        }
    }
    for burst in &traffic.system_errors {
        share("system_errors.share", burst.share)?;
    }
    dax::check_traffic(traffic)?;
    keys(&traffic.keys)?;
    traffic.changes.iter().try_for_each(change)
}

fn capacity(capacity: &CapacitySpec) -> Result<(), String> {
    if capacity.provisioned.is_some_and(|units| units.read == 0 || units.write == 0) {
        return Err("provisioned capacity must be 1 or more".into());
    }
    if capacity.on_demand_max.read == Some(0) || capacity.on_demand_max.write == Some(0) {
        return Err("an on-demand maximum must be 1 or more".into());
    }
    if !capacity.set.is_empty() && capacity.provisioned.is_none() {
        return Err("only provisioned capacity can be set".into());
    }
    if capacity.set.iter().any(|set| set.read == Some(0) || set.write == Some(0)) {
        return Err("capacity that is set must be 1 or more".into());
    }
    let scaling = &capacity.scaling;
    scaling.read.iter().chain(&scaling.write).try_for_each(check_scaling)
}

/// The bounds are those of "Managing throughput capacity automatically with DynamoDB auto scaling".
fn check_scaling(scaling: &ScalingSpec) -> Result<(), String> {
    if scaling.min == 0 {
        return Err("scaling: min must be 1 or more".into());
    }
    if scaling.min > scaling.max {
        return Err(format!("scaling: min {} is above max {}", scaling.min, scaling.max));
    }
    if !(20.0..=90.0).contains(&scaling.target) {
        return Err(format!("scaling: target {} must be from 20 to 90", scaling.target));
    }
    for action in &scaling.scheduled {
        if action.hour > 23 || action.minute > 59 {
            return Err(format!("scheduled action `{}`: no such time of day", action.name));
        }
        let (min, max) = (action.min.unwrap_or(scaling.min), action.max.unwrap_or(scaling.max));
        if min == 0 || min > max {
            return Err(format!("scheduled action `{}`: min {min}, max {max}", action.name));
        }
    }
    Ok(())
}

fn keys(keys: &KeysSpec) -> Result<(), String> {
    amount("keys.zipf", keys.zipf)?;
    share("keys.hot_share", keys.hot_share)?;
    if keys.count == 0 {
        return Err("`keys.count` must be 1 or more".into());
    }
    if keys.hot_moves_every == Some(0) {
        return Err("`keys.hot_moves_every` must be 1 or more".into());
    }
    if !(1..=100).contains(&keys.sort_keys) {
        return Err("`keys.sort_keys` must be from 1 to 100".into());
    }
    Ok(())
}

fn change(change: &Change) -> Result<(), String> {
    amount("change.factor", change.factor)?;
    match (change.every, change.lasts) {
        (Some(_), None) => Err("a change with `every` needs `lasts`".into()),
        (Some(every), Some(lasts)) if lasts >= every => {
            Err(format!("a change that lasts {lasts} minutes cannot come every {every}"))
        }
        _ => Ok(()),
    }
}

/// Naming rules of "Supported data types and naming rules in Amazon DynamoDB".
fn name(name: &str) -> Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if (3..=255).contains(&name.len()) && name.chars().all(allowed) {
        Ok(())
    } else {
        Err("the name must have 3 to 255 letters, digits, `_`, `-` or `.`".into())
    }
}

fn key_schema(keys: &[String]) -> Result<(), String> {
    if matches!(keys.len(), 1 | 2) {
        Ok(())
    } else {
        Err("`key_schema` must have 1 or 2 attributes".into())
    }
}

fn amount(field: &str, value: f64) -> Result<(), String> {
    if value.is_finite() && value >= 0.0 {
        Ok(())
    } else {
        Err(format!("`{field}` must be 0 or more"))
    }
}

fn share(field: &str, value: f64) -> Result<(), String> {
    if (0.0..=1.0).contains(&value) {
        Ok(())
    } else {
        Err(format!("`{field}` must be from 0 to 1"))
    }
}
