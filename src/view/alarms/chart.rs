//! The data an alarm looks at, against its threshold.

use super::condition::{is_count, is_percent, length, limit, measured};
use super::{Subject, history};
use crate::model::alarm::{AlarmData, AlarmState, Comparison, MetricAlarm};
use crate::model::time::{Figure, Minute, Window};
use crate::store::Detail;
use crate::view::chart::{Chart, Event, Level, Line, Mark, Stroke};
use crate::view::format::{Unit, age, figure};
use crate::view::times::Times;
use crate::view::{Layout, Role};
use jiff::Timestamp;

/// Seconds after the end of a period from which CloudWatch no longer revises it, as the store has it.
const SETTLE_SECONDS: i64 = 120;

/// Whether the strip, of so many columns and rows, shows the chart of an alarm.
pub fn shows_chart(subject: &Subject<'_>, (width, height): (u16, u16)) -> bool {
    let is_wide = width >= Layout::SIDE_BY_SIDE;
    is_wide && height > Layout::LEAST_CHART.1 && subject.alarm.metric().is_some()
}

/// The chart; `None` where the alarm looks at no metric.
pub(super) fn chart(subject: &Subject<'_>, times: Times) -> Option<Chart> {
    let Subject { reading, alarm, .. } = subject;
    let metric = alarm.metric()?;
    let unit = match () {
        () if is_percent(metric) => Unit::Percent,
        () if is_count(metric) => Unit::Count,
        () => Unit::Decimal,
    };
    let now = reading.now();
    let evaluated = evaluated(metric, now);
    // What is evaluated is in sight, however little time other charts show.
    let window = Window { start: times.window.start.min(evaluated.start), ..times.window };
    let data = reading.alarm_data(&alarm.name);
    let (note, points) = match data {
        Detail::Known { value, .. } | Detail::Stale { value, .. } => {
            let points = spread(value, &metric.comparison, window);
            let is_empty = points.iter().all(Option::is_none);
            (is_empty.then(|| "no data points in this window".to_owned()), points)
        }
        Detail::Denied { action } => (Some(format!("no permission: {action}")), vec![]),
        Detail::Failed(error) => (Some(format!("not read: {error}")), vec![]),
        Detail::NotPolled => (Some("not read yet".to_owned()), vec![]),
    };
    let stale = match data {
        Detail::Stale { at, .. } => format!(", read {} ago", age(now, at)),
        Detail::Known { .. } | Detail::Denied { .. } | Detail::Failed(_) | Detail::NotPolled => {
            String::new()
        }
    };
    let settled = settled_through(metric.period_seconds(), now);
    let level = metric.threshold.map(|value| Level {
        label: format!("threshold {}", limit(metric)),
        short: "",
        value,
    });
    Some(Chart {
        title: format!("{}{stale}", measured(metric)),
        short_title: "",
        unit,
        window,
        utc_offset: times.utc_offset,
        lines: vec![Line {
            label: format!("each {}", length(metric.period_seconds())),
            short: "",
            value: shown(&data, times.cursor, settled, unit),
            role: Role::Line1,
            stroke: Stroke::Solid,
            points,
        }],
        least_top: None,
        levels: level.into_iter().collect(),
        events: ticks(subject),
        marked: Some(evaluated),
        settled_through: Some(settled),
        cursor: times.cursor,
        note,
        focused: false,
    })
}

/// The minutes of the newest complete periods, which the alarm looks at now.
fn evaluated(metric: &MetricAlarm, now: Timestamp) -> Window {
    let period = metric.period_seconds().max(1);
    let end = now.as_second().div_euclid(period).saturating_mul(period);
    let looked_at = period.saturating_mul(metric.evaluation_periods.into());
    let minute = |seconds: i64| Minute(seconds.div_euclid(60));
    let (start, end) = (minute(end.saturating_sub(looked_at)), minute(end));
    // Less than a minute is still somewhere.
    Window { start: start.min(end.plus(-1)), end }
}

/// The last minute of the newest period that is not revised any more.
fn settled_through(period_seconds: i64, now: Timestamp) -> Minute {
    let period = period_seconds.max(60);
    let settled = now.as_second().saturating_sub(SETTLE_SECONDS);
    Minute(settled.div_euclid(period).saturating_mul(period).div_euclid(60)).plus(-1)
}

/// One point for each minute: a point of a longer period stands in each of its minutes; of several
/// in a minute the one nearest to trouble is kept.
fn spread(data: &AlarmData, comparison: &Comparison, window: Window) -> Vec<Option<f64>> {
    let minutes = usize::try_from(window.minutes()).unwrap_or(0);
    let mut points: Vec<Option<f64>> = vec![None; minutes];
    let worse = |a: f64, b: f64| match comparison {
        Comparison::Less | Comparison::LessOrEqual => a.min(b),
        Comparison::Greater | Comparison::GreaterOrEqual | Comparison::Other(_) => a.max(b),
    };
    let each = (data.period_seconds / 60).max(1);
    for (start, value) in &data.points {
        let first = Minute::containing(*start).since(window.start);
        for place in first..first.saturating_add(each) {
            let point = usize::try_from(place).ok().and_then(|place| points.get_mut(place));
            if let Some(point) = point {
                *point = Some(point.map_or(*value, |known| worse(known, *value)));
            }
        }
    }
    points
}

/// What the legend says: the point under the cursor, or that of the newest settled period.
fn shown(
    data: &Detail<'_, AlarmData>,
    cursor: Option<Minute>,
    settled: Minute,
    unit: Unit,
) -> String {
    let (known, is_stale) = match data {
        Detail::Known { value, .. } => (*value, false),
        Detail::Stale { value, .. } => (*value, true),
        Detail::Denied { .. } | Detail::Failed(_) | Detail::NotPolled => return String::new(),
    };
    let at = cursor.unwrap_or(settled);
    let each = (known.period_seconds / 60).max(1);
    let covers = |start: Timestamp| {
        let first = Minute::containing(start);
        first <= at && at < first.plus(each)
    };
    let Some((_, value)) = known.points.iter().rev().find(|(start, _)| covers(*start)) else {
        return "no data".to_owned();
    };
    let value = *value;
    figure(
        if is_stale {
            Figure::Stale { value, at }
        } else if at > settled {
            Figure::Settling { value, at }
        } else {
            Figure::Value { value, at }
        },
        unit,
    )
}

/// Where the alarm changed its state.
fn ticks(subject: &Subject<'_>) -> Vec<Event> {
    let changes = history::changes(subject.reading, subject.alarm);
    let tick = |(at, state): (Timestamp, AlarmState)| {
        let mark = match state {
            AlarmState::Alarm => Mark::Alarm,
            AlarmState::Ok => Mark::Calmed,
            // It has less data than it needs: the line's gaps show that.
            AlarmState::InsufficientData => return None,
        };
        Some(Event { minute: Minute::containing(at), mark })
    };
    changes.into_iter().filter_map(tick).collect()
}
