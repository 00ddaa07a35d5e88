//! Hand-made alarms, told to the application as the pollers would.

use super::stores::{Fleet, now, trouble};
use ddbtop::model::alarm::{
    Actions, Alarm, AlarmData, AlarmKind, AlarmState, Comparison, CompositeAlarm, MetricAlarm,
    MetricStat, MissingData, MuteRule, Query, QueryKind, Source,
};
use ddbtop::model::consumer::Consumer;
use ddbtop::model::event::{AlarmChange, AlarmChangeKind, Event, Happening};
use ddbtop::model::time::{Minute, Window};
use ddbtop::model::update::News;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

const SNS: &str = "arn:aws:sns:us-east-1:123456789012:oncall";

pub(crate) fn ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

/// An alarm that tells the topic `oncall`.
fn alarm(name: &str, state: AlarmState, minutes: i64, kind: AlarmKind) -> Alarm {
    Alarm {
        name: Arc::from(name),
        arn: Arc::from(format!("arn:aws:cloudwatch:us-east-1:123456789012:alarm:{name}")),
        description: None,
        state,
        since: Some(ago(minutes)),
        configured: Some(ago(60 * 24 * 30)),
        reason: Arc::from("Unchecked: Initial alarm creation"),
        actions: Actions {
            enabled: true,
            ok: vec![],
            alarm: vec![Arc::from(SNS)],
            insufficient_data: vec![],
        },
        kind,
    }
}

fn stat(namespace: &str, metric: &str, statistic: &str, dimensions: &[(&str, &str)]) -> MetricStat {
    let dimension = |(name, value): &(&str, &str)| (Arc::from(*name), Arc::from(*value));
    MetricStat {
        namespace: Arc::from(namespace),
        metric: Arc::from(metric),
        dimensions: dimensions.iter().map(dimension).collect(),
        statistic: Arc::from(statistic),
        period_seconds: 60,
        unit: None,
    }
}

fn of(source: Source, threshold: f64, (needed, of): (u32, u32)) -> MetricAlarm {
    MetricAlarm {
        source,
        comparison: Comparison::Greater,
        threshold: Some(threshold),
        evaluation_periods: of,
        datapoints_to_alarm: Some(needed),
        missing_data: Some(MissingData::NotBreaching),
        low_samples: None,
        evaluation_state: None,
    }
}

fn metric(alarm: MetricAlarm) -> AlarmKind {
    AlarmKind::Metric(Box::new(alarm))
}

/// More than so much of a metric of a table, 3 of 5 minutes.
fn on_table(table: &str, name: &str, statistic: &str, threshold: f64) -> AlarmKind {
    let stat = stat("AWS/DynamoDB", name, statistic, &[("TableName", table)]);
    metric(of(Source::Metric(stat), threshold, (3, 5)))
}

fn composite(rule: &str) -> AlarmKind {
    let rule = Arc::from(rule);
    AlarmKind::Composite(Box::new(CompositeAlarm { rule, suppressor: None, suppressed_by: None }))
}

/// System errors in a hundred requests.
fn error_rate(table: &str) -> AlarmKind {
    let dimensions = [("TableName", table), ("Operation", "GetItem")];
    let part = |id: &str, name, statistic| Query {
        id: Arc::from(id),
        what: QueryKind::Stat(stat("AWS/DynamoDB", name, statistic, &dimensions)),
        label: None,
        account: None,
        returns_data: false,
    };
    let formula = Arc::from("m1/m2*100");
    let queries = vec![
        Query {
            id: Arc::from("e1"),
            what: QueryKind::Expression { formula, period_seconds: None },
            label: None,
            account: None,
            returns_data: true,
        },
        part("m1", "SystemErrors", "Sum"),
        part("m2", "SuccessfulRequestLatency", "SampleCount"),
    ];
    metric(of(Source::Math { queries, threshold: None }, 1.0, (2, 2)))
}

/// The alarm that pages in the fleet in trouble: writes to `orders/by-status` are throttled.
pub(crate) const HOT: &str = "orders-by-status-write-throttled";

fn hot() -> Alarm {
    let dimensions = [("TableName", "orders"), ("GlobalSecondaryIndexName", "by-status")];
    let stat = stat("AWS/DynamoDB", "WriteThrottleEvents", "Sum", &dimensions);
    let kind = metric(of(Source::Metric(stat), 0.0, (3, 5)));
    Alarm {
        reason: Arc::from(
            "Threshold Crossed: 3 out of the last 5 datapoints [1240.0 (22/11/26 11:40:00), 1240.0 \
             (22/11/26 11:39:00), 1240.0 (22/11/26 11:38:00)] were greater than the threshold (0.0) \
             (minimum 3 datapoints for OK -> ALARM transition).",
        ),
        description: Some(Arc::from("Runbook: https://wiki.example.com/ddb/orders")),
        ..alarm(HOT, AlarmState::Alarm, 22, kind)
    }
}

fn quiet(alarm: Alarm) -> Alarm {
    Alarm { actions: Actions::default(), ..alarm }
}

fn own(table: &str) -> impl Iterator<Item = Alarm> {
    let sides = ["AlarmHigh", "AlarmLow", "ProvisionedCapacityHigh", "ProvisionedCapacityLow"];
    sides.into_iter().map(move |side| {
        let name = format!("TargetTracking-table/{table}-{side}-0d6f");
        let state = if side == "AlarmLow" { AlarmState::Alarm } else { AlarmState::Ok };
        let consumed = "ConsumedWriteCapacityUnits";
        let policy = "arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:u:policyName/w";
        let mut alarm = alarm(&name, state, 400, on_table(table, consumed, "Sum", 84_000.0));
        alarm.actions.alarm = vec![Arc::from(policy)];
        alarm
    })
}

/// Every kind of alarm in every state.
pub(crate) fn all() -> Vec<Alarm> {
    use AlarmState::{Alarm as InAlarm, InsufficientData, Ok};
    let elsewhere = |namespace, metric: &str, dimension| {
        self::metric(of(
            Source::Metric(stat(namespace, metric, "Average", &[dimension])),
            80.0,
            (1, 1),
        ))
    };
    let mut alarms = vec![
        hot(),
        alarm("orders-p99", Ok, 900, on_table("orders", "SuccessfulRequestLatency", "p99", 25.0)),
        alarm("orders-errors", Ok, 70, error_rate("orders")),
        alarm(
            "orders-unwell",
            InAlarm,
            21,
            composite(&format!(
                "ALARM(\"{HOT}\") OR ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders-p99) \
                 OR ALARM(orders-gone)"
            )),
        ),
        quiet(alarm(
            "payments-read-throttled",
            InAlarm,
            9,
            on_table("payments", "ReadThrottleEvents", "Sum", 0.0),
        )),
        alarm("carts-throttled", InAlarm, 130, on_table("carts", "ThrottledRequests", "Sum", 0.0)),
        alarm(
            "sessions-read-throttled-in-the-production-account",
            InsufficientData,
            60 * 24 * 12,
            on_table("sessions", "ReadThrottleEvents", "Sum", 0.0),
        ),
        alarm("user-errors", Ok, 3_000, {
            metric(of(
                Source::Metric(stat("AWS/DynamoDB", "UserErrors", "Sum", &[])),
                100.0,
                (2, 2),
            ))
        }),
        alarm("dax-cpu", Ok, 500, elsewhere("AWS/DAX", "CPUUtilization", ("ClusterId", "orders"))),
        alarm(
            "fan-out-errors",
            Ok,
            15,
            elsewhere("AWS/Lambda", "Errors", ("FunctionName", "fan-out")),
        ),
        alarm(
            "mailer-errors",
            InAlarm,
            50,
            elsewhere("AWS/Lambda", "Errors", ("FunctionName", "mailer")),
        ),
        alarm(
            "ledger-cpu",
            InAlarm,
            4,
            elsewhere("AWS/RDS", "CPUUtilization", ("DBInstanceIdentifier", "ledger")),
        ),
        alarm("a-of-b", Ok, 5_000, composite("ALARM(b-of-a)")),
        alarm("b-of-a", Ok, 5_000, composite("ALARM(a-of-b) AND ALARM(user-errors)")),
    ];
    alarms.extend(own("orders"));
    alarms.extend(own("payments"));
    alarms
}

/// What the alarms of the fleet in trouble said before.
fn history() -> Vec<Event> {
    use AlarmState::{Alarm as InAlarm, Ok};
    let change = |name: &str, minutes, from, to: AlarmState| Event {
        at: ago(minutes),
        what: Happening::Alarm(AlarmChange {
            alarm: Arc::from(name),
            summary: Arc::from(format!("Alarm updated to {to}")),
            kind: AlarmChangeKind::State { from: Some(from), to },
        }),
    };
    vec![
        change(HOT, 150, InAlarm, Ok),
        change(HOT, 61, Ok, InAlarm),
        change(HOT, 58, InAlarm, Ok),
        change(HOT, 22, Ok, InAlarm),
        change("orders-errors", 75, Ok, InAlarm),
        change("orders-errors", 70, InAlarm, Ok),
    ]
}

/// What [`HOT`] looks at: no point in a minute without throttles.
pub(crate) fn data() -> AlarmData {
    let end = Minute::containing(now());
    let at = |place: i64| (end.plus(place).start(), 1_240.0);
    AlarmData {
        period_seconds: 60,
        window: Window::ending(end, 180),
        points: (-64..-58).chain(-26..-2).map(at).collect(),
    }
}

pub(crate) fn consumer(function: &str, table: &str) -> Consumer {
    Consumer {
        uuid: Arc::from("u"),
        function: Arc::from(function),
        table: Arc::from(table),
        state: Arc::from("Enabled"),
        modified: None,
        last_result: None,
        batch_size: None,
        batching_window_seconds: None,
        parallelization: None,
        maximum_retries: None,
        maximum_record_age_seconds: None,
        bisects: false,
        reports_item_failures: false,
        on_failure: None,
        counts_events: false,
        filters: false,
    }
}

/// The fleet in trouble with its alarms.
pub(crate) fn watched() -> Fleet {
    let mut fleet = trouble();
    fleet.tell(News::Alarms(Ok(all())));
    fleet.tell(News::Events(history()));
    fleet.tell(News::Consumers(Ok(vec![consumer("fan-out", "orders")])));
    fleet.tell(News::MuteRules(Ok(vec![MuteRule {
        name: Arc::from("carts-migration"),
        status: Arc::from("ACTIVE"),
        targets: vec![Arc::from("carts-throttled")],
        expression: Arc::from("at(2026-11-22T11:30)"),
        duration: Arc::from("PT1H"),
        time_zone: None,
        expires: None,
    }])));
    fleet.tell(News::AlarmData(Arc::from(HOT), Ok(data())));
    fleet
}

/// So many alarms on throttles, every tenth of them in `ALARM`.
pub(crate) fn many(count: usize) -> Fleet {
    let mut fleet = trouble();
    let one = |number: usize| {
        let state = if number.is_multiple_of(10) { AlarmState::Alarm } else { AlarmState::Ok };
        let minutes = i64::try_from(number).unwrap_or(0);
        let kind = on_table("orders", "WriteThrottleEvents", "Sum", 0.0);
        alarm(&format!("throttles-{number:04}"), state, minutes, kind)
    };
    fleet.tell(News::Alarms(Ok((0..count).map(one).collect())));
    fleet
}
