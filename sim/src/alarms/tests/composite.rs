//! Composite alarms.

use super::*;

/// Alarms `a` and `b` that are in ALARM for some minutes each, and what else is said.
fn two(a: (i64, u32), b: (i64, u32), rest: &str) -> Account {
    let one = |name: &str, (from, lasts): (i64, u32)| {
        format!(
            "[[signal]]\nnamespace = 'Test'\nmetric = '{name}'\nvalue = 1
             change = [{{ at = {from}, lasts = {lasts}, factor = 2 }}]
             [[alarm]]\nname = '{name}'\nnamespace = 'Test'\nmetric = '{name}'\nthreshold = 1.5\n"
        )
    };
    Account::of(&format!("{}{}{rest}", one("a", a), one("b", b)))
}

#[test]
fn a_composite_alarm_follows_its_children() {
    let rule = "[[composite_alarm]]\nname = 'c'\nrule = 'ALARM(a) AND NOT ALARM(b)'\n";
    let mut account = two((-60, 50), (-40, 10), rule);
    let history = account.history("c", 0.0);
    let what: Vec<&str> = history.iter().map(|(_, what)| what.as_str()).collect();
    assert_eq!(what, ["OK to ALARM", "ALARM to OK", "OK to ALARM", "ALARM to OK"]);
    for ((at, _), expected) in history.iter().zip([-60, -40, -30, -10]) {
        assert!((expected + 1..=expected + 4).contains(at), "{history:?}");
    }
    let child = account.alarm("a", 0.0);
    let (arn, since) = (child.arn.clone(), child.life.transitioned);
    let life = &account.alarm("c", 0.0).life;
    assert!((life.transitioned - since).abs() < 1e-9);
    let expected = format!("{arn} transitioned to OK at Sunday 22 November, 2026 11:");
    assert!(life.now.reason.starts_with(&expected), "{}", life.now.reason);
    let data = life.now.data.as_deref().unwrap();
    assert!(data.starts_with(&format!("{{\"triggeringAlarms\":[{{\"arn\":\"{arn}\"")), "{data}");
}

#[test]
fn composite_alarms_may_follow_one_another_but_not_in_a_circle() {
    let rules = "[[composite_alarm]]\nname = 'outer'\nrule = 'ALARM(z-inner) OR ALARM(circle)'
        [[composite_alarm]]\nname = 'z-inner'\nrule = 'ALARM(a)'
        [[composite_alarm]]\nname = 'circle'\nrule = 'ALARM(a) OR OK(round)'
        [[composite_alarm]]\nname = 'round'\nrule = 'NOT ALARM(circle)'\n";
    let mut account = two((-60, 90), (0, 1), rules);
    assert_eq!(account.state("outer", 0.0), State::Alarm);
    assert_eq!(account.state("circle", 0.0), State::InsufficientData);
    assert_eq!(account.state("round", 0.0), State::InsufficientData);
}

#[test]
fn a_new_composite_alarm_is_evaluated_at_once() {
    let rule = "[[composite_alarm]]\nname = 'c'\nrule = 'ALARM(a)'\ncreated = -30\n";
    let mut account = two((-60, 90), (0, 1), rule);
    let expected = [(-30, "created".to_owned()), (-30, "INSUFFICIENT_DATA to ALARM".to_owned())];
    assert_eq!(account.history("c", 0.0), expected);
}

/// When the actions of `c`, which follows `a`, are carried out, while `b` suppresses them.
fn acted(a: (i64, u32), b: (i64, u32)) -> (Vec<i64>, Option<&'static str>) {
    let rule = "[[composite_alarm]]\nname = 'c'\nrule = 'ALARM(a)'\nactions = { alarm = ['arn:x'] }
        suppressor = { alarm = 'b', wait = 300, extension = 600 }\n";
    let mut account = two(a, b, rule);
    let history = account.history("c", 0.0);
    let acted = history.iter().filter(|(_, what)| what == "arn:x").map(|(at, _)| *at).collect();
    (acted, account.alarm("c", 0.0).suppressor().unwrap().1)
}

#[test]
fn a_suppressor_holds_actions_back() {
    let (at, by) = acted((-60, 90), (0, 1));
    assert!(matches!(at.as_slice(), [-55..=-51]), "after the waiting period: {at:?}");
    assert_eq!(by, None);
    let (at, by) = acted((-60, 90), (-80, 200));
    assert_eq!((at, by), (vec![], Some("Alarm")));
    let (at, _) = acted((-60, 90), (-80, 40));
    assert!(matches!(at.as_slice(), [-30..=-24]), "after the extension period: {at:?}");
    let (at, by) = acted((-60, 90), (-58, 53));
    assert_eq!((at, by), (vec![], Some("ExtensionPeriod")), "it came in time");
    let (at, by) = acted((-4, 90), (0, 1));
    assert_eq!((at, by), (vec![], Some("WaitPeriod")));
}
