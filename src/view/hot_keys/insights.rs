//! Whether the keys of a table or index are counted, at what price, and what to do where they are not.

use super::Facts;
use crate::model::insights::{ContributorInsights, InsightsMode};
use crate::store::{Detail, Reading};
use crate::tune::cost;
use crate::view::{Role, Span};
use std::sync::Arc;

/// Contributor Insights of one table or index.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Insights {
    /// It counts; the mode, where AWS tells.
    On(Option<InsightsMode>),
    /// It does not.
    Off,
    /// `DynamoDB` could not make its rules; why, in AWS's words, where that was read.
    Failed(Option<Arc<str>>),
    /// `ENABLING`, `DISABLING`, or what AWS adds next.
    Other(Arc<str>),
    /// It could not be read.
    Unread,
}

impl Insights {
    /// What is listed of a table or index, or that nothing is, which is off.
    pub(super) fn of(listed: Option<&ContributorInsights>) -> Self {
        let Some(listed) = listed else { return Self::Off };
        match &*listed.status {
            "ENABLED" => Self::On(listed.mode.clone()),
            "DISABLED" => Self::Off,
            "FAILED" => Self::Failed(listed.failure.clone()),
            _ => Self::Other(Arc::clone(&listed.status)),
        }
    }

    /// The same of the resource in view.
    pub(super) fn of_subject(facts: &Facts<'_>) -> Self {
        let Some(listed) = facts.subject.reading.insights().value() else { return Self::Unread };
        Self::of(listed.iter().find(|one| one.resource == *facts.subject.resource))
    }

    /// A word for it.
    pub(super) fn short(&self) -> &str {
        match self {
            Self::On(Some(InsightsMode::AccessedAndThrottled)) => "all keys",
            Self::On(Some(InsightsMode::Throttled)) => "throttled",
            Self::On(Some(InsightsMode::Other(_)) | None) => "on",
            Self::Off => "off",
            Self::Failed(_) => "FAILED",
            Self::Other(status) => status,
            Self::Unread => "",
        }
    }

    /// The same in a list, where it says why it is not known.
    pub(super) fn cell(&self, reading: Reading<'_>) -> Span {
        let role = match self {
            Self::On(_) => Role::Text,
            Self::Off => Role::Dim,
            Self::Failed(_) => Role::Problem,
            Self::Other(_) => Role::Notice,
            Self::Unread => {
                return match reading.insights() {
                    Detail::Denied { .. } => Span::new("denied", Role::Problem),
                    Detail::Failed(_) => Span::new("?", Role::Problem),
                    Detail::NotPolled | Detail::Known { .. } | Detail::Stale { .. } => {
                        Span::new(".", Role::Dim)
                    }
                };
            }
        };
        Span::new(self.short(), role)
    }

    /// Whether accessed keys are not among what it counts.
    pub(super) fn is_of_throttles_alone(&self) -> bool {
        matches!(self, Self::On(Some(InsightsMode::Throttled)))
    }
}

/// Says in a sentence whether keys are counted, what that costs or would, and what to do.
pub(super) fn sentence(facts: &Facts<'_>) -> Span {
    let price = |mode: &InsightsMode| {
        let subject = &facts.subject;
        let usd = cost::insights(subject.reading, facts.prices, subject.resource, mode)?;
        Some(format!("${usd:.4}/h at most"))
    };
    let key = facts.subject.keys.edit.as_deref();
    let (text, role) = match Insights::of_subject(facts) {
        Insights::On(mode) => (on(mode.as_ref(), price), Role::Text),
        Insights::Off => {
            let priced = |what: &str, mode| {
                price(&mode).map_or_else(|| what.to_owned(), |usd| format!("{what} for {usd}"))
            };
            let throttled = priced("throttled keys", InsightsMode::Throttled);
            let all = priced("all keys", InsightsMode::AccessedAndThrottled);
            let way = key.map_or("it would count ".to_owned(), |key| {
                format!("{key} opens the plan to turn it on, ")
            });
            let text = format!(
                "off, no key is counted: {way}{throttled}, or {all} (an estimate); it counts from then on, nothing of \
                 the past"
            );
            (text, Role::Notice)
        }
        Insights::Failed(why) => (failed(why.as_deref(), key), Role::Problem),
        Insights::Other(status) => (under_way(&status), Role::Notice),
        Insights::Unread => unread(facts.subject.reading),
    };
    Span::new(text, role)
}

fn on(mode: Option<&InsightsMode>, price: impl Fn(&InsightsMode) -> Option<String>) -> String {
    let (what, mode) = match mode {
        Some(mode @ InsightsMode::AccessedAndThrottled) => ("accessed and throttled keys", mode),
        Some(mode @ InsightsMode::Throttled) => ("throttled keys alone, accessed ones not", mode),
        Some(InsightsMode::Other(name)) => return format!("on in the mode {name}"),
        None => return "on; AWS does not tell the mode".to_owned(),
    };
    let usd = price(mode).map(|usd| format!(", {usd} (an estimate)"));
    format!("{what} ({}){}", mode.as_str(), usd.unwrap_or_default())
}

fn failed(why: Option<&str>, key: Option<&str>) -> String {
    let why = why.map_or_else(
        || {
            "as at CloudWatch's limit of rules in an account and region; \
             DescribeContributorInsights names the cause"
        },
        |words| words.trim_end_matches('.'),
    );
    let again = key.map_or_else(String::new, |key| format!("; {key} tries again"));
    format!("FAILED: DynamoDB could not make its rules: {why}{again}")
}

fn under_way(status: &str) -> String {
    let then = match status {
        "ENABLING" => ": it counts from when it is on, and the first report comes minutes later",
        "DISABLING" => ": its rules and their history are being deleted",
        _ => ": not a state that is known here",
    };
    format!("{status}{then}")
}

fn unread(reading: Reading<'_>) -> (String, Role) {
    match reading.insights() {
        Detail::Denied { action } => {
            let text = format!("whether keys are counted is not known: no permission: {action}");
            (text, Role::Problem)
        }
        Detail::Failed(error) => {
            (format!("whether keys are counted is not known: {error}"), Role::Problem)
        }
        Detail::NotPolled | Detail::Known { .. } | Detail::Stale { .. } => {
            ("whether keys are counted is not read yet".to_owned(), Role::Dim)
        }
    }
}
