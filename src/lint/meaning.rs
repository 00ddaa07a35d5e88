//! Alarms that get data, but not what they are taken for: another metric, statistic, unit or
//! threshold than was meant.

use super::context::Watch;
use super::dimensions::as_throttle_events;
use super::fault::{Fault, with_settings, with_stat};
use super::fix::Fix;
use super::fix::recommended::{dimensions, throttles};
use super::published::{About, DAX, DYNAMODB, Points, Published};
use super::rules::{Check, Row, source};
use super::{Rule, Severity};
use crate::model::alarm::{Alarm, Comparison, MetricStat, Query, QueryKind, Source, Subject};
use crate::model::table::BillingMode;
use std::sync::Arc;

pub(super) const RULES: &[Row] = &[
    Row {
        rule: Rule {
            id: "DDB009",
            what: "an alarm named after throttles that watches errors",
            why: "UserErrors leaves out throttled requests, and SystemErrors counts AWS's own failures: \
                  neither moves when requests are throttled",
            fix: "watch ReadThrottleEvents and WriteThrottleEvents",
            source: source::METRICS,
            severity: Severity::Error,
        },
        check: Check::Settings(misnamed),
    },
    Row {
        rule: Rule {
            id: "DDB010",
            what: "the average of consumed capacity against a threshold per second",
            why: "the average is one of samples, not of seconds: it is not a rate",
            fix: "watch the Sum, against share x units per second x period",
            source: source::METRICS,
            severity: Severity::Warning,
        },
        check: Check::Metric(average_consumption),
    },
    Row {
        rule: Rule {
            id: "DDB011",
            what: "a sum of consumed capacity against a threshold far from what is provisioned",
            why: "the sum is of the whole period: its threshold is share x units per second x period, \
                  and has to follow when capacity changes",
            fix: "compute the threshold anew, or compare with the provisioned capacity in metric math",
            source: "Amazon DynamoDB Developer Guide, Creating CloudWatch alarms",
            severity: Severity::Warning,
        },
        check: Check::Metric(far_threshold),
    },
    Row {
        rule: Rule {
            id: "DDB012",
            what: "the average or maximum of throttles above 1",
            why: "each sample is one event: neither passes 1, however many there are. Sum and \
                  SampleCount are the statistics that count",
            fix: "watch the Sum",
            source: source::METRICS,
            severity: Severity::Warning,
        },
        check: Check::Metric(throttles_not_summed),
    },
    Row {
        rule: Rule {
            id: "DDB019",
            what: "a unit that the metric is not published in",
            why: "only data points of that unit count, so the alarm is stuck in INSUFFICIENT_DATA",
            fix: "leave the unit out",
            source: source::PUT,
            severity: Severity::Error,
        },
        check: Check::Metric(other_unit),
    },
    Row {
        rule: Rule {
            id: "DDB020",
            what: "throttles or consumption of building an index",
            why: "building an index takes nothing from the capacity of its table any more: both \
                  metrics are expected to show 0",
            fix: "delete the alarm",
            source: source::METRICS,
            severity: Severity::Error,
        },
        check: Check::Metric(online_index),
    },
    Row {
        rule: Rule {
            id: "DDB021",
            what: "PendingReplicationCount of a global table of the current version",
            why: "it is published for global tables of version 2017.11.29 (Legacy) only",
            fix: "watch ReplicationLatency",
            source: source::METRICS,
            severity: Severity::Warning,
        },
        check: Check::Metric(pending_replication),
    },
    Row {
        rule: Rule {
            id: "DDB022",
            what: "a metric of the other billing mode",
            why: "on-demand tables have no provisioned capacity, and provisioned ones no on-demand \
                  maximum",
            fix: "watch ReadThrottleEvents and WriteThrottleEvents, which count in both modes",
            source: source::METRICS,
            severity: Severity::Error,
        },
        check: Check::Metric(other_billing),
    },
    Row {
        rule: Rule {
            id: "DDB031",
            what: "a high percentile that is judged on few samples",
            why: "with fewer than 10/(1-p) samples a percentile is that of a handful of requests",
            fix: "let the alarm ignore periods with too few samples",
            source: "Amazon CloudWatch User Guide, Percentile-based alarms and low data samples",
            severity: Severity::Info,
        },
        check: Check::Metric(few_samples),
    },
    Row {
        rule: Rule {
            id: "DDB033",
            what: "a threshold that every value, or none, crosses",
            why: "no metric of DynamoDB or DAX is ever negative",
            fix: "compare with > 0",
            source: source::METRICS,
            severity: Severity::Error,
        },
        check: Check::Metric(always_crossed),
    },
    Row {
        rule: Rule {
            id: "DDB036",
            what: "the average of a DAX cluster's nodes where the worst node counts",
            why: "each node has its own processors, memory and network: beside idle nodes, one that is full \
                  hides in the average. AWS says to scale by the maximum",
            fix: "watch the Maximum",
            source: source::DAX_PRODUCTION,
            severity: Severity::Warning,
        },
        check: Check::Metric(averaged_nodes),
    },
];

/// Whether an alarm is named after throttles but watches none.
///
/// A description may say what an alarm leaves out, so that it only counts where it denies nothing.
pub(super) fn is_misnamed(watch: &Watch<'_>) -> Option<Severity> {
    watch.dynamo(&["UserErrors", "SystemErrors"])?;
    let is_throttle = |stat: &&MetricStat| stat.metric.to_ascii_lowercase().contains("throttle");
    if watch.settings.stats().iter().any(is_throttle) {
        return None;
    }
    let says = |text: &str| text.to_ascii_lowercase().contains("throttl");
    if says(&watch.alarm.name) {
        return Some(Severity::Error);
    }
    let description = watch.alarm.description.as_deref().filter(|text| says(text))?;
    let lower = description.to_ascii_lowercase();
    let denies = ["not ", "without", "exclud", "except", "other than", "no throttl", "n't "];
    (!denies.iter().any(|word| lower.contains(word))).then_some(Severity::Warning)
}

fn misnamed(watch: &Watch<'_>) -> Option<Fault> {
    let severity = is_misnamed(watch)?;
    let (alarm, metric) = (&watch.alarm.name, &watch.stat.metric);
    let what = if severity == Severity::Error {
        format!("{alarm} is named after throttles but watches {metric}, which counts none")
    } else {
        format!("{alarm} says that it is about throttles but watches {metric}, which counts none")
    };
    Some(Fault::new(what).of_severity(severity).mended(as_throttle_events(watch)))
}

/// What is provisioned for the consumption that an alarm watches, units per second.
fn provisioned(watch: &Watch<'_>) -> Option<f64> {
    let row = watch.published.filter(|row| row.about == About::Consumption)?;
    watch.table()?;
    let resource = watch.subject.resource()?;
    watch.lint.reading.capacity(resource, row.direction()?)?.provisioned
}

fn average_consumption(watch: &Watch<'_>) -> Option<Fault> {
    let units = provisioned(watch).filter(|units| *units > 0.0)?;
    let threshold = watch.settings.threshold?;
    let near = (0.2 * units..=1.2 * units).contains(&threshold);
    if &*watch.stat.statistic != "Average" || !near || !watch.alarms_above() {
        return None;
    }
    let what = format!(
        "{} compares the Average of {} with {threshold}, as if it were units per second of the \
         {units} provisioned: it is the units of a sample",
        watch.alarm.name, watch.stat.metric
    );
    let mut alarm = with_stat(watch.alarm, watch.place, |stat| stat.statistic = Arc::from("Sum"));
    alarm = with_settings(&alarm, |settings| {
        settings.threshold = Some(threshold * watch.stat.period_seconds as f64);
    });
    Some(Fault::new(what).mended(Fix::Put(vec![alarm])))
}

fn far_threshold(watch: &Watch<'_>) -> Option<Fault> {
    let units = provisioned(watch).filter(|units| *units > 0.0)?;
    let threshold = watch.settings.threshold?;
    let full = units * watch.stat.period_seconds as f64;
    let near = (0.2 * full..=1.2 * full).contains(&threshold);
    if &*watch.stat.statistic != "Sum" || near || !watch.alarms_above() || threshold <= 0.0 {
        return None;
    }
    let row = watch.published?;
    let (alarm, metric, period) =
        (&watch.alarm.name, &watch.stat.metric, watch.stat.period_seconds);
    let share = 100.0 * threshold / full;
    let what = format!(
        "{alarm} fires at a Sum of {threshold} {metric} in {period} s: {share:.0} % of the {units} \
         units per second provisioned, which are {full} in {period} s"
    );
    let resource = watch.subject.resource()?;
    let moves = watch.lint.reading.scalable_target(resource, row.direction()?).is_some();
    let alarm = if moves {
        as_utilization(watch, row)?
    } else {
        with_settings(watch.alarm, |settings| settings.threshold = Some((0.8 * full).round()))
    };
    Some(Fault::new(what).mended(Fix::Put(vec![alarm])))
}

/// The alarm at 80 % of whatever is provisioned, as Application Auto Scaling moves it.
///
/// Provisioned capacity is published every five minutes, and metric math wants one period.
fn as_utilization(watch: &Watch<'_>, row: &Published) -> Option<Alarm> {
    let provisioned = format!("Provisioned{}", row.name.strip_prefix("Consumed")?);
    let part = |id: &str, metric: &str, statistic: &str| Query {
        id: Arc::from(id),
        what: QueryKind::Stat(MetricStat {
            metric: Arc::from(metric),
            statistic: Arc::from(statistic),
            period_seconds: 300,
            unit: None,
            ..watch.stat.clone()
        }),
        label: None,
        account: None,
        returns_data: false,
    };
    let formula = Query {
        id: Arc::from("utilization"),
        what: QueryKind::Expression {
            formula: Arc::from("100*(consumed/PERIOD(consumed))/provisioned"),
            period_seconds: None,
        },
        label: None,
        account: None,
        returns_data: true,
    };
    let queries = vec![
        formula,
        part("consumed", row.name, "Sum"),
        part("provisioned", &provisioned, "Maximum"),
    ];
    Some(with_settings(watch.alarm, |settings| {
        settings.source = Source::Math { queries, threshold: None };
        settings.threshold = Some(80.0);
        settings.evaluation_periods = 1;
        settings.datapoints_to_alarm = None;
    }))
}

fn throttles_not_summed(watch: &Watch<'_>) -> Option<Fault> {
    let row =
        watch.published.filter(|row| row.about == About::Throttles && row.namespace == DYNAMODB)?;
    let statistic = &*watch.stat.statistic;
    let threshold = watch.settings.threshold.filter(|_| watch.is_alone())?;
    let never = match watch.settings.comparison {
        Comparison::Greater => threshold >= 1.0,
        Comparison::GreaterOrEqual => threshold > 1.0,
        Comparison::Less | Comparison::LessOrEqual | Comparison::Other(_) => false,
    };
    if !["Average", "Maximum"].contains(&statistic) || !never {
        return None;
    }
    let (alarm, metric) = (&watch.alarm.name, row.name);
    let what = format!(
        "{alarm} waits for the {statistic} of {metric} to pass {threshold}, but each sample is one \
         event"
    );
    let mended = with_stat(watch.alarm, watch.place, |stat| stat.statistic = Arc::from("Sum"));
    Some(Fault::new(what).mended(Fix::Put(vec![mended])))
}

fn other_unit(watch: &Watch<'_>) -> Option<Fault> {
    let published = watch.published?.unit?;
    let unit = watch.stat.unit.as_deref().filter(|unit| *unit != published)?;
    let (alarm, metric) = (&watch.alarm.name, &watch.stat.metric);
    let what = format!(
        "{alarm} takes only data points of {metric} in {unit}, but AWS publishes it in {published}"
    );
    let mended = with_stat(watch.alarm, watch.place, |stat| stat.unit = None);
    Some(Fault::new(what).mended(Fix::Put(vec![mended])))
}

fn online_index(watch: &Watch<'_>) -> Option<Fault> {
    let row = watch.dynamo(&["OnlineIndexThrottleEvents", "OnlineIndexConsumedWriteCapacity"])?;
    let what = format!("{} watches {}, which is expected to show 0", watch.alarm.name, row.name);
    let fix =
        if watch.is_alone() { Fix::Delete(Arc::clone(&watch.alarm.name)) } else { Fix::Unknown };
    Some(Fault::new(what).mended(fix))
}

fn pending_replication(watch: &Watch<'_>) -> Option<Fault> {
    watch.dynamo(&["PendingReplicationCount"])?;
    let table = watch.table().filter(|table| !table.details.replicas.is_empty())?;
    let what = format!(
        "{} watches PendingReplicationCount, but {} has replicas as global tables of version \
         2019.11.21 have them",
        watch.alarm.name, table.name
    );
    let mended = with_stat(watch.alarm, watch.place, |stat| {
        stat.metric = Arc::from("ReplicationLatency");
        stat.statistic = Arc::from("Average");
        stat.unit = None;
    });
    let mended = with_settings(&mended, |settings| settings.threshold = Some(180_000.0));
    Some(Fault::new(what).mended(Fix::Put(vec![mended])))
}

fn other_billing(watch: &Watch<'_>) -> Option<Fault> {
    let row = watch.published?;
    let (needed, billing) = (row.billing()?, watch.billing()?);
    if needed == billing {
        return None;
    }
    let resource = watch.subject.resource()?;
    let lacks = match needed {
        BillingMode::Provisioned => "has no provisioned capacity",
        BillingMode::OnDemand => "has no on-demand maximum",
    };
    let what = format!(
        "{} watches {} of {resource}, which is {} and {lacks}",
        watch.alarm.name,
        row.name,
        billing.as_str()
    );
    if row.about == About::Throttles {
        let mended = with_stat(watch.alarm, watch.place, |stat| {
            if let Some(direction) = row.direction() {
                stat.metric = Arc::from(throttles(direction).metric());
                stat.dimensions = dimensions(resource);
            }
        });
        return Some(Fault::new(what).mended(Fix::Put(vec![mended])));
    }
    // AWS does not say whether such a setting has no data points, or some that mean nothing.
    let delete = Fix::Delete(Arc::clone(&watch.alarm.name));
    Some(Fault::new(what).of_severity(Severity::Warning).mended(delete))
}

fn few_samples(watch: &Watch<'_>) -> Option<Fault> {
    watch.published?;
    let percent: f64 = watch.stat.statistic.strip_prefix('p')?.parse().ok()?;
    let ignored = watch.settings.low_samples.as_deref() == Some("ignore");
    if !(90.0..100.0).contains(&percent) || ignored || !watch.is_alone() {
        return None;
    }
    let needed = (1_000.0 / (100.0 - percent)).ceil();
    let (alarm, statistic, period) =
        (&watch.alarm.name, &watch.stat.statistic, watch.stat.period_seconds);
    let what = format!(
        "{alarm} judges {statistic} of {} however few the samples; with fewer than {needed} in \
         {period} s it is that of a handful of requests",
        watch.stat.metric
    );
    let mended = with_settings(watch.alarm, |settings| {
        settings.low_samples = Some(Arc::from("ignore"));
    });
    Some(Fault::new(what).mended(Fix::Put(vec![mended])))
}

fn always_crossed(watch: &Watch<'_>) -> Option<Fault> {
    watch.published.filter(|_| watch.is_alone())?;
    let threshold = watch.settings.threshold?;
    let (crossed, by) = match watch.settings.comparison {
        Comparison::GreaterOrEqual if threshold <= 0.0 => ("every value", ">="),
        Comparison::Greater if threshold < 0.0 => ("every value", ">"),
        Comparison::Less if threshold <= 0.0 => ("no value", "<"),
        Comparison::LessOrEqual if threshold < 0.0 => ("no value", "<="),
        Comparison::Greater
        | Comparison::GreaterOrEqual
        | Comparison::Less
        | Comparison::LessOrEqual
        | Comparison::Other(_) => return None,
    };
    let (alarm, metric) = (&watch.alarm.name, &watch.stat.metric);
    let what = format!("{alarm} fires at {metric} {by} {threshold}, which {crossed} crosses");
    let mended = with_settings(watch.alarm, |settings| {
        settings.comparison = Comparison::Greater;
        settings.threshold = Some(0.0);
    });
    Some(Fault::new(what).mended(Fix::Put(vec![mended])))
}

/// A gauge of a cluster as the mean, or the least, of its nodes'.
fn averaged_nodes(watch: &Watch<'_>) -> Option<Fault> {
    let row =
        watch.published.filter(|row| row.namespace == DAX && row.points == Points::Measured)?;
    let is_of_cluster = matches!(watch.subject, Subject::Dax(_, None));
    let is_share = row.unit == Some("Percent");
    let statistic = &watch.stat.statistic;
    let hides = ["Average", "Minimum"].contains(&&**statistic);
    if !is_of_cluster || !is_share || !hides || !watch.alarms_above() {
        return None;
    }
    let (alarm, metric) = (&watch.alarm.name, row.name);
    let what = format!("{alarm} watches the {statistic} of {metric} over all nodes of the cluster");
    let mended = with_stat(watch.alarm, watch.place, |stat| stat.statistic = Arc::from("Maximum"));
    Some(Fault::new(what).mended(Fix::Put(vec![mended])))
}
