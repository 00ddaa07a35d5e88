//! What is said of a resource without a verdict: that nothing is wrong, only if that is known.

use crate::model::id::Resource;
use crate::model::metric::{DaxMetric, Metric, SeriesKey};
use crate::model::throttle::Direction;
use crate::model::time::{Figure, Minute};
use crate::store::{Point, Reading, SeriesView};
use crate::view::format::{grouped, minute};
use crate::view::tables::Subject;
use crate::view::{Paragraph, Role, detail};

/// Newest settled minutes that are spoken for.
const MINUTES: i64 = 15;

/// One line: how calm it is, or why that cannot be said.
pub(super) fn calm(subject: &Subject<'_>) -> Paragraph {
    let Subject { reading, resource, .. } = *subject;
    let (what, metrics): (_, &[Metric]) = match resource {
        Resource::Account => ("user errors", &[Metric::UserErrors]),
        Resource::Table(_) | Resource::Index(..) => {
            ("throttle events", &Direction::ALL.map(Metric::ThrottleEvents))
        }
        Resource::Cluster(_) | Resource::Node(..) => {
            ("throttled requests", &[Metric::Dax(DaxMetric::ThrottledRequestCount)])
        }
    };
    for metric in metrics {
        if let Some(reason) = unjudged(reading, reading.figure(resource, *metric)) {
            return detail::paragraph("what", format!("not judged: {reason}"), Role::Notice);
        }
    }
    let Counted { minutes, events, newest } = Counted::of(reading, resource, metrics);
    if minutes == 0 {
        let newest =
            newest.map_or_else(String::new, |at| format!(": {} is unknown", written(reading, at)));
        return detail::paragraph("what", format!("not judged{newest}"), Role::Notice);
    }
    let span = format!("in the last {minutes} settled minutes");
    if events > 0.0 {
        let text = format!("no trouble: {} {what} {span}", grouped(events));
        detail::paragraph("what", text, Role::Text)
    } else {
        detail::paragraph("what", format!("calm: no {what} {span}"), Role::Safe)
    }
}

/// Why nothing can be said of the present; `None` if something can.
fn unjudged(reading: Reading<'_>, newest: Figure) -> Option<String> {
    match newest {
        Figure::Value { .. } | Figure::Settling { .. } | Figure::Zero { .. } => None,
        Figure::Idle { at } | Figure::Unknown { at } => {
            Some(format!("CloudWatch has not published {} yet", written(reading, at)))
        }
        Figure::Stale { at, .. } => {
            Some(format!("nothing newer than {} could be read", written(reading, at)))
        }
        Figure::Denied { action } => Some(format!("no permission: {action}")),
        Figure::NotApplicable | Figure::NotPolled => Some("not read yet".to_owned()),
    }
}

fn written(reading: Reading<'_>, at: Minute) -> String {
    minute(at, reading.now(), reading.utc_offset())
}

/// What was counted in the newest settled minutes, as far back as every metric is known.
struct Counted {
    minutes: i64,
    events: f64,
    /// The minute from which it is counted back; `None` if nothing was read.
    newest: Option<Minute>,
}

impl Counted {
    fn of(reading: Reading<'_>, resource: &Resource, metrics: &[Metric]) -> Self {
        let series = |metric: &Metric| reading.series(&SeriesKey::sum(resource.clone(), *metric));
        let all: Option<Vec<SeriesView<'_>>> = metrics.iter().map(series).collect();
        let all = all.unwrap_or_default();
        let newest = all.iter().map(|series| series.settled_through()).max();
        let mut counted = Self { minutes: 0, events: 0.0, newest };
        let published = reading.published(resource);
        let count = |series: &SeriesView<'_>, minute| match series.get(minute) {
            Point::Value(events) if minute <= series.settled_through() => Some(events),
            Point::Gap if minute <= series.settled_through() && published.contains(minute) => {
                Some(0.0)
            }
            Point::Value(_) | Point::Gap | Point::Unread => None,
        };
        let Some(newest) = newest else { return counted };
        for minute in (1 - MINUTES..=0).rev().map(|offset| newest.plus(offset)) {
            let events: Option<f64> = all.iter().map(|series| count(series, minute)).sum();
            let Some(events) = events else { break };
            counted.events += events;
            counted.minutes += 1;
        }
        counted
    }
}
