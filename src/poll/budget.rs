//! What watching costs, and how to slow down before it costs too much.
//!
//! Prices: Amazon `CloudWatch` pricing page, US East (N. Virginia): $0.01 per 1,000 metrics requested
//! with `GetMetricData`, $0.01 per 1,000 `ListMetrics` requests. List prices, so an estimate.

use crate::model::health::Slowed;

const USD_PER_METRIC: f64 = 0.01 / 1_000.0;
const USD_PER_LIST_REQUEST: f64 = 0.01 / 1_000.0;

/// How often a slowed row is read, minutes.
pub(crate) const SLOW_MINUTES: i64 = 5;

/// Which rows are read every five minutes instead of each minute; escalated ones never are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Pace {
    /// None.
    #[default]
    Full,
    /// Calm rows that are not on the screen.
    SlowHidden,
    /// All calm rows.
    SlowCalm,
}

impl Pace {
    /// Whether it slows a calm row.
    pub(crate) fn slows(self, visible: bool) -> bool {
        match self {
            Self::Full => false,
            Self::SlowHidden => !visible,
            Self::SlowCalm => true,
        }
    }
}

/// Billed metrics of one reading of everything, by what may be slowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Load {
    /// Of escalated rows and the account: never slowed.
    pub(crate) urgent: u64,
    /// Of calm rows on the screen.
    pub(crate) visible: u64,
    /// Of calm rows elsewhere.
    pub(crate) hidden: u64,
    /// `ListMetrics` requests per hour.
    pub(crate) list_requests_per_hour: u64,
}

impl Load {
    /// Dollars per hour at `pace`.
    pub(crate) fn usd_per_hour(self, pace: Pace) -> f64 {
        let per_hour = |slow: bool| if slow { 60.0 / SLOW_MINUTES as f64 } else { 60.0 };
        let metrics = self.urgent as f64 * 60.0
            + self.visible as f64 * per_hour(pace.slows(true))
            + self.hidden as f64 * per_hour(pace.slows(false));
        metrics * USD_PER_METRIC + self.list_requests_per_hour as f64 * USD_PER_LIST_REQUEST
    }

    /// The fastest pace within `budget` (dollars per hour), and why it is not the full one.
    ///
    /// Where not even the slowest fits, it is the slowest: what is in trouble stays watched.
    pub(crate) fn pace(self, budget: Option<f64>, idle: bool) -> (Pace, Option<Slowed>) {
        let fits = |pace: &Pace| budget.is_none_or(|budget| self.usd_per_hour(*pace) <= budget);
        let affordable =
            [Pace::Full, Pace::SlowHidden].into_iter().find(fits).unwrap_or(Pace::SlowCalm);
        match affordable {
            Pace::Full | Pace::SlowHidden if idle => (Pace::SlowCalm, Some(Slowed::Idle)),
            Pace::Full => (Pace::Full, None),
            Pace::SlowHidden | Pace::SlowCalm => (affordable, Some(Slowed::Budget)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOAD: Load = Load { urgent: 20, visible: 100, hidden: 880, list_requests_per_hour: 4 };

    #[test]
    fn the_price_counts_each_row_at_its_own_pace() {
        for (pace, metrics_per_hour) in [
            (Pace::Full, 60_000.0),
            (Pace::SlowHidden, 60.0 * 120.0 + 12.0 * 880.0),
            (Pace::SlowCalm, 60.0 * 20.0 + 12.0 * 980.0),
        ] {
            let expected = (metrics_per_hour + 4.0) / 100_000.0;
            assert!((LOAD.usd_per_hour(pace) - expected).abs() < 1e-12, "{pace:?}");
        }
    }

    #[test]
    fn hidden_rows_are_slowed_first_and_visible_ones_next() {
        let budget = Some(Slowed::Budget);
        for (limit, idle, expected) in [
            (None, false, (Pace::Full, None)),
            (Some(0.61), false, (Pace::Full, None)),
            (Some(0.59), false, (Pace::SlowHidden, budget)),
            (Some(0.17), false, (Pace::SlowCalm, budget)),
            (Some(0.0), false, (Pace::SlowCalm, budget)),
            (None, true, (Pace::SlowCalm, Some(Slowed::Idle))),
            (Some(0.59), true, (Pace::SlowCalm, Some(Slowed::Idle))),
            (Some(0.17), true, (Pace::SlowCalm, budget)),
        ] {
            assert_eq!(LOAD.pace(limit, idle), expected, "{limit:?} {idle}");
        }
    }
}
