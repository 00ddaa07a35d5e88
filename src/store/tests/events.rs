//! The timeline, and the lists that surround the tables.

use super::*;
use crate::model::alarm::AlarmState;
use crate::model::event::{
    Activity, AlarmChange, AlarmChangeKind, Change, Event, Happening, PollerChange, TableChange,
};
use crate::model::insights::ContributorInsights;
use crate::model::scaling::{ScalableTarget, Suspended};

fn activity(id: &str, status: &str) -> Happening {
    Happening::Scaling(Activity {
        id: Arc::from(id),
        resource: Resource::table("orders"),
        direction: Direction::Write,
        description: Arc::from("Setting write capacity units to 210."),
        cause: Arc::from("monitor alarm …"),
        status: Arc::from(status),
        message: None,
        ended: None,
        not_scaled: vec![],
    })
}

fn alarm(name: &str, to: AlarmState) -> Happening {
    Happening::Alarm(AlarmChange {
        alarm: Arc::from(name),
        summary: Arc::from(format!("Alarm updated to {to}")),
        kind: AlarmChangeKind::State { from: None, to },
    })
}

fn told(fixture: &Fixture) -> Vec<(Timestamp, Happening)> {
    fixture.reading().events().map(|event| (event.at, event.what.clone())).collect()
}

fn changes(fixture: &Fixture) -> Vec<(String, Change)> {
    let table = |(_, what)| match what {
        Happening::Table(TableChange { resource, change }) => (resource.to_string(), change),
        other @ (Happening::Scaling(_)
        | Happening::Alarm(_)
        | Happening::Dax(_)
        | Happening::Poller(_)
        | Happening::Write(_)) => {
            panic!("{other:?}")
        }
    };
    told(fixture).into_iter().map(table).collect()
}

#[test]
fn events_are_told_newest_first_and_once_however_often_they_are_read() {
    let mut fixture = Fixture::new(600, vec![]);
    let event = |at, what| Event { at: second(at), what };
    fixture.tell(News::Events(vec![
        event(300, activity("a", "InProgress")),
        event(420, alarm("hot", AlarmState::Alarm)),
    ]));
    let revision = fixture.reading().events_revision();
    fixture.tell(News::Events(vec![event(300, activity("a", "InProgress"))]));
    assert_eq!(fixture.reading().events_revision(), revision, "nothing new");
    fixture.tell(News::Events(vec![
        event(420, alarm("hot", AlarmState::Alarm)),
        event(300, activity("a", "Successful")),
        event(420, alarm("cold", AlarmState::Ok)),
    ]));
    assert_ne!(fixture.reading().events_revision(), revision);
    assert_eq!(
        told(&fixture),
        [
            (second(420), alarm("hot", AlarmState::Alarm)),
            (second(420), alarm("cold", AlarmState::Ok)),
            (second(300), activity("a", "Successful")),
        ]
    );
}

#[test]
fn events_older_than_a_day_are_let_go() {
    let mut fixture = Fixture::new(0, vec![]);
    let day = 24 * 3_600;
    let event = |at, name| Event { at: second(at), what: alarm(name, AlarmState::Alarm) };
    fixture.tell(News::Events(vec![event(-day - 1, "old"), event(-day, "kept")]));
    assert_eq!(told(&fixture), [(second(-day), alarm("kept", AlarmState::Alarm))]);
}

#[test]
fn a_table_that_differs_from_its_last_description_has_changed() {
    let before = table("orders", provisioned(100.0), &[("GSI1", provisioned(50.0))]);
    let mut fixture = Fixture::new(0, vec![before.clone()]);
    assert_eq!(told(&fixture), [], "a first description is no change");
    fixture.go_to(60);
    fixture.tell(News::Table(Box::new(before.clone())));
    assert_eq!(told(&fixture), [], "neither is the same again");

    let mut after = before;
    after.status = Arc::from("UPDATING");
    after.throughput.write.provisioned = Some(200.0);
    after.throughput.last_increase = Some(second(90));
    after.indexes = table("orders", provisioned(100.0), &[("GSI2", on_demand(None))]).indexes;
    fixture.go_to(120);
    fixture.tell(News::Table(Box::new(after)));
    let (from, to) = (Arc::from("ACTIVE"), Arc::from("UPDATING"));
    assert_eq!(
        changes(&fixture),
        [
            ("table/orders/index/GSI1".to_owned(), Change::Deleted),
            ("table/orders/index/GSI2".to_owned(), Change::Created),
            ("table/orders".to_owned(), Change::Status { from, to }),
            (
                "table/orders".to_owned(),
                Change::Capacity { direction: Direction::Write, from: 100.0, to: 200.0 }
            ),
        ]
    );
    let at: Vec<Timestamp> = told(&fixture).into_iter().map(|(at, _)| at).collect();
    assert_eq!(at, [second(120), second(120), second(120), second(90)], "AWS dates capacity");
}

#[test]
fn a_switch_of_the_billing_mode_is_one_change() {
    let mut fixture = Fixture::new(0, vec![table("orders", provisioned(100.0), &[])]);
    fixture.tell(News::Table(Box::new(table("orders", on_demand(Some(500.0)), &[]))));
    let billing = Change::Billing { from: "PROVISIONED", to: "PAY_PER_REQUEST" };
    assert_eq!(changes(&fixture), [("table/orders".to_owned(), billing)]);
}

#[test]
fn tables_that_come_and_go_after_the_first_list_are_told() {
    let mut fixture = Fixture::new(0, vec![]);
    let names = |names: &[&str]| News::TableNames(names.iter().map(|n| Arc::from(*n)).collect());
    fixture.tell(names(&["orders", "carts"]));
    fixture.tell(names(&["orders", "users"]));
    assert_eq!(
        changes(&fixture),
        [("table/users".to_owned(), Change::Created), ("table/carts".to_owned(), Change::Deleted)]
    );
}

#[test]
fn a_poller_is_told_of_when_it_fails_and_when_it_reads_again() {
    let mut fixture = Fixture::new(0, vec![]);
    let denied = Some((ErrorClass::Denied, "cloudwatch:DescribeAlarms"));
    for error in [None, denied, denied, None, None] {
        fixture.finish(Poller::Alarms, error);
        fixture.go_to(fixture.at.as_second() - second(0).as_second() + 60);
    }
    let outages: Vec<(Timestamp, bool)> = told(&fixture)
        .into_iter()
        .map(|(at, what)| match what {
            Happening::Poller(PollerChange { poller: Poller::Alarms, error }) => {
                (at, error.is_some())
            }
            other @ (Happening::Scaling(_)
            | Happening::Alarm(_)
            | Happening::Table(_)
            | Happening::Dax(_)
            | Happening::Poller(_)
            | Happening::Write(_)) => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(outages, [(second(180), false), (second(60), true)]);
}

#[test]
fn events_about_one_thing_are_found_without_the_others() {
    let mut fixture = Fixture::new(600, vec![]);
    let event = |at, what| Event { at: second(at), what };
    fixture.tell(News::Events(vec![
        event(300, activity("a", "Successful")),
        event(420, alarm("hot", AlarmState::Alarm)),
        event(430, activity("b", "Successful")),
        event(440, alarm("cold", AlarmState::Ok)),
    ]));
    fixture.finish(Poller::Alarms, Some((ErrorClass::Server, "cloudwatch:DescribeAlarms")));
    let reading = fixture.reading();
    let at = |events: Vec<&Event>| -> Vec<i64> {
        events.into_iter().map(|event| event.at.as_second() - second(0).as_second()).collect()
    };
    let orders = Resource::table("orders");
    assert_eq!(at(reading.events_of(&orders, second(0)).collect()), [430, 300]);
    assert_eq!(at(reading.events_of(&orders, second(301)).collect()), [430]);
    assert_eq!(at(reading.events_of(&Resource::table("users"), second(0)).collect()), [0; 0]);
    assert_eq!(at(reading.events_of_alarm(&Arc::from("hot"), second(0)).collect()), [420]);
    assert_eq!(at(reading.events_of_pollers(second(0)).collect()), [600]);
    fixture.go_to(24 * 3_600 + 425);
    fixture.tell(News::Events(vec![]));
    let reading = fixture.reading();
    assert_eq!(at(reading.events_of(&orders, second(0)).collect()), [430], "old ones are let go");
    assert_eq!(at(reading.events_of_alarm(&Arc::from("hot"), second(0)).collect()), [0; 0]);
}

#[test]
fn what_is_read_of_one_thing_replaces_what_was_known_of_it_and_nothing_else() {
    let of = |table: &str, min| ScalableTarget {
        resource: Resource::table(table),
        direction: Direction::Write,
        min,
        max: 400.0,
        suspended: Suspended::default(),
        policies: vec![],
    };
    let insights = |table: &str, status: &str| ContributorInsights {
        resource: Resource::table(table),
        status: Arc::from(status),
        mode: None,
        rules: None,
        failure: None,
    };
    let mut fixture = Fixture::new(600, vec![]);
    let orders = Resource::table("orders");
    fixture.tell(News::InsightsOf(orders.clone(), Some(insights("orders", "ENABLED"))));
    assert_eq!(fixture.reading().insights(), Detail::NotPolled, "a part is not the whole");
    fixture.tell(News::Scaling(vec![of("carts", 1.0), of("orders", 2.0)]));
    fixture.tell(News::ScalingOf(orders.clone(), vec![of("orders", 3.0)]));
    let mins: Vec<f64> = fixture.reading().scalable_targets().iter().map(|it| it.min).collect();
    assert_eq!(mins, [1.0, 3.0]);
    fixture.tell(News::ScalingOf(orders.clone(), vec![]));
    assert_eq!(fixture.reading().scalable_targets(), [of("carts", 1.0)]);
    let all = vec![insights("carts", "ENABLED"), insights("orders", "DISABLED")];
    fixture.tell(News::Insights(Ok(all)));
    fixture.tell(News::InsightsOf(orders, Some(insights("orders", "ENABLED"))));
    let expected = vec![insights("carts", "ENABLED"), insights("orders", "ENABLED")];
    assert_eq!(fixture.reading().insights().value(), Some(&expected));
}
