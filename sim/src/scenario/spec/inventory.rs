//! What a scenario says of the set-up around its tables: state that no traffic changes.

use serde::Deserialize;

use super::streams::FailureSpec;

/// Contributor Insights of a table or index; it was never enabled where this is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum InsightsSpec {
    /// Enabled in the mode `ACCESSED_AND_THROTTLED_KEYS`.
    AccessedAndThrottled,
    /// Enabled in the mode `THROTTLED_KEYS`.
    Throttled,
    /// Asked for in the mode `ACCESSED_AND_THROTTLED_KEYS` when the account had no rule left.
    Failed,
}

impl InsightsSpec {
    /// Whether it has rules, and so data.
    pub(crate) fn has_rules(self) -> bool {
        match self {
            Self::AccessedAndThrottled | Self::Throttled => true,
            Self::Failed => false,
        }
    }
}

/// A Lambda function that reads a table's stream: an event-source mapping.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsumerSpec {
    pub(crate) function: String,
    #[serde(default)]
    pub(crate) state: ConsumerState,
    /// `LastProcessingResult`; what its failures make of it when absent.
    #[serde(default)]
    pub(crate) last_result: Option<String>,
    /// Records that it finishes with in a second; as many as come when absent.
    #[serde(default)]
    pub(crate) records_per_second: Option<f64>,
    /// When it gets nowhere.
    #[serde(default, rename = "failure")]
    pub(crate) failures: Vec<FailureSpec>,
    /// Records.
    #[serde(default = "default_batch_size")]
    pub(crate) batch_size: u32,
    #[serde(default = "default_parallelization")]
    pub(crate) parallelization_factor: u32,
    /// -1 is without end.
    #[serde(default = "default_endless")]
    pub(crate) maximum_retry_attempts: i64,
    /// -1 is without end.
    #[serde(default = "default_endless")]
    pub(crate) maximum_record_age_seconds: i64,
    /// `BisectBatchOnFunctionError`.
    #[serde(default)]
    pub(crate) bisect: bool,
    /// `ReportBatchItemFailures`.
    #[serde(default)]
    pub(crate) partial_batch: bool,
    /// The ARN that records go to when Lambda gives them up.
    #[serde(default)]
    pub(crate) on_failure: Option<String>,
    /// Whether it publishes the metrics `EventCount`.
    #[serde(default)]
    pub(crate) event_count: bool,
    /// Filter patterns, JSON each.
    #[serde(default)]
    pub(crate) filters: Vec<String>,
    #[serde(default)]
    pub(crate) starting_position: StartingPosition,
}

/// The `State` of an event-source mapping.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum ConsumerState {
    Creating,
    Enabling,
    #[default]
    Enabled,
    Disabling,
    Disabled,
    Updating,
    Deleting,
}

impl ConsumerState {
    /// The word in the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Creating => "Creating",
            Self::Enabling => "Enabling",
            Self::Enabled => "Enabled",
            Self::Disabling => "Disabling",
            Self::Disabled => "Disabled",
            Self::Updating => "Updating",
            Self::Deleting => "Deleting",
        }
    }
}

/// Where in a stream a mapping began to read; a stream of DynamoDB has no `AT_TIMESTAMP`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum StartingPosition {
    Latest,
    #[default]
    TrimHorizon,
}

impl StartingPosition {
    /// The word in the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Latest => "LATEST",
            Self::TrimHorizon => "TRIM_HORIZON",
        }
    }
}

/// Lambda's default for streams (API reference, `BatchSize`).
fn default_batch_size() -> u32 {
    100
}

/// Lambda's default (API reference, `ParallelizationFactor`).
fn default_parallelization() -> u32 {
    1
}

/// Lambda's default for retries and age (API reference, `MaximumRetryAttempts`).
fn default_endless() -> i64 {
    -1
}
