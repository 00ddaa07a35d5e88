//! Why a DAX cluster or node does not do what it is there for. The list is closed.

/// What is wrong with a DAX cluster or node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DaxCause {
    /// A node does not serve, and AWS's word for it is none that somebody asked for.
    NodeDown,
    /// A node restarts: `REBOOTING`, in AWS's word.
    NodeRebooting,
    /// A node is made, changed or removed.
    NodeChanging,
    /// The cluster itself is not `available`, in AWS's words.
    Unavailable,
    /// Its processors are used up: DAX throttles by CPU (`ThrottledRequestCount`).
    Saturated,
    /// One node has far more to do than the others.
    HotNode,
    /// Requests fail on DAX's side (`FaultRequestCount`).
    Faults,
    /// Requests fail for the callers' doing (`ErrorRequestCount` without those that were throttled).
    Errors,
    /// What is asked for does not fit: DAX evicts it, and it is missed.
    CacheTooSmall,
    /// Nodes are new and have nothing cached yet.
    ColdCache,
    /// What is cached is gone before it is asked for again.
    TtlTooShort,
    /// New requests ask for what nobody asked for before.
    MissStorm,
    /// More is missed, and nothing that was read tells why.
    MissesRaised,
    /// A node of a burstable type has used up its CPU credits.
    CreditsUsedUp,
}

impl DaxCause {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NodeDown => "dax-node-down",
            Self::NodeRebooting => "dax-node-rebooting",
            Self::NodeChanging => "dax-node-changing",
            Self::Unavailable => "dax-cluster-unavailable",
            Self::Saturated => "dax-saturated",
            Self::HotNode => "dax-hot-node",
            Self::Faults => "dax-faults",
            Self::Errors => "dax-errors",
            Self::CacheTooSmall => "dax-cache-too-small",
            Self::ColdCache => "dax-cold-cache",
            Self::TtlTooShort => "dax-ttl-too-short",
            Self::MissStorm => "dax-miss-storm",
            Self::MissesRaised => "dax-misses-raised",
            Self::CreditsUsedUp => "dax-credits-used-up",
        }
    }

    /// The same in words: short, and easily searched for.
    pub(in crate::diagnose) fn words(self) -> &'static str {
        match self {
            Self::NodeDown => "node down",
            Self::NodeRebooting => "node rebooting",
            Self::NodeChanging => "node coming or going",
            Self::Unavailable => "cluster not available",
            Self::Saturated => "CPU saturated",
            Self::HotNode => "hot node",
            Self::Faults => "DAX faults",
            Self::Errors => "DAX errors",
            Self::CacheTooSmall => "cache too small",
            Self::ColdCache => "cold cache",
            Self::TtlTooShort => "TTL too short",
            Self::MissStorm => "miss storm",
            Self::MissesRaised => "misses raised, cause unknown",
            Self::CreditsUsedUp => "CPU credits used up",
        }
    }

    /// What is looked at first: requests that fail, then those that the tables get instead, then what may become of
    /// it.
    pub(in crate::diagnose) fn urgency(self) -> u8 {
        match self {
            Self::NodeDown
            | Self::Unavailable
            | Self::Saturated
            | Self::HotNode
            | Self::Faults
            | Self::Errors => 0,
            Self::CacheTooSmall
            | Self::ColdCache
            | Self::TtlTooShort
            | Self::MissStorm
            | Self::MissesRaised => 1,
            Self::NodeRebooting | Self::NodeChanging | Self::CreditsUsedUp => 2,
        }
    }
}
