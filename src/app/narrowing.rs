//! What a list leaves out because the user said so.

use super::App;
use super::pane::Pane;
use jiff::Timestamp;
use tui_input::Input;

/// What one pane's list is narrowed to.
#[derive(Debug, Default)]
pub(super) struct Narrowing {
    /// What was typed into the filter box.
    pub(super) filter: Input,
    /// Whether only what is in trouble has a row.
    pub(super) only_trouble: bool,
}

impl Narrowing {
    /// Whether anything is left out.
    pub(super) fn is_narrow(&self) -> bool {
        self.only_trouble || !self.filter.value().is_empty()
    }

    /// Lets everything in again.
    pub(super) fn clear(&mut self) {
        self.filter.reset();
        self.only_trouble = false;
    }

    /// What is left out, never to be overlooked.
    pub(super) fn told(&self) -> Option<String> {
        let filter = self.filter.value();
        let parts = [
            self.only_trouble.then(|| "ONLY TROUBLE".to_owned()),
            (!filter.is_empty()).then(|| format!("FILTER {filter}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

impl App {
    /// What the list of the present pane leaves out.
    pub(super) fn narrowing(&self) -> &Narrowing {
        match self.pane {
            Pane::HotKeys => &self.hot_keys.narrowing,
            Pane::Scaling => &self.scaling.narrowing,
            Pane::Dax => &self.dax.list.narrowing,
            Pane::Alarms => &self.alarms.narrowing,
            Pane::Timeline => &self.timeline.narrowing,
            Pane::Tables | Pane::Table | Pane::Pollers => &self.narrowing,
        }
    }

    /// The same, to change it.
    pub(super) fn narrowing_mut(&mut self) -> &mut Narrowing {
        match self.pane {
            Pane::HotKeys => &mut self.hot_keys.narrowing,
            Pane::Scaling => &mut self.scaling.narrowing,
            Pane::Dax => &mut self.dax.list.narrowing,
            Pane::Alarms => &mut self.alarms.narrowing,
            Pane::Timeline => &mut self.timeline.narrowing,
            Pane::Tables | Pane::Table | Pane::Pollers => &mut self.narrowing,
        }
    }

    /// Leaves out of the present pane's list what seldom matters, or shows it.
    pub(super) fn toggle_folded(&mut self, now: Timestamp) {
        match self.pane {
            Pane::HotKeys => self.hot_keys.toggle_folded(),
            Pane::Scaling => self.scaling.toggle_folded(),
            Pane::Dax => self.toggle_calm_nodes(now),
            Pane::Alarms => self.alarms.toggle_own(),
            Pane::Timeline => self.toggle_own_alarms(now),
            Pane::Tables | Pane::Table | Pane::Pollers => {
                self.relist(|app| app.kept.fold_indexes = Some(!app.folded));
            }
        }
    }

    /// Chooses the rows of the present pane anew.
    pub(super) fn list_here(&mut self) {
        match self.pane {
            Pane::HotKeys => self.hot_keys.choose(),
            Pane::Scaling => self.scaling.choose(),
            Pane::Dax => self.dax.list.choose(),
            Pane::Alarms => self.alarms.list(),
            Pane::Timeline => self.timeline.choose(),
            Pane::Tables | Pane::Table | Pane::Pollers => self.list(),
        }
    }
}
