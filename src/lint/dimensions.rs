//! Dimensions that no metric is published with: `CloudWatch` takes such an alarm without a word, and
//! it never gets data.

use super::context::Watch;
use super::fault::{Fault, with_stat};
use super::fix::recommended::{dimension, dimensions, throttles};
use super::fix::{Call, Fix, free_name};
use super::published::{DAX, Published};
use super::rules::{Check, Row, source};
use super::{Rule, Severity};
use crate::model::alarm::{Alarm, Subject};
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use std::sync::Arc;

pub(super) const RULES: &[Row] = &[
    Row {
        rule: Rule {
            id: "DDB001",
            what: "UserErrors with a dimension",
            why: "AWS publishes UserErrors for the whole account and region only, never for a table",
            fix: "drop the dimensions",
            source: source::METRICS,
            severity: Severity::Error,
        },
        check: Check::Metric(user_errors),
    },
    Row {
        rule: Rule {
            id: "DDB002",
            what: "ThrottledRequests without Operation",
            why: "AWS publishes ThrottledRequests for each operation of a table only",
            fix: "watch ReadThrottleEvents and WriteThrottleEvents, or one operation at a time",
            source: source::METRICS,
            severity: Severity::Error,
        },
        check: Check::Metric(throttled_requests),
    },
    Row {
        rule: Rule {
            id: "DDB003",
            what: "a metric of operations without Operation",
            why: "AWS publishes SuccessfulRequestLatency and what operations return for each \
                  operation of a table only",
            fix: "watch one operation at a time",
            source: source::METRICS,
            severity: Severity::Error,
        },
        check: Check::Metric(operations),
    },
    Row {
        rule: Rule {
            id: "DDB004",
            what: "SystemErrors without Operation",
            why: "AWS lists SystemErrors for each operation of a table only; its own recommended \
                  alarm leaves Operation out, and probably never fires",
            fix: "watch one operation at a time",
            source: source::METRICS,
            severity: Severity::Error,
        },
        check: Check::Metric(system_errors),
    },
    Row {
        rule: Rule {
            id: "DDB005",
            what: "dimensions that a metric of tables and indexes does not have",
            why: "AWS publishes it with TableName, or with TableName and GlobalSecondaryIndexName, \
                  spelt exactly so",
            fix: "name the table, and the index by GlobalSecondaryIndexName",
            source: source::METRICS,
            severity: Severity::Error,
        },
        check: Check::Metric(table_or_index),
    },
    Row {
        rule: Rule {
            id: "DDB006",
            what: "ReplicationLatency without a ReceivingRegion that receives",
            why: "AWS publishes it where it is written from, for each region that receives",
            fix: "watch each other region that has a replica",
            source: source::METRICS,
            severity: Severity::Error,
        },
        check: Check::Metric(replication),
    },
    Row {
        rule: Rule {
            id: "DDB007",
            what: "a metric of the Kinesis destination without DelegatedOperation",
            why: "AWS publishes it with TableName and DelegatedOperation only, and only for tables \
                  that send their changes to Kinesis Data Streams",
            fix: "add DelegatedOperation, as ListMetrics spells it",
            source: source::METRICS,
            severity: Severity::Error,
        },
        check: Check::Metric(delegated),
    },
    Row {
        rule: Rule {
            id: "DDB008",
            what: "a metric of the account with a dimension",
            why: "AWS publishes account quotas and their use for the whole account and region only",
            fix: "drop the dimensions",
            source: source::METRICS,
            severity: Severity::Error,
        },
        check: Check::Metric(account),
    },
    Row {
        rule: Rule {
            id: "DDB025",
            what: "a DAX metric without ClusterId, spelt so and in lower case",
            why: "names and values of dimensions match exactly: it is ClusterId, not ClusterID, and \
                  DAX keeps the names of clusters in lower case",
            fix: "name the cluster by ClusterId, and a node by ClusterId and NodeId",
            source: source::DAX,
            severity: Severity::Error,
        },
        check: Check::Metric(dax),
    },
];

/// The dimension to blame: the first that no set of the metric has, or else the first of its
/// shortest set that is missing.
fn blamed(watch: &Watch<'_>, row: &Published) -> String {
    let foreign = |name: &&str| !row.sets.iter().any(|set| set.contains(name));
    let own = watch.stat.dimensions.iter().map(|(name, _)| &**name);
    let missing = row
        .sets
        .iter()
        .find(|set| !set.is_empty())
        .and_then(|set| set.iter().copied().find(|name| watch.stat.dimension(name).is_none()));
    let first = watch.stat.dimensions.first().map(|(name, _)| &**name);
    own.clone().find(foreign).or(missing).or(first).unwrap_or("TableName").to_owned()
}

/// The words that all of these have in common, and the dimension to blame.
fn fault(watch: &Watch<'_>, row: &Published, published: &str) -> Fault {
    let (alarm, metric) = (&watch.alarm.name, &watch.stat.metric);
    let (with, then) = (watch.dimensions(), watch.without_data());
    let what = if watch.is_alone() {
        format!("{alarm} watches {metric} with {with}, but AWS publishes it {published}: {then}")
    } else {
        format!(
            "{alarm} adds {metric} with {with} to its metric math, but AWS publishes it \
             {published}: that part never has data"
        )
    };
    let rest_works = watch
        .settings
        .stats()
        .into_iter()
        .any(|stat| Published::of(stat).is_none_or(|row| row.has_dimensions(stat)));
    let severity = if rest_works { Severity::Warning } else { Severity::Error };
    Fault::new(what).at(&blamed(watch, row)).of_severity(severity)
}

/// How AWS publishes a metric of `DynamoDB` called one of `names`, if not as the alarm has it.
fn unpublished(watch: &Watch<'_>, names: &[&str]) -> Option<&'static Published> {
    watch.dynamo(names).filter(|row| !row.has_dimensions(watch.stat))
}

fn without_dimensions(watch: &Watch<'_>) -> Fix {
    Fix::Put(vec![with_stat(watch.alarm, watch.place, |stat| stat.dimensions.clear())])
}

fn user_errors(watch: &Watch<'_>) -> Option<Fault> {
    let row = unpublished(watch, &["UserErrors"])?;
    Some(fault(watch, row, "without dimensions only").mended(without_dimensions(watch)))
}

fn throttled_requests(watch: &Watch<'_>) -> Option<Fault> {
    let row = unpublished(watch, &["ThrottledRequests"])?;
    let fault = fault(watch, row, "with TableName and Operation only");
    Some(fault.mended(as_throttle_events(watch)))
}

/// The alarm turned into one on write throttles and one on read throttles of the table or index it
/// is about.
pub(super) fn as_throttle_events(watch: &Watch<'_>) -> Fix {
    let Some(resource @ (Resource::Table(_) | Resource::Index(..))) = watch.subject.resource()
    else {
        return Fix::Unknown;
    };
    if !watch.is_alone() {
        return Fix::Unknown;
    }
    let on = |direction: Direction| {
        let events = throttles(direction).metric();
        with_stat(watch.alarm, watch.place, |stat| {
            stat.metric = Arc::from(events);
            stat.statistic = Arc::from("Sum");
            stat.dimensions = dimensions(resource);
        })
    };
    let mut reads = on(Direction::Read);
    reads.name = free_name(watch.lint.reading, &format!("{}-reads", watch.alarm.name));
    Fix::Put(vec![on(Direction::Write), reads])
}

fn operations(watch: &Watch<'_>) -> Option<Fault> {
    let names =
        ["SuccessfulRequestLatency", "ReturnedItemCount", "FaultInjectionServiceInducedErrors"];
    let row = unpublished(watch, &names)?;
    let fault = fault(watch, row, "with TableName and Operation only");
    Some(fault.mended(per_operation(watch)))
}

fn system_errors(watch: &Watch<'_>) -> Option<Fault> {
    let row = unpublished(watch, &["SystemErrors"])?;
    let fault = fault(watch, row, "with TableName and Operation only");
    let as_recommended =
        watch.stat.dimensions.len() == 1 && watch.stat.dimension("TableName").is_some();
    let severity = if as_recommended { Some(Severity::Warning) } else { fault.severity };
    Some(Fault { severity, ..fault.mended(per_operation(watch)) })
}

/// The alarm once for each operation that its table was seen to serve.
fn per_operation(watch: &Watch<'_>) -> Fix {
    let table = watch.subject.resource().and_then(Resource::table_name);
    let (Some(table), true) = (table, watch.is_alone()) else { return Fix::Unknown };
    let seen = watch.lint.reading.operations(table);
    let on = |(number, operation): (usize, &Arc<str>)| -> Alarm {
        let mut alarm = with_stat(watch.alarm, watch.place, |stat| {
            stat.dimensions = dimensions(&Resource::Table(table.clone()));
            stat.dimensions.push(dimension("Operation", operation));
        });
        if number > 0 {
            alarm.name =
                free_name(watch.lint.reading, &format!("{}-{operation}", watch.alarm.name));
        }
        alarm
    };
    let alarms: Vec<Alarm> = seen.iter().enumerate().map(on).collect();
    if alarms.is_empty() { list_metrics(watch) } else { Fix::Put(alarms) }
}

/// The command that tells how AWS publishes a metric here.
pub(super) fn list_metrics(watch: &Watch<'_>) -> Fix {
    let (namespace, metric) = (&watch.stat.namespace, &watch.stat.metric);
    Fix::Call(Call::ListMetrics { namespace: Arc::clone(namespace), metric: Arc::clone(metric) })
}

fn table_or_index(watch: &Watch<'_>) -> Option<Fault> {
    let row = watch.published.filter(|row| {
        row.namespace == super::published::DYNAMODB
            && row.sets.iter().any(|set| set.len() <= 2 && set.contains(&"TableName"))
            && !["ReceivingRegion", "DelegatedOperation", "Operation"]
                .iter()
                .any(|other| row.sets.iter().any(|set| set.contains(other)))
            && !row.has_dimensions(watch.stat)
    })?;
    let has_indexes = row.sets.iter().any(|set| set.contains(&"GlobalSecondaryIndexName"));
    let has_tables = row.sets.iter().any(|set| *set == ["TableName"]);
    let published = match (has_tables, has_indexes) {
        (true, false) => "with TableName only",
        (false, _) => "with TableName and GlobalSecondaryIndexName only",
        (true, true) => "with TableName, or TableName and GlobalSecondaryIndexName",
    };
    let resource = watch.subject.resource().filter(|resource| match resource {
        Resource::Account | Resource::Cluster(_) | Resource::Node(..) => false,
        Resource::Table(_) => has_tables,
        Resource::Index(..) => has_indexes,
    });
    let fix = resource.map_or(Fix::Unknown, |resource| {
        let change = with_stat(watch.alarm, watch.place, |stat| {
            stat.dimensions = dimensions(resource);
        });
        Fix::Put(vec![change])
    });
    Some(fault(watch, row, published).mended(fix))
}

fn replication(watch: &Watch<'_>) -> Option<Fault> {
    let row = watch.dynamo(&["ReplicationLatency", "PendingReplicationCount"])?;
    let region = watch.stat.dimension("ReceivingRegion");
    let replicas = watch.table().map_or(&[][..], |table| &table.details.replicas);
    let (alarm, metric) = (&watch.alarm.name, &watch.stat.metric);
    let found = match region {
        _ if !row.has_dimensions(watch.stat) => {
            fault(watch, row, "with TableName and ReceivingRegion only")
        }
        // A part of metric math may be of another account, but not of another region.
        Some(region) if **region == *watch.lint.region() => Fault::new(format!(
            "{alarm} watches {metric} towards {region}, the region it is in: AWS publishes it for \
             other regions only, so {}",
            watch.without_data()
        )),
        Some(region)
            if !replicas.is_empty() && !replicas.iter().any(|known| known.region == *region) =>
        {
            Fault::new(format!(
                "{alarm} watches {metric} towards {region}, but {} has no replica there: {}",
                watch.table().map_or("the table", |table| &table.name),
                watch.without_data()
            ))
        }
        Some(_) | None => return None,
    };
    let towards = |(number, region): (usize, &Arc<str>)| -> Option<Alarm> {
        let table = watch.stat.dimension("TableName")?;
        let mut alarm = with_stat(watch.alarm, watch.place, |stat| {
            stat.dimensions =
                vec![dimension("TableName", table), dimension("ReceivingRegion", region)];
        });
        if number > 0 {
            alarm.name = free_name(watch.lint.reading, &format!("{}-{region}", watch.alarm.name));
        }
        Some(alarm)
    };
    let regions = replicas.iter().map(|replica| &replica.region);
    let others = regions.filter(|region| ***region != *watch.lint.region());
    let alarms: Vec<Alarm> = others.enumerate().filter_map(towards).collect();
    let fix = if alarms.is_empty() { list_metrics(watch) } else { Fix::Put(alarms) };
    Some(found.at("ReceivingRegion").mended(fix))
}

fn delegated(watch: &Watch<'_>) -> Option<Fault> {
    let names = [
        "AgeOfOldestUnreplicatedRecord",
        "FailedToReplicateRecordCount",
        "ThrottledPutRecordCount",
        "ConsumedChangeDataCaptureUnits",
    ];
    let row = unpublished(watch, &names)?;
    let fault = fault(watch, row, "with TableName and DelegatedOperation only");
    Some(fault.mended(list_metrics(watch)))
}

fn account(watch: &Watch<'_>) -> Option<Fault> {
    let row = watch.published.filter(|row| {
        row.namespace == super::published::DYNAMODB
            && row.name != "UserErrors"
            && row.sets == [&[] as &[&str]]
            && !row.has_dimensions(watch.stat)
    })?;
    Some(fault(watch, row, "without dimensions only").mended(without_dimensions(watch)))
}

fn dax(watch: &Watch<'_>) -> Option<Fault> {
    let row = watch.published.filter(|row| row.namespace == DAX)?;
    let cluster = watch.stat.dimension("ClusterId");
    let mended = |stat: &mut crate::model::alarm::MetricStat| {
        if let Subject::Dax(cluster, node) = &watch.subject {
            stat.dimensions = vec![dimension("ClusterId", cluster)];
            stat.dimensions.extend(node.iter().map(|node| dimension("NodeId", node)));
        }
    };
    let fix = match &watch.subject {
        Subject::Dax(..) => Fix::Put(vec![with_stat(watch.alarm, watch.place, mended)]),
        Subject::Dynamo(_) | Subject::Function(_) | Subject::Elsewhere(_) => Fix::Unknown,
    };
    if !row.has_dimensions(watch.stat) {
        let published = match row.sets {
            [_] => "with ClusterId and NodeId only",
            _ => "with ClusterId, or ClusterId and NodeId",
        };
        return Some(fault(watch, row, published).mended(fix));
    }
    let cluster = cluster.filter(|cluster| cluster.chars().any(|c| c.is_ascii_uppercase()))?;
    let (alarm, lower) = (&watch.alarm.name, cluster.to_ascii_lowercase());
    let what = format!(
        "{alarm} watches the DAX cluster {cluster}, but DAX keeps the name as {lower}: {}",
        watch.without_data()
    );
    Some(Fault::new(what).at("ClusterId").mended(fix))
}
