//! What no alarm watches, of what AWS recommends to watch.

use super::context::Context;
use super::fault::Fault;
use super::fix::Fix;
use super::fix::recommended::{self, Missing, Recommended, named, throttles};
use super::rules::{Check, Row, source};
use super::{Rule, Severity};
use crate::model::alarm::Subject;
use crate::model::dax::Cluster;
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use crate::store::TableEntry;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const RULES: &[Row] = &[
    Row {
        rule: Rule {
            id: "DDB024",
            what: "an index without any alarm on its throttles",
            why: "the metrics of a table leave its global secondary indexes out: an index that \
                  throttles, and holds back writes to its table, shows in its own metrics only",
            fix: "add alarms with TableName and GlobalSecondaryIndexName",
            source: source::RECOMMENDED,
            severity: Severity::Warning,
        },
        check: Check::Scope(indexes),
    },
    Row {
        rule: Rule {
            id: "COV01",
            what: "a table without any alarm on its throttles",
            why: "nobody is told when its requests are refused",
            fix: "add AWS's recommended alarms",
            source: source::RECOMMENDED,
            severity: Severity::Warning,
        },
        check: Check::Scope(tables),
    },
    Row {
        rule: Rule {
            id: "COV02",
            what: "alarms on the throttles of one direction only",
            why: "reads and writes throttle on their own",
            fix: "add AWS's recommended alarm for the other direction",
            source: source::RECOMMENDED,
            severity: Severity::Info,
        },
        check: Check::Scope(directions),
    },
    Row {
        rule: Rule {
            id: "COV03",
            what: "no alarm on UserErrors",
            why: "it is the only sign of refused requests (HTTP 400) other than throttles and failed \
                  conditions",
            fix: "add AWS's recommended alarm, once for account and region",
            source: source::RECOMMENDED,
            severity: Severity::Info,
        },
        check: Check::Scope(user_errors),
    },
    Row {
        rule: Rule {
            id: "COV04",
            what: "a table without an alarm on SystemErrors",
            why: "it counts the requests that DynamoDB itself fails (HTTP 500)",
            fix: "add AWS's recommended alarm for each operation",
            source: source::RECOMMENDED,
            severity: Severity::Info,
        },
        check: Check::Scope(system_errors),
    },
    Row {
        rule: Rule {
            id: "COV05",
            what: "a replica without an alarm on its ReplicationLatency",
            why: "nobody is told when a region falls behind",
            fix: "add AWS's recommended alarm for each region that receives",
            source: source::RECOMMENDED,
            severity: Severity::Info,
        },
        check: Check::Scope(replicas),
    },
    Row {
        rule: Rule {
            id: "COV06",
            what: "a stream consumer without an alarm on its IteratorAge",
            why: "a stream keeps its records for 24 hours: what a function has not read by then is lost",
            fix: "add an alarm on IteratorAge of the function",
            source: "AWS Lambda Developer Guide, Using AWS Lambda with Amazon DynamoDB",
            severity: Severity::Info,
        },
        check: Check::Scope(consumers),
    },
    Row {
        rule: Rule {
            id: "COV07",
            what: "a DAX cluster without an alarm on its CPU",
            why: "AWS recommends to watch CPUUtilization; it names no threshold",
            fix: "add an alarm on CPUUtilization",
            source: source::DAX,
            severity: Severity::Info,
        },
        check: Check::Scope(dax_cpu),
    },
    Row {
        rule: Rule {
            id: "COV08",
            what: "a DAX cluster without an alarm on its memory",
            why: "DAX evicts items before its memory is full, and throttles writes once it is",
            fix: "add an alarm on CacheMemoryUtilization",
            source: source::DAX,
            severity: Severity::Info,
        },
        check: Check::Scope(dax_memory),
    },
    Row {
        rule: Rule {
            id: "COV09",
            what: "a DAX cluster without an alarm on its faults",
            why: "FaultRequestCount counts the requests that DAX itself fails",
            fix: "add an alarm on FaultRequestCount",
            source: source::DAX,
            severity: Severity::Info,
        },
        check: Check::Scope(dax_faults),
    },
    Row {
        rule: Rule {
            id: "COV10",
            what: "a DAX cluster without an alarm on its throttles",
            why: "what a node throttles never reaches DynamoDB, and shows in no metric of a table",
            fix: "add an alarm on ThrottledRequestCount",
            source: source::DAX,
            severity: Severity::Info,
        },
        check: Check::Scope(dax_throttles),
    },
];

/// The tables that are there to stay, if alarms could be read.
fn watched_tables<'a>(lint: &Context<'a>) -> impl Iterator<Item = TableEntry<'a>> {
    let tables = lint.alarms.is_some().then(|| lint.reading.tables());
    tables.into_iter().flatten().filter(|entry| {
        entry.table.is_none_or(|table| !matches!(&*table.status, "DELETING" | "ARCHIVED"))
    })
}

fn watched_indexes(lint: &Context<'_>) -> impl Iterator<Item = Resource> {
    watched_tables(lint).flat_map(|TableEntry { name, table }| {
        let indexes = table.map_or(&[][..], |table| &table.indexes);
        let lasting = indexes.iter().filter(|index| &*index.status != "DELETING");
        lasting.map(|index| Resource::Index(Arc::clone(name), Arc::clone(&index.name)))
    })
}

fn add(lint: &Context<'_>, missing: Vec<Missing>) -> Fix {
    Fix::Add(missing, Arc::clone(&lint.topic))
}

fn throttle_alarms(lint: &Context<'_>, resource: &Resource, directions: &[Direction]) -> Fix {
    let missing = |direction: &Direction| Missing::new(throttles(*direction), named(resource));
    add(lint, directions.iter().map(missing).collect())
}

fn indexes(lint: &Context<'_>) -> Vec<Fault> {
    let fault = |resource: Resource| {
        let missing = lint.watched.unthrottled(&resource);
        let Resource::Index(table, index) = &resource else { return None };
        if missing.len() < Direction::ALL.len() {
            return None;
        }
        let of_table = Resource::Table(Arc::clone(table));
        let table_has = lint.watched.unthrottled(&of_table).len() < Direction::ALL.len();
        let but = if table_has { "; those of its table leave it out" } else { "" };
        let what = format!("no alarm watches the throttles of index {index} of {table}{but}");
        let fix = throttle_alarms(lint, &resource, &missing);
        Some(Fault::new(what).on(resource).mended(fix))
    };
    watched_indexes(lint).filter_map(fault).collect()
}

fn tables(lint: &Context<'_>) -> Vec<Fault> {
    let fault = |entry: TableEntry<'_>| {
        let resource = Resource::Table(Arc::clone(entry.name));
        let missing = lint.watched.unthrottled(&resource);
        if missing.len() < Direction::ALL.len() {
            return None;
        }
        let what = format!("no alarm watches the throttles of {}", entry.name);
        let fix = throttle_alarms(lint, &resource, &missing);
        Some(Fault::new(what).on(resource).mended(fix))
    };
    watched_tables(lint).filter_map(fault).collect()
}

fn directions(lint: &Context<'_>) -> Vec<Fault> {
    let tables = watched_tables(lint).map(|entry| Resource::Table(Arc::clone(entry.name)));
    let fault = |resource: Resource| {
        let missing = lint.watched.unthrottled(&resource);
        let [direction] = missing.as_slice() else { return None };
        let metric = throttles(*direction).metric();
        let what = format!("no alarm watches {metric} of {resource}, only the other direction");
        let fix = throttle_alarms(lint, &resource, &missing);
        Some(Fault::new(what).on(resource).mended(fix))
    };
    tables.chain(watched_indexes(lint)).filter_map(fault).collect()
}

fn user_errors(lint: &Context<'_>) -> Vec<Fault> {
    // An account without tables has nothing to watch.
    let has_tables = watched_tables(lint).next().is_some();
    if !has_tables || lint.watched.has_any("UserErrors") {
        return vec![];
    }
    let what = format!("no alarm watches UserErrors of the account in {}", lint.region());
    let fix = add(lint, vec![Missing::new(&recommended::USER_ERRORS, vec![])]);
    vec![Fault::new(what).on(Resource::Account).mended(fix)]
}

fn system_errors(lint: &Context<'_>) -> Vec<Fault> {
    let fault = |entry: TableEntry<'_>| {
        let resource = Resource::Table(Arc::clone(entry.name));
        if lint.watched.has(Subject::Dynamo(resource.clone()), "SystemErrors") {
            return None;
        }
        let what = format!("no alarm watches SystemErrors of {}", entry.name);
        let on = |operation: &Arc<str>| {
            let dimensions =
                vec![("TableName", Arc::clone(entry.name)), ("Operation", Arc::clone(operation))];
            Missing::new(&recommended::SYSTEM_ERRORS, dimensions)
        };
        let operations = lint.reading.operations(entry.name);
        // Before its operations are known there is nothing to name.
        let fix = match operations {
            [] => Fix::Unknown,
            seen => add(lint, seen.iter().map(on).collect()),
        };
        Some(Fault::new(what).on(resource).mended(fix))
    };
    watched_tables(lint).filter_map(fault).collect()
}

fn replicas(lint: &Context<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for TableEntry { name, table } in watched_tables(lint) {
        for replica in table.map_or(&[][..], |table| &table.details.replicas) {
            let region = &replica.region;
            if **region == *lint.region() || lint.watched.has_replication(name, region) {
                continue;
            }
            let what = format!("no alarm watches ReplicationLatency of {name} towards {region}");
            let dimensions =
                vec![("TableName", Arc::clone(name)), ("ReceivingRegion", Arc::clone(region))];
            let fix = add(lint, vec![Missing::new(&recommended::REPLICATION, dimensions)]);
            let fault = Fault::new(what).on(Resource::Table(Arc::clone(name)));
            faults.push(fault.at("ReceivingRegion").mended(fix));
        }
    }
    faults
}

fn consumers(lint: &Context<'_>) -> Vec<Fault> {
    let known = lint.reading.consumers().value().filter(|_| lint.alarms.is_some());
    // A function may read several streams, and has one IteratorAge.
    let tables: BTreeMap<&Arc<str>, &Arc<str>> = known
        .into_iter()
        .flatten()
        .filter(|consumer| &*consumer.state != "Disabled")
        .map(|consumer| (&consumer.function, &consumer.table))
        .collect();
    let fault = |(function, table): (&Arc<str>, &Arc<str>)| {
        if lint.watched.has(Subject::Function(Arc::clone(function)), "IteratorAge") {
            return None;
        }
        let what = format!(
            "no alarm watches IteratorAge of {function}, which reads the stream of {table}"
        );
        let dimensions = vec![("FunctionName", Arc::clone(function))];
        let fix = add(lint, vec![Missing::new(&recommended::ITERATOR_AGE, dimensions)]);
        let fault = Fault::new(what).on(Resource::Table(Arc::clone(table)));
        Some(fault.on_other(format!("function/{function}")).mended(fix))
    };
    tables.into_iter().filter_map(fault).collect()
}

fn dax_cpu(lint: &Context<'_>) -> Vec<Fault> {
    dax(lint, &recommended::DAX_CPU, &[])
}

fn dax_memory(lint: &Context<'_>) -> Vec<Fault> {
    dax(lint, &recommended::DAX_MEMORY, &[])
}

/// All failures of a cluster are as good as its faults.
fn dax_faults(lint: &Context<'_>) -> Vec<Fault> {
    dax(lint, &recommended::DAX_FAULTS, &["FailedRequestCount"])
}

/// Errors and failures of a cluster count its throttles, too.
fn dax_throttles(lint: &Context<'_>) -> Vec<Fault> {
    dax(lint, &recommended::DAX_THROTTLES, &["ErrorRequestCount", "FailedRequestCount"])
}

/// The clusters without an alarm on a metric, nor on one that is as good.
fn dax(lint: &Context<'_>, wanted: &'static Recommended, as_good: &[&str]) -> Vec<Fault> {
    let known = lint.reading.clusters().value().filter(|_| lint.alarms.is_some());
    let fault = |cluster: &Cluster| {
        let has =
            |metric: &str| lint.watched.has(Subject::Dax(Arc::clone(&cluster.name), None), metric);
        if has(wanted.metric()) || as_good.iter().any(|metric| has(metric)) {
            return None;
        }
        let what = format!("no alarm watches {} of DAX cluster {}", wanted.metric(), cluster.name);
        let missing = Missing::new(wanted, vec![("ClusterId", Arc::clone(&cluster.name))]);
        let fault = Fault::new(what).on_other(format!("dax/{}", cluster.name));
        Some(fault.mended(add(lint, vec![missing])))
    };
    let lasting = known.into_iter().flatten().filter(|cluster| &*cluster.status != "deleting");
    lasting.filter_map(fault).collect()
}
