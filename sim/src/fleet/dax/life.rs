//! What is with a cluster and its nodes at a moment: which serve, what they are called, what AWS tells about it.
//!
//! AWS documents neither all words for a status nor all messages of events. Known are the statuses
//! `available`, `creating`, `modifying`, `deleting` and `REBOOTING` (API reference), and the messages `Cluster
//! created.`, `Cluster deleted.` and `Removed node ID.` (AWS CLI reference, `dax describe-events`). The others
//! here are worded as those of `ElastiCache`, whose control plane answers the same way, and are not
//! verified.

use super::super::chance::Chance;
use crate::facts::{DaxEvent, DaxNode, DaxSource, Epoch};
use crate::scenario::spec::dax::{DaxEventKind, DaxEventSpec, DaxNodeSpec, DaxSpec};

/// Minutes in which a restarting node does not serve, and in which a node is made: the simulation's own.
const REBOOT_MINUTES: i64 = 4;
const BUILD_MINUTES: i64 = 5;

/// What a node is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Serving,
    /// Its engine restarts; what is cached stays.
    Rebooting,
    /// It is lost, and nothing replaces it yet.
    Failed,
    /// It is being made.
    Creating,
}

/// How long what is cached stays so, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimesToLive {
    /// Items; 0 is for ever ("DAX: How it works").
    pub(crate) record: u64,
    /// Results of queries and scans; 0 is not at all (the same page).
    pub(crate) query: u64,
}

impl TimesToLive {
    /// The rate at which cached items, or cached results, expire per second.
    pub(super) fn expiry(self, is_query: bool) -> f64 {
        match (is_query, self.record, self.query) {
            (false, 0, _) => 0.0,
            (true, _, 0) => f64::INFINITY,
            (false, millis, _) | (true, _, millis) => 1_000.0 / millis as f64,
        }
    }
}

impl DaxEventSpec {
    /// Minutes it lasts; `None` is for ever.
    fn minutes(&self) -> Option<i64> {
        let lasts = self.lasts.map(i64::from);
        match self.kind {
            DaxEventKind::NodeRebooted => Some(lasts.unwrap_or(REBOOT_MINUTES)),
            DaxEventKind::Recreated => Some(lasts.unwrap_or(0)),
            DaxEventKind::NodeLost | DaxEventKind::Imbalance | DaxEventKind::Faults => lasts,
            DaxEventKind::TimeToLive => None,
        }
    }

    /// The first minute in which it is over.
    fn end(&self) -> Option<i64> {
        self.minutes().map(|minutes| self.at + minutes)
    }

    fn is_on(&self, since: i64) -> bool {
        since >= self.at && self.end().is_none_or(|end| since < end)
    }

    /// Whether it happens to a node, by its number, or to all of them.
    fn is_of(&self, node: usize) -> bool {
        self.node.is_none_or(|letter| letter == letter_of(node))
    }

    /// The first minute of the nodes that it makes, with nothing cached.
    fn replaced(&self) -> Option<i64> {
        match self.kind {
            DaxEventKind::NodeLost | DaxEventKind::Recreated => self.end(),
            DaxEventKind::NodeRebooted
            | DaxEventKind::Imbalance
            | DaxEventKind::Faults
            | DaxEventKind::TimeToLive => None,
        }
    }

    /// Whether it ends with a start of the nodes that it happens to.
    fn is_restart(&self) -> bool {
        match self.kind {
            DaxEventKind::NodeLost | DaxEventKind::NodeRebooted | DaxEventKind::Recreated => true,
            DaxEventKind::Imbalance | DaxEventKind::Faults | DaxEventKind::TimeToLive => false,
        }
    }

    /// What it makes of a node while it is on.
    fn phase(&self, since: i64) -> Option<Phase> {
        match self.kind {
            DaxEventKind::NodeLost => {
                let is_made = self.end().is_some_and(|end| since >= end - BUILD_MINUTES);
                Some(if is_made { Phase::Creating } else { Phase::Failed })
            }
            DaxEventKind::NodeRebooted => Some(Phase::Rebooting),
            DaxEventKind::Recreated => Some(Phase::Creating),
            DaxEventKind::Imbalance | DaxEventKind::Faults | DaxEventKind::TimeToLive => None,
        }
    }
}

/// Everything here is asked by minutes since the scenario's start.
impl DaxSpec {
    /// Its name as DAX stores it.
    pub(crate) fn id(&self) -> String {
        self.name.to_lowercase()
    }

    /// The id of a node, by its number.
    pub(super) fn node_id(&self, node: usize) -> String {
        format!("{}-{}", self.id(), letter_of(node))
    }

    fn events_of(&self, node: usize) -> impl Iterator<Item = &DaxEventSpec> {
        self.events.iter().filter(move |event| event.is_of(node))
    }

    /// What a node is doing.
    pub(super) fn phase(&self, node: usize, since: i64) -> Phase {
        let of_event = |event: &DaxEventSpec| event.phase(since).filter(|_| event.is_on(since));
        let settled = self.nodes.get(node).is_some_and(|node| node.status == "available");
        match self.events_of(node).find_map(of_event) {
            Some(phase) => phase,
            None if settled && !self.is_unborn() => Phase::Serving,
            None => Phase::Creating,
        }
    }

    /// Whether nothing but the cluster itself is described (API reference, `DescribeClusters`).
    pub(crate) fn is_unborn(&self) -> bool {
        matches!(self.status.as_str(), "creating" | "deleting")
    }

    /// Whether a node begins to serve in this minute, with nothing cached.
    pub(super) fn is_cold(&self, node: usize, since: i64) -> bool {
        self.events_of(node).any(|event| event.replaced() == Some(since))
    }

    /// The share of the clients' connections that each node has; all are 0 when none serves.
    pub(super) fn shares(&self, since: i64) -> Vec<f64> {
        let weight = |node: usize| {
            let serves = self.phase(node, since) == Phase::Serving;
            let skews = self
                .events_of(node)
                .filter(|event| event.kind == DaxEventKind::Imbalance && event.is_on(since));
            f64::from(u8::from(serves)) * skews.filter_map(|event| event.factor).product::<f64>()
        };
        let weights: Vec<f64> = (0..self.nodes.len()).map(weight).collect();
        let all: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| if all > 0.0 { weight / all } else { 0.0 }).collect()
    }

    /// The share of a node's requests that ends in an internal error.
    pub(super) fn faulty(&self, node: usize, since: i64) -> f64 {
        let faults = self.events_of(node).filter(|event| event.kind == DaxEventKind::Faults);
        let on = faults.filter(|event| event.is_on(since)).filter_map(|event| event.share);
        on.fold(0.0, f64::max)
    }

    /// What the parameter group says.
    pub(crate) fn times_to_live(&self, since: i64) -> TimesToLive {
        self.changed_by(|event| event.at <= since)
    }

    /// What a node makes of that: what needs a restart counts from the node's next one on.
    pub(super) fn times_to_live_on(&self, node: usize, since: i64) -> TimesToLive {
        self.changed_by(|event| event.at <= since && !self.waits(event, node, since))
    }

    fn changed_by(&self, counts: impl Fn(&DaxEventSpec) -> bool) -> TimesToLive {
        let first = TimesToLive { record: self.record_ttl_millis, query: self.query_ttl_millis };
        let changes = self.changes_of_parameters().filter(|event| counts(event));
        changes.fold(first, |ttl, event| TimesToLive {
            record: event.record_ttl_millis.unwrap_or(ttl.record),
            query: event.query_ttl_millis.unwrap_or(ttl.query),
        })
    }

    /// Whether a change of parameters that was made waits for a restart of a node.
    fn waits(&self, change: &DaxEventSpec, node: usize, since: i64) -> bool {
        let restarts = self.events_of(node).filter(|event| event.is_restart());
        let mut starts = restarts.filter_map(DaxEventSpec::end);
        change.needs_reboot
            && change.at <= since
            && !starts.any(|start| start > change.at && start <= since)
    }

    /// Whether changes of its parameter group wait for restarts.
    pub(super) fn changes_by_reboots(&self) -> bool {
        self.changes_of_parameters().any(|event| event.needs_reboot)
    }

    fn changes_of_parameters(&self) -> impl Iterator<Item = &DaxEventSpec> {
        self.events.iter().filter(|event| event.kind == DaxEventKind::TimeToLive)
    }

    /// The cluster's status.
    pub(super) fn status_at(&self, since: i64) -> &str {
        let is = |phase| (0..self.nodes.len()).any(|node| self.phase(node, since) == phase);
        let is_recreated = |event: &DaxEventSpec| event.kind == DaxEventKind::Recreated;
        if self.events.iter().any(|event| is_recreated(event) && event.is_on(since)) {
            return "creating";
        }
        let is_changing = self.status == "available" && !self.events.is_empty();
        let is_touched = is(Phase::Creating) || is(Phase::Rebooting);
        if is_changing && is_touched { "modifying" } else { &self.status }
    }

    /// The nodes, when the scenario starts at `start`.
    pub(super) fn nodes_at(&self, start: Epoch, since: i64) -> Vec<DaxNode> {
        let node = |(number, node): (usize, &DaxNodeSpec)| {
            let phase = self.phase(number, since);
            let status = match phase {
                Phase::Serving => "available",
                Phase::Rebooting => "REBOOTING",
                Phase::Failed => "failed",
                Phase::Creating if node.status == "available" => "creating",
                Phase::Creating => &node.status,
            };
            let mut changes = self.changes_of_parameters();
            let replaced = self.events_of(number).filter_map(DaxEventSpec::replaced);
            let created = replaced.filter(|at| *at <= since).max();
            DaxNode {
                id: self.node_id(number),
                zone: node.zone.clone(),
                status: status.to_owned(),
                created: created.map_or(self.created(start), |at| start + at as f64 * 60.0),
                needs_reboot: changes.any(|change| self.waits(change, number, since)),
            }
        };
        self.nodes.iter().enumerate().map(node).collect()
    }

    /// When it was created first.
    pub(super) fn created(&self, start: Epoch) -> Epoch {
        start - f64::from(self.age_hours) * 3_600.0
    }

    /// What was told of it until `now`, in no order.
    pub(super) fn told(&self, start: Epoch, now: Epoch, chance: Chance) -> Vec<DaxEvent> {
        let of_cluster = |at: Epoch, message: String| DaxEvent {
            at,
            source: self.id(),
            kind: DaxSource::Cluster,
            message,
        };
        let mut told = vec![of_cluster(self.created(start), "Cluster created.".to_owned())];
        for (number, event) in self.events.iter().enumerate() {
            let chance = chance.named("event").numbered(number as u64);
            // Somewhere in the minute, a whole millisecond.
            let moment = |minute: i64| {
                start + minute as f64 * 60.0 + (chance.unit(minute) * 59e3).floor() / 1e3
            };
            let node = event.node.map_or_else(String::new, |node| format!("{}-{node}", self.id()));
            let mut tell = |minute: Option<i64>, message: String| {
                told.extend(minute.map(|minute| of_cluster(moment(minute), message)));
            };
            match event.kind {
                DaxEventKind::NodeLost => {
                    tell(Some(event.at), format!("Recovering node {node}."));
                    tell(event.end(), format!("Finished recovery for node {node}."));
                }
                DaxEventKind::NodeRebooted => tell(event.end(), format!("Node {node} restarted.")),
                DaxEventKind::Recreated => {
                    tell(Some(event.at), "Cluster deleted.".to_owned());
                    tell(event.end(), "Cluster created.".to_owned());
                }
                DaxEventKind::Imbalance | DaxEventKind::Faults => {}
                DaxEventKind::TimeToLive => told.extend(self.retold(event, moment(event.at))),
            }
        }
        told.retain(|event| event.at <= now);
        told
    }

    /// What is told of a change of the parameter group.
    fn retold(&self, event: &DaxEventSpec, at: Epoch) -> impl Iterator<Item = DaxEvent> {
        let record = event.record_ttl_millis.map(|millis| ("record-ttl-millis", millis));
        let query = event.query_ttl_millis.map(|millis| ("query-ttl-millis", millis));
        let source = self.parameter_group.clone();
        record.into_iter().chain(query).map(move |(name, millis)| DaxEvent {
            at,
            source: source.clone(),
            kind: DaxSource::ParameterGroup,
            message: format!("Updated parameter {name} to {millis}."),
        })
    }
}

/// The last letter of a node's id.
fn letter_of(node: usize) -> char {
    (b'a'..=b'z').nth(node).map_or('z', char::from)
}
