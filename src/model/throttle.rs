//! Capacity directions, limits and the throttling reasons made of them.

use super::id::Resource;
use std::fmt;

/// Reads or writes: each has its own capacity, throttles and scaling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// Read capacity.
    Read,
    /// Write capacity.
    Write,
}

impl Direction {
    /// Both, reads first.
    pub const ALL: [Self; 2] = [Self::Read, Self::Write];

    /// `read` or `write`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// Which limit refused a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Limit {
    /// The provisioned capacity of the table or index.
    Provisioned,
    /// What one partition can give: 3,000 read or 1,000 write units per second.
    KeyRange,
    /// The maximum throughput its owner set on an on-demand table or index.
    MaxOnDemand,
    /// The account's quota for one table or index.
    AccountLimit,
}

impl Limit {
    /// All four.
    pub const ALL: [Self; 4] =
        [Self::Provisioned, Self::KeyRange, Self::MaxOnDemand, Self::AccountLimit];

    /// The cause as verdicts spell it.
    pub fn cause(self) -> &'static str {
        match self {
            Self::Provisioned => "provisioned",
            Self::KeyRange => "key-range",
            Self::MaxOnDemand => "max-on-demand",
            Self::AccountLimit => "account-limit",
        }
    }
}

/// One of AWS's 16 throttling reasons; `Display` spells it as AWS does in `ThrottlingReasons`.
///
/// Source: Amazon DynamoDB Developer Guide, "Diagnosing throttling".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reason {
    /// Whether an index refused, rather than its table.
    pub on_index: bool,
    /// Reads or writes.
    pub direction: Direction,
    /// The limit that was hit.
    pub limit: Limit,
}

impl Reason {
    /// The reason for `resource`; `None` for the account, which never throttles as such, and for DAX, whose throttles
    /// have no reasons.
    pub fn of(resource: &Resource, direction: Direction, limit: Limit) -> Option<Self> {
        let on_index = match resource {
            Resource::Account | Resource::Cluster(_) | Resource::Node(..) => return None,
            Resource::Table(_) => false,
            Resource::Index(..) => true,
        };
        Some(Self { on_index, direction, limit })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = if self.on_index { "Index" } else { "Table" };
        let direction = match self.direction {
            Direction::Read => "Read",
            Direction::Write => "Write",
        };
        let limit = match self.limit {
            Limit::Provisioned => "ProvisionedThroughputExceeded",
            Limit::KeyRange => "KeyRangeThroughputExceeded",
            Limit::MaxOnDemand => "MaxOnDemandThroughputExceeded",
            Limit::AccountLimit => "AccountLimitExceeded",
        };
        write!(f, "{target}{direction}{limit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixteen_reasons_are_spelled_as_aws_spells_them() {
        let index = Resource::index("t", "i");
        let reason = Reason::of(&index, Direction::Write, Limit::KeyRange).unwrap();
        assert_eq!(reason.to_string(), "IndexWriteKeyRangeThroughputExceeded");
        let table = Resource::table("t");
        let reason = Reason::of(&table, Direction::Read, Limit::AccountLimit).unwrap();
        assert_eq!(reason.to_string(), "TableReadAccountLimitExceeded");
        assert_eq!(Reason::of(&Resource::Account, Direction::Read, Limit::Provisioned), None);
    }
}
