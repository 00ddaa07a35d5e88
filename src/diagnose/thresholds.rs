//! When something counts, with the source of each number.

use super::dax::DaxThresholds;
use serde::Deserialize;

/// When something counts as trouble, and when arithmetic suffices for a cause.
///
/// Where no source is named the number is our own choice.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// Newest settled minutes looked at; so many without a throttle event end an episode. Five
    /// one-minute periods are also what AWS's recommended throttle alarms look at (Amazon
    /// CloudWatch User Guide, "Best practice alarm recommendations").
    pub window_minutes: i64,
    /// Of these, minutes with throttle events that make a trouble …
    pub throttled_minutes: usize,
    /// … if they have together at least this many events.
    pub events_together: f64,
    /// Throttle events that make a trouble in a single minute.
    pub events_at_once: f64,
    /// Newest minutes of an episode that its cause is concluded from.
    pub cause_minutes: i64,
    /// Share of the events, 0 to 1, from which a second reason is named in the evidence.
    pub second_share: f64,
    /// Throttled minutes that must agree before a cause is inferred.
    pub agreeing_minutes: usize,
    /// Share of a limit, 0 to 1, from which consumption counts as pinned to it.
    pub pinned_share: f64,
    /// Share of an on-demand limit, less what one partition gives, 0 to 1, below which no second
    /// of a minute can have met it.
    pub clear_share: f64,
    /// Seconds of provisioned capacity that must be left in the burst bank to rule out that it
    /// ran dry. The bank holds up to 300 (Amazon DynamoDB Developer Guide, "Burst and adaptive
    /// capacity"), of which DynamoDB may use some itself.
    pub burst_reserve_seconds: f64,
    /// Read units that refused reads are taken to have asked for at most, on average.
    pub read_units_per_event: f64,
    /// Write units that refused writes are taken to have asked for at most, on average.
    pub write_units_per_event: f64,
    /// `UserErrors` in a minute that count.
    pub user_errors_per_minute: f64,
    /// Of the newest settled minutes, those with so many that make a trouble.
    pub user_error_minutes: usize,
    /// Minutes before the first throttle event in which a decrease of capacity may be behind it. The
    /// burst bank serves up to 300 seconds of capacity, and so a small excess for long.
    pub lowered_minutes: i64,
    /// Share of provisioned capacity, or of an on-demand maximum, 0 to 1, from which it counts as
    /// pressed: AWS's example alarm is at 80 % (Amazon DynamoDB Developer Guide, "Creating
    /// CloudWatch alarms to monitor DynamoDB").
    pub pressed_share: f64,
    /// Of the newest settled minutes, those in which it must be pressed.
    pub pressed_minutes: usize,
    /// Of the newest settled minutes, those with many failed conditions, transaction conflicts or
    /// system errors that make a verdict.
    pub failing_minutes: usize,
    /// `ConditionalCheckFailedRequests` in a minute that count …
    pub failed_conditions_per_minute: f64,
    /// … if they are at least this share, 0 to 1, of the write units consumed. A failed condition
    /// consumes one or more (Amazon DynamoDB Developer Guide, "Capacity unit consumption for
    /// writes").
    pub failed_condition_share: f64,
    /// `TransactionConflict` in a minute that count …
    pub conflicts_per_minute: f64,
    /// … if they are at least this share, 0 to 1, of them and the successful transactions.
    pub conflict_share: f64,
    /// `SystemErrors` in a minute that count. Some are usual (Amazon DynamoDB Developer Guide,
    /// "DynamoDB Metrics and dimensions").
    pub system_errors_per_minute: f64,
    /// … if they are at least this share, 0 to 1, of them and the successful requests: ten times
    /// what the Amazon DynamoDB Service Level Agreement allows for.
    pub system_error_share: f64,
    /// Latency from which it may be raised, milliseconds: DynamoDB answers within single-digit
    /// milliseconds (Amazon DynamoDB Developer Guide, "What is Amazon DynamoDB?").
    pub latency_milliseconds: f64,
    /// How many times the past hour's median latency counts as raised: p50.
    pub median_factor: f64,
    /// The same for p99, which depends more on what is asked for.
    pub tail_factor: f64,
    /// Of the newest settled minutes, those in which latency must be raised.
    pub raised_minutes: usize,
    /// Consumption that counts as traffic, units per second.
    pub traffic_units_per_second: f64,
    /// Share of the past hour's consumption, 0 to 1, up to which traffic counts as fallen.
    pub fallen_share: f64,
    /// Newest settled minutes in a row in which it must have fallen.
    pub fallen_minutes: i64,
    /// Iterator age from which a function that reads a stream is late, seconds, beyond the time for which its mapping
    /// gathers records: a function that keeps up is less than a second behind.
    pub consumer_late_seconds: f64,
    /// Of the newest points of an age or of a latency to a replica, those that must be high; the newest is among them.
    pub late_minutes: usize,
    /// `ReplicationLatency` that is trouble, seconds: AWS's recommended alarm calls more than 180 seconds a cause for
    /// investigation (Amazon CloudWatch User Guide, "Best practice alarm recommendations").
    pub replica_late_seconds: f64,
    /// `ReplicationLatency` that counts as raised, seconds: writes usually arrive within a second (Amazon DynamoDB
    /// Developer Guide, "Global tables") …
    pub replica_raised_seconds: f64,
    /// … if it is so many times the past hour's median.
    pub replica_factor: f64,
    /// `AgeOfOldestUnreplicatedRecord` from which a Kinesis data stream is late, seconds.
    pub kinesis_late_seconds: f64,
    /// When something counts of DAX.
    pub dax: DaxThresholds,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            window_minutes: 5,
            throttled_minutes: 2,
            events_together: 10.0,
            events_at_once: 60.0,
            cause_minutes: 15,
            second_share: 0.1,
            agreeing_minutes: 3,
            pinned_share: 0.95,
            clear_share: 0.5,
            burst_reserve_seconds: 30.0,
            read_units_per_event: 8.0,
            write_units_per_event: 4.0,
            user_errors_per_minute: 60.0,
            user_error_minutes: 2,
            lowered_minutes: 30,
            pressed_share: 0.8,
            pressed_minutes: 2,
            failing_minutes: 2,
            failed_conditions_per_minute: 300.0,
            failed_condition_share: 0.3,
            conflicts_per_minute: 60.0,
            conflict_share: 0.2,
            system_errors_per_minute: 10.0,
            system_error_share: 0.001,
            latency_milliseconds: 10.0,
            median_factor: 2.0,
            tail_factor: 3.0,
            raised_minutes: 2,
            traffic_units_per_second: 10.0,
            fallen_share: 0.1,
            fallen_minutes: 2,
            consumer_late_seconds: 60.0,
            late_minutes: 2,
            replica_late_seconds: 180.0,
            replica_raised_seconds: 10.0,
            replica_factor: 5.0,
            kinesis_late_seconds: 60.0,
            dax: DaxThresholds::default(),
        }
    }
}
