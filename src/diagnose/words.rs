//! How verdicts write numbers, times and terms.

use crate::model::id::Resource;
use crate::model::table::BillingMode;
use crate::model::throttle::{Direction, Limit};
use crate::model::time::Minute;
use crate::store::Reading;

/// A number rounded to a whole one, in groups of three: `1,240`. Below ten it keeps one decimal.
pub(crate) fn number(value: f64) -> String {
    if value.fract() != 0.0 && value.abs() < 10.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A share, 0 to 1, in percent: `42 %`, small ones with a decimal.
pub(super) fn percent(share: f64) -> String {
    let percent = (1_000.0 * share).round() / 10.0;
    format!("{} %", number(if percent < 10.0 { percent } else { percent.round() }))
}

/// So many milliseconds in words: `800 ms`, `42 s`, `12 m`, `3 h 20 m`.
pub(super) fn span(milliseconds: f64) -> String {
    let seconds = (milliseconds / 1e3).floor();
    let minutes = (seconds / 60.0).floor();
    if milliseconds < 1e3 {
        format!("{milliseconds:.0} ms")
    } else if seconds < 120.0 {
        format!("{seconds:.0} s")
    } else if minutes < 120.0 {
        format!("{minutes:.0} m")
    } else {
        format!("{:.0} h {:.0} m", (minutes / 60.0).floor(), minutes % 60.0)
    }
}

/// The time of day of a minute: `11:58`, in UTC unless the reading is for another place.
pub(super) fn clock(reading: Reading<'_>, minute: Minute) -> String {
    reading.utc_offset().local_minute(minute).start().strftime("%H:%M").to_string()
}

/// A limit in the words of the list: short, and easily searched for.
pub(super) fn limit(limit: Limit) -> &'static str {
    match limit {
        Limit::Provisioned => "provisioned capacity",
        Limit::KeyRange => "hot partition",
        Limit::MaxOnDemand => "on-demand maximum",
        Limit::AccountLimit => "account limit",
    }
}

/// The unit that a table or index is measured in: capacity units, or on-demand request units.
pub(super) fn unit(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
) -> &'static str {
    let table = resource.table_name().and_then(|name| reading.table(name));
    match (table.map(|table| table.billing), direction) {
        (Some(BillingMode::OnDemand), Direction::Read) => "RRU",
        (Some(BillingMode::OnDemand), Direction::Write) => "WRU",
        (Some(BillingMode::Provisioned) | None, Direction::Read) => "RCU",
        (Some(BillingMode::Provisioned) | None, Direction::Write) => "WCU",
    }
}

/// The resource in a sentence: `orders`, `index by-customer of orders`, or `node carts-a of DAX cluster carts`.
pub(crate) fn name(resource: &Resource) -> String {
    match resource {
        Resource::Account => "the account".to_owned(),
        Resource::Table(table) => table.to_string(),
        Resource::Index(table, index) => format!("index {index} of {table}"),
        Resource::Cluster(cluster) => format!("DAX cluster {cluster}"),
        Resource::Node(cluster, node) => format!("node {node} of DAX cluster {cluster}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_written_in_the_units_that_matter() {
        for (milliseconds, expected) in
            [(800.0, "800 ms"), (42_900.0, "42 s"), (720_000.0, "12 m"), (12_000_000.0, "3 h 20 m")]
        {
            assert_eq!(span(milliseconds), expected);
        }
    }

    #[test]
    fn numbers_are_grouped_and_small_ones_keep_a_decimal() {
        for (value, expected) in [
            (0.0, "0"),
            (999.0, "999"),
            (1_240.0, "1,240"),
            (1_234_567.4, "1,234,567"),
            (2.5, "2.5"),
        ] {
            assert_eq!(number(value), expected);
        }
    }
}
