//! The metrics of DAX.
//!
//! Source: Amazon DynamoDB Developer Guide, "Viewing DAX metrics and dimensions". DAX publishes a value only where
//! it is not zero, every minute, credits every five minutes.

use super::{DimensionSet, GapRule, Statistic};

/// One of the caches of a DAX node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cache {
    /// What `GetItem` and `BatchGetItem` are answered from.
    Item,
    /// What `Query` is answered from.
    Query,
    /// What `Scan` is answered from.
    Scan,
}

impl Cache {
    /// All three, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Item, Self::Query, Self::Scan];

    /// Its name in JSON and on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Query => "query",
            Self::Scan => "scan",
        }
    }
}

/// A metric of namespace `AWS/DAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DaxMetric {
    /// `CPUUtilization`, percent. Of a cluster it is read as that of its busiest node, by which AWS advises to
    /// scale ("Monitoring DAX").
    CpuUtilization,
    /// `CacheMemoryUtilization`, percent of the memory for items and results. DAX evicts before it is full.
    CacheMemoryUtilization,
    /// `EvictedSize`, bytes that were evicted to make room.
    EvictedSize,
    /// Such as `ItemCacheHits`: requests answered from the cache.
    CacheHits(Cache),
    /// Such as `ItemCacheMisses`: requests that DAX passed on to `DynamoDB`.
    CacheMisses(Cache),
    /// `TotalRequestCount`: requests of all kinds.
    TotalRequestCount,
    /// `ErrorRequestCount`: requests that ended in a user error; those that a node throttled are among them.
    ErrorRequestCount,
    /// `ThrottledRequestCount`: requests that a node throttled; what `DynamoDB` throttles is not among them.
    ThrottledRequestCount,
    /// `FaultRequestCount`: requests that ended in an internal error.
    FaultRequestCount,
    /// `ClientConnections`: how many connections clients have. Of a cluster it is read as that of the node with
    /// most of them, since AWS does not tell how often a node is counted in a minute.
    ClientConnections,
    /// `BaselineNetworkBytesInUtilization`, percent of the node type's network baseline.
    NetworkIn,
    /// `BaselineNetworkBytesOutUtilization`, percent of the node type's network baseline.
    NetworkOut,
    /// `CPUCreditBalance`, credits: of nodes of a `t` type, every five minutes, of the node alone.
    CpuCreditBalance,
}

impl DaxMetric {
    /// What is read of every cluster each minute.
    pub const SENTINELS: [Self; 14] = [
        Self::CpuUtilization,
        Self::CacheMemoryUtilization,
        Self::EvictedSize,
        Self::CacheHits(Cache::Item),
        Self::CacheHits(Cache::Query),
        Self::CacheHits(Cache::Scan),
        Self::CacheMisses(Cache::Item),
        Self::CacheMisses(Cache::Query),
        Self::CacheMisses(Cache::Scan),
        Self::TotalRequestCount,
        Self::ErrorRequestCount,
        Self::ThrottledRequestCount,
        Self::FaultRequestCount,
        Self::ClientConnections,
    ];

    /// Network use, which is read of a cluster that is looked at or in doubt.
    pub const NETWORK: [Self; 2] = [Self::NetworkIn, Self::NetworkOut];

    /// Every one of them.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::SENTINELS.into_iter().chain(Self::NETWORK).chain([Self::CpuCreditBalance])
    }

    /// The metric's name in CloudWatch.
    pub fn name(self) -> &'static str {
        match self {
            Self::CpuUtilization => "CPUUtilization",
            Self::CacheMemoryUtilization => "CacheMemoryUtilization",
            Self::EvictedSize => "EvictedSize",
            Self::CacheHits(Cache::Item) => "ItemCacheHits",
            Self::CacheHits(Cache::Query) => "QueryCacheHits",
            Self::CacheHits(Cache::Scan) => "ScanCacheHits",
            Self::CacheMisses(Cache::Item) => "ItemCacheMisses",
            Self::CacheMisses(Cache::Query) => "QueryCacheMisses",
            Self::CacheMisses(Cache::Scan) => "ScanCacheMisses",
            Self::TotalRequestCount => "TotalRequestCount",
            Self::ErrorRequestCount => "ErrorRequestCount",
            Self::ThrottledRequestCount => "ThrottledRequestCount",
            Self::FaultRequestCount => "FaultRequestCount",
            Self::ClientConnections => "ClientConnections",
            Self::NetworkIn => "BaselineNetworkBytesInUtilization",
            Self::NetworkOut => "BaselineNetworkBytesOutUtilization",
            Self::CpuCreditBalance => "CPUCreditBalance",
        }
    }

    /// The statistic it is read in: counts and bytes add up, of everything else the worst of a minute tells; of
    /// credits AWS lists no maximum.
    pub fn statistic(self) -> Statistic {
        match self {
            Self::EvictedSize
            | Self::CacheHits(_)
            | Self::CacheMisses(_)
            | Self::TotalRequestCount
            | Self::ErrorRequestCount
            | Self::ThrottledRequestCount
            | Self::FaultRequestCount => Statistic::Sum,
            Self::CpuUtilization
            | Self::CacheMemoryUtilization
            | Self::ClientConnections
            | Self::NetworkIn
            | Self::NetworkOut => Statistic::Maximum,
            Self::CpuCreditBalance => Statistic::Average,
        }
    }

    pub(super) fn dimension_set(self) -> DimensionSet {
        match self {
            Self::CpuCreditBalance => DimensionSet::Node,
            Self::CpuUtilization
            | Self::CacheMemoryUtilization
            | Self::EvictedSize
            | Self::CacheHits(_)
            | Self::CacheMisses(_)
            | Self::TotalRequestCount
            | Self::ErrorRequestCount
            | Self::ThrottledRequestCount
            | Self::FaultRequestCount
            | Self::ClientConnections
            | Self::NetworkIn
            | Self::NetworkOut => DimensionSet::Cluster,
        }
    }

    /// A zero is not published, nor is anything of a node that does not run: that a count is 0 is known only
    /// where the minute has a point of `CPUUtilization`, which a running node never leaves at zero
    /// (`Reading::was_running`).
    pub(super) fn gap_rule(self) -> GapRule {
        match self.statistic() {
            Statistic::Sum => GapRule::Count,
            Statistic::Average
            | Statistic::Maximum
            | Statistic::SampleCount
            | Statistic::P50
            | Statistic::P99 => GapRule::Gauge,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::Resource;
    use crate::model::metric::{Metric, SeriesKey};

    #[test]
    fn a_cluster_is_asked_for_by_its_id_and_a_node_by_both() {
        let (cluster, node) = (Resource::cluster("carts"), Resource::node("carts", "carts-a"));
        let cpu = SeriesKey::dax(cluster.clone(), DaxMetric::CpuUtilization);
        assert_eq!(cpu.dimensions(), Some(vec![("ClusterId", "carts")]));
        assert_eq!(cpu.statistic, Statistic::Maximum);
        assert_eq!(cpu.metric.dimension_set().namespace(), "AWS/DAX");
        let hits = SeriesKey::dax(node.clone(), DaxMetric::CacheHits(Cache::Query));
        assert_eq!(hits.dimensions(), Some(vec![("ClusterId", "carts"), ("NodeId", "carts-a")]));
        assert_eq!((hits.metric.name(), hits.statistic), ("QueryCacheHits", Statistic::Sum));
        assert_eq!(hits.metric.gap_rule(), GapRule::Count);
        assert_eq!(SeriesKey::sum(node, Metric::UserErrors).dimensions(), None);
    }

    #[test]
    fn only_nodes_have_credits_and_only_every_five_minutes() {
        let credits = |resource| SeriesKey::dax(resource, DaxMetric::CpuCreditBalance);
        assert_eq!(credits(Resource::cluster("carts")).dimensions(), None);
        let node = credits(Resource::node("carts", "carts-a"));
        assert!(node.dimensions().is_some());
        assert_eq!((node.metric.period_minutes(), node.metric.late_minutes()), (5, 10));
        assert_eq!(Metric::Dax(DaxMetric::CpuUtilization).period_minutes(), 1);
        assert_eq!(node.metric.gap_rule(), GapRule::Gauge);
    }
}
