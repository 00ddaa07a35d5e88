//! Statistics over the data of one period.

use crate::facts::{Datum, LogNormal};

/// A statistic of `GetMetricData` and of alarms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Statistic {
    Sum,
    Average,
    Minimum,
    Maximum,
    SampleCount,
    /// A percentile: its share, 0 to 1, and the standard normal deviate that has that share below it.
    Percentile {
        share: f64,
        deviate: f64,
    },
}

impl Statistic {
    /// Reads a statistic's name: one of the five, or `p` with a number from 0 to 100.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "Sum" => Some(Self::Sum),
            "Average" => Some(Self::Average),
            "Minimum" => Some(Self::Minimum),
            "Maximum" => Some(Self::Maximum),
            "SampleCount" => Some(Self::SampleCount),
            _ => {
                let number = name.strip_prefix('p')?;
                let digits = number.chars().all(|c| c.is_ascii_digit() || c == '.');
                let percent: f64 = number.parse().ok().filter(|_| digits)?;
                let share = percent / 100.0;
                (percent <= 100.0).then(|| Self::Percentile {
                    share,
                    deviate: bisect(-9.0, 9.0, |x| normal_share(x) < share),
                })
            }
        }
    }

    /// Computes the statistic over the data of one period; `None` is a period without a data point.
    pub(crate) fn over(self, data: &[Datum]) -> Option<f64> {
        let samples: f64 = data.iter().map(|datum| datum.samples).sum();
        if data.is_empty() || samples <= 0.0 {
            return None;
        }
        let sum = || data.iter().map(|datum| datum.sum).sum::<f64>();
        let min = || data.iter().map(|datum| datum.min).fold(f64::INFINITY, f64::min);
        let max = || data.iter().map(|datum| datum.max).fold(f64::NEG_INFINITY, f64::max);
        match self {
            Self::Sum => Some(sum()),
            Self::Average => Some(sum() / samples),
            Self::Minimum => Some(min()),
            Self::Maximum => Some(max()),
            Self::SampleCount => Some(samples),
            Self::Percentile { share, deviate } => {
                Some(quantile(data, share, deviate)?.clamp(min(), max()))
            }
        }
    }
}

/// Finds the quantile of the mixture of the data's distributions, each weighted by its samples; `None` if
/// one has no distribution, because a percentile cannot be made from extremes.
fn quantile(data: &[Datum], share: f64, deviate: f64) -> Option<f64> {
    let parts: Option<Vec<(f64, LogNormal)>> =
        data.iter().map(|datum| datum.spread.map(|spread| (datum.samples, spread))).collect();
    let parts = parts?;
    // The quantile of a mixture lies between the quantiles of its parts.
    let logs = parts.iter().map(|(_, spread)| spread.mu + spread.sigma * deviate);
    let low = logs.clone().fold(f64::INFINITY, f64::min);
    let high = logs.fold(f64::NEG_INFINITY, f64::max);
    if low >= high {
        return Some(low.exp());
    }
    let total: f64 = parts.iter().map(|(samples, _)| samples).sum();
    let below = |log: f64| {
        let weigh = |(samples, spread): &(f64, LogNormal)| {
            samples * normal_share((log - spread.mu) / spread.sigma)
        };
        parts.iter().map(weigh).sum::<f64>() / total
    };
    Some(bisect(low, high, |log| below(log) < share).exp())
}

/// Finds where `is_below` turns false between `low` and `high`.
fn bisect(mut low: f64, mut high: f64, is_below: impl Fn(f64) -> bool) -> f64 {
    // 52 halvings exhaust the precision of an f64.
    for _ in 0..52 {
        let middle = f64::midpoint(low, high);
        if is_below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Returns the share of a standard normal distribution below `x`, to 7.5e-8 (Abramowitz and Stegun,
/// Handbook of Mathematical Functions, 26.2.17).
fn normal_share(x: f64) -> f64 {
    const COEFFICIENTS: [f64; 5] =
        [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_530];
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let series = COEFFICIENTS.iter().fold(0.0, |sum, c| (sum + c) * t);
    let density = (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let above = density * series;
    if x < 0.0 { above } else { 1.0 - above }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn datum(sum: f64, samples: f64, spread: Option<LogNormal>) -> Datum {
        Datum { minute: 0, sum, min: 0.5, max: 100.0, samples, spread }
    }

    #[test]
    fn the_five_statistics_are_those_of_all_samples_of_the_period() {
        let data = [
            Datum { minute: 0, sum: 10.0, min: 1.0, max: 4.0, samples: 5.0, spread: None },
            Datum { minute: 1, sum: 2.0, min: 2.0, max: 2.0, samples: 1.0, spread: None },
        ];
        let table = [
            ("Sum", 12.0),
            ("Average", 2.0),
            ("Minimum", 1.0),
            ("Maximum", 4.0),
            ("SampleCount", 6.0),
        ];
        for (name, value) in table {
            assert_eq!(Statistic::parse(name).unwrap().over(&data), Some(value), "{name}");
            assert_eq!(Statistic::parse(name).unwrap().over(&[]), None, "{name} of nothing");
        }
    }

    #[test]
    fn only_statistics_that_exist_are_read() {
        for good in ["p0", "p50", "p99", "p99.9", "p100"] {
            assert!(Statistic::parse(good).is_some(), "{good}");
        }
        for bad in ["", "p", "p-1", "p101", "pinf", "pNaN", "p1e1", "sum", "P99", "tm99", "IQM"] {
            assert_eq!(Statistic::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_percentile_of_one_minute_is_that_of_its_log_normal() {
        let spread = LogNormal { mu: 1.0, sigma: 0.5 };
        // Deviates of the standard normal distribution, from any table.
        let table = [("p50", 0.0), ("p90", 1.281_552), ("p99", 2.326_348), ("p99.9", 3.090_232)];
        for (name, deviate) in table {
            let value = Statistic::parse(name).unwrap().over(&[datum(1.0, 10.0, Some(spread))]);
            let expected = f64::exp(1.0 + 0.5 * deviate);
            assert!((value.unwrap() / expected - 1.0).abs() < 1e-4, "{name}: {value:?} {expected}");
        }
    }

    #[test]
    fn a_percentile_of_several_minutes_weighs_them_by_their_samples() {
        let (fast, slow) = (LogNormal { mu: 0.0, sigma: 0.1 }, LogNormal { mu: 3.0, sigma: 0.1 });
        let data = [datum(1.0, 98.0, Some(fast)), datum(1.0, 2.0, Some(slow))];
        let of = |name: &str| Statistic::parse(name).unwrap().over(&data).unwrap();
        // The slow 2 % are the whole of what lies above p98: p99 is their median.
        assert!((of("p99") / 3.0_f64.exp() - 1.0).abs() < 1e-4, "{}", of("p99"));
        assert!(of("p97") < 2.0);
    }

    #[test]
    fn a_metric_without_a_distribution_has_no_percentile() {
        let p99 = Statistic::parse("p99").unwrap();
        assert_eq!(p99.over(&[datum(5.0, 5.0, None)]), None);
    }
}
