//! Hand-made fleets for one table.

use crate::screens::alarms::consumer;
use crate::screens::stores::{Fleet, calm, denied, now, on_demand, provisioned, trouble};
use ddbtop::model::consumer::Consumer;
use ddbtop::model::health::{CallError, Cost, ErrorClass, Outcome, Poller, Slowed};
use ddbtop::model::id::Resource;
use ddbtop::model::metric::{Metric, SeriesKey};
use ddbtop::model::table::{
    BillingMode, Capacity, Details, Encryption, Index, KeySchema, KinesisDestination,
    KinesisStreaming, Projection, Quotas, Replica, Table, Throughput, TimeToLive,
};
use ddbtop::model::update::News;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

fn ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

fn key(partition: &str, sort: Option<&str>) -> KeySchema {
    KeySchema {
        partition: vec![Arc::from(partition)],
        sort: sort.map(Arc::from).into_iter().collect(),
    }
}

/// `orders` with everything that `DescribeTable` tells, a replica in another region among it.
pub(crate) fn orders() -> Table {
    let throughput = |read, write| Throughput {
        decreases_today: Some(2),
        last_increase: Some(ago(23)),
        last_decrease: Some(ago(200)),
        ..provisioned(read, write)
    };
    let index = |name: &str, partition: &str, projection| Index {
        name: Arc::from(name),
        status: Arc::from("ACTIVE"),
        throughput: throughput(1_000.0, 1_500.0),
        keys: key(partition, Some("created_at")),
        projection,
        items: Some(8_100_000),
        bytes: Some(3_221_225_472),
        ..Index::default()
    };
    Table {
        name: Arc::from("orders"),
        arn: "arn:aws:dynamodb:us-east-1:123456789012:table/orders".to_owned(),
        status: Arc::from("ACTIVE"),
        billing: BillingMode::Provisioned,
        throughput: throughput(3_000.0, 2_000.0),
        items: Some(12_400_000),
        bytes: Some(13_314_398_618),
        indexes: vec![
            index("by-customer", "customer_id", Projection::KeysOnly),
            index("by-status", "status", Projection::Include(vec![Arc::from("total")])),
        ],
        details: Box::new(Details {
            created: Some(ago(60 * 24 * 400)),
            keys: key("order_id", None),
            encryption: Encryption::Kms {
                key: Arc::from("arn:aws:kms:us-east-1:123456789012:key/1c9a"),
                status: Arc::from("ENABLED"),
                inaccessible_since: None,
            },
            deletion_protection: true,
            stream: Some(Arc::from("NEW_AND_OLD_IMAGES")),
            replicas: vec![Replica { region: Arc::from("eu-west-1"), status: Arc::from("ACTIVE") }],
            ..Details::default()
        }),
    }
}

/// A calm fleet in which all is known of `orders`.
pub(super) fn described() -> Fleet {
    let mut fleet = calm();
    fleet.tell(News::Table(Box::new(orders())));
    let name: Arc<str> = Arc::from("orders");
    let expiry = TimeToLive { status: Arc::from("ENABLED"), attribute: Some(Arc::from("ttl")) };
    fleet.tell(News::TimeToLive(Arc::clone(&name), Ok(expiry)));
    fleet.tell(News::Backups(name, Err(denied("dynamodb:DescribeContinuousBackups"))));
    let failed = Metric::ConditionalCheckFailedRequests;
    fleet.sum(&Resource::table("orders"), failed, |place| (place % 4 == 0).then_some(12.0));
    let (name, region) = (Arc::from("orders"), Arc::from("eu-west-1"));
    fleet.read(SeriesKey::outflow(&name, Metric::ReplicationLatency, &region), |_| Some(840.0));
    fleet
}

/// A table whose changes arrive late, or not at all.
pub(crate) fn lagging() -> Fleet {
    let mut fleet = described();
    let (name, region): (Arc<str>, Arc<str>) = (Arc::from("orders"), Arc::from("eu-west-1"));
    let late = Consumer {
        last_result: Some(Arc::from("PROBLEM: Function call failed")),
        maximum_retries: Some(-1),
        ..consumer("orders-to-search", "orders")
    };
    let well = Consumer {
        last_result: Some(Arc::from("OK")),
        maximum_retries: Some(10),
        maximum_record_age_seconds: Some(14_400),
        on_failure: Some(Arc::from("arn:aws:sqs:us-east-1:123456789012:orders-projector-failures")),
        ..consumer("orders-projector", "orders")
    };
    let off = Consumer { state: Arc::from("Disabled"), ..consumer("orders-audit", "orders") };
    fleet.tell(News::Consumers(Ok(vec![well.clone(), late.clone(), off.clone()])));
    let operation: Arc<str> = Arc::from("op");
    let streaming = KinesisStreaming {
        destinations: vec![KinesisDestination {
            stream: Arc::from("arn:aws:kinesis:us-east-1:123456789012:stream/orders-lake"),
            status: Arc::from("ACTIVE"),
            status_description: None,
        }],
        operation: Some(Arc::clone(&operation)),
    };
    fleet.tell(News::Kinesis(Arc::clone(&name), Ok(streaming)));
    let series = |metric, to: &Arc<str>| SeriesKey::outflow(&name, metric, to);
    let grows = |place: i64| Some((2_520_000.0 + 60_000.0 * place as f64).max(400.0));
    fleet.read(series(Metric::IteratorAge, &late.function), grows);
    fleet.read(series(Metric::FunctionErrors, &late.function), |_| Some(12.0));
    fleet.read(series(Metric::FunctionThrottles, &late.function), |_| Some(0.0));
    fleet.read(series(Metric::IteratorAge, &well.function), |_| Some(410.0));
    fleet.read(series(Metric::IteratorAge, &off.function), |_| None);
    fleet.read(series(Metric::ReplicationLatency, &region), |_| Some(840_000.0));
    let every_five = |milliseconds: f64| move |place: i64| (place % 5 == 0).then_some(milliseconds);
    fleet.read(series(Metric::AgeOfOldestUnreplicatedRecord, &operation), every_five(95.0));
    fleet
}

/// One on-demand table without a maximum.
pub(super) fn on_demand_table() -> Fleet {
    let mut fleet = Fleet::new();
    let capacity = |warm| Capacity { provisioned: None, maximum: None, warm: Some(warm) };
    let throughput =
        Throughput { read: capacity(12_000.0), write: capacity(4_000.0), ..on_demand(None) };
    fleet.table("sessions", throughput, &[]);
    fleet.traffic(&Resource::table("sessions"), 1_480.0, 1_020.0);
    fleet.details("sessions", 4.2);
    fleet.all_well();
    fleet
}

/// A described table of which no data point was read yet.
pub(super) fn being_read() -> Fleet {
    let mut fleet = Fleet::new();
    fleet.table("orders", provisioned(3_000.0, 2_000.0), &["by-status"]);
    fleet.round(Poller::Tables, -2, Outcome::Complete);
    fleet
}

/// A table of which nothing but the name may be read.
pub(super) fn denied_everything() -> Fleet {
    let mut fleet = Fleet::new();
    fleet.listed("orders");
    fleet.round(Poller::Tables, -5, Outcome::Complete);
    for (poller, action) in [
        (Poller::Descriptions, "dynamodb:DescribeTable"),
        (Poller::Metrics, "cloudwatch:GetMetricData"),
        (Poller::Operations, "cloudwatch:ListMetrics"),
        (Poller::Scaling, "application-autoscaling:DescribeScalableTargets"),
    ] {
        fleet.round(poller, -5, Outcome::Failed(denied(action)));
    }
    fleet
}

/// A table with as many indexes as AWS allows by default, one of them throttled once.
pub(super) fn many_indexes() -> Fleet {
    let mut fleet = Fleet::new();
    let names: Vec<String> = (1..=20).map(|number| format!("by-attribute-{number:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    fleet.table("events", provisioned(400.0, 800.0), &names);
    fleet.traffic(&Resource::table("events"), 100.0, 300.0);
    for name in &names {
        fleet.traffic(&Resource::index("events", name), 10.0, 300.0);
    }
    fleet.details("events", 3.0);
    fleet.all_well();
    fleet
}

/// Requests that are wrong, and the account's quotas.
pub(super) fn account() -> Fleet {
    let mut fleet = trouble();
    fleet.tell(News::Quotas(Quotas {
        account_read: 80_000.0,
        account_write: 80_000.0,
        table_read: 40_000.0,
        table_write: 40_000.0,
    }));
    fleet
}

/// CloudWatch asks for fewer calls.
pub(super) fn throttled() -> CallError {
    CallError {
        class: ErrorClass::Throttled,
        action: "cloudwatch:GetMetricData",
        code: Some("Throttling".to_owned()),
        message: "Rate exceeded".to_owned(),
    }
}

/// Pollers that fail in every way, over budget.
pub(super) fn failing() -> Fleet {
    let mut fleet = calm();
    let error = |class, action, code: &str, message: &str| CallError {
        class,
        action,
        code: Some(code.to_owned()),
        message: message.to_owned(),
    };
    for seconds in [-190, -125, -65] {
        fleet.round(Poller::Metrics, seconds, Outcome::Failed(throttled()));
    }
    let server = error(
        ErrorClass::Server,
        "dynamodb:ListTables",
        "InternalServerError",
        "The request processing has failed because of an unknown error",
    );
    fleet.round(Poller::Tables, -5, Outcome::Failed(server));
    let refused = error(
        ErrorClass::Denied,
        "dynamodb:DescribeTable",
        "AccessDeniedException",
        "User: arn:aws:sts::123456789012:assumed-role/OnCall/anna is not authorized to perform: \
         dynamodb:DescribeTable on resource: arn:aws:dynamodb:us-east-1:123456789012:table/payroll \
         because no identity-based policy allows the dynamodb:DescribeTable action",
    );
    fleet.round(Poller::Descriptions, -5, Outcome::Partial(refused));
    let action = "application-autoscaling:DescribeScalableTargets";
    fleet.round(Poller::Scaling, -5, Outcome::Failed(denied(action)));
    fleet.tell(News::Cost(Cost {
        requests: 1_240,
        metrics: 96_000,
        reading_metrics: 8_200,
        reading_usd: 0.082,
        usd_per_hour: 0.98,
        budget_usd_per_hour: Some(1.0),
        slowed: Some(Slowed::Budget),
    }));
    fleet
}
