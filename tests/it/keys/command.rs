//! `ddbtop keys`, and what the settings file may say about keys.

use crate::support::ddbtop::ddbtop;
use ddbtop::app::action::ACTIONS;
use std::fs;

#[test]
fn keys_are_listed_with_the_users_own_among_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, "[keys]\nexpand = \"v\"\ntop = [\"F2\", \"g g\"]\n").unwrap();
    let config = path.to_str().unwrap();
    let printed = |args: &[&str]| {
        let output = ddbtop(&[&["--config", config, "keys"], args].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let text = printed(&[]);
    assert_eq!(text.lines().count(), ACTIONS.len());
    let line = |name: &str| text.lines().find(|line| line.starts_with(name)).unwrap();
    assert!(line("expand ").contains("  v  "), "{text}");
    assert!(line("top ").contains("  F2, g g  "), "{text}");
    assert!(line("page-down ").contains("  PgDn, Ctrl-f  "), "{text}");
    let toml = printed(&["--format=toml"]);
    fs::write(&path, &toml).unwrap();
    assert_eq!(printed(&["--format=toml"]), toml, "it can be the settings file");
    assert_eq!(printed(&[]), text);
}

#[test]
fn keys_that_cannot_be_used_end_with_2_and_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    for (line, said) in [
        ("help = \"z\"", "config.toml:2: `z` is already `expand`"),
        ("quit = \"Ctrl-c\"\nhelp = \"Ctrl-c\"", "config.toml:3: `Ctrl-c` always quits"),
        ("hlep = \"x\"", "config.toml:2: unknown action `hlep`; did you mean `help`?"),
        ("help = \"F99\"", "config.toml:2: `F99` is no key"),
    ] {
        fs::write(&path, format!("[keys]\n{line}\n")).unwrap();
        for command in [&["keys"][..], &["--demo", "snapshot"], &["--demo"]] {
            let output = ddbtop(&[&["--config", path.to_str().unwrap()], command].concat());
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{stderr}");
            assert!(stderr.contains(said) && stderr.lines().count() == 1, "{stderr}");
        }
    }
}
