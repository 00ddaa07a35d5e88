//! The header: who and where, how it is, and what went wrong.

mod problems;

pub use problems::problem;

use super::format::{Unit, age, clock, grouped, minute, moment, phrase};
use super::places::{Places, Profiles};
use super::text::{Charset, cut_middle};
use super::{Bar, Part, Role, Span};
use crate::model::health::{Poller, Slowed};
use crate::model::id::Resource;
use crate::model::local::UtcOffset;
use crate::model::metric::Metric;
use crate::model::scaling::Suspended;
use crate::model::time::{Figure, Minute};
use crate::store::Reading;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Whether what is shown is real, and what may be done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Banner {
    /// The simulated AWS.
    Demo,
    /// A real AWS, or another server of its kind; nothing can be written.
    #[default]
    ReadOnly,
    /// The same, where confirmed plans may be written.
    WritesAllowed,
    /// A recording of either.
    Replay,
}

/// How a recording is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Playback {
    /// How many times faster than it happened.
    pub pace: u32,
    /// Whether it is played, rather than standing still.
    pub is_playing: bool,
    /// Whether it is of the simulated AWS.
    pub is_simulated: bool,
    /// When it begins, and when it ends.
    pub span: (Timestamp, Timestamp),
}

/// The fleet in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Resources in trouble.
    pub in_trouble: usize,
    /// Those among them that are DAX clusters or nodes: no list of tables shows these.
    pub dax_in_trouble: usize,
    /// Resources that are worth a look, and not in trouble.
    pub noticed: usize,
    /// Tables known.
    pub tables: usize,
    /// Tables described.
    pub described: usize,
    /// Tables whose throttle events of the newest minute are not known, for whatever reason.
    pub unjudged: usize,
}

/// Alarms in `ALARM`, but for autoscaling's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InAlarm {
    /// How many there are.
    pub count: usize,
    /// Whether any of them tells somebody.
    pub pages: bool,
}

/// What the header tells of.
#[derive(Debug)]
pub struct Facts<'a> {
    /// Every scope as of now.
    pub readings: &'a [Reading<'a>],
    /// The present time.
    pub clock: Timestamp,
    /// The time that the screen is about: the present, unless it is frozen.
    pub now: Timestamp,
    /// When the screen was frozen, if it is.
    pub frozen_at: Option<Timestamp>,
    /// What the shown time is called, such as `UTC`.
    pub zone: String,
    /// How far shown times are ahead of UTC.
    pub utc_offset: UtcOffset,
    /// Real or simulated, and whether it may be written to.
    pub banner: Banner,
    /// Who allows writes or forbids them, such as `by --allow-writes`; may be empty.
    pub permission: &'a str,
    /// What is being written, such as `WRITING 1 of 2`.
    pub writing: Option<String>,
    /// Whether the user had it all recorded into a file.
    pub recorded: bool,
    /// How the recording is played, if it is one.
    pub playback: Option<Playback>,
    /// How many rows the user marked.
    pub marked: usize,
    /// Whether keys are shown in full.
    pub keys_shown: bool,
    /// What tells the scopes apart.
    pub places: &'a Places<'a>,
    /// The profiles they are read with.
    pub profiles: &'a Profiles,
    /// The word for a production account or profile, such as `PROD`; `None` for any other.
    pub production: Option<&'a str>,
    /// The region the user named.
    pub region: &'a str,
    /// What the list is made of.
    pub counts: Counts,
    /// What may be in trouble beside tables, and was not read yet, such as `replicas`.
    pub unread: &'a BTreeSet<&'static str>,
    /// Where DAX in trouble has a row: `here`, or such as `on pane 5 DAX`.
    pub dax_rows: String,
    /// What alarms say.
    pub in_alarm: InAlarm,
    /// Seconds after it was due during which data still count as fresh.
    pub grace_seconds: i64,
    /// The panes.
    pub tabs: Vec<Tab>,
    /// Whether what may not be read is told with its action, as it is beside the pollers.
    pub tells_all: bool,
    /// What the list leaves out, such as `FILTER mode:prov`.
    pub narrowed: Option<String>,
    /// How the list is sorted, such as `sorted by name`.
    pub list: Vec<String>,
}

/// A pane to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// The key that goes there; empty if there is none.
    pub keys: String,
    /// Its name.
    pub name: String,
    /// Whether it is on screen.
    pub present: bool,
}

/// Writes the header's three lines.
pub fn header(facts: &Facts<'_>) -> [Bar; 3] {
    [who_and_where(facts), state(facts), tabs_and_problems(facts)]
}

fn who_and_where(facts: &Facts<'_>) -> Bar {
    let banner = match facts.banner {
        Banner::Demo => Part::new(0, "DEMO", Role::Demo),
        Banner::ReadOnly => Part::new(0, "READ-ONLY", Role::Safe),
        Banner::WritesAllowed => Part::new(0, "WRITES ALLOWED", Role::Notice),
        Banner::Replay => Part::new(0, "REPLAY", Role::Demo),
    };
    let mut left = vec![Part::new(0, "ddbtop", Role::Title), banner];
    left.extend(facts.recorded.then(|| Part::new(1, "REC", Role::Notice)));
    left.extend(facts.playback.into_iter().flat_map(|playback| played(playback, facts)));
    let by = Some(facts.permission).filter(|by| !by.is_empty());
    left.extend(by.map(|by| Part::new(3, by, Role::Dim)));
    // In words, too: a colour alone says nothing where there is none.
    left.extend(facts.production.map(|word| Part::new(0, format!(" {word} "), Role::Production)));
    left.extend(places(facts));
    match facts.profiles.named() {
        [] => {}
        [profile] => left.push(Part::new(3, format!("profile {profile}"), Role::Dim)),
        several => {
            left.push(Part::new(3, format!("profiles {}", several.join(", ")), Role::Dim));
        }
    }
    let identities = facts.readings.iter().filter_map(|reading| reading.identity());
    let mut principals: Vec<String> = identities.map(|it| principal(&it.arn)).collect();
    principals.dedup();
    if let [principal] = principals.as_slice() {
        left.push(Part::new(4, principal, Role::Dim));
    }
    let time = clock(facts.clock, facts.utc_offset);
    // Of a recording it is not a matter of course which day it is.
    let (day, rank) = match facts.playback {
        Some(_) => (format!("{} ", day(facts.clock, facts.utc_offset)), 0),
        None => (String::new(), 2),
    };
    let right = vec![Part::new(rank, format!("{day}{time} {}", facts.zone), Role::Text)];
    Bar { left, right }
}

/// What is read: an account and a region, or how many of them, with their names where there is room.
fn places(facts: &Facts<'_>) -> Vec<Part> {
    match facts.readings {
        [] => vec![Part::new(1, facts.region, Role::Text)],
        [only] => {
            let scope = only.scope();
            let place = format!("{} {}", scope.account(), scope.region());
            vec![Part::new(1, place.trim(), Role::Text)]
        }
        _ => {
            let (counts, names) = facts.places.told();
            vec![Part::new(1, counts, Role::Text), Part::new(3, names, Role::Dim)]
        }
    }
}

/// How a recording is played, of what, and from when until when it is.
fn played(playback: Playback, facts: &Facts<'_>) -> Vec<Part> {
    let how = if playback.is_playing { "playing" } else { "paused" };
    let of_demo = playback.is_simulated.then(|| Part::new(1, "of a demo", Role::Demo));
    let (first, last) = playback.span;
    let time = |at| moment(at, facts.clock, facts.utc_offset);
    let span = Part::new(3, format!("{} to {}", time(first), time(last)), Role::Dim);
    let how = Part::new(0, format!("{how} x{}", playback.pace), Role::Notice);
    [Some(how), of_demo, Some(span)].into_iter().flatten().collect()
}

/// The day as people write it, `2026-11-22`.
fn day(at: Timestamp, utc_offset: UtcOffset) -> String {
    utc_offset.local(at).strftime("%Y-%m-%d").to_string()
}

/// The end of an ARN that tells who: `role/Name`, `user/name`; the session is left out.
fn principal(arn: &str) -> String {
    let resource = arn.rsplit(':').next().unwrap_or(arn);
    match resource.strip_prefix("assumed-role/") {
        Some(role) => format!("role/{}", role.split('/').next().unwrap_or(role)),
        None => resource.to_owned(),
    }
}

fn state(facts: &Facts<'_>) -> Bar {
    let writing = facts.writing.iter().map(|text| Part::new(0, text, Role::Notice));
    let shown = facts.keys_shown.then(|| Part::new(0, "KEYS SHOWN", Role::Notice));
    let mut left: Vec<Part> = shown.into_iter().chain(writing).chain(trouble(facts)).collect();
    left.extend(in_alarm(facts.in_alarm));
    left.extend(problems::denied(facts));
    left.extend(suspended(facts.readings));
    left.extend(tables(facts));
    left.extend(facts.narrowed.clone().map(|text| Part::new(0, text, Role::Notice)));
    left.extend(
        (facts.marked > 0)
            .then(|| Part::new(0, format!("{} marked", count(facts.marked)), Role::Notice)),
    );
    // What is said first stays longest.
    let list = facts.list.iter().zip([4, 5, 5]);
    left.extend(list.map(|(text, rank)| Part::new(rank, text, Role::Dim)));
    left.extend(facts.readings.iter().filter_map(|reading| user_errors(facts, *reading)));
    let mut right = Vec::new();
    let costs = || facts.readings.iter().map(|reading| reading.cost());
    let mut passed = facts.readings.iter().filter_map(|it| Some((it.cost().passed_budget()?, *it)));
    if let Some((budget, reading)) = passed.next() {
        let place = of_place(facts, reading);
        right.push(Part::new(1, format!("OVER BUDGET{place} of ${budget:.2}/h"), Role::Problem));
    } else if let Some(slowed) = costs().find_map(|cost| cost.slowed) {
        let why = match slowed {
            Slowed::Budget => "SLOWED: budget",
            Slowed::Idle => "SLOWED: nobody typed for 30 m",
        };
        right.push(Part::new(1, why, Role::Notice));
    }
    right.push(data(facts));
    let requests: u64 = costs().map(|cost| cost.requests).sum();
    right.push(Part::new(5, format!("{} requests", grouped(requests as f64)), Role::Dim));
    // The sum of nothing is -0.
    let price: f64 = costs().map(|cost| cost.usd_per_hour).sum::<f64>() + 0.0;
    let price =
        if price > 0.0 && price < 0.01 { "<$0.01/h".to_owned() } else { format!("${price:.2}/h") };
    right.push(Part::new(3, price, Role::Text));
    Bar { left, right }
}

/// Never says that all is well without fresh data that say so, of every table and of what changes go to and come from.
fn trouble(facts: &Facts<'_>) -> Vec<Part> {
    let Counts { in_trouble, dax_in_trouble, noticed, tables, unjudged, .. } = facts.counts;
    if in_trouble == 0 && newest_settled(facts).is_none() {
        return vec![Part::new(0, "not judged yet", Role::Dim)];
    }
    let stale = facts.readings.iter().filter(|reading| is_stale(facts, **reading)).count();
    let all_stale = stale > 0 && stale == facts.readings.len();
    let blind: Vec<Reading<'_>> =
        facts.readings.iter().copied().filter(|reading| is_blind(*reading)).collect();
    // Indexes are not known before their table is described.
    let at_least = if facts.counts.described < tables { "at least " } else { "" };
    let of_dax = match dax_in_trouble {
        0 => String::new(),
        all if all == in_trouble => format!(" {}", facts.dax_rows),
        some => format!(", {some} {}", facts.dax_rows),
    };
    // Then it need not be told of the tables once more.
    let is_of_before = in_trouble > 0 && unjudged > 0 && unjudged == tables;
    let mut parts = vec![match in_trouble {
        0 if all_stale => Part::new(0, "not judged: data stale", Role::Stale),
        0 if unjudged > 0 && unjudged == tables => Part::new(0, "not judged", Role::Notice),
        0 if unjudged > 0 || stale > 0 || !blind.is_empty() || !facts.unread.is_empty() => {
            Part::new(0, "no trouble seen", Role::Notice)
        }
        0 => Part::new(0, "nothing in trouble", Role::Safe),
        _ if is_of_before => {
            let text = format!("{at_least}{in_trouble} in trouble{of_dax} when last judged");
            Part::new(0, text, Role::Stale)
        }
        _ => Part::new(0, format!("{at_least}{in_trouble} in trouble{of_dax}"), Role::Trouble),
    }];
    if noticed > 0 {
        let notices = if noticed == 1 { "notice" } else { "notices" };
        parts.push(Part::new(5, format!("{noticed} {notices}"), Role::Notice));
    }
    if unjudged > 0 && !all_stale && !is_of_before {
        let text = format!("{} of {} tables not judged", count(unjudged), count(tables));
        parts.push(Part::new(1, text, Role::Notice));
    }
    let unread = match blind.as_slice() {
        [] => None,
        [one] => Some(format!("{} not judged", facts.places.name(one.scope()))),
        several => Some(format!("{} of {} places not judged", several.len(), facts.readings.len())),
    };
    parts.extend(unread.map(|text| Part::new(1, text, Role::Notice)));
    if in_trouble == 0 && !all_stale && !facts.unread.is_empty() {
        let what: Vec<&str> = facts.unread.iter().copied().collect();
        parts.push(Part::new(1, format!("{} not read yet", what.join(", ")), Role::Notice));
    }
    parts
}

/// Whether nothing is known of a scope that may have tables: its silence does not mean that all is well.
fn is_blind(reading: Reading<'_>) -> bool {
    let listed = reading.health(Poller::Tables).is_some_and(|health| health.last_success.is_some());
    reading.newest_settled().is_none() && !(listed && reading.tables().next().is_none())
}

/// ` in eu-west-1`; empty where there is one scope.
fn of_place(facts: &Facts<'_>, reading: Reading<'_>) -> String {
    let name = facts.places.name(reading.scope());
    if name.is_empty() { name } else { format!(" in {name}") }
}

/// How many alarms are in `ALARM`; nothing where none is, or none could be read.
fn in_alarm(InAlarm { count, pages }: InAlarm) -> Option<Part> {
    let role = if pages { Role::Trouble } else { Role::Notice };
    (count > 0).then(|| Part::new(1, format!("{} in ALARM", self::count(count)), role))
}

/// How many scalable targets do not act in full, so that nobody forgets to let them; loudly, where capacity cannot
/// follow the traffic up.
fn suspended(readings: &[Reading<'_>]) -> impl Iterator<Item = Part> {
    let all = readings.iter().flat_map(|reading| reading.scalable_targets());
    let suspended = all.filter(|target| target.suspended != Suspended::default());
    let (out, others): (Vec<_>, Vec<_>) = suspended.partition(|target| target.suspended.scale_out);
    let told = [
        (out.len(), "SCALE-OUT SUSPENDED", 1, Role::Notice),
        (others.len(), "scaling suspended in part", 5, Role::Dim),
    ];
    told.into_iter().filter(|(number, ..)| *number > 0).map(|(number, what, rank, role)| {
        Part::new(rank, format!("{what} on {}", count(number)), role)
    })
}

/// How many tables there are, once that is known.
fn tables(facts: &Facts<'_>) -> Option<Part> {
    let Counts { tables, described, .. } = facts.counts;
    let listed = |reading: &Reading<'_>| {
        reading.health(Poller::Tables).is_some_and(|health| health.last_success.is_some())
    };
    if described < tables {
        let text = format!("{} of {} tables described", count(described), count(tables));
        Some(Part::new(2, text, Role::Notice))
    } else if tables > 0 || facts.readings.iter().any(listed) {
        let plural = if tables == 1 { "" } else { "s" };
        Some(Part::new(2, format!("{} table{plural}", count(tables)), Role::Text))
    } else {
        None
    }
}

fn count(number: usize) -> String {
    grouped(number as f64)
}

/// The oldest of the scopes' newest settled minutes; `None` while no scope has one.
fn newest_settled(facts: &Facts<'_>) -> Option<Minute> {
    facts.readings.iter().filter_map(|reading| reading.newest_settled()).min()
}

/// The minute that the figures are about, and how long ago it ended.
fn data(facts: &Facts<'_>) -> Part {
    let Some(newest) = newest_settled(facts) else {
        return Part::new(1, "no data yet", Role::Dim);
    };
    if let Some(at) = facts.frozen_at {
        let (time, ago) = (clock(at, facts.utc_offset), age(facts.clock, at));
        return Part::new(0, format!("FROZEN at {time}, {ago} ago"), Role::Notice);
    }
    let stale = || facts.readings.iter().copied().filter(|reading| is_stale(facts, *reading));
    // What is told is about the place that is worst off.
    let oldest = stale().min_by_key(|reading| reading.newest_settled().unwrap_or(newest));
    let newest = oldest.and_then(Reading::newest_settled).unwrap_or(newest);
    let minute = minute(newest, facts.now, facts.utc_offset);
    let age = age(facts.now, newest.end());
    if let Some(oldest) = oldest {
        let place = if stale().count() < facts.readings.len() {
            of_place(facts, oldest)
        } else {
            String::new()
        };
        Part::new(1, format!("STALE{place}: data of {minute}, {age} old"), Role::Stale)
    } else {
        Part::new(1, format!("data of {minute}, {age} old"), Role::Text)
    }
}

/// Whether the metrics of a scope could not be read when they were due.
fn is_stale(facts: &Facts<'_>, reading: Reading<'_>) -> bool {
    // What one round reads is due again a minute later.
    const PERIOD_SECONDS: i64 = 60;
    let passed = |then: Timestamp| facts.now.as_second() - then.as_second();
    reading.health(Poller::Metrics).is_some_and(|health| {
        let late = health.last.due.is_some_and(|due| passed(due) > facts.grace_seconds);
        let too_long_ago = |last| passed(last) > PERIOD_SECONDS.saturating_add(facts.grace_seconds);
        late || (health.failures_in_a_row > 0 && health.last_success.is_some_and(too_long_ago))
    })
}

fn user_errors(facts: &Facts<'_>, reading: Reading<'_>) -> Option<Part> {
    let figure = reading.figure(&Resource::Account, Metric::UserErrors);
    if figure == Figure::NotPolled {
        return None;
    }
    let text = phrase(figure, Unit::Count, "user errors/min", "user errors");
    let text = format!("{}{text}", facts.places.prefix(reading.scope()));
    let is_stale = matches!(figure, Figure::Stale { .. });
    let role = if is_stale { Role::Stale } else { Role::Dim };
    Some(Part::new(6, text, role))
}

/// The panes, and what went wrong in the room beside them.
fn tabs_and_problems(facts: &Facts<'_>) -> Bar {
    // Where room lacks, the panes beside the present one stay longest.
    let present = facts.tabs.iter().position(|tab| tab.present).unwrap_or(0);
    let tab = |(place, tab): (usize, &Tab)| {
        let role = if tab.present { Role::Title } else { Role::Dim };
        let name = cut_middle(&tab.name, TAB_CELLS, Charset::Ascii);
        let spans =
            vec![Span::new(tab.keys.clone(), Role::Key), Span::new(format!(" {name}"), role)];
        Part { spans, rank: u8::try_from(1 + place.abs_diff(present)).unwrap_or(u8::MAX) }
    };
    let tabs = facts.tabs.iter().enumerate().map(tab);
    Bar { left: tabs.chain(problems::problems(facts)).collect(), right: vec![] }
}

/// Cells that the name of a table takes at most among the panes.
const TAB_CELLS: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_principal_is_told_without_its_session() {
        let cases = [
            ("arn:aws:sts::123456789012:assumed-role/Ops/anna@example.com", "role/Ops"),
            ("arn:aws:iam::123456789012:user/anna", "user/anna"),
            ("arn:aws:iam::123456789012:root", "root"),
        ];
        for (arn, expected) in cases {
            assert_eq!(principal(arn), expected);
        }
    }
}
