//! What is known of a table or index besides its figures over time.

use super::{Fact, outflow};
use crate::lint::Severity;
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::table::{
    Backups, BillingMode, Details, Encryption, Index, KeySchema, Projection, Table, Throughput,
    TimeToLive,
};
use crate::model::throttle::Direction;
use crate::model::time::{Figure, Minute};
use crate::store::{Detail, Reading};
use crate::view::format::{Unit, age, grouped, minute, phrase};
use crate::view::tables::Subject;
use crate::view::{Role, Span, detail};
use jiff::Timestamp;

/// Lists the facts, what matters most in an incident first.
pub(super) fn facts(subject: &Subject<'_>) -> Vec<Fact> {
    let Subject { reading, resource, .. } = *subject;
    let watched = watched(subject);
    let facts = known(reading, resource);
    watched.into_iter().chain(facts).collect()
}

fn known(reading: Reading<'_>, resource: &Resource) -> Vec<Fact> {
    let Some(name) = resource.table_name() else { return quotas(reading) };
    let Some(table) = reading.table(name) else { return undescribed(reading, resource) };
    match resource {
        Resource::Index(_, index) => match table.index(index) {
            Some(index) => index_facts(reading, resource, table, index),
            None => undescribed(reading, resource),
        },
        Resource::Account | Resource::Table(_) | Resource::Cluster(_) | Resource::Node(..) => {
            table_facts(reading, resource, table)
        }
    }
}

/// The alarms in `ALARM`, and the worst of what the lint found.
fn watched(subject: &Subject<'_>) -> Vec<Fact> {
    let Some(watch) = subject.watch else { return vec![] };
    let names: Vec<&str> = watch.in_alarm.iter().map(|name| &**name).collect();
    let alarms = (!names.is_empty()).then(|| fact("in ALARM", names.join(", "), Role::Trouble));
    let findings = watch.worst.map(|worst| {
        let role = match worst.severity {
            Severity::Error => Role::Trouble,
            Severity::Warning => Role::Notice,
            Severity::Info => Role::Text,
        };
        let text = format!("{}: {}", worst.rule.id, worst.what);
        let count = watch.findings;
        let text = if count > 1 { format!("{count}, the worst {text}") } else { text };
        fact("findings", text, role)
    });
    alarms.into_iter().chain(findings).collect()
}

pub(super) fn fact(label: &'static str, text: impl Into<String>, role: Role) -> Fact {
    Fact { label, text: Span::new(text, role) }
}

/// Why nothing is known of a table.
fn undescribed(reading: Reading<'_>, resource: &Resource) -> Vec<Fact> {
    let limit = reading.limit(resource, Direction::Read, |capacity| capacity.provisioned);
    let text = if let Figure::Denied { action } = limit {
        format!("no permission: {action}")
    } else {
        "not described yet".to_owned()
    };
    vec![fact("status", text, Role::Notice)]
}

/// The account's quotas in this region.
fn quotas(reading: Reading<'_>) -> Vec<Fact> {
    let Some(quotas) = reading.quotas() else {
        let denied = reading.health(Poller::Limits).and_then(|health| health.last.outcome.error());
        let text = denied.map_or_else(|| "not read yet".to_owned(), ToString::to_string);
        return vec![fact("quotas", text, Role::Dim)];
    };
    let pair = |read, write| format!("{} RCU, {} WCU", grouped(read), grouped(write));
    vec![
        fact("account", pair(quotas.account_read, quotas.account_write), Role::Text),
        fact("each table", pair(quotas.table_read, quotas.table_write), Role::Text),
    ]
}

fn table_facts(reading: Reading<'_>, resource: &Resource, table: &Table) -> Vec<Fact> {
    let details = &*table.details;
    let (mut facts, calm) = outflow::facts(reading, table);
    facts.extend([status(&table.status, false), mode(table)]);
    facts.extend(throughput(reading, resource, table.billing));
    facts.extend(changes(reading, &table.throughput));
    facts.push(size(table.bytes, table.items));
    facts.extend(keys(&details.keys));
    facts.push(opened("recovery", reading, &reading.backups(&table.name), backups));
    facts.push(opened("expiry", reading, &reading.time_to_live(&table.name), time_to_live));
    facts.push(protection(details));
    facts.push(encryption(details, reading));
    facts.extend(calm);
    facts.push(fact("class", details.class.as_str(), Role::Text));
    facts.extend(details.created.map(|at| fact("created", date(at), Role::Text)));
    facts
}

fn index_facts(
    reading: Reading<'_>,
    resource: &Resource,
    table: &Table,
    index: &Index,
) -> Vec<Fact> {
    let mut facts = vec![status(&index.status, index.backfilling), mode(table)];
    facts.extend(throughput(reading, resource, table.billing));
    facts.extend(changes(reading, &index.throughput));
    facts.push(size(index.bytes, index.items));
    facts.extend(keys(&index.keys));
    let projection = match &index.projection {
        Projection::All => "all attributes".to_owned(),
        Projection::KeysOnly => "keys only".to_owned(),
        Projection::Include(names) => format!("keys, {}", names.join(", ")),
    };
    facts.push(fact("projects", projection, Role::Text));
    facts
}

fn status(status: &str, backfilling: bool) -> Fact {
    let text = if backfilling { format!("{status}, backfilling") } else { status.to_owned() };
    let is_usual = status == "ACTIVE" && !backfilling;
    fact("status", text, if is_usual { Role::Text } else { Role::Notice })
}

fn mode(table: &Table) -> Fact {
    let mode = match table.billing {
        BillingMode::Provisioned => "provisioned",
        BillingMode::OnDemand => "on-demand",
    };
    fact("mode", mode, Role::Text)
}

/// Use of the limit, and who moves the limit, of both directions.
fn throughput(reading: Reading<'_>, resource: &Resource, billing: BillingMode) -> Vec<Fact> {
    let each = |direction| {
        let limit = limit(reading, resource, direction);
        let scaling = scaling(reading, resource, direction, billing);
        [Some(fact(direction.as_str(), limit, Role::Text)), scaling]
    };
    Direction::ALL.into_iter().flat_map(each).flatten().collect()
}

/// `28% of 3,000 RCU`, `4% of at most 1,000 RRU/s`, `310 RRU/s, no maximum, warm 12,000`.
fn limit(reading: Reading<'_>, resource: &Resource, direction: Direction) -> String {
    let (provisioned_unit, on_demand_unit) = match direction {
        Direction::Read => ("RCU", "RRU/s"),
        Direction::Write => ("WCU", "WRU/s"),
    };
    let capacity = reading.capacity(resource, direction).unwrap_or_default();
    let used = reading.utilization_percent(resource, direction);
    let warm = capacity.warm.map(|units| format!(", warm {}", grouped(units)));
    let met = |units| detail::limit_met(reading, resource, direction, units);
    match (capacity.provisioned, capacity.maximum) {
        (Some(units), _) => {
            phrase(used, Unit::Percent, &format!("of {} {provisioned_unit}", met(units)), "use")
        }
        (None, Some(units)) => {
            let of = format!("of at most {} {on_demand_unit}", met(units));
            phrase(used, Unit::Percent, &of, "use") + &warm.unwrap_or_default()
        }
        (None, None) => {
            let consumed = reading.consumed_per_second(resource, direction);
            let of = format!("{on_demand_unit}, no maximum");
            phrase(consumed, Unit::Decimal, &of, "consumption") + &warm.unwrap_or_default()
        }
    }
}

/// What autoscaling may do; nothing where there is none to expect.
fn scaling(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
    billing: BillingMode,
) -> Option<Fact> {
    match (reading.scalable_target(resource, direction), billing) {
        (Some(target), BillingMode::OnDemand) => {
            let text = format!("autoscaling {}: inert", detail::scaling_range(target));
            Some(fact("", text, Role::Notice))
        }
        (Some(target), BillingMode::Provisioned) => {
            let suspended = target.suspended.scale_out || target.suspended.scale_in;
            let role = if suspended { Role::Notice } else { Role::Text };
            Some(fact("", format!("autoscaling {}", detail::scaling_range(target)), role))
        }
        (None, BillingMode::OnDemand) => None,
        (None, BillingMode::Provisioned) if detail::scaling_was_read(reading) => {
            Some(fact("", "no autoscaling", Role::Text))
        }
        (None, BillingMode::Provisioned) => {
            let error = reading.health(Poller::Scaling).and_then(|h| h.last.outcome.error());
            let why = error.map_or_else(|| "not read yet".to_owned(), ToString::to_string);
            Some(fact("", format!("autoscaling: {why}"), Role::Dim))
        }
    }
}

/// When capacity was last raised and lowered, and how much of the day's decreases is used up.
fn changes(reading: Reading<'_>, throughput: &Throughput) -> Vec<Fact> {
    let now = reading.now();
    let written = |at: Timestamp| {
        let minute = minute(Minute::containing(at), now, reading.utc_offset());
        format!("{minute} ({} ago)", age(now, at))
    };
    let decreases = match throughput.decreases_today {
        Some(count) if count > 0 => format!(", {count} today (UTC)"),
        Some(_) | None => String::new(),
    };
    let raised = throughput.last_increase.map(|at| fact("raised", written(at), Role::Text));
    let lowered =
        throughput.last_decrease.map(|at| fact("lowered", written(at) + &decreases, Role::Text));
    raised.into_iter().chain(lowered).collect()
}

fn size(bytes: Option<u64>, items: Option<u64>) -> Fact {
    let items = items.map(|items| format!("{} items", grouped(items as f64)));
    let parts: Vec<String> = bytes.map(binary).into_iter().chain(items).collect();
    if parts.is_empty() {
        return fact("size", "not told", Role::Dim);
    }
    fact("size", format!("{} (up to 6 h old)", parts.join(", ")), Role::Text)
}

/// `512 B`, `1.5 KiB`, `2.0 TiB`.
fn binary(bytes: u64) -> String {
    let mut value = bytes as f64;
    if value < 1_024.0 {
        return format!("{bytes} B");
    }
    let mut unit = "";
    for next in ["KiB", "MiB", "GiB", "TiB", "PiB"] {
        if value < 1_023.95 {
            break;
        }
        value /= 1_024.0;
        unit = next;
    }
    format!("{value:.1} {unit}")
}

/// The names of the key's attributes.
fn keys(keys: &KeySchema) -> Option<Fact> {
    let written = |kind: &str, names: &[std::sync::Arc<str>]| {
        (!names.is_empty()).then(|| format!("{kind} {}", names.join("+")))
    };
    let parts = [written("pk", &keys.partition), written("sk", &keys.sort)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| fact("key", parts.join(", "), Role::Text))
}

/// What is read of an open table alone, or why it is not known.
pub(super) fn opened<T>(
    label: &'static str,
    reading: Reading<'_>,
    detail: &Detail<'_, T>,
    write: impl Fn(Reading<'_>, &T) -> (String, Role),
) -> Fact {
    let (text, role) = match *detail {
        Detail::Known { value, .. } => write(reading, value),
        Detail::Stale { value, at, error } => {
            let (text, _) = write(reading, value);
            (format!("{text} ({} ago; since then {error})", age(reading.now(), at)), Role::Stale)
        }
        Detail::Denied { action } => (format!("no permission: {action}"), Role::Problem),
        Detail::Failed(error) => (format!("not read: {error}"), Role::Problem),
        Detail::NotPolled => ("not read yet".to_owned(), Role::Dim),
    };
    fact(label, text, role)
}

/// Whether the table can be restored to a point in time, and how far back.
fn backups(reading: Reading<'_>, backups: &Backups) -> (String, Role) {
    match &*backups.recovery {
        "ENABLED" => {
            let days =
                backups.recovery_days.map(|days| format!(", {days} days")).unwrap_or_default();
            let written = |at| minute(Minute::containing(at), reading.now(), reading.utc_offset());
            let from = backups.earliest.map(|at| format!(", from {}", written(at)));
            (format!("PITR on{days}{}", from.unwrap_or_default()), Role::Text)
        }
        "DISABLED" => ("PITR off".to_owned(), Role::Text),
        other => (format!("PITR {other}"), Role::Notice),
    }
}

/// Whether items expire, and by which attribute.
fn time_to_live(_: Reading<'_>, expiry: &TimeToLive) -> (String, Role) {
    let attribute = expiry.attribute.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
    match &*expiry.status {
        "ENABLED" => (format!("TTL on{attribute}"), Role::Text),
        "DISABLED" => ("TTL off".to_owned(), Role::Text),
        other => (format!("TTL {other}{attribute}"), Role::Notice),
    }
}

fn protection(details: &Details) -> Fact {
    let text = if details.deletion_protection { "protected" } else { "not protected" };
    fact("deletion", text, Role::Text)
}

fn encryption(details: &Details, reading: Reading<'_>) -> Fact {
    let Encryption::Kms { key, status, inaccessible_since } = &details.encryption else {
        return fact("encryption", "AWS owned key", Role::Text);
    };
    let name = key.rsplit('/').next().unwrap_or(key);
    match inaccessible_since {
        Some(at) => {
            let since = minute(Minute::containing(*at), reading.now(), reading.utc_offset());
            fact("encryption", format!("KMS key unusable since {since}: {name}"), Role::Notice)
        }
        None if &**status == "ENABLED" => fact("encryption", format!("KMS key {name}"), Role::Text),
        None => fact("encryption", format!("{status}, KMS key {name}"), Role::Notice),
    }
}

fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
