//! Where news come from, as the loop sees it: pollers, or a recording.

use super::engines::Engines;
use super::recorder::Recorder;
use super::replay::{Order, Orders};
use super::writer::Writer;
use crate::app::{App, Cue, Interest, Msg, Standing};
use crate::aws::ConnectError;
use crate::config::Config;
use crate::store::Store;
use crate::tune::plan::Confirmed;
use jiff::Timestamp;

/// Where news come from.
pub(super) enum Feed {
    /// AWS, or the simulated one.
    Live(Box<Live>),
    /// A recording: it can be told how to go on, and that is all.
    Replay(Orders),
}

/// What AWS is read and written with.
pub(super) struct Live {
    pub(super) writer: Writer,
    pub(super) recorder: Recorder,
    pub(super) engines: Engines,
}

impl Feed {
    /// Tells the pollers that somebody is here; once a minute is enough.
    pub(super) fn note_key(&self, now: Timestamp) {
        if let Self::Live(live) = self {
            live.engines.note_key(now);
        }
    }

    /// Reads from AWS now.
    pub(super) fn refresh(&self) {
        if let Self::Live(live) = self {
            live.engines.refresh();
        }
    }

    /// Reads more of what the user looks at, or keeps more of its past.
    pub(super) fn look_at(&mut self, looked_at: Interest) {
        match self {
            Self::Live(live) => live.engines.look_at(looked_at),
            Self::Replay(orders) => {
                if let Some(open) = looked_at.open {
                    order(orders, Order::Open(open.scope, open.resource));
                }
            }
        }
    }

    /// Carries out a plan; `store` is what was known when it was confirmed.
    pub(super) fn write(&self, confirmed: Confirmed, store: &Store) {
        if let Self::Live(live) = self {
            let connection = live.engines.connection(confirmed.plan().scope());
            live.writer.write(confirmed, connection, store.clone());
        }
    }

    /// Reads other profiles and regions from now on; what that means. A recording has none.
    ///
    /// # Errors
    /// [`ConnectError::Region`].
    pub(super) fn switch(&mut self, config: &Config) -> Result<Option<Standing>, ConnectError> {
        match self {
            Self::Live(live) => live.engines.switch(config).map(Some),
            Self::Replay(_) => Ok(None),
        }
    }

    /// Plays a recording on.
    pub(super) fn cue(&self, cue: Cue) {
        if let Self::Replay(orders) = self {
            order(orders, Order::Cue(cue));
        }
    }

    /// Takes note of what the application is about to be told: news are recorded, and may be the first of an engine.
    pub(super) fn note(&mut self, msg: &Msg, app: &App, now: Timestamp) {
        let Self::Live(live) = self else { return };
        match msg {
            Msg::Updates(updates) => {
                live.engines.catch_up();
                live.recorder.hear(now, updates);
                live.recorder.hear(now, &app.written_where_new(updates, now));
            }
            Msg::Journal(journal, _) => {
                live.recorder.hear(now, &journal.news(app.store().scopes(), now));
            }
            Msg::Key(_)
            | Msg::Paste(_)
            | Msg::Mouse(_)
            | Msg::Resize(..)
            | Msg::Reached(..)
            | Msg::Profiles(_)
            | Msg::Switched(_)
            | Msg::Written(_)
            | Msg::Problem(_)
            | Msg::Exported(_)
            | Msg::Replayed(_)
            | Msg::Moments(_)
            | Msg::Tick => {}
        }
    }

    /// Waits until all that was heard is on disk, but not for long.
    pub(super) async fn close(self) {
        if let Self::Live(live) = self {
            live.recorder.close().await;
        }
    }
}

fn order(orders: &Orders, order: Order) {
    // Nobody plays any more where the program is about to end.
    let _ = orders.send(order);
}
