//! What a list leaves out because the user said so.

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
