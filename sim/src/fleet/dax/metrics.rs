//! The metrics of `AWS/DAX`: names, units and dimension sets ("Viewing DAX metrics and dimensions", and the CloudWatch
//! user guide's list of metrics with resource enrichment).
//!
//! Every node gives one sample a minute of each metric that is not zero; those of a cluster are the samples of
//! its nodes. So `Sum` of a count is the cluster's, and `Maximum` of a gauge is its worst node's.

use super::node::NodeMinute;
use crate::scenario::spec::Operation;

/// How a metric is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Count,
    Bytes,
    Percent,
    /// CPU credits, which `CloudWatch` has no unit for.
    Credits,
}

impl Unit {
    /// The word in the API.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Count | Self::Credits => "Count",
            Self::Bytes => "Bytes",
            Self::Percent => "Percent",
        }
    }

    /// Whether any sum of it is a whole number.
    pub(super) fn is_whole(self) -> bool {
        match self {
            Self::Count | Self::Bytes => true,
            Self::Percent | Self::Credits => false,
        }
    }
}

/// How the minutes of a longer period become one sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// There is one a minute.
    Minute,
    /// Five minutes: what they are together.
    Sum,
    /// Five minutes: what it is in the end.
    Last,
}

/// A metric of a node.
pub(super) struct Metric {
    pub(super) name: &'static str,
    pub(super) unit: Unit,
    pub(super) over: Over,
    /// Whether clusters have it, too.
    pub(super) of_clusters: bool,
    pub(super) read: fn(&NodeMinute) -> f64,
}

impl Metric {
    /// The metric of a name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        METRICS.iter().find(|metric| metric.name == name)
    }

    /// Minutes per datum.
    pub(super) fn period(&self) -> i64 {
        match self.over {
            Over::Minute => 1,
            Over::Sum | Over::Last => 5,
        }
    }

    /// The sample of one node of so many minutes; `None` where it is zero: then nothing is sent.
    pub(super) fn sample<'a>(&self, minutes: impl Iterator<Item = &'a NodeMinute>) -> Option<f64> {
        let values = minutes.map(self.read);
        let value = match self.over {
            Over::Minute | Over::Last => values.last()?,
            Over::Sum => values.sum(),
        };
        (value > 0.0).then_some(value)
    }
}

const fn metric(name: &'static str, unit: Unit, read: fn(&NodeMinute) -> f64) -> Metric {
    Metric { name, unit, over: Over::Minute, of_clusters: true, read }
}

const fn count(name: &'static str, read: fn(&NodeMinute) -> f64) -> Metric {
    metric(name, Unit::Count, read)
}

const fn credits(name: &'static str, over: Over, read: fn(&NodeMinute) -> f64) -> Metric {
    Metric { over, ..metric(name, Unit::Credits, read) }
}

pub(super) const METRICS: &[Metric] = &[
    metric("CPUUtilization", Unit::Percent, |node| node.cpu),
    metric("CacheMemoryUtilization", Unit::Percent, |node| node.memory),
    metric("EstimatedDbSize", Unit::Bytes, |node| node.cached),
    metric("EvictedSize", Unit::Bytes, |node| node.evicted),
    count("ItemCacheHits", |node| node.items.hits),
    count("ItemCacheMisses", |node| node.items.misses),
    count("QueryCacheHits", |node| node.queries.hits),
    count("QueryCacheMisses", |node| node.queries.misses),
    count("ScanCacheHits", |node| node.scans.hits),
    count("ScanCacheMisses", |node| node.scans.misses),
    count("TotalRequestCount", NodeMinute::all_requests),
    count("GetItemRequestCount", |node| node.requests_of(Operation::GetItem)),
    count("BatchGetItemRequestCount", |node| node.requests_of(Operation::BatchGetItem)),
    count("QueryRequestCount", |node| node.requests_of(Operation::Query)),
    count("ScanRequestCount", |node| node.requests_of(Operation::Scan)),
    count("PutItemRequestCount", |node| node.requests_of(Operation::PutItem)),
    count("UpdateItemRequestCount", |node| node.requests_of(Operation::UpdateItem)),
    count("DeleteItemRequestCount", |node| node.requests_of(Operation::DeleteItem)),
    count("BatchWriteItemRequestCount", |node| node.requests_of(Operation::BatchWriteItem)),
    // A refusal for want of capacity is the caller's error, in AWS's words.
    count("ErrorRequestCount", |node| node.throttled),
    count("ThrottledRequestCount", |node| node.throttled),
    count("FaultRequestCount", |node| node.faults),
    count("FailedRequestCount", |node| node.throttled + node.faults),
    count("ClientConnections", |node| node.connections),
    metric("NetworkBytesIn", Unit::Bytes, |node| node.bytes_in),
    metric("NetworkBytesOut", Unit::Bytes, |node| node.bytes_out),
    count("NetworkPacketsIn", |node| node.packets_in),
    count("NetworkPacketsOut", |node| node.packets_out),
    metric("BaselineNetworkBytesInUtilization", Unit::Percent, |node| node.network_in),
    metric("BaselineNetworkBytesOutUtilization", Unit::Percent, |node| node.network_out),
    credits("CPUCreditUsage", Over::Sum, |node| node.credits_used),
    Metric { of_clusters: false, ..credits("CPUCreditBalance", Over::Last, |node| node.credits) },
    credits("CPUSurplusCreditBalance", Over::Last, |node| node.surplus),
    credits("CPUSurplusCreditsCharged", Over::Sum, |node| node.charged),
];
