//! How long to leave AWS alone after failures.

use crate::model::health::ErrorClass;
use std::time::Duration;

/// Exponential delays with a cap and jitter; one for each poller.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Forgets all failures.
    pub(crate) fn succeed(&mut self) {
        self.failures = 0;
    }

    /// Counts a failure; the delay before the next try, between half and all of what the number of
    /// failures in a row asks for.
    ///
    /// A throttled caller that hurries makes it worse for everyone in the account, so throttling
    /// weighs more than other failures.
    pub(crate) fn fail(&mut self, class: ErrorClass, random: &mut fastrand::Rng) -> Duration {
        let (base, cap) = match class {
            ErrorClass::Throttled => (30.0, 300.0),
            ErrorClass::Denied
            | ErrorClass::Expired
            | ErrorClass::NoCredentials
            | ErrorClass::NoRegion
            | ErrorClass::Network
            | ErrorClass::TimedOut
            | ErrorClass::Server
            | ErrorClass::Unreadable
            | ErrorClass::Rejected => (10.0, 60.0),
        };
        let doublings = f64::from(self.failures.min(16));
        self.failures = self.failures.saturating_add(1);
        let full = (base * doublings.exp2()).min(cap);
        Duration::from_secs_f64(full * (0.5 + random.f64() / 2.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(class: ErrorClass, count: usize) -> Vec<f64> {
        let mut random = fastrand::Rng::with_seed(7);
        let mut backoff = Backoff::default();
        (0..count).map(|_| backoff.fail(class, &mut random).as_secs_f64()).collect()
    }

    #[test]
    fn delays_double_up_to_a_cap_within_half_of_jitter() {
        for (class, full) in [
            (ErrorClass::Network, [10.0, 20.0, 40.0, 60.0, 60.0, 60.0]),
            (ErrorClass::Throttled, [30.0, 60.0, 120.0, 240.0, 300.0, 300.0]),
        ] {
            for (delay, full) in delays(class, 6).into_iter().zip(full) {
                assert!((full / 2.0..=full).contains(&delay), "{class:?}: {delay} of {full}");
            }
        }
    }

    #[test]
    fn jitter_differs_from_try_to_try() {
        let capped = delays(ErrorClass::Network, 8);
        assert!((capped[6] - capped[7]).abs() > 0.001);
    }

    #[test]
    fn a_success_starts_over() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut backoff = Backoff::default();
        for _ in 0..9 {
            backoff.fail(ErrorClass::Server, &mut random);
        }
        backoff.succeed();
        assert!(backoff.fail(ErrorClass::Server, &mut random) <= Duration::from_secs(10));
    }
}
