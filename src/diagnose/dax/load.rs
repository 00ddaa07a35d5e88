//! What a cluster refuses or fails: throttles, which are by CPU, faults and errors.

use super::ground::Ground;
use super::{DaxCause, advice};
use crate::diagnose::evidence::single;
use crate::diagnose::spell::{Spell, Tally, median};
use crate::diagnose::words::{clock, number, percent};
use crate::diagnose::{Cause, Evidence, Fact, Severity, Unit, Verdict};
use crate::model::dax::Node;
use crate::model::id::Resource;
use crate::model::metric::{DaxMetric, SeriesKey};
use crate::model::time::Minute;

pub(super) fn verdicts(ground: &Ground<'_>) -> Vec<Verdict> {
    [busy(ground), faults(ground), errors(ground)].into_iter().flatten().collect()
}

/// Requests that are throttled, or are about to be: by the whole cluster, or by one node.
fn busy(ground: &Ground<'_>) -> Option<Verdict> {
    let dax = ground.dax();
    let throttled = ground.tally(DaxMetric::ThrottledRequestCount);
    let cpu = ground.tally(DaxMetric::CpuUtilization)?;
    let refused = throttled.as_ref().and_then(|throttled| {
        throttled.spell(dax.minutes, ground.thresholds, |minute| {
            throttled.at(minute) >= dax.throttled_per_minute
        })
    });
    let hot = hot_node(ground, &cpu);
    let full = || {
        let least = if hot.is_some() { dax.cpu_percent } else { dax.full_cpu_percent };
        cpu.spell(dax.minutes, ground.thresholds, |minute| cpu.at(minute) >= least)
    };
    let spell = refused.or_else(full)?;
    let severity = if refused.is_some() { Severity::Trouble } else { Severity::Notice };
    let count = throttled.as_ref().filter(|_| refused.is_some());
    let mut evidence: Vec<Evidence> =
        count.map(|count| throttles(ground, count, spell.last)).into_iter().collect();
    let (resource, cause, advice) = if let Some(hot) = hot {
        evidence.extend(hot.evidence(ground));
        (hot.resource, DaxCause::HotNode, advice::HOT_NODE)
    } else {
        evidence.push(cpu_use(ground, &ground.resource, "the busiest node", &cpu, spell.last));
        (ground.resource.clone(), DaxCause::Saturated, advice::SATURATED)
    };
    if let Some(count) = count {
        evidence.push(Evidence::fact(
            Fact::Definition,
            "throttled by DAX, for want of CPU, and not by DynamoDB",
        ));
        let newest = ground.reading.dax(&ground.resource, DaxMetric::ThrottledRequestCount);
        evidence.extend(Evidence::of_age(ground.reading, newest, count.through));
    }
    Some(Verdict {
        events: count.map_or(1.0, |count| count.lately(ground.thresholds)),
        evidence,
        advice: advice.into(),
        ..spell.verdict(resource, Cause::Dax(cause), severity)
    })
}

fn throttles(ground: &Ground<'_>, count: &Tally<'_>, at: Minute) -> Evidence {
    let (events, of) = (count.at(at), clock(ground.reading, at));
    let all = ground.tally(DaxMetric::TotalRequestCount).map_or(0.0, |all| all.at(at));
    let share =
        if all > 0.0 { format!(", {} of all", percent(events / all)) } else { String::new() };
    let text = format!("{} requests throttled in {of}{share}", number(events));
    let key = ground.key(DaxMetric::ThrottledRequestCount);
    Evidence::series(key, text, (events, Unit::Count), single(at))
}

fn cpu_use(
    ground: &Ground<'_>,
    resource: &Resource,
    who: &str,
    cpu: &Tally<'_>,
    at: Minute,
) -> Evidence {
    let (used, of) = (cpu.at(at), clock(ground.reading, at));
    let text = format!("{who} uses {} % of its CPU in {of}", number(used.round()));
    let key = SeriesKey::dax(resource.clone(), DaxMetric::CpuUtilization);
    Evidence::series(key, text, (used, Unit::Percent), single(at))
}

/// A node that has far more to do than the others.
struct HotNode<'a> {
    node: &'a Node,
    resource: Resource,
    cpu: Tally<'a>,
    /// CPU of the middle one of the others, percent.
    others: f64,
    at: Minute,
}

/// The node that alone makes the cluster busy; `cpu` is that of the busiest node.
fn hot_node<'a>(ground: &Ground<'a>, cpu: &Tally<'_>) -> Option<HotNode<'a>> {
    let (dax, at) = (ground.dax(), cpu.through);
    let of_node = |node: &'a Node| {
        let resource = ground.node(node);
        let cpu = ground.tally_of(&resource, DaxMetric::CpuUtilization)?;
        // A node without a point is unknown: it does nothing, or nobody knows what.
        Some((node, resource, cpu)).filter(|(_, _, cpu)| cpu.at(at) > 0.0)
    };
    let mut nodes: Vec<_> = ground.cluster.nodes.iter().filter_map(of_node).collect();
    nodes.sort_by(|(_, _, a), (_, _, b)| a.at(at).total_cmp(&b.at(at)));
    let (node, resource, cpu) = nodes.pop()?;
    let others = median(nodes.iter().map(|(_, _, other)| other.at(at)).collect(), 1)?;
    let is_hot = cpu.at(at) >= dax.cpu_percent && cpu.at(at) >= dax.hot_node_factor * others;
    is_hot.then_some(HotNode { node, resource, cpu, others, at })
}

impl HotNode<'_> {
    fn evidence(&self, ground: &Ground<'_>) -> Vec<Evidence> {
        let Self { node, resource, cpu, others, at } = self;
        let others = format!("the middle one of the others {} %", number(others.round()));
        let mut evidence = vec![
            cpu_use(ground, resource, &node.id, cpu, *at),
            Evidence::fact(Fact::Inference, others).of(self.others, Unit::Percent).in_minute(*at),
        ];
        let connections = |resource: &Resource| {
            let of = ground.tally_of(resource, DaxMetric::ClientConnections)?;
            Some(of.at(*at)).filter(|count| *count > 0.0)
        };
        let key = SeriesKey::dax(resource.clone(), DaxMetric::ClientConnections);
        evidence.extend(connections(resource).map(|count| {
            let text = format!("{} client connections to it", number(count));
            Evidence::series(key, text, (count, Unit::Count), single(*at))
        }));
        evidence
    }
}

/// Requests that DAX itself fails.
fn faults(ground: &Ground<'_>) -> Option<Verdict> {
    let dax = ground.dax();
    let faults = ground.tally(DaxMetric::FaultRequestCount)?;
    let all = ground.tally(DaxMetric::TotalRequestCount)?;
    let share = |minute| {
        let (failed, all) = (faults.at(minute), all.at(minute));
        if all > 0.0 { failed / all } else { 0.0 }
    };
    let spell = faults.spell(dax.minutes, ground.thresholds, |minute| {
        faults.at(minute) >= dax.faults_per_minute && share(minute) >= dax.fault_share
    })?;
    let (failed, at) = (faults.at(spell.last), clock(ground.reading, spell.last));
    let of = percent(share(spell.last));
    let text = format!("{} requests failed in {at}, {of} of all", number(failed));
    let metric = DaxMetric::FaultRequestCount;
    let mut evidence =
        vec![Evidence::series(ground.key(metric), text, (failed, Unit::Count), single(spell.last))];
    evidence.extend(worst_node(ground, metric, spell.last));
    evidence.push(Evidence::fact(Fact::Definition, "internal errors of DAX: AWS's side"));
    let newest = ground.reading.dax(&ground.resource, metric);
    evidence.extend(Evidence::of_age(ground.reading, newest, faults.through));
    Some(Verdict {
        events: faults.lately(ground.thresholds),
        evidence,
        advice: advice::FAULTS.into(),
        ..spell.verdict(ground.resource.clone(), Cause::Dax(DaxCause::Faults), Severity::Trouble)
    })
}

/// The node that counts most of something, where the nodes are read and it is not spread over them.
fn worst_node<'a>(ground: &Ground<'a>, metric: DaxMetric, at: Minute) -> Option<Evidence> {
    let counted = |node: &'a Node| {
        let resource = ground.node(node);
        let count = ground.tally_of(&resource, metric)?.at(at);
        Some((node, resource, count))
    };
    let nodes: Vec<_> = ground.cluster.nodes.iter().filter_map(counted).collect();
    let all: f64 = nodes.iter().map(|(_, _, count)| count).sum();
    let (node, resource, count) =
        nodes.into_iter().max_by(|(_, _, a), (_, _, b)| a.total_cmp(b))?;
    let text = format!("{} of them on {}", number(count), node.id);
    let evidence =
        Evidence::series(SeriesKey::dax(resource, metric), text, (count, Unit::Count), single(at));
    (count > all / 2.0).then_some(evidence)
}

/// Requests that fail for the callers' doing; those that are throttled are counted among the errors.
fn errors(ground: &Ground<'_>) -> Option<Verdict> {
    let dax = ground.dax();
    let errors = ground.tally(DaxMetric::ErrorRequestCount)?;
    let throttled = ground.tally(DaxMetric::ThrottledRequestCount)?;
    let own = |minute| (errors.at(minute) - throttled.at(minute)).max(0.0);
    let spell: Spell = errors
        .spell(dax.minutes, ground.thresholds, |minute| own(minute) >= dax.errors_per_minute)?;
    let (count, at) = (own(spell.last), clock(ground.reading, spell.last));
    let text = format!("{} errors in {at} that are no throttles", number(count));
    let metric = DaxMetric::ErrorRequestCount;
    let key = ground.key(metric);
    let mut evidence = vec![Evidence::series(key, text, (count, Unit::Count), single(spell.last))];
    let newest = ground.reading.dax(&ground.resource, metric);
    evidence.extend(Evidence::of_age(ground.reading, newest, errors.through));
    // What was there all along may be how the application works.
    let severity = if spell.maybe_earlier { Severity::Notice } else { Severity::Trouble };
    Some(Verdict {
        events: errors.newest(ground.thresholds).map(own).sum(),
        evidence,
        advice: advice::ERRORS.into(),
        ..spell.verdict(ground.resource.clone(), Cause::Dax(DaxCause::Errors), severity)
    })
}
