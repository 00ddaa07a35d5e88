//! Which alarm stands under which, and what follows from that.

use super::filter::Words;
use super::known::{Class, Entry, Key};
use crate::lint::{Finding, Severity};
use crate::model::alarm::{Alarm, AlarmState, Subject};
use crate::model::id::Resource;
use crate::store::Reading;
use crate::view::alarms::{Leaf, Standing, about, condition, named, walk};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The alarms of one scope on their way into groups.
pub(super) struct Forest<'a> {
    reading: Reading<'a>,
    all: &'a [Alarm],
    facts: Vec<Facts>,
}

/// What is known of an alarm besides its description.
#[derive(Default)]
struct Facts {
    standing: Standing,
    subjects: Vec<Subject>,
    resource: Option<Resource>,
    /// The places of the alarms that its rule names.
    children: Vec<usize>,
    is_child: bool,
    ours: bool,
    /// The places of its findings, the worst first.
    findings: Vec<usize>,
    is_broken: bool,
    /// Rules and severities of its findings, for the filter.
    lint: String,
}

/// An alarm with what stands below it.
struct Node {
    place: usize,
    key: Key,
    below: Vec<Node>,
}

impl<'a> Forest<'a> {
    pub(super) fn of(reading: Reading<'a>, findings: &[Finding]) -> Self {
        let all = reading.alarms().value().map_or(&[][..], Vec::as_slice);
        let facts = all.iter().map(|alarm| facts(reading, alarm)).collect();
        let mut forest = Self { reading, all, facts };
        forest.attribute(findings);
        forest.relate();
        forest.claim();
        forest.silence();
        forest
    }

    /// The alarms on metrics that are in `ALARM`, but for autoscaling's own, with the tables and
    /// indexes they are about.
    pub(super) fn in_alarm(&self) -> impl Iterator<Item = (&'a Arc<str>, &[Subject])> {
        let all = self.all.iter().zip(&self.facts);
        let urgent = all.filter(|(alarm, _)| {
            let is_own = alarm.is_target_tracking() || alarm.composite().is_some();
            alarm.state == AlarmState::Alarm && !is_own
        });
        urgent.map(|(alarm, facts)| (&alarm.name, facts.subjects.as_slice()))
    }

    /// The place of the alarm called so.
    fn place(&self, name: &str) -> Option<usize> {
        self.all.binary_search_by(|alarm| (*alarm.name).cmp(name)).ok()
    }

    /// Gives each finding to its alarm.
    fn attribute(&mut self, findings: &[Finding]) {
        for (number, finding) in findings.iter().enumerate() {
            let place = finding.alarm.as_ref().and_then(|name| self.place(name));
            let Some(facts) = place.and_then(|place| self.facts.get_mut(place)) else { continue };
            facts.findings.push(number);
            facts.is_broken |= finding.severity == Severity::Error;
            for word in [&finding.rule.id.to_lowercase(), finding.severity.as_str()] {
                facts.lint.push_str(word);
                facts.lint.push(' ');
            }
        }
        let severity = |number: &usize| findings.get(*number).map(|finding| finding.severity);
        for facts in &mut self.facts {
            facts.findings.sort_by_key(|number| Reverse(severity(number)));
        }
    }

    /// Finds the children of composite alarms.
    fn relate(&mut self) {
        for place in 0..self.all.len() {
            let Some(composite) = self.all.get(place).and_then(Alarm::composite) else { continue };
            let names = composite.children();
            let children = names.into_iter().filter_map(|name| self.place(named(name)));
            let children: Vec<usize> = children.filter(|child| *child != place).collect();
            for child in &children {
                if let Some(facts) = self.facts.get_mut(*child) {
                    facts.is_child = true;
                }
            }
            if let Some(facts) = self.facts.get_mut(place) {
                facts.children = children;
            }
        }
    }

    /// Marks what concerns tables, DAX clusters and functions that read streams, and every alarm
    /// that is made of such an alarm.
    fn claim(&mut self) {
        let consumers = self.reading.consumers().value().map_or(&[][..], Vec::as_slice);
        let functions: BTreeSet<&str> =
            consumers.iter().map(|consumer| &*consumer.function).collect();
        for facts in &mut self.facts {
            facts.ours = facts.subjects.iter().any(|subject| match subject {
                Subject::Dynamo(_) | Subject::Dax(..) => true,
                Subject::Function(function) => functions.contains(&**function),
                Subject::Elsewhere(_) => false,
            });
        }
    }

    /// Works out which alarms tell nobody.
    fn silence(&mut self) {
        let rules = self.reading.mute_rules().value().map_or(&[][..], Vec::as_slice);
        let active = rules.iter().filter(|rule| rule.is_active(self.reading.now()));
        let muted: HashMap<&str, &Arc<str>> = active
            .flat_map(|rule| rule.targets.iter().map(move |target| (&**target, &rule.name)))
            .collect();
        for (alarm, facts) in self.all.iter().zip(&mut self.facts) {
            let muted_by = muted.get(named(&alarm.name)).map(|rule| Arc::clone(rule));
            let is_suppressed =
                alarm.composite().is_some_and(|composite| composite.suppressed_by.is_some());
            let has_actions = alarm.actions.enabled && !alarm.actions.alarm.is_empty();
            facts.standing.pages = has_actions && muted_by.is_none() && !is_suppressed;
            facts.standing.muted_by = muted_by;
        }
    }

    /// Every alarm once, under the first composite alarm that names it, each group by its most
    /// urgent member.
    pub(super) fn groups(&self) -> Vec<(Key, Vec<Entry>)> {
        let mut placed = vec![false; self.all.len()];
        let is_root = |place: &usize| self.facts.get(*place).is_some_and(|facts| !facts.is_child);
        let roots = (0..self.all.len()).filter(is_root);
        // What is left over are cycles, of which any member may stand on top.
        let all = roots.chain(0..self.all.len());
        let nodes: Vec<Node> = all.filter_map(|place| self.node(place, &mut placed)).collect();
        nodes
            .into_iter()
            .map(|node| {
                let key = node.key.clone();
                let mut members = vec![];
                self.flatten(node, None, 0, &mut members);
                (key, members)
            })
            .collect()
    }

    fn node(&self, place: usize, placed: &mut [bool]) -> Option<Node> {
        let (alarm, facts) = (self.all.get(place)?, self.facts.get(place)?);
        if std::mem::replace(placed.get_mut(place)?, true) {
            return None;
        }
        let below = facts.children.iter().filter_map(|child| self.node(*child, placed));
        let mut below: Vec<Node> = below.collect();
        below.sort_by(|a, b| a.key.cmp(&b.key));
        let class = match alarm.state {
            _ if is_own(alarm, facts) => Class::Own,
            AlarmState::Alarm if facts.standing.pages => Class::Pages,
            AlarmState::Alarm => Class::Silent,
            AlarmState::InsufficientData => Class::Insufficient,
            AlarmState::Ok => Class::Ok,
        };
        let key = (class, Reverse(alarm.since), alarm.name.clone());
        let first = below.first().map(|node| node.key.clone());
        let key = first.into_iter().chain([key.clone()]).min().unwrap_or(key);
        Some(Node { place, key, below })
    }

    /// Writes a node and what is below it, parents first; `parent` is a place in `members`.
    fn flatten(&self, node: Node, parent: Option<usize>, depth: usize, members: &mut Vec<Entry>) {
        let place = members.len();
        members.extend(self.entry(node.place, parent, depth));
        for below in node.below {
            self.flatten(below, Some(place), depth + 1, members);
        }
    }

    fn entry(&self, place: usize, parent: Option<usize>, depth: usize) -> Option<Entry> {
        let (alarm, facts) = (self.all.get(place)?, self.facts.get(place)?);
        let own = is_own(alarm, facts);
        Some(Entry {
            scope: self.reading.scope().clone(),
            name: alarm.name.clone(),
            depth: if own { 1 } else { depth },
            resource: facts.resource.clone(),
            parent,
            own,
            ours: facts.ours,
            on_metrics: alarm.metric().is_some(),
            in_alarm: alarm.state == AlarmState::Alarm && !alarm.is_target_tracking(),
            is_broken: facts.is_broken,
            words: Words {
                name: alarm.name.to_lowercase(),
                about: facts.standing.about.join(" ").to_lowercase(),
                metric: condition(alarm).to_lowercase(),
                state: match alarm.state {
                    AlarmState::Ok => "ok",
                    AlarmState::InsufficientData => "insufficient_data",
                    AlarmState::Alarm => "alarm",
                },
                lint: facts.lint.clone(),
            },
            standing: facts.standing.clone(),
            findings: facts.findings.clone(),
        })
    }
}

/// Whether autoscaling made it, and no composite alarm is made of it.
fn is_own(alarm: &Alarm, facts: &Facts) -> bool {
    alarm.is_target_tracking() && !facts.is_child
}

/// What an alarm is about; a composite alarm is about what its children are about.
fn facts(reading: Reading<'_>, alarm: &Alarm) -> Facts {
    let mut standing = Standing::default();
    let mut subjects = alarm.subjects();
    let mut urgent = None;
    if alarm.composite().is_some() {
        for branch in walk(reading, alarm) {
            match branch.what {
                Leaf::Missing if branch.depth == 1 => standing.missing += 1,
                Leaf::Missing => {}
                Leaf::Cycle => standing.in_cycle = true,
                Leaf::Alarm(child) => {
                    let of_child = child.subjects();
                    if child.state == AlarmState::Alarm {
                        urgent = urgent.or_else(|| resource(&of_child));
                    }
                    subjects.extend(of_child);
                }
            }
        }
        subjects.sort();
        subjects.dedup();
    }
    standing.about = subjects.iter().map(about).collect();
    let resource = urgent.or_else(|| resource(&subjects));
    Facts { standing, subjects, resource, ..Facts::default() }
}

/// The resource to look at: a table or index before the account.
fn resource(subjects: &[Subject]) -> Option<Resource> {
    let resources = || subjects.iter().filter_map(Subject::resource);
    let named = resources().find(|resource| resource.table_name().is_some());
    named.or_else(|| resources().next()).cloned()
}
