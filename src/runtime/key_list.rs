//! `keys`: every action with its keys.

use crate::app::action::{ACTIONS, Spec};
use crate::app::keymap::{Keymap, spelled};
use crate::cli::KeysFormat;
use std::fmt::Write as _;

/// Lists every action with the keys that `keymap` gives it.
pub(super) fn list(keymap: &Keymap, format: KeysFormat) -> String {
    match format {
        KeysFormat::Text => text(keymap),
        KeysFormat::Toml => toml(keymap),
    }
}

fn sequences(keymap: &Keymap, spec: &Spec) -> Vec<String> {
    keymap.keys_of(spec.action).map(spelled).collect()
}

/// Name, keys and what they do, in columns.
fn text(keymap: &Keymap) -> String {
    let rows: Vec<[String; 2]> = ACTIONS
        .iter()
        .map(|spec| [spec.name.to_owned(), sequences(keymap, spec).join(", ")])
        .collect();
    let widest =
        |column: &dyn Fn(&[String; 2]) -> &str| rows.iter().map(|row| column(row).len()).max();
    let names = widest(&|[name, _]| name).unwrap_or(0);
    let keys = widest(&|[_, keys]| keys).unwrap_or(0);
    let mut text = String::new();
    for ([name, bound], spec) in rows.iter().zip(ACTIONS) {
        let _ = writeln!(text, "{name:names$}  {bound:keys$}  {}", spec.doc);
    }
    text
}

/// The table `[keys]` of a settings file.
fn toml(keymap: &Keymap) -> String {
    let mut text = "[keys]\n".to_owned();
    for spec in ACTIONS {
        let keys = sequences(keymap, spec).into_iter().map(toml::Value::String).collect();
        let _ = writeln!(text, "{} = {} # {}", spec.name, toml::Value::Array(keys), spec.doc);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::file;

    #[test]
    fn every_action_is_a_row_in_columns() {
        let text = text(&Keymap::default());
        assert_eq!(text.lines().count(), ACTIONS.len());
        let column = text.lines().next().unwrap().find("Select").unwrap();
        for (line, spec) in text.lines().zip(ACTIONS) {
            assert!(line.starts_with(spec.name), "{line}");
            assert_eq!(line.get(column..), Some(spec.doc));
        }
    }

    #[test]
    fn the_printed_table_can_be_the_settings_file() {
        let own = "[keys]\nexpand = [\"\\\\\", \"\\\"\", \"'\"]\nsort = []\n";
        let keymap = file::parse(own).unwrap().keymap;
        let printed = toml(&keymap);
        let read = file::parse(&printed).unwrap_or_else(|_| panic!("{printed}")).keymap;
        assert_eq!(toml(&read), printed);
        assert!(printed.contains("\nsort = [] #"), "{printed}");
    }
}
