//! The way back from the last write, as a plan like any other.

use super::audit::{Journal, Record};
use super::mistake::Mistake;
use super::plan::{Ground, Plan};
use super::setting::{Edit, Mute, Setting, next_minute};
use super::words::{subject, values};
use crate::store::Reading;

/// A plan that takes back the last of `who`'s writes in this scope that is still in effect; with it
/// the others of its plan, the last first.
///
/// A write that was taken back already, and the taking back, do not count. One that is as it was
/// before (a mute that has expired, a lost write that never arrived) does not either. What has been
/// changed by somebody else since is left alone.
///
/// # Errors
/// There is nothing to take back, it has been changed since, or it cannot be written.
pub fn undo(ground: &Ground<'_>, journal: &Journal, who: &str) -> Result<Plan, Vec<Mistake>> {
    let reading = ground.reading;
    let writes = journal.writes();
    let own = |record: &&&Record| record.is_of(reading.scope()) && &*record.who == who;
    let in_effect: Vec<&Record> = writes
        .iter()
        .filter(own)
        .filter(|record| record.undoes.is_none() && record.may_be_done())
        .filter(|record| !is_undone(&writes, record))
        .filter(|record| record.before.present(reading).as_ref() != Some(&record.before))
        .copied()
        .collect();
    let Some(last) = in_effect.last() else {
        return Err(vec![Mistake::whole("nothing to undo: no write of yours is in effect here")]);
    };
    let of_the_plan = in_effect.iter().rev().filter(|record| record.plan == last.plan);
    let mut edits = Vec::new();
    for record in of_the_plan {
        edits.push((way_back(reading, record).map_err(|m| vec![m])?, record.id.to_string()));
    }
    // As in the plan that is taken back: bounds may move what is sent with a capacity.
    edits.sort_by_key(|(edit, _)| !matches!(edit.after(), Setting::Capacity { .. }));
    Plan::undoing(ground, edits)
}

fn is_undone(writes: &[&Record], record: &Record) -> bool {
    // One that was lost took it back only if that is to be seen, and then it is not in effect.
    let undoing = |other: &&&Record| other.undoes.as_ref() == Some(&record.id);
    writes.iter().filter(undoing).any(|other| other.is_done())
}

fn way_back(reading: Reading<'_>, record: &Record) -> Result<Edit, Mistake> {
    let title = subject(&record.after);
    let present = record.after.present(reading);
    if present.as_ref() != Some(&record.after) {
        let now = present.map_or("not there any more, or not read".to_owned(), |now| {
            let values = values(reading, &now);
            let values = values.into_iter().map(|(name, value)| format!("{name} {value}"));
            values.collect::<Vec<_>>().join(", ")
        });
        let line = format!("{title} was changed since you wrote it (now {now}): edit it by hand");
        return Err(Mistake::whole(line));
    }
    let before = until_the_same_end(reading, record.before.clone());
    let over = || Mistake::whole(format!("{title}: nothing to undo, it would be over by now"));
    before.and_then(|before| Edit::new(record.after.clone(), before)).ok_or_else(over)
}

/// A mute that is put back begins anew, and ends when it would have ended.
fn until_the_same_end(reading: Reading<'_>, before: Setting) -> Option<Setting> {
    let Setting::Mute { rule, mute: Some(mute) } = before else { return Some(before) };
    let start = next_minute(reading.now())?.max(mute.start);
    let mute = (start < mute.end).then_some(Mute { start, ..mute })?;
    Some(Setting::Mute { rule, mute: Some(mute) })
}

#[cfg(test)]
mod tests;
