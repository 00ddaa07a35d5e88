//! What throughput costs: a dated table of list prices.

use crate::model::table::TableClass;
use crate::model::throttle::Direction;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The table that comes with the program.
pub const DEFAULT: &str = include_str!("prices.toml");

/// Hours in a month, as AWS's pricing examples count them.
const HOURS_A_MONTH: f64 = 730.0;

/// Prices by region.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// The date they are of, such as `2026-05`.
    as_of: Arc<str>,
    /// The region whose prices stand for those of regions that are not here.
    fallback: Arc<str>,
    regions: BTreeMap<Arc<str>, RegionPrices>,
}

/// The prices of one region, US dollars.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionPrices {
    provisioned_read_unit_hour: f64,
    provisioned_write_unit_hour: f64,
    million_read_request_units: f64,
    million_write_request_units: f64,
    infrequent_access_factor: f64,
    insights_rule_month: f64,
    insights_million_events: f64,
}

impl RegionPrices {
    fn all(&self) -> [f64; 7] {
        let Self {
            provisioned_read_unit_hour,
            provisioned_write_unit_hour,
            million_read_request_units,
            million_write_request_units,
            infrequent_access_factor,
            insights_rule_month,
            insights_million_events,
        } = *self;
        [
            provisioned_read_unit_hour,
            provisioned_write_unit_hour,
            million_read_request_units,
            million_write_request_units,
            infrequent_access_factor,
            insights_rule_month,
            insights_million_events,
        ]
    }
}

impl Prices {
    /// The prices that come with the program.
    pub fn embedded() -> Self {
        // A test reads it; without prices no estimate is made.
        Self::parse(DEFAULT).unwrap_or_default()
    }

    /// Reads a table of prices.
    ///
    /// # Errors
    /// What is wrong with it, in one line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let prices: Self = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        for (region, found) in &prices.regions {
            if found.all().into_iter().any(|price| !price.is_finite() || price <= 0.0) {
                return Err(format!("regions.{region}: expected prices above 0"));
            }
        }
        if !prices.regions.contains_key(&prices.fallback) {
            return Err(format!("fallback: no prices of region {}", prices.fallback));
        }
        Ok(prices)
    }

    /// The rates in a region for throughput of a class; `None` for a class of the future.
    pub fn rates(&self, region: &str, class: &TableClass) -> Option<Rates> {
        let (used, prices) = self
            .regions
            .get_key_value(region)
            .or_else(|| self.regions.get_key_value(&self.fallback))?;
        let factor = match class {
            TableClass::Standard => 1.0,
            TableClass::StandardInfrequentAccess => prices.infrequent_access_factor,
            TableClass::Other(_) => return None,
        };
        let instead = if **used == *region { "" } else { ", which stands for this region" };
        let source = format!("estimate, list price of {used}{instead}, {}", self.as_of);
        Some(Rates { prices: *prices, factor, source })
    }
}

/// The prices of one region for one class of table.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates {
    prices: RegionPrices,
    factor: f64,
    /// Where they are from: `estimate, list price of us-east-1, 2026-05`.
    pub source: String,
}

impl Rates {
    /// Dollars an hour for one provisioned capacity unit.
    pub fn provisioned(&self, direction: Direction) -> f64 {
        let price = match direction {
            Direction::Read => self.prices.provisioned_read_unit_hour,
            Direction::Write => self.prices.provisioned_write_unit_hour,
        };
        price * self.factor
    }

    /// Dollars an hour for one on-demand request unit in every second.
    pub fn on_demand(&self, direction: Direction) -> f64 {
        let million = match direction {
            Direction::Read => self.prices.million_read_request_units,
            Direction::Write => self.prices.million_write_request_units,
        };
        million * self.factor * 3_600.0 / 1_000_000.0
    }

    /// The mean use of provisioned capacity, percent, below which on-demand is cheaper.
    pub fn break_even_percent(&self, direction: Direction) -> f64 {
        100.0 * self.provisioned(direction) / self.on_demand(direction)
    }

    /// Dollars an hour for so many rules of Contributor Insights.
    pub fn insights_rules(&self, rules: u32) -> f64 {
        f64::from(rules) * self.prices.insights_rule_month / HOURS_A_MONTH
    }

    /// Dollars an hour for one event of Contributor Insights in every second.
    pub fn insights_events(&self) -> f64 {
        self.prices.insights_million_events * 3_600.0 / 1_000_000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{Read, Write};

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn the_embedded_prices_are_those_of_the_price_list() {
        let prices = Prices::parse(DEFAULT).unwrap();
        let rates = prices.rates("us-east-1", &TableClass::Standard).unwrap();
        // +100 RCU are $9.49 and +100 WCU $47.45 in a month of 730 hours.
        assert!(near(100.0 * rates.provisioned(Read) * 730.0, 9.49));
        assert!(near(100.0 * rates.provisioned(Write) * 730.0, 47.45));
        assert!(near(rates.on_demand(Read), 0.000_45));
        assert!(near(rates.on_demand(Write), 0.002_25));
        for direction in Direction::ALL {
            assert_eq!(format!("{:.1}", rates.break_even_percent(direction)), "28.9");
        }
        assert_eq!(rates.source, "estimate, list price of us-east-1, 2026-05");
    }

    #[test]
    fn a_region_without_prices_is_estimated_with_another_ones_and_says_so() {
        let rates = Prices::embedded().rates("eu-west-3", &TableClass::Standard).unwrap();
        assert!(rates.source.contains("us-east-1, which stands for this region"));
    }

    #[test]
    fn infrequent_access_costs_more_and_a_class_of_the_future_is_not_guessed() {
        let prices = Prices::embedded();
        let ia = prices.rates("us-east-1", &TableClass::StandardInfrequentAccess).unwrap();
        assert!(near(ia.provisioned(Write), 0.000_812_5));
        assert_eq!(prices.rates("us-east-1", &TableClass::Other(Arc::from("COLD"))), None);
    }

    #[test]
    fn mistakes_in_a_price_table_are_told_in_one_line() {
        for (text, expected) in [
            ("", "missing field"),
            ("as_of = '2026'\nfallback = 'mars'\nregions = {}", "no prices of region mars"),
            (&DEFAULT.replacen("0.00013", "-1.0", 1), "regions.us-east-1: expected prices above 0"),
            (&DEFAULT.replacen("0.00013", "nan", 1), "regions.us-east-1: expected prices above 0"),
            (&DEFAULT.replacen("as_of", "date", 1), "unknown field"),
        ] {
            let problem = Prices::parse(text).unwrap_err();
            assert!(problem.contains(expected) && !problem.contains('\n'), "{problem}");
        }
    }
}
