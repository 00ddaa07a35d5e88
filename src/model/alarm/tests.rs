use super::*;

#[test]
fn names_of_states_operators_and_treatments_read_back() {
    for state in [AlarmState::Ok, AlarmState::Alarm, AlarmState::InsufficientData] {
        assert_eq!(AlarmState::from_aws(state.as_str()), Some(state));
    }
    assert_eq!(AlarmState::from_aws("ok"), None);
    for name in ["GreaterThanThreshold", "LessThanOrEqualToThreshold", "GreaterThanUpperThreshold"]
    {
        assert_eq!(Comparison::from_aws(name).as_str(), name);
    }
    assert_eq!(Comparison::from_aws("LessThanLowerThreshold").sign(), None);
    assert_eq!(MissingData::from_aws("notBreaching"), Some(MissingData::NotBreaching));
}

#[test]
fn the_children_of_a_composite_are_those_its_rule_names() {
    let children = |rule: &str| {
        let composite = CompositeAlarm { rule: Arc::from(rule), ..CompositeAlarm::default() };
        composite.children().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        children("(ALARM(\"a (1)\") OR ALARM('b')) AND NOT OK(c) OR INSUFFICIENT_DATA ( d )"),
        ["a (1)", "b", "c", "d"]
    );
    assert_eq!(children("ALARM(a) AND ALARM(a)"), ["a"]);
    assert_eq!(
        children("ALARM(\"arn:aws:cloudwatch:us-east-1:123456789012:alarm:x\") AND TRUE"),
        ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:x"]
    );
    assert_eq!(children("NOT (TRUE)"), Vec::<String>::new());
    assert_eq!(children("ALARM(\"unclosed"), ["unclosed"]);
}

#[test]
fn a_mute_rule_tells_how_long_it_silences() {
    let rule = |duration: &str| MuteRule {
        name: Arc::from("night"),
        status: Arc::from("ACTIVE"),
        targets: vec![],
        expression: Arc::from("cron(0 22 * * *)"),
        duration: Arc::from(duration),
        time_zone: None,
        expires: None,
    };
    assert_eq!(rule("PT1H30M").length(), Some(SignedDuration::from_mins(90)));
    assert_eq!(rule("P15D").length(), Some(SignedDuration::from_hours(360)));
    assert_eq!(rule("soon").length(), None);
}

#[test]
fn a_rule_of_one_time_silences_by_its_times_and_any_other_by_its_status() {
    let rule = |expression: &str, status: &str| MuteRule {
        name: Arc::from("r"),
        status: Arc::from(status),
        targets: vec![],
        expression: Arc::from(expression),
        duration: Arc::from("PT30M"),
        time_zone: None,
        expires: None,
    };
    let at = |time: &str| format!("2026-11-22T{time}Z").parse::<Timestamp>().unwrap();
    let once = |status| rule("at(2026-11-22T12:00)", status);
    for (rule, time, expected) in [
        (once("SCHEDULED"), "11:59:59", false),
        // Its status was read before it began.
        (once("SCHEDULED"), "12:00:00", true),
        (once("ACTIVE"), "12:29:59", true),
        (once("ACTIVE"), "12:30:00", false),
        (once("EXPIRED"), "12:10:00", false),
        (rule("cron(0 12 * * *)", "SCHEDULED"), "12:10:00", false),
        (rule("cron(0 12 * * *)", "ACTIVE"), "12:10:00", true),
    ] {
        assert_eq!(rule.is_active(at(time)), expected, "{rule:?} at {time}");
    }
}
