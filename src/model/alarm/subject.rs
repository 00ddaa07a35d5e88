//! What an alarm is about.

use super::{Alarm, MetricStat};
use crate::model::id::Resource;
use std::sync::Arc;

/// What a metric of an alarm is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// A table, an index, or `DynamoDB` in the whole account and region.
    Dynamo(Resource),
    /// A DAX cluster, or one node of it.
    Dax(Arc<str>, Option<Arc<str>>),
    /// A Lambda function.
    Function(Arc<str>),
    /// Any other namespace, such as `AWS/RDS`.
    Elsewhere(Arc<str>),
}

impl Subject {
    /// What a metric is about, by its namespace and dimensions.
    ///
    /// Misspelt dimensions are read as far as they make sense: an alarm that can never fire is
    /// shown beside the table it was meant for.
    pub fn of(stat: &MetricStat) -> Self {
        let value = |name: &str| {
            let dimensions = stat.dimensions.iter();
            let same = |known: &str| known.eq_ignore_ascii_case(name);
            dimensions.filter(|(known, _)| same(known)).map(|(_, value)| value).next()
        };
        let index = || value("GlobalSecondaryIndexName").or_else(|| value("GlobalSecondaryIndex"));
        match &*stat.namespace {
            "AWS/DynamoDB" => Self::Dynamo(match (value("TableName"), index()) {
                (Some(table), Some(index)) => Resource::Index(table.clone(), index.clone()),
                (Some(table), None) => Resource::Table(table.clone()),
                (None, _) => Resource::Account,
            }),
            "AWS/DAX" => match value("ClusterId") {
                // DAX keeps the names of clusters in lower case.
                Some(cluster) => {
                    Self::Dax(Arc::from(cluster.to_ascii_lowercase()), value("NodeId").cloned())
                }
                None => Self::Elsewhere(stat.namespace.clone()),
            },
            "AWS/Lambda" => match value("FunctionName") {
                Some(function) => Self::Function(function.clone()),
                None => Self::Elsewhere(stat.namespace.clone()),
            },
            _ => Self::Elsewhere(stat.namespace.clone()),
        }
    }

    /// The table, index or account, if it is one of `DynamoDB`.
    pub fn resource(&self) -> Option<&Resource> {
        match self {
            Self::Dynamo(resource) => Some(resource),
            Self::Dax(..) | Self::Function(_) | Self::Elsewhere(_) => None,
        }
    }

    /// The DAX cluster that it is or belongs to, by name.
    pub fn cluster(&self) -> Option<&Arc<str>> {
        match self {
            Self::Dax(cluster, _) => Some(cluster),
            Self::Dynamo(_) | Self::Function(_) | Self::Elsewhere(_) => None,
        }
    }
}

impl Alarm {
    /// What its metrics are about, each once; none for a composite alarm, whose children tell.
    pub fn subjects(&self) -> Vec<Subject> {
        let mut subjects: Vec<Subject> = self.stats().into_iter().map(Subject::of).collect();
        subjects.sort();
        subjects.dedup();
        subjects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(namespace: &str, dimensions: &[(&str, &str)]) -> Subject {
        let dimension = |(name, value): &(&str, &str)| (Arc::from(*name), Arc::from(*value));
        Subject::of(&MetricStat {
            namespace: Arc::from(namespace),
            metric: Arc::from("X"),
            dimensions: dimensions.iter().map(dimension).collect(),
            statistic: Arc::from("Sum"),
            period_seconds: 60,
            unit: None,
        })
    }

    #[test]
    fn dimensions_tell_what_a_metric_is_about() {
        let orders = Arc::<str>::from("orders");
        let cases = [
            (subject("AWS/DynamoDB", &[]), Subject::Dynamo(Resource::Account)),
            (
                subject("AWS/DynamoDB", &[("Operation", "Query"), ("TableName", "orders")]),
                Subject::Dynamo(Resource::table("orders")),
            ),
            (
                subject("AWS/DynamoDB", &[("TableName", "orders"), ("GlobalSecondaryIndex", "i")]),
                Subject::Dynamo(Resource::index("orders", "i")),
            ),
            (
                subject("AWS/DAX", &[("ClusterID", "Orders"), ("NodeId", "orders-a")]),
                Subject::Dax(orders.clone(), Some(Arc::from("orders-a"))),
            ),
            (subject("AWS/Lambda", &[("FunctionName", "orders")]), Subject::Function(orders)),
            (
                subject("AWS/RDS", &[("DBInstanceIdentifier", "x")]),
                Subject::Elsewhere(Arc::from("AWS/RDS")),
            ),
            (subject("AWS/Lambda", &[]), Subject::Elsewhere(Arc::from("AWS/Lambda"))),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }
}
