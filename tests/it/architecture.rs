//! The import table of ARCHITECTURE.md, held: who may know whom.

use std::fs;
use std::path::{Path, PathBuf};

/// Each top-level module and the ones it may name. `runtime` and the binary tie all together.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("clock", &[]),
    ("iam", &[]),
    ("store", &["model"]),
    ("diagnose", &["model", "store"]),
    ("lint", &["model", "store"]),
    ("tune", &["model", "store", "diagnose"]),
    ("aws", &["model", "clock", "tune"]),
    ("write", &["model", "clock", "store", "tune", "aws"]),
    ("poll", &["model", "clock", "aws"]),
    ("view", &["model", "store", "diagnose", "lint", "tune"]),
    ("app", &["model", "store", "diagnose", "lint", "tune", "view"]),
    ("ui", &["view"]),
    ("plot", &["model", "view", "ui"]),
    ("report", &["model", "store", "diagnose", "lint", "tune", "view", "ui", "plot"]),
    ("record", &["model", "iam"]),
    ("replay", &["model", "record", "store", "diagnose", "view"]),
    ("cli", &[]),
    ("config", &["model", "cli", "diagnose", "tune", "app"]),
];

/// External crates that belong to one place each: a prefix of the crate's name, and the files.
const AT_HOME: &[(&str, &[&str])] = &[
    ("aws_", &["src/aws", "sim/src/front/in_process.rs"]),
    ("ratatui", &["src/ui", "src/runtime"]),
    ("crossterm", &["src/runtime"]),
    ("plotters", &["src/plot"]),
    ("tiny_skia", &["src/plot"]),
    ("ttf_parser", &["src/plot"]),
    ("hyper", &["sim/src/front/listen.rs"]),
    ("ciborium", &["sim/src", "src/aws/testing.rs", "src/record"]),
    ("clap", &["src/cli.rs", "src/cli/", "src/runtime", "src/main.rs"]),
];

fn source_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            source_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Path relative to the repository, and the text, of every Rust file under `folder`.
fn sources(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    source_files(&root.join(folder), &mut found);
    found.sort();
    let relative = |path: &Path| path.strip_prefix(root).unwrap().display().to_string();
    found.iter().map(|path| (relative(path), one_line_imports(path))).collect()
}

/// The text of a file with its `use` lists put on one line each.
fn one_line_imports(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let mut in_list = false;
    let mut joined = String::with_capacity(text.len());
    for line in text.lines() {
        let begins = line.trim_start();
        let is_import = begins.starts_with("use ")
            || begins.starts_with("pub") && begins.split_whitespace().any(|word| word == "use");
        in_list = (in_list || is_import) && !line.trim_end().ends_with(';');
        joined.push_str(line);
        joined.push(if in_list { ' ' } else { '\n' });
    }
    joined
}

fn top_module(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap();
    inside.split(['/', '.']).next().unwrap()
}

/// Lines of code: comments may name whatever they like.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The first names of all `a::b` paths in a line.
fn paths(line: &str) -> impl Iterator<Item = &str> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices("::").filter_map(move |(at, _)| {
        let before = &line[..at];
        let start = before.rfind(|c| !is_name(c)).map_or(0, |at| at + 1);
        // Only what a path begins with: `b` of `a::b::c` is nobody's crate.
        (!before[..start].ends_with("::")).then_some(&before[start..])
    })
}

/// How many modules a file is below the crate's root: `src/app/edit.rs` is two.
fn depth(path: &str) -> usize {
    path.split('/').skip(1).filter(|part| *part != "mod.rs").count()
}

/// The modules of the crate's root that a line names, by `crate::` or by as many `super::` as lead there.
fn root_imports(line: &str, depth: usize) -> Vec<String> {
    let mut names = crate_imports(line);
    let mut rest = line;
    while let Some(at) = rest.find("super::") {
        let mut after = &rest[at..];
        let mut supers = 0;
        while let Some(further) = after.strip_prefix("super::") {
            (after, supers) = (further, supers + 1);
        }
        if supers >= depth {
            names.extend(crate_imports(&format!("crate::{after}")));
        }
        rest = after;
    }
    names
}

fn crate_imports(line: &str) -> Vec<String> {
    let mut names = Vec::new();
    for after in line.split("crate::").skip(1) {
        let list = after.strip_prefix('{').map_or(after, |list| list);
        let several = after.starts_with('{');
        for item in list.split(',') {
            let name: String =
                item.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !name.is_empty() {
                names.push(name);
            }
            if !several {
                break;
            }
        }
    }
    names
}

#[test]
fn whichever_way_a_module_is_imported_is_seen() {
    let cases = [
        ("use crate::store::Reading;", 2, &["store"][..]),
        ("    pub(super) use crate::{aws::Connection, view};", 2, &["aws", "view"]),
        ("use super::super::store::Store;", 2, &["store"]),
        ("use super::super::store::Store;", 3, &[]),
        ("let a = super::super::super::aws::b(super::view::c());", 3, &["aws"]),
    ];
    for (line, depth, expected) in cases {
        let found: Vec<String> = root_imports(line, depth);
        assert_eq!(found, expected, "{line} at {depth}");
    }
    assert_eq!((depth("src/app.rs"), depth("src/app/edit/plan.rs")), (1, 3));
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let module = top_module(&path);
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module) else {
            continue;
        };
        for (number, line) in code(&text) {
            for import in root_imports(line, depth(&path)) {
                let known =
                    MAY_IMPORT.iter().any(|(name, _)| *name == import) || import == "runtime";
                if known && import != module && !allowed.contains(&import.as_str()) {
                    wrong.push(format!("{path}:{}: {module} -> {import}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports against the table:\n{}", wrong.join("\n"));
}

#[test]
fn outside_crates_stay_in_their_places() {
    let mut wrong = Vec::new();
    for (path, text) in [sources("src"), sources("sim/src")].concat() {
        for (number, line) in code(&text) {
            for (prefix, homes) in AT_HOME {
                let named = paths(line).any(|path| path.starts_with(prefix));
                let at_home = homes.iter().any(|home| path.starts_with(home));
                if named && !at_home {
                    wrong.push(format!("{path}:{}: {prefix}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "crates away from home:\n{}", wrong.join("\n"));
}

#[test]
fn only_the_configuration_grants_the_permit_to_write() {
    let homes = ["src/tune", "src/config.rs"];
    let granted: Vec<String> = sources("src")
        .iter()
        .filter(|(path, _)| !homes.iter().any(|home| path.starts_with(home)))
        .flat_map(|(path, text)| code(text).map(move |(number, line)| (path, number, line)))
        .filter(|(_, _, line)| line.contains("granted_by_configuration"))
        .map(|(path, number, _)| format!("{path}:{}", number + 1))
        .collect();
    assert!(granted.is_empty(), "permits granted by: {}", granted.join(", "));
}

#[test]
fn a_replay_has_no_permit_and_no_client() {
    let homes = ["src/record", "src/replay", "src/runtime/replay.rs"];
    let tools = ["Permit::", "Connection", "connect(", "Confirmed", "poll::"];
    let used: Vec<String> = sources("src")
        .iter()
        .filter(|(path, _)| homes.iter().any(|home| path.starts_with(home)))
        .flat_map(|(path, text)| code(text).map(move |(number, line)| (path, number, line)))
        .filter(|(_, _, line)| tools.iter().any(|tool| line.contains(tool)))
        .map(|(path, number, line)| format!("{path}:{}: {line}", number + 1))
        .collect();
    assert!(used.is_empty(), "a replay uses:\n{}", used.join("\n"));
}

#[test]
fn no_source_file_is_longer_than_500_lines() {
    let long: Vec<String> = ["src", "sim/src", "tests"]
        .iter()
        .flat_map(|folder| sources(folder))
        .map(|(path, _)| (fs::read_to_string(&path).unwrap().lines().count(), path))
        .filter(|(lines, _)| *lines > 500)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn every_module_is_in_the_import_table() {
    for (path, _) in sources("src") {
        let module = top_module(&path);
        let free = ["main", "lib", "runtime"].contains(&module);
        assert!(
            free || MAY_IMPORT.iter().any(|(name, _)| *name == module),
            "{path}: add `{module}` to the import table"
        );
    }
}
