//! Lambda functions that read the streams of tables.

use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One event-source mapping from a table's stream to a function (`ListEventSourceMappings`).
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, as AWS has them")]
pub struct Consumer {
    /// Its id.
    pub uuid: Arc<str>,
    /// The function's name, without qualifier.
    pub function: Arc<str>,
    /// The table whose stream is read.
    pub table: Arc<str>,
    /// `Enabled`, `Disabled`, `Creating`, …, or what AWS adds next.
    pub state: Arc<str>,
    /// When its settings or its state changed last (`LastModified`).
    pub modified: Option<Timestamp>,
    /// How the last batch went, in AWS's words.
    pub last_result: Option<Arc<str>>,
    /// Records of one batch, at most.
    pub batch_size: Option<i32>,
    /// How long records are gathered before the function is invoked, seconds, 300 at most.
    pub batching_window_seconds: Option<i32>,
    /// Batches of one shard that run at the same time.
    pub parallelization: Option<i32>,
    /// How often a failed batch is tried again; -1 until the records expire.
    pub maximum_retries: Option<i32>,
    /// Records older than this are dropped, seconds; -1 never.
    pub maximum_record_age_seconds: Option<i32>,
    /// Whether a failed batch is cut in two, to find the bad record.
    pub bisects: bool,
    /// Whether the function tells which records failed (`ReportBatchItemFailures`).
    pub reports_item_failures: bool,
    /// The ARN of where dropped batches are told.
    pub on_failure: Option<Arc<str>>,
    /// Whether it publishes event counts (`MetricsConfig`, `EventCount`).
    pub counts_events: bool,
    /// Whether only some records are passed on (`FilterCriteria`).
    pub filters: bool,
}

impl Consumer {
    /// Whether it reads, and its last batch went well, as far as AWS tells.
    pub fn is_well(&self) -> bool {
        let has_problem = |result: &Arc<str>| result.starts_with("PROBLEM");
        &*self.state == "Enabled" && !self.last_result.as_ref().is_some_and(has_problem)
    }
}

/// The table that the series of each function are kept with: the first by name of those it reads. A function has
/// one iterator age, whatever it reads.
pub(crate) fn homes<'a>(
    consumers: impl Iterator<Item = &'a Consumer>,
) -> BTreeMap<&'a Arc<str>, &'a Arc<str>> {
    let mut homes = BTreeMap::new();
    for consumer in consumers {
        let home = homes.entry(&consumer.function).or_insert(&consumer.table);
        *home = (*home).min(&consumer.table);
    }
    homes
}

/// A function that reads the stream of a table, as Lambda sets one up, and is well.
#[cfg(test)]
pub(crate) fn example(function: &str, table: &str) -> Consumer {
    Consumer {
        uuid: Arc::from(format!("{function} of {table}")),
        function: Arc::from(function),
        table: Arc::from(table),
        state: Arc::from("Enabled"),
        modified: None,
        last_result: Some(Arc::from("OK")),
        batch_size: Some(100),
        batching_window_seconds: Some(0),
        parallelization: Some(1),
        maximum_retries: Some(-1),
        maximum_record_age_seconds: Some(-1),
        bisects: false,
        reports_item_failures: false,
        on_failure: None,
        counts_events: false,
        filters: false,
    }
}
