//! Which key sequence does what: the table of actions, with the user's own keys merged in.

use super::action::{ACTIONS, Action};
use super::key::{Key, KeyError};

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
    /// Of one action's sequences the first is the one that is shown.
    bindings: Vec<(Vec<Key>, Action)>,
}

/// The user's own keys of one action, in place of the usual ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// What they do.
    pub action: Action,
    /// The sequences, the one to show first; none leaves the action without a key.
    pub keys: Vec<Vec<Key>>,
}

/// Why own keys cannot be used. Each message is one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The sequence does something else.
    #[error("`{0}` is already `{1}`")]
    Taken(String, &'static str),
    /// One of two sequences would never be reached: the other begins like it and is shorter.
    #[error("`{0}` gets in the way of `{1}`, which is `{2}`")]
    InTheWay(String, String, &'static str),
    /// The way out must work always.
    #[error("`Ctrl-c` always quits")]
    AlwaysQuits,
}

/// The way out, whatever else is bound.
const ALWAYS_QUITS: Key = Key::Ctrl('c');

impl Default for Keymap {
    fn default() -> Self {
        let bound = ACTIONS.iter().flat_map(|spec| spec.keys.iter().map(move |keys| (*keys, spec)));
        Self { bindings: bound.map(|(keys, spec)| (keys.to_vec(), spec.action)).collect() }
    }
}

impl Keymap {
    /// The usual keys with the user's own in place of those of the same action.
    ///
    /// # Errors
    /// The place in `own` of the first action with a sequence that means something else already, be
    /// it by an own key before it or by a usual one that is still in force.
    pub fn with(own: &[Own]) -> Result<Self, (usize, Conflict)> {
        let mut keymap = Self::default();
        let is_own = |action| own.iter().any(|own| own.action == action);
        keymap.bindings.retain(|(_, action)| !is_own(*action));
        for (place, Own { action, keys }) in own.iter().enumerate() {
            for keys in keys {
                keymap.bind(keys, *action).map_err(|conflict| (place, conflict))?;
            }
        }
        if keymap.keys_of(Action::Quit).all(|keys| keys != [ALWAYS_QUITS]) {
            keymap.bindings.push((vec![ALWAYS_QUITS], Action::Quit));
        }
        Ok(keymap)
    }

    fn bind(&mut self, keys: &[Key], action: Action) -> Result<(), Conflict> {
        if keys.contains(&ALWAYS_QUITS) && (keys != [ALWAYS_QUITS] || action != Action::Quit) {
            return Err(Conflict::AlwaysQuits);
        }
        for (bound, other) in &self.bindings {
            let name = other.spec().map_or("", |spec| spec.name);
            if bound == keys {
                let same = *other == action;
                return if same { Ok(()) } else { Err(Conflict::Taken(spelled(keys), name)) };
            }
            if bound.starts_with(keys) || keys.starts_with(bound) {
                return Err(Conflict::InTheWay(spelled(keys), spelled(bound), name));
            }
        }
        self.bindings.push((keys.to_vec(), action));
        Ok(())
    }

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

/// Writes a sequence as the settings file has it: `g g`.
pub fn spelled(keys: &[Key]) -> String {
    let names: Vec<String> = keys.iter().map(Key::to_string).collect();
    names.join(" ")
}

/// Reads a sequence as [`spelled`] writes it.
///
/// # Errors
/// The first word that names no key.
pub fn parse(text: &str) -> Result<Vec<Key>, KeyError> {
    if text.trim().is_empty() {
        return Err(KeyError::Unknown(text.to_owned()));
    }
    text.split_whitespace().map(str::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(action: Action, keys: &[&str]) -> Own {
        Own { action, keys: keys.iter().map(|keys| parse(keys).unwrap()).collect() }
    }

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

    #[test]
    fn own_keys_stand_in_for_the_usual_ones() {
        let keymap = Keymap::with(&[
            own(Action::Expand, &["v", "Ctrl-t"]),
            own(Action::Help, &["z"]),
            own(Action::Sort, &[]),
        ])
        .unwrap();
        assert_eq!(keymap.lookup(&[Key::Char('v')]), Lookup::Action(Action::Expand));
        assert_eq!(keymap.lookup(&[Key::Ctrl('t')]), Lookup::Action(Action::Expand));
        assert_eq!(keymap.lookup(&[Key::Char('z')]), Lookup::Action(Action::Help));
        assert_eq!(keymap.lookup(&[Key::Char('?')]), Lookup::Unbound);
        assert_eq!(keymap.lookup(&[Key::Char('s')]), Lookup::Unbound);
        assert_eq!(keymap.shown(Action::Expand).as_deref(), Some("v"));
        assert_eq!(keymap.shown(Action::Sort), None);
        assert_eq!(keymap.lookup(&[Key::Char('j')]), Lookup::Action(Action::Down));
    }

    #[test]
    fn conflicts_name_both_sides_and_the_later_place() {
        let cases = [
            (vec![own(Action::Help, &["z"])], 0, "`z` is already `expand`"),
            (
                vec![own(Action::Help, &["v"]), own(Action::Sort, &["o", "v"])],
                1,
                "`v` is already `help`",
            ),
            (vec![own(Action::Help, &["g"])], 0, "`g` gets in the way of `g g`, which is `top`"),
            (vec![own(Action::Help, &["j j"])], 0, "`j j` gets in the way of `j`, which is `down`"),
            (vec![own(Action::Help, &["Ctrl-c"])], 0, "`Ctrl-c` always quits"),
            (vec![own(Action::Help, &["v Ctrl-c"])], 0, "`Ctrl-c` always quits"),
        ];
        for (own, place, message) in cases {
            let (at, conflict) = Keymap::with(&own).unwrap_err();
            assert_eq!((at, conflict.to_string().as_str()), (place, message));
        }
        let swapped = [own(Action::Up, &["j"]), own(Action::Down, &["k"])];
        assert!(Keymap::with(&swapped).is_ok());
    }

    #[test]
    fn the_way_out_stays_whatever_quit_is_bound_to() {
        for keys in [&[][..], &["v"], &["q", "Ctrl-c"]] {
            let keymap = Keymap::with(&[own(Action::Quit, keys)]).unwrap();
            assert_eq!(keymap.lookup(&[ALWAYS_QUITS]), Lookup::Action(Action::Quit));
            let shown = keys.first().copied().unwrap_or("Ctrl-c");
            assert_eq!(keymap.shown(Action::Quit).as_deref(), Some(shown));
        }
    }

    #[test]
    fn sequences_are_read_as_they_are_spelled() {
        for spec in ACTIONS {
            for keys in spec.keys {
                assert_eq!(parse(&spelled(keys)).unwrap(), *keys);
            }
        }
        assert!(parse(" ").is_err() && parse("g gg").is_err());
    }
}
