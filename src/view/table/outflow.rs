//! Where a table's changes go, and how late they arrive: its stream's consumers, Kinesis, its replicas.

use super::Fact;
use super::facts::{fact, opened};
use crate::model::consumer::Consumer;
use crate::model::table::{KinesisDestination, KinesisStreaming, Replica, Table};
use crate::model::time::Figure;
use crate::store::{Detail, Reading};
use crate::view::Role;
use crate::view::format::{Unit, age, figure, grouped};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// From which age on a consumer or a data stream is unusually late, milliseconds.
const LATE_MILLISECONDS: f64 = 60_000.0;
/// The same of a replica: "cause for investigation" in AWS's recommended alarm on `ReplicationLatency`.
const REPLICA_LATE_MILLISECONDS: f64 = 180_000.0;

/// The facts: what is unusual, and what is not.
pub(super) fn facts(reading: Reading<'_>, table: &Table) -> (Vec<Fact>, Vec<Fact>) {
    let mut facts = vec![stream(reading, table)];
    facts.extend(reading.consumers_of(&table.name).flat_map(|one| consumer(reading, one)));
    let kinesis = |reading: Reading<'_>, streaming: &KinesisStreaming| {
        self::kinesis(reading, &table.name, streaming)
    };
    facts.push(opened("kinesis", reading, &reading.kinesis(&table.name), kinesis));
    facts.extend(replicas(reading, table));
    facts.into_iter().partition(|fact| fact.text.role == Role::Notice)
}

/// What the stream records, and why nothing is known of its consumers.
fn stream(reading: Reading<'_>, table: &Table) -> Fact {
    let Some(view) = table.details.stream.as_deref() else {
        return fact("stream", "off", Role::Text);
    };
    let consumers = match reading.consumers() {
        Detail::Known { .. } | Detail::Stale { .. } => {
            let is_unread = reading.consumers_of(&table.name).next().is_none();
            if is_unread { ", no function reads it".to_owned() } else { String::new() }
        }
        Detail::Denied { action } => format!(", consumers: no permission: {action}"),
        Detail::Failed(error) => format!(", consumers not read: {error}"),
        Detail::NotPolled => ", consumers not read yet".to_owned(),
    };
    fact("stream", format!("{view}{consumers}"), Role::Text)
}

/// `projector: 12 m behind, 48 errors/min`, and what becomes of a batch that fails.
fn consumer(reading: Reading<'_>, consumer: &Consumer) -> [Fact; 2] {
    let lag = reading.iterator_age(consumer);
    let count = |figure: Figure, what: &str| {
        let is_some = figure.value().is_some_and(|count| count > 0.0);
        is_some.then(|| format!("{} {what}/min", self::figure(figure, Unit::Count)))
    };
    let state = (&*consumer.state != "Enabled").then(|| consumer.state.to_string());
    let is_usual = |result: &&Arc<str>| matches!(&***result, "OK" | "No records processed");
    let result = consumer.last_result.as_ref().filter(|result| !is_usual(result));
    let present = [
        state,
        Some(behind(reading, lag, "not invoked", "age")),
        count(reading.function_errors(consumer), "errors"),
        count(reading.function_throttles(consumer), "throttles"),
    ];
    let present: Vec<String> = present.into_iter().flatten().collect();
    let result = result.map(ToString::to_string);
    let failing: Vec<String> =
        result.into_iter().chain([retries(consumer), destination(consumer)]).collect();
    let is_late = lag.value().is_some_and(|lag| lag >= LATE_MILLISECONDS);
    let is_throttled = reading.function_throttles(consumer).value() > Some(0.0);
    let is_unusual = is_late || is_throttled || !consumer.is_well();
    let role = if is_unusual { Role::Notice } else { Role::Text };
    [
        fact("consumer", format!("{}: {}", consumer.function, present.join(", ")), role),
        fact("", failing.join(", "), role),
    ]
}

/// How long a failing batch is in the way.
fn retries(consumer: &Consumer) -> String {
    let retries = match consumer.maximum_retries {
        Some(count) if count >= 0 => format!("{count} retries"),
        Some(_) | None => "retries without end".to_owned(),
    };
    match consumer.maximum_record_age_seconds {
        Some(seconds) if seconds >= 0 => {
            format!("{retries} up to {}", span(f64::from(seconds) * 1e3))
        }
        Some(_) | None => retries,
    }
}

/// Where batches go that are given up.
fn destination(consumer: &Consumer) -> String {
    match &consumer.on_failure {
        Some(arn) => format!("failures to {}", arn.rsplit([':', '/']).next().unwrap_or(arn)),
        None => "no failure destination".to_owned(),
    }
}

fn kinesis(reading: Reading<'_>, table: &Arc<str>, streaming: &KinesisStreaming) -> (String, Role) {
    if streaming.destinations.is_empty() {
        return ("off".to_owned(), Role::Text);
    }
    let name = |told: &KinesisDestination| {
        let name = told.stream.rsplit('/').next().unwrap_or(&told.stream).to_owned();
        let why = told.status_description.as_ref().map(|why| format!(" ({why})"));
        let is_usual = &*told.status == "ACTIVE";
        let status = if is_usual { String::new() } else { format!(" {}", told.status) };
        name + &status + &why.unwrap_or_default()
    };
    let counted = |figure: Figure, what: &str| {
        let count = figure.value().filter(|count| *count > 0.0);
        count.map(|count| format!("{} {what}", grouped(count)))
    };
    let age = reading.kinesis_age(table);
    let counts = [
        counted(reading.kinesis_throttles(table), "records refused"),
        counted(reading.kinesis_failures(table), "records lost"),
    ];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let is_active = |told: &KinesisDestination| &*told.status == "ACTIVE";
    let is_late = age.value().is_some_and(|age| age >= LATE_MILLISECONDS);
    let is_usual = streaming.destinations.iter().all(is_active) && counts.is_empty() && !is_late;
    let names: Vec<String> = streaming.destinations.iter().map(name).collect();
    let parts = [vec![names.join(", "), behind(reading, age, "idle", "age")], counts].concat();
    (parts.join(", "), if is_usual { Role::Text } else { Role::Notice })
}

/// One fact for each replica.
fn replicas(reading: Reading<'_>, table: &Table) -> Vec<Fact> {
    let replicas = &table.details.replicas;
    if replicas.is_empty() {
        return vec![fact("replicas", "none", Role::Text)];
    }
    let written = |replica: &Replica| {
        let latency = reading.replication_latency(&table.name, &replica.region);
        let is_active = &*replica.status == "ACTIVE";
        let status = if is_active { String::new() } else { format!("{}, ", replica.status) };
        let latency_text = behind(reading, latency, "nothing arrives", "latency");
        let is_late = latency.value().is_some_and(|latency| latency >= REPLICA_LATE_MILLISECONDS);
        let role = if is_late || !is_active { Role::Notice } else { Role::Text };
        fact("replica", format!("{}: {status}{latency_text}", replica.region), role)
    };
    replicas.iter().map(written).collect()
}

/// So many milliseconds in words, as ages are written.
fn span(milliseconds: f64) -> String {
    let since = SignedDuration::from_secs_f64(milliseconds.clamp(0.0, 1e11) / 1e3);
    if milliseconds < 1e3 {
        "under 1 s".to_owned()
    } else {
        age(Timestamp::UNIX_EPOCH + since, Timestamp::UNIX_EPOCH)
    }
}

/// `12 m behind`; where there is no number, why.
fn behind(reading: Reading<'_>, lag: Figure, idle: &str, subject: &str) -> String {
    match lag {
        Figure::Value { value, .. } => format!("{} behind", span(value)),
        Figure::Settling { value, .. } => format!("~{} behind", span(value)),
        Figure::Stale { value, at } => {
            format!("{} behind {} ago", span(value), age(reading.now(), at.start()))
        }
        Figure::Zero { .. } => "under 1 s behind".to_owned(),
        Figure::Idle { .. } => idle.to_owned(),
        Figure::Unknown { .. } => format!("{subject} unknown"),
        Figure::Denied { action } => format!("{subject}: no permission for {action}"),
        Figure::NotApplicable => format!("{subject} not applicable"),
        Figure::NotPolled => format!("{subject} not polled"),
    }
}
