//! Records: one piece of news each, or how many of them were lost.

use super::{Fields, Ink, Recorded, map, tagged};
use crate::model::update::{News, Points, Update};
use crate::record::{Heard, LeftOut};
use ciborium::Value;
use jiff::Timestamp;

tagged! {
    News {
        "left" = Left,
        "identity" = Identity(identity),
        "table-names" = TableNames(names),
        "table" = Table(table),
        "time-to-live" = TimeToLive(table, reply),
        "backups" = Backups(table, reply),
        "kinesis" = Kinesis(table, reply),
        "table-gone" = TableGone(table),
        "quotas" = Quotas(quotas),
        "scaling" = Scaling(targets),
        "scaling-of" = ScalingOf(resource, targets),
        "scheduled-actions" = ScheduledActions(reply),
        "alarms" = Alarms(reply),
        "mute-rules" = MuteRules(reply),
        "mute-rule" = MuteRule(name, rule),
        "alarm-data" = AlarmData(alarm, reply),
        "insights" = Insights(reply),
        "insights-of" = InsightsOf(resource, told),
        "hot-keys" = HotKeys(resource, reply),
        "consumers" = Consumers(reply),
        "clusters" = Clusters(reply),
        "parameter-groups" = ParameterGroups(reply),
        "events" = Events(events),
        "operations" = Operations(operations),
        "points" = Points(points),
        "round" = Round(round),
        "cost" = Cost(cost),
    }
}

/// Series, events or tables that one record holds at most: it must stay below the limit of what is read at once.
const AT_ONCE: usize = 1_000;

/// The records of a piece of news that came at `at`: one, or several where it is large.
pub(in crate::record) fn records(at: Timestamp, update: &Update, ink: Ink) -> Vec<Value> {
    let record = |news: Value| {
        map([
            ("at", at.write(ink)),
            ("read", update.at.write(ink)),
            ("scope", update.scope.write(ink)),
            ("news", news),
        ])
    };
    match in_pieces(&update.news) {
        Some(pieces) => pieces.iter().map(|news| record(news.write(ink))).collect(),
        None => vec![record(update.news.write(ink))],
    }
}

/// The pieces of large news, where those are as good as the whole. What replaces the whole of what was known, such as
/// the list of all alarms, cannot be taken apart: one that is too large is left out, and told.
fn in_pieces(news: &News) -> Option<Vec<News>> {
    if let News::Points(Points { window, due, series }) = news {
        let piece = |series| Points { window: *window, due: *due, series };
        return chunks(series, |series| News::Points(piece(series)));
    }
    if let News::Events(events) = news {
        return chunks(events, News::Events);
    }
    if let News::Operations(tables) = news {
        return chunks(tables, News::Operations);
    }
    None
}

fn chunks<T: Clone>(all: &[T], news: impl Fn(Vec<T>) -> News) -> Option<Vec<News>> {
    let pieces = || all.chunks(AT_ONCE).map(|some| news(some.to_vec())).collect();
    (all.len() > AT_ONCE).then(pieces)
}

/// What a record says.
#[derive(Debug)]
pub(in crate::record) enum Line {
    /// A piece of news.
    Heard(Box<Heard>),
    /// So many pieces of news could not be recorded here.
    LeftOut(LeftOut),
    /// What only another version can read.
    Unknown,
}

impl LeftOut {
    /// The record that tells of them; `None` where there are none.
    pub(in crate::record) fn record(self) -> Option<Value> {
        let count = |count| if count > 0 { Value::from(count) } else { Value::Null };
        let Self { lost, too_large } = self;
        (self != Self::default())
            .then(|| map([("lost", count(lost)), ("too_large", count(too_large))]))
    }

    fn of(fields: &mut Fields) -> Self {
        let mut count = |name| fields.take::<Option<u64>>(name).flatten().unwrap_or_default();
        Self { lost: count("lost"), too_large: count("too_large") }
    }
}

/// Reads a record.
pub(in crate::record) fn line(value: Value) -> Line {
    let Some(mut fields) = Fields::of(value) else { return Line::Unknown };
    let left_out = LeftOut::of(&mut fields);
    if left_out != LeftOut::default() {
        return Line::LeftOut(left_out);
    }
    heard(fields).map_or(Line::Unknown, |heard| Line::Heard(Box::new(heard)))
}

fn heard(mut fields: Fields) -> Option<Heard> {
    let update = Update {
        scope: fields.take("scope")?,
        at: fields.take("read")?,
        news: fields.take("news")?,
    };
    Some(Heard { at: fields.take("at")?, update })
}
