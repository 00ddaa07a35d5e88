//! Nodes that do not serve, in AWS's words, and clusters that do not.
//!
//! AWS documents no complete list of statuses. `creating`, `modifying`, `deleting` and `REBOOTING` are what somebody
//! asks for; whatever else is not `available` is none of it.

use super::ground::Ground;
use super::{DaxCause, advice, is};
use crate::diagnose::evidence::single;
use crate::diagnose::lately::{STATE, lately};
use crate::diagnose::spell::Spell;
use crate::diagnose::words::{clock, number};
use crate::diagnose::{Cause, Evidence, Fact, Severity, Unit, Verdict};
use crate::model::dax::Node;
use crate::model::id::Resource;
use crate::model::metric::{DaxMetric, SeriesKey};
use crate::model::time::Minute;

/// What a node or cluster is called while it is made, changed or removed.
const CHANGING: [&str; 3] = ["creating", "modifying", "deleting"];
/// What a node is called while it restarts.
const REBOOTING: &str = "rebooting";

/// The nodes that do not serve; `refused` is what the cluster refuses meanwhile. A status that was read long ago is
/// none.
pub(super) fn verdicts(ground: &Ground<'_>, refused: &[Verdict]) -> Vec<Verdict> {
    let reading = ground.reading;
    let Some((_, age)) = lately(reading, reading.clusters(), STATE) else { return vec![] };
    let away = ground.cluster.nodes.iter().filter(|node| !node.is_available());
    let mut verdicts: Vec<Verdict> = away.map(|node| of_node(ground, node, refused)).collect();
    if verdicts.is_empty() {
        verdicts.extend(of_cluster(ground));
    }
    for verdict in &mut verdicts {
        // Next to the status that it is about.
        verdict.evidence.splice(1..1, age.clone());
    }
    verdicts
}

fn cause(ground: &Ground<'_>, node: &Node) -> (DaxCause, Severity) {
    let is_called = |word: &&str| node.status.eq_ignore_ascii_case(word);
    if is_called(&REBOOTING) {
        (DaxCause::NodeRebooting, Severity::Notice)
    } else if CHANGING.iter().any(is_called) || ground.cluster.is_leaving(&node.id) {
        (DaxCause::NodeChanging, Severity::Notice)
    } else {
        (DaxCause::NodeDown, Severity::Trouble)
    }
}

fn of_node(ground: &Ground<'_>, node: &Node, refused: &[Verdict]) -> Verdict {
    let (cause, severity) = cause(ground, node);
    let resource = ground.node(node);
    let event = ground.events().find(|event| event.message.contains(&*node.id));
    let away = last_seen(ground, &resource).map(|last| last.plus(1));
    let since = away.or(event.map(|event| event.at));
    let spell = Spell::began(since.unwrap_or(Minute::containing(ground.reading.now())));
    let suffering = refused.iter().filter(|verdict| is(verdict, DaxCause::Saturated));
    let mut evidence = vec![status(ground, &format!("{} {}", node.id, node.status))];
    evidence.extend(event.map(|event| event.evidence(ground.reading)));
    evidence.extend(others(ground));
    Verdict {
        since_or_earlier: since.is_none(),
        events: 1.0,
        evidence,
        explains: suffering.map(|verdict| verdict.resource.clone()).collect(),
        advice: if cause == DaxCause::NodeDown {
            advice::node_down(ground.cluster).into()
        } else {
            advice::NODE_CHANGING.into()
        },
        ..spell.verdict(resource, Cause::Dax(cause), severity)
    }
}

/// The newest settled minute in which a node had CPU use, if none came after it.
fn last_seen(ground: &Ground<'_>, node: &Resource) -> Option<Minute> {
    let key = SeriesKey::dax(node.clone(), DaxMetric::CpuUtilization);
    let view = ground.reading.series(&key)?;
    let settled = view.settled_through();
    let points =
        view.points().filter(|(minute, point)| *minute <= settled && point.value().is_some());
    points.last().map(|(minute, _)| minute).filter(|last| *last < settled)
}

/// A status in AWS's words, and how many nodes there are.
fn status(ground: &Ground<'_>, what: &str) -> Evidence {
    let text = match (ground.cluster.active_nodes, ground.cluster.total_nodes) {
        (Some(active), Some(total)) => format!("{what}: {active} of {total} nodes active"),
        _ => what.to_owned(),
    };
    Evidence::fact(Fact::DaxStatus, text)
}

/// How much the nodes that are left have to do.
fn others(ground: &Ground<'_>) -> Option<Evidence> {
    let cpu = ground.tally(DaxMetric::CpuUtilization)?;
    let (busiest, at) = (cpu.at(cpu.through), clock(ground.reading, cpu.through));
    let text = format!("the busiest node uses {} % of its CPU in {at}", number(busiest.round()));
    let key = ground.key(DaxMetric::CpuUtilization);
    Some(Evidence::series(key, text, (busiest, Unit::Percent), single(cpu.through)))
}

/// A cluster that does not serve as a whole, or lacks a node that AWS does not name.
fn of_cluster(ground: &Ground<'_>) -> Option<Verdict> {
    let cluster = ground.cluster;
    let (cause, severity) = if cluster.is_available() {
        let lacks = cluster.total_nodes.zip(cluster.active_nodes).is_some_and(|(all, up)| up < all);
        // Where AWS names no node at all, it does not tell which one is away either.
        (!cluster.nodes.is_empty() && lacks).then_some((DaxCause::NodeDown, Severity::Notice))?
    } else if CHANGING.iter().any(|word| cluster.status.eq_ignore_ascii_case(word)) {
        // A cluster that is modified serves all along.
        (!serves(ground)).then_some((DaxCause::Unavailable, Severity::Notice))?
    } else {
        (DaxCause::Unavailable, Severity::Trouble)
    };
    let event = ground.events().next();
    let now = Minute::containing(ground.reading.now());
    let since = event.map(|event| event.at);
    let mut evidence = vec![status(ground, &format!("{} {}", cluster.name, cluster.status))];
    evidence.extend(event.map(|event| event.evidence(ground.reading)));
    Some(Verdict {
        since_or_earlier: since.is_none(),
        events: 1.0,
        evidence,
        advice: if cause == DaxCause::NodeDown {
            advice::node_down(cluster).into()
        } else {
            advice::UNAVAILABLE.into()
        },
        ..Spell::began(since.unwrap_or(now)).verdict(
            ground.resource.clone(),
            Cause::Dax(cause),
            severity,
        )
    })
}

/// Whether AWS names nodes of it.
fn serves(ground: &Ground<'_>) -> bool {
    !ground.cluster.nodes.is_empty()
}
