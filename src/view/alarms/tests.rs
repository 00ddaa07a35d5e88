use super::*;
use crate::lint::findings;
use crate::model::alarm::{
    Actions, AlarmData, AlarmKind, Comparison, CompositeAlarm, MetricAlarm, MetricStat,
    MissingData, MuteRule, Source,
};
use crate::model::health::{CallError, ErrorClass};
use crate::model::local::UtcOffset;
use crate::model::time::Minute;
use crate::model::update::News;
use crate::store::fixture::{Fixture, minute, second};
use crate::view::chart::Mark;

/// At this second it is 12:10.
const AT: i64 = 600;

fn metric(period_seconds: i64, periods: u32) -> Alarm {
    let dimensions = vec![(Arc::from("TableName"), Arc::from("orders"))];
    let stat = MetricStat {
        namespace: Arc::from("AWS/DynamoDB"),
        metric: Arc::from("WriteThrottleEvents"),
        dimensions,
        statistic: Arc::from("Sum"),
        period_seconds,
        unit: None,
    };
    named_alarm(
        "hot",
        AlarmKind::Metric(Box::new(MetricAlarm {
            source: Source::Metric(stat),
            comparison: Comparison::Greater,
            threshold: Some(10.0),
            evaluation_periods: periods,
            datapoints_to_alarm: None,
            missing_data: None,
            low_samples: None,
            evaluation_state: None,
        })),
    )
}

fn named_alarm(name: &str, kind: AlarmKind) -> Alarm {
    Alarm {
        name: Arc::from(name),
        arn: Arc::from("arn"),
        description: None,
        state: AlarmState::Alarm,
        since: Some(second(300)),
        configured: None,
        reason: Arc::from(""),
        actions: Actions {
            enabled: true,
            alarm: vec![Arc::from("arn:aws:sns:r:1:oncall")],
            ..Actions::default()
        },
        kind,
    }
}

fn composite(name: &str, rule: &str) -> Alarm {
    let rule = Arc::from(rule);
    let kind = CompositeAlarm { rule, suppressor: None, suppressed_by: None };
    named_alarm(name, AlarmKind::Composite(Box::new(kind)))
}

/// What the fixture knows of the alarm called `name`.
fn subject<'a>(
    fixture: &'a Fixture,
    name: &str,
    standing: &'a Standing,
    findings: Vec<&'a Finding>,
) -> Subject<'a> {
    let reading = fixture.reading();
    Subject { reading, alarm: reading.alarm(name).unwrap(), standing, findings, depth: 0 }
}

fn chart(fixture: &Fixture, cursor: Option<Minute>) -> Chart {
    let window = Window { start: minute(0), end: minute(10) };
    let times = Times { window, cursor, utc_offset: UtcOffset::ZERO };
    expanded(&subject(fixture, "hot", &Standing::default(), vec![]), times).unwrap()
}

fn told(alarm: Alarm, points: &[(i64, f64)]) -> Fixture {
    let mut fixture = Fixture::new(AT, vec![]);
    let period_seconds = alarm.metric().map_or(60, MetricAlarm::period_seconds);
    fixture.tell(News::Alarms(Ok(vec![alarm])));
    let point = |(at, value): &(i64, f64)| (second(*at), *value);
    fixture.tell(News::AlarmData(
        Arc::from("hot"),
        Ok(AlarmData {
            period_seconds,
            window: Window { start: minute(0), end: minute(10) },
            points: points.iter().map(point).collect(),
        }),
    ));
    fixture
}

#[test]
fn a_point_stands_in_every_minute_of_its_period_and_gaps_stay_gaps() {
    let fixture = told(metric(120, 2), &[(0, 3.0), (240, 12.0)]);
    let chart = chart(&fixture, None);
    let (three, twelve) = (Some(3.0), Some(12.0));
    let expected = [three, three, None, None, twelve, twelve, None, None, None, None];
    assert_eq!(chart.lines[0].points, expected);
    assert_eq!(chart.levels[0].label, "threshold > 10");
    assert_eq!(chart.marked, Some(Window { start: minute(6), end: minute(10) }));
    assert_eq!(chart.settled_through, Some(minute(7)), "12:08 is settled at 12:12 at the earliest");
    let marks: Vec<_> = chart.events.iter().map(|event| (event.minute, event.mark)).collect();
    assert_eq!(marks, [(minute(5), Mark::Alarm)]);
}

#[test]
fn of_several_points_in_a_minute_the_one_nearest_to_trouble_is_kept() {
    let fixture = told(metric(10, 3), &[(60, 1.0), (70, 9.0), (80, 4.0)]);
    assert_eq!(chart(&fixture, None).lines[0].points[1], Some(9.0));
    let mut alarm = metric(10, 3);
    if let AlarmKind::Metric(metric) = &mut alarm.kind {
        metric.comparison = Comparison::Less;
    }
    let fixture = told(alarm, &[(60, 1.0), (70, 9.0)]);
    assert_eq!(chart(&fixture, None).lines[0].points[1], Some(1.0));
}

#[test]
fn the_legend_tells_the_settled_point_or_the_one_under_the_cursor_and_never_a_guess() {
    let fixture = told(metric(60, 1), &[(240, 12.0), (420, 5.0), (540, 7.0)]);
    let value = |cursor| chart(&fixture, cursor).lines[0].value.clone();
    assert_eq!(value(None), "5", "12:07 is the newest settled minute");
    assert_eq!(value(Some(minute(4))), "12");
    assert_eq!(value(Some(minute(9))), "~7", "that one may be revised");
    assert_eq!(value(Some(minute(5))), "no data");
}

#[test]
fn what_is_evaluated_is_in_sight_however_long_it_is() {
    let fixture = told(metric(300, 6), &[(0, 1.0)]);
    assert_eq!(chart(&fixture, None).window.start, minute(-20));
}

#[test]
fn a_chart_without_data_says_why() {
    let mut fixture = Fixture::new(AT, vec![]);
    fixture.tell(News::Alarms(Ok(vec![metric(60, 1)])));
    assert_eq!(chart(&fixture, None).note.as_deref(), Some("not read yet"));
    let error = CallError {
        class: ErrorClass::Denied,
        action: "cloudwatch:GetMetricData",
        code: None,
        message: String::new(),
    };
    fixture.tell(News::AlarmData(Arc::from("hot"), Err(error.clone())));
    let note = chart(&fixture, None).note;
    assert_eq!(note.as_deref(), Some("no permission: cloudwatch:GetMetricData"));
    let mut fixture = told(metric(60, 1), &[]);
    let note = chart(&fixture, None).note;
    assert_eq!(note.as_deref(), Some("no data points in this window"));
    fixture.tell(News::AlarmData(Arc::from("hot"), Err(error)));
    assert!(chart(&fixture, None).title.contains("read 0 s ago"), "stale data say so");
}

/// An alarm that can never fire, and nothing else that a lint could find.
fn broken() -> Alarm {
    let mut alarm = metric(60, 1);
    if let AlarmKind::Metric(metric) = &mut alarm.kind {
        metric.missing_data = Some(MissingData::NotBreaching);
        if let Source::Metric(stat) = &mut metric.source {
            stat.metric = Arc::from("UserErrors");
        }
    }
    alarm
}

fn words_of(subject: &Subject<'_>) -> String {
    let detail = words(subject, false, Charset::Ascii);
    let lines = detail.paragraphs.iter().map(|it| format!("{} {}", it.label, it.text.text));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_finding_is_told_with_what_puts_it_right() {
    let fixture = told(broken(), &[]);
    let standing = Standing { pages: true, ..Standing::default() };
    let findings = findings(fixture.reading());
    let [finding] = findings.as_slice() else { panic!("{findings:#?}") };
    let subject = subject(&fixture, "hot", &standing, vec![finding, finding]);
    let words = words_of(&subject);
    for line in [
        "lint DDB001, error: hot watches UserErrors with TableName=orders, but AWS publishes it \
         without dimensions only: it says OK for ever",
        "why AWS publishes UserErrors for the whole account and region only, never for a table",
        "fix drop the dimensions",
        "cli aws cloudwatch put-metric-alarm \\",
        "  --alarm-name hot \\",
        "tf resource \"aws_cloudwatch_metric_alarm\" \"hot\" {",
        "tells on ALARM SNS oncall",
        "reads AWS/DynamoDB UserErrors Sum, TableName=orders",
    ] {
        assert!(words.lines().any(|told| told == line), "{line}\n{words}");
    }
    let row =
        row::alarm(&subject, false, Window { start: minute(-60), end: minute(0) }, Charset::Ascii);
    assert_eq!((row.mark.text.as_str(), row.cells[4].text.as_str()), ("!", "DDB001 +1"));
}

#[test]
fn an_alarm_that_cannot_work_is_marked_though_it_says_ok() {
    let mut alarm = broken();
    alarm.state = AlarmState::Ok;
    let fixture = told(alarm, &[]);
    let (standing, findings) = (Standing::default(), findings(fixture.reading()));
    let window = Window { start: minute(-60), end: minute(0) };
    let mark = |findings| {
        let subject = subject(&fixture, "hot", &standing, findings);
        row::alarm(&subject, false, window, Charset::Ascii).mark.text
    };
    let found = findings.iter().collect();
    assert_eq!((mark(vec![]).as_str(), mark(found).as_str()), ("", "i"));
}

#[test]
fn everything_an_alarm_is_about_is_told_where_the_list_counts_it() {
    let mut fixture = Fixture::new(AT, vec![]);
    fixture.tell(News::Alarms(Ok(vec![composite("top", "ALARM(hot)")])));
    let about = ["orders", "orders/by-status", "users"].map(str::to_owned).to_vec();
    let standing = Standing { about, muted_by: Some(Arc::from("night")), ..Standing::default() };
    let found = findings(fixture.reading());
    let subject = subject(&fixture, "top", &standing, found.iter().collect());
    let window = Window { start: minute(-60), end: minute(0) };
    let cells = row::alarm(&subject, false, window, Charset::Ascii).cells;
    assert_eq!(cells[3].text, "orders +2");
    let told = words_of(&subject);
    assert_eq!(told.lines().nth(1), Some("about orders, orders/by-status, users"), "{told}");
}

#[test]
fn a_note_begins_with_the_rule_that_is_broken() {
    let fixture = told(broken(), &[]);
    let standing = Standing { muted_by: Some(Arc::from("night")), ..Standing::default() };
    let findings = findings(fixture.reading());
    let subject = subject(&fixture, "hot", &standing, findings.iter().collect());
    let window = Window { start: minute(-60), end: minute(0) };
    let cells = row::alarm(&subject, false, window, Charset::Ascii).cells;
    assert_eq!(cells[4].text, "DDB001, muted");
}

#[test]
fn a_mute_rule_is_told_with_its_end_where_that_is_known() {
    let mut fixture = told(metric(60, 1), &[]);
    let standing = Standing { muted_by: Some(Arc::from("night")), ..Standing::default() };
    let rule = |expression: &str, time_zone: Option<&str>| MuteRule {
        name: Arc::from("night"),
        status: Arc::from("ACTIVE"),
        targets: vec![Arc::from("hot")],
        expression: Arc::from(expression),
        duration: Arc::from("PT1H30M"),
        time_zone: time_zone.map(Arc::from),
        expires: None,
    };
    for (rule, expected) in [
        (rule("at(2026-11-22T12:00)", None), "muted by night until 13:30"),
        (rule("cron(0 2 * * *)", None), "muted by night, cron(0 2 * * *) UTC for PT1H30M"),
        (
            rule("at(2026-11-22T12:00)", Some("Asia/Tokyo")),
            "muted by night, at(2026-11-22T12:00) Asia/Tokyo for PT1H30M",
        ),
    ] {
        fixture.tell(News::MuteRules(Ok(vec![rule])));
        let words = words_of(&subject(&fixture, "hot", &standing, vec![]));
        assert!(words.lines().any(|told| told == expected), "{expected}\n{words}");
    }
}

#[test]
fn who_may_not_read_mute_rules_is_not_told_that_nothing_is_muted() {
    let mut fixture = told(metric(60, 1), &[]);
    fixture.tell(News::MuteRules(Err(CallError {
        class: ErrorClass::Denied,
        action: "cloudwatch:ListAlarmMuteRules",
        code: None,
        message: String::new(),
    })));
    let words = words_of(&subject(&fixture, "hot", &Standing::default(), vec![]));
    let expected =
        "muted whether it is muted is not known: no permission: cloudwatch:ListAlarmMuteRules";
    assert!(words.lines().any(|told| told == expected), "{words}");
}

#[test]
fn a_tree_shows_what_is_missing_and_ends_where_it_comes_back_to_itself() {
    let mut fixture = Fixture::new(AT, vec![]);
    fixture.tell(News::Alarms(Ok(vec![
        composite("top", "ALARM(arn:aws:cloudwatch:us-east-1:1:alarm:middle) AND OK(gone)"),
        composite("middle", "ALARM(top) OR ALARM(hot) OR ALARM(\"hot\")"),
        metric(60, 1),
    ])));
    let reading = fixture.reading();
    let lines = tree::lines(reading, reading.alarm("top").unwrap(), Charset::Ascii);
    let lines: Vec<&str> = lines.iter().map(|(text, _)| text.as_str()).collect();
    let expected = [
        "`-middle ALARM",
        "`-`-top is on the way here: a cycle is not evaluated",
        "`-`-hot ALARM",
        "`-gone no such alarm here",
    ];
    assert_eq!(lines, expected);
}
