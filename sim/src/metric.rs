//! What CloudWatch makes of published data: statistics and metric math.

pub(crate) mod math;
pub(crate) mod statistic;

/// One value per period, oldest first; `None` is a period without a data point.
pub(crate) type Series = Vec<Option<f64>>;

/// The namespace of the fleet's own metrics.
pub(crate) const DYNAMODB: &str = "AWS/DynamoDB";

/// Returns the unit that DynamoDB publishes a metric with (DynamoDB metrics and dimensions page).
pub(crate) fn dynamodb_unit(metric: &str) -> &'static str {
    match metric {
        "SuccessfulRequestLatency" | "ReplicationLatency" | "AgeOfOldestUnreplicatedRecord" => {
            "Milliseconds"
        }
        _ if metric.ends_with("CapacityUtilization") => "Percent",
        _ => "Count",
    }
}
