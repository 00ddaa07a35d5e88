//! CPU credits of nodes of burstable types. They are read every five minutes, and DAX publishes no zero: credits
//! that were there, and have no point any more while the node runs, are used up.

use super::ground::Ground;
use super::{DaxCause, advice};
use crate::diagnose::evidence::single;
use crate::diagnose::spell::{Spell, is_recent};
use crate::diagnose::words::{clock, number};
use crate::diagnose::{Cause, Evidence, Severity, Unit, Verdict};
use crate::model::dax::Node;
use crate::model::metric::{DaxMetric, SeriesKey};
use crate::model::time::Minute;

pub(super) fn verdicts(ground: &Ground<'_>) -> Vec<Verdict> {
    if !ground.cluster.is_burstable() {
        return vec![];
    }
    ground.cluster.nodes.iter().filter_map(|node| verdict(ground, node)).collect()
}

fn verdict(ground: &Ground<'_>, node: &Node) -> Option<Verdict> {
    let resource = ground.node(node);
    let key = SeriesKey::dax(resource.clone(), DaxMetric::CpuCreditBalance);
    let view = ground.reading.series(&key)?;
    let (period, settled) = (key.metric.period_minutes(), view.settled_through());
    if !is_recent(ground.reading, settled, key.metric.late_minutes()) {
        return None;
    }
    // Two periods: the newest one may not have been published yet.
    let newest =
        |minute: Minute| (0..2 * period).find_map(|ago| view.get(minute.plus(-ago)).value());
    let points: Vec<(Minute, f64)> = view
        .points()
        .filter(|(minute, _)| *minute <= settled)
        .filter_map(|(minute, point)| Some((minute, point.value()?)))
        .collect();
    let enough = points.iter().rev().find(|(_, credits)| *credits > ground.dax().credits);
    let (last_enough, _) = enough?;
    let runs = ground.reading.was_running(&resource, settled);
    let left = newest(settled).or(runs.then_some(0.0))?;
    if left > ground.dax().credits {
        return None;
    }
    let since = last_enough.plus(period);
    let text = format!("{} CPU credits left in {}", number(left), clock(ground.reading, settled));
    let spell = Spell { since, maybe_earlier: false, last: settled };
    Some(Verdict {
        events: 1.0,
        evidence: vec![Evidence::series(key, text, (left, Unit::Count), single(settled))],
        advice: advice::CREDITS.into(),
        ..spell.verdict(resource, Cause::Dax(DaxCause::CreditsUsedUp), Severity::Notice)
    })
}
