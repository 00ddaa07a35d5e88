//! Records: one piece of news each, or how many of them were lost.

use super::{Fields, Ink, Recorded, map, tagged};
use crate::model::update::{News, Points, Update};
use crate::record::Heard;
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

/// Series that one record holds at most: it must stay below the limit of what is read at once.
const SERIES_AT_ONCE: usize = 1_000;

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
    if let News::Points(Points { window, due, series }) = &update.news
        && series.len() > SERIES_AT_ONCE
    {
        let piece = |series: &[_]| Points { window: *window, due: *due, series: series.to_vec() };
        let pieces = series.chunks(SERIES_AT_ONCE).map(piece);
        return pieces.map(|points| record(News::Points(points).write(ink))).collect();
    }
    vec![record(update.news.write(ink))]
}

/// What a record says.
#[derive(Debug)]
pub(in crate::record) enum Line {
    /// A piece of news.
    Heard(Box<Heard>),
    /// So many pieces of news could not be recorded here.
    Lost(u64),
    /// What only another version can read.
    Unknown,
}

impl Line {
    /// The record that tells of lost news.
    pub(in crate::record) fn lost(count: u64) -> Value {
        map([("lost", Value::from(count))])
    }
}

/// Reads a record.
pub(in crate::record) fn line(value: Value) -> Line {
    let Some(mut fields) = Fields::of(value) else { return Line::Unknown };
    if let Some(Some(count)) = fields.take::<Option<u64>>("lost") {
        return Line::Lost(count);
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
