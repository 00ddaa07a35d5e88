//! What the shipped scenarios promise.

use super::*;

fn states(account: &mut Account, minutes: f64) -> Vec<(String, State)> {
    let now = account.fleet.start() + minutes * 60.0;
    account.alarms.advance(&mut account.fleet, now);
    let all = account.alarms.composite().iter().chain(account.alarms.metric());
    let own = all.filter(|alarm| !alarm.name.starts_with("TargetTracking-"));
    own.map(|alarm| (alarm.name.clone(), alarm.life.now.state)).collect()
}

#[test]
fn the_storm_is_as_its_header_says() {
    let alarmed = [
        "orders-service",
        "orders-service-page",
        "orders-api-errors",
        "orders-by-customer-write-capacity",
        "orders-by-customer-write-throttles",
        "orders-checkout-latency",
        "orders-deploy-in-progress",
        "orders-import-slow",
        "orders-legacy-throttles",
        "orders-projector-iterator-age",
        "orders-put-throttled-requests",
        "sessions-db-cpu",
    ];
    let unknown = ["orders-consumption-anomaly", "orders-hot-keys", "orders-user-errors"];
    for seed in [1, 2, 3] {
        let scenario = Scenario::named("alarm-storm").unwrap();
        let mut account =
            Account { fleet: Fleet::new(&scenario, seed, None), alarms: Alarms::new(&scenario) };
        for minutes in [0.0, 30.0, 180.0] {
            let found = states(&mut account, minutes);
            let of = |state| -> Vec<&str> {
                found.iter().filter(|one| one.1 == state).map(|one| one.0.as_str()).collect()
            };
            assert_eq!(of(State::Alarm), alarmed, "seed {seed} at +{minutes}");
            assert_eq!(of(State::InsufficientData), unknown, "seed {seed} at +{minutes}");
        }
        for (name, state) in states(&mut account, 180.0) {
            let is_new = name == "sessions-cache-cpu" && state == State::Ok;
            let created = account.history(&name, 180.0).iter().any(|(_, what)| what == "created");
            assert_eq!(created, is_new, "{name}");
        }
    }
}

#[test]
fn before_the_storm_all_is_quiet_but_the_database() {
    let mut account = Account::new(&Scenario::named("alarm-storm").unwrap());
    let found = states(&mut account, -25.0);
    let alarmed: Vec<_> = found.iter().filter(|one| one.1 == State::Alarm).collect();
    assert_eq!(alarmed, [&("sessions-db-cpu".to_owned(), State::Alarm)]);
}

#[test]
fn a_calm_account_has_no_alarm_but_those_that_scale_in() {
    let mut account = Account::new(&Scenario::named("calm").unwrap());
    for minutes in [0.0, 60.0, 300.0] {
        let found = states(&mut account, minutes);
        assert!(found.len() >= 5, "{found:?}");
        assert!(found.iter().all(|one| one.1 == State::Ok), "{found:?}");
    }
}

#[test]
fn an_incident_sets_off_the_alarms_of_what_is_in_trouble() {
    let mut account = Account::new(&Scenario::named("incident").unwrap());
    let found = states(&mut account, 0.0);
    let alarmed = found.iter().filter(|one| one.1 == State::Alarm).map(|one| one.0.as_str());
    let expected = [
        "orders-service",
        "account-user-errors",
        "inventory-write-throttles",
        "invoices-write-throttles",
        "orders-gsi2-write-throttles",
        "sessions-write-throttles",
    ];
    assert_eq!(alarmed.collect::<Vec<_>>(), expected);
}
