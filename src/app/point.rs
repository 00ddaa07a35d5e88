//! What the mouse does.

use super::action::Action;
use super::key::Mouse;
use super::pane::Pane;
use super::{App, Effect, Mode};
use crate::view::Layout;
use jiff::Timestamp;

impl App {
    /// A click selects a row, and opens it where it was selected; the wheel moves the selection.
    pub(super) fn point(&mut self, mouse: Mouse, now: Timestamp) -> Option<Effect> {
        if !matches!(self.mode, Mode::Normal) {
            return None;
        }
        match mouse {
            Mouse::WheelUp => self.act(Action::Up, now),
            Mouse::WheelDown => self.act(Action::Down, now),
            Mouse::Click { column, row } => {
                if self.pane == Pane::HotKeys && self.is_beside_list(column) {
                    return None;
                }
                let offset = self.place_on_screen()?.offset;
                let line = usize::from(row.checked_sub(Layout::FIRST_ROW)?);
                let clicked = offset.saturating_add(line);
                if line >= self.page() || clicked >= self.row_count(now) {
                    return None;
                }
                let is_chosen = match self.pane {
                    Pane::HotKeys => self.hot_keys.is_chosen(),
                    Pane::Scaling => self.scaling.is_chosen(),
                    Pane::Dax => self.dax.list.is_chosen(),
                    Pane::Alarms => self.alarms.is_chosen(),
                    Pane::Timeline => self.timeline.is_chosen(),
                    Pane::Tables | Pane::Table | Pane::Pollers => self.tables.is_chosen(),
                };
                if clicked == self.row(now) && is_chosen {
                    return self.act(Action::Open, now);
                }
                self.move_to(clicked, now);
                None
            }
        }
    }
}
