//! What is told of the selected row: the whole target, what it did, and what it costs.

use super::why::{actions, sets, time};
use super::{Entry, Facts, activities, name};
use crate::model::metric::Metric;
use crate::model::scaling::{ScalableTarget, ScalingPolicy, ScheduledAction};
use crate::model::table::BillingMode;
use crate::store::{Detail as Told, Reading};
use crate::tune::cost::{self, CostView, DirectionCost};
use crate::tune::price::Prices;
use crate::tune::schedule::{self, Next};
use crate::view::chart::Level;
use crate::view::charts::{charts_of, kinds_around};
use crate::view::detail::{STRIP_CHARTS, has_room_for_charts, paragraph};
use crate::view::format::{Unit, age, figure, grouped, moment, phrase};
use crate::view::{Detail, Paragraph, Role};
use std::sync::LazyLock;

/// Activities that words have room for.
const TOLD: usize = 8;
/// The minutes that mean and peak are of.
const COST_MINUTES: i64 = 60;

/// Writes the strip, with charts where there is room for them.
pub(super) fn detail(facts: &Facts<'_>, entry: &Entry) -> Detail {
    let mut detail = told(facts, entry, 1);
    if has_room_for_charts(&detail.paragraphs, facts.charset, facts.strip) {
        let kinds = kinds_around(&facts.subject, Some(entry.direction), None);
        let kinds = kinds.into_iter().take(STRIP_CHARTS);
        detail.charts = charts_of(kinds, &facts.subject, facts.times);
        if let (Some(chart), Some(level)) = (detail.charts.first_mut(), aim(facts, entry)) {
            chart.levels.push(level);
        }
    }
    detail
}

/// Everything that is known of a row, in words.
pub(super) fn words(facts: &Facts<'_>, entry: &Entry) -> Detail {
    told(facts, entry, TOLD)
}

/// The consumption at which the policy would keep the present capacity.
fn aim(facts: &Facts<'_>, entry: &Entry) -> Option<Level> {
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

fn told(facts: &Facts<'_>, entry: &Entry, most: usize) -> Detail {
    let (reading, resource) = (facts.subject.reading, &entry.resource);
    let target = reading.scalable_target(resource, entry.direction);
    let mut paragraphs = vec![
        paragraph("why", entry.why.clone(), entry.weight.role()),
        paragraph("now", capacity(reading, entry, target), Role::Text),
    ];
    let policies = target.into_iter().flat_map(|target| &target.policies);
    paragraphs.extend(policies.map(|it| paragraph("policy", policy(it), Role::Text)));
    paragraphs.extend(did(facts, entry, most));
    paragraphs.extend(planned(reading, entry));
    paragraphs.extend(price(reading, entry));
    let way = entry.direction.as_str();
    let title = format!("{}{}{way}", name(resource), facts.charset.separator());
    Detail { title, paragraphs, charts: vec![] }
}

/// Use, what is provisioned, and between which bounds it moves.
fn capacity(reading: Reading<'_>, entry: &Entry, target: Option<&ScalableTarget>) -> String {
    let (resource, direction) = (&entry.resource, entry.direction);
    let limit = reading.capacity(resource, direction).unwrap_or_default();
    let consumed = reading.consumed_per_second(resource, direction);
    let used = figure(reading.utilization_percent(resource, direction), Unit::Percent);
    let of = match (limit.provisioned, limit.maximum) {
        (Some(units), _) => format!("of {} provisioned units/s ({used})", grouped(units)),
        (None, Some(units)) => format!("of {} on-demand maximum units/s ({used})", grouped(units)),
        (None, None) => "units/s, on-demand without a maximum".to_owned(),
    };
    let warm = limit.warm.filter(|_| limit.provisioned.is_none());
    let warm = warm.map(|units| format!("warm throughput {} units/s", grouped(units)));
    let bounds = target.map(|it| format!("bounds {} to {}", grouped(it.min), grouped(it.max)));
    let throttles = reading.figure(resource, Metric::ThrottleEvents(direction));
    let throttles = phrase(throttles, Unit::Count, "throttle events/min", "throttle events");
    let parts = [Some(phrase(consumed, Unit::Decimal, &of, "consumption")), warm, bounds];
    parts.into_iter().flatten().chain([throttles]).collect::<Vec<_>>().join(", ")
}

fn policy(policy: &ScalingPolicy) -> String {
    let Some(tracking) = &policy.tracking else {
        return format!("{}: not target tracking", policy.name);
    };
    let seconds = |seconds: Option<i32>| {
        seconds.map_or_else(|| "not set".to_owned(), |seconds| format!("{seconds} s"))
    };
    let never = if tracking.disable_scale_in == Some(true) { ", never scales in" } else { "" };
    let unknown = policy.unknown.as_ref();
    let unknown = unknown.map(|it| format!(", has what is not known here: {it}"));
    format!(
        "{}: keeps use at {}%, cooldowns: scale-out {}, scale-in {}{never}{}",
        policy.name,
        tracking.target_value,
        seconds(tracking.scale_out_cooldown),
        seconds(tracking.scale_in_cooldown),
        unknown.unwrap_or_default()
    )
}

/// The newest activities with AWS's cause.
fn did(facts: &Facts<'_>, entry: &Entry, most: usize) -> Vec<Paragraph> {
    let reading = facts.subject.reading;
    let newest = activities(reading, &entry.resource, entry.direction).take(most);
    let told = newest.map(|(at, activity)| {
        let when = moment(at, reading.now(), reading.utc_offset_minutes());
        let message = activity.message.as_deref().filter(|message| !message.is_empty());
        let message = message.map(|message| format!(": {message}")).unwrap_or_default();
        let codes = activity.not_scaled.iter().map(|why| format!(" ({})", why.code));
        let text = format!(
            "{when} ({} ago) {} {}{message}{}; cause: {}",
            age(reading.now(), at),
            activity.description.trim_end_matches('.'),
            activity.status,
            codes.collect::<String>(),
            activity.cause
        );
        paragraph("did", text, Role::Text)
    });
    told.collect()
}

/// The scheduled actions, and when each acts next.
fn planned(reading: Reading<'_>, entry: &Entry) -> Vec<Paragraph> {
    let lacking = |text: String| vec![paragraph("sched", text, Role::Problem)];
    let old = match reading.scheduled_actions() {
        Told::Denied { action } => return lacking(format!("no permission: {action}")),
        Told::Failed(error) => return lacking(error.to_string()),
        Told::Known { .. } | Told::NotPolled => "",
        Told::Stale { .. } => ", as last read",
    };
    let actions = actions(reading, &entry.resource, entry.direction);
    let text = |action: &ScheduledAction| {
        let next = match schedule::next(action, reading.now()) {
            Next::At(at) => format!("next {}", time(reading, at)),
            Next::Within(span) => format!("next within {} m", span.as_mins()),
            Next::Never => "not any more".to_owned(),
            Next::Unknown => "next time not known".to_owned(),
        };
        let zone = action.time_zone.as_deref().unwrap_or("UTC");
        let what = sets(action);
        format!("{}: {what}, {} in {zone}, {next}{old}", action.name, action.schedule)
    };
    actions.map(|action| paragraph("sched", text(action), Role::Text)).collect()
}

/// What it costs now, and would cost the other way; nothing where there is no price.
fn price(reading: Reading<'_>, entry: &Entry) -> Option<Paragraph> {
    static PRICES: LazyLock<Prices> = LazyLock::new(Prices::embedded);
    let view = cost::of(reading, &PRICES, &entry.resource, COST_MINUTES)?;
    let told = view.directions.iter().find(|it| it.direction == entry.direction)?;
    Some(paragraph("cost", costs(&view, told), Role::Text))
}

fn costs(view: &CostView, told: &DirectionCost) -> String {
    let dollars = |what: &str, usd: Option<f64>| usd.map(|usd| format!("{what} ${usd:.4}/h"));
    let following = format!("provisioned at {:.0}%", told.target_percent);
    let (now, other) = match view.billing {
        BillingMode::Provisioned => ("provisioned now", dollars("on demand", told.on_demand)),
        BillingMode::OnDemand => ("on demand now", dollars(&following, told.provisioned_following)),
    };
    let use_of = told.mean_percent.zip(told.peak_percent).map(|(mean, peak)| {
        let changed = if view.capacity_changed { "present " } else { "" };
        format!("mean {mean:.0}%, peak {peak:.0}% of {changed}capacity")
    });
    let peak = dollars("provisioned for the peak", told.provisioned_for_peak);
    let even = format!("on demand is cheaper below {:.0}% mean use", told.break_even_percent);
    let window = format!("{} known minutes", told.known_minutes);
    let parts = [dollars(now, told.now), other, peak, use_of, Some(window), Some(even)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{}; {}", parts.join(", "), view.source)
}
