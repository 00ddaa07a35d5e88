//! Which key sequence does what: the table of actions, with the user's own keys merged in.

use super::action::{ACTIONS, Action};
use super::key::Key;

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

/// Key sequences and what they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    /// In the order of [`ACTIONS`]; of one action's sequences the first is the one that is shown.
    bindings: Vec<(Vec<Key>, Action)>,
}

impl Default for Keymap {
    fn default() -> Self {
        let bound = ACTIONS.iter().flat_map(|spec| spec.keys.iter().map(move |keys| (*keys, spec)));
        Self { bindings: bound.map(|(keys, spec)| (keys.to_vec(), spec.action)).collect() }
    }
}

impl Keymap {
    /// Finds what the keys pressed so far mean.
    pub fn lookup(&self, pressed: &[Key]) -> Lookup {
        let mut found = Lookup::Unbound;
        for (keys, action) in &self.bindings {
            if keys == pressed {
                return Lookup::Action(*action);
            }
            if keys.starts_with(pressed) {
                found = Lookup::Prefix;
            }
        }
        found
    }

    /// The sequences that do `action`, the one to show first.
    pub fn keys_of(&self, action: Action) -> impl Iterator<Item = &[Key]> {
        let of_action = self.bindings.iter().filter(move |(_, bound)| *bound == action);
        of_action.map(|(keys, _)| keys.as_slice())
    }

    /// The shown sequence of `action`, as the footer writes it; `None` if nothing is bound to it.
    pub fn shown(&self, action: Action) -> Option<String> {
        self.keys_of(action).next().map(written)
    }
}

/// Writes a sequence: single characters stand side by side, longer names apart.
pub fn written(keys: &[Key]) -> String {
    let names: Vec<String> = keys.iter().map(Key::to_string).collect();
    let short = names.iter().all(|name| name.chars().count() == 1);
    names.join(if short { "" } else { " " })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things() {
        let bindings = Keymap::default().bindings;
        for (place, (keys, _)) in bindings.iter().enumerate() {
            for (other, _) in &bindings[place + 1..] {
                let shadowed = keys.starts_with(other) || other.starts_with(keys);
                assert!(!shadowed, "{keys:?} and {other:?}");
            }
        }
    }

    #[test]
    fn a_sequence_is_a_prefix_until_it_is_complete() {
        let keymap = Keymap::default();
        assert_eq!(keymap.lookup(&[Key::Char('g')]), Lookup::Prefix);
        let twice = [Key::Char('g'), Key::Char('g')];
        assert_eq!(keymap.lookup(&twice), Lookup::Action(Action::Top));
        assert_eq!(keymap.lookup(&[Key::Char('g'), Key::Char('j')]), Lookup::Unbound);
        assert_eq!(keymap.lookup(&[Key::Char('9')]), Lookup::Unbound);
        assert_eq!(keymap.shown(Action::Top).as_deref(), Some("gg"));
        assert_eq!(keymap.shown(Action::Suspend).as_deref(), Some("Ctrl-z"));
    }
}
