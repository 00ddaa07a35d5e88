use super::*;
use crate::model::event::{Ending, Event, Happening, OwnWrite};
use crate::model::update::News;
use crate::report::lint::fixture::{stack, wrong};
use crate::store::fixture::{Fixture, second};
use std::sync::Arc;

fn written(fixture: &Fixture, selected: Option<&Resource>) -> BTreeMap<String, Vec<u8>> {
    let reading = fixture.reading();
    let selected =
        selected.map(|resource| Selected { scope: reading.scope(), resource, minutes: 15 });
    let material = Material {
        judged: &[(reading, &[])],
        selected,
        screens: &[],
        simulated: None,
        reveal_keys: false,
        thresholds: &Thresholds::default(),
        now: reading.now(),
    };
    bundle(&material).unwrap().files
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(files[name].clone()).unwrap()
}

#[test]
fn no_name_can_break_the_report() {
    let mut alarm = wrong();
    alarm.name = Arc::from("x|y\n# z <b>bold</b>");
    let files = written(&stack(vec![alarm]), None);
    let report = text(&files, "report.md");
    assert!(report.contains("x\\|y \\# z \\<b\\>bold"), "{report}");
    assert!(!report.contains("<b>"), "{report}");
    let row = report.lines().find(|line| line.contains("x\\|y")).unwrap();
    assert_eq!(row.replace("\\|", "").matches('|').count(), 5, "{row}");
}

#[test]
fn a_calm_fleet_has_a_report_that_says_so_and_no_charts() {
    let files = written(&stack(vec![]), None);
    let names: Vec<&String> = files.keys().collect();
    assert_eq!(names, ["report.md", "snapshot.json", "timeline.json"]);
    let report = text(&files, "report.md");
    assert!(report.contains("Nothing, as far as it was read."), "{report}");
    assert!(!report.contains("Simulated"), "{report}");
}

#[test]
fn what_is_selected_is_charted_over_the_time_that_it_shows() {
    let table = Resource::table("app");
    let files = written(&stack(vec![]), Some(&table));
    for name in
        ["read-units", "write-units", "read-throttles", "write-throttles", "latency", "errors"]
    {
        for path in [format!("charts/01-app.{name}.svg"), format!("charts/01-app.{name}.png")] {
            assert!(files.contains_key(&path), "{path}");
        }
        let csv = text(&files, &format!("data/01-app.{name}.csv"));
        assert_eq!(csv.lines().count(), 1 + 15, "{csv}");
    }
    let csv = text(&files, "data/01-app.read-units.csv");
    let limits = "provisioned_units_per_second,on_demand_maximum_units_per_second";
    let heads = format!("minute,consumed_units_per_second,{limits},state\n");
    assert!(csv.starts_with(&heads), "{csv}");
    assert!(csv.lines().nth(1).unwrap().contains("Z,,"), "a gap is empty: {csv}");
}

#[test]
fn rows_that_are_too_many_are_in_the_file_that_the_report_names() {
    let own = |number: i64| {
        let write = OwnWrite {
            id: Arc::from(format!("write-{number}")),
            resource: Some(Resource::table("app")),
            direction: None,
            title: "capacity of app".to_owned(),
            changes: format!("change {number}"),
            ending: Ending::Done,
            who: Arc::from("arn:aws:iam::123456789012:user/me"),
            is_undo: false,
        };
        Event { at: second(-number), what: Happening::Write(write) }
    };
    let mut fixture = stack(vec![]);
    fixture.tell(News::Events((0..203).map(own).collect()));
    let files = written(&fixture, None);
    let report = text(&files, "report.md");
    assert!(report.contains("\n3 more are in [timeline.json](timeline.json).\n"), "{report}");
    let oldest = "change 202";
    assert!(!report.contains(oldest) && text(&files, "timeline.json").contains(oldest));
}
