//! What lists leave out: each pane with rows to filter remembers its own.

use super::App;
use super::pane::Pane;
use tui_input::Input;

/// What a list leaves out.
#[derive(Debug, Default)]
pub(super) struct Narrowing {
    /// What was typed into the filter box.
    pub(super) filter: Input,
    /// Whether only what is in trouble has a row.
    pub(super) only_trouble: bool,
}

impl Narrowing {
    /// What is looked for, as it was typed; empty if nothing is.
    pub(super) fn filter(&self) -> &str {
        self.filter.value()
    }

    /// Whether anything is left out.
    pub(super) fn is_any(&self) -> bool {
        self.only_trouble || !self.filter().is_empty()
    }

    /// Leaves nothing out; whether anything was.
    pub(super) fn clear(&mut self) -> bool {
        let was_any = self.is_any();
        *self = Self::default();
        was_any
    }

    /// What is left out, for the header: never to be overlooked.
    pub(super) fn told(&self) -> Vec<String> {
        let filter = self.filter();
        let parts = [
            self.only_trouble.then(|| "ONLY TROUBLE".to_owned()),
            (!filter.is_empty()).then(|| format!("FILTER {filter}")),
        ];
        parts.into_iter().flatten().collect()
    }
}

impl App {
    /// What the list of the present pane leaves out.
    pub(super) fn narrowing(&self) -> &Narrowing {
        match self.pane {
            Pane::Timeline => &self.timeline.narrowing,
            Pane::Tables | Pane::Table | Pane::Alarms | Pane::Pollers => &self.narrowing,
        }
    }

    /// The same, to change it.
    pub(super) fn narrowing_mut(&mut self) -> &mut Narrowing {
        match self.pane {
            Pane::Timeline => &mut self.timeline.narrowing,
            Pane::Tables | Pane::Table | Pane::Alarms | Pane::Pollers => &mut self.narrowing,
        }
    }

    /// Chooses the rows of the present pane anew.
    pub(super) fn list_here(&mut self) {
        match self.pane {
            Pane::Timeline => self.timeline.choose(),
            Pane::Tables | Pane::Table | Pane::Alarms | Pane::Pollers => self.list(),
        }
    }
}
