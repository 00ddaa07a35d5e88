//! Mistakes in alarms and configuration that AWS lets exist: an alarm that can never fire says
//! nothing is wrong until it is asked.

use crate::model::id::Resource;
use crate::store::Reading;
use std::sync::Arc;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// It works worse than it seems to.
    Warning,
    /// It does not work.
    Error,
}

impl Severity {
    /// Its name on screen and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One rule: what is looked for, and why it is a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Such as `DDB001`.
    pub id: &'static str,
    /// What is looked for, in a few words.
    pub what: &'static str,
    /// Why it is a mistake.
    pub why: &'static str,
    /// What to do instead, in general.
    pub fix: &'static str,
    /// The AWS page or model this is from.
    pub source: &'static str,
    /// How much it matters, unless a finding says otherwise.
    pub severity: Severity,
}

/// One mistake that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule it breaks.
    pub rule: &'static Rule,
    /// How much it matters here.
    pub severity: Severity,
    /// The alarm at fault; `None` where one is missing, or the configuration is at fault.
    pub alarm: Option<Arc<str>>,
    /// The table, index or account concerned, if one is.
    pub resource: Option<Resource>,
    /// What it concerns that is not of `DynamoDB`: `dax/C`, `function/F`.
    pub other: Option<String>,
    /// The dimension at fault, such as `TableName`.
    pub dimension: Option<String>,
    /// What is wrong here, one sentence with its names and figures.
    pub what: String,
    /// The corrected AWS CLI command, ready to run.
    pub cli: Option<String>,
    /// The corrected Terraform attributes.
    pub terraform: Option<String>,
}

/// Every mistake in a scope: errors first, then by rule and by what it concerns.
pub fn findings(_reading: Reading<'_>) -> Vec<Finding> {
    vec![]
}
