//! Carrying out what was confirmed: one write at a time, recorded before and after.
//!
//! Each step of a plan goes: its intent on disk, the thing read again and compared with what the
//! plan was made for, one call without retries, the outcome on disk, and then the thing read again
//! until the new state is seen. The first step that fails is the last.
//!
//! Whoever drops the task between intent and outcome leaves an intent without outcome in the
//! journal, which the next start finds ([`Journal::unfinished`](crate::tune::audit::Journal::unfinished)).

mod fresh;
pub mod journal;
#[cfg(test)]
mod tests;

use crate::aws::{Connection, Sent};
use crate::clock::Clock;
use crate::model::health::CallError;
use crate::model::id::Scope;
use crate::model::update::Update;
use crate::store::Store;
use crate::tune::audit::{Journal, Outcome, Record, Stamp};
use crate::tune::plan::{Confirmed, Step};
use crate::tune::progress::{Event, Progress};
use crate::tune::setting::Setting;
use fresh::Fresh;
use jiff::SignedDuration;
use journal::JournalFile;
use std::sync::Arc;
use std::time::Duration;

/// How long the new state is waited for: autoscaling acts in about half a minute, a table in a
/// second or two.
const PATIENCE: SignedDuration = SignedDuration::from_secs(60);
/// Between two readings while it is waited for.
const PAUSE: Duration = Duration::from_secs(3);
/// So many readings, should the clock stand still.
const READINGS: u32 = 20;

/// What writes are carried out with.
#[derive(Debug)]
pub struct Desk {
    /// To the account and region of the plan.
    pub connection: Connection,
    /// The time there.
    pub clock: Clock,
    /// Where writes are recorded.
    pub journal: JournalFile,
    /// What was known when the plan was confirmed; what is written is read anew.
    pub store: Store,
    /// What the names of all plans of this run begin with.
    pub run: Run,
    /// Makes the names of plans and writes in the journal.
    pub names: fastrand::Rng,
}

/// One run of the program, which the names of its plans tell from any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run(u32);

impl Run {
    /// A run that no other is called like.
    pub fn new(names: &mut fastrand::Rng) -> Self {
        Self(names.u32(..))
    }

    /// A name that no other plan has: 32 bits of the run, and 32 of its own.
    fn plan(self, names: &mut fastrand::Rng) -> String {
        format!("{:08x}{:08x}", self.0, names.u32(..))
    }

    /// What was recorded in this run.
    pub fn own(self, journal: Journal) -> Journal {
        let begins = format!("{:08x}", self.0);
        let mut records = journal.records;
        records.retain(|record| record.plan.starts_with(&begins));
        Journal { records, ..journal }
    }
}

/// What is told while a plan is carried out.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    /// How far it is.
    Progress(Progress),
    /// What was read again on the way.
    Read(Update),
}

/// Carries out a plan, step after step, and tells of each as it goes on. The last progress is
/// [`Event::Finished`] or [`Event::Stopped`].
pub async fn carry_out(desk: Desk, confirmed: Confirmed, mut report: impl FnMut(Report) + Send) {
    let plan = confirmed.plan();
    let who = match caller(&desk.connection, plan.scope()).await {
        Ok(who) => who,
        Err(why) => {
            for event in [Event::NotSent(why), Event::Stopped] {
                report(Report::Progress(Progress { step: 0, event }));
            }
            return;
        }
    };
    let mut names = desk.names;
    let mut bench = Bench {
        report: &mut report,
        step: 0,
        plan: desk.run.plan(&mut names),
        names,
        fresh: Fresh::new(desk.store, plan.scope().clone()),
        connection: desk.connection,
        clock: desk.clock,
        journal: desk.journal,
        who,
    };
    for (number, step) in plan.steps().iter().enumerate() {
        bench.step = number;
        if bench.write(step).await == Ended::Well {
            continue;
        }
        let next = number.saturating_add(1);
        if next < plan.steps().len() {
            bench.step = next;
            bench.tell(Event::Stopped);
            return;
        }
    }
    bench.tell(Event::Finished);
}

/// Who AWS takes us for now.
///
/// # Errors
/// AWS does not tell, or the credentials are of another account or region than the plan: the same
/// names may stand for other tables there.
async fn caller(connection: &Connection, scope: &Scope) -> Result<Arc<str>, String> {
    let identity = connection.identity().await.result.map_err(|error| {
        format!("who writes could not be read, so that it cannot be recorded: {error}")
    })?;
    let here = (identity.account.as_str(), connection.region());
    if here != (scope.account(), scope.region()) {
        return Err(format!(
            "the plan is for account {} in {}, and these credentials are for {} in {}",
            scope.account(),
            scope.region(),
            here.0,
            here.1,
        ));
    }
    Ok(Arc::from(identity.arn))
}

/// A name that no other write or plan has: 64 random bits.
fn name(names: &mut fastrand::Rng) -> String {
    format!("{:016x}", names.u64(..))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Well,
    /// Nothing may follow.
    Badly,
}

/// What was seen after a write.
struct Watched {
    /// Whether it is as wanted.
    is_so: bool,
    /// The last that was read; `None` where it is not there, or nothing could be read.
    seen: Option<Setting>,
}

/// A plan at work.
struct Bench<'a> {
    report: &'a mut (dyn FnMut(Report) + Send),
    /// Which step it is at, from 0.
    step: usize,
    fresh: Fresh,
    connection: Connection,
    clock: Clock,
    journal: JournalFile,
    names: fastrand::Rng,
    plan: String,
    who: Arc<str>,
}

impl Bench<'_> {
    fn tell(&mut self, event: Event) {
        (self.report)(Report::Progress(Progress { step: self.step, event }));
    }

    /// Reads something again, and tells what was read.
    async fn read(&mut self, setting: &Setting) -> Result<(), CallError> {
        let now = self.clock.now();
        for update in self.fresh.read(&self.connection, setting, now).await? {
            (self.report)(Report::Read(update));
        }
        Ok(())
    }

    /// Carries out one step.
    async fn write(&mut self, step: &Step) -> Ended {
        let intent = self.intent(step);
        if let Err(error) = self.journal.append(&intent).await {
            self.tell(Event::JournalFailed(format!("nothing was sent: {error}")));
            return Ended::Badly;
        }
        self.tell(Event::IntentWritten);
        if let Some((event, outcome, seen)) = self.obstacle(step).await {
            self.tell(event);
            self.record(&intent, outcome, seen).await;
            return Ended::Badly;
        }
        self.tell(Event::Sent);
        let sent = self.connection.send(step.call()).await;
        let (event, outcome) = match sent {
            Sent::Done => (Event::Done, Outcome::Done),
            Sent::Refused(error) => {
                let words = Arc::from(error.to_string());
                (Event::Refused(error), Outcome::Refused(words))
            }
            Sent::Unknown(error) => (Event::Unknown(error), Outcome::Unknown),
        };
        let recorded = self.record(&intent, outcome.clone(), None).await;
        self.tell(event);
        if matches!(outcome, Outcome::Refused(_)) {
            return Ended::Badly;
        }
        let Watched { is_so, seen } = self.watch(step.edit().after()).await;
        self.tell(match seen.clone() {
            Some(seen) if is_so => Event::Seen(seen),
            seen => Event::NotSeenYet(seen),
        });
        let was_done = outcome == Outcome::Done || is_so;
        let seen_recorded = self.record(&intent, outcome, seen).await;
        let went_well = was_done && recorded && seen_recorded;
        if went_well { Ended::Well } else { Ended::Badly }
    }

    fn intent(&mut self, step: &Step) -> Record {
        let (id, at) = (name(&mut self.names), self.clock.now());
        let scope = self.fresh.scope();
        Record::intent(step, Stamp { id: &id, plan: &self.plan, at, who: &self.who, scope })
    }

    /// Reads what is to be written again; something where the call may not be sent.
    async fn obstacle(&mut self, step: &Step) -> Option<(Event, Outcome, Option<Setting>)> {
        let expected = step.edit().before();
        if let Err(error) = self.read(expected).await {
            let why = format!("it could not be read again: {error}");
            let outcome = Outcome::NotSent(Arc::from(why.as_str()));
            return Some((Event::NotSent(why), outcome, None));
        }
        let reading = self.fresh.reading(self.clock.now());
        let mistake = step.check(reading).err()?;
        let found = expected.present(reading);
        let words = Arc::from(mistake.line.as_str());
        let event = Event::ChangedUnderneath {
            expected: expected.clone(),
            found: found.clone(),
            line: mistake.line,
        };
        Some((event, Outcome::ChangedUnderneath(words), found))
    }

    /// Records what came of a write; whether that could be done.
    async fn record(&mut self, intent: &Record, outcome: Outcome, seen: Option<Setting>) -> bool {
        let record = intent.ended(self.clock.now(), outcome, seen);
        match self.journal.append(&record).await {
            Ok(()) => true,
            Err(error) => {
                let line = format!("what came of it could not be recorded: {error}");
                self.tell(Event::JournalFailed(line));
                false
            }
        }
    }

    /// Reads what was written until it is as wanted, for a minute at most. A reading that fails is
    /// tried again like one that shows the old state.
    async fn watch(&mut self, wanted: &Setting) -> Watched {
        let start = self.clock.now();
        let mut seen = None;
        for _ in 0..READINGS {
            let read = self.read(wanted).await;
            let now = self.clock.now();
            if read.is_ok() {
                seen = wanted.present(self.fresh.reading(now));
                if self.fresh.has(wanted, now) {
                    return Watched { is_so: true, seen };
                }
            }
            if now.duration_since(start) >= PATIENCE {
                break;
            }
            let next = self.clock.until(now.checked_add(PAUSE).unwrap_or(now));
            // Not longer than on the wall: a simulated clock may stand still.
            tokio::time::sleep(next.min(PAUSE)).await;
        }
        Watched { is_so: false, seen }
    }
}
