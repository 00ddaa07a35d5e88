//! What AWS's reason metrics say about an episode.

use super::Thresholds;
use super::episode::Episode;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::throttle::Limit;
use crate::model::time::{Figure, Minute};
use crate::store::{Point, Reading, SeriesView};

/// What the reason metrics of an episode's direction say.
#[derive(Debug, PartialEq)]
pub(super) enum Reasons {
    /// Events by limit, the largest first; never empty.
    Measured(Vec<(Limit, f64)>),
    /// They were read, and AWS published none for these throttle events.
    NotPublished,
    /// They are not known well enough to conclude anything; why not.
    NotRead(String),
}

impl Reasons {
    pub(super) fn of(reading: Reading<'_>, episode: &Episode, thresholds: &Thresholds) -> Self {
        let Episode { resource, direction, .. } = episode;
        let mut views: Vec<(Limit, SeriesView<'_>)> = Vec::new();
        for limit in Limit::ALL {
            let metric = Metric::ThrottleEventsBy(*direction, limit);
            let key = SeriesKey::sum(resource.clone(), metric);
            views.extend(reading.series(&key).map(|view| (limit, view)));
        }
        let window = episode.cause_window(thresholds);
        let throttled: Vec<(Minute, f64)> = episode
            .throttled
            .iter()
            .filter(|(minute, _)| window.contains(*minute))
            .copied()
            .collect();
        let published = reading.published(resource);
        let was_read = |view: &SeriesView<'_>, minute: Minute| {
            minute <= view.settled_through()
                && match view.get(minute) {
                    Point::Value(_) => true,
                    Point::Gap => published.contains(minute),
                    Point::Unread => false,
                }
        };
        let all_read = |minute: Minute| {
            views.len() == Limit::ALL.len() && views.iter().all(|(_, view)| was_read(view, minute))
        };
        let known: f64 = throttled
            .iter()
            .filter(|(minute, _)| all_read(*minute))
            .map(|(_, events)| events)
            .sum();
        let total: f64 = throttled.iter().map(|(_, events)| events).sum();

        let mut counted: Vec<(Limit, f64)> = views
            .iter()
            .map(|(limit, view)| {
                let settled = view.points().filter(|(minute, _)| {
                    window.contains(*minute) && *minute <= view.settled_through()
                });
                (*limit, settled.filter_map(|(_, point)| point.value()).sum())
            })
            .filter(|(_, events)| *events > 0.0)
            .collect();
        counted.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        let largest = counted.first().map_or(0.0, |(_, events)| *events);
        // What was not read may outweigh what was, unless most of it was.
        let tells = known > total / 2.0 || largest > total / 2.0;
        match (counted.is_empty(), tells) {
            (false, true) => Self::Measured(counted),
            (true, true) if !is_stale(reading, episode) => Self::NotPublished,
            _ => Self::NotRead(why_not(reading, episode)),
        }
    }
}

fn figures<'a>(reading: Reading<'a>, episode: &'a Episode) -> impl Iterator<Item = Figure> + 'a {
    let Episode { resource, direction, .. } = episode;
    Limit::ALL.into_iter().map(move |limit| reading.throttle_events_by(resource, *direction, limit))
}

fn is_stale(reading: Reading<'_>, episode: &Episode) -> bool {
    figures(reading, episode).any(|figure| matches!(figure, Figure::Stale { .. }))
}

fn why_not(reading: Reading<'_>, episode: &Episode) -> String {
    let denied = figures(reading, episode).find_map(|figure| match figure {
        Figure::Denied { action } => Some(action),
        Figure::Value { .. }
        | Figure::Settling { .. }
        | Figure::Zero { .. }
        | Figure::Idle { .. }
        | Figure::Unknown { .. }
        | Figure::Stale { .. }
        | Figure::NotApplicable
        | Figure::NotPolled => None,
    });
    match denied {
        Some(action) => format!("throttle reasons not read: no permission: {action}"),
        None if is_stale(reading, episode) => {
            "throttle reasons not read again since they were due".to_owned()
        }
        None => "throttle reasons not known for most of these minutes".to_owned(),
    }
}
