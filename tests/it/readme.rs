//! The README says what the program does.

use clap::CommandFactory;
use ddbtop::app::action::ACTIONS;
use ddbtop::app::keymap::{Keymap, spelled};
use ddbtop::cli::Cli;
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

#[test]
fn the_readme_names_every_command_and_flag() {
    let readme = fs::read_to_string(README).unwrap();
    let cli = Cli::command();
    let typed: Vec<&str> = readme.lines().filter(|line| line.contains("ddbtop ")).collect();
    for command in cli.get_subcommands() {
        let is_name = |word: &str| word == command.get_name();
        let is_named = typed.iter().any(|line| line.split([' ', '`']).any(is_name));
        assert!(is_named, "{}", command.get_name());
    }
    for flag in cli.get_arguments().filter_map(clap::Arg::get_long) {
        assert!(readme.contains(&format!("--{flag}")), "--{flag}");
    }
}

#[test]
fn every_link_in_the_readme_leads_somewhere() {
    let readme = fs::read_to_string(README).unwrap();
    // As GitHub makes them of headings.
    let anchors: Vec<String> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(|heading| heading.to_lowercase().replace(' ', "-"))
        .collect();
    for part in readme.split("](").skip(1) {
        let target = part.split(')').next().unwrap();
        let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
        if file.is_empty() {
            assert!(anchors.iter().any(|heading| heading == anchor), "#{anchor}");
        } else {
            let path = std::path::Path::new(README).with_file_name(file);
            assert!(path.exists() || file.starts_with("screenshots"), "{file}");
        }
    }
}
