//! One write of a plan: the call, what must still hold before it is sent, and what is told of it.

use super::budget::{Budget, budget};
use super::call::Call;
use super::command::aws_cli;
use super::consequence::{Money, Move, at_once, lost_for_good, money, moves, not_brought_back};
use super::mistake::Mistake;
use super::plan::Ground;
use super::setting::{Edit, Setting};
use super::terraform::attributes;
use super::validate::{Origin, check};
use super::warning::{Warning, warnings};
use super::words::{capacity, moment, subject, values};
use crate::store::Reading;

/// A value before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Of what, such as `minimum`.
    pub name: &'static str,
    /// As it is.
    pub before: String,
    /// As it will be.
    pub after: String,
}

/// One write of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    edit: Edit,
    call: Call,
    moves: Vec<Move>,
    undoes: Option<String>,
    told: Told,
}

/// What a plan says of one of its writes.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What is set, such as `write autoscaling of orders`.
    pub title: String,
    /// What changes; nothing else does.
    pub changes: Vec<Line>,
    /// What happens at once and what follows, a sentence each.
    pub at_once: Vec<String>,
    /// What to know before, dangers first.
    pub warnings: Vec<Warning>,
    /// How many decreases it spends and how many are left, where it spends one.
    pub decreases: Option<String>,
    /// What it costs, where that is known.
    pub money: Option<Money>,
    /// What an undo will not bring back; of an undo, what it does not bring back itself.
    pub lost: Vec<String>,
    /// The AWS CLI command that does the same.
    pub command: String,
    /// The attributes of Terraform that keep it, where there are some.
    pub terraform: Option<String>,
}

impl Step {
    /// `spent` is how many decreases of its resource earlier steps of the plan spend.
    pub(super) fn new(ground: &Ground<'_>, edit: Edit, undoes: Option<String>, spent: u32) -> Self {
        let reading = ground.reading;
        let call = Call::of(&edit);
        let moves = moves(reading, edit.after());
        let told = Told {
            title: subject(edit.after()),
            changes: changes(reading, &edit),
            at_once: at_once(reading, &edit),
            warnings: warnings(ground, &edit),
            decreases: spends(&moves).then(|| decreases_line(reading, &edit, spent)).flatten(),
            money: money(ground, &edit),
            lost: match undoes {
                None => lost_for_good(reading, &edit),
                Some(_) => not_brought_back(reading, &edit),
            },
            command: aws_cli(&call, reading.scope().region()),
            terraform: attributes(edit.after()),
        };
        Self { edit, call, moves, undoes, told }
    }

    /// What changes.
    pub fn edit(&self) -> &Edit {
        &self.edit
    }

    /// What is to be sent.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// The id of the recorded write that this one takes back, if it takes one back.
    pub fn undoes(&self) -> Option<&str> {
        self.undoes.as_deref()
    }

    /// What is told of it.
    pub fn told(&self) -> &Told {
        &self.told
    }

    /// Whether it lowers capacity at once.
    pub fn lowers_capacity(&self) -> bool {
        spends(&self.moves)
    }

    /// Provisioned units that it adds at once.
    pub(super) fn rises(&self) -> impl Iterator<Item = &Move> {
        self.moves.iter().filter(|moved| moved.to > moved.from)
    }

    /// Whether it keeps autoscaling from scaling out, which it may do now.
    pub(super) fn suspends_scale_out(&self) -> bool {
        match (self.edit.before(), self.edit.after()) {
            (Setting::Bounds { suspended, .. }, Setting::Bounds { suspended: to, .. }) => {
                to.scale_out && !suspended.scale_out
            }
            _ => false,
        }
    }

    /// Whether what the plan was made for still holds in a fresh reading. To be asked right before
    /// the call; a plan is not sent otherwise.
    ///
    /// # Errors
    /// What has changed underneath.
    pub fn check(&self, reading: Reading<'_>) -> Result<(), Mistake> {
        let before = self.edit.before();
        match before.present(reading) {
            Some(now) if now == *before => {}
            now => return Err(Mistake::whole(changed(reading, before, now.as_ref()))),
        }
        let mut falls = moves(reading, self.edit.after()).into_iter().filter(|m| m.to < m.from);
        if let Some(fall) = falls.find(|fall| !self.moves.contains(fall)) {
            let [from, to] = [fall.from, fall.to].map(|units| capacity(units, fall.direction));
            let line = format!("capacity is {from} now, and this would lower it to {to}");
            return Err(Mistake::whole(line));
        }
        check(reading, &self.edit, Origin::Undo).into_iter().next().map_or(Ok(()), Err)
    }
}

fn spends(moves: &[Move]) -> bool {
    moves.iter().any(|moved| moved.to < moved.from)
}

pub(super) fn changes(reading: Reading<'_>, edit: &Edit) -> Vec<Line> {
    let (before, after) = (values(reading, edit.before()), values(reading, edit.after()));
    let lines = before.into_iter().zip(after);
    let lines = lines.map(|((name, before), (_, after))| Line { name, before, after });
    lines.filter(|line| line.before != line.after).collect()
}

fn decreases_line(reading: Reading<'_>, edit: &Edit, spent: u32) -> Option<String> {
    let throughput = reading.throughput(edit.after().resource()?)?;
    let Budget { spent: today, left, next } = budget(throughput, reading.now())?;
    let (today, left) = (today.saturating_add(spent), left.saturating_sub(spent));
    Some(match (left, next) {
        (0, Some(next)) => format!("no decrease is left until {}", moment(reading, next)),
        (0, None) => "no decrease is left after the others of this plan".to_owned(),
        (1, _) => format!(
            "spends the last decrease ({today} spent today): the next an hour later, or at 00:00 UTC"
        ),
        (left, _) => format!("spends 1 of {left} decreases left ({today} spent today)"),
    })
}

fn changed(reading: Reading<'_>, before: &Setting, now: Option<&Setting>) -> String {
    let title = subject(before);
    let Some(now) = now else { return format!("{title}: not there any more, or not read") };
    let pairs = values(reading, before).into_iter().zip(values(reading, now));
    let differing = pairs.filter(|((_, was), (_, is))| was != is);
    let lines: Vec<String> =
        differing.map(|((name, was), (_, is))| format!("{name} is {is} now, not {was}")).collect();
    if lines.is_empty() {
        return format!("{title}: its policy has changed");
    }
    format!("{title}: {}", lines.join(", "))
}
