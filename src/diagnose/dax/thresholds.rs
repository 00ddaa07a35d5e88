//! When something counts of DAX. AWS tells what to watch and names no threshold, so that each number is ours.

use serde::Deserialize;

/// When something counts as trouble of a DAX cluster. All numbers are our own choice: the sources say what is watched.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DaxThresholds {
    /// Of the newest settled minutes, those in which it must be so.
    pub minutes: usize,
    /// `CPUUtilization` of the busiest node, percent, from which it counts as busy. AWS advises to scale by the
    /// maximum at `ClusterId` (Amazon DynamoDB Developer Guide, "Production monitoring").
    pub cpu_percent: f64,
    /// The same from which it is told even where nothing is refused yet.
    pub full_cpu_percent: f64,
    /// `ThrottledRequestCount` in a minute that counts.
    pub throttled_per_minute: f64,
    /// How many times the CPU of the other nodes' middle one is too much for one node.
    pub hot_node_factor: f64,
    /// `CacheMemoryUtilization`, percent, from which evictions count. DAX evicts before it is full, and throttles
    /// writes when it is (the same page).
    pub memory_percent: f64,
    /// How many times the past hour's misses count …
    pub misses_factor: f64,
    /// … if they are so many more per second …
    pub misses_per_second: f64,
    /// … and are a share of the lookups, 0 to 1, that is so much larger than usual.
    pub miss_share_rise: f64,
    /// How many times the past hour's misses go on counting once they have.
    pub eased_factor: f64,
    /// Share of all lookups, 0 to 1, from which misses count that have been there all along.
    pub miss_share: f64,
    /// Share of the additional misses, 0 to 1, from which additional requests explain them.
    pub new_traffic_share: f64,
    /// Minutes before misses rise in which a node may have been made that is still cold.
    pub cold_minutes: i64,
    /// Minutes before misses rise in which an event of the parameter group may be behind it.
    pub changed_minutes: i64,
    /// Time to live, seconds, up to which it is short enough to be behind misses without such an event; the
    /// default is five minutes (AWS CLI reference, `dax describe-parameters`).
    pub short_ttl_seconds: f64,
    /// `FaultRequestCount` in a minute that counts …
    pub faults_per_minute: f64,
    /// … if it is at least this share, 0 to 1, of all requests.
    pub fault_share: f64,
    /// `ErrorRequestCount`, less what was throttled, in a minute that counts.
    pub errors_per_minute: f64,
    /// `CPUCreditBalance`, credits, up to which they count as used up.
    pub credits: f64,
    /// Spearman's rank coefficient from which a table's reads move together with a cluster's misses.
    pub correlation: f64,
}

impl Default for DaxThresholds {
    fn default() -> Self {
        Self {
            minutes: 2,
            cpu_percent: 80.0,
            full_cpu_percent: 95.0,
            throttled_per_minute: 10.0,
            hot_node_factor: 2.0,
            memory_percent: 90.0,
            misses_factor: 2.0,
            misses_per_second: 50.0,
            miss_share_rise: 0.05,
            eased_factor: 1.25,
            miss_share: 0.5,
            new_traffic_share: 0.5,
            cold_minutes: 15,
            changed_minutes: 30,
            short_ttl_seconds: 60.0,
            faults_per_minute: 10.0,
            fault_share: 0.001,
            errors_per_minute: 60.0,
            credits: 12.0,
            correlation: 0.8,
        }
    }
}

impl DaxThresholds {
    /// The first that would silence verdicts or invent them, and what it should be.
    pub fn unusable(&self) -> Option<(&'static str, &'static str)> {
        const SHARE: &str = "a share from 0.0 to 1.0";
        const AMOUNT: &str = "a number above 0";
        const FACTOR: &str = "a number above 1";
        const PERCENT: &str = "a percentage above 0, up to 100.0";
        const MINUTES: &str = "1 to 60 minutes";
        let share = |value: f64| (0.0..=1.0).contains(&value);
        let amount = |value: f64| value.is_finite() && value > 0.0;
        let factor = |value: f64| value.is_finite() && value > 1.0;
        let percent = |value: f64| amount(value) && value <= 100.0;
        let minutes = |value: i64| (1..=60).contains(&value);
        [
            // More could never be among the newest ones that are looked at by default.
            ("minutes", (1..=5).contains(&self.minutes), "1 to 5 minutes"),
            ("cpu_percent", percent(self.cpu_percent), PERCENT),
            ("full_cpu_percent", percent(self.full_cpu_percent), PERCENT),
            ("throttled_per_minute", amount(self.throttled_per_minute), AMOUNT),
            ("hot_node_factor", factor(self.hot_node_factor), FACTOR),
            ("memory_percent", percent(self.memory_percent), PERCENT),
            ("misses_factor", factor(self.misses_factor), FACTOR),
            ("misses_per_second", amount(self.misses_per_second), AMOUNT),
            ("miss_share_rise", share(self.miss_share_rise), SHARE),
            (
                "eased_factor",
                factor(self.eased_factor) && self.eased_factor <= self.misses_factor,
                "a number above 1, up to misses_factor",
            ),
            ("miss_share", share(self.miss_share), SHARE),
            ("new_traffic_share", share(self.new_traffic_share), SHARE),
            ("cold_minutes", minutes(self.cold_minutes), MINUTES),
            ("changed_minutes", minutes(self.changed_minutes), MINUTES),
            ("short_ttl_seconds", amount(self.short_ttl_seconds), AMOUNT),
            ("faults_per_minute", amount(self.faults_per_minute), AMOUNT),
            ("fault_share", share(self.fault_share), SHARE),
            ("errors_per_minute", amount(self.errors_per_minute), AMOUNT),
            ("credits", amount(self.credits), AMOUNT),
            ("correlation", share(self.correlation), SHARE),
        ]
        .into_iter()
        .find_map(|(key, usable, expected)| (!usable).then_some((key, expected)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_silence_or_invent_verdicts_is_refused() {
        let usable = DaxThresholds::default();
        assert_eq!(usable.unusable(), None);
        let cases = [
            (DaxThresholds { minutes: 0, ..usable }, "minutes"),
            (DaxThresholds { cpu_percent: 101.0, ..usable }, "cpu_percent"),
            (DaxThresholds { misses_factor: 1.0, ..usable }, "misses_factor"),
            (DaxThresholds { correlation: f64::NAN, ..usable }, "correlation"),
            (DaxThresholds { cold_minutes: 61, ..usable }, "cold_minutes"),
        ];
        for (thresholds, key) in cases {
            assert_eq!(thresholds.unusable().map(|(key, _)| key), Some(key));
        }
    }
}
