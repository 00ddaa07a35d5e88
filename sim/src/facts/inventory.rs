//! The set-up around the tables, as Lambda, DAX and Contributor Insights know it.

use super::Epoch;
use crate::scenario::spec::dax::DaxSpec;
use crate::scenario::spec::inventory::ConsumerSpec;

/// Contributor Insights of a table or index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ContributorInsights {
    /// Whether its mode is `THROTTLED_KEYS`, not `ACCESSED_AND_THROTTLED_KEYS`.
    pub(crate) throttled_only: bool,
    /// How far it is.
    pub(crate) status: InsightsStatus,
    /// When the rules of throttled keys were made, a whole millisecond.
    pub(crate) throttled_since: Epoch,
    /// When the rules of accessed keys were made, if it has them.
    pub(crate) accessed_since: Epoch,
    /// When it was last changed, a whole millisecond.
    pub(crate) changed: Epoch,
}

/// `ContributorInsightsStatus`; `DISABLED` is where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InsightsStatus {
    /// `ENABLING`.
    Enabling,
    /// `ENABLED`.
    Enabled,
    /// `DISABLING`.
    Disabling,
    /// `FAILED`: its rules could not be made.
    Failed,
}

/// A table or index as Contributor Insights sees it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct InsightsState {
    /// Table name.
    pub(crate) table: String,
    /// Index name, if it is an index.
    pub(crate) index: Option<String>,
    /// Whether it has a sort key.
    pub(crate) sort_key: bool,
    /// `None` where it is disabled.
    pub(crate) insights: Option<ContributorInsights>,
}

impl InsightsState {
    /// How many rules a mode has here: for each kind of key, of accessed and of throttled ones or of throttled
    /// ones alone.
    pub(crate) fn rule_count(&self, throttled_only: bool) -> usize {
        let keys = if self.sort_key { 2 } else { 1 };
        if throttled_only { keys } else { 2 * keys }
    }

    /// Its rules ("Contributor Insights for DynamoDB: How it works"); a failure leaves none.
    pub(crate) fn rules(&self) -> impl Iterator<Item = InsightRule> + '_ {
        let insights = self.insights.filter(|one| one.status != InsightsStatus::Failed);
        let kinds = RuleKind::ALL.into_iter();
        kinds.filter(|kind| self.sort_key || !kind.is_of_pairs()).filter_map(move |kind| {
            let insights = insights?;
            let is_made = !insights.throttled_only || kind.is_of_throttles();
            is_made.then(|| self.rule(kind, insights))
        })
    }

    /// The resource of an index is spelled as in the CLI reference of `describe-contributor-insights`.
    fn rule(&self, kind: RuleKind, insights: ContributorInsights) -> InsightRule {
        let since =
            if kind.is_of_throttles() { insights.throttled_since } else { insights.accessed_since };
        let resource = match &self.index {
            Some(index) => format!("{}-{index}", self.table),
            None => self.table.clone(),
        };
        let name =
            format!("DynamoDBContributorInsights-{}-{resource}-{:.0}", kind.code(), since * 1e3);
        InsightRule { kind, name, since }
    }
}

/// A rule that Contributor Insights made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct InsightRule {
    /// What it ranks.
    pub(crate) kind: RuleKind,
    /// `RuleName`.
    pub(crate) name: String,
    /// When it was made: it knows nothing of what was before.
    pub(crate) since: Epoch,
}

/// What a rule ranks, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RuleKind {
    /// Partition keys by consumption.
    AccessedKeys,
    /// Pairs of partition key and sort key by consumption.
    AccessedPairs,
    /// Partition keys by throttle events.
    ThrottledKeys,
    /// Pairs of partition key and sort key by throttle events.
    ThrottledPairs,
}

impl RuleKind {
    /// All of them, in the order of `ContributorInsightsRuleList`.
    const ALL: [Self; 4] =
        [Self::AccessedKeys, Self::AccessedPairs, Self::ThrottledKeys, Self::ThrottledPairs];

    /// The letters in the name of a rule.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::AccessedKeys => "PKC",
            Self::AccessedPairs => "SKC",
            Self::ThrottledKeys => "PKT",
            Self::ThrottledPairs => "SKT",
        }
    }

    /// Whether its contributors have a sort key, too.
    pub(crate) fn is_of_pairs(self) -> bool {
        matches!(self, Self::AccessedPairs | Self::ThrottledPairs)
    }

    /// Whether it counts throttle events.
    pub(crate) fn is_of_throttles(self) -> bool {
        matches!(self, Self::ThrottledKeys | Self::ThrottledPairs)
    }
}

/// An event-source mapping on the stream of a table.
#[derive(Debug)]
pub(crate) struct EventSourceMapping<'a> {
    /// Table name.
    pub(crate) table: &'a str,
    /// When the stream was switched on: its label.
    pub(crate) stream_since: Epoch,
    /// `UUID`.
    pub(crate) uuid: String,
    /// `LastModified`.
    pub(crate) last_modified: Epoch,
    /// `LastProcessingResult`.
    pub(crate) last_result: &'a str,
    /// Its settings.
    pub(crate) settings: &'a ConsumerSpec,
}

/// A replica of a global table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplicaState {
    /// `RegionName`.
    pub region: String,
    /// `ReplicaStatus`.
    pub status: String,
}

/// A Kinesis data stream that a table's changes are sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KinesisDestination {
    /// The name of the data stream.
    pub(crate) stream: String,
    /// `DestinationStatus`.
    pub(crate) status: String,
}

/// The stream of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StreamState {
    /// When it was switched on: its label.
    pub(crate) since: Epoch,
    /// The table's partition key attribute, and sort key attribute if any.
    pub(crate) keys: (String, Option<String>),
    /// The partitions of the table, each of which writes to one shard at a time.
    pub(crate) partitions: usize,
}

/// A DAX cluster.
#[derive(Debug)]
pub(crate) struct DaxCluster<'a> {
    /// `ClusterName`, in lower case.
    pub(crate) name: String,
    /// The part that the host names of an account's clusters have in common: six letters and digits.
    pub(crate) host_id: String,
    /// `Status`.
    pub(crate) status: &'a str,
    /// Its nodes.
    pub(crate) nodes: Vec<DaxNode>,
    /// Its settings.
    pub(crate) settings: &'a DaxSpec,
}

/// A node of a DAX cluster.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DaxNode {
    /// `NodeId`.
    pub(crate) id: String,
    /// `AvailabilityZone`.
    pub(crate) zone: String,
    /// `NodeStatus`.
    pub(crate) status: String,
    /// When it was launched, or what it replaced.
    pub(crate) created: Epoch,
    /// Whether a changed parameter waits for its restart.
    pub(crate) needs_reboot: bool,
}

/// What DAX tells that has happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DaxEvent {
    /// When, a whole millisecond.
    pub(crate) at: Epoch,
    /// `SourceName`.
    pub(crate) source: String,
    /// `SourceType`.
    pub(crate) kind: DaxSource,
    /// `Message`.
    pub(crate) message: String,
}

/// `SourceType` of an event; nothing ever happens to a subnet group here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DaxSource {
    /// `CLUSTER`.
    Cluster,
    /// `PARAMETER_GROUP`.
    ParameterGroup,
}

/// A parameter group of DAX.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DaxParameterGroup {
    /// `ParameterGroupName`.
    pub(crate) name: String,
    /// `record-ttl-millis`.
    pub(crate) record_ttl_millis: u64,
    /// `query-ttl-millis`.
    pub(crate) query_ttl_millis: u64,
    /// Whether a change waits for a restart of each node.
    pub(crate) needs_reboot: bool,
}
