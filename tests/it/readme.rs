//! The README says what the program does.

use ddbtop::app::action::ACTIONS;
use ddbtop::app::keymap::{Keymap, spelled};
use std::fs;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// Every action as a row of a Markdown table.
fn key_table() -> String {
    let keymap = Keymap::default();
    let row = |spec: &ddbtop::app::action::Spec| {
        // A bar would end the cell.
        let code = |keys: &[_]| format!("`{}`", spelled(keys).replace('|', "\\|"));
        let keys: Vec<String> = keymap.keys_of(spec.action).map(code).collect();
        format!("| {} | {} | `{}` |\n", keys.join(" "), spec.doc, spec.name)
    };
    let rows: String = ACTIONS.iter().map(row).collect();
    format!("| keys | what they do | name |\n|---|---|---|\n{rows}")
}

#[test]
fn the_readme_lists_every_key() {
    let (begin, end) = ("<!-- keys -->\n", "<!-- end of keys -->");
    let readme = fs::read_to_string(README).unwrap();
    let (before, rest) = readme.split_once(begin).expect("a place for the keys");
    let (written, after) = rest.split_once(end).expect("the end of that place");
    let table = key_table();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(README, format!("{before}{begin}{table}{end}{after}")).unwrap();
    } else {
        assert_eq!(written, table, "run this test with UPDATE=1 to write it anew");
    }
}
