//! What is told of the selected row: the whole target, what it did, and what it costs.

use super::why::{actions, sets, time};
use super::{Entry, Facts, activities, missing, name};
use crate::model::event::{self, Activity};
use crate::model::metric::Metric;
use crate::model::scaling::{ScalableTarget, ScalingMetric, ScalingPolicy, ScheduledAction};
use crate::model::table::BillingMode;
use crate::store::{self, Reading};
use crate::tune::cost::{self, CostView, DirectionCost};
use crate::tune::schedule::{self, Next};
use crate::view::chart::Level;
use crate::view::charts::{charts_of, kinds_around};
use crate::view::detail::{STRIP_CHARTS, has_room_for_charts, limit_met, paragraph};
use crate::view::format::{Unit, age, figure, grouped, moment, phrase};
use crate::view::timeline::not_scaled;
use crate::view::{Detail, Paragraph, Role};
use jiff::Timestamp;

/// Activities that words have room for.
const TOLD: usize = 8;
/// The minutes that mean and peak are of.
const COST_MINUTES: i64 = 60;

/// The paragraphs that strip and words share.
struct Told {
    first: Vec<Paragraph>,
    sched: Vec<Paragraph>,
    cost: Option<Paragraph>,
    aim: Vec<Paragraph>,
}

/// Writes the strip, with charts where there is room for them. AWS's cause of the newest activity
/// comes last: it is long, and mostly the name of an alarm.
pub(super) fn detail(facts: &Facts<'_>, entry: &Entry) -> Detail {
    let Told { first, sched, cost, aim } = told(facts, entry);
    let newest = courses(facts, entry).into_iter().next();
    let did = newest.as_ref().map(|course| {
        let ago = age(facts.subject.reading.now(), course.at);
        let times = if course.count > 1 { format!(", x{}", course.count) } else { String::new() };
        paragraph("did", format!("{ago} ago{times}: {}", course.how), Role::Text)
    });
    let cause = newest.map(|course| paragraph("cause", course.cause, Role::Text));
    let paragraphs = first.into_iter().chain(did).chain(sched).chain(cost).chain(aim).chain(cause);
    let paragraphs: Vec<Paragraph> = paragraphs.collect();
    let mut detail = Detail { title: title(facts, entry), paragraphs, charts: vec![] };
    if has_room_for_charts(&detail.paragraphs, facts.charset, facts.strip) {
        let kinds = kinds_around(&facts.subject, Some(entry.direction), None);
        let kinds = kinds.into_iter().take(STRIP_CHARTS);
        detail.charts = charts_of(kinds, &facts.subject, facts.times);
        if let (Some(chart), Some(level)) = (detail.charts.first_mut(), aim_level(facts, entry)) {
            chart.levels.push(level);
        }
    }
    detail
}

/// Everything that is known of a row, in words.
pub(super) fn words(facts: &Facts<'_>, entry: &Entry) -> Detail {
    let Told { first, sched, cost, aim } = told(facts, entry);
    let reading = facts.subject.reading;
    let time = |at| moment(at, reading.now(), reading.utc_offset());
    let did = courses(facts, entry).into_iter().take(TOLD).map(|course| {
        let Course { at, since, count, how, cause } = course;
        let ago = age(reading.now(), at);
        let times =
            if count > 1 { format!(", x{count} since {}", time(since)) } else { String::new() };
        paragraph(
            "did",
            format!("{} ({ago} ago){times}: {how}; cause: {cause}", time(at)),
            Role::Text,
        )
    });
    let paragraphs = first.into_iter().chain(aim).chain(sched).chain(cost).chain(did).collect();
    Detail { title: title(facts, entry), paragraphs, charts: vec![] }
}

fn title(facts: &Facts<'_>, entry: &Entry) -> String {
    format!("{}{}{}", name(&entry.resource), facts.charset.separator(), entry.direction.as_str())
}

/// The consumption at which the policy would keep the present capacity.
fn aim_level(facts: &Facts<'_>, entry: &Entry) -> Option<Level> {
    let reading = facts.subject.reading;
    let units = reading.capacity(&entry.resource, entry.direction)?.provisioned?;
    let target = reading.scalable_target(&entry.resource, entry.direction)?;
    let percent = target.target_utilization()?;
    let value = units * percent / 100.0;
    Some(Level {
        label: format!("target {percent:.0}% {}", grouped(value)),
        short: "target",
        value,
    })
}

/// What is told in either place, what matters most first.
fn told(facts: &Facts<'_>, entry: &Entry) -> Told {
    let reading = facts.subject.reading;
    let target = reading.scalable_target(&entry.resource, entry.direction);
    let lacking = missing(reading).into_iter().map(|it| format!("{}: {}", it.what, it.why));
    let lacking = lacking.collect::<Vec<_>>().join("; ");
    let mut first = vec![
        paragraph("why", entry.why.clone(), entry.weight.role()),
        paragraph("now", capacity(reading, entry), Role::Text),
    ];
    if !lacking.is_empty() {
        first.push(paragraph("lacks", lacking, Role::Problem));
    }
    Told {
        first,
        sched: planned(reading, entry, target),
        cost: price(facts, entry),
        aim: target.map_or_else(Vec::new, aims),
    }
}

/// Use, and what is provisioned; on-demand, the maximum and the warm throughput in its place.
fn capacity(reading: Reading<'_>, entry: &Entry) -> String {
    let (resource, direction) = (&entry.resource, entry.direction);
    let limit = reading.capacity(resource, direction).unwrap_or_default();
    let consumed = reading.consumed_per_second(resource, direction);
    let used = figure(reading.utilization_percent(resource, direction), Unit::Percent);
    let met = |units| limit_met(reading, resource, direction, units);
    let of = match (limit.provisioned, limit.maximum) {
        (Some(units), _) => format!("of {} provisioned units/s ({used})", met(units)),
        (None, Some(units)) => format!("of {} on-demand maximum units/s ({used})", met(units)),
        (None, None) => "units/s, on-demand without a maximum".to_owned(),
    };
    let warm = limit.warm.filter(|_| limit.provisioned.is_none());
    let warm = warm.map(|units| format!("warm throughput {} units/s", grouped(units)));
    let throttles = reading.figure(resource, Metric::ThrottleEvents(direction));
    let throttles = phrase(throttles, Unit::Count, "throttle events/min", "throttle events");
    let consumption = phrase(consumed, Unit::Decimal, &of, "consumption");
    let parts = [Some(consumption), Some(throttles), warm];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What each policy aims at, and between which bounds.
fn aims(target: &ScalableTarget) -> Vec<Paragraph> {
    let bounds = format!("between {} and {} units/s", grouped(target.min), grouped(target.max));
    let texts = if target.policies.is_empty() {
        vec![format!("{bounds}, no policy")]
    } else {
        target.policies.iter().map(|it| aim_of(it, &bounds)).collect()
    };
    texts.into_iter().map(|text| paragraph("aim", text, Role::Text)).collect()
}

fn aim_of(policy: &ScalingPolicy, bounds: &str) -> String {
    let Some(tracking) = &policy.tracking else {
        return format!("{bounds}, policy {}: not target tracking", policy.name);
    };
    let value = tracking.target_value;
    let aim = match &tracking.metric {
        ScalingMetric::Predefined { .. } => format!("{value}% use"),
        ScalingMetric::Customized(_) => format!("{value} of a customized metric"),
        ScalingMetric::Untold => format!("{value} of a metric that AWS does not tell"),
    };
    // Without cooldowns of its own a policy on DynamoDB has none (Application Auto Scaling API
    // Reference, TargetTrackingScalingPolicyConfiguration).
    let seconds = |seconds: Option<i32>| {
        seconds.map_or_else(|| "not set (0 s)".to_owned(), |seconds| format!("{seconds} s"))
    };
    let cooldowns = match (tracking.scale_out_cooldown, tracking.scale_in_cooldown) {
        (None, None) => "not set (0 s)".to_owned(),
        (out, back) => format!("{} out, {} in", seconds(out), seconds(back)),
    };
    let never = if tracking.disable_scale_in == Some(true) { ", never scales in" } else { "" };
    let unknown = policy.unknown.as_ref();
    let unknown = unknown.map(|it| format!(", has what is not known here: {it}"));
    format!(
        "{aim} {bounds}, cooldowns {cooldowns}{never}, policy {}{}",
        policy.name,
        unknown.unwrap_or_default()
    )
}

/// Activities that went the same way, one after the other, for the same cause.
struct Course {
    /// The newest.
    at: Timestamp,
    /// The oldest.
    since: Timestamp,
    count: usize,
    how: String,
    cause: String,
}

/// What autoscaling did, newest first: at its maximum it says so time and again.
fn courses(facts: &Facts<'_>, entry: &Entry) -> Vec<Course> {
    let mut courses: Vec<Course> = vec![];
    for (at, activity) in activities(facts.subject.reading, &entry.resource, entry.direction) {
        let (how, cause) = (how(activity), activity.cause.to_string());
        match courses.last_mut().filter(|last| last.how == how && last.cause == cause) {
            Some(last) => (last.since, last.count) = (at, last.count + 1),
            None => courses.push(Course { at, since: at, count: 1, how, cause }),
        }
    }
    courses
}

/// What an activity did, or why it did nothing, in AWS's words.
fn how(activity: &Activity) -> String {
    let message = activity.message.as_deref().filter(|message| !message.is_empty());
    match (activity.course(), message) {
        (event::Course::NotScaled, _) => format!("not scaled: {}", not_scaled(activity)),
        (event::Course::Failed | event::Course::Other, Some(message)) => {
            message.trim_end_matches('.').to_owned()
        }
        // When it went well the message says no more than the description.
        (_, _) => {
            let what = activity.description.trim_end_matches('.');
            format!("{what} ({})", activity.status)
        }
    }
}

/// The scheduled actions, and when each acts next.
fn planned(reading: Reading<'_>, entry: &Entry, target: Option<&ScalableTarget>) -> Vec<Paragraph> {
    let is_stale = matches!(reading.scheduled_actions(), store::Detail::Stale { .. });
    let old = if is_stale { ", as last read" } else { "" };
    let is_suspended = target.is_some_and(|target| target.suspended.scheduled);
    let suspended = if is_suspended { "suspended, " } else { "" };
    let text = |action: &ScheduledAction| {
        let next = match schedule::next(action, reading.now()) {
            Next::At(at) => format!("next {}", time(reading, at)),
            Next::Within(span) => format!("next within {} m", span.as_mins()),
            Next::Never => "not any more".to_owned(),
            Next::Unknown => "next time not known".to_owned(),
        };
        let zone = action.time_zone.as_deref().unwrap_or("UTC");
        let (what, name, schedule) = (sets(action), &action.name, &action.schedule);
        format!("{suspended}{next} {what}: {name}, {schedule} in {zone}{old}")
    };
    let actions = actions(reading, &entry.resource, entry.direction);
    actions.map(|action| paragraph("sched", text(action), Role::Text)).collect()
}

/// What it costs now, and would cost the other way; nothing where there is no price.
fn price(facts: &Facts<'_>, entry: &Entry) -> Option<Paragraph> {
    let view = cost::of(facts.subject.reading, facts.prices, &entry.resource, COST_MINUTES)?;
    let told = view.directions.iter().find(|it| it.direction == entry.direction)?;
    Some(paragraph("cost", costs(&view, told), Role::Text))
}

fn costs(view: &CostView, told: &DirectionCost) -> String {
    let dollars = |usd: Option<f64>, what: &str| usd.map(|usd| format!("${usd:.4}/h {what}"));
    let following = format!("provisioned if it followed at {:.0}%", told.target_percent);
    let other = match view.billing {
        BillingMode::Provisioned => dollars(told.on_demand, "on demand"),
        BillingMode::OnDemand => dollars(told.provisioned_following, &following),
    };
    let peak = dollars(told.provisioned_for_peak, "provisioned for the peak");
    let prices = [dollars(told.now, "now"), other, peak].into_iter().flatten();
    let prices = prices.collect::<Vec<_>>().join(", ");
    let minutes = told.known_minutes;
    let used = match told.mean_percent.zip(told.peak_percent) {
        Some((mean, peak)) => {
            let present = if view.capacity_changed { " of what is provisioned now" } else { "" };
            format!("use{present} mean {mean:.0}%, peak {peak:.0}% in {minutes} m")
        }
        None => format!("traffic of {minutes} m"),
    };
    let even = format!("on demand is cheaper below {:.0}% mean use", told.break_even_percent);
    format!("{}: {prices}; {used}; {even}", view.source)
}
