//! How long it takes to judge a large scope: 2,000 alarms, four to a table, and tables with an index
//! each that nobody watches.
//!
//! The dashboard judges whenever alarms were read anew, which is once a minute, between two keys: a
//! few milliseconds are the target where little is wrong, and 50 ms where everything is.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::Criterion;
use ddbtop::lint::findings;
use ddbtop::model::alarm::{
    Actions, Alarm, AlarmKind, AlarmState, Comparison, MetricAlarm, MetricStat, MissingData, Source,
};
use ddbtop::model::health::{Outcome, Poller, Round};
use ddbtop::model::id::Scope;
use ddbtop::model::table::{BillingMode, Capacity, Details, Index, Table, Throughput};
use ddbtop::model::update::{News, Update};
use ddbtop::store::{Settings, Store};
use jiff::Timestamp;

/// Tables with alarms.
const WATCHED: usize = 500;

fn table(name: &str) -> Table {
    let capacity = Capacity { provisioned: Some(100.0), maximum: None, warm: None };
    let throughput = Throughput { read: capacity, write: capacity, ..Throughput::default() };
    Table {
        name: Arc::from(name),
        arn: format!("arn:aws:dynamodb:us-east-1:123456789012:table/{name}"),
        status: Arc::from("ACTIVE"),
        billing: BillingMode::Provisioned,
        throughput,
        items: None,
        bytes: None,
        indexes: vec![Index { name: Arc::from("by-customer"), throughput, ..Index::default() }],
        details: Box::<Details>::default(),
    }
}

fn alarm(metric: &str, dimensions: &[(&str, &str)]) -> Alarm {
    let values: Vec<&str> = dimensions.iter().map(|(_, value)| *value).collect();
    let dimension = |(name, value): &(&str, &str)| (Arc::from(*name), Arc::from(*value));
    Alarm {
        name: Arc::from(format!("{}-{metric}", values.join("-"))),
        arn: Arc::from(""),
        description: Some(Arc::from("Requests are refused")),
        state: AlarmState::Ok,
        since: None,
        configured: None,
        reason: Arc::from(""),
        actions: Actions {
            enabled: true,
            alarm: vec![Arc::from("arn:aws:sns:us-east-1:123456789012:on-call")],
            ..Actions::default()
        },
        kind: AlarmKind::Metric(Box::new(MetricAlarm {
            source: Source::Metric(MetricStat {
                namespace: Arc::from("AWS/DynamoDB"),
                metric: Arc::from(metric),
                dimensions: dimensions.iter().map(dimension).collect(),
                statistic: Arc::from("Sum"),
                period_seconds: 60,
                unit: None,
            }),
            comparison: Comparison::Greater,
            threshold: Some(0.0),
            evaluation_periods: 5,
            datapoints_to_alarm: Some(3),
            missing_data: Some(MissingData::NotBreaching),
            low_samples: None,
            evaluation_state: None,
        })),
    }
}

/// So many tables, the first of which have four alarms each: all as they should be, or all wrong.
fn store(tables: usize, is_right: bool) -> (Store, Scope) {
    let scope = Scope::new("aws", "123456789012", "us-east-1");
    let mut store = Store::new(Settings::default());
    let mut tell = |news| {
        store.apply(Update { scope: scope.clone(), at: Timestamp::UNIX_EPOCH, news });
    };
    let mut alarms = Vec::new();
    for number in 0..tables {
        let name = format!("table-{number:04}");
        tell(News::Table(Box::new(table(&name))));
        if number >= WATCHED {
            continue;
        }
        for metric in ["ReadThrottleEvents", "WriteThrottleEvents"] {
            let index = ("GlobalSecondaryIndexName", "by-customer");
            let (on_table, on_index) =
                (vec![("TableName", &*name)], vec![("TableName", &*name), index]);
            let wrong = if metric.starts_with("Read") { "UserErrors" } else { "ThrottledRequests" };
            let metric = if is_right { metric } else { wrong };
            alarms.push(alarm(metric, &on_table));
            alarms.push(alarm(metric, &on_index));
        }
    }
    tell(News::Alarms(Ok(alarms)));
    let operations = ["GetItem", "PutItem", "Query", "UpdateItem"].map(Arc::<str>::from).to_vec();
    let names = (0..tables).map(|number| Arc::from(format!("table-{number:04}")));
    tell(News::Operations(names.map(|name| (name, operations.clone())).collect()));
    tell(News::Scaling(vec![]));
    tell(News::Round(Round {
        poller: Poller::Scaling,
        started: Timestamp::UNIX_EPOCH,
        took: Duration::ZERO,
        outcome: Outcome::Complete,
        requests: 1,
        metrics: 0,
        due: Some(Timestamp::UNIX_EPOCH),
    }));
    (store, scope)
}

fn main() {
    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    for (name, tables, is_right) in [
        ("2,000 alarms in order on 500 tables", WATCHED, true),
        ("2,000 alarms, all wrong, on 500 tables", WATCHED, false),
        ("2,000 alarms, all wrong, and 5,000 tables", 5_000, false),
    ] {
        let (store, scope) = store(tables, is_right);
        let reading = store.reading(&scope, Timestamp::UNIX_EPOCH);
        criterion.bench_function(name, |bench| {
            bench.iter(|| black_box(findings(black_box(reading)).len()));
        });
    }
    criterion.final_summary();
}
