//! Contributor Insights of tables and indexes: whether it is on. Its reports hold customer data and
//! are not here.

use super::id::Resource;
use std::sync::Arc;

/// Contributor Insights of one table or index (`ListContributorInsights`,
/// `DescribeContributorInsights`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContributorInsights {
    /// The table or index.
    pub resource: Resource,
    /// `ENABLED`, `DISABLED`, `ENABLING`, `DISABLING`, `FAILED`, or what AWS adds next.
    pub status: Arc<str>,
    /// Which keys it reports; `None` where AWS does not tell.
    pub mode: Option<InsightsMode>,
    /// The names of its rules, where they were read: they cannot be made up, since they hold a time.
    pub rules: Option<Vec<Arc<str>>>,
    /// Why it is `FAILED`: the name and the description of AWS's `FailureException`, where they were read.
    pub failure: Option<Arc<str>>,
}

/// Which keys Contributor Insights reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InsightsMode {
    /// `ACCESSED_AND_THROTTLED_KEYS`: all, charged by every request.
    AccessedAndThrottled,
    /// `THROTTLED_KEYS`: charged by throttled requests only.
    Throttled,
    /// What AWS adds next.
    Other(Arc<str>),
}

impl InsightsMode {
    /// AWS's name of the mode.
    pub fn as_str(&self) -> &str {
        match self {
            Self::AccessedAndThrottled => "ACCESSED_AND_THROTTLED_KEYS",
            Self::Throttled => "THROTTLED_KEYS",
            Self::Other(name) => name,
        }
    }

    /// The mode that AWS calls so.
    pub fn from_aws(name: &str) -> Self {
        [Self::AccessedAndThrottled, Self::Throttled]
            .into_iter()
            .find(|known| known.as_str() == name)
            .unwrap_or_else(|| Self::Other(Arc::from(name)))
    }
}

impl ContributorInsights {
    /// Whether it reports now.
    pub fn is_enabled(&self) -> bool {
        &*self.status == "ENABLED"
    }
}
