//! Several findings of one alarm are mended by one command: `PutMetricAlarm` overwrites what another has mended.

use super::pairs;
use super::scene::{Scene, alarm, set, stat, throttles};
use crate::lint::context::Context;
use crate::lint::fault::Fault;
use crate::lint::fix::Fix;
use crate::lint::mending::Together;
use crate::lint::rules::all;
use crate::lint::{Finding, Mending, Severity, Shared, findings, judge};
use crate::model::alarm::Alarm;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Named after throttles, watches errors of a table, in five minutes and all of them, and stays in ALARM.
fn careless() -> Alarm {
    let errors = alarm("orders-throttled", "UserErrors", &[("TableName", "orders")]);
    let errors = stat(errors, |stat| stat.period_seconds = 300);
    set(errors, |settings| {
        settings.evaluation_periods = 2;
        settings.datapoints_to_alarm = None;
        settings.missing_data = None;
        settings.threshold = Some(5.0);
    })
}

/// What each finding of an alarm is mended by: its rule, how it is shared, and the command.
fn remedies(scene: Scene, name: &str) -> Vec<(&'static str, Shared, Option<String>)> {
    let fixture = scene.fixture();
    let found = findings(fixture.reading());
    let mending = Mending::new(fixture.reading(), &found);
    let of_alarm = found.iter().filter(|finding| finding.alarm.as_deref() == Some(name));
    let remedy = |finding: &Finding| {
        let remedy = mending.of(finding);
        (finding.rule.id, remedy.shared, remedy.commands.cli)
    };
    of_alarm.map(remedy).collect()
}

#[test]
fn all_that_is_wrong_with_an_alarm_is_mended_by_one_command() {
    let remedies = remedies(Scene::of([careless()]), "orders-throttled");
    let shared: Vec<_> = remedies.iter().map(|(rule, shared, _)| (*rule, shared.clone())).collect();
    let under = || Shared::Same("DDB001");
    let expected = [
        ("DDB001", Shared::First(vec!["DDB009", "DDB013", "DDB017", "DDB018"])),
        ("DDB009", under()),
        ("DDB017", under()),
        ("DDB013", under()),
        ("DDB018", under()),
    ];
    assert_eq!(shared, expected);
    let commands: BTreeSet<_> = remedies.iter().map(|(_, _, cli)| cli.clone().unwrap()).collect();
    let commands: Vec<_> = commands.into_iter().collect();
    let [command] = commands.as_slice() else { panic!("{commands:#?}") };
    for wanted in [
        "--alarm-name orders-throttled ",
        "--metric-name WriteThrottleEvents",
        "--dimensions Name=TableName,Value=orders ",
        "--alarm-name orders-throttled-reads ",
        "--metric-name ReadThrottleEvents",
        "--period 60",
        "--treat-missing-data notBreaching",
    ] {
        assert!(command.contains(wanted), "no {wanted} in\n{command}");
    }
    assert_eq!(command.matches("put-metric-alarm").count(), 2);
}

#[test]
fn a_finding_that_is_alone_keeps_its_own_command() {
    let mut off = throttles("a");
    off.actions.enabled = false;
    let [(_, shared, cli)] = &remedies(Scene::of([off]), "a")[..] else { panic!("several") };
    assert_eq!(*shared, Shared::Alone);
    assert!(cli.as_ref().unwrap().contains("enable-alarm-actions"), "{cli:?}");
}

#[test]
fn actions_that_are_switched_on_stay_on_where_the_alarm_is_put_for_something_else() {
    let mut off = set(throttles("a"), |settings| settings.missing_data = None);
    off.actions.enabled = false;
    let remedies = remedies(Scene::of([off]), "a");
    assert_eq!(remedies.len(), 2);
    for (rule, _, cli) in remedies {
        let cli = cli.unwrap();
        assert!(cli.contains("--actions-enabled") && !cli.contains("--no-actions"), "{rule} {cli}");
        assert!(cli.contains("--treat-missing-data notBreaching"), "{rule} {cli}");
    }
}

#[test]
fn an_alarm_that_is_to_be_deleted_is_not_put_again_by_what_matters_less() {
    let orphan = alarm("a", "WriteThrottleEvents", &[("TableName", "gone")]);
    let orphan = set(orphan, |settings| settings.missing_data = None);
    let remedies = remedies(Scene::of([orphan]), "a");
    assert_eq!(remedies.len(), 2);
    for (rule, _, cli) in remedies {
        assert!(cli.unwrap().contains("delete-alarms"), "{rule}");
    }
}

#[test]
fn an_alarm_is_not_deleted_for_what_matters_less_than_what_mends_it() {
    let twin = |name| set(throttles(name), |settings| settings.missing_data = None);
    let [(frozen, first, put), (twins, outdone, none)] =
        &remedies(Scene::of([twin("a"), twin("b")]), "b")[..]
    else {
        panic!("more")
    };
    assert_eq!([*frozen, *twins], ["DDB013", "DDB030"]);
    assert_eq!(*first, Shared::First(vec![]));
    assert!(put.as_ref().unwrap().contains("--treat-missing-data notBreaching"));
    assert_eq!((outdone, none), (&Shared::Outdone("DDB013"), &None));
    let told = outdone.told().unwrap();
    assert_eq!(
        told,
        "left by the command under DDB013, which matters more: run that, then look again"
    );
}

/// A finding of the rule with this id that puts an alarm with another threshold.
fn wants(id: &str, severity: Severity, threshold: f64) -> Finding {
    let rule = &all().find(|row| row.rule.id == id).unwrap().rule;
    let put = set(throttles("a"), |settings| settings.threshold = Some(threshold));
    let fault = Fault::new(format!("wants {threshold}")).of_severity(severity);
    fault.of_alarm(&put, None).mended(Fix::Put(vec![put.clone()])).finding(rule)
}

#[test]
fn of_two_fixes_that_contradict_that_of_the_worse_finding_wins() {
    let [error, info] =
        [wants("DDB001", Severity::Error, 1.0), wants("DDB018", Severity::Info, 2.0)];
    let look = |alarm: &Alarm| match alarm.metric().unwrap().threshold.unwrap() {
        1.0 => vec![info.clone()],
        2.0 => vec![error.clone()],
        _ => vec![error.clone(), info.clone()],
    };
    let together = Together::of(&throttles("a"), vec![&error, &info], look);
    assert_eq!((together.mended, together.left), (vec![&error], vec![&info]));
    assert_eq!(together.fix, error.fix);
}

/// Faults of an alarm's own fields, put into alarms that have others.
const FAULTS: [fn(Alarm) -> Alarm; 6] = [
    |alarm| set(alarm, |settings| settings.missing_data = None),
    |alarm| stat(alarm, |stat| stat.unit = Some(Arc::from("Gigabytes"))),
    |alarm| stat(alarm, |stat| stat.period_seconds = 10),
    |alarm| stat(alarm, |stat| stat.period_seconds = 900),
    |alarm| Alarm { actions: crate::model::alarm::Actions::default(), ..alarm },
    |mut alarm| {
        alarm.actions.enabled = false;
        set(alarm, |settings| settings.datapoints_to_alarm = None)
    },
];

#[test]
fn what_one_command_mends_is_not_found_again() {
    let mut tried = 0;
    for (pair, first) in pairs().flat_map(|pair| FAULTS.map(|fault| (pair, fault))) {
        for second in FAULTS {
            let mut scene = (pair.found)();
            let alarms = scene.alarms.take().unwrap_or_default();
            scene.alarms = Some(alarms.into_iter().map(first).map(second).collect());
            let fixture = scene.fixture();
            let found = findings(fixture.reading());
            let context = Context::new(fixture.reading());
            for together in Mending::new(fixture.reading(), &found).together.values() {
                tried += 1;
                let is_delete = |it: &&Finding| matches!(it.fix, Fix::Delete(_));
                assert!(together.left.iter().all(is_delete), "{together:#?}");
                assert!(!together.mended.is_empty(), "{together:#?}");
                let Fix::Put(alarms) = &together.fix else { continue };
                let mut again = Vec::new();
                for alarm in alarms {
                    judge(&context, alarm, &mut again);
                }
                let is_back = |it: &&Finding| together.mended.iter().any(|was| was.rule == it.rule);
                let back = again.iter().find(is_back);
                assert!(back.is_none(), "{} {back:#?}", pair.id);
            }
        }
    }
    assert!(tried > 500, "{tried}");
}
