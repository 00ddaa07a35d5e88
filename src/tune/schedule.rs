//! When a scheduled action acts next.
//!
//! Source: Application Auto Scaling API Reference, `PutScheduledAction`.

use super::cron::Cron;
use crate::model::scaling::ScheduledAction;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// When a scheduled action acts next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Then.
    At(Timestamp),
    /// Within so long: a rate without a start, of which AWS does not tell the beat.
    Within(SignedDuration),
    /// Not any more.
    Never,
    /// Its schedule could not be computed.
    Unknown,
}

/// When `action` acts first after `now`.
pub fn next(action: &ScheduledAction, now: Timestamp) -> Next {
    if action.end.is_some_and(|end| end <= now) {
        return Next::Never;
    }
    let next = match action.start {
        // It acts first at its start, whatever its schedule.
        Some(start) if start > now && !action.schedule.starts_with("at(") => Next::At(start),
        Some(_) | None => by_schedule(action, now),
    };
    match (next, action.end) {
        (Next::At(at), Some(end)) if at > end => Next::Never,
        (next, _) => next,
    }
}

fn by_schedule(action: &ScheduledAction, now: Timestamp) -> Next {
    let inside = action.schedule.trim().split_once('(');
    let inside = inside.and_then(|(kind, rest)| Some((kind, rest.strip_suffix(')')?)));
    match inside {
        Some(("at", time)) => at(time, action, now).unwrap_or(Next::Unknown),
        Some(("rate", rate)) => every(rate, action.start, now).unwrap_or(Next::Unknown),
        Some(("cron", fields)) => match (Cron::parse(fields), zone(action)) {
            (Some(cron), Some(zone)) => cron.next(now, &zone).map_or(Next::Never, Next::At),
            _ => Next::Unknown,
        },
        Some(_) | None => Next::Unknown,
    }
}

fn zone(action: &ScheduledAction) -> Option<TimeZone> {
    action.time_zone.as_deref().map_or(Some(TimeZone::UTC), |name| TimeZone::get(name).ok())
}

fn at(time: &str, action: &ScheduledAction, now: Timestamp) -> Option<Next> {
    let time: DateTime = time.trim().parse().ok()?;
    let at = time.to_zoned(zone(action)?).ok()?.timestamp();
    Some(if at > now { Next::At(at) } else { Next::Never })
}

fn every(rate: &str, start: Option<Timestamp>, now: Timestamp) -> Option<Next> {
    let (count, unit) = rate.trim().split_once(' ')?;
    let minutes = match unit.trim() {
        "minute" | "minutes" => 1,
        "hour" | "hours" => 60,
        "day" | "days" => 24 * 60,
        _ => return None,
    };
    let minutes = count.parse::<i64>().ok().filter(|count| *count > 0)?.checked_mul(minutes)?;
    let seconds = minutes.checked_mul(60)?;
    let Some(start) = start else { return Some(Next::Within(SignedDuration::from_secs(seconds))) };
    let since = now.as_second().checked_sub(start.as_second())?;
    let beats = since.div_euclid(seconds).checked_add(1)?;
    let at = start.as_second().checked_add(beats.checked_mul(seconds)?)?;
    Timestamp::from_second(at).ok().map(Next::At)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::Resource;
    use crate::model::throttle::Direction;
    use std::sync::Arc;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn action(schedule: &str, zone: Option<&str>) -> ScheduledAction {
        ScheduledAction {
            name: Arc::from("night"),
            resource: Resource::table("orders"),
            direction: Direction::Write,
            schedule: Arc::from(schedule),
            time_zone: zone.map(Arc::from),
            min: Some(5.0),
            max: None,
            start: None,
            end: None,
        }
    }

    #[test]
    fn each_kind_of_schedule_tells_when_it_acts_next() {
        let now = at("2026-11-22T12:00:00Z");
        let minutes = SignedDuration::from_mins;
        for (schedule, zone, expected) in [
            ("at(2026-11-22T18:30:00)", None, Next::At(at("2026-11-22T18:30:00Z"))),
            ("at(2026-11-22T18:30)", Some("Asia/Tokyo"), Next::Never),
            (
                "at(2026-11-22T08:30:00)",
                Some("America/New_York"),
                Next::At(at("2026-11-22T13:30:00Z")),
            ),
            ("cron(0 2 * * ? *)", None, Next::At(at("2026-11-23T02:00:00Z"))),
            ("cron(0 2 * * ? *)", Some("Nowhere/Else"), Next::Unknown),
            ("cron(0 2 * * *)", None, Next::Unknown),
            ("rate(1 hour)", None, Next::Within(minutes(60))),
            ("rate(2 days)", None, Next::Within(minutes(2_880))),
            ("rate(0 days)", None, Next::Unknown),
            ("rate(9223372036854775807 days)", None, Next::Unknown),
            ("rate(5 fortnights)", None, Next::Unknown),
            ("soon", None, Next::Unknown),
            ("", None, Next::Unknown),
        ] {
            assert_eq!(next(&action(schedule, zone), now), expected, "{schedule} in {zone:?}");
        }
    }

    #[test]
    fn it_acts_at_its_start_and_not_after_its_end() {
        let now = at("2026-11-22T12:00:00Z");
        let daily = action("cron(0 2 * * ? *)", None);
        let starting = ScheduledAction { start: Some(at("2026-11-25T00:00:00Z")), ..daily.clone() };
        assert_eq!(next(&starting, now), Next::At(at("2026-11-25T00:00:00Z")));
        let ended = ScheduledAction { end: Some(at("2026-11-22T11:00:00Z")), ..daily.clone() };
        assert_eq!(next(&ended, now), Next::Never);
        let ending = ScheduledAction { end: Some(at("2026-11-23T01:00:00Z")), ..daily };
        assert_eq!(next(&ending, now), Next::Never);
        let beat = ScheduledAction {
            start: Some(at("2026-11-22T11:50:00Z")),
            ..action("rate(1 hour)", None)
        };
        assert_eq!(next(&beat, now), Next::At(at("2026-11-22T12:50:00Z")));
    }
}
