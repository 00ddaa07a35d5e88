//! What mends findings, several of one alarm at once: `PutMetricAlarm` overwrites an alarm, so that of two commands
//! for one alarm the second would take back what the first has mended.

use super::context::Context;
use super::fix::{Call, Commands, Fix};
use super::{Finding, Severity, judge};
use crate::model::alarm::{Alarm, AlarmKind};
use crate::store::Reading;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What mends a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// The commands; of findings that are mended at once, each has the same.
    pub commands: Commands,
    /// Whether it mends others, too.
    pub shared: Shared,
}

/// Whether a finding shares its commands, told by the ids of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shared {
    /// It is mended by itself.
    Alone,
    /// It is the first that its commands mend; these are the others of its alarm.
    First(Vec<&'static str>),
    /// The commands of this one mend it.
    Same(&'static str),
    /// What mends it would take back what mends this one, which matters more: it has no commands.
    Outdone(&'static str),
}

impl Shared {
    /// That commands are not this finding's alone, in a clause; `None` where they are.
    pub fn told(&self) -> Option<String> {
        match self {
            Self::Alone => None,
            Self::First(others) if others.is_empty() => None,
            Self::First(others) => {
                Some(format!("the command mends {} of this alarm, too", others.join(", ")))
            }
            Self::Same(rule) => Some(format!("mended by the command under {rule}")),
            Self::Outdone(rule) => Some(format!(
                "left by the command under {rule}, which matters more: run that, then look again"
            )),
        }
    }
}

/// What mends the findings of a scope.
#[derive(Debug)]
pub struct Mending<'a> {
    reading: Reading<'a>,
    /// By the name of the alarm, where several findings change it.
    pub(super) together: BTreeMap<&'a str, Together<'a>>,
}

/// What mends several findings of one alarm.
#[derive(Debug)]
pub(super) struct Together<'a> {
    /// What is to be done.
    pub(super) fix: Fix,
    /// Those that it mends, the worst first.
    pub(super) mended: Vec<&'a Finding>,
    /// Those that it does not.
    pub(super) left: Vec<&'a Finding>,
}

impl<'a> Mending<'a> {
    /// What mends these findings, which are all that there are of their alarms, the worst first.
    pub fn new(reading: Reading<'a>, findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut found: BTreeMap<&'a str, (&'a Alarm, Vec<&'a Finding>)> = BTreeMap::new();
        for finding in findings {
            let alarm = finding.alarm.as_deref().and_then(|name| reading.alarm(name));
            if let Some(alarm) = alarm.filter(|alarm| finding.fix.overwrites(alarm)) {
                found.entry(&alarm.name).or_insert((alarm, vec![])).1.push(finding);
            }
        }
        found.retain(|_, (_, several)| several.len() > 1);
        if found.is_empty() {
            return Self { reading, together: BTreeMap::new() };
        }
        let context = Context::new(reading);
        let look = |alarm: &Alarm| {
            let mut found = Vec::new();
            judge(&context, alarm, &mut found);
            found
        };
        let together = found
            .into_iter()
            .map(|(name, (alarm, findings))| (name, Together::of(alarm, findings, look)));
        Self { reading, together: together.collect() }
    }

    /// What mends one of them.
    pub fn of(&self, finding: &Finding) -> Remedy {
        let alone = || Remedy { commands: finding.commands(self.reading), shared: Shared::Alone };
        let together = finding.alarm.as_deref().and_then(|name| self.together.get(name));
        let Some(Together { fix, mended, left }) = together else { return alone() };
        let Some((first, others)) = mended.split_first() else { return alone() };
        if left.contains(&finding) {
            let (commands, shared) = (Commands::default(), Shared::Outdone(first.rule.id));
            return Remedy { commands, shared };
        }
        if !mended.contains(&finding) {
            return alone();
        }
        let shared = if *first == finding {
            let ids: BTreeSet<_> = others.iter().map(|other| other.rule.id).collect();
            Shared::First(ids.into_iter().filter(|id| *id != first.rule.id).collect())
        } else {
            Shared::Same(first.rule.id)
        };
        Remedy { commands: fix.commands(self.reading), shared }
    }
}

impl<'a> Together<'a> {
    /// Mends one finding after the other, each time looking at what came of it, as one would by hand, in the order
    /// that leaves the fewest of those that matter most.
    pub(super) fn of(
        alarm: &Alarm,
        found: Vec<&'a Finding>,
        look: impl Fn(&Alarm) -> Vec<Finding>,
    ) -> Self {
        if let Some(fix) = deleting(&found) {
            return Self { fix, mended: found, left: vec![] };
        }
        let is_about = |finding: &Finding| found.iter().any(|it| it.rule.id == finding.rule.id);
        let look = |alarms: Vec<Alarm>| -> State {
            let of = |alarm| look(alarm).into_iter().filter(is_about).collect();
            State { findings: alarms.iter().map(of).collect(), alarms }
        };
        let State { alarms, findings } = best(look(vec![alarm.clone()]), look);
        let is_left = |finding: &&Finding| match &finding.fix {
            Fix::Delete(_) => true,
            Fix::Unknown | Fix::Put(_) | Fix::Add(..) | Fix::Call(_) => {
                findings.iter().flatten().any(|it| it.rule.id == finding.rule.id)
            }
        };
        let (left, mended) = found.into_iter().partition(is_left);
        Self { fix: Fix::Put(alarms), mended, left }
    }
}

/// To delete the alarm, where nothing that matters more would mend it: that mends everything.
fn deleting(found: &[&Finding]) -> Option<Fix> {
    let deletes = |finding: &&&Finding| matches!(finding.fix, Fix::Delete(_));
    let delete = found.iter().find(deletes)?;
    let worst = found.iter().filter(|it| !deletes(it)).map(|it| it.severity).max();
    (Some(delete.severity) >= worst).then(|| delete.fix.clone())
}

/// An alarm after some fixes, and what is found then.
struct State {
    /// The alarm, and those that a fix has put beside it.
    alarms: Vec<Alarm>,
    /// What is found of each.
    findings: Vec<Vec<Finding>>,
}

/// The best state that fixes lead to, in whichever order.
fn best(start: State, look: impl Fn(Vec<Alarm>) -> State) -> State {
    /// States that are looked at: five findings that have nothing to do with each other have 32.
    const MOST: usize = 64;
    let mut seen = vec![start];
    let mut open = vec![0];
    while let Some(state) = open.pop().and_then(|place: usize| seen.get(place)) {
        if state.score() == NOTHING_LEFT || seen.len() >= MOST {
            break;
        }
        let is_new = |alarms: &Vec<Alarm>| seen.iter().all(|state| state.alarms != *alarms);
        let mut next: Vec<State> = state.mended().filter(is_new).map(&look).collect();
        // The best of them is gone on with.
        next.sort_by_key(|state| Reverse(state.score()));
        open.extend(seen.len()..seen.len() + next.len());
        seen.extend(next);
    }
    let last = seen.len() - 1;
    let place = (0..=last).min_by_key(|place| seen.get(*place).map(State::score)).unwrap_or(0);
    seen.swap_remove(place)
}

/// How much is left of each severity, the worst first: fewer errors are better, whatever the rest.
type Score = [usize; 3];
const NOTHING_LEFT: Score = [0; 3];

impl State {
    fn score(&self) -> Score {
        let mut most: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
        for findings in &self.findings {
            let mut of_alarm: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
            for finding in findings {
                *of_alarm.entry((finding.severity, finding.rule.id)).or_default() += 1;
            }
            // An alarm that became two has each fault twice, and is no worse for that.
            for (fault, count) in of_alarm {
                let entry = most.entry(fault).or_default();
                *entry = count.max(*entry);
            }
        }
        [Severity::Error, Severity::Warning, Severity::Info].map(|severity| {
            let of_severity = most.iter().filter(|((of, _), _)| *of == severity);
            of_severity.map(|(_, count)| count).sum()
        })
    }

    /// The alarms once one rule is heeded, for each that is not.
    fn mended(&self) -> impl Iterator<Item = Vec<Alarm>> {
        let rules: BTreeSet<&str> = self.findings.iter().flatten().map(|it| it.rule.id).collect();
        rules.into_iter().filter_map(|rule| self.heeding(rule))
    }

    /// The alarms once a rule is heeded by each of them; `None` where that takes no fix, or a name that is taken.
    fn heeding(&self, rule: &str) -> Option<Vec<Alarm>> {
        let mut is_mended = false;
        let mut put = Vec::new();
        for (alarm, findings) in self.alarms.iter().zip(&self.findings) {
            let mut of_rule = findings.iter().filter(|finding| finding.rule.id == rule);
            match of_rule.find_map(|finding| finding.fix.put(alarm)) {
                Some(alarms) => {
                    is_mended = true;
                    put.extend(alarms);
                }
                None => put.push(alarm.clone()),
            }
        }
        let names: BTreeSet<&str> = put.iter().map(|alarm| &*alarm.name).collect();
        let are_distinct = names.len() == put.len();
        (is_mended && are_distinct).then_some(put)
    }
}

impl Fix {
    /// Whether it changes or deletes `alarm`, so that another fix of it comes on top or is lost.
    fn overwrites(&self, alarm: &Alarm) -> bool {
        match self {
            Self::Delete(name) => *name == alarm.name,
            Self::Unknown | Self::Put(_) | Self::Add(..) | Self::Call(_) => {
                self.put(alarm).is_some()
            }
        }
    }

    /// What it puts in place of `alarm`: itself, changed, and perhaps others beside it.
    fn put(&self, alarm: &Alarm) -> Option<Vec<Alarm>> {
        match (self, &alarm.kind) {
            (Self::Put(alarms), _) => {
                alarms.first().filter(|first| first.name == alarm.name).map(|_| alarms.clone())
            }
            // Another command for what `PutMetricAlarm` overwrites as well. A composite alarm is never put.
            (Self::Call(Call::EnableActions(name)), AlarmKind::Metric(_))
                if *name == alarm.name =>
            {
                let mut enabled = alarm.clone();
                enabled.actions.enabled = true;
                Some(vec![enabled])
            }
            (Self::Unknown | Self::Add(..) | Self::Delete(_) | Self::Call(_), _) => None,
        }
    }
}
