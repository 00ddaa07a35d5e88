//! The alarms of target tracking.

use super::*;

/// The moments at which an alarm was in ALARM, as (from, until) pairs.
fn alarmed(alarm: &Alarm) -> Vec<(Epoch, Epoch)> {
    let mut spans = Vec::new();
    let mut since = f64::MIN;
    for item in &alarm.life.history {
        if let Event::Changed { new, .. } = &item.event {
            match new.state {
                State::Alarm => since = item.at,
                State::Ok | State::InsufficientData => spans.push((since, item.at)),
            }
        }
    }
    if alarm.life.now.state == State::Alarm {
        spans.push((alarm.life.transitioned, f64::MAX));
    }
    spans
}

#[test]
fn each_scaling_activity_has_its_alarm_in_alarm() {
    let mut account = Account::new(&Scenario::named("calm").unwrap());
    let now = account.fleet.start() + 6.0 * 3_600.0;
    account.alarms.advance(&mut account.fleet, now);
    let begin = account.fleet.start() - 17.0 * 3_600.0;
    let mut seen = 0;
    for activity in account.fleet.activities(now) {
        let Some(rest) = activity.cause.strip_prefix("monitor alarm ") else { continue };
        if activity.start < begin {
            continue;
        }
        let name = rest.split(" in state").next().unwrap();
        let spans = alarmed(account.alarms.named(name).unwrap());
        let inside = spans.iter().any(|(from, until)| (*from..*until).contains(&activity.start));
        assert!(inside, "{} at {}: {spans:?}", activity.cause, activity.start);
        seen += 1;
    }
    assert!(seen > 5, "{seen}");
}

#[test]
fn thresholds_follow_the_capacity() {
    let toml = "[[table]]\nname = 'ttt'\ncapacity.provisioned = { read = 100, write = 40 }
        capacity.scaling.read = { min = 100, max = 1_000 }
        [[table.traffic]]\noperation = 'GetItem'\nrate = 10\ndaily = 0
        change = [{ at = -30, factor = 30 }]";
    let mut account = Account::of(toml);
    let named = |account: &mut Account, kind: &str, minutes: f64| {
        let now = account.fleet.start() + minutes * 60.0;
        account.alarms.advance(&mut account.fleet, now);
        let found = account.alarms.metric().iter().find(|alarm| alarm.name.contains(kind));
        let alarm = found.unwrap();
        (alarm.watch().unwrap().threshold, alarm.life.now.state)
    };
    let at_first = -40.0;
    assert_eq!(named(&mut account, "AlarmHigh", at_first), (4_200.0, State::Ok));
    assert_eq!(named(&mut account, "AlarmLow", at_first), (3_000.0, State::Alarm), "idle");
    assert_eq!(named(&mut account, "ProvisionedCapacityHigh", at_first), (100.0, State::Ok));
    assert_eq!(named(&mut account, "ProvisionedCapacityLow", at_first), (100.0, State::Ok));
    let (threshold, state) = named(&mut account, "AlarmHigh", 0.0);
    assert!(threshold > 18_000.0, "{threshold}");
    assert_eq!(state, State::Ok);
    let high = account.alarms.metric().iter().find(|alarm| alarm.name.contains("AlarmHigh"));
    let high = high.unwrap();
    assert!(high.configured > account.fleet.start() - 30.0 * 60.0);
    let description = high.description.as_deref().unwrap();
    let policy = &high.actions.alarm[0];
    assert!(policy.contains(":scalingPolicy:") && policy.contains(":createdBy/"), "{policy}");
    assert_eq!(
        description,
        format!("DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy}.")
    );
}
