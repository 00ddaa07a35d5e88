//! Throttle events by cause.

use super::{Trace, chart, nothing_counted};
use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::throttle::{Direction, Limit};
use crate::store::Reading;
use crate::view::Role;
use crate::view::chart::Chart;
use crate::view::format::Unit;
use crate::view::times::Times;

/// Throttle events per minute, one line for each cause that had any; those that no cause accounts
/// for are drawn as all events together.
pub(super) fn throttles(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
    times: Times,
) -> Chart {
    let trace = |metric| Trace::of(reading, &SeriesKey::sum(resource.clone(), metric), times);
    let all = trace(Metric::ThrottleEvents(direction));
    let cause = |limit| {
        let mut cause = trace(Metric::ThrottleEventsBy(direction, limit));
        cause.history.zero_where_zero(&all.history);
        cause.named(limit.cause(), short(limit), role(limit))
    };
    let causes = Limit::ALL.into_iter().map(cause);
    let causes: Vec<Trace> = causes.filter(Trace::has_events).collect();
    let has_events = all.has_events() || !causes.is_empty();
    let all = all.named(if has_events { "all causes" } else { "" }, "all", Role::Line5);
    // Causes may be read, and have events, before their total is.
    let note =
        if has_events { None } else { nothing_counted(std::slice::from_ref(&all), reading, times) };
    let traces: Vec<Trace> = if is_accounted_for(&all, &causes) {
        causes
    } else {
        std::iter::once(all).chain(causes).collect()
    };
    // As the columns of the list are called.
    let short_title = match direction {
        Direction::Read => "R THR/min",
        Direction::Write => "W THR/min",
    };
    let title = (format!("{} throttle events/min", direction.as_str()), short_title);
    Chart { note, ..chart(title, Unit::Count, times, &traces) }
}

fn short(limit: Limit) -> &'static str {
    match limit {
        Limit::Provisioned => "prov",
        Limit::KeyRange => "key",
        Limit::MaxOnDemand => "max",
        Limit::AccountLimit => "acct",
    }
}

/// A cause has the same colour in every chart.
fn role(limit: Limit) -> Role {
    match limit {
        Limit::Provisioned => Role::Line1,
        Limit::KeyRange => Role::Line2,
        Limit::MaxOnDemand => Role::Line3,
        Limit::AccountLimit => Role::Line4,
    }
}

/// Whether the causes add up to all events in every minute that has some.
fn is_accounted_for(all: &Trace, causes: &[Trace]) -> bool {
    let minutes = all.history.figures.iter().filter_map(|figure| Some((figure.at()?, figure)));
    let mut throttled = minutes.filter(|(_, figure)| figure.value() > Some(0.0)).peekable();
    // Without an event the line of all causes is what the chart is about.
    throttled.peek().is_some()
        && throttled.all(|(minute, events)| {
            let known = causes.iter().filter_map(|cause| cause.history.at(minute).value());
            Some(known.sum::<f64>()) >= events.value()
        })
}
