//! Replicas of a global table in other regions: their state, and how late writes arrive there.

use super::Outflow;
use crate::diagnose::evidence::single;
use crate::diagnose::gauge::Gauge;
use crate::diagnose::lately::{STATE, is_lately};
use crate::diagnose::spell::{LEAST_KNOWN, Spell};
use crate::diagnose::words::{clock, span};
use crate::diagnose::{Cause, Evidence, Fact, Severity, Thresholds, Unit, Verdict};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::table::{Replica, Table};
use crate::model::throttle::Direction;
use crate::store::Reading;

/// Amazon DynamoDB Developer Guide, "Global tables: How it works" and "Monitoring global tables".
const LATE_ADVICE: &str = "look at the replica in its own region: its write capacity, throttles and the AWS Health \
    Dashboard; until it has caught up, send those who must read what was just written to this region";

/// States of a replica in which nothing is wrong: it is there, or somebody is changing it.
const USUAL: [&str; 4] = ["ACTIVE", "CREATING", "UPDATING", "DELETING"];

/// What is wrong with the replicas of a table.
pub(super) fn verdicts(
    reading: Reading<'_>,
    table: &Table,
    thresholds: &Thresholds,
) -> Vec<Verdict> {
    let judge = |replica: &Replica| {
        stopped(reading, table, replica).or_else(|| late(reading, table, replica, thresholds))
    };
    table.details.replicas.iter().filter_map(judge).collect()
}

/// A replica that is not active, and that nobody is making or removing.
fn stopped(reading: Reading<'_>, table: &Table, replica: &Replica) -> Option<Verdict> {
    if USUAL.contains(&&*replica.status) {
        return None;
    }
    let resource = Resource::Table(table.name.clone());
    let key = SeriesKey::sum(resource.clone(), Metric::Consumed(Direction::Write));
    let since = reading.series(&key)?.first_read()?;
    if !is_lately(reading, reading.described_at(&resource)?, STATE) {
        return None;
    }
    let spell = Spell { maybe_earlier: true, ..Spell::began(since) };
    let text = format!("the replica in {} is {}", replica.region, replica.status);
    Some(Verdict {
        recipient: Some(replica.region.clone()),
        evidence: vec![Evidence::fact(Fact::Settings, text)],
        advice: advice(replica).into(),
        ..spell.verdict(resource, Cause::Outflow(Outflow::ReplicaStopped), Severity::Trouble)
    })
}

/// Amazon DynamoDB API Reference, "`ReplicaDescription`".
fn advice(replica: &Replica) -> String {
    let region = &replica.region;
    match &*replica.status {
        "INACCESSIBLE_ENCRYPTION_CREDENTIALS" => format!(
            "let DynamoDB use the replica's KMS key in {region} again: look at the key's state and policy there; after \
             20 hours DynamoDB takes the replica out of the global table"
        ),
        "REGION_DISABLED" => format!(
            "enable {region} for the account again, unless it is given up: after 20 hours DynamoDB takes the replica \
             out of the global table"
        ),
        "REPLICATION_NOT_AUTHORIZED" => format!(
            "replication to {region} is not allowed: look at the resource policies of the table and of the replica, \
             and at the service-linked role"
        ),
        "CREATION_FAILED" => format!(
            "the replica in {region} could not be made: DescribeTable's ReplicaStatusDescription says why"
        ),
        _ => format!("see DescribeTable's ReplicaStatusDescription of the replica in {region}"),
    }
}

/// A replica that writes reach later than they used to, or later than AWS thinks well.
fn late(
    reading: Reading<'_>,
    table: &Table,
    replica: &Replica,
    thresholds: &Thresholds,
) -> Option<Verdict> {
    let key = SeriesKey::outflow(&table.name, Metric::ReplicationLatency, &replica.region);
    let latency = Gauge::of(reading, key, thresholds)?;
    let bad = thresholds.replica_late_seconds * 1e3;
    let least = thresholds.replica_raised_seconds * 1e3;
    let spell = latency.spell(thresholds.late_minutes, |value| value >= least)?;
    // What lasts for long must not become what is usual. One that is always so late has no time before.
    let before = latency.before(spell.since, LEAST_KNOWN);
    let usual = before.or_else(|| latency.usual(LEAST_KNOWN));
    let raised = least.max(usual.map_or(bad, |usual| thresholds.replica_factor * usual)).min(bad);
    let spell = latency.spell(thresholds.late_minutes, |value| value >= raised)?;
    let (minute, value) = latency.newest().next()?;
    let before = usual.map(|usual| format!(", {} in the hour before", span(usual)));
    let text = format!(
        "writes reach {} after {} in {}{}",
        replica.region,
        span(value),
        clock(reading, minute),
        before.unwrap_or_default(),
    );
    let catches_up = latency.rise().is_some_and(|rise| rise < 0.0);
    let is_bad = value >= bad && !catches_up;
    let mut evidence = vec![Evidence::series(
        latency.key.clone(),
        text,
        (value, Unit::Milliseconds),
        single(minute),
    )];
    if value >= bad {
        let text = format!("AWS calls {} a cause for investigation", span(180_000.0));
        evidence.push(Evidence::fact(Fact::Definition, text));
    }
    Some(Verdict {
        recipient: Some(replica.region.clone()),
        evidence,
        advice: LATE_ADVICE.into(),
        ..spell.verdict(
            Resource::Table(table.name.clone()),
            Cause::Outflow(Outflow::ReplicaLate),
            if is_bad { Severity::Trouble } else { Severity::Notice },
        )
    })
}
