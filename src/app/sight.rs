//! What is in sight: which rows are on screen, and what more is read because of that.

use super::pane::Pane;
use super::{App, Target};
use crate::model::id::{Resource, Scope};
use crate::model::update::Update;
use crate::view::Layout;
use jiff::Timestamp;
use std::sync::Arc;

/// What the user looks at: for these more is read than for the rest of the fleet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Interest {
    /// The rows on screen, from top to bottom.
    pub visible: Vec<Target>,
    /// What the Table pane shows.
    pub open: Option<Target>,
    /// The alarm that is told of in full, by name.
    pub alarm: Option<(Scope, Arc<str>)>,
    /// The selected row of the Hot keys pane.
    pub hot_keys: Option<Target>,
    /// The DAX cluster that is looked at, by name.
    pub cluster: Option<(Scope, Arc<str>)>,
}

/// Which row of a list is selected, and which is the first on screen.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) cursor: usize,
    pub(super) offset: usize,
    /// Whether a filter is being typed: half of one points at nothing that was meant.
    pub(super) is_held: bool,
}

impl Place {
    /// The line of the list on screen that is selected, from 0.
    pub(super) fn line(self) -> usize {
        self.cursor.saturating_sub(self.offset)
    }

    /// Moves the offset as little as brings the cursor into a page of `page` of `rows` rows.
    pub(super) fn keep_in_sight(&mut self, rows: usize, page: usize) {
        let page = page.max(1);
        self.cursor = self.cursor.min(rows.saturating_sub(1));
        self.offset = self.offset.clamp((self.cursor + 1).saturating_sub(page), self.cursor);
        self.offset = self.offset.min(rows.saturating_sub(page));
    }
}

impl App {
    /// Takes in news.
    pub(super) fn hear(&mut self, updates: Vec<Update>, now: Timestamp) {
        // What was written in a scope may be known before the scope is.
        let written = self.written_where_new(&updates, now);
        for update in updates.into_iter().chain(written) {
            self.alarms.hear(&update.news);
            self.leave(&update.scope, &update.news);
            self.store.apply(update);
        }
        self.judge_unless_frozen(now);
    }

    /// Draws conclusions from the news; a frozen screen waits for them.
    pub(super) fn judge_unless_frozen(&mut self, now: Timestamp) {
        if self.frozen.is_none() {
            self.judge(now);
        }
    }

    /// The row of a resource; that of its table for an index that has none.
    pub(super) fn place_of(&self, target: &Target) -> Option<usize> {
        let place = |wanted: &Target| self.rows.iter().position(|row| row == wanted);
        place(target).or_else(|| {
            let table = Resource::Table(target.resource.table_name()?.clone());
            place(&Target::new(&target.scope, table))
        })
    }

    /// Brings the present pane up to date where keys led there from another, and the charts of
    /// others to the time that the Timeline pointed at.
    pub(super) fn come_and_go(&mut self, before: Pane, now: Timestamp) {
        if before == self.pane {
            return;
        }
        self.reveals_keys = false;
        if before == Pane::Timeline {
            self.timeframe.reach_cursor(self.end(now));
        }
        match self.pane {
            Pane::Timeline => self.enter_timeline(now),
            Pane::Tables
            | Pane::Table
            | Pane::HotKeys
            | Pane::Scaling
            | Pane::Dax
            | Pane::Alarms
            | Pane::Pollers => self.list_present(now),
        }
    }

    /// Chooses the rows anew that are only chosen while their pane is on screen.
    pub(super) fn list_present(&mut self, now: Timestamp) {
        match self.pane {
            Pane::HotKeys => self.list_hot_keys(now),
            Pane::Scaling => self.list_scaling(now),
            Pane::Dax => self.list_dax(now),
            Pane::Timeline => self.list_events(now),
            Pane::Tables | Pane::Table | Pane::Alarms | Pane::Pollers => {}
        }
    }

    /// Rows of the present pane's list that fit on screen.
    pub(super) fn page(&self) -> usize {
        if self.pane == Pane::HotKeys { self.hot_keys_page() } else { self.usual_page() }
    }

    /// Rows that fit on screen above what is told of the selected one.
    fn usual_page(&self) -> usize {
        let (width, height) = self.size;
        Layout::of(width, height, self.expanded).map_or(0, |layout| layout.list.into())
    }

    /// Where the pointer of the present pane's list is; `None` on the Table pane, whose charts go through a family.
    pub(super) fn place(&self) -> Option<Place> {
        Some(match self.pane {
            Pane::Table => return None,
            Pane::Tables => self.tables.place,
            Pane::HotKeys => self.hot_keys.pointer.place,
            Pane::Scaling => self.scaling.pointer.place,
            Pane::Dax => self.dax.list.pointer.place,
            Pane::Alarms => self.alarms.pointer.place,
            Pane::Timeline => self.timeline.place,
            Pane::Pollers => self.pollers,
        })
    }

    pub(super) fn place_mut(&mut self) -> Option<&mut Place> {
        Some(match self.pane {
            Pane::Table => return None,
            Pane::Tables => &mut self.tables.place,
            Pane::HotKeys => &mut self.hot_keys.pointer.place,
            Pane::Scaling => &mut self.scaling.pointer.place,
            Pane::Dax => &mut self.dax.list.pointer.place,
            Pane::Alarms => &mut self.alarms.pointer.place,
            Pane::Timeline => &mut self.timeline.place,
            Pane::Pollers => &mut self.pollers,
        })
    }

    /// The same, where rows of that list are on screen.
    pub(super) fn place_on_screen(&self) -> Option<Place> {
        let is_covered = match self.pane {
            Pane::Tables | Pane::Table | Pane::Pollers => false,
            Pane::Alarms => self.details || self.expanded,
            Pane::HotKeys | Pane::Scaling | Pane::Timeline => self.details,
            Pane::Dax => self.details || self.dax.opened,
        };
        if is_covered { None } else { self.place() }
    }

    pub(super) fn keep_cursors_in_sight(&mut self, now: Timestamp) {
        self.hot_keys.pointer.place.keep_in_sight(self.hot_keys.row_count(), self.hot_keys_page());
        let page = self.usual_page();
        self.tables.place.keep_in_sight(self.rows.len(), page);
        self.scaling.pointer.place.keep_in_sight(self.scaling.row_count(), page);
        self.dax.list.pointer.place.keep_in_sight(self.dax.list.row_count(), page);
        let alarms = self.alarms.row_count();
        self.alarms.pointer.place.keep_in_sight(alarms, page);
        let pollers = self.poller_rows().len();
        self.pollers.keep_in_sight(pollers, page);
        self.timeline.place.keep_in_sight(self.timeline.row_count(), page);
        let minutes = match self.pane {
            Pane::Timeline => self.minutes_told(now),
            Pane::Tables
            | Pane::Table
            | Pane::HotKeys
            | Pane::Scaling
            | Pane::Dax
            | Pane::Alarms
            | Pane::Pollers => self.timeframe.window(self.end(now)),
        };
        self.timeframe.keep_cursor_in(minutes);
    }

    /// The rows of the Tables pane that fit on screen.
    pub(super) fn visible(&self) -> &[Target] {
        let end = self.tables.place.offset.saturating_add(self.page()).min(self.rows.len());
        self.rows.get(self.tables.place.offset..end).unwrap_or_default()
    }

    pub(super) fn present_interest(&self) -> Interest {
        let visible = match self.pane {
            Pane::Tables => self.visible().to_vec(),
            Pane::Dax => self.dax_in_sight().collect(),
            // The charts of the selected row are on screen.
            Pane::Scaling | Pane::Timeline => self.current().into_iter().collect(),
            Pane::Table | Pane::HotKeys | Pane::Alarms | Pane::Pollers => vec![],
        };
        Interest {
            visible,
            open: self.open.clone().filter(|_| self.pane == Pane::Table),
            alarm: self.alarm_of_interest(),
            hot_keys: self.hot_keys_target(),
            cluster: self.cluster_of_interest(),
        }
    }
}
