//! The user's own keys: the table `[keys]` of the settings file.

use super::file::{Mistake, did_you_mean};
use crate::app::action::{ACTIONS, Action};
use crate::app::key::{Key, KeyError};
use crate::app::keymap::{Keymap, Own, parse};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The table as written: actions by name, and the key sequences that do them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub(super) struct Keys(BTreeMap<Spanned<String>, Spanned<Sequences>>);

/// One key sequence, or several.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged, expecting = "expected a key such as \"x\", or a list of them")]
enum Sequences {
    One(String),
    Several(Vec<String>),
}

impl Sequences {
    fn read(&self) -> Result<Vec<Vec<Key>>, KeyError> {
        match self {
            Self::One(keys) => Ok(vec![parse(keys)?]),
            Self::Several(several) => several.iter().map(|keys| parse(keys)).collect(),
        }
    }
}

impl Keys {
    /// The usual keys with these in place of those of the same actions.
    ///
    /// # Errors
    /// The first line with an unknown action, an unreadable key, or a key that does something else.
    pub(super) fn keymap(&self) -> Result<Keymap, Mistake> {
        let mut lines: Vec<_> = self.0.iter().collect();
        // Of two lines in conflict, the lower one is the mistake.
        lines.sort_by_key(|(name, _)| name.span().start);
        let own: Result<Vec<Own>, Mistake> =
            lines.iter().map(|(name, sequences)| own(name, sequences)).collect();
        Keymap::with(&own?).map_err(|(place, conflict)| Mistake {
            offset: lines.get(place).map_or(0, |(name, _)| name.span().start),
            problem: conflict.to_string(),
        })
    }
}

fn own(name: &Spanned<String>, sequences: &Spanned<Sequences>) -> Result<Own, Mistake> {
    let unknown = || {
        let message = format!("unknown action `{}`", name.get_ref());
        let known = ACTIONS.iter().map(|spec| spec.name);
        Mistake { offset: name.span().start, problem: did_you_mean(message, name.get_ref(), known) }
    };
    let action = Action::named(name.get_ref()).ok_or_else(unknown)?;
    let keys = sequences
        .get_ref()
        .read()
        .map_err(|error| Mistake { offset: sequences.span().start, problem: error.to_string() })?;
    Ok(Own { action, keys })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::file;

    #[test]
    fn own_keys_replace_those_of_their_actions_alone() {
        let written = "[keys]\nexpand = \"v\"\ntop = [\"z z\", \"ctrl-t\"]\nreverse = []\n";
        let keymap = file::parse(written).unwrap().keymap;
        let keys_of = |action| -> Vec<String> {
            keymap.keys_of(action).map(crate::app::keymap::spelled).collect()
        };
        assert_eq!(keys_of(Action::Expand), ["v"]);
        assert_eq!(keys_of(Action::Top), ["z z", "Ctrl-t"]);
        assert!(keys_of(Action::Reverse).is_empty());
        assert_eq!(keys_of(Action::Bottom), ["G", "End"]);
    }

    #[test]
    fn mistakes_are_one_line_with_their_place() {
        let cases = [
            ("expnd = \"v\"", 2, "unknown action `expnd`; did you mean `expand`?"),
            ("top = \"gg\"", 2, "`gg` is no key"),
            ("top = \"\"", 2, "`` is no key"),
            ("sort = \"Ctrl-m\"", 2, "`Ctrl-m` is the same as `Enter` to a terminal"),
            ("sort = [\n\"o\",\n\"Ctl-o\"]", 2, "`Ctl-o` is no key"),
            ("sort = \"v\"\nhelp = \"v\"", 3, "`v` is already `sort`"),
            ("help = \"v\"\nexpand = \"v\"", 3, "`v` is already `help`"),
            ("\nhelp = \"s\"", 3, "`s` is already `sort`"),
            ("help = \"g h\"\ntop = [\"g g\"]\nsort = \"g\"", 4, "`g` gets in the way of"),
            ("refresh = \"Ctrl-c\"", 2, "`Ctrl-c` always quits"),
            ("sort = 5", 2, "expected a key such as"),
        ];
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        for (lines, line, problem) in cases {
            std::fs::write(&path, format!("[keys]\n{lines}\n")).unwrap();
            let message = file::read(&path).unwrap_err().to_string();
            assert!(message.contains(&format!("config.toml:{line}: {problem}")), "{message}");
            assert!(!message.contains('\n'), "{message}");
        }
    }
}
