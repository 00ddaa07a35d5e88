//! Calls that failed are told by the same name in a replay.

use super::{about, open, read};
use ddbtop::model::health::{CallError, ErrorClass, OWN_CALL, Outcome, Poller, Round};
use ddbtop::model::id::Scope;
use ddbtop::model::update::{News, Update};
use ddbtop::record::writer::Writer;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Every text in the program's source, without its tests, that names an action as IAM does.
fn named_in(folder: &Path, found: &mut BTreeSet<&'static str>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.starts_with("tests") || name.starts_with("fixture") {
            continue;
        }
        if path.is_dir() {
            named_in(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let (program, _) = text.split_once("#[cfg(test)]\nmod ").unwrap_or((&text, ""));
        let written =
            program.split("action: \"").skip(1).map(|rest| rest.split('"').next().unwrap());
        let other: Vec<&str> = written.filter(|text| !is_action(text)).collect();
        assert!(other.is_empty(), "{}: {other:?} is no constant", path.display());
        let texts = program.split('"').filter(|text| is_action(text));
        found.extend(texts.map(|text| &*text.to_owned().leak()));
    }
}

fn is_action(text: &str) -> bool {
    // What an action may be narrowed by looks like one.
    if text == "iam:AWSServiceName" {
        return false;
    }
    let Some((service, action)) = text.split_once(':') else { return false };
    let is_service = |letter: char| letter.is_ascii_lowercase() || letter == '-';
    service.len() > 1
        && service.chars().all(is_service)
        && action.starts_with(|letter: char| letter.is_ascii_uppercase())
        && action.chars().all(|letter| letter.is_ascii_alphabetic())
}

#[test]
fn every_call_that_can_fail_is_told_by_its_name() {
    let mut actions = BTreeSet::from([OWN_CALL]);
    named_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut actions);
    assert!(actions.len() > 30, "{actions:?}");
    let at = Timestamp::UNIX_EPOCH;
    let failed = |action| {
        let class = ErrorClass::Server;
        let error = CallError { class, action, code: None, message: "failed".to_owned() };
        let round = Round {
            poller: Poller::Metrics,
            started: at,
            took: Duration::ZERO,
            outcome: Outcome::Failed(error),
            requests: 1,
            metrics: 0,
            due: Some(at),
        };
        let scope = Scope::new("aws", "123456789012", "us-east-1");
        Update { scope, at, news: News::Round(round) }
    };
    let told: Vec<Update> = actions.into_iter().map(failed).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording");
    let mut writer = Writer::create(&path, false, about(false)).unwrap();
    writer.hear(at, &told).unwrap();
    writer.finish().unwrap();
    let heard: Vec<Update> = read(open(&path)).into_iter().map(|heard| heard.update).collect();
    assert_eq!(heard, told);
}
