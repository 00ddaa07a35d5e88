//! Numbers, texts, lists, times and names of things.

use super::{Fields, Ink, Recorded, map, named};
use crate::model::health::CallError;
use crate::model::id::{Resource, Scope};
use crate::model::metric::Statistic;
use crate::model::throttle::Direction;
use crate::model::time::{Minute, Window};
use ciborium::Value;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

impl Recorded for bool {
    fn write(&self, _: Ink) -> Value {
        Value::Bool(*self)
    }

    fn read(value: Value) -> Option<Self> {
        value.into_bool().ok()
    }
}

impl Recorded for f64 {
    fn write(&self, _: Ink) -> Value {
        Value::Float(*self)
    }

    fn read(value: Value) -> Option<Self> {
        value.into_float().ok()
    }
}

/// Whole numbers.
macro_rules! whole {
    ($($type:ty),+) => { $(
        impl Recorded for $type {
            fn write(&self, _: Ink) -> Value {
                Value::from(*self)
            }

            fn read(value: Value) -> Option<Self> {
                value.into_integer().ok()?.try_into().ok()
            }
        }
    )+ };
}

whole!(u32, u64, i32, i64);

impl Recorded for String {
    fn write(&self, _: Ink) -> Value {
        Value::from(self.as_str())
    }

    fn read(value: Value) -> Option<Self> {
        value.into_text().ok()
    }
}

impl Recorded for Arc<str> {
    fn write(&self, _: Ink) -> Value {
        Value::from(&**self)
    }

    fn read(value: Value) -> Option<Self> {
        Some(Self::from(value.as_text()?))
    }
}

impl<T: Recorded> Recorded for Option<T> {
    fn write(&self, ink: Ink) -> Value {
        self.as_ref().map_or(Value::Null, |it| it.write(ink))
    }

    fn read(value: Value) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::read(value).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Recorded> Recorded for Vec<T> {
    fn write(&self, ink: Ink) -> Value {
        Value::Array(self.iter().map(|it| it.write(ink)).collect())
    }

    fn read(value: Value) -> Option<Self> {
        value.into_array().ok()?.into_iter().map(T::read).collect()
    }

    fn absent() -> Option<Self> {
        Some(vec![])
    }
}

impl<T: Recorded> Recorded for Box<T> {
    fn write(&self, ink: Ink) -> Value {
        T::write(self, ink)
    }

    fn read(value: Value) -> Option<Self> {
        T::read(value).map(Self::new)
    }
}

impl<A: Recorded, B: Recorded> Recorded for (A, B) {
    fn write(&self, ink: Ink) -> Value {
        Value::Array(vec![self.0.write(ink), self.1.write(ink)])
    }

    fn read(value: Value) -> Option<Self> {
        let [a, b]: [Value; 2] = value.into_array().ok()?.try_into().ok()?;
        Some((A::read(a)?, B::read(b)?))
    }
}

impl<T: Recorded> Recorded for Result<T, CallError> {
    fn write(&self, ink: Ink) -> Value {
        match self {
            Ok(read) => map([("read", read.write(ink))]),
            Err(error) => map([("error", error.write(ink))]),
        }
    }

    fn read(value: Value) -> Option<Self> {
        let mut fields = Fields::of(value)?;
        match fields.take::<Option<CallError>>("error")? {
            Some(error) => Some(Err(error)),
            None => fields.take("read").map(Ok),
        }
    }
}

/// Nanoseconds since the Unix epoch; no time outside of the years 1386 to 2554.
impl Recorded for Timestamp {
    fn write(&self, _: Ink) -> Value {
        ciborium::value::Integer::try_from(self.as_nanosecond()).map_or(Value::Null, Value::Integer)
    }

    fn read(value: Value) -> Option<Self> {
        Self::from_nanosecond(value.into_integer().ok()?.into()).ok()
    }
}

/// Nanoseconds.
impl Recorded for Duration {
    fn write(&self, _: Ink) -> Value {
        Value::from(u64::try_from(self.as_nanos()).unwrap_or(u64::MAX))
    }

    fn read(value: Value) -> Option<Self> {
        u64::read(value).map(Self::from_nanos)
    }
}

impl Recorded for Minute {
    fn write(&self, ink: Ink) -> Value {
        self.0.write(ink)
    }

    fn read(value: Value) -> Option<Self> {
        i64::read(value).map(Self)
    }
}

impl Recorded for Window {
    fn write(&self, ink: Ink) -> Value {
        (self.start, self.end).write(ink)
    }

    fn read(value: Value) -> Option<Self> {
        let (start, end) = Recorded::read(value)?;
        Some(Self { start, end })
    }
}

impl Recorded for Scope {
    fn write(&self, _: Ink) -> Value {
        let parts = [self.partition(), self.account(), self.region()];
        Value::Array(parts.map(Value::from).to_vec())
    }

    fn read(value: Value) -> Option<Self> {
        let parts: Vec<String> = Recorded::read(value)?;
        let [partition, account, region] = parts.as_slice() else { return None };
        Some(Self::new(partition, account, region))
    }
}

/// The names of the table and the index, as far as it has them; of DAX, those of the cluster and the node after an
/// empty one, which no table has.
impl Recorded for Resource {
    fn write(&self, ink: Ink) -> Value {
        match self {
            Self::Account => Vec::<Arc<str>>::new(),
            Self::Table(table) => vec![table.clone()],
            Self::Index(table, index) => vec![table.clone(), index.clone()],
            Self::Cluster(cluster) => vec![Arc::from(""), cluster.clone()],
            Self::Node(cluster, node) => vec![Arc::from(""), cluster.clone(), node.clone()],
        }
        .write(ink)
    }

    fn read(value: Value) -> Option<Self> {
        let names: Vec<Arc<str>> = Recorded::read(value)?;
        match names.as_slice() {
            [] => Some(Self::Account),
            [table] => Some(Self::Table(table.clone())),
            [dax, cluster] if dax.is_empty() => Some(Self::Cluster(cluster.clone())),
            [dax, cluster, node] if dax.is_empty() => {
                Some(Self::Node(cluster.clone(), node.clone()))
            }
            [table, index] => Some(Self::Index(table.clone(), index.clone())),
            [_, _, _, ..] => None,
        }
    }
}

named! {
    Direction { Read = "read", Write = "write" }
    Statistic {
        Sum = "Sum",
        Average = "Average",
        Maximum = "Maximum",
        SampleCount = "SampleCount",
        P50 = "p50",
        P99 = "p99",
    }
}
