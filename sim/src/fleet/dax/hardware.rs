//! What a node of each type can do.

/// Usable share of a node's memory, and the share of that from which on the oldest entries are evicted. Both
/// are the simulation's own: AWS says only that eviction begins before all is in use.
const CACHE_SHARE: f64 = 0.75;
const EVICTS_AT: f64 = 0.97;

/// A node type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Hardware {
    name: &'static str,
    /// Memory, GiB ("Amazon EC2 instance types", of the type without `dax.`).
    gibibytes: f64,
    /// What it serves at 100 % of its processors: cache hits of an item of 1 KB a second ("Sizing your DAX
    /// cluster": "Normalized RPS"). AWS gives it for R5; R4 is taken to be as R5, and what each processor of
    /// T2 and T3 does at full load is the simulation's own.
    pub(super) capacity: f64,
    /// Baseline network bandwidth, gigabits a second (EC2 user guide, "Amazon EC2 instance network
    /// bandwidth"); of T2, for which there is none, the simulation's own.
    gigabits: f64,
    /// CPU credits, of the burstable types.
    pub(super) credits: Option<Credits>,
}

/// How a burstable type earns CPU credits (EC2 user guide, "Key concepts for burstable performance instances").
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Credits {
    pub(super) processors: f64,
    pub(super) per_hour: f64,
    /// Whether it goes on above its baseline without credits, at a price: T3 of DAX does, T2 does not ("DAX
    /// T3/T2 burstable instances").
    pub(super) is_unlimited: bool,
}

impl Credits {
    /// What can be saved up: the earnings of a day.
    pub(super) fn most(self) -> f64 {
        24.0 * self.per_hour
    }

    /// The share of its processors that the earnings are worth.
    pub(super) fn baseline(self) -> f64 {
        self.per_hour / 60.0 / self.processors
    }
}

impl Hardware {
    /// The hardware behind a node type; `None` is no node type of DAX.
    pub(crate) fn of(node_type: &str) -> Option<Self> {
        TYPES.iter().find(|hardware| hardware.name == node_type).copied()
    }

    /// Memory for cached entries, bytes.
    pub(super) fn cache_bytes(self) -> f64 {
        self.gibibytes * f64::from(1 << 30) * CACHE_SHARE
    }

    /// How much of that is in use before something is evicted, bytes.
    pub(super) fn evicts_at(self) -> f64 {
        self.cache_bytes() * EVICTS_AT
    }

    /// Baseline bandwidth in each direction, bytes a minute.
    pub(super) fn bytes_per_minute(self) -> f64 {
        self.gigabits * 1e9 / 8.0 * 60.0
    }
}

const fn fixed(name: &'static str, gibibytes: f64, capacity: f64, gigabits: f64) -> Hardware {
    Hardware { name, gibibytes, capacity, gigabits, credits: None }
}

const fn burstable(
    name: &'static str,
    gibibytes: f64,
    gigabits: f64,
    credits: Credits,
) -> Hardware {
    let capacity = 30_000.0 * credits.processors;
    Hardware { name, gibibytes, capacity, gigabits, credits: Some(credits) }
}

const T2_SMALL: Credits = Credits { processors: 1.0, per_hour: 12.0, is_unlimited: false };
const T2_MEDIUM: Credits = Credits { processors: 2.0, per_hour: 24.0, is_unlimited: false };
const T3: Credits = Credits { processors: 2.0, per_hour: 24.0, is_unlimited: true };

const TYPES: [Hardware; 18] = [
    burstable("dax.t2.small", 2.0, 0.125, T2_SMALL),
    burstable("dax.t2.medium", 4.0, 0.25, T2_MEDIUM),
    burstable("dax.t3.small", 2.0, 0.128, T3),
    burstable("dax.t3.medium", 4.0, 0.256, T3),
    fixed("dax.r4.large", 15.25, 75e3, 0.75),
    fixed("dax.r4.xlarge", 30.5, 150e3, 1.25),
    fixed("dax.r4.2xlarge", 61.0, 300e3, 2.5),
    fixed("dax.r4.4xlarge", 122.0, 600e3, 5.0),
    fixed("dax.r4.8xlarge", 244.0, 1e6, 10.0),
    fixed("dax.r4.16xlarge", 488.0, 1e6, 25.0),
    fixed("dax.r5.large", 16.0, 75e3, 0.75),
    fixed("dax.r5.xlarge", 32.0, 150e3, 1.25),
    fixed("dax.r5.2xlarge", 64.0, 300e3, 2.5),
    fixed("dax.r5.4xlarge", 128.0, 600e3, 5.0),
    fixed("dax.r5.8xlarge", 256.0, 1e6, 10.0),
    fixed("dax.r5.12xlarge", 384.0, 1e6, 12.0),
    fixed("dax.r5.16xlarge", 512.0, 1e6, 20.0),
    fixed("dax.r5.24xlarge", 768.0, 1e6, 25.0),
];
