//! What a composite alarm is made of.

use super::short_state;
use crate::model::alarm::{Alarm, AlarmState};
use crate::store::Reading;
use crate::view::Role;
use crate::view::text::Charset;
use std::collections::BTreeSet;

/// Alarms told of at most: AWS allows 100 children, which may have children.
const MOST: usize = 200;

/// One place in the tree below a composite alarm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Branch<'a> {
    /// Steps below the composite alarm, from 1.
    pub depth: usize,
    /// The name its rule uses.
    pub name: &'a str,
    /// What is there.
    pub what: Leaf<'a>,
}

/// What a rule's name stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Leaf<'a> {
    /// An alarm.
    Alarm(&'a Alarm),
    /// No alarm: the rule can't be evaluated as it is meant.
    Missing,
    /// An alarm that this one is a part of: `CloudWatch` stops to evaluate such rules.
    Cycle,
}

/// The name of the alarm that a rule names, by its name or its ARN.
pub fn named(child: &str) -> &str {
    let name = child.strip_prefix("arn:").and_then(|rest| rest.split_once(":alarm:"));
    name.map_or(child, |(_, name)| name)
}

/// Everything below a composite alarm, parents before children; what stands in several places is
/// taken apart once.
pub fn walk<'a>(reading: Reading<'a>, root: &'a Alarm) -> Vec<Branch<'a>> {
    let mut walk = Walk { reading, path: vec![&root.name], seen: BTreeSet::new(), found: vec![] };
    walk.below(root);
    walk.found
}

struct Walk<'a> {
    reading: Reading<'a>,
    /// From the root to the present alarm.
    path: Vec<&'a str>,
    seen: BTreeSet<&'a str>,
    found: Vec<Branch<'a>>,
}

impl<'a> Walk<'a> {
    fn below(&mut self, alarm: &'a Alarm) {
        let children = alarm.composite().map(|composite| composite.children()).unwrap_or_default();
        for name in children.into_iter().map(named) {
            if self.found.len() == MOST {
                return;
            }
            let what = match self.reading.alarm(name) {
                _ if self.path.contains(&name) => Leaf::Cycle,
                Some(alarm) => Leaf::Alarm(alarm),
                None => Leaf::Missing,
            };
            self.found.push(Branch { depth: self.path.len(), name, what });
            if let Leaf::Alarm(child) = what
                && self.seen.insert(name)
            {
                self.path.push(name);
                self.below(child);
                self.path.pop();
            }
        }
    }
}

/// The tree in lines, each with what its alarm says.
pub(super) fn lines(reading: Reading<'_>, root: &Alarm, charset: Charset) -> Vec<(String, Role)> {
    let line = |branch: Branch<'_>| {
        let (says, role) = match branch.what {
            Leaf::Alarm(alarm) => {
                let role = match alarm.state {
                    AlarmState::Alarm => Role::Trouble,
                    AlarmState::Ok | AlarmState::InsufficientData => Role::Text,
                };
                (short_state(alarm.state), role)
            }
            Leaf::Missing => ("no such alarm here", Role::Notice),
            Leaf::Cycle => ("is on the way here: a cycle is not evaluated", Role::Notice),
        };
        (format!("{}{} {says}", charset.branch().repeat(branch.depth), branch.name), role)
    };
    walk(reading, root).into_iter().map(line).collect()
}
