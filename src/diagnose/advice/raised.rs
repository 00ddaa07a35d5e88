//! That a limit was raised a moment ago: more would be raised on figures of before.

use crate::diagnose::episode::Episode;
use crate::diagnose::words::{clock, name, number, unit};
use crate::diagnose::{Advice, Evidence, Fact};
use crate::model::event::{Change, Happening};
use crate::model::throttle::Direction;
use crate::model::time::Minute;
use crate::store::Reading;

/// The advice to wait, where no settled minute shows yet what a raise did, or where nothing was refused since.
pub(super) fn raised(reading: Reading<'_>, episode: &Episode) -> Option<(Advice, Evidence)> {
    let Episode { resource, direction, .. } = episode;
    let held = reading.capacity_held(resource)?;
    if episode.last() >= held.start {
        return None;
    }
    // The newest tells: what was lowered since is not waited for.
    let (at, what, from, to) =
        reading.events_of(resource, held.start.plus(-2).start()).find_map(|event| {
            let Happening::Table(change) = &event.what else { return None };
            let (what, from, to) = limits(&change.change, *direction)?;
            Some((Minute::containing(event.at), what, from, to))
        })?;
    let is_more = match (from, to) {
        (Some(from), Some(to)) => to > from,
        (from, None) => from.is_some(),
        (None, Some(_)) => false,
    };
    if !is_more {
        return None;
    }
    let (kind, unit) = (direction.as_str(), unit(reading, resource, *direction));
    let units = |units: Option<f64>| units.map_or_else(|| "none".to_owned(), number);
    let done = match to {
        Some(to) => format!("raised to {} {unit}", number(to)),
        None => "removed".to_owned(),
    };
    let then = if reading.newest_settled().is_some_and(|settled| held.start <= settled) {
        "nothing was refused since".to_owned()
    } else {
        let first = Minute::containing(reading.settles(held.start));
        let first = clock(reading, first);
        format!("the figures are of before, and the first that show it come about {first}")
    };
    let at = clock(reading, at);
    let advice =
        format!("wait: the {kind} {what} of {} was {done} at {at}; {then}", name(resource));
    let seen = format!("{kind} {what} raised from {} to {} {unit} at {at}", units(from), units(to));
    Some((Advice::from(advice), Evidence::fact(Fact::CapacityChange, seen)))
}

/// A limit of one direction before and after a change, units per second; `None` stands for no limit.
fn limits(
    change: &Change,
    direction: Direction,
) -> Option<(&'static str, Option<f64>, Option<f64>)> {
    match *change {
        Change::Capacity { direction: of, from, to } if of == direction => {
            Some(("capacity", Some(from), Some(to)))
        }
        Change::Maximum { direction: of, from, to } if of == direction => {
            Some(("on-demand maximum", from, to))
        }
        Change::Capacity { .. }
        | Change::Maximum { .. }
        | Change::Created
        | Change::Deleted
        | Change::Status { .. }
        | Change::Billing { .. }
        | Change::Dated { .. } => None,
    }
}
