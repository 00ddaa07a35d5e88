//! Tests of when alarms, their history and data, and the rest of what surrounds the tables is read.

use super::hot_keys::rules;
use super::*;
use crate::model::alarm::{
    Actions, Alarm, AlarmKind, AlarmState, Comparison, MetricAlarm, MetricStat, Source,
};
use crate::model::event::{AlarmChange, AlarmChangeKind, Event, Happening};

/// An alarm on one metric of `period_seconds`.
fn alarm(name: &str, period_seconds: i64) -> Alarm {
    let stat = MetricStat {
        namespace: Arc::from("AWS/DynamoDB"),
        metric: Arc::from("UserErrors"),
        dimensions: vec![],
        statistic: Arc::from("Sum"),
        period_seconds,
        unit: None,
    };
    let settings = MetricAlarm {
        source: Source::Metric(stat),
        comparison: Comparison::Greater,
        threshold: Some(1.0),
        evaluation_periods: 1,
        datapoints_to_alarm: None,
        missing_data: None,
        low_samples: None,
        evaluation_state: None,
    };
    Alarm {
        name: Arc::from(name),
        arn: Arc::from(""),
        description: None,
        state: AlarmState::Ok,
        since: None,
        configured: None,
        reason: Arc::from(""),
        actions: Actions::default(),
        kind: AlarmKind::Metric(Box::new(settings)),
    }
}

fn an_event() -> Event {
    let change = AlarmChange {
        alarm: Arc::from("a"),
        summary: Arc::from("Alarm updated from OK to ALARM"),
        kind: AlarmChangeKind::Configuration,
    };
    Event { at: noon(), what: Happening::Alarm(change) }
}

impl Aws {
    fn with_alarms(alarms: Vec<Alarm>) -> Self {
        Self { alarms: Listed { alarms, elsewhere: vec![] }, ..Self::new() }
    }

    pub(super) fn said_around(&mut self, job: Job) -> Said {
        let poller = job.poller();
        self.asked.push((self.now, job.clone()));
        match job {
            Job::Alarms => Said::Alarms(self.reply(poller, self.alarms.clone())),
            Job::AlarmHistory(_) => {
                let items = vec![an_event()];
                Said::AlarmHistory(self.reply(poller, Gathered { items, flaw: None }))
            }
            Job::Activities(_) => {
                Said::Activities(self.reply(poller, Gathered { items: vec![], flaw: None }))
            }
            Job::Schedules => Said::Schedules(self.reply(poller, vec![])),
            Job::MuteRules => Said::MuteRules(self.reply(poller, vec![])),
            Job::AlarmData(name, _) => {
                let window = Window { start: Minute(0), end: Minute(180) };
                let data = AlarmData { period_seconds: 60, window, points: vec![] };
                Said::AlarmData(name, Reply { metrics: 1, ..self.reply(poller, data) })
            }
            Job::Insights => {
                let items = self.insights.clone();
                Said::Insights(self.reply(poller, Gathered { items, flaw: None }))
            }
            Job::HotKeys(wanted) => {
                let read = HotKeysRead { rules: rules(), reports: vec![], flaw: None };
                let reply = Reply { metrics: 2, ..self.reply(poller, read) };
                Said::HotKeys(wanted.resource, reply)
            }
            Job::Consumers => Said::Consumers(self.reply(poller, vec![])),
            Job::Clusters => Said::Clusters(self.reply(poller, self.clusters.clone())),
            Job::ClusterEvents(_) => {
                let items = self.cluster_events.clone();
                Said::ClusterEvents(self.reply(poller, Gathered { items, flaw: None }))
            }
            Job::Parameters(_) => {
                Said::Parameters(self.reply(poller, Gathered { items: vec![], flaw: None }))
            }
            Job::Identity
            | Job::Renew
            | Job::TableNames
            | Job::Describe(_)
            | Job::TimeToLive(_)
            | Job::Backups(_)
            | Job::Kinesis(_)
            | Job::Quotas
            | Job::Operations
            | Job::Scaling
            | Job::Points(_) => panic!("{job:?} is not about what surrounds the tables"),
        }
    }

    fn open_alarm(&mut self, name: Option<&str>) {
        let alarm = name.map(Arc::from);
        self.state.look_at(Interest { alarm, ..self.state.interest.clone() }, self.now);
    }

    /// The seconds after noon at which the data of alarms were asked for.
    fn data(&self) -> Vec<(i64, &str)> {
        let asked = self.asked.iter().filter_map(|(at, job)| {
            let Job::AlarmData(name, _) = job else { return None };
            Some((at.duration_since(noon()).as_secs(), &**name))
        });
        asked.collect()
    }

    /// How far back the history was asked for each time, seconds.
    fn history(&self) -> Vec<i64> {
        let asked = self.asked.iter().filter_map(|(at, job)| {
            let Job::AlarmHistory(since) = job else { return None };
            Some(at.duration_since(*since).as_secs())
        });
        asked.collect()
    }

    fn count(&self, poller: Poller) -> usize {
        self.asked.iter().filter(|(_, job)| job.poller() == poller).count()
    }
}

const PER_HOUR: [(Poller, usize); 8] = [
    (Poller::Alarms, 60),
    (Poller::AlarmHistory, 60),
    (Poller::MuteRules, 12),
    (Poller::Activities, 12),
    (Poller::Schedules, 12),
    (Poller::Insights, 4),
    (Poller::Consumers, 12),
    (Poller::Clusters, 12),
];

#[test]
fn what_surrounds_the_tables_is_read_after_them_each_at_its_own_pace() {
    let mut aws = Aws::with_alarms(vec![alarm("a", 60)]);
    let updates = aws.pass(5);
    let place = |wanted: Poller| {
        let is_wanted = |update: &Update| {
            let News::Round(round) = &update.news else { return false };
            round.poller == wanted
        };
        updates.iter().position(is_wanted).unwrap()
    };
    for (poller, _) in PER_HOUR {
        assert!(place(Poller::Metrics) < place(poller), "{}", poller.name());
    }
    aws.pass(120);
    aws.asked.clear();
    aws.pass(60 * 60);
    for (poller, calls) in PER_HOUR {
        assert_eq!(aws.count(poller), calls, "{}", poller.name());
    }
    assert_eq!(aws.data(), [], "no alarm is open");
}

#[test]
fn a_first_screen_that_does_not_come_delays_alarms_by_a_quarter_of_a_minute_only() {
    let mut aws = Aws::with_alarms(vec![alarm("a", 60)]);
    // Everything is asked, and the metrics are not answered.
    aws.state.tick(noon());
    let mut waiting = vec![];
    while let Some(job) = aws.state.next_job() {
        waiting.push(job);
    }
    let around = |jobs: &[Job]| jobs.iter().filter(|job| job.poller() == Poller::Alarms).count();
    assert_eq!(around(&waiting), 0);
    aws.state.tick(noon() + SECOND * 15);
    while let Some(job) = aws.state.next_job() {
        waiting.push(job);
    }
    assert_eq!(around(&waiting), 1);
}

#[test]
fn history_is_read_a_day_back_and_then_from_a_little_before_what_is_known() {
    let mut aws = Aws::with_alarms(vec![alarm("a", 60)]);
    let updates = aws.pass(130);
    let day = 24 * 60 * 60;
    assert_eq!(aws.history(), [day, 360, 360]);
    let told = updates.iter().filter(|update| matches!(update.news, News::Events(_))).count();
    assert_eq!(told, 3);
    aws.asked.clear();
    aws.failing = Some((Poller::AlarmHistory, ErrorClass::Server));
    aws.pass(10 * 60);
    aws.failing = None;
    aws.asked.clear();
    aws.pass(60);
    let after = aws.history()[0];
    assert!((15 * 60..=17 * 60).contains(&after), "nothing is left out: {after}");
}

#[test]
fn without_alarms_nobody_asks_for_their_history() {
    let mut aws = Aws::new();
    aws.pass(10 * 60);
    assert_eq!((aws.count(Poller::Alarms), aws.count(Poller::AlarmHistory)), (10, 0));
    aws.alarms.alarms.push(alarm("a", 60));
    aws.pass(60);
    assert_eq!(aws.count(Poller::AlarmHistory), 1);
    aws.alarms.alarms.clear();
    aws.asked.clear();
    aws.pass(10 * 60);
    assert!(aws.count(Poller::AlarmHistory) <= 1);
}

#[test]
fn what_is_refused_is_asked_for_every_quarter_of_an_hour_and_on_demand() {
    for class in [ErrorClass::Denied, ErrorClass::Rejected] {
        for (poller, calm) in PER_HOUR {
            let mut aws = Aws::with_alarms(vec![alarm("a", 60)]);
            aws.failing = Some((poller, class));
            let updates = aws.pass(60 * 60);
            assert_eq!(begun(&updates, poller).len(), 4, "{}", poller.name());
            aws.failing = None;
            aws.state.refresh(aws.now);
            aws.asked.clear();
            aws.pass(30 * 60);
            assert!(aws.count(poller) >= calm / 2, "{}", poller.name());
        }
    }
}

#[test]
fn a_refusal_is_news_of_what_is_refused() {
    let mut aws = Aws::new();
    aws.failing = Some((Poller::Clusters, ErrorClass::Denied));
    let updates = aws.pass(10);
    let told = |update: &Update| matches!(update.news, News::Clusters(Err(_)));
    assert_eq!(updates.iter().filter(|update| told(update)).count(), 1);
}

#[test]
fn an_alarm_that_is_opened_is_read_at_once_and_then_once_in_its_period() {
    for (period, wait) in [(60, 60), (10, 60), (120, 120), (300, 300), (86_400, 300)] {
        let mut aws = Aws::with_alarms(vec![alarm("a", period)]);
        aws.pass(90);
        aws.open_alarm(Some("a"));
        aws.pass(3 * wait);
        assert_eq!(aws.data(), [(90, "a"), (90 + wait, "a"), (90 + 2 * wait, "a")], "{period}");
        aws.open_alarm(None);
        aws.asked.clear();
        aws.pass(10 * 60);
        assert_eq!(aws.data(), []);
    }
}

#[test]
fn who_leafs_through_alarms_reads_one_a_second_and_none_twice_in_a_minute() {
    let mut aws = Aws::with_alarms(vec![alarm("a", 60), alarm("b", 60), alarm("c", 60)]);
    aws.pass(90);
    for name in ["a", "b", "c", "a", "b", "a"] {
        aws.open_alarm(Some(name));
        aws.pass(1);
    }
    assert_eq!(aws.data(), [(90, "a"), (91, "b"), (92, "c")]);
    // Several in one second: the one that is left open is read.
    aws.asked.clear();
    aws.pass(100);
    aws.asked.clear();
    let now = aws.now.duration_since(noon()).as_secs();
    for name in ["b", "c"] {
        aws.open_alarm(Some(name));
    }
    aws.pass(3);
    assert_eq!(aws.data(), [(now, "c")]);
}

#[test]
fn a_refresh_reads_an_open_alarm_that_was_not_read_in_this_minute() {
    let mut aws = Aws::with_alarms(vec![alarm("a", 300)]);
    aws.pass(90);
    aws.open_alarm(Some("a"));
    aws.pass(10);
    aws.state.refresh(aws.now);
    aws.pass(10);
    assert_eq!(aws.data(), [(90, "a")]);
    aws.pass(20);
    aws.state.refresh(aws.now);
    aws.pass(10);
    assert_eq!(aws.data(), [(90, "a"), (130, "a")]);
}

#[test]
fn an_alarm_that_is_opened_before_it_is_known_is_read_when_it_is() {
    let mut aws = Aws::with_alarms(vec![alarm("a", 60)]);
    aws.open_alarm(Some("a"));
    aws.pass(5);
    assert_eq!(aws.data().len(), 1);
}

#[test]
fn other_settings_are_other_data() {
    let mut aws = Aws::with_alarms(vec![alarm("a", 300)]);
    aws.pass(10);
    aws.open_alarm(Some("a"));
    aws.pass(10);
    aws.alarms.alarms = vec![alarm("a", 240)];
    aws.pass(60);
    assert_eq!(aws.data().len(), 2, "{:?}", aws.data());
}

#[test]
fn what_has_no_data_or_none_that_may_be_asked_for_is_not_asked_for() {
    let composite = Alarm { kind: AlarmKind::Composite(Box::default()), ..alarm("composite", 60) };
    let mut aws = Aws::with_alarms(vec![alarm("theirs", 60), composite]);
    aws.alarms.elsewhere = vec![Arc::from("theirs")];
    aws.pass(10);
    aws.open_alarm(Some("theirs"));
    let updates = aws.pass(60);
    let told = updates.iter().find_map(|update| {
        let News::AlarmData(name, Err(error)) = &update.news else { return None };
        Some((name.to_string(), error.class))
    });
    assert_eq!(told, Some(("theirs".to_owned(), ErrorClass::Rejected)));
    assert_eq!(begun(&updates, Poller::AlarmData), [] as [i64; 0], "no round failed");
    aws.open_alarm(Some("composite"));
    aws.pass(60);
    assert_eq!(aws.data(), []);
}

#[test]
fn data_that_could_not_be_read_are_asked_for_again_soon_and_refused_ones_seldom() {
    for (class, least, most) in [(ErrorClass::Server, 8, 40), (ErrorClass::Denied, 2, 2)] {
        let mut aws = Aws::with_alarms(vec![alarm("a", 60)]);
        aws.pass(10);
        aws.failing = Some((Poller::AlarmData, class));
        aws.open_alarm(Some("a"));
        aws.pass(20 * 60);
        let calls = aws.data().len();
        assert!((least..=most).contains(&calls), "{class:?}: {calls}");
    }
}

#[test]
fn an_open_alarm_is_in_the_price_from_the_moment_it_is_opened() {
    let mut aws = Aws::with_alarms(vec![alarm("a", 120)]);
    aws.pass(90);
    let before = aws.state.cost;
    aws.open_alarm(Some("a"));
    aws.pass(1);
    let open = aws.state.cost;
    assert!((open.usd_per_hour - before.usd_per_hour - 30.0 * USD_PER_METRIC).abs() < 1e-12);
    assert_eq!(open.reading_metrics, before.reading_metrics + 1);
    assert_eq!(open.metrics, before.metrics + 1);
    aws.open_alarm(None);
    aws.pass(1);
    assert!((aws.state.cost.usd_per_hour - before.usd_per_hour).abs() < 1e-12);
}
