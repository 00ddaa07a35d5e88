//! How keys are written, and which of them is the hottest.

use super::{is_hot, peak_share};
use crate::model::contributor::{Contributor, Key, Report, RuleKind};
use crate::model::id::Resource;
use crate::model::throttle::Direction;
use crate::store::{Detail, HotKeys, Reading, Trend};
use crate::view::format::{Unit, age, minute, number};
use crate::view::tables::Subject;
use crate::view::{Charset, Role, Span};

/// How keys are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reveal {
    /// Whether in full, since the user asked for it; masked otherwise.
    pub in_full: bool,
    /// Which characters may be used.
    pub charset: Charset,
}

impl Reveal {
    /// Writes a key, or a pair of them.
    pub(super) fn text(self, keys: &[Key]) -> String {
        let is_written = |c: char| match self.charset {
            Charset::Unicode => !c.is_control(),
            Charset::Ascii => !c.is_control() && c.is_ascii(),
        };
        let written = |key: &Key| -> String {
            let text = if self.in_full { key.reveal() } else { key.masked() };
            text.chars().map(|c| if is_written(c) { c } else { '?' }).collect()
        };
        keys.iter().map(written).collect::<Vec<_>>().join(" / ")
    }
}

/// Whether what throttles are writes of an index, which no report of throttled keys measures ("Contributor
/// Insights for `DynamoDB`: How it works").
pub(super) fn is_unmeasured(subject: &Subject<'_>) -> bool {
    let is_write = |direction: Option<Direction>| direction == Some(Direction::Write);
    matches!(subject.resource, Resource::Index(..))
        && subject.verdicts.iter().any(|verdict| is_write(verdict.direction))
}

/// The contributor that matters most: the most throttled key, or where that is not known or not measured
/// the most accessed one.
fn top<'a>(subject: &Subject<'_>, known: &'a HotKeys) -> Option<(&'a Report, &'a Contributor)> {
    let mut kinds = [RuleKind::ThrottledKeys, RuleKind::AccessedKeys];
    if is_unmeasured(subject) {
        kinds.reverse();
    }
    kinds.into_iter().find_map(|kind| {
        let report = known.report(kind)?;
        Some((report, report.contributors.first()?))
    })
}

/// The key that matters most, as it is written; `None` where no report has one.
pub fn hottest(subject: &Subject<'_>, reveal: Reveal) -> Option<String> {
    let known = subject.reading.hot_keys(subject.resource).value()?;
    let (_, contributor) = top(subject, known)?;
    Some(reveal.text(&contributor.keys))
}

/// The same with its shares and since when, where a partition is too hot.
pub fn told(subject: &Subject<'_>, reveal: Reveal) -> Option<Span> {
    if !subject.verdicts.iter().any(|verdict| is_hot(verdict)) {
        return None;
    }
    let reading = subject.reading;
    let known = reading.hot_keys(subject.resource).value()?;
    let (report, contributor) = top(subject, known)?;
    let of_all = share_of_all(report, contributor);
    // What the most throttled key consumes is told by another rule.
    let accessed = known.report(RuleKind::AccessedKeys);
    let served = accessed.and_then(|accessed| {
        let one = accessed.contributors.iter().find(|one| one.keys == contributor.keys)?;
        let share = number(100.0 * peak_share(accessed.kind, one)?, Unit::Percent);
        Some(format!("up to {share} of a partition"))
    });
    let since = known.trend(report.kind, &contributor.keys).map(|it| since(reading, it));
    let parts: Vec<String> = [served, of_all, since].into_iter().flatten().collect();
    let text = format!("{}: {}", reveal.text(&contributor.keys), parts.join(", "));
    Some(match reading.hot_keys(subject.resource) {
        Detail::Stale { at, .. } => {
            Span::new(format!("{text}; as last read {} ago", age(reading.now(), at)), Role::Stale)
        }
        Detail::Known { at, .. } if reading.are_hot_keys_old(at) => {
            Span::new(format!("{text}; read {} ago", age(reading.now(), at)), Role::Notice)
        }
        Detail::Known { .. } | Detail::Denied { .. } | Detail::Failed(_) | Detail::NotPolled => {
            Span::new(text, Role::Trouble)
        }
    })
}

/// `93% of all throttle events`.
pub(super) fn share_of_all(report: &Report, contributor: &Contributor) -> Option<String> {
    let share = number(100.0 * report.share_of_total(contributor)?, Unit::Percent);
    Some(format!("{share} of all {}", report.kind.unit()))
}

/// `since 11:49 (11 m)`, or that it may have been before.
pub(super) fn since(reading: Reading<'_>, trend: &Trend) -> String {
    let (now, seen) = (reading.now(), trend.first_seen);
    let or_earlier = if trend.or_earlier { " or earlier" } else { "" };
    let began = minute(seen, now, reading.utc_offset());
    format!("since {began}{or_earlier} ({})", age(now, seen.start()))
}
