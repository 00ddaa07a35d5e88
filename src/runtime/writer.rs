//! Carrying out what was confirmed, and reading what was recorded, beside the loop.

use crate::app::Msg;
use crate::aws::Connection;
use crate::clock::Clock;
use crate::config::Target;
use crate::store::Store;
use crate::tune::audit::Journal;
use crate::tune::plan::Confirmed;
use crate::tune::progress::{Event, Progress};
use crate::write::journal::{JournalFile, unfinished_line};
use crate::write::{Desk, Report, Run, carry_out};
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::spawn_blocking;

/// What writes are carried out with; what comes of them is told to the application.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    pub(super) clock: Clock,
    /// `None` where there is no home directory.
    pub(super) journal: Option<JournalFile>,
    pub(super) run: Run,
    /// What is taken for the past of what is on screen.
    pub(super) past: Past,
    pub(super) told: UnboundedSender<Msg>,
    /// Held while the journal is read and told of.
    pub(super) reading: Arc<Mutex<()>>,
}

impl Writer {
    /// Begins to carry out a plan over the connection to where it is for, if there is one. `store` is
    /// what was known when it was confirmed.
    pub(super) fn write(&self, confirmed: Confirmed, connection: Option<Connection>, store: Store) {
        let (Some(connection), Some(journal)) = (connection, &self.journal) else {
            let why = match self.journal {
                Some(_) => "there is no connection to AWS yet",
                None => "there is no home directory to record it in",
            };
            for event in [Event::NotSent(why.to_owned()), Event::Stopped] {
                self.tell(Msg::Written(Box::new(Progress { step: 0, event })));
            }
            return;
        };
        let desk = Desk {
            connection,
            clock: self.clock.clone(),
            journal: journal.clone(),
            store,
            run: self.run,
            names: fastrand::Rng::new(),
        };
        let this = self.clone();
        tokio::spawn(async move {
            let report = |report: Report| match report {
                Report::Progress(progress) => {
                    let is_recorded = progress.event == Event::IntentWritten;
                    this.tell(Msg::Written(Box::new(progress)));
                    if is_recorded {
                        this.read_journal(Moment::Later);
                    }
                }
                Report::Read(update) => this.tell(Msg::Updates(vec![update])),
            };
            carry_out(desk, confirmed, report).await;
            this.read_journal(Moment::Later);
        });
    }

    /// Begins to read what is recorded. At the start, writes whose end was never recorded are told.
    pub(super) fn read_journal(&self, moment: Moment) {
        let Some(file) = self.journal.clone() else { return };
        let this = self.clone();
        // A home directory may be on a slow network.
        spawn_blocking(move || {
            // One at a time: what is told last was read last.
            let _turn = this.reading.lock();
            let msg = match file.read() {
                Ok(None) => return,
                Ok(Some(journal)) => {
                    let unfinished = match moment {
                        Moment::Start => unfinished_line(&journal),
                        Moment::Later => None,
                    };
                    let journal = match this.past {
                        Past::All => journal,
                        Past::OfThisRun => this.run.own(journal),
                    };
                    Msg::Journal(journal, unfinished)
                }
                Err(error) => Msg::Journal(Journal::default(), Some(error.to_string())),
            };
            this.tell(msg);
        });
    }

    fn tell(&self, msg: Msg) {
        // Nobody listens any more where the program is about to end.
        let _ = self.told.send(msg);
    }
}

/// Whose writes are the past of what is on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Past {
    /// Everybody's.
    All,
    /// This run's: a simulated world begins anew with each, at the same moment.
    OfThisRun,
}

impl Past {
    /// That of a target.
    pub(super) fn of(target: &Target) -> Self {
        match target {
            Target::Live { .. } => Self::All,
            Target::Simulated(_) => Self::OfThisRun,
        }
    }
}

/// When the journal is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Start,
    Later,
}
