//! Missing data: counts and latencies have no data point where nothing happened, and what an alarm
//! makes of that decides whether it ends, and whether it cries wolf.

use super::context::Watch;
use super::fault::{Fault, with_settings};
use super::fix::Fix;
use super::published::{DAX, DYNAMODB, Points, Published};
use super::rules::{Check, Row, source};
use super::{Rule, Severity};
use crate::model::alarm::{Alarm, AlarmState, MissingData, QueryKind, Source};
use jiff::SignedDuration;
use std::collections::HashSet;

pub(super) const RULES: &[Row] = &[
    Row {
        rule: Rule {
            id: "DDB013",
            what: "missing data left to freeze an alarm",
            why: "a count has no data point where there was nothing to count, and for DynamoDB \
                  missing data are ignored unless something else is asked for: the alarm stays as it \
                  was, in ALARM too (documented inconsistently; notBreaching works by all accounts)",
            fix: "treat missing data as notBreaching",
            source: source::MISSING,
            severity: Severity::Warning,
        },
        check: Check::Settings(freezes),
    },
    Row {
        rule: Rule {
            id: "DDB014",
            what: "missing data that breach, of a metric without data where nothing happens",
            why: "a quiet minute has no data point, so the alarm fires because nothing happened",
            fix: "treat missing data as notBreaching",
            source: source::MISSING,
            severity: Severity::Warning,
        },
        check: Check::Settings(fires_when_idle),
    },
    Row {
        rule: Rule {
            id: "DDB018",
            what: "every period must cross the threshold, of a metric without data where nothing happens",
            why: "one quiet minute in between starts the count anew; AWS itself recommends this for \
                  troubles that last",
            fix: "let M of N periods be enough",
            source: source::RECOMMENDED,
            severity: Severity::Info,
        },
        check: Check::Settings(all_in_a_row),
    },
    Row {
        rule: Rule {
            id: "DDB026",
            what: "no data for a day",
            why: "an alarm without data for so long probably names a metric or dimensions that are not \
                  published",
            fix: "compare its metric and dimensions with those that ListMetrics tells",
            source: source::PUT,
            severity: Severity::Warning,
        },
        check: Check::Last(never_had_data),
    },
    Row {
        rule: Rule {
            id: "DDB032",
            what: "metric math that fills the newest minute",
            why: "the newest minute is filled before its data arrive: it never crosses the threshold \
                  at first, so that not all of the newest periods ever do",
            fix: "look at more periods and let some of them be enough",
            source: "Amazon CloudWatch User Guide, Using metric math",
            severity: Severity::Warning,
        },
        check: Check::Settings(filled),
    },
];

/// The metric, if it has no data where nothing happens and a higher value is worse.
fn sparse(watch: &Watch<'_>) -> Option<&'static Published> {
    watch.published.filter(|row| row.is_sparse() && watch.alarms_above())
}

fn treated(alarm: &Alarm, missing: MissingData) -> Fix {
    Fix::Put(vec![with_settings(alarm, |settings| settings.missing_data = Some(missing))])
}

fn freezes(watch: &Watch<'_>) -> Option<Fault> {
    let row = sparse(watch)?;
    let (alarm, metric) = (&watch.alarm.name, row.name);
    let said = match watch.settings.missing_data {
        Some(MissingData::NotBreaching | MissingData::Breaching) => return None,
        Some(MissingData::Ignore) => "ignores missing data",
        Some(MissingData::Missing) => "treats missing data as missing",
        None => "does not say what missing data count as",
    };
    // Only for DynamoDB is `missing` taken for `ignore`, and nothing tells that of metric math.
    let freezes = watch.settings.missing_data == Some(MissingData::Ignore)
        || (row.namespace == DYNAMODB && watch.is_alone());
    if !freezes || ![DYNAMODB, DAX].contains(&row.namespace) {
        return None;
    }
    // Of what is not `ignore`, AWS's pages say one thing and the other.
    let stays = match watch.settings.missing_data {
        Some(MissingData::Ignore) => "stays",
        Some(MissingData::Missing | MissingData::Breaching | MissingData::NotBreaching) | None => {
            "may stay"
        }
    };
    let what = format!(
        "{alarm} {said}, and {metric} has none where nothing happens: once in ALARM, it {stays} there"
    );
    let fault = Fault::new(what).mended(treated(watch.alarm, MissingData::NotBreaching));
    Some(if row.is_recommended_missing() { fault.of_severity(Severity::Info) } else { fault })
}

fn fires_when_idle(watch: &Watch<'_>) -> Option<Fault> {
    let row = sparse(watch)?;
    // Of a gauge of DAX, missing data may well mean a dead node.
    if watch.settings.missing_data != Some(MissingData::Breaching)
        || (row.namespace == DAX && row.points == Points::Measured)
        || ![DYNAMODB, DAX].contains(&row.namespace)
    {
        return None;
    }
    let what = format!(
        "{} takes missing data for breaching, but {} has none where nothing happens: it fires when \
         idle",
        watch.alarm.name, row.name
    );
    Some(Fault::new(what).mended(treated(watch.alarm, MissingData::NotBreaching)))
}

fn all_in_a_row(watch: &Watch<'_>) -> Option<Fault> {
    let row = sparse(watch).filter(|row| row.points == Points::Counted && watch.is_alone())?;
    let periods = watch.settings.evaluation_periods;
    if periods < 2 || watch.settings.datapoints() < periods {
        return None;
    }
    let enough = (periods * 3).div_ceil(5);
    let what = format!(
        "{} needs {periods} periods of {} s in a row above its threshold, and {} has no data where \
         nothing happens",
        watch.alarm.name,
        watch.settings.period_seconds(),
        row.name
    );
    let mended = with_settings(watch.alarm, |settings| {
        // Of two periods, two are three fifths: there is nothing between one and all.
        settings.evaluation_periods = periods.max(enough + 1);
        settings.datapoints_to_alarm = Some(enough);
    });
    Some(Fault::new(what).mended(Fix::Put(vec![mended])))
}

/// Counts have no data before the first event; of anything else a day is long.
fn never_had_data(
    lint: &super::context::Context<'_>,
    alarm: &Alarm,
    broken: &HashSet<&str>,
) -> Option<Fault> {
    if alarm.state != AlarmState::InsufficientData || broken.contains(&*alarm.name) {
        return None;
    }
    let changed = alarm.since.max(alarm.configured)?;
    let silent = lint.reading.now().duration_since(changed);
    if silent < SignedDuration::from_hours(24) {
        return None;
    }
    let watches = Watch::all(lint, alarm);
    let counted = |watch: &Watch<'_>| {
        watch
            .published
            .is_some_and(|row| row.points == Points::Counted && row.has_dimensions(watch.stat))
    };
    let watch = watches.into_iter().find(|watch| !counted(watch))?;
    let days = silent.as_hours() / 24;
    let what = format!(
        "{} has had no data for {days} {}: it watches {} with {}",
        alarm.name,
        if days == 1 { "day" } else { "days" },
        watch.stat.metric,
        watch.dimensions()
    );
    Some(Fault::new(what).mended(super::dimensions::list_metrics(&watch)))
}

fn filled(watch: &Watch<'_>) -> Option<Fault> {
    let Source::Math { queries, .. } = &watch.settings.source else { return None };
    let returned = queries.iter().find(|query| query.returns_data)?;
    let formula = match &returned.what {
        QueryKind::Expression { formula, .. } => formula.trim(),
        QueryKind::Stat(_) => return None,
    };
    let settings = watch.settings;
    // Two periods that need not cross are enough for what is late.
    let tolerates = settings.datapoints() + 2 <= settings.evaluation_periods;
    if !is_fill(formula) || tolerates || !watch.alarms_above() {
        return None;
    }
    let (needed, periods) = (settings.datapoints(), settings.evaluation_periods);
    let what = format!(
        "{} ends with {formula} and needs {needed} of the newest {periods} periods, the newest of \
         which is filled before its data arrive",
        watch.alarm.name
    );
    let mended = with_settings(watch.alarm, |settings| {
        settings.evaluation_periods = needed + 2;
        settings.datapoints_to_alarm = Some(needed);
    });
    Some(Fault::new(what).mended(Fix::Put(vec![mended])))
}

/// Whether a formula is one call of FILL: what it opens is closed only at its end.
fn is_fill(formula: &str) -> bool {
    let call = formula.get(..5).filter(|head| head.eq_ignore_ascii_case("FILL("));
    let Some(inside) = call.and_then(|_| formula.get(5..)?.strip_suffix(')')) else { return false };
    let mut open = 1;
    inside.chars().all(|c| {
        match c {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        open > 0
    })
}
