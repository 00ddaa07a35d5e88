//! What an on-demand maximum costs, and what raising it adds to the bill: the requests that it refuses now are
//! served from then on, and charged.
//!
//! How many units these take is told nowhere. They are counted at the least that one can take, and what that
//! leaves out is said.
//!
//! Sources: Amazon DynamoDB Developer Guide, "DynamoDB Metrics and dimensions" (an event is one item that was to be
//! read or written), "DynamoDB read and write operations" (units of a request), "Error handling with DynamoDB"
//! (clients send again what was throttled).

use super::consequence::{Money, Sureness};
use super::price::Rates;
use super::setting::table_of;
use crate::diagnose::number;
use crate::model::id::Resource;
use crate::model::throttle::{Direction, Limit};
use crate::store::Reading;

/// A maximum as it is and as it will be, units per second; `None` is no limit.
pub(super) type Change = (Direction, Option<u32>, Option<u32>);

/// Whether one maximum allows more than another; none allows most.
pub(super) fn is_above(a: Option<u32>, b: Option<u32>) -> bool {
    match (a, b) {
        (None, Some(_)) => true,
        (Some(a), Some(b)) => a > b,
        (_, None) => false,
    }
}

/// What a change of maxima costs; `None` where the present use is not known.
pub(super) fn money(
    reading: Reading<'_>,
    resource: &Resource,
    changes: [Change; 2],
    rates: &Rates,
) -> Option<Money> {
    let (mut now, mut at_once, mut most) = (0.0, 0.0, Some(0.0));
    let (mut counted, mut untold) = (Vec::new(), Vec::new());
    for (direction, from, to) in changes {
        let used = reading.consumed_per_second(resource, direction).value()?;
        let mut served = used;
        if is_above(to, from) {
            match refused(reading, resource, direction) {
                Some(items) if items > 0.0 => {
                    served += items * least_units(direction);
                    counted.push(in_words(direction, items));
                }
                Some(_) => {}
                None => untold.push(format!("{}s", direction.as_str())),
            }
        }
        // AWS lets more than a maximum through at times: what is not changed is not cut.
        let limit = to.filter(|_| to != from).map(f64::from);
        let price = rates.on_demand(direction);
        now += used * price;
        at_once += limit.map_or(served, |limit| served.min(limit)) * price;
        most = most.zip(to).map(|(most, to)| most + f64::from(to) * price);
    }
    let sureness = match (&*counted, &*untold) {
        ([], []) => Sureness::Reckoned,
        (_, [_, ..]) => Sureness::AtLeast(format!(
            "how many {} it refuses now, which are charged once they are served, is not known",
            untold.join(" and ")
        )),
        ([_, ..], []) => Sureness::About(format!(
            "it refuses {} now, counted as if each came once and took the least it can; those that are larger \
             come to more, those that clients sent again to less{}",
            counted.join(" and "),
            elsewhere(reading, resource, changes)
        )),
    };
    Some(Money { now, at_once, most, sureness, source: rates.source.clone() })
}

/// Items per second that the maximum refuses; `None` where it is not known which throttles are the maximum's.
fn refused(reading: Reading<'_>, resource: &Resource, direction: Direction) -> Option<f64> {
    let by_maximum = reading.throttle_events_by(resource, direction, Limit::MaxOnDemand).value();
    // Reasons are read of what throttles alone.
    let none = || reading.throttle_events(resource, direction).value().filter(|all| *all <= 0.0);
    by_maximum.or_else(none).map(|events| events / 60.0)
}

/// Units that an item takes at least: half of one where it is read eventually consistent.
fn least_units(direction: Direction) -> f64 {
    match direction {
        Direction::Read => 0.5,
        Direction::Write => 1.0,
    }
}

/// `80 writes a second (1 WRU each)`.
fn in_words(direction: Direction, items: f64) -> String {
    let (kind, unit) = match direction {
        Direction::Read => ("reads", "RRU"),
        Direction::Write => ("writes", "WRU"),
    };
    let (items, units) = (number(items), number(least_units(direction)));
    format!("{items} {kind} a second ({units} {unit} each)")
}

/// Where writes that are served in addition are charged besides: this is one resource's bill.
fn elsewhere(reading: Reading<'_>, resource: &Resource, changes: [Change; 2]) -> &'static str {
    let [_, (_, from, to)] = changes;
    let has_indexes = table_of(reading, resource).is_some_and(|table| !table.indexes.is_empty());
    match resource {
        _ if !is_above(to, from) => "",
        Resource::Index(..) => "; its table's units come on top",
        Resource::Table(_) if has_indexes => "; its indexes' units come on top",
        Resource::Table(_) | Resource::Account | Resource::Cluster(_) | Resource::Node(..) => "",
    }
}

#[cfg(test)]
mod tests;
