//! Alarms on what is not there: deleted or misspelt tables, indexes and clusters, rules of
//! Contributor Insights that were made anew, alarms of a composite.

use super::context::{Context, Watch, name_of};
use super::fault::{Fault, with_settings};
use super::fix::Fix;
use super::rules::{Check, Row, source};
use super::{Rule, Severity};
use crate::model::alarm::{Alarm, QueryKind, Source, Subject};
use crate::model::id::Resource;
use crate::model::insights::ContributorInsights;
use crate::store::Detail;
use std::collections::HashSet;
use std::sync::Arc;

pub(super) const RULES: &[Row] = &[
    Row {
        rule: Rule {
            id: "DDB023",
            what: "a table, index or cluster that does not exist",
            why: "an alarm outlives what it watches, is charged on, and never fires; or a name is \
                  misspelt",
            fix: "delete the alarm, or correct the name",
            source: "Amazon DynamoDB API Reference, ListTables, DescribeTable",
            severity: Severity::Error,
        },
        check: Check::Metric(gone),
    },
    Row {
        rule: Rule {
            id: "DDB034",
            what: "a rule of Contributor Insights that does not exist",
            why: "the names of its rules end with the time they were made: switched off and on, \
                  Contributor Insights has other rules",
            fix: "name the present rule",
            source: source::INSIGHTS,
            severity: Severity::Error,
        },
        check: Check::Alarm(former_insights),
    },
    Row {
        rule: Rule {
            id: "DDB035",
            what: "a composite alarm of alarms that do not work",
            why: "a composite alarm is only as good as the alarms its rule names",
            fix: "mend those alarms, or change the rule",
            source: "Amazon CloudWatch API Reference, PutCompositeAlarm",
            severity: Severity::Error,
        },
        check: Check::Last(composite),
    },
];

fn gone(watch: &Watch<'_>) -> Option<Fault> {
    // Of another account's metric, which only metric math can have, nothing is known.
    let published = watch.published.is_none_or(|row| row.has_dimensions(watch.stat));
    if !watch.is_alone() || !published {
        return None;
    }
    let (dimension, missing) = match &watch.subject {
        Subject::Dynamo(resource) => missing_resource(watch, resource)?,
        Subject::Dax(cluster, node) => missing_cluster(watch.lint, cluster, node.as_ref())?,
        // The functions of an account are not read, only those that read a stream.
        Subject::Function(_) | Subject::Elsewhere(_) => return None,
    };
    let (alarm, region) = (&watch.alarm.name, watch.lint.region());
    let what = format!(
        "{alarm} watches {} of {missing}, which does not exist in {region}",
        watch.stat.metric
    );
    Some(Fault::new(what).at(dimension).mended(Fix::Delete(Arc::clone(alarm))))
}

fn missing_resource(watch: &Watch<'_>, resource: &Resource) -> Option<(&'static str, String)> {
    match resource {
        Resource::Account | Resource::Cluster(_) | Resource::Node(..) => None,
        Resource::Table(table) => watch
            .lint
            .is_no_table(table, watch.alarm.configured)
            .then(|| ("TableName", format!("table {table}"))),
        Resource::Index(name, index) => {
            if watch.lint.is_no_table(name, watch.alarm.configured) {
                return Some(("TableName", format!("index {index} of table {name}")));
            }
            let table = watch.lint.reading.table(name)?;
            let described = watch.lint.reading.described_at(resource)?;
            let is_older = watch.alarm.configured.is_none_or(|at| at < described);
            (is_older && table.index(index).is_none())
                .then(|| ("GlobalSecondaryIndexName", format!("index {index} of table {name}")))
        }
    }
}

fn missing_cluster(
    lint: &Context<'_>,
    name: &Arc<str>,
    node: Option<&Arc<str>>,
) -> Option<(&'static str, String)> {
    let Detail::Known { value: clusters, .. } = lint.reading.clusters() else { return None };
    let Some(cluster) = clusters.iter().find(|cluster| cluster.name == *name) else {
        return Some(("ClusterId", format!("DAX cluster {name}")));
    };
    let node = node.filter(|node| cluster.nodes.iter().all(|known| known.id != **node))?;
    // DAX tells no nodes of a cluster that is created or deleted.
    (!cluster.nodes.is_empty()).then(|| ("NodeId", format!("node {node} of DAX cluster {name}")))
}

/// The rules of Contributor Insights, if all of them are known.
fn insights_rules<'a>(lint: &Context<'a>) -> Option<HashSet<&'a str>> {
    let Detail::Known { value: all, .. } = lint.reading.insights() else { return None };
    let on = all.iter().filter(|insights| &*insights.status != "DISABLED");
    let rules: Option<Vec<&[Arc<str>]>> =
        on.map(|insights: &ContributorInsights| insights.rules.as_deref()).collect();
    Some(rules?.into_iter().flatten().map(|rule| &**rule).collect())
}

fn former_insights(lint: &Context<'_>, alarm: &Alarm) -> Option<Fault> {
    let formulas = alarm.metric()?.formulas();
    let mut named = formulas.iter().flat_map(|formula| formula.split(['"', '\'']));
    let rule = named.find(|part| part.starts_with("DynamoDBContributorInsights-"))?;
    let rules = insights_rules(lint)?;
    if rules.contains(rule) {
        return None;
    }
    let what = format!("{} watches {rule}, which is no rule of Contributor Insights", alarm.name);
    let stem = |rule: &str| rule.rsplit_once('-').map(|(stem, _)| stem.to_owned());
    let mut now: Vec<&str> = rules.into_iter().filter(|known| stem(known) == stem(rule)).collect();
    now.sort_unstable();
    let fix = now.last().map_or(Fix::Unknown, |now| {
        Fix::Put(vec![with_settings(alarm, |settings| {
            let Source::Math { queries, .. } = &mut settings.source else { return };
            for query in queries {
                match &mut query.what {
                    QueryKind::Expression { formula, .. } => {
                        *formula = Arc::from(formula.replace(rule, now));
                    }
                    QueryKind::Stat(_) => {}
                }
            }
        })])
    });
    Some(Fault::new(what).mended(fix))
}

fn composite(lint: &Context<'_>, alarm: &Alarm, broken: &HashSet<&str>) -> Option<Fault> {
    let children: Vec<&str> = alarm.composite()?.children().into_iter().map(name_of).collect();
    if !children.is_empty() && children.iter().all(|child| broken.contains(child)) {
        let what = match children.as_slice() {
            [only] => format!("{} is made of {only} alone, which has an error", alarm.name),
            all => format!("{} is made of {}: each has an error", alarm.name, all.join(", ")),
        };
        return Some(Fault::new(what));
    }
    let unknown: Vec<&str> =
        children.into_iter().filter(|child| lint.reading.alarm(child).is_none()).collect();
    if unknown.is_empty() {
        return None;
    }
    // AWS keeps alarms that a composite names from being deleted: this may be of a kind that is not
    // listed.
    let what = format!("{} names {}, which was not found", alarm.name, unknown.join(", "));
    Some(Fault::new(what).of_severity(Severity::Warning))
}
