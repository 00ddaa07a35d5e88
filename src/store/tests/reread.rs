//! What a write read again, while readings that began before it are still under way.

use super::*;
use crate::model::alarm::MuteRule;
use crate::model::event::Happening;
use crate::model::insights::ContributorInsights;
use crate::model::scaling::fixture::target;

fn bounds(fixture: &Fixture) -> Vec<(String, f64)> {
    let targets = fixture.reading().scalable_targets().iter();
    targets.map(|target| (target.resource.to_string(), target.max)).collect()
}

#[test]
fn a_reading_of_all_targets_that_began_before_one_was_changed_does_not_take_the_change_back() {
    let mut fixture = fixture();
    let of = |name: &str, max| target(Resource::table(name), Direction::Write, (5.0, max));
    fixture.tell(News::Scaling(vec![of("carts", 100.0), of("orders", 100.0)]));
    fixture.go_to(630);
    fixture.tell(News::ScalingOf(orders(), vec![of("orders", 400.0)]));
    let changed = [("table/carts".to_owned(), 100.0), ("table/orders".to_owned(), 400.0)];
    assert_eq!(bounds(&fixture), changed);
    fixture.go_to(625);
    fixture.tell(News::Scaling(vec![of("carts", 100.0), of("orders", 100.0)]));
    assert_eq!(bounds(&fixture), changed, "asked for before, told after");
    fixture.go_to(640);
    fixture.tell(News::Scaling(vec![of("carts", 100.0), of("orders", 300.0)]));
    let other = ("table/orders".to_owned(), 300.0);
    assert_eq!(bounds(&fixture)[1], other, "somebody else changed it since");
    // The clock is set back by an hour.
    fixture.go_to(640 - 3_600);
    fixture.tell(News::Scaling(vec![of("orders", 200.0)]));
    assert_eq!(bounds(&fixture), [("table/orders".to_owned(), 200.0)]);
}

#[test]
fn what_was_removed_for_itself_does_not_come_back_either() {
    let mut fixture = fixture();
    let on = ContributorInsights {
        resource: orders(),
        status: Arc::from("ENABLED"),
        mode: None,
        rules: None,
        failure: None,
    };
    let rule = MuteRule {
        name: Arc::from("tonight"),
        status: Arc::from("ACTIVE"),
        targets: vec![],
        expression: Arc::from("at(2026-11-22T12:00)"),
        duration: Arc::from("PT1H"),
        time_zone: None,
        expires: None,
    };
    for (at, told) in [(600, true), (630, false), (620, true)] {
        fixture.go_to(at);
        if told {
            fixture.tell(News::Insights(Ok(vec![on.clone()])));
            fixture.tell(News::MuteRules(Ok(vec![rule.clone()])));
        } else {
            fixture.tell(News::InsightsOf(orders(), None));
            fixture.tell(News::MuteRule(Arc::clone(&rule.name), None));
        }
    }
    assert_eq!(fixture.reading().insights().value().map(Vec::len), Some(0));
    assert_eq!(fixture.reading().mute_rules().value().map(Vec::len), Some(0));
}

#[test]
fn a_description_that_was_asked_for_before_the_last_one_is_not_taken_for_a_change() {
    let mut fixture = fixture();
    fixture.go_to(630);
    fixture.tell(News::Table(Box::new(table("orders", provisioned(400.0), &[]))));
    fixture.go_to(625);
    fixture.tell(News::Table(Box::new(table("orders", provisioned(100.0), &[]))));
    fixture.go_to(631);
    let capacity = fixture.reading().capacity(&orders(), Direction::Write).unwrap();
    assert_eq!(capacity.provisioned, Some(400.0));
    let changes = fixture.reading().events().filter(
        |event| matches!(&event.what, Happening::Table(change) if change.resource == orders()),
    );
    assert_eq!(changes.count(), 2, "reads and writes were raised, and nothing was lowered");
}
