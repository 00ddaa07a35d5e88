//! Tests of what follows from answers, failures and time.

mod clusters;
mod hot_keys;
mod surroundings;

use super::*;
use crate::aws::{Fetched, Gathered, HotKeysRead, Listed, Reply};
use crate::model::alarm::AlarmData;
use crate::model::dax::Cluster;
use crate::model::event::Event;
use crate::model::insights::ContributorInsights;
use crate::model::table::{BillingMode, Details, KinesisStreaming, Quotas, Table, Throughput};
use crate::model::time::Window;
use crate::poll::job::{Answer, Said};
use std::sync::Arc;

const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn noon() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn error(class: ErrorClass) -> CallError {
    CallError { class, action: "a:B", code: None, message: String::new() }
}

fn a_table(name: &Arc<str>) -> Table {
    Table {
        name: name.clone(),
        arn: String::new(),
        status: "ACTIVE".into(),
        billing: BillingMode::Provisioned,
        throughput: Throughput::default(),
        items: None,
        bytes: None,
        indexes: vec![],
        details: Box::new(Details::default()),
    }
}

const QUOTAS: Quotas =
    Quotas { account_read: 1.0, account_write: 1.0, table_read: 1.0, table_write: 1.0 };

/// An AWS that knows one table, and fails some pollers.
struct Aws {
    state: State,
    now: Timestamp,
    failing: Option<(Poller, ErrorClass)>,
    /// The readings of metrics that break down without an answer.
    breaks: bool,
    windows: Vec<i64>,
    alarms: Listed,
    insights: Vec<ContributorInsights>,
    clusters: Vec<Cluster>,
    cluster_events: Vec<Event>,
    /// What was asked of what surrounds the tables, and when.
    asked: Vec<(Timestamp, Job)>,
}

impl Aws {
    fn new() -> Self {
        let interest = Interest { last_key: noon(), ..Interest::default() };
        let scope = Scope::new("aws", "123456789012", "us-east-1");
        let mut state = State::new(scope, Settings::default(), interest, false);
        state.begin(noon());
        Self {
            state,
            now: noon(),
            failing: None,
            breaks: false,
            windows: vec![],
            alarms: Listed::default(),
            insights: vec![],
            clusters: vec![],
            cluster_events: vec![],
            asked: vec![],
        }
    }

    fn reply<T>(&self, poller: Poller, good: T) -> Reply<T> {
        let failing = self.failing.filter(|(failing, _)| *failing == poller);
        let result = failing.map_or(Ok(good), |(_, class)| Err(error(class)));
        Reply { result, requests: 1, metrics: 0 }
    }

    fn said(&mut self, job: Job) -> Said {
        let poller = job.poller();
        match job {
            Job::TableNames => Said::TableNames(self.reply(poller, vec![Arc::from("orders")])),
            Job::Points(batch) => {
                self.windows.push(batch.window.minutes());
                let series = vec![Some(vec![]); batch.keys.len()];
                Said::Points(batch, self.reply(poller, Fetched { series, flaw: None }))
            }
            Job::Describe(table) => {
                let described = Box::new(a_table(&table));
                Said::Table(table, self.reply(poller, Some(described)))
            }
            Job::Operations => Said::Operations(self.reply(poller, vec![])),
            Job::Scaling => Said::Scaling(self.reply(poller, vec![])),
            Job::Kinesis(table) => {
                Said::Kinesis(table, self.reply(poller, KinesisStreaming::default()))
            }
            Job::Quotas => Said::Quotas(self.reply(poller, QUOTAS)),
            Job::Activities(_)
            | Job::Schedules
            | Job::Alarms
            | Job::AlarmHistory(_)
            | Job::MuteRules
            | Job::AlarmData(..)
            | Job::Insights
            | Job::HotKeys(_)
            | Job::Consumers
            | Job::Clusters
            | Job::ClusterEvents(_)
            | Job::Parameters(_) => self.said_around(job),
            Job::Identity | Job::Renew | Job::TimeToLive(_) | Job::Backups(_) => {
                panic!("nobody asked for {job:?}")
            }
        }
    }

    /// Lets seconds pass; what was told.
    fn pass(&mut self, seconds: i64) -> Vec<Update> {
        let mut updates = vec![];
        for _ in 0..seconds {
            self.state.tick(self.now);
            while let Some(job) = self.state.next_job() {
                if self.breaks && job.poller() == Poller::Metrics {
                    self.state.broken(job, &"a panic", self.now);
                    continue;
                }
                let said = self.said(job);
                self.state.answer(Answer { at: self.now, said }, self.now);
            }
            updates.extend(self.state.take_updates());
            self.now += SECOND;
        }
        updates
    }
}

/// The seconds after noon at which rounds of a poller began.
fn begun(updates: &[Update], poller: Poller) -> Vec<i64> {
    let round = |update: &Update| {
        let News::Round(round) = &update.news else { return None };
        let after_noon = round.started.duration_since(noon()).as_secs();
        (round.poller == poller).then_some(after_noon)
    };
    updates.iter().filter_map(round).collect()
}

#[test]
fn what_broke_down_without_an_answer_is_read_again_in_full() {
    let mut aws = Aws::new();
    aws.breaks = true;
    aws.pass(50);
    aws.breaks = false;
    aws.windows.clear();
    aws.pass(120);
    assert_eq!(aws.windows.first(), Some(&60), "{:?}", aws.windows);
    assert!(aws.windows.contains(&5), "and then as ever: {:?}", aws.windows);
}

#[test]
fn descriptions_that_are_throttled_are_left_alone_whatever_else_goes_on() {
    let mut aws = Aws::new();
    aws.failing = Some((Poller::Descriptions, ErrorClass::Throttled));
    let begun = begun(&aws.pass(150), Poller::Descriptions);
    let waits: Vec<i64> = begun.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(waits.len() < 5, "{waits:?}");
    for (wait, least) in waits.iter().zip([15, 30, 60]) {
        assert!(*wait >= least, "{waits:?}");
    }
}

#[test]
fn a_call_that_fails_is_repeated_after_one_two_four_minutes_up_to_its_own_pace() {
    for (poller, pace) in [(Poller::Tables, 5), (Poller::Operations, 15), (Poller::Limits, 15)] {
        let mut aws = Aws::new();
        aws.pass(10);
        let before = aws.now;
        aws.failing = Some((poller, ErrorClass::Server));
        aws.state.rounds.set_due(poller, before);
        let begun = begun(&aws.pass(60 * 60), poller);
        let minutes: Vec<i64> = begun.windows(2).map(|pair| (pair[1] - pair[0]) / 60).collect();
        let expected = [1, 2, 4, 8, 16].map(|wait: i64| wait.min(pace));
        assert_eq!(minutes[..5], expected, "{}", poller.name());
    }
}

#[test]
fn a_clock_that_is_set_back_stalls_nothing() {
    let mut aws = Aws::new();
    aws.pass(300);
    aws.now = noon() - SignedDuration::from_hours(3);
    let updates = aws.pass(150);
    for (poller, rounds) in [(Poller::Metrics, 3), (Poller::Descriptions, 1), (Poller::Tables, 1)] {
        assert!(begun(&updates, poller).len() >= rounds, "{}", poller.name());
    }
    let read = updates.iter().filter(|update| matches!(update.news, News::Points(_))).count();
    assert!(read >= 3, "{read}");
}

#[test]
fn the_cost_is_told_after_every_round_that_adds_to_it() {
    let mut aws = Aws::new();
    let mut requests = 0;
    let mut told = 0;
    for update in aws.pass(120) {
        if let News::Round(round) = &update.news {
            requests += u64::from(round.requests);
        }
        if let News::Cost(cost) = update.news {
            assert_eq!(cost.requests, requests);
            told += 1;
        }
    }
    assert!(told > 5, "{told}");
}

#[test]
fn a_key_that_changes_nothing_plans_nothing() {
    for (visible, idle, planned) in
        [(None, false, false), (Some("orders"), false, true), (None, true, true)]
    {
        let mut aws = Aws::new();
        aws.pass(if idle { 31 * 60 } else { 70 });
        // Everything is overdue, so that whoever plans finds something.
        aws.now += SignedDuration::from_mins(10);
        let visible = visible.map(Resource::table).into_iter().collect();
        let last_key = aws.now;
        aws.state.look_at(Interest { visible, last_key, ..Interest::default() }, aws.now);
        assert_eq!(aws.state.next_job().is_some(), planned, "{idle}");
        assert_eq!(aws.state.interest.last_key, last_key);
    }
}
