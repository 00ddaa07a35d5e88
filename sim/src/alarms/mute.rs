//! Alarm mute rules: when they mute whom.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::facts::Epoch;
use crate::scenario::spec::alarms::MuteSpec;

/// The longest window, minutes (API reference, `Schedule`: 15 days).
const MAX_MINUTES: i64 = 15 * 24 * 60;

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// What a mute rule says.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// As `GetAlarmMuteRule` gives it.
    pub(crate) expression: String,
    pub(crate) duration: String,
    pub(crate) timezone: String,
    pub(crate) targets: Vec<String>,
    pub(crate) starts: Option<Epoch>,
    pub(crate) expires: Option<Epoch>,
    pub(crate) updated: Epoch,
}

/// A mute rule at work.
#[derive(Debug, Clone)]
pub(crate) struct Mute {
    pub(crate) plan: Plan,
    schedule: Schedule,
    minutes: i64,
}

/// `AlarmMuteRuleStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MuteStatus {
    Scheduled,
    Active,
    Expired,
}

impl MuteStatus {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "SCHEDULED",
            Self::Active => "ACTIVE",
            Self::Expired => "EXPIRED",
        }
    }
}

/// When windows begin.
#[derive(Debug, Clone, PartialEq)]
enum Schedule {
    /// Once, in that minute.
    At(i64),
    Cron(Box<Cron>),
}

/// The five fields of a cron expression: the values that each lets through.
#[derive(Debug, Clone, PartialEq)]
struct Cron {
    minutes: Vec<i64>,
    hours: Vec<i64>,
    days: Vec<i64>,
    months: Vec<i64>,
    weekdays: Vec<i64>,
}

impl Mute {
    /// Reads a rule of a scenario that starts in a minute; an error is a phrase.
    pub(crate) fn new(spec: &MuteSpec, start: i64) -> Result<Self, String> {
        let at = |minutes: i64| (start + minutes) as f64 * 60.0;
        let expression = match (&spec.expression, spec.at) {
            (Some(expression), None) => expression.clone(),
            (None, Some(minutes)) => format!("at({})", civil(start + minutes)?),
            (Some(_), Some(_)) | (None, None) => {
                return Err("either `expression` or `at` is needed".to_owned());
            }
        };
        Self::made(Plan {
            name: spec.name.clone(),
            description: spec.description.clone(),
            expression,
            duration: spec.duration.clone(),
            timezone: spec.timezone.clone(),
            targets: spec.targets.clone(),
            starts: spec.starts.map(at),
            expires: spec.expires.map(at),
            updated: at(spec.updated),
        })
    }

    /// Makes the rule of a plan; an error is a phrase.
    pub(crate) fn made(plan: Plan) -> Result<Self, String> {
        if plan.timezone != "UTC" {
            return Err(format!("the timezone `{}` is not supported, only UTC", plan.timezone));
        }
        Ok(Self {
            schedule: Schedule::parse(&plan.expression)?,
            minutes: minutes(&plan.duration)?,
            plan,
        })
    }

    /// Tells whether it recurs.
    pub(crate) fn recurs(&self) -> bool {
        matches!(self.schedule, Schedule::Cron(_))
    }

    /// Returns the status at a moment.
    pub(crate) fn status(&self, now: Epoch) -> MuteStatus {
        let is_over = match &self.schedule {
            Schedule::At(minute) => now >= (minute + self.minutes) as f64 * 60.0,
            Schedule::Cron(_) => false,
        };
        if is_over || self.plan.expires.is_some_and(|expires| now >= expires) {
            MuteStatus::Expired
        } else if self.until(now).is_some() {
            MuteStatus::Active
        } else {
            MuteStatus::Scheduled
        }
    }

    /// Returns the end of the window that a moment is in; `None` outside of all windows.
    pub(crate) fn until(&self, now: Epoch) -> Option<Epoch> {
        let is_off = self.plan.starts.is_some_and(|starts| now < starts)
            || self.plan.expires.is_some_and(|expires| now >= expires);
        if is_off {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "minutes since 1970 fit")]
        let minute = (now / 60.0).floor() as i64;
        let begins = (minute - self.minutes + 1..=minute)
            .rev()
            .find(|minute| self.schedule.begins_in(*minute))?;
        let until = (begins + self.minutes) as f64 * 60.0;
        Some(self.plan.expires.map_or(until, |expires| until.min(expires)))
    }
}

/// Returns until when the alarm of a name is muted, by one rule or by several that follow one another.
pub(crate) fn muted_until(rules: &[Mute], alarm: &str, now: Epoch) -> Option<Epoch> {
    let mine =
        || rules.iter().filter(|rule| rule.plan.targets.iter().any(|target| target == alarm));
    let mut until = None;
    // Each turn ends later than the one before; a rule that recurs within its own window never ends.
    for _ in 0..100 {
        let at = until.unwrap_or(now);
        match mine().filter_map(|rule| rule.until(at)).max_by(f64::total_cmp) {
            Some(end) => until = Some(end),
            None => break,
        }
    }
    until
}

impl Schedule {
    fn parse(text: &str) -> Result<Self, String> {
        let inside = |prefix: &str| text.strip_prefix(prefix)?.strip_suffix(')');
        if let Some(moment) = inside("at(") {
            let civil: Result<jiff::civil::DateTime, _> = moment.parse();
            let civil = civil.map_err(|error| format!("`{text}` has no moment: {error}"))?;
            let moment = Offset::UTC.to_timestamp(civil).map_err(|error| error.to_string())?;
            return Ok(Self::At(moment.as_second().div_euclid(60)));
        }
        let fields = inside("cron(").ok_or_else(|| format!("`{text}` is neither cron nor at"))?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields.as_slice() else {
            return Err(format!("`{text}` has {} fields, not five", fields.len()));
        };
        Ok(Self::Cron(Box::new(Cron {
            minutes: field(minutes, 0..=59, &[])?,
            hours: field(hours, 0..=23, &[])?,
            days: field(days, 1..=31, &[])?,
            months: field(months, 1..=12, &MONTHS)?,
            weekdays: field(weekdays, 0..=6, &DAYS)?,
        })))
    }

    fn begins_in(&self, minute: i64) -> bool {
        match self {
            Self::At(begins) => *begins == minute,
            Self::Cron(cron) => cron.fires_in(minute),
        }
    }
}

impl Cron {
    fn fires_in(&self, minute: i64) -> bool {
        if !self.minutes.contains(&minute.rem_euclid(60))
            || !self.hours.contains(&minute.div_euclid(60).rem_euclid(24))
        {
            return false;
        }
        let Ok(moment) = Timestamp::from_second(minute * 60) else { return false };
        let date = Offset::UTC.to_datetime(moment).date();
        let day = self.days.contains(&i64::from(date.day()));
        let weekday = self.weekdays.contains(&i64::from(date.weekday().to_sunday_zero_offset()));
        // As in every cron: a day meets one of the two fields if both are given.
        let on_day = if self.days.len() < 31 && self.weekdays.len() < 7 {
            day || weekday
        } else {
            day && weekday
        };
        on_day && self.months.contains(&i64::from(date.month()))
    }
}

/// Reads a field: `*`, numbers, names, ranges and lists of them.
fn field(
    text: &str,
    range: std::ops::RangeInclusive<i64>,
    names: &[&str],
) -> Result<Vec<i64>, String> {
    let (first, last) = (*range.start(), *range.end());
    let bad = || format!("`{text}` is not a field from {first} to {last}");
    let value = |text: &str| -> Result<i64, String> {
        let place = names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let value = match place.and_then(|at| i64::try_from(at).ok()) {
            Some(at) => Some(at + first),
            None => text.parse().ok(),
        };
        value.filter(|value| range.contains(value)).ok_or_else(bad)
    };
    let mut found = Vec::new();
    for part in text.split(',') {
        match part.split_once('-') {
            _ if part == "*" => found.extend(range.clone()),
            Some((from, to)) => found.extend(value(from)?..=value(to)?),
            None => found.push(value(part)?),
        }
    }
    found.sort_unstable();
    found.dedup();
    if found.is_empty() { Err(bad()) } else { Ok(found) }
}

/// Reads an ISO 8601 duration of a minute to 15 days.
fn minutes(text: &str) -> Result<i64, String> {
    let span: Result<jiff::Span, _> = text.parse();
    let bad = || format!("the duration `{text}` is not from PT1M to P15D");
    let unread = |error: jiff::Error| format!("{}: {error}", bad());
    let span = span.map_err(unread)?;
    let seconds =
        span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).map_err(unread)?.as_secs();
    let minutes = seconds.div_euclid(60);
    if (1..=MAX_MINUTES).contains(&minutes) { Ok(minutes) } else { Err(bad()) }
}

/// Writes a minute as `at(…)` has it.
fn civil(minute: i64) -> Result<String, String> {
    let moment = Timestamp::from_second(minute * 60).map_err(|error| error.to_string())?;
    Ok(moment.strftime("%Y-%m-%dT%H:%M").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 22 November 2026, a Sunday, 12:00 UTC, in minutes.
    const NOON: i64 = 1_795_348_800 / 60;

    fn rule(toml: &str) -> Result<Mute, String> {
        let text = format!("name = 'night'\ntargets = ['a']\n{toml}");
        Mute::new(&toml::from_str(&text).unwrap(), NOON)
    }

    fn status(rule: &Mute, minutes: i64) -> MuteStatus {
        rule.status((NOON + minutes) as f64 * 60.0)
    }

    #[test]
    fn a_recurring_rule_is_active_in_its_windows() {
        let rule = rule("expression = 'cron(30 11 * NOV SUN)'\nduration = 'PT1H'").unwrap();
        assert!(rule.recurs());
        assert_eq!(status(&rule, -31), MuteStatus::Scheduled);
        assert_eq!(status(&rule, -30), MuteStatus::Active);
        assert_eq!(status(&rule, 29), MuteStatus::Active);
        assert_eq!(status(&rule, 30), MuteStatus::Scheduled);
        assert_eq!(status(&rule, 24 * 60), MuteStatus::Scheduled, "Monday");
        assert_eq!(status(&rule, 7 * 24 * 60), MuteStatus::Active, "Sunday again");
        assert_eq!(status(&rule, 14 * 24 * 60), MuteStatus::Scheduled, "December");
        assert_eq!(rule.until(NOON as f64 * 60.0), Some((NOON + 30) as f64 * 60.0));
    }

    #[test]
    fn a_single_window_expires_by_itself() {
        let rule = rule("at = -10\nduration = 'PT30M'").unwrap();
        assert_eq!(rule.plan.expression, "at(2026-11-22T11:50)");
        assert!(!rule.recurs());
        assert_eq!(status(&rule, -11), MuteStatus::Scheduled);
        assert_eq!(status(&rule, 0), MuteStatus::Active);
        assert_eq!(status(&rule, 20), MuteStatus::Expired);
    }

    #[test]
    fn a_rule_has_a_first_and_a_last_moment() {
        let rule =
            rule("expression = 'cron(0 * * * *)'\nduration = 'PT40M'\nstarts = -30\nexpires = 10")
                .unwrap();
        assert_eq!(status(&rule, -60), MuteStatus::Scheduled, "not yet");
        assert_eq!(status(&rule, 5), MuteStatus::Active);
        assert_eq!(rule.until(NOON as f64 * 60.0), Some((NOON + 10) as f64 * 60.0));
        assert_eq!(status(&rule, 10), MuteStatus::Expired);
    }

    #[test]
    fn rules_that_follow_one_another_mute_on() {
        let rules = [
            rule("at = -10\nduration = 'PT30M'").unwrap(),
            rule("at = 15\nduration = 'PT30M'").unwrap(),
        ];
        let now = NOON as f64 * 60.0;
        assert_eq!(muted_until(&rules, "a", now), Some(now + 45.0 * 60.0));
        assert_eq!(muted_until(&rules, "b", now), None);
    }

    #[test]
    fn a_broken_rule_is_refused() {
        let table = [
            ("duration = 'PT1H'", "either"),
            ("at = 0\nexpression = 'cron(* * * * *)'\nduration = 'PT1H'", "either"),
            ("expression = 'cron(* * * *)'\nduration = 'PT1H'", "4 fields"),
            ("expression = 'cron(60 * * * *)'\nduration = 'PT1H'", "`60`"),
            ("expression = 'cron(5-1 * * * *)'\nduration = 'PT1H'", "`5-1`"),
            ("expression = 'cron(* * * * FOO)'\nduration = 'PT1H'", "`FOO`"),
            ("expression = 'rate(1 hour)'\nduration = 'PT1H'", "neither"),
            ("expression = 'at(noon)'\nduration = 'PT1H'", "moment"),
            ("at = 0\nduration = 'PT30S'", "PT30S"),
            ("at = 0\nduration = 'P16D'", "P16D"),
            ("at = 0\nduration = '1h30'", "1h30"),
            ("at = 0\nduration = 'PT1H'\ntimezone = 'Europe/Berlin'", "Europe/Berlin"),
        ];
        for (toml, part) in table {
            let problem = rule(toml).unwrap_err();
            assert!(problem.contains(part), "{toml}: {problem}");
        }
    }
}
