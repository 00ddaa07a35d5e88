//! A table as the control plane and `CloudWatch` show it at a moment.

use std::ops::Range;

use super::capacity::Resource;
use super::publish::{Truth, Window};
use super::series::{CapacityMetric, series_chance};
use super::{CAPACITY_METRICS, OPERATION_METRICS, TABLE_METRICS, Table, metric};
use crate::both::Both;
use crate::facts::{
    Activity, Billing, Dimension, Epoch, IndexState, MetricId, TableState, ThroughputState,
};

impl Table {
    /// When it was created.
    pub(super) fn created(&self) -> Epoch {
        self.start as f64 * 60.0 - f64::from(self.spec.age_hours) * 3_600.0
    }

    /// The table as `DescribeTable` and its neighbours show it at `now`.
    pub(super) fn describe(&self, now: Epoch) -> TableState {
        let spec = &self.spec;
        let born = self.born as f64 * 60.0;
        let throughput = |number: usize| {
            let resource = self.resources.get(number);
            resource.map_or_else(empty, |resource| throughput(resource, born, now))
        };
        let indexes = spec.indexes.iter().enumerate().map(|(number, index)| IndexState {
            name: index.name.clone(),
            keys: keys(&index.key_schema),
            status: self.status(number + 1, now),
            throughput: throughput(number + 1),
            items: portion(spec.items as f64 * index.item_share),
            keys_only: index.keys_only,
            bytes: portion(spec.gigabytes * 1e9 * index.item_share),
        });
        let mut indexes: Vec<IndexState> = indexes.collect();
        indexes.sort_by(|one, other| one.name.cmp(&other.name));
        TableState {
            name: spec.name.clone(),
            id: self.chance.named("table id").uuid(0),
            created: self.created(),
            keys: self.keys(),
            status: self.status(0, now),
            throughput: throughput(0),
            items: spec.items,
            bytes: portion(spec.gigabytes * 1e9),
            deletion_protection: spec.deletion_protection,
            kms_key: spec.kms_key,
            stream: spec.stream,
            point_in_time_recovery: spec.point_in_time_recovery,
            ttl_attribute: spec.ttl.as_ref().map(|ttl| ttl.attribute.clone()),
            infrequent_access: spec.infrequent_access,
            replicas: self.replicas(),
            indexes,
        }
    }

    /// Its key attributes.
    pub(super) fn keys(&self) -> (String, Option<String>) {
        keys(&self.spec.key_schema)
    }

    /// A table is `UPDATING` with any of its indexes.
    fn status(&self, number: usize, now: Epoch) -> &'static str {
        let of_it = self.resources.iter().enumerate();
        let mut of_it = of_it.filter(|(other, _)| number == 0 || *other == number);
        if of_it.any(|(_, resource)| resource.is_updating(now)) { "UPDATING" } else { "ACTIVE" }
    }

    /// The scaling activities that have begun at `now`, as they stand then.
    pub(super) fn activities_at(&self, now: Epoch) -> impl Iterator<Item = Activity> + '_ {
        self.activities.iter().filter(move |activity| activity.start <= now).cloned().map(
            move |activity| {
                if activity.end.is_none_or(|end| end <= now) {
                    return activity;
                }
                let done = "Change successfully fulfilled by dynamodb.";
                let waiting = "Waiting for change to be fulfilled by dynamodb.";
                Activity {
                    end: None,
                    status: "InProgress",
                    message: activity.message.replace(done, waiting),
                    ..activity
                }
            },
        )
    }

    /// A metric of the table, or of an index of it.
    pub(super) fn capacity_series(
        &self,
        name: &str,
        index: Option<&str>,
        minutes: Range<i64>,
    ) -> Option<Truth> {
        let (name, metric) = metric(CAPACITY_METRICS, name)?;
        let number = match index {
            Some(index) => self.spec.indexes.iter().position(|spec| spec.name == index)? + 1,
            None => 0,
        };
        let series = series_chance(self.chance, name, number);
        if self.publisher.withhold_reasons && metric.is_reason() {
            return Some(self.truth(series, 1, 0..0, |_| None));
        }
        let truth = |minute| self.capacity_datum(metric, number, minute);
        Some(self.truth(series, metric.period(), minutes, truth))
    }

    /// A metric of the table alone.
    pub(super) fn table_series(&self, name: &str, minutes: Range<i64>) -> Option<Truth> {
        let (name, metric) = metric(TABLE_METRICS, name)?;
        let truth = |minute| self.table_datum(metric, minute);
        Some(self.truth(self.chance.named(name), 1, minutes, truth))
    }

    /// A metric of an operation on the table.
    pub(super) fn operation_series(
        &self,
        name: &str,
        operation: &str,
        minutes: Range<i64>,
    ) -> Option<Truth> {
        let (name, metric) = metric(OPERATION_METRICS, name)?;
        let operation = self.operations().into_iter().find(|known| known.name() == operation)?;
        let series = self.chance.named(name).named(operation.name());
        let truth = |minute| self.operation_datum(metric, operation, minute);
        Some(self.truth(series, 1, minutes, truth))
    }

    /// Adds the metrics that have a datum in a window.
    pub(super) fn list_metrics(&self, window: Window, found: &mut Vec<MetricId>) {
        self.list_outflow(window, found);
        let table = ("TableName", self.spec.name.as_str());
        let indexes = self.spec.indexes.iter().map(|index| Some(index.name.as_str()));
        for index in std::iter::once(None).chain(indexes) {
            for (name, metric) in CAPACITY_METRICS {
                let Window { begin, end, now } = listing_window(*metric, window);
                let series = self.capacity_series(name, index, begin..end);
                if series.is_some_and(|truth| !truth.seen(now).is_empty()) {
                    let index = index.map(|index| ("GlobalSecondaryIndexName", index));
                    let dimensions = std::iter::once(table).chain(index);
                    found.push(MetricId::of_dynamodb(name, dimensions));
                }
            }
        }
        let minutes = window.begin.max(self.born)..window.end;
        for (name, metric) in TABLE_METRICS {
            if minutes.clone().any(|minute| self.table_datum(*metric, minute).is_some()) {
                found.push(MetricId::of_dynamodb(name, [table]));
            }
        }
        for operation in self.operations() {
            for (name, metric) in OPERATION_METRICS {
                let datum = |minute| self.operation_datum(*metric, operation, minute);
                if minutes.clone().any(|minute| datum(minute).is_some()) {
                    let operation = ("Operation", operation.name());
                    found.push(MetricId::of_dynamodb(name, [table, operation]));
                }
            }
        }
    }
}

/// A metric that is always there needs no search through hours.
fn listing_window(metric: CapacityMetric, window: Window) -> Window {
    match metric {
        CapacityMetric::Consumed(_) => Window { begin: window.end - 5, ..window },
        CapacityMetric::Provisioned(_) | CapacityMetric::OnDemandMax(_) => {
            Window { begin: window.end - 20, ..window }
        }
        CapacityMetric::Throttles(_) | CapacityMetric::ThrottlesBy(..) => window,
    }
}

fn throughput(resource: &Resource, born: Epoch, now: Epoch) -> ThroughputState {
    let provisioned = Both {
        read: resource.provisioned_at(Dimension::Read, now),
        write: resource.provisioned_at(Dimension::Write, now),
    };
    let billing = match (provisioned.read, provisioned.write) {
        (Some(read), Some(write)) => Billing::Provisioned { read, write },
        _ => Billing::OnDemand {
            max_read: resource.on_demand_max_at(Dimension::Read, now),
            max_write: resource.on_demand_max_at(Dimension::Write, now),
        },
    };
    let warm = resource.warm(born, now);
    ThroughputState {
        billing,
        warm: (portion(warm.read), portion(warm.write)),
        decreases_today: resource.decreases_today(now),
        last_increase: resource.last_change(now, true),
        last_decrease: resource.last_change(now, false),
    }
}

fn empty() -> ThroughputState {
    ThroughputState {
        billing: Billing::OnDemand { max_read: None, max_write: None },
        warm: (0, 0),
        decreases_today: 0,
        last_increase: None,
        last_decrease: None,
    }
}

fn keys(schema: &[String]) -> (String, Option<String>) {
    (schema.first().cloned().unwrap_or_default(), schema.get(1).cloned())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts and bytes")]
fn portion(amount: f64) -> u64 {
    amount.round() as u64
}
