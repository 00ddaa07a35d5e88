//! How plans write things.

use super::setting::{Mute, Setting};
use crate::diagnose::{name, number};
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use crate::store::Reading;
use jiff::Timestamp;

/// Units with their name: `1,240 WCU`.
pub(super) fn capacity(units: f64, direction: Direction) -> String {
    format!("{} {}", number(units), capacity_unit(direction))
}

pub(super) fn capacity_unit(direction: Direction) -> &'static str {
    match direction {
        Direction::Read => "RCU",
        Direction::Write => "WCU",
    }
}

/// An on-demand maximum: `1,240 WRU/s`, or `none`.
pub(super) fn maximum(units: Option<u32>, direction: Direction) -> String {
    let unit = match direction {
        Direction::Read => "RRU/s",
        Direction::Write => "WRU/s",
    };
    units.map_or("none".to_owned(), |units| format!("{} {unit}", number(f64::from(units))))
}

pub(super) fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// A moment: `14:10 UTC`, with its date if that is not the day of `reading`.
pub(super) fn moment(reading: Reading<'_>, at: Timestamp) -> String {
    let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
    let format = if day(at) == day(reading.now()) { "%H:%M UTC" } else { "%Y-%m-%d %H:%M UTC" };
    at.strftime(format).to_string()
}

/// Dollars an hour: `$0.0650/h`; more digits where they are needed to tell it from nothing.
pub(super) fn usd(per_hour: f64) -> String {
    match per_hour.abs() {
        0.0 => "$0/h".to_owned(),
        small if small < 0.000_1 => "<$0.0001/h".to_owned(),
        small if small < 1.0 => format!("${per_hour:.4}/h"),
        _ => format!("${per_hour:.2}/h"),
    }
}

/// What is set, for a heading: `write autoscaling of orders`.
pub(super) fn subject(setting: &Setting) -> String {
    match setting {
        Setting::Bounds { resource, direction, .. } => {
            format!("{} autoscaling of {}", direction.as_str(), name(resource))
        }
        Setting::Policy { resource, direction, policy, .. } => {
            format!("{} scaling policy {policy} of {}", direction.as_str(), name(resource))
        }
        Setting::Capacity { resource, .. } => format!("provisioned capacity of {}", name(resource)),
        Setting::Maximum { resource, .. } => format!("on-demand maximum of {}", name(resource)),
        Setting::Insights { resource, .. } => format!("Contributor Insights of {}", name(resource)),
        Setting::Mute { rule, .. } => format!("mute rule {rule}"),
    }
}

/// What of a setting has a value, by name: in the same order for all of its states.
pub(super) fn values(reading: Reading<'_>, setting: &Setting) -> Vec<(&'static str, String)> {
    match setting {
        Setting::Bounds { direction, min, max, suspended, .. } => vec![
            ("minimum", capacity(f64::from(*min), *direction)),
            ("maximum", capacity(f64::from(*max), *direction)),
            ("scale-in suspended", yes_or_no(suspended.scale_in).to_owned()),
            ("scale-out suspended", yes_or_no(suspended.scale_out).to_owned()),
            ("scheduled actions suspended", yes_or_no(suspended.scheduled).to_owned()),
        ],
        Setting::Policy { tracking, .. } => {
            vec![("target utilization", format!("{} %", tracking.target_value))]
        }
        Setting::Capacity { read, write, .. } => vec![
            ("read capacity", capacity(f64::from(*read), Direction::Read)),
            ("write capacity", capacity(f64::from(*write), Direction::Write)),
        ],
        Setting::Maximum { read, write, .. } => vec![
            ("read maximum", maximum(*read, Direction::Read)),
            ("write maximum", maximum(*write, Direction::Write)),
        ],
        Setting::Insights { mode, .. } => {
            vec![("reports", mode.as_ref().map_or("off", |mode| mode.as_str()).to_owned())]
        }
        Setting::Mute { mute, .. } => vec![("muted", muted(reading, mute.as_ref()))],
    }
}

fn muted(reading: Reading<'_>, mute: Option<&Mute>) -> String {
    let Some(mute) = mute else { return "no".to_owned() };
    let (from, to) = (moment(reading, mute.start), moment(reading, mute.end));
    format!("{} from {from} to {to}", mute.alarms.join(", "))
}

/// A resource as it has to be typed: `orders`, or `orders/by-customer`.
pub(super) fn typed_name(resource: &Resource) -> String {
    match resource {
        Resource::Account => "account".to_owned(),
        Resource::Table(name) | Resource::Cluster(name) => name.to_string(),
        Resource::Index(whole, part) | Resource::Node(whole, part) => format!("{whole}/{part}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_that_are_not_nothing_never_read_as_nothing() {
        for (per_hour, expected) in [
            (0.0, "$0/h"),
            (0.000_02, "<$0.0001/h"),
            (0.013, "$0.0130/h"),
            (2.5, "$2.50/h"),
            (-0.5, "$-0.5000/h"),
        ] {
            assert_eq!(usd(per_hour), expected);
        }
    }
}
