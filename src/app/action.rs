//! The one table of actions: it feeds the key map, the footer and the manual.

use super::key::Key;

/// Something a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Selects the next row.
    Down,
    /// Selects the previous row.
    Up,
    /// Selects the first row.
    Top,
    /// Selects the last row.
    Bottom,
    /// Moves half a page down.
    HalfPageDown,
    /// Moves half a page up.
    HalfPageUp,
    /// Moves a page down.
    PageDown,
    /// Moves a page up.
    PageUp,
    /// Opens the filter box.
    Filter,
    /// Shows only what is in trouble, or everything again.
    OnlyTrouble,
    /// Sorts by the next column.
    Sort,
    /// Turns the order round.
    Reverse,
    /// Takes filters away.
    Back,
    /// Reads from AWS now.
    Refresh,
    /// Paints the screen anew.
    Redraw,
    /// Stops the program as job control does.
    Suspend,
    /// Ends the program.
    Quit,
}

/// Where an action means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Valid {
    /// Always.
    Always,
    /// While a table is known.
    WithTables,
    /// While there are rows.
    WithRows,
    /// While a filter hides rows.
    WhileFiltered,
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// What is done.
    pub action: Action,
    /// Its name in the configuration.
    pub name: &'static str,
    /// The key sequences that do it; the first is the one that is shown.
    pub keys: &'static [&'static [Key]],
    /// What it does, for the manual: an imperative sentence.
    pub doc: &'static str,
    /// What the footer calls it; `None` keeps it out of the footer.
    pub label: Option<&'static str>,
    /// Where room lacks, the footer leaves out hints of the greatest rank first.
    pub rank: u8,
    /// Where it means something.
    pub valid: Valid,
}

/// Every action, in the order in which they are shown.
pub const ACTIONS: &[Spec] = &[
    Spec {
        action: Action::Down,
        name: "down",
        keys: &[&[Key::Char('j')], &[Key::Down]],
        doc: "Select the next row",
        label: Some("down"),
        rank: 1,
        valid: Valid::WithRows,
    },
    Spec {
        action: Action::Up,
        name: "up",
        keys: &[&[Key::Char('k')], &[Key::Up]],
        doc: "Select the previous row",
        label: Some("up"),
        rank: 1,
        valid: Valid::WithRows,
    },
    Spec {
        action: Action::Filter,
        name: "filter",
        keys: &[&[Key::Char('/')]],
        doc: "Filter rows: text, !text for rows without it, column:text",
        label: Some("filter"),
        rank: 1,
        valid: Valid::WithTables,
    },
    Spec {
        action: Action::OnlyTrouble,
        name: "only-trouble",
        keys: &[&[Key::Char('!')]],
        doc: "Show only what is in trouble, or everything again",
        label: Some("only trouble"),
        rank: 2,
        valid: Valid::WithTables,
    },
    Spec {
        action: Action::Back,
        name: "back",
        keys: &[&[Key::Esc]],
        doc: "Take the filters away",
        label: Some("show all"),
        rank: 1,
        valid: Valid::WhileFiltered,
    },
    Spec {
        action: Action::Sort,
        name: "sort",
        keys: &[&[Key::Char('s')]],
        doc: "Sort by the next column",
        label: Some("sort"),
        rank: 2,
        valid: Valid::WithRows,
    },
    Spec {
        action: Action::Reverse,
        name: "reverse",
        keys: &[&[Key::Char('S')]],
        doc: "Turn the order round",
        label: Some("reverse"),
        rank: 5,
        valid: Valid::WithRows,
    },
    Spec {
        action: Action::Refresh,
        name: "refresh",
        keys: &[&[Key::Char('r')]],
        doc: "Read from AWS now, at the price of one more round",
        label: Some("refresh"),
        rank: 5,
        valid: Valid::Always,
    },
    Spec {
        action: Action::Quit,
        name: "quit",
        keys: &[&[Key::Char('q')], &[Key::Ctrl('c')]],
        doc: "Quit",
        label: Some("quit"),
        rank: 1,
        valid: Valid::Always,
    },
    Spec {
        action: Action::Top,
        name: "top",
        keys: &[&[Key::Char('g'), Key::Char('g')], &[Key::Home]],
        doc: "Select the first row",
        label: None,
        rank: 0,
        valid: Valid::WithRows,
    },
    Spec {
        action: Action::Bottom,
        name: "bottom",
        keys: &[&[Key::Char('G')], &[Key::End]],
        doc: "Select the last row",
        label: None,
        rank: 0,
        valid: Valid::WithRows,
    },
    Spec {
        action: Action::HalfPageDown,
        name: "half-page-down",
        keys: &[&[Key::Ctrl('d')]],
        doc: "Move half a page down",
        label: None,
        rank: 0,
        valid: Valid::WithRows,
    },
    Spec {
        action: Action::HalfPageUp,
        name: "half-page-up",
        keys: &[&[Key::Ctrl('u')]],
        doc: "Move half a page up",
        label: None,
        rank: 0,
        valid: Valid::WithRows,
    },
    Spec {
        action: Action::PageDown,
        name: "page-down",
        keys: &[&[Key::PageDown], &[Key::Ctrl('f')]],
        doc: "Move a page down",
        label: None,
        rank: 0,
        valid: Valid::WithRows,
    },
    Spec {
        action: Action::PageUp,
        name: "page-up",
        keys: &[&[Key::PageUp], &[Key::Ctrl('b')]],
        doc: "Move a page up",
        label: None,
        rank: 0,
        valid: Valid::WithRows,
    },
    Spec {
        action: Action::Redraw,
        name: "redraw",
        keys: &[&[Key::Ctrl('l')]],
        doc: "Paint the screen anew",
        label: None,
        rank: 0,
        valid: Valid::Always,
    },
    Spec {
        action: Action::Suspend,
        name: "suspend",
        keys: &[&[Key::Ctrl('z')]],
        doc: "Suspend; `fg` brings it back",
        label: None,
        rank: 0,
        valid: Valid::Always,
    },
];

/// What a key sequence means so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// It does this.
    Action(Action),
    /// Another key may complete it.
    Prefix,
    /// Nothing.
    Unbound,
}

/// Finds what the keys pressed so far mean.
pub fn lookup(pressed: &[Key]) -> Lookup {
    let bound = ACTIONS.iter().flat_map(|spec| spec.keys.iter().map(move |keys| (spec, *keys)));
    let mut found = Lookup::Unbound;
    for (spec, keys) in bound {
        if keys == pressed {
            return Lookup::Action(spec.action);
        }
        if keys.starts_with(pressed) {
            found = Lookup::Prefix;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_key_means_two_things() {
        let all: Vec<&[Key]> = ACTIONS.iter().flat_map(|spec| spec.keys.iter().copied()).collect();
        for (place, keys) in all.iter().enumerate() {
            for other in &all[place + 1..] {
                let shadowed = keys.starts_with(other) || other.starts_with(keys);
                assert!(!shadowed, "{keys:?} and {other:?}");
            }
        }
        let names: BTreeSet<&str> = ACTIONS.iter().map(|spec| spec.name).collect();
        assert_eq!(names.len(), ACTIONS.len());
    }

    #[test]
    fn a_sequence_is_a_prefix_until_it_is_complete() {
        assert_eq!(lookup(&[Key::Char('g')]), Lookup::Prefix);
        assert_eq!(lookup(&[Key::Char('g'), Key::Char('g')]), Lookup::Action(Action::Top));
        assert_eq!(lookup(&[Key::Char('g'), Key::Char('j')]), Lookup::Unbound);
        assert_eq!(lookup(&[Key::Char('9')]), Lookup::Unbound);
    }
}
