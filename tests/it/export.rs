//! `ddbtop export DIR`: what is in a bundle, and that its figures are those of `snapshot --format json`.

use crate::support::ddbtop::{command, ddbtop};
use crate::support::pty::Tui;
use ddbtop::app::pane::Pane;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Every file below `folder` by its path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let inside = files(&path).into_iter();
            found.extend(inside.map(|(inner, data)| (format!("{name}/{inner}"), data)));
        } else {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

/// The bundle of a simulated incident.
fn exported(more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("incident");
    let args = [&["--demo=incident", "export", folder.to_str().unwrap()], more].concat();
    let output = ddbtop(&args);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.is_empty(), "stdout is data");
    files(&folder)
}

fn text<'a>(files: &'a BTreeMap<String, Vec<u8>>, name: &str) -> &'a str {
    std::str::from_utf8(&files[name]).unwrap()
}

/// The cells of each row of a section's table, without escapes.
fn rows(report: &str, section: &str) -> Vec<Vec<String>> {
    let (_, rest) = report.split_once(&format!("\n## {section}\n")).expect(section);
    let section = rest.split("\n## ").next().unwrap();
    let cells = |line: &str| -> Vec<String> {
        let inside = line.trim_matches('|').split(" | ");
        inside.map(|cell| cell.trim().trim_matches('|').trim().replace('\\', "")).collect()
    };
    section.lines().filter(|line| line.starts_with("| ")).skip(2).map(cells).collect()
}

/// Reads or writes of a table or index in the JSON.
fn direction<'a>(json: &'a Value, resource: &str, direction: &str) -> &'a Value {
    let named = |list: &'a Value, name: &str| {
        let found = list.as_array().unwrap().iter().find(|one| one["name"] == name);
        found.unwrap_or_else(|| panic!("{name}"))
    };
    let parts: Vec<&str> = resource.split('/').collect();
    let table = named(&json["tables"], parts[1]);
    let of = if let [_, _, _, index] = parts[..] { named(&table["indexes"], index) } else { table };
    &of[direction]
}

/// Whether a cell of the report tells the figure of the JSON.
fn tells(cell: &str, figure: &Value) -> bool {
    match (cell.split(' ').next().unwrap().parse::<f64>(), figure["value"].as_f64()) {
        (Ok(told), Some(value)) => (told - value).abs() <= 0.005_001,
        (Err(_), Some(value)) => cell == "<0.01" && value < 0.01,
        (Err(_), None) => cell == figure["state"].as_str().unwrap().replace('_', " "),
        (Ok(_), None) => false,
    }
}

#[test]
fn the_same_input_gives_the_same_bundle_with_the_figures_of_snapshot() {
    let bundle = exported(&[]);
    let again = exported(&[]);
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&bundle), names(&again));
    for (name, data) in &bundle {
        assert!(*data == again[name], "{name} differs");
    }
    let snapshot = ddbtop(&["--demo=incident", "snapshot", "--format=json"]).stdout;
    assert_eq!(text(&bundle, "snapshot.json"), String::from_utf8(snapshot).unwrap());
    let json: Value = serde_json::from_str(text(&bundle, "snapshot.json")).unwrap();
    limits_stand_beside_what_was_consumed(&bundle);
    figures_are_those_of(&json, text(&bundle, "report.md"));
    data_are_those_of(&json, &bundle);
    everything_is_there(&json, &bundle);
}

fn figures_are_those_of(json: &Value, report: &str) {
    let figures = rows(report, "Figures");
    assert!(figures.len() >= 10, "{figures:?}");
    for row in &figures {
        let figures = direction(json, &row[0], &row[1]);
        for (cell, field) in row[2..].iter().zip([
            "consumed_units_per_second",
            "provisioned_units_per_second",
            "maximum_units_per_second",
            "utilization_percent",
            "throttle_events_per_minute",
        ]) {
            assert!(tells(cell, &figures[field]), "{row:?}: {field} is {}", figures[field]);
        }
    }
}

/// Provisioned capacity and on-demand maximum are those of each minute, where these are known.
fn limits_stand_beside_what_was_consumed(bundle: &BTreeMap<String, Vec<u8>>) {
    let column = |resource: &str, chart: &str, head: &str| -> Vec<String> {
        let ending = format!("-{resource}.{chart}.csv");
        let name = bundle.keys().find(|name| name.ends_with(&ending)).expect(&ending);
        let mut lines = text(bundle, name).lines().map(|line| line.split(',').collect::<Vec<_>>());
        let place = lines.next().unwrap().iter().position(|name| *name == head).unwrap();
        lines.map(|cells| cells[place].to_owned()).collect()
    };
    let (provisioned, maximum) =
        ("provisioned_units_per_second", "on_demand_maximum_units_per_second");
    let of_invoices = column("invoices", "write-units", provisioned);
    assert!(of_invoices.iter().all(|units| units == "150"), "{of_invoices:?}");
    assert!(column("invoices", "write-units", maximum).iter().all(String::is_empty));
    // Autoscaling raised it within the hour.
    let mut of_inventory = column("inventory", "write-units", provisioned);
    assert!(of_inventory.iter().any(String::is_empty), "minutes of change");
    of_inventory.retain(|units| !units.is_empty());
    of_inventory.dedup();
    assert!(of_inventory.len() > 1, "{of_inventory:?}");
    // What has no date is known since it was described: in a single look, now.
    let of_suggestions = column("search-suggestions", "read-units", maximum);
    let (known, before) = of_suggestions.split_last().unwrap();
    assert!(known.is_empty() || known.parse::<f64>().unwrap() > 0.0, "{known}");
    assert!(before.iter().all(String::is_empty), "{before:?}");
}

/// The last settled minute of each table of consumption and throttle events is the JSON's.
fn data_are_those_of(json: &Value, bundle: &BTreeMap<String, Vec<u8>>) {
    let mut compared = 0;
    for (name, data) in bundle.iter().filter(|(name, _)| name.starts_with("data/")) {
        let (resource, chart) = of_file(name);
        let Some((way, kind)) = chart.split_once('-').filter(|(_, kind)| *kind != "errors") else {
            continue;
        };
        let field = match kind {
            "units" => "consumed_units_per_second",
            _ => "throttle_events_per_minute",
        };
        let figure = &direction(json, &resource, way)[field];
        let csv = std::str::from_utf8(data).unwrap();
        let heads: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
        assert_eq!(csv.lines().count(), 61, "{name}");
        let Some(at) = figure["at"].as_str() else { continue };
        let row = csv.lines().find(|line| line.starts_with(at)).expect(name);
        let cells: Vec<&str> = row.split(',').collect();
        assert_eq!(cells.last(), Some(&"settled"), "{name}: {row}");
        let whole = heads.iter().position(|head| head.starts_with("all_causes"));
        let last = if kind == "units" { 2 } else { cells.len() - 1 };
        let values = match whole {
            Some(place) => &cells[place..=place],
            None => &cells[1..last],
        };
        let value: f64 = values.iter().filter_map(|cell| cell.parse::<f64>().ok()).sum();
        let wanted = figure["value"].as_f64().unwrap();
        assert!((value - wanted).abs() <= wanted * 1e-9, "{name}: {row}: {figure}");
        compared += 1;
    }
    assert!(compared >= 20, "{compared}");
    let settling = bundle.values().filter(|data| data.ends_with(b",settling\n")).count();
    assert!(settling >= compared, "the newest minutes are not settled");
}

/// The resource and the chart of `data/01-orders+GSI1.write-units.csv`.
fn of_file(name: &str) -> (String, String) {
    let stem = name.strip_prefix("data/").unwrap().strip_suffix(".csv").unwrap();
    let (name, chart) = stem.rsplit_once('.').unwrap();
    let (_, name) = name.split_once('-').unwrap();
    let resource = match name.split_once('+') {
        Some((table, index)) => format!("table/{table}/index/{index}"),
        None => format!("table/{name}"),
    };
    (resource, chart.to_owned())
}

fn everything_is_there(json: &Value, bundle: &BTreeMap<String, Vec<u8>>) {
    let report = text(bundle, "report.md");
    for verdict in json["verdicts"].as_array().unwrap() {
        let said = |field: &str| verdict[field].as_str().unwrap().to_owned();
        let plain = report.replace('\\', "");
        for field in ["resource", "headline", "advice", "since"] {
            assert!(plain.contains(&said(field)), "{field} of {verdict}");
        }
        for evidence in verdict["evidence"].as_array().unwrap() {
            assert!(plain.contains(evidence["text"].as_str().unwrap()), "{evidence}");
        }
    }
    for said in [
        "**Simulated.**",
        "scenario incident, seed 1",
        "Account 123456789012",
        env!("CARGO_PKG_VERSION"),
    ] {
        assert!(report.contains(said), "{said}");
    }
    let timeline: Value = serde_json::from_str(text(bundle, "timeline.json")).unwrap();
    let entries = timeline["entries"].as_array().unwrap();
    assert!(!entries.is_empty() && entries[0]["at"].as_str() >= entries[1]["at"].as_str());
    assert_eq!(rows(report, "Timeline, newest first").len(), entries.len().min(100));
    let throttled = json["verdicts"].as_array().unwrap().iter();
    for verdict in throttled.filter(|verdict| !verdict["reason"].is_null()) {
        let text = format!(
            "{} throttling began: {}",
            verdict["operation"].as_str().unwrap(),
            verdict["reason"].as_str().unwrap()
        );
        let is_told = |entry: &Value| {
            entry["resource"] == verdict["resource"]
                && (&entry["at"], entry["text"].as_str()) == (&verdict["since"], Some(&*text))
        };
        assert!(entries.iter().any(is_told), "{text}: {verdict}");
    }
    let links = report.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
    for link in links.filter(|link| !link.starts_with("http")) {
        assert!(bundle.contains_key(link), "{link} leads nowhere");
    }
    let pictures = |ending: &str| bundle.keys().filter(|name| name.ends_with(ending)).count();
    assert_eq!(pictures(".png"), pictures(".csv"));
    assert_eq!(pictures(".svg"), pictures(".csv") + Pane::ALL.len(), "and one of every pane");
}

#[test]
fn keys_are_masked_unless_they_are_asked_for() {
    let keys = |report: &str| -> Vec<String> {
        rows(report, "Hot keys").into_iter().map(|row| row[3].clone()).collect()
    };
    let (masked, revealed) = (exported(&[]), exported(&["--reveal-keys"]));
    let told = keys(text(&masked, "report.md"));
    assert!(!told.is_empty() && told.iter().all(|key| key.contains('*')), "{told:?}");
    assert_eq!(told.len(), keys(text(&revealed, "report.md")).len());
    for key in keys(text(&revealed, "report.md")).iter().filter(|key| key.len() > 8) {
        let spread =
            masked.values().any(|data| String::from_utf8_lossy(data).contains(key.as_str()));
        assert!(!spread, "{key} is in a bundle that masks");
    }
}

#[test]
fn a_folder_that_holds_something_is_refused_before_anything_is_read() {
    let parent = tempfile::tempdir().unwrap();
    fs::write(parent.path().join("notes"), "mine").unwrap();
    let output = ddbtop(&["--demo=incident", "export", parent.path().to_str().unwrap()]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("there is something already"), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert_eq!(files(parent.path()).len(), 1);
}

#[test]
fn a_key_writes_a_bundle_of_the_screen_to_the_configured_folder() {
    let parent = tempfile::tempdir().unwrap();
    let settings = parent.path().join("config.toml");
    fs::write(&settings, "export_directory = \"incidents\"\n").unwrap();
    let incidents = parent.path().join("incidents");
    fs::create_dir(&incidents).unwrap();
    let config = format!("--config={}", settings.display());
    let mut tui = Tui::start(&command(&["--demo=hot-key", "--speed=0", &config]), 160, 40);
    tui.wait_for_text("in trouble");
    tui.press("G");
    tui.press("x");
    tui.wait_for_text("incident bundle in ");
    let bundle = files(&incidents);
    let names: Vec<&str> =
        bundle.keys().filter_map(|name| name.split_once('/')).map(|(_, name)| name).collect();
    for name in ["report.md", "snapshot.json", "screens/tables.svg"] {
        assert!(names.contains(&name), "{names:?}");
    }
    let folder = bundle.keys().next().unwrap();
    assert!(folder.starts_with("ddbtop-123456789012-us-east-1-2"), "{folder}");
    // Time stands still, so the second bundle would have the same name.
    tui.press("x");
    tui.wait_for_text("no incident bundle: ");
    assert_eq!(files(&incidents), bundle);
}
