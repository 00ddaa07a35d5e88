//! The journal on disk.

use super::Run;
use super::journal::{JournalFile, unfinished_line};
use crate::model::id::Resource;
use crate::tune::audit::{Journal, Outcome, Record, SCHEMA, Stage};
use crate::tune::setting::Setting;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

fn capacity(write: u32) -> Setting {
    Setting::Capacity { resource: Resource::table("orders"), read: 10, write }
}

fn intent(id: &str) -> Record {
    Record {
        schema: SCHEMA,
        id: Arc::from(id),
        plan: Arc::from("p"),
        at: "2026-11-22T12:31:40Z".parse().unwrap(),
        who: Arc::from("arn:aws:sts::123456789012:assumed-role/oncall/me"),
        partition: Arc::from("aws"),
        account: Arc::from("123456789012"),
        region: Arc::from("us-east-1"),
        call: Arc::from("dynamodb:UpdateTable"),
        undoes: None,
        before: capacity(20),
        after: capacity(40),
        stage: Stage::Intent,
    }
}

fn done(id: &str) -> Record {
    let intent = intent(id);
    intent.ended(intent.at, Outcome::Done, Some(capacity(40)))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_run_knows_its_own_records() {
    let mut names = fastrand::Rng::with_seed(1);
    let [one, other] = [Run::new(&mut names), Run::new(&mut names)];
    let of = |id: &str, plan: String| Record { plan: Arc::from(plan), ..intent(id) };
    let plans = [other.plan(&mut names), one.plan(&mut names), one.plan(&mut names)];
    let records = ["a", "b", "c"].into_iter().zip(plans).map(|(id, plan)| of(id, plan));
    let journal = Journal { records: records.collect(), ..Journal::default() };
    let ids = |run: Run| run.own(journal.clone()).records.into_iter().map(|record| record.id);
    assert_eq!(ids(one).collect::<Vec<_>>(), [Arc::from("b"), Arc::from("c")]);
    assert_eq!(ids(other).collect::<Vec<_>>(), [Arc::from("a")]);
    assert!(plans_differ(&journal), "{journal:?}");
}

fn plans_differ(journal: &Journal) -> bool {
    let plans: BTreeSet<_> = journal.records.iter().map(|record| &record.plan).collect();
    plans.len() == journal.records.len()
}

#[tokio::test]
async fn what_is_appended_is_read_again_and_nobody_else_can() {
    let folder = tempfile::tempdir().unwrap();
    let file = JournalFile::at(folder.path().join("new/ddbtop/journal.jsonl"));
    assert_eq!(file.read().unwrap(), None);
    let records = [intent("a"), done("a"), intent("b")];
    for record in &records {
        file.append(record).await.unwrap();
    }
    assert_eq!(mode(file.path()), 0o600);
    let journal = file.read().unwrap().unwrap();
    assert_eq!(journal.records, records);
    let line = unfinished_line(&journal).unwrap();
    assert_eq!(
        line,
        "a write has no recorded end, the last provisioned capacity of orders at 2026-11-22 \
         12:31:40 UTC: AWS may have done it, see `ddbtop audit`"
    );
    file.append(&done("b")).await.unwrap();
    assert_eq!(unfinished_line(&file.read().unwrap().unwrap()), None);
}

#[tokio::test]
async fn a_torn_line_costs_itself_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = JournalFile::at(folder.path().join("journal.jsonl"));
    file.append(&intent("a")).await.unwrap();
    let mut torn = fs::OpenOptions::new().append(true).open(file.path()).unwrap();
    torn.write_all(b"{\"schema\":1,\"id\":\"to").unwrap();
    assert!(file.read().unwrap().unwrap().is_torn);
    file.append(&intent("b")).await.unwrap();
    let journal = file.read().unwrap().unwrap();
    let ids: Vec<&str> = journal.records.iter().map(|record| &*record.id).collect();
    assert_eq!((ids, journal.unreadable), (vec!["a", "b"], vec![2]));
}

#[tokio::test]
async fn several_that_append_at_once_leave_whole_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let tasks = (0..8).map(|writer| {
        let file = JournalFile::at(path.clone());
        tokio::spawn(async move {
            for number in 0..10 {
                file.append(&intent(&format!("{writer}-{number}"))).await.unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let journal = JournalFile::at(path).read().unwrap().unwrap();
    assert_eq!((journal.records.len(), journal.unreadable), (80, vec![]));
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_says_where_it_would_be() {
    for nowhere in ["/dev/null/journal.jsonl", "/dev/full"] {
        let error = JournalFile::at(nowhere.into()).append(&intent("a")).await.unwrap_err();
        assert!(error.to_string().starts_with(&format!("journal {nowhere}: ")), "{error}");
    }
    assert_eq!(JournalFile::at("/dev/null/journal.jsonl".into()).read().unwrap(), None);
}
