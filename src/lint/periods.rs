//! Periods that do not go with how often AWS publishes, or with how soon one must know.

use super::context::Watch;
use super::fault::{Fault, with_settings, with_stat};
use super::fix::Fix;
use super::meaning::is_misnamed;
use super::published::{About, DAX, DYNAMODB};
use super::rules::{Check, Row, source};
use super::{Rule, Severity};
use crate::model::alarm::{MetricStat, QueryKind, Source};

pub(super) const RULES: &[Row] = &[
    Row {
        rule: Rule {
            id: "DDB015",
            what: "a period of less than a minute",
            why: "AWS publishes once a minute: most periods have no data, and the alarm is charged as a \
                  high-resolution one",
            fix: "a period of 60 s",
            source: source::PUT,
            severity: Severity::Warning,
        },
        check: Check::Settings(high_resolution),
    },
    Row {
        rule: Rule {
            id: "DDB016",
            what: "a period shorter than the metric's five minutes",
            why: "four of five one-minute periods have no data",
            fix: "a period of 300 s",
            source: source::METRICS,
            severity: Severity::Warning,
        },
        check: Check::Metric(shorter_than_published),
    },
    Row {
        rule: Rule {
            id: "DDB017",
            what: "throttles that must last ten minutes or more",
            why: "whoever is paged then is late, and a burst disappears in sums over minutes",
            fix: "one-minute periods, such as AWS's 5 of 5",
            source: source::RECOMMENDED,
            severity: Severity::Warning,
        },
        check: Check::Settings(slow),
    },
];

fn high_resolution(watch: &Watch<'_>) -> Option<Fault> {
    let period = watch.stat.period_seconds;
    let is_vended = [DYNAMODB, DAX].contains(&&*watch.stat.namespace);
    if !is_vended || !(1..60).contains(&period) {
        return None;
    }
    let what = format!(
        "{} looks at {} every {period} s, but AWS publishes it once a minute at most",
        watch.alarm.name, watch.stat.metric
    );
    let mended = with_settings(watch.alarm, |settings| match &mut settings.source {
        Source::Metric(stat) => stat.period_seconds = 60,
        Source::Math { queries, .. } => {
            for query in queries {
                match &mut query.what {
                    QueryKind::Stat(MetricStat { period_seconds, .. })
                    | QueryKind::Expression { period_seconds: Some(period_seconds), .. } => {
                        *period_seconds = 60;
                    }
                    QueryKind::Expression { period_seconds: None, .. } => {}
                }
            }
        }
    });
    Some(Fault::new(what).mended(Fix::Put(vec![mended])))
}

/// In metric math, a setting of five minutes may be repeated by the formula.
fn shorter_than_published(watch: &Watch<'_>) -> Option<Fault> {
    let row = watch.published.filter(|row| {
        row.about == About::Settings && row.period_seconds == 300 && watch.is_alone()
    })?;
    let period = watch.stat.period_seconds;
    if !(60..300).contains(&period) {
        return None;
    }
    let what = format!(
        "{} looks at {} every {period} s, but AWS publishes it every 300 s",
        watch.alarm.name, row.name
    );
    let mended = with_stat(watch.alarm, watch.place, |stat| stat.period_seconds = 300);
    let mended = with_settings(&mended, |settings| {
        let fewer = |periods: u32| {
            let seconds = i64::from(periods) * period;
            u32::try_from(seconds.div_euclid(300).max(1)).unwrap_or(periods)
        };
        let (periods, datapoints) = (settings.evaluation_periods, settings.datapoints_to_alarm);
        settings.evaluation_periods = fewer(periods);
        settings.datapoints_to_alarm = datapoints.map(fewer);
    });
    Some(Fault::new(what).mended(Fix::Put(vec![mended])))
}

fn slow(watch: &Watch<'_>) -> Option<Fault> {
    let is_throttles = watch
        .published
        .is_some_and(|row| row.about == About::Throttles && row.namespace == DYNAMODB);
    if !is_throttles && is_misnamed(watch) != Some(Severity::Error) {
        return None;
    }
    let (period, datapoints) = (watch.settings.period_seconds(), watch.settings.datapoints());
    let seconds = i64::from(datapoints) * period;
    if seconds < 600 {
        return None;
    }
    let what = format!(
        "{} needs {datapoints} x {period} s above its threshold: throttles are told after {} minutes \
         at the earliest",
        watch.alarm.name,
        seconds / 60
    );
    if !watch.is_alone() {
        return Some(Fault::new(what));
    }
    let mended = with_stat(watch.alarm, watch.place, |stat| stat.period_seconds = 60);
    let mended = with_settings(&mended, |settings| {
        settings.evaluation_periods = 5;
        settings.datapoints_to_alarm = Some(5);
        // So many in a shorter period are the same rate.
        let shorter = |threshold: f64| (threshold * 60.0 / period as f64).floor();
        settings.threshold = settings.threshold.map(shorter);
    });
    Some(Fault::new(what).mended(Fix::Put(vec![mended])))
}
