//! Where news come from, as the loop sees it: pollers, or a recording.

use super::recorder::Recorder;
use super::replay::{Order, Orders};
use super::writer::Writer;
use crate::app::{App, Cue, Interest, Msg};
use crate::model::time::Minute;
use crate::model::update::{News, Update};
use crate::poll;
use crate::store::Store;
use crate::tune::plan::Confirmed;
use jiff::Timestamp;
use std::sync::Arc;
use tokio::sync::{Notify, watch};

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
    pub(super) interest: watch::Sender<poll::Interest>,
    pub(super) refresh: Arc<Notify>,
}

impl Feed {
    /// Tells the pollers that somebody is here; once a minute is enough.
    pub(super) fn note_key(&self, now: Timestamp) {
        let Self::Live(live) = self else { return };
        live.interest.send_if_modified(|interest| {
            let later = Minute::containing(now) != Minute::containing(interest.last_key);
            if later {
                interest.last_key = now;
            }
            later
        });
    }

    /// Reads from AWS now.
    pub(super) fn refresh(&self) {
        if let Self::Live(live) = self {
            live.refresh.notify_one();
        }
    }

    /// Reads more of what the user looks at, or keeps more of its past.
    pub(super) fn look_at(&self, looked_at: Interest) {
        match self {
            Self::Live(live) => {
                live.interest.send_if_modified(|interest| look_at(interest, looked_at));
            }
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
            live.writer.write(confirmed, store.clone());
        }
    }

    /// Plays a recording on.
    pub(super) fn cue(&self, cue: Cue) {
        if let Self::Replay(orders) = self {
            order(orders, Order::Cue(cue));
        }
    }

    /// Records what the application is about to be told.
    pub(super) fn record(&mut self, msg: &Msg, app: &App, now: Timestamp) {
        let Self::Live(live) = self else { return };
        match msg {
            Msg::Updates(updates) => live.recorder.hear(now, updates),
            Msg::Journal(journal, _) => {
                let events = app.store().scopes().map(|scope| (scope, journal.events(scope)));
                let written = events.filter(|(_, events)| !events.is_empty());
                let written = written.map(|(scope, events)| Update {
                    scope: scope.clone(),
                    at: now,
                    news: News::Events(events),
                });
                live.recorder.hear(now, &written.collect::<Vec<_>>());
            }
            Msg::Key(_)
            | Msg::Paste(_)
            | Msg::Mouse(_)
            | Msg::Resize(..)
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

/// Notes what the user looks at; whether that is something else than before, in whatever order it
/// is on the screen.
fn look_at(interest: &mut poll::Interest, looked_at: Interest) -> bool {
    let visible = looked_at.visible.into_iter().map(|target| target.resource).collect();
    let open = looked_at.open.map(|target| target.resource);
    let alarm = looked_at.alarm.map(|(_, alarm)| alarm);
    let hot_keys = looked_at.hot_keys.map(|target| target.resource);
    let cluster = looked_at.cluster.map(|(_, cluster)| cluster);
    let last_key = interest.last_key;
    let present = poll::Interest { visible, open, alarm, hot_keys, cluster, last_key };
    let is_other = *interest != present;
    *interest = present;
    is_other
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Target;
    use crate::model::id::{Resource, Scope};

    #[test]
    fn pollers_wake_only_for_other_rows_another_table_or_other_keys() {
        let looked_at = |visible: &[&str], open: Option<&str>, hot_keys: Option<&str>| {
            let scope = Scope::new("aws", "123456789012", "us-east-1");
            let target =
                |name: &&str| Target { scope: scope.clone(), resource: Resource::table(name) };
            let visible = visible.iter().map(target).collect();
            let (open, hot_keys) = (open.as_ref().map(target), hot_keys.as_ref().map(target));
            Interest { visible, open, alarm: None, hot_keys, cluster: None }
        };
        let mut interest = poll::Interest::default();
        for (visible, open, hot_keys, expected) in [
            (&["orders", "carts"][..], None, None, true),
            (&["carts", "orders"], None, None, false),
            (&["carts"], None, None, true),
            (&["carts"], Some("carts"), None, true),
            (&["carts"], Some("carts"), None, false),
            (&[], Some("carts"), None, true),
            (&[], None, Some("carts"), true),
            (&[], None, Some("carts"), false),
            (&[], None, Some("orders"), true),
        ] {
            let is_other = look_at(&mut interest, looked_at(visible, open, hot_keys));
            assert_eq!(is_other, expected, "{visible:?} {open:?} {hot_keys:?}");
            let asked = interest.hot_keys.as_ref().map(Resource::short_name);
            assert_eq!(asked, hot_keys);
        }
    }
}
