//! What an edit does: at once and later, to capacity and to the bill.

use super::budget::budget;
use super::maximum;
use super::plan::Ground;
use super::price::Rates;
use super::setting::{Edit, Setting, table_of};
use super::words::{self, capacity, moment, usd};
use crate::diagnose::name;
use crate::model::id::Resource;
use crate::model::insights::InsightsMode;
use crate::model::metric::Metric;
use crate::model::scaling::TargetTracking;
use crate::model::throttle::Direction;
use crate::store::Reading;
use jiff::Timestamp;

/// Provisioned capacity that an edit moves at once, units per second.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// The table or index.
    pub resource: Resource,
    /// Which capacity.
    pub direction: Direction,
    /// As it is.
    pub from: f64,
    /// As it will be.
    pub to: f64,
}

/// What moves at once when `after` is set.
pub(super) fn moves(reading: Reading<'_>, after: &Setting) -> Vec<Move> {
    let to_now = |resource: &Resource, direction: Direction, to: &dyn Fn(f64) -> f64| {
        let from = reading.capacity(resource, direction)?.provisioned?;
        let to = to(from);
        from.total_cmp(&to).is_ne().then(|| Move {
            resource: resource.clone(),
            direction,
            from,
            to,
        })
    };
    match after {
        Setting::Bounds { resource, direction, min, max, .. } => {
            let inside = |from: f64| from.min(f64::from(*max)).max(f64::from(*min));
            to_now(resource, *direction, &inside).into_iter().collect()
        }
        Setting::Capacity { resource, read, write } => {
            let units = Direction::ALL.into_iter().zip([read, write]);
            units
                .filter_map(|(direction, to)| to_now(resource, direction, &|_| f64::from(*to)))
                .collect()
        }
        Setting::Policy { .. }
        | Setting::Maximum { .. }
        | Setting::Insights { .. }
        | Setting::Mute { .. } => vec![],
    }
}

/// From when on autoscaling can lower capacity into its bounds, where no decrease is left at present.
fn put_off_until(reading: Reading<'_>, after: &Setting, moved: &Move) -> Option<Timestamp> {
    if !matches!(after, Setting::Bounds { .. }) || moved.to >= moved.from {
        return None;
    }
    budget(reading.throughput(&moved.resource)?, reading.now())?.next
}

/// What happens at once, and what follows, a sentence each.
pub(super) fn at_once(reading: Reading<'_>, edit: &Edit) -> Vec<String> {
    match edit.after() {
        Setting::Bounds { resource, direction, min, max, .. } => {
            bounds(reading, (resource, *direction), edit.after(), (*min, *max))
        }
        Setting::Policy { resource, direction, tracking, .. } => {
            policy(reading, resource, *direction, tracking)
        }
        Setting::Capacity { resource, .. } => by_hand(reading, resource, edit.after()),
        Setting::Maximum { read, write, .. } => {
            let limits = [(*read, Direction::Read), (*write, Direction::Write)];
            let limits = limits.map(|(units, direction)| match units {
                Some(_) => format!(
                    "{}s are throttled above {}",
                    direction.as_str(),
                    words::maximum(units, direction)
                ),
                None => format!("{}s have no maximum of their own", direction.as_str()),
            });
            vec!["it holds at once, and the table stays ACTIVE".to_owned(), limits.join(", ")]
        }
        Setting::Insights { mode, .. } => insights(edit.before(), mode.as_ref()),
        Setting::Mute { mute: Some(mute), .. } => vec![format!(
            "from {} on the alarms still change state, but tell nobody; at {} that ends by itself",
            moment(reading, mute.start),
            moment(reading, mute.end),
        )],
        Setting::Mute { mute: None, .. } => {
            vec!["the alarms tell of their changes again at once".to_owned()]
        }
    }
}

fn bounds(
    reading: Reading<'_>,
    (resource, direction): (&Resource, Direction),
    after: &Setting,
    (min, max): (u32, u32),
) -> Vec<String> {
    let now = reading.capacity(resource, direction).and_then(|capacity| capacity.provisioned);
    let [min, max] = [min, max].map(|units| capacity(f64::from(units), direction));
    let moves = moves(reading, after);
    let late = moves.first().and_then(|moved| put_off_until(reading, after, moved));
    let first = match (moves.first(), now) {
        (Some(Move { from, to, .. }), _) => {
            let [from, to] = [from, to].map(|units| capacity(*units, direction));
            late.map_or_else(
                || {
                    format!(
                        "registering moves capacity into the bounds at once: from {from} to {to}, done in about half a \
                         minute"
                    )
                },
                |next| {
                    format!(
                        "no decrease is left: capacity stays at {from}, and autoscaling can lower it to {to} from {} on",
                        moment(reading, next)
                    )
                },
            )
        }
        (None, Some(now)) => {
            format!("capacity stays at {}: it is inside the bounds", capacity(now, direction))
        }
        (None, None) => {
            "the present capacity is not known: it moves into the bounds at once".to_owned()
        }
    };
    vec![first, format!("from then on autoscaling moves it between {min} and {max}")]
}

fn policy(
    reading: Reading<'_>,
    resource: &Resource,
    direction: Direction,
    tracking: &TargetTracking,
) -> Vec<String> {
    let percent = tracking.target_value;
    let mut lines = vec![format!(
        "nothing moves at once: autoscaling sets its alarms anew, and scales out after 2 minutes \
         above {percent} %, in after 15 minutes well below"
    )];
    let used = reading.consumed_per_second(resource, direction).value();
    let target = reading.scalable_target(resource, direction);
    if let (Some(used), Some(target)) = (used, target) {
        let wanted = (100.0 * used / percent).ceil().min(target.max).max(target.min);
        lines.push(format!(
            "at the present use of {} it would aim for {}",
            capacity(used, direction),
            capacity(wanted, direction)
        ));
    }
    lines
}

fn by_hand(reading: Reading<'_>, resource: &Resource, after: &Setting) -> Vec<String> {
    let moved = moves(reading, after);
    let line = |moved: &Move| {
        let [from, to] = [moved.from, moved.to].map(|units| capacity(units, moved.direction));
        let warm = reading.capacity(&moved.resource, moved.direction).and_then(|it| it.warm);
        let time = match warm.filter(|warm| moved.to > *warm && moved.to > moved.from) {
            Some(warm) => format!(
                "in minutes or longer: it is above the warm throughput of {}, and partitions are split first",
                capacity(warm, moved.direction)
            ),
            None => "usually within a minute".to_owned(),
        };
        format!("{} capacity goes from {from} to {to}, {time}", moved.direction.as_str())
    };
    let mut lines: Vec<String> = moved.iter().map(line).collect();
    let untouched = Direction::ALL
        .into_iter()
        .filter(|direction| moved.iter().all(|moved| moved.direction != *direction));
    for direction in untouched {
        let Some(now) = reading.capacity(resource, direction).and_then(|c| c.provisioned) else {
            continue;
        };
        let who = match reading.scalable_target(resource, direction) {
            Some(_) => "; autoscaling manages it, and corrects it if it has moved meanwhile",
            None => "",
        };
        let (kind, now) = (direction.as_str(), capacity(now, direction));
        lines.push(format!("{kind} capacity is sent again as it is, {now}{who}"));
    }
    lines
}

fn insights(before: &Setting, mode: Option<&InsightsMode>) -> Vec<String> {
    let accessed = Some(InsightsMode::AccessedAndThrottled);
    let line = match mode {
        Some(InsightsMode::Throttled) if matches!(before, Setting::Insights { mode, .. } if *mode == accessed) => {
            "it reports the most throttled keys from then on, not of the past; reports of accessed \
             keys end and their history goes"
        }
        Some(InsightsMode::Throttled) => {
            "it reports the most throttled keys from then on, not of the past"
        }
        Some(InsightsMode::AccessedAndThrottled | InsightsMode::Other(_)) => {
            "it reports the most accessed and the most throttled keys from then on, not of the past"
        }
        None => "its rules and their history are deleted",
    };
    vec![line.to_owned()]
}

/// What an edit costs, dollars an hour.
#[derive(Debug, Clone, PartialEq)]
pub struct Money {
    /// As it is.
    pub now: f64,
    /// At once after the edit.
    pub at_once: f64,
    /// The most that it allows; `None` for no limit.
    pub most: Option<f64>,
    /// How sure `at_once` is.
    pub sureness: Sureness,
    /// Whose prices these are, and that this is an estimate.
    pub source: String,
}

/// How sure it is what an edit costs at once, and why not more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sureness {
    /// It follows from what is known.
    Reckoned,
    /// It may come to more, or to less.
    About(String),
    /// It may come to more.
    AtLeast(String),
}

impl Money {
    /// In one line.
    pub fn line(&self) -> String {
        let (now, then) = (usd(self.now), usd(self.at_once));
        let (then, why) = match &self.sureness {
            Sureness::Reckoned => (format!("{then} then"), String::new()),
            Sureness::About(why) => (format!("about {then} then"), format!(": {why}")),
            Sureness::AtLeast(why) => (format!("{then} or more then"), format!(": {why}")),
        };
        let most = match self.most {
            None => ", without a limit".to_owned(),
            Some(most) if most > self.at_once || !why.is_empty() => {
                format!(", at most {}", usd(most))
            }
            Some(_) => String::new(),
        };
        format!("{now} now, {then}{most} ({}){why}", self.source)
    }
}

/// What an edit costs; `None` where something for it is not known.
pub(super) fn money(ground: &Ground<'_>, edit: &Edit) -> Option<Money> {
    let reading = ground.reading;
    let resource = edit.after().resource()?;
    let class = &table_of(reading, resource)?.details.class;
    let rates = ground.prices.rates(reading.scope().region(), class)?;
    let (now, at_once, most) = match (edit.before(), edit.after()) {
        (_, Setting::Bounds { direction, max, .. }) => {
            let price = rates.provisioned(*direction);
            let now = reading.capacity(resource, *direction)?.provisioned?;
            let moved = moves(reading, edit.after()).into_iter().next();
            let moved = moved.filter(|it| put_off_until(reading, edit.after(), it).is_none());
            let moved = moved.map_or(now, |moved| moved.to);
            (now * price, moved * price, Some(f64::from(*max) * price))
        }
        (_, Setting::Policy { direction, .. }) => {
            let price = rates.provisioned(*direction);
            let now = reading.capacity(resource, *direction)?.provisioned?;
            let max = reading.scalable_target(resource, *direction)?.max;
            (now * price, now * price, Some(max * price))
        }
        (Setting::Capacity { read, write, .. }, Setting::Capacity { read: r, write: w, .. }) => {
            let price = |units: [&u32; 2]| -> f64 {
                let each = Direction::ALL.into_iter().zip(units);
                each.map(|(direction, units)| f64::from(*units) * rates.provisioned(direction))
                    .sum()
            };
            let then = price([r, w]);
            (price([read, write]), then, Some(then))
        }
        (Setting::Maximum { read, write, .. }, Setting::Maximum { read: r, write: w, .. }) => {
            let changes = [(Direction::Read, *read, *r), (Direction::Write, *write, *w)];
            return maximum::money(reading, resource, changes, &rates);
        }
        (Setting::Insights { mode: was, .. }, Setting::Insights { mode, .. }) => {
            let price = |mode| insights_price(reading, resource, mode, &rates);
            (price(was.as_ref())?, price(mode.as_ref())?, price(mode.as_ref()))
        }
        _ => return None,
    };
    Some(Money { now, at_once, most, sureness: Sureness::Reckoned, source: rates.source })
}

/// What Contributor Insights costs at the present traffic, at most: an event is an item read or
/// written, two where there is a sort key, and an item takes at least half a read unit or one
/// write unit. Only throttled requests count where only throttled keys are reported.
pub(super) fn insights_price(
    reading: Reading<'_>,
    resource: &Resource,
    mode: Option<&InsightsMode>,
    rates: &Rates,
) -> Option<f64> {
    let Some(mode) = mode else { return Some(0.0) };
    let keys = if has_sort_key(reading, resource)? { 2 } else { 1 };
    let is_throttled_only = *mode == InsightsMode::Throttled;
    let per_second = |direction: Direction| {
        let throttled = reading.figure(resource, Metric::ThrottleEvents(direction)).value()? / 60.0;
        let used = reading.consumed_per_second(resource, direction).value()?;
        let served = match direction {
            Direction::Read => 2.0 * used,
            Direction::Write => used,
        };
        Some(if is_throttled_only { throttled } else { served + throttled })
    };
    let events = per_second(Direction::Read)? + per_second(Direction::Write)?;
    let rules = if is_throttled_only { keys } else { 2 * keys };
    Some(rates.insights_rules(rules) + events * f64::from(keys) * rates.insights_events())
}

fn has_sort_key(reading: Reading<'_>, resource: &Resource) -> Option<bool> {
    let table = table_of(reading, resource)?;
    let keys = match resource {
        Resource::Account | Resource::Cluster(_) | Resource::Node(..) => return None,
        Resource::Table(_) => &table.details.keys,
        Resource::Index(_, index) => &table.index(index)?.keys,
    };
    Some(!keys.sort.is_empty())
}

/// What an undo of this edit will not bring back, a sentence each.
pub(super) fn lost_for_good(reading: Reading<'_>, edit: &Edit) -> Vec<String> {
    let mut lines = Vec::new();
    for moved in moves(reading, edit.after()) {
        let by_autoscaling = matches!(edit.after(), Setting::Bounds { .. });
        let to = capacity(moved.to, moved.direction);
        if by_autoscaling && moved.to > moved.from {
            lines.push(format!(
                "an undo lowers the minimum, not the capacity: it stays at {to} until scale-in"
            ));
        } else if by_autoscaling && put_off_until(reading, edit.after(), &moved).is_some() {
            lines.push(format!(
                "once it was lowered, an undo raises the maximum, not the capacity: it stays at {to} until scale-out"
            ));
        } else if by_autoscaling {
            lines.push(format!(
                "an undo raises the maximum, not the capacity: it stays at {to} until scale-out"
            ));
        } else if moved.to > moved.from {
            lines.push("an undo lowers capacity, and spends one of the day's decreases".to_owned());
        } else {
            lines.push("the decrease that this spends does not come back".to_owned());
        }
    }
    match (edit.before(), edit.after()) {
        (Setting::Insights { mode: Some(_), resource }, Setting::Insights { mode: None, .. }) => {
            let of = name(resource);
            lines.push(format!(
                "the history of {of} is gone; its rules come back under other names, so that \
                 alarms on them end"
            ));
        }
        (
            Setting::Insights { mode: Some(InsightsMode::AccessedAndThrottled), .. },
            Setting::Insights { mode: Some(InsightsMode::Throttled), .. },
        ) => lines.push("the history of accessed keys does not come back".to_owned()),
        _ => {}
    }
    lines
}

/// What an edit that is an undo itself does not bring back, a sentence each.
pub(super) fn not_brought_back(reading: Reading<'_>, undo: &Edit) -> Vec<String> {
    let mut lines = Vec::new();
    for moved in moves(reading, undo.after()) {
        let to = capacity(moved.to, moved.direction);
        lines.extend((moved.to < moved.from).then(|| {
            format!("this lowers capacity to {to}, and spends one of the day's decreases")
        }));
    }
    match (undo.before(), undo.after()) {
        (Setting::Bounds { min, .. }, Setting::Bounds { resource, direction, min: to, .. })
            if to < min && lines.is_empty() =>
        {
            let now = reading.capacity(resource, *direction).and_then(|c| c.provisioned);
            let at = now.map_or(String::new(), |now| format!(" at {}", capacity(now, *direction)));
            lines.push(format!("capacity does not come back: it stays{at} until scale-in"));
        }
        (Setting::Insights { .. }, Setting::Insights { mode: Some(_), .. }) => lines.push(
            "the history that was deleted does not come back; rules get other names, so that \
             alarms on them end"
                .to_owned(),
        ),
        (Setting::Mute { rule, .. }, Setting::Mute { mute: None, .. }) => {
            lines.push(format!("mute rule {rule} is deleted"));
        }
        _ => {}
    }
    lines
}
