//! What is said of a resource without a verdict: that nothing is wrong, only if that is known.

use crate::model::id::Resource;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::throttle::Direction;
use crate::model::time::{Figure, Minute};
use crate::store::{Point, Reading};
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
    };
    for metric in metrics {
        if let Some(reason) = unjudged(reading, reading.figure(resource, *metric)) {
            return detail::paragraph("what", format!("not judged: {reason}"), Role::Notice);
        }
    }
    let counts: Vec<Counted> =
        metrics.iter().filter_map(|metric| Counted::of(reading, resource, *metric)).collect();
    let events: f64 = counts.iter().map(|counted| counted.events).sum();
    let minutes = counts.iter().map(|counted| counted.minutes).min().unwrap_or(0);
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
    let written = |at: Minute| minute(at, reading.now(), reading.utc_offset_minutes());
    match newest {
        Figure::Value { .. } | Figure::Settling { .. } | Figure::Zero { .. } => None,
        Figure::Idle { at } | Figure::Unknown { at } => {
            Some(format!("CloudWatch has not published {} yet", written(at)))
        }
        Figure::Stale { at, .. } => {
            Some(format!("nothing newer than {} could be read", written(at)))
        }
        Figure::Denied { action } => Some(format!("no permission: {action}")),
        Figure::NotApplicable | Figure::NotPolled => Some("not read yet".to_owned()),
    }
}

/// What was counted without a gap in knowledge up to the newest settled minute.
struct Counted {
    minutes: i64,
    events: f64,
}

impl Counted {
    fn of(reading: Reading<'_>, resource: &Resource, metric: Metric) -> Option<Self> {
        let series = reading.series(&SeriesKey::sum(resource.clone(), metric))?;
        let newest = series.settled_through();
        let mut counted = Self { minutes: 0, events: 0.0 };
        for minute in (1 - MINUTES..=0).rev().map(|offset| newest.plus(offset)) {
            match series.get(minute) {
                Point::Value(events) => counted.events += events,
                Point::Gap if reading.is_published(resource, minute) => {}
                Point::Gap | Point::Unread => break,
            }
            counted.minutes += 1;
        }
        Some(counted)
    }
}
