//! Tests of what is due, over virtual hours.

mod clusters;

use super::*;
use crate::aws::billed;
use crate::model::metric::{DaxMetric, Operation, Statistic};
use crate::model::throttle::Direction;
use crate::poll::fleet::Outflow;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const START: i64 = 29_000_000;

fn fleet(tables: usize) -> Fleet {
    let names: Vec<Arc<str>> = (0..tables).map(|n| Arc::from(format!("table-{n:04}"))).collect();
    let mut fleet = Fleet::default();
    fleet.set_tables(&names);
    let operations = ["GetItem", "PutItem"].map(Arc::from).to_vec();
    let seen: Vec<_> = names.into_iter().map(|name| (name, operations.clone())).collect();
    fleet.set_operations(&seen);
    fleet
}

fn first() -> Resource {
    Resource::table("table-0000")
}

/// The time at which the cycle of a minute runs.
fn time(minute: Minute) -> Timestamp {
    Timestamp::from_second(minute.0 * 60 + 15).unwrap()
}

/// All calm rows every so many minutes.
fn pace(every: i64) -> Pace {
    Pace { hidden: every, visible: every }
}

struct Case {
    fleet: Fleet,
    settings: Settings,
    interest: Interest,
    pace: Pace,
}

impl Case {
    fn new(tables: usize) -> Self {
        let (settings, interest) = (Settings::default(), Interest::default());
        Self { fleet: fleet(tables), settings, interest, pace: Pace::FULL }
    }

    fn planner(&self, minute: i64) -> Planner<'_> {
        Planner {
            settings: &self.settings,
            interest: &self.interest,
            pace: self.pace,
            minute: Minute(minute),
            operations_listed: true,
        }
    }

    /// Reads what is due in `minute`; every reading succeeds.
    fn read(&mut self, minute: i64, reach: Reach) -> Vec<Ask> {
        let asks = self.planner(minute).due(&self.fleet, reach);
        self.fleet.mark_asked(&asks, Minute(minute));
        self.fleet.mark_read(&asks, time(Minute(minute)), &self.settings);
        for key in
            batches(&self.fleet, &self.interest, &asks).into_iter().flat_map(|batch| batch.keys)
        {
            let next = self.planner(minute).next(&self.fleet, &key.resource, Group::of(key.metric));
            self.fleet.promise(&key, next);
        }
        asks
    }

    /// When the sentinels of every resource are promised.
    fn promises(&self) -> Vec<(Resource, Minute)> {
        let promised = |watch: &Watch| watch.progress(Group::Sentinels).promised.unwrap();
        self.fleet.watched().map(|(resource, watch)| (resource.clone(), promised(watch))).collect()
    }

    fn throttle(&mut self, resource: &Resource, minute: i64) {
        let key = SeriesKey::sum(resource.clone(), Metric::ThrottleEvents(Direction::Write));
        self.fleet.look(&[(key, vec![(Minute(minute), 7.0)])]);
    }
}

#[test]
fn a_calm_fleet_costs_four_metrics_for_each_table_and_one_for_the_account() {
    let mut case = Case::new(200);
    for minute in START..START + 120 {
        let asks = case.read(minute, Reach::Cycle);
        let batches = batches(&case.fleet, &case.interest, &asks);
        let queries: usize = batches.iter().map(|batch| batch.keys.len()).sum();
        assert_eq!((queries, batches.len()), (801, 2));
        let expected = if minute == START { 60 } else { 5 };
        assert!(asks.iter().all(|ask| ask.window == Window::ending(Minute(minute), expected)));
    }
}

#[test]
fn nothing_is_asked_twice_in_a_minute_whatever_happens_in_it() {
    let mut case = Case::new(20);
    for minute in START..START + 180 {
        let mut seen = BTreeSet::new();
        for (step, reach) in (0..).zip([
            Reach::Cycle,
            Reach::Newcomers { round: None },
            Reach::Cycle,
            Reach::Refresh,
        ]) {
            if minute % 7 == 0 {
                case.throttle(&first(), minute - 1);
            }
            let shown = format!("table-{:04}", (minute + step) % 20);
            case.interest.visible = BTreeSet::from([Resource::table(&shown)]);
            let asks = case.read(minute, reach);
            for key in
                batches(&case.fleet, &case.interest, &asks).into_iter().flat_map(|batch| batch.keys)
            {
                assert!(seen.insert(key.clone()), "{key:?} twice in {minute}");
            }
        }
    }
}

#[test]
fn new_trouble_is_explained_over_its_whole_length_in_the_same_minute() {
    let mut case = Case::new(3);
    case.read(START, Reach::Cycle);
    case.throttle(&first(), START - 40);
    case.throttle(&first(), START - 8);
    case.throttle(&first(), START - 1);
    let asks = case.read(START, Reach::Newcomers { round: None });
    let found: Vec<_> = asks.iter().map(|ask| (ask.group, ask.window.minutes())).collect();
    assert_eq!(found, [(Group::Reasons, 8), (Group::Details, 60)]);
    let parts = Parts { operations: &[], may_serve_others: false, outflow: &Outflow::default() };
    let keys = Group::Reasons.keys(&first(), parts);
    let distinct: BTreeSet<_> = keys.iter().map(|key| key.metric).collect();
    assert_eq!((keys.len(), distinct.len()), (8, 8));
    // From then on with everything else, until fifteen minutes after the last event.
    for minute in START + 1..START + 30 {
        let reasons = case.read(minute, Reach::Cycle);
        let reasons = reasons.iter().filter(|ask| ask.group == Group::Reasons).count();
        assert_eq!(reasons, usize::from(minute <= START + 14), "{}", minute - START);
    }
}

#[test]
fn of_what_is_in_trouble_the_latency_of_common_operations_is_read_though_nobody_listed_them() {
    let mut case = Case::new(2);
    let listed: Vec<Operation> = vec![Arc::from("GetItem"), Arc::from("ExecuteStatement")];
    case.fleet.set_operations(&[(Arc::from("table-0000"), listed)]);
    case.interest.visible = BTreeSet::from([first()]);
    let timed = |case: &mut Case, minute| -> Vec<String> {
        let asks = case.read(minute, Reach::Cycle);
        let keys = batches(&case.fleet, &case.interest, &asks).into_iter().flat_map(|it| it.keys);
        let p99 = keys.filter(|key| {
            key.metric == Metric::SuccessfulRequestLatency && key.statistic == Statistic::P99
        });
        p99.map(|key| key.operation.unwrap().to_string()).collect()
    };
    assert_eq!(timed(&mut case, START), ["GetItem", "ExecuteStatement"]);
    case.throttle(&first(), START);
    let all = timed(&mut case, START + 1);
    assert_eq!(all[..2], ["GetItem", "ExecuteStatement"]);
    assert_eq!((all.len(), all.contains(&"Scan".to_owned())), (9, true), "each once: {all:?}");
}

#[test]
fn after_an_outage_what_is_missing_is_read_as_far_as_it_fits() {
    for (outage, expected) in [(1, 5), (4, 6), (8, 10), (9, 30), (45, 60), (170, 180), (900, 180)] {
        let mut case = Case::new(1);
        case.read(START, Reach::Cycle);
        let asks = case.read(START + outage, Reach::Cycle);
        assert_eq!(asks[0].window, Window::ending(Minute(START + outage), expected), "{outage}");
    }
}

#[test]
fn slowed_rows_are_read_every_five_minutes_without_a_gap_and_take_turns() {
    let mut case = Case::new(500);
    case.pace = Pace { hidden: 5, visible: 1 };
    case.interest.visible = BTreeSet::from([first()]);
    case.read(START, Reach::Cycle);
    let hidden = Resource::table("table-0123");
    let mut read: Vec<Ask> = vec![];
    let mut per_minute = vec![];
    for minute in START + 1..START + 61 {
        let next = case.planner(minute).next(&case.fleet, &hidden, Group::Sentinels);
        let asks = case.read(minute, Reach::Cycle);
        assert!(asks.iter().any(|ask| ask.resource == first()), "visible rows are not slowed");
        assert_eq!(case.read(minute, Reach::Newcomers { round: None }).len(), 0);
        let own: Vec<_> = asks.iter().filter(|ask| ask.resource == hidden).cloned().collect();
        if !own.is_empty() {
            assert_eq!(next, Minute(minute + 5));
        }
        read.extend(own);
        per_minute.push(asks.len());
    }
    assert_eq!(read.len(), 12);
    for pair in read.windows(2) {
        // Two minutes of the earlier window were not settled when it was read.
        assert_eq!(pair[1].window.start, pair[0].window.end.plus(-2));
    }
    let steady = &per_minute[5..];
    assert!(steady.iter().all(|asks| (60..=160).contains(asks)), "{steady:?}");
}

#[test]
fn at_every_pace_no_settled_minute_is_missed_within_the_hour_that_is_kept() {
    for (every, window) in [(1, 5), (5, 7), (15, 30), (30, 60)] {
        let mut case = Case::new(40);
        case.pace = pace(every);
        let mut settled_to: BTreeMap<Resource, Minute> = BTreeMap::new();
        for minute in START..START + 180 {
            for Ask { resource, window: asked, .. } in case.read(minute, Reach::Cycle) {
                // Two minutes before the end of a window are not settled yet.
                if let Some(settled) = settled_to.insert(resource.clone(), asked.end.plus(-2)) {
                    assert!(asked.start <= settled, "{resource} has a gap at a pace of {every}");
                    let calm = resource != Resource::Account;
                    if calm && minute > START + 60 {
                        assert_eq!(asked.minutes(), window, "{resource} at a pace of {every}");
                    }
                }
            }
        }
    }
}

#[test]
fn no_change_of_pace_view_or_trouble_breaks_a_promise() {
    let mut case = Case::new(60);
    case.read(START, Reach::Cycle);
    let paces = [30, 1, 1, 15, 5, 1, 30].into_iter().cycle();
    for (minute, every) in (START + 1..START + 240).zip(paces) {
        let promises = case.promises();
        case.pace = pace(every);
        let shown = format!("table-{:04}", minute % 13);
        case.interest.visible = BTreeSet::from([Resource::table(&shown)]);
        if minute % 40 == 0 {
            case.throttle(&first(), minute - 1);
        }
        let asks = case.read(minute, Reach::Cycle);
        for (resource, _) in promises.iter().filter(|(_, promised)| promised.0 <= minute) {
            let read = asks.iter().any(|ask| ask.resource == *resource);
            assert!(read, "{resource} was promised for {}", minute - START);
        }
    }
}

#[test]
fn what_failed_is_tried_again_a_minute_later_even_if_it_is_slowed() {
    let mut case = Case::new(10);
    case.pace = pace(30);
    let asks = case.planner(START).due(&case.fleet, Reach::Cycle);
    case.fleet.mark_asked(&asks, Minute(START));
    let failed = SeriesKey::sum(first(), Metric::ThrottleEvents(Direction::Write));
    case.fleet.mark_failed(&failed);
    assert_eq!(case.read(START, Reach::Newcomers { round: None }), []);
    let asks = case.read(START + 1, Reach::Cycle);
    assert!(asks.iter().any(|ask| ask.resource == first()));
}

#[test]
fn trouble_is_never_slowed() {
    let mut case = Case::new(10);
    case.pace = pace(30);
    case.read(START, Reach::Cycle);
    for minute in START + 1..START + 31 {
        case.throttle(&first(), minute - 1);
        let asks = case.read(minute, Reach::Cycle);
        let own = asks.iter().filter(|ask| ask.resource == first()).count();
        assert_eq!(own, 3, "sentinels, reasons and details");
        assert!(asks.iter().any(|ask| ask.resource == Resource::Account));
    }
}

#[test]
fn a_row_that_comes_into_view_is_read_at_once_and_others_are_not() {
    let mut case = Case::new(10);
    case.read(START, Reach::Cycle);
    case.interest.visible = BTreeSet::from([first(), Resource::index("table-0000", "GSI1")]);
    let asks = case.read(START, Reach::Newcomers { round: None });
    let found: Vec<_> = asks.iter().map(|ask| (ask.group, ask.resource.clone())).collect();
    assert_eq!(found, [(Group::Details, first())]);
    // Early in the next minute it waits for the cycle, like everything else.
    assert_eq!(case.read(START + 1, Reach::Newcomers { round: None }), []);
    let asks = case.read(START + 1, Reach::Cycle);
    assert_eq!(asks.iter().filter(|ask| ask.group == Group::Details).count(), 1);
}

#[test]
fn the_load_is_what_one_reading_is_billed() {
    let mut case = Case::new(10);
    case.throttle(&first(), START - 1);
    case.interest.visible = BTreeSet::from([Resource::table("table-0001")]);
    let load = case.planner(START).load(&case.fleet);
    assert_eq!((load.urgent, load.visible, load.hidden), (1 + 4 + 8 + 5 + 6, 4 + 5, 8 * 4));
    let asks = case.read(START, Reach::Cycle);
    let metrics: u32 =
        batches(&case.fleet, &case.interest, &asks).iter().map(|batch| billed(&batch.keys)).sum();
    assert_eq!(u64::from(metrics), load.urgent + load.visible + load.hidden);
}

#[test]
fn every_series_is_read_with_the_group_of_its_metric_and_billed_once() {
    let mut outflow = Outflow::default();
    outflow.functions = ["projector", "indexer"].map(Arc::from).to_vec();
    outflow.regions = vec![Arc::from("ap-southeast-2")];
    outflow.kinesis = Some(Arc::from("Kinesis"));
    let operations = ["GetItem", "PutItem"].map(Arc::from);
    let parts = Parts { operations: &operations, may_serve_others: false, outflow: &outflow };
    let index = Resource::index("table-0000", "by-customer");
    let (cluster, node) = (Resource::cluster("carts"), Resource::node("carts", "carts-a"));
    let mut read = BTreeSet::new();
    for (resource, expected) in [
        (Resource::Account, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        (first(), [4, 8, 5, 1, 2, 3, 4, 3, 0, 0]),
        (index, [4, 8, 0, 0, 2, 0, 0, 0, 0, 0]),
        (cluster, [14, 0, 0, 0, 0, 0, 0, 0, 2, 0]),
        (node, [14, 0, 0, 0, 0, 0, 0, 0, 2, 1]),
    ] {
        assert_eq!(Group::ALL.map(|group| group.billed(&resource, parts)), expected, "{resource}");
        for group in Group::ALL {
            for key in group.keys(&resource, parts) {
                assert_eq!(Group::of(key.metric), group, "{key:?}");
                read.insert(key.metric);
            }
        }
    }
    let of_dax = DaxMetric::all().map(Metric::Dax).count();
    assert_eq!(read.len(), 1 + 4 + 8 + 3 + 1 + 2 + 2 + 2 + 3 + of_dax, "every metric");
}

#[test]
fn calls_hold_at_most_five_hundred_queries_and_cut_no_metric_apart() {
    let mut case = Case::new(333);
    case.interest.visible = (0..333).map(|n| Resource::table(&format!("table-{n:04}"))).collect();
    let asks = case.read(START, Reach::Cycle);
    let batches = batches(&case.fleet, &case.interest, &asks);
    let mut sizes: BTreeMap<Window, Vec<usize>> = BTreeMap::new();
    for batch in &batches {
        sizes.entry(batch.window).or_default().push(batch.keys.len());
    }
    let expected: usize = 333 * (4 + 2 * 3 + 2 + 1) + 1;
    let sizes = sizes.into_values().next().unwrap();
    assert_eq!(sizes.len(), expected.div_ceil(498));
    assert_eq!(sizes.iter().sum::<usize>(), expected);
    let metrics: u32 = batches.iter().map(|batch| billed(&batch.keys)).sum();
    assert_eq!(metrics, 333 * (4 + 2 + 2 + 1) + 1);
}

#[test]
fn latency_waits_until_it_is_known_which_operations_there_are() {
    let mut case = Case::new(1);
    case.interest.visible = case.fleet.watched().map(|(resource, _)| resource.clone()).collect();
    let details = |listed| {
        let planner = Planner { operations_listed: listed, ..case.planner(100) };
        let asks = planner.due(&case.fleet, Reach::Cycle);
        asks.iter().filter(|ask| ask.group == Group::Details).count()
    };
    assert_eq!(details(false), 0, "asking for no operation would take the minute's turn");
    assert_eq!(details(true), 1);
}

mod outflow {
    use super::*;
    use crate::model::consumer::{Consumer, example as consumer};

    /// The functions that are asked about in a minute, each once.
    fn asked(case: &mut Case, minute: i64, metric: Metric) -> Vec<Arc<str>> {
        let asks = case.read(minute, Reach::Cycle);
        let batches = batches(&case.fleet, &case.interest, &asks);
        let keys = batches.into_iter().flat_map(|batch| batch.keys);
        keys.filter(|key| key.metric == metric).filter_map(|key| key.operation).collect()
    }

    fn names(names: &[&str]) -> Vec<Arc<str>> {
        names.iter().map(|name| Arc::from(*name)).collect()
    }

    fn consumed(consumers: &[Consumer]) -> Case {
        let mut case = Case::new(3);
        case.fleet.set_consumers(consumers);
        case
    }

    #[test]
    fn each_function_is_asked_for_its_age_once_a_minute_whatever_it_reads() {
        let both = [consumer("reader", "table-0000"), consumer("reader", "table-0002")];
        let other = consumer("other", "table-0002");
        let gone = consumer("gone", "no-such-table");
        let mut case = consumed(&[both.to_vec(), vec![other, gone]].concat());
        for minute in START..START + 3 {
            let ages = asked(&mut case, minute, Metric::IteratorAge);
            assert_eq!(ages, names(&["reader", "other"]), "{minute}");
        }
        assert_eq!(asked(&mut case, START + 3, Metric::FunctionErrors), []);
        let load = case.planner(START).load(&case.fleet);
        assert_eq!(load.hidden, 3 * 4 + 2);
    }

    #[test]
    fn errors_are_asked_for_where_the_table_is_open_or_the_function_in_doubt() {
        let both = [consumer("reader", "table-0000"), consumer("reader", "table-0002")];
        let mut case = consumed(&both);
        case.interest.open = Some(Resource::table("table-0002"));
        let errors = asked(&mut case, START, Metric::FunctionErrors);
        assert_eq!(errors, names(&["reader"]), "though its series are kept elsewhere");
        case.interest.open = None;
        assert_eq!(asked(&mut case, START + 1, Metric::FunctionErrors), []);
        let key =
            SeriesKey::outflow(&Arc::from("table-0000"), Metric::IteratorAge, &Arc::from("reader"));
        case.fleet.look(&[(key, vec![(Minute(START), 59_000.0), (Minute(START + 1), 61_000.0)])]);
        for minute in START + 2..START + 30 {
            let errors = asked(&mut case, minute, Metric::FunctionErrors).len();
            assert_eq!(errors, usize::from(minute <= START + 16), "{}", minute - START);
        }
        let mut failing = consumer("reader", "table-0001");
        failing.last_result = Some(Arc::from("PROBLEM: Function call failed"));
        let mut case = consumed(&[failing]);
        assert_eq!(asked(&mut case, START, Metric::FunctionErrors), names(&["reader"]));
    }

    #[test]
    fn what_is_in_doubt_is_never_slowed_and_no_reason_metric_is_read_for_it() {
        let mut case =
            consumed(&[consumer("reader", "table-0000"), consumer("calm", "table-0001")]);
        asked(&mut case, START, Metric::IteratorAge);
        let key =
            SeriesKey::outflow(&Arc::from("table-0000"), Metric::IteratorAge, &Arc::from("reader"));
        case.fleet.look(&[(key, vec![(Minute(START), 900_000.0)])]);
        case.pace = pace(30);
        let mut ages = Vec::new();
        for minute in START + 2..START + 10 {
            ages.extend(asked(&mut case, minute, Metric::IteratorAge));
        }
        assert_eq!(ages.iter().filter(|name| &***name == "reader").count(), 8);
        assert!(ages.iter().filter(|name| &***name == "calm").count() <= 1, "{ages:?}");
        let load = case.planner(START + 10).load(&case.fleet);
        assert_eq!(load.urgent, 1 + 3, "the account's errors; age, errors and throttles of one");
    }
}
