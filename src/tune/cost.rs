//! What a table or index costs, and would cost the other way, for the traffic of some minutes.

use super::consequence::insights_price;
use super::price::{Prices, Rates};
use super::setting::table_of;
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use crate::model::metric::{Metric, SeriesKey};
use crate::model::scaling::ScalableTarget;
use crate::model::table::BillingMode;
use crate::model::throttle::Direction;
use crate::model::time::Window;
use crate::store::{Reading, SeriesView};

/// Target utilization that is reckoned with where autoscaling has none, percent.
pub const USUAL_TARGET: f64 = 70.0;

/// What one table or index costs, without its indexes, replicas, storage and free tier.
#[derive(Debug, Clone, PartialEq)]
pub struct CostView {
    /// How it is paid for.
    pub billing: BillingMode,
    /// Reads, then writes.
    pub directions: [DirectionCost; 2],
    /// Whether capacity changed in the window: utilization is against the present one.
    pub capacity_changed: bool,
    /// Whose prices these are, and that this is an estimate.
    pub source: String,
}

/// Reads or writes of a table or index.
#[derive(Debug, Clone, PartialEq)]
pub struct DirectionCost {
    /// Which.
    pub direction: Direction,
    /// The minutes asked about: the newest settled ones.
    pub window: Option<Window>,
    /// How many of them are known. All that follows is about those alone.
    pub known_minutes: u32,
    /// Units per second, averaged over the known minutes.
    pub mean: Option<f64>,
    /// Units per second of the busiest known minute; seconds may have been busier.
    pub peak: Option<f64>,
    /// The same in percent of the present provisioned capacity.
    pub mean_percent: Option<f64>,
    /// The same in percent of the present provisioned capacity.
    pub peak_percent: Option<f64>,
    /// Dollars an hour of the present settings: of the capacity, or of the mean traffic on demand.
    pub now: Option<f64>,
    /// Dollars an hour of the mean traffic on demand.
    pub on_demand: Option<f64>,
    /// Target utilization that is reckoned with, percent.
    pub target_percent: f64,
    /// Dollars an hour of capacity that follows the traffic at that utilization without delay:
    /// autoscaling comes to more.
    pub provisioned_following: Option<f64>,
    /// Dollars an hour of capacity for the busiest minute at that utilization, all the time.
    pub provisioned_for_peak: Option<f64>,
    /// Mean use of provisioned capacity, percent, below which on-demand is cheaper.
    pub break_even_percent: f64,
}

impl CostView {
    /// Dollars an hour now, of reads and writes; `None` where either is not known.
    pub fn now(&self) -> Option<f64> {
        let [read, write] = &self.directions;
        Some(read.now? + write.now?)
    }
}

/// What `resource` costs for the traffic of its newest `minutes` settled minutes; `None` until its
/// table is described, and where there is no price for it.
pub fn of(
    reading: Reading<'_>,
    prices: &Prices,
    resource: &Resource,
    minutes: i64,
) -> Option<CostView> {
    let table = table_of(reading, resource)?;
    reading.throughput(resource)?;
    let rates = prices.rates(reading.scope().region(), &table.details.class)?;
    let directions = Direction::ALL
        .map(|direction| direction_cost(reading, resource, (direction, minutes), &rates));
    let starts = directions.iter().filter_map(|cost| cost.window).map(|window| window.start).min();
    let held = reading.capacity_held(resource).map(|held| held.start);
    let capacity_changed = starts.zip(held).is_some_and(|(start, held)| held > start);
    Some(CostView { billing: table.billing, directions, capacity_changed, source: rates.source })
}

/// Dollars an hour of Contributor Insights on `resource` in a mode, at most, at the present traffic; `None` where
/// that or the price is not known.
pub fn insights(
    reading: Reading<'_>,
    prices: &Prices,
    resource: &Resource,
    mode: &InsightsMode,
) -> Option<f64> {
    let class = &table_of(reading, resource)?.details.class;
    let rates = prices.rates(reading.scope().region(), class)?;
    insights_price(reading, resource, Some(mode), &rates)
}

fn direction_cost(
    reading: Reading<'_>,
    resource: &Resource,
    (direction, minutes): (Direction, i64),
    rates: &Rates,
) -> DirectionCost {
    let series = reading.series(&SeriesKey::sum(resource.clone(), Metric::Consumed(direction)));
    let window = series.map(|view| Window::ending(view.settled_through().plus(1), minutes));
    let points = series.into_iter().flat_map(SeriesView::points);
    let inside = points.filter(|(minute, _)| window.is_some_and(|window| window.contains(*minute)));
    let rows: Vec<f64> =
        inside.filter_map(|(_, point)| point.value()).map(|sum| sum / 60.0).collect();
    let known_minutes = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let mean = (known_minutes > 0).then(|| rows.iter().sum::<f64>() / f64::from(known_minutes));
    let peak = rows.iter().copied().reduce(f64::max);
    let capacity = reading.capacity(resource, direction).and_then(|capacity| capacity.provisioned);
    let percent = |units: Option<f64>| {
        let capacity = capacity.filter(|capacity| *capacity > 0.0)?;
        Some(100.0 * units? / capacity)
    };
    let target = reading.scalable_target(resource, direction);
    let target_percent =
        target.and_then(ScalableTarget::target_utilization).unwrap_or(USUAL_TARGET);
    let (unit, on_demand_unit) = (rates.provisioned(direction), rates.on_demand(direction));
    let on_demand = mean.map(|mean| mean * on_demand_unit);
    // A unit is the least that can be provisioned.
    let provisioned = |units: f64| (100.0 * units / target_percent).max(1.0) * unit;
    DirectionCost {
        direction,
        window,
        known_minutes,
        mean,
        peak,
        mean_percent: percent(mean),
        peak_percent: percent(peak),
        now: capacity.map(|units| units * unit).or(on_demand),
        on_demand,
        target_percent,
        provisioned_following: mean.map(provisioned),
        provisioned_for_peak: peak.map(|peak| provisioned(peak.ceil())),
        break_even_percent: rates.break_even_percent(direction),
    }
}

#[cfg(test)]
mod tests;
