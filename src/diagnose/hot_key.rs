//! Which key a full partition is full of, as Contributor Insights tells it. Keys are written masked.
//!
//! The newest minute decides: a report is about a quarter of an hour, and keys may be hot in turn. Reports are read only
//! of what is looked at or in trouble, and may be refused: one that is about other minutes than the throttling says
//! nothing of it.

use super::episode::Episode;
use super::words::{clock, number, percent};
use super::{Evidence, Fact, Thresholds, Unit};
use crate::model::contributor::{Contributor, Report, RuleKind, share_of_partition};
use crate::model::id::Resource;
use crate::model::insights::{ContributorInsights, InsightsMode};
use crate::model::throttle::Direction;
use crate::model::time::{Minute, Window};
use crate::store::Reading;
use std::collections::BTreeSet;

/// From so many keys on that were the hottest in turn they are called so.
const IN_TURN: usize = 3;
/// Share of the whole report, 0 to 1, below which a key is no heat of its own, unless keys take turns.
const ALONE: f64 = 0.3;

/// What is known of the keys behind a full partition.
pub(super) struct HotKey {
    pub(super) evidence: Vec<Evidence>,
    pub(super) kind: Kind,
}

/// What the keys tell about what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One key is it.
    One,
    /// One key after the other is.
    InTurn,
    /// None stands out: warm keys share a partition.
    Several,
    /// Contributor Insights is off.
    Off,
    /// Contributor Insights counts throttled keys alone, which writes of an index are not.
    Unmeasured,
    /// Nothing was read (yet) of the minutes that throttle.
    Unknown,
}

/// Looks for the key of an episode in the newest reports.
pub(super) fn of(reading: Reading<'_>, episode: &Episode, thresholds: &Thresholds) -> HotKey {
    let resource = &episode.resource;
    let is_unmeasured = is_unmeasured(resource, episode.direction);
    let known = reading.hot_keys(resource).value();
    let kind = if is_unmeasured { RuleKind::AccessedKeys } else { RuleKind::ThrottledKeys };
    let report = known.and_then(|known| known.report(kind));
    let found = report.and_then(|report| Some((report, Hottest::of(report, episode, thresholds)?)));
    let mut evidence = vec![];
    if is_unmeasured {
        let text = "Contributor Insights does not measure throttled writes of an index: its most accessed keys tell";
        evidence.push(Evidence::fact(Fact::Insights, text));
    }
    let Some((report, hottest)) = found else {
        let (kind, seen) = without_report(reading, resource, is_unmeasured);
        evidence.extend(seen);
        evidence.extend(report.map(|report| of_other_minutes(reading, report)));
        return HotKey { evidence, kind };
    };
    evidence.push(hottest.evidence(reading, report));
    if is_unmeasured {
        evidence.extend(consumed(reading, hottest.contributor, hottest.minute));
    } else {
        let accessed = known.and_then(|known| known.report(RuleKind::AccessedKeys));
        evidence.extend(accessed.and_then(|accessed| {
            let keys = &hottest.contributor.keys;
            let same = accessed.contributors.iter().find(|one| one.keys == *keys)?;
            consumed(reading, same, hottest.minute)
        }));
    }
    let share = report.share_of_total(hottest.contributor).unwrap_or(0.0);
    let kind = match hottest.in_turn {
        IN_TURN.. => Kind::InTurn,
        _ if share >= ALONE => Kind::One,
        _ => Kind::Several,
    };
    HotKey { evidence, kind }
}

/// Whether what throttles are writes of an index, which no report of throttled keys measures (Amazon DynamoDB
/// Developer Guide, "Contributor Insights for DynamoDB: How it works").
fn is_unmeasured(resource: &Resource, direction: Direction) -> bool {
    matches!(resource, Resource::Index(..)) && direction == Direction::Write
}

/// Why there is no report, if that is known.
fn without_report(
    reading: Reading<'_>,
    resource: &Resource,
    is_unmeasured: bool,
) -> (Kind, Option<Evidence>) {
    let Some(listed) = reading.insights().value() else { return (Kind::Unknown, None) };
    let told = listed.iter().find(|one| one.resource == *resource);
    let is_on = |told: &&ContributorInsights| told.is_enabled() || &*told.status == "ENABLING";
    let Some(told) = told.filter(is_on) else {
        let text = "Contributor Insights is off: which key is hot is not counted";
        return (Kind::Off, Some(Evidence::fact(Fact::Insights, text)));
    };
    if is_unmeasured && told.mode == Some(InsightsMode::Throttled) {
        let text = "Contributor Insights is on in mode THROTTLED_KEYS, which has no accessed keys";
        return (Kind::Unmeasured, Some(Evidence::fact(Fact::Insights, text)));
    }
    (Kind::Unknown, None)
}

/// A report in which the minutes that throttle have no key.
fn of_other_minutes(reading: Reading<'_>, report: &Report) -> Evidence {
    let text = format!(
        "the newest report of Contributor Insights, {}, names no key of these events",
        from_to(reading, report.window)
    );
    Evidence { window: Some(report.window), ..Evidence::fact(Fact::Insights, text) }
}

/// `from 12:15 to 12:30`.
fn from_to(reading: Reading<'_>, Window { start, end }: Window) -> String {
    format!("from {} to {}", clock(reading, start), clock(reading, end))
}

/// The hottest key of the newest minute of a report in which an episode throttled.
struct Hottest<'a> {
    contributor: &'a Contributor,
    minute: Minute,
    value: f64,
    /// Keys that were the hottest of some minute of the episode.
    in_turn: usize,
}

impl<'a> Hottest<'a> {
    /// `None` where the report has no key in the minutes from which the cause is concluded.
    fn of(report: &'a Report, episode: &Episode, thresholds: &Thresholds) -> Option<Self> {
        let at = |minute: Minute| {
            let counted = report.contributors.iter().filter_map(move |one| {
                let point = one.points.iter().find(|(at, _)| *at == minute)?;
                Some((one, point.1))
            });
            counted.max_by(|(_, a), (_, b)| a.total_cmp(b))
        };
        let minutes: BTreeSet<Minute> = report
            .contributors
            .iter()
            .flat_map(|one| one.points.iter().filter(|(_, value)| *value > 0.0))
            .map(|(minute, _)| *minute)
            .filter(|minute| episode.window().contains(*minute))
            .collect();
        let newest = episode.cause_window(thresholds);
        let minute = minutes.last().copied().filter(|minute| newest.contains(*minute))?;
        let (contributor, value) = at(minute)?;
        let leaders = minutes.iter().filter_map(|minute| Some(&at(*minute)?.0.keys));
        let in_turn = leaders.collect::<BTreeSet<_>>().len();
        Some(Self { contributor, minute, value, in_turn })
    }

    /// The key with its share, and whether others were before it.
    fn evidence(&self, reading: Reading<'_>, report: &Report) -> Evidence {
        let keys: Vec<String> = self.contributor.keys.iter().map(ToString::to_string).collect();
        let share = report.share_of_total(self.contributor).map(|share| {
            format!(", {} of all {}", percent(share), from_to(reading, report.window))
        });
        let turns = match self.in_turn {
            IN_TURN.. => format!("; {} keys were the hottest in turn", self.in_turn),
            _ => String::new(),
        };
        let text = format!(
            "hot key {}: {} {} in {}{}{turns}",
            keys.join(" / "),
            number(self.value),
            report.kind.unit(),
            clock(reading, self.minute),
            share.unwrap_or_default(),
        );
        let unit = if report.kind.is_of_throttles() { Unit::Count } else { Unit::ThroughputUnits };
        Evidence::fact(Fact::HotKey, text).of(self.value, unit).in_minute(self.minute)
    }
}

/// What the key took of one partition in a minute: reads and writes cannot be told apart.
fn consumed(reading: Reading<'_>, one: &Contributor, minute: Minute) -> Option<Evidence> {
    let (_, units) = one.points.iter().find(|(at, _)| *at == minute)?;
    let kind = RuleKind::AccessedKeys;
    let share = percent(share_of_partition(kind, *units)?);
    let at = clock(reading, minute);
    let text = format!(
        "it took {} {} in {at}, {share} of what a partition serves",
        number(*units),
        kind.unit()
    );
    let evidence = Evidence::fact(Fact::HotKey, text);
    Some(evidence.of(*units, Unit::ThroughputUnits).in_minute(minute))
}
