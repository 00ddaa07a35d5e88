//! What watching costs, and how to slow down before it costs too much.

use crate::model::health::{Slowed, USD_PER_LIST_REQUEST, USD_PER_METRIC};

/// Every how many minutes calm rows are read; escalated ones are read every minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    /// Rows that are not on the screen.
    pub(crate) hidden: i64,
    /// Rows that are.
    pub(crate) visible: i64,
}

impl Pace {
    pub(crate) const FULL: Self = Self { hidden: 1, visible: 1 };
    /// The pace while nobody looks.
    const IDLE: Self = Self { hidden: 5, visible: 5 };
    const SLOWEST: Self = Self { hidden: 30, visible: 30 };
    /// From the fastest to the slowest: what is on the screen is slowed last.
    ///
    /// No step is longer than half an hour, so that a reading and the minutes that were not settled
    /// at the one before fit into the hour that is kept of every row.
    const STEPS: [Self; 7] = [
        Self::FULL,
        Self { hidden: 5, visible: 1 },
        Self::IDLE,
        Self { hidden: 15, visible: 5 },
        Self { hidden: 15, visible: 15 },
        Self { hidden: 30, visible: 15 },
        Self::SLOWEST,
    ];
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
    /// Of what is published every five minutes: never read faster, slowed with what is visible.
    pub(crate) five_minute: u64,
    /// Of the open alarm.
    pub(crate) alarm: u64,
    /// How often that is read per hour: never slowed, since somebody looks at it.
    pub(crate) alarm_readings_per_hour: u64,
    /// Reports of Contributor Insights, read each minute: never slowed, since somebody looks at them or the
    /// table is in trouble.
    pub(crate) reports: u64,
    /// `ListMetrics` requests per hour.
    pub(crate) list_requests_per_hour: u64,
}

impl Load {
    /// Billed metrics of one reading of everything.
    pub(crate) fn metrics(self) -> u64 {
        self.urgent + self.visible + self.hidden + self.five_minute + self.alarm + self.reports
    }

    /// Dollars per hour at `pace`.
    pub(crate) fn usd_per_hour(self, pace: Pace) -> f64 {
        let per_hour = |metrics: u64, every: i64| metrics as f64 * 60.0 / every as f64;
        let metrics = per_hour(self.urgent, 1)
            + per_hour(self.reports, 1)
            + per_hour(self.visible, pace.visible)
            + per_hour(self.hidden, pace.hidden)
            + per_hour(self.five_minute, pace.visible.max(5))
            + (self.alarm * self.alarm_readings_per_hour) as f64;
        metrics * USD_PER_METRIC + self.list_requests_per_hour as f64 * USD_PER_LIST_REQUEST
    }

    /// The fastest pace within `budget` (dollars per hour), and why it is not the full one.
    ///
    /// Where not even the slowest fits, it is the slowest: what is in trouble stays watched.
    pub(crate) fn pace(self, budget: Option<f64>, idle: bool) -> (Pace, Option<Slowed>) {
        let fits = |pace: &Pace| budget.is_none_or(|budget| self.usd_per_hour(*pace) <= budget);
        let affordable = Pace::STEPS.into_iter().find(fits).unwrap_or(Pace::SLOWEST);
        if idle && affordable.visible < Pace::IDLE.visible {
            (Pace::IDLE, Some(Slowed::Idle))
        } else if affordable == Pace::FULL {
            (affordable, None)
        } else {
            (affordable, Some(Slowed::Budget))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOAD: Load = Load {
        urgent: 20,
        visible: 100,
        hidden: 880,
        five_minute: 0,
        alarm: 0,
        alarm_readings_per_hour: 0,
        reports: 0,
        list_requests_per_hour: 4,
    };

    fn pace(hidden: i64, visible: i64) -> Pace {
        Pace { hidden, visible }
    }

    #[test]
    fn the_price_counts_each_row_at_its_own_pace() {
        for (pace, metrics_per_hour) in [
            (Pace::FULL, 60_000.0),
            (pace(5, 1), 60.0 * 120.0 + 12.0 * 880.0),
            (pace(5, 5), 60.0 * 20.0 + 12.0 * 980.0),
            (pace(15, 5), 60.0 * 20.0 + 12.0 * 100.0 + 4.0 * 880.0),
            (pace(30, 15), 60.0 * 20.0 + 4.0 * 100.0 + 2.0 * 880.0),
        ] {
            let expected = (metrics_per_hour + 4.0) / 100_000.0;
            assert!((LOAD.usd_per_hour(pace) - expected).abs() < 1e-12, "{pace:?}");
        }
    }

    #[test]
    fn an_open_alarm_adds_to_the_price_at_every_pace() {
        let open = Load { alarm: 3, alarm_readings_per_hour: 12, ..LOAD };
        for pace in Pace::STEPS {
            let more = open.usd_per_hour(pace) - LOAD.usd_per_hour(pace);
            assert!((more - 36.0 * USD_PER_METRIC).abs() < 1e-12, "{pace:?}");
        }
        assert_eq!(open.metrics(), LOAD.metrics() + 3);
        assert_eq!(open.pace(Some(0.6002), false).1, Some(Slowed::Budget));
    }

    #[test]
    fn reports_of_hot_keys_add_to_the_price_at_every_pace() {
        let watched = Load { reports: 4, ..LOAD };
        for pace in Pace::STEPS {
            let more = watched.usd_per_hour(pace) - LOAD.usd_per_hour(pace);
            assert!((more - 240.0 * USD_PER_METRIC).abs() < 1e-12, "{pace:?}");
        }
        assert_eq!(watched.metrics(), LOAD.metrics() + 4);
    }

    #[test]
    fn each_step_slows_what_is_hidden_before_what_is_visible() {
        let budget = Some(Slowed::Budget);
        for (limit, idle, expected) in [
            (None, false, (Pace::FULL, None)),
            (Some(0.601), false, (Pace::FULL, None)),
            (Some(0.59), false, (pace(5, 1), budget)),
            (Some(0.17), false, (pace(5, 5), budget)),
            (Some(0.12), false, (pace(15, 5), budget)),
            (Some(0.055), false, (pace(15, 15), budget)),
            (Some(0.05), false, (pace(30, 15), budget)),
            (Some(0.033), false, (pace(30, 30), budget)),
            (Some(0.0), false, (pace(30, 30), budget)),
            (None, true, (pace(5, 5), Some(Slowed::Idle))),
            (Some(0.59), true, (pace(5, 5), Some(Slowed::Idle))),
            (Some(0.17), true, (pace(5, 5), budget)),
            (Some(0.0), true, (pace(30, 30), budget)),
        ] {
            assert_eq!(LOAD.pace(limit, idle), expected, "{limit:?} {idle}");
        }
    }

    #[test]
    fn the_default_budget_carries_five_thousand_tables_with_an_index_each() {
        let budget = crate::poll::Settings::default().budget_usd_per_hour;
        for (tables, expected) in
            [(150, Pace::FULL), (1_000, pace(5, 5)), (2_000, pace(15, 5)), (5_000, pace(30, 15))]
        {
            let hidden = tables * 8;
            let load = Load {
                urgent: 1,
                visible: 300,
                hidden,
                list_requests_per_hour: 40,
                ..Load::default()
            };
            let (pace, _) = load.pace(budget, false);
            assert_eq!(pace, expected, "{tables} tables");
            assert!(load.usd_per_hour(pace) <= 1.0, "{tables} tables");
        }
    }
}
