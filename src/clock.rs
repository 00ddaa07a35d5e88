//! The one source of time: the wall's, or a simulated world's.

use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use tokio::time::Instant;

/// Tells the time and sleeps. Cheap to clone; clones agree.
///
/// Simulated clocks are built on tokio's, so that tests can pause and advance them.
#[derive(Debug, Clone)]
pub struct Clock(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Wall,
    Simulated { origin: Timestamp, started: Instant, speed: f64 },
}

impl Clock {
    /// The system's clock.
    pub fn wall() -> Self {
        Self(Kind::Wall)
    }

    /// A clock that shows `origin` now and runs `speed` times as fast as the wall's.
    ///
    /// Speed 0 stands still.
    pub fn simulated(origin: Timestamp, speed: f64) -> Self {
        Self(Kind::Simulated { origin, started: Instant::now(), speed: speed.max(0.0) })
    }

    /// The present time.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Kind::Wall => Timestamp::now(),
            Kind::Simulated { origin, started, speed } => {
                let passed = started.elapsed().as_secs_f64() * speed;
                SignedDuration::try_from_secs_f64(passed)
                    .ok()
                    .and_then(|passed| origin.checked_add(passed).ok())
                    .unwrap_or(Timestamp::MAX)
            }
        }
    }

    /// How long to wait, on tokio's clock, until this one shows `at`; zero if it already does.
    ///
    /// A clock that stands still never gets there: the wait is a year.
    pub fn until(&self, at: Timestamp) -> Duration {
        const NEVER: Duration = Duration::from_hours(365 * 24);
        let left = at.duration_since(self.now());
        let left = Duration::try_from(left).unwrap_or(Duration::ZERO);
        match &self.0 {
            Kind::Wall => left,
            Kind::Simulated { speed, .. } if *speed > 0.0 => {
                Duration::try_from_secs_f64(left.as_secs_f64() / speed).unwrap_or(NEVER).min(NEVER)
            }
            Kind::Simulated { .. } if left.is_zero() => Duration::ZERO,
            Kind::Simulated { .. } => NEVER,
        }
    }

    /// How long a pause of `wanted` on this clock is on tokio's, at most `wanted`.
    ///
    /// A simulated second may be short, and a clock that stands still has none.
    pub fn span(&self, wanted: Duration) -> Duration {
        match &self.0 {
            Kind::Wall => wanted,
            Kind::Simulated { speed, .. } if *speed > 0.0 => wanted.div_f64(speed.max(1.0)),
            Kind::Simulated { .. } => Duration::ZERO,
        }
    }

    /// Sleeps until this clock shows `at`.
    pub async fn sleep_until(&self, at: Timestamp) {
        // A timer may fire a little early with respect to a scaled or stepped clock.
        loop {
            let left = self.until(at);
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.max(Duration::from_millis(1))).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_fast_clock_passes_a_minute_in_a_second() {
        let origin: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let clock = Clock::simulated(origin, 60.0);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(clock.now().to_string(), "2026-11-22T12:01:00Z");
        let next = origin + SignedDuration::from_secs(180);
        assert_eq!(clock.until(next), Duration::from_secs(2));
        clock.sleep_until(next).await;
        assert!(clock.now() >= next);
        assert_eq!(clock.span(Duration::from_secs(6)), Duration::from_millis(100));
    }

    #[tokio::test(start_paused = true)]
    async fn a_frozen_clock_stands_still() {
        let origin: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let clock = Clock::simulated(origin, 0.0);
        tokio::time::advance(Duration::from_hours(1)).await;
        assert_eq!(clock.now(), origin);
        clock.sleep_until(origin).await;
        assert_eq!(clock.span(Duration::from_secs(6)), Duration::ZERO);
        assert_eq!(Clock::wall().span(Duration::from_secs(6)), Duration::from_secs(6));
    }
}
