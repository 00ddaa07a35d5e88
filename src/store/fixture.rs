//! Hand-made stores for tests: minutes and seconds are counted from 2026-11-22T12:00:00Z.

pub(crate) mod events;

use super::{Settings, Store};
use crate::model::dax::Behind;
use crate::model::health::{CallError, ErrorClass, Outcome, Poller, Round};
use crate::model::id::{Resource, Scope};
use crate::model::metric::{Metric, SeriesKey};
use crate::model::table::{BillingMode, Capacity, Index, Table, Throughput};
use crate::model::throttle::Direction;
use crate::model::time::{Minute, Window};
use crate::model::update::{News, Points, Update};
use jiff::{SignedDuration, Timestamp};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// A store of one scope, and the time of what it is told next.
pub(crate) struct Fixture {
    pub(crate) store: Store,
    pub(crate) scope: Scope,
    pub(crate) at: Timestamp,
    pub(crate) due: Timestamp,
}

/// Minute `index` of the test's calendar.
pub(crate) fn minute(index: i64) -> Minute {
    Minute::containing(second(0)).plus(index)
}

/// Second `index` of the test's calendar.
pub(crate) fn second(index: i64) -> Timestamp {
    let noon: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    noon + SignedDuration::from_secs(index)
}

/// The same provisioned capacity both ways.
pub(crate) fn provisioned(units: f64) -> Throughput {
    let capacity = Capacity { provisioned: Some(units), maximum: None, warm: None };
    Throughput { read: capacity, write: capacity, ..Throughput::default() }
}

/// On-demand, with the same maximum both ways.
pub(crate) fn on_demand(maximum: Option<f64>) -> Throughput {
    let capacity = Capacity { provisioned: None, maximum, warm: Some(12_000.0) };
    Throughput { read: capacity, write: capacity, ..Throughput::default() }
}

/// A described table with indexes; it is on-demand if its throughput is.
pub(crate) fn table(name: &str, throughput: Throughput, indexes: &[(&str, Throughput)]) -> Table {
    let billing = match throughput.write.provisioned {
        Some(_) => BillingMode::Provisioned,
        None => BillingMode::OnDemand,
    };
    let index = |(name, throughput): &(&str, Throughput)| Index {
        name: Arc::from(*name),
        status: Arc::from("ACTIVE"),
        throughput: *throughput,
        ..Index::default()
    };
    Table {
        name: Arc::from(name),
        arn: format!("arn:aws:dynamodb:us-east-1:123456789012:table/{name}"),
        status: Arc::from("ACTIVE"),
        billing,
        throughput,
        items: None,
        bytes: None,
        indexes: indexes.iter().map(index).collect(),
        details: Box::default(),
    }
}

/// A call that failed.
pub(crate) fn failed(class: ErrorClass, action: &'static str) -> CallError {
    CallError { class, action, code: None, message: "failed".to_owned() }
}

impl Fixture {
    /// A store that knows the tables, at second `at`.
    pub(crate) fn new(at: i64, tables: Vec<Table>) -> Self {
        let mut fixture = Self {
            store: Store::new(Settings::default()),
            scope: Scope::new("aws", "123456789012", "us-east-1"),
            at: second(at),
            due: second(at + 60),
        };
        for table in tables {
            fixture.tell(News::Table(Box::new(table)));
        }
        fixture
    }

    /// Says which tables are read through a DAX cluster.
    pub(crate) fn put_behind(&mut self, cluster: &str, tables: &[&str]) {
        let tables: Vec<String> = tables.iter().map(|name| (*name).to_owned()).collect();
        let mut behind = Behind::default();
        behind.put(cluster, &tables).unwrap();
        self.store = self.store.clone().with_tables_behind(Arc::new(behind));
    }

    /// Moves to second `at`; what is read there is due a minute later.
    pub(crate) fn go_to(&mut self, at: i64) {
        self.at = second(at);
        self.due = second(at + 60);
    }

    pub(crate) fn tell(&mut self, news: News) {
        self.store.apply(Update { scope: self.scope.clone(), at: self.at, news });
    }

    /// Reads a window of one series.
    pub(crate) fn read(&mut self, key: &SeriesKey, window: Range<i64>, points: &[(i64, f64)]) {
        let points = points.iter().map(|(index, value)| (minute(*index), *value)).collect();
        let window = Window { start: minute(window.start), end: minute(window.end) };
        let series = vec![(key.clone(), points)];
        self.tell(News::Points(Points { window, due: self.due, series }));
    }

    /// Reads a window of the Sum of a metric.
    pub(crate) fn read_sum(
        &mut self,
        resource: &Resource,
        metric: Metric,
        window: Range<i64>,
        points: &[(i64, f64)],
    ) {
        self.read(&SeriesKey::sum(resource.clone(), metric), window, points);
    }

    /// Reads consumption of 0 in each minute of a window: CloudWatch has published them.
    pub(crate) fn publish(&mut self, resource: &Resource, window: Range<i64>) {
        let points: Vec<_> = window.clone().map(|index| (index, 0.0)).collect();
        self.read_sum(resource, Metric::Consumed(Direction::Read), window, &points);
    }

    /// Ends a round of a poller, with `error` if it failed.
    pub(crate) fn finish(&mut self, poller: Poller, error: Option<(ErrorClass, &'static str)>) {
        let outcome = error
            .map_or(Outcome::Complete, |(class, action)| Outcome::Failed(failed(class, action)));
        self.end(poller, outcome);
    }

    /// Ends a round of a poller.
    pub(crate) fn end(&mut self, poller: Poller, outcome: Outcome) {
        self.tell(News::Round(Round {
            poller,
            started: self.at,
            took: Duration::from_millis(90),
            outcome,
            requests: 1,
            metrics: 4,
            due: Some(self.due),
        }));
    }

    /// What the store says at the present time.
    pub(crate) fn reading(&self) -> super::Reading<'_> {
        self.store.reading(&self.scope, self.at)
    }
}
