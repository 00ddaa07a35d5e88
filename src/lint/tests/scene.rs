//! Hand-made scopes: one provisioned table `orders` with an index, whose alarms are in order.

use crate::lint::fault::{with_settings, with_stat};
use crate::model::alarm::{
    Actions, Alarm, AlarmKind, AlarmState, Comparison, CompositeAlarm, MetricAlarm, MetricStat,
    MissingData, MuteRule, Query, QueryKind, Source,
};
use crate::model::consumer::Consumer;
use crate::model::dax::{Cluster, Node};
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::insights::{ContributorInsights, InsightsMode};
use crate::model::scaling::{self, ScalableTarget};
use crate::model::table::{Replica, Table};
use crate::model::throttle::Direction;
use crate::model::update::News;
use crate::store::fixture::{Fixture, provisioned, second, table};
use std::sync::Arc;

/// What a scope holds; `None` was not read.
pub(super) struct Scene {
    pub(super) tables: Vec<Table>,
    pub(super) listed: bool,
    pub(super) alarms: Option<Vec<Alarm>>,
    pub(super) mute_rules: Vec<MuteRule>,
    pub(super) insights: Option<Vec<ContributorInsights>>,
    pub(super) consumers: Option<Vec<Consumer>>,
    pub(super) clusters: Option<Vec<Cluster>>,
    pub(super) targets: Option<Vec<ScalableTarget>>,
    pub(super) operations: Vec<&'static str>,
}

impl Scene {
    /// One provisioned table with an index, and these alarms.
    pub(super) fn of(alarms: impl IntoIterator<Item = Alarm>) -> Self {
        Self {
            tables: vec![table(
                "orders",
                provisioned(100.0),
                &[("by-customer", provisioned(50.0))],
            )],
            listed: true,
            alarms: Some(alarms.into_iter().collect()),
            mute_rules: vec![],
            insights: Some(vec![]),
            consumers: Some(vec![]),
            clusters: Some(vec![]),
            targets: Some(vec![]),
            operations: vec!["GetItem", "PutItem"],
        }
    }

    pub(super) fn with_tables(self, tables: Vec<Table>) -> Self {
        Self { tables, ..self }
    }

    pub(super) fn with_clusters(self, clusters: Vec<Cluster>) -> Self {
        Self { clusters: Some(clusters), ..self }
    }

    pub(super) fn with_consumers(self, consumers: Vec<Consumer>) -> Self {
        Self { consumers: Some(consumers), ..self }
    }

    pub(super) fn with_insights(self, insights: Vec<ContributorInsights>) -> Self {
        Self { insights: Some(insights), ..self }
    }

    pub(super) fn with_targets(self, targets: Vec<ScalableTarget>) -> Self {
        Self { targets: Some(targets), ..self }
    }

    pub(super) fn with_mute_rules(self, mute_rules: Vec<MuteRule>) -> Self {
        Self { mute_rules, ..self }
    }

    /// The store that was told all this, an hour into the test's calendar.
    pub(super) fn fixture(self) -> Fixture {
        let mut fixture = Fixture::new(3_600, vec![]);
        let names: Vec<Arc<str>> = self.tables.iter().map(|table| table.name.clone()).collect();
        let operations: Vec<Arc<str>> = self.operations.iter().map(|op| Arc::from(*op)).collect();
        if self.listed {
            fixture.tell(News::TableNames(names.clone()));
            fixture.finish(Poller::Tables, None);
        }
        for table in self.tables {
            fixture.tell(News::Table(Box::new(table)));
        }
        let of_each = names.into_iter().map(|name| (name, operations.clone()));
        fixture.tell(News::Operations(of_each.collect()));
        if let Some(targets) = self.targets {
            fixture.tell(News::Scaling(targets));
            fixture.finish(Poller::Scaling, None);
        }
        fixture.tell(News::MuteRules(Ok(self.mute_rules)));
        let lists = [
            self.alarms.map(|alarms| News::Alarms(Ok(alarms))),
            self.insights.map(|insights| News::Insights(Ok(insights))),
            self.consumers.map(|consumers| News::Consumers(Ok(consumers))),
            self.clusters.map(|clusters| News::Clusters(Ok(clusters))),
        ];
        for news in lists.into_iter().flatten() {
            fixture.tell(news);
        }
        fixture
    }
}

/// The same table as in every scene, with replicas.
pub(super) fn global_table(regions: &[&str]) -> Table {
    let mut orders = table("orders", provisioned(100.0), &[]);
    let replica =
        |region: &&str| Replica { region: Arc::from(*region), status: Arc::from("ACTIVE") };
    orders.details.replicas = regions.iter().map(replica).collect();
    orders
}

/// A sensible alarm on the Sum of a metric of `DynamoDB`: 3 of 5 minutes above 0.
pub(super) fn alarm(name: &str, metric: &str, dimensions: &[(&str, &str)]) -> Alarm {
    metric_alarm(name, "AWS/DynamoDB", metric, dimensions)
}

/// The same in any namespace.
pub(super) fn metric_alarm(
    name: &str,
    namespace: &str,
    metric: &str,
    dimensions: &[(&str, &str)],
) -> Alarm {
    let dimension = |(name, value): &(&str, &str)| (Arc::from(*name), Arc::from(*value));
    let source = Source::Metric(MetricStat {
        namespace: Arc::from(namespace),
        metric: Arc::from(metric),
        dimensions: dimensions.iter().map(dimension).collect(),
        statistic: Arc::from("Sum"),
        period_seconds: 60,
        unit: None,
    });
    of_kind(
        name,
        AlarmKind::Metric(Box::new(MetricAlarm {
            source,
            comparison: Comparison::Greater,
            threshold: Some(0.0),
            evaluation_periods: 5,
            datapoints_to_alarm: Some(3),
            missing_data: Some(MissingData::NotBreaching),
            low_samples: None,
            evaluation_state: None,
        })),
    )
}

/// A composite alarm.
pub(super) fn composite(name: &str, rule: &str) -> Alarm {
    let composite = CompositeAlarm { rule: Arc::from(rule), ..CompositeAlarm::default() };
    of_kind(name, AlarmKind::Composite(Box::new(composite)))
}

fn of_kind(name: &str, kind: AlarmKind) -> Alarm {
    Alarm {
        name: Arc::from(name),
        arn: Arc::from(format!("arn:aws:cloudwatch:us-east-1:123456789012:alarm:{name}")),
        description: None,
        state: AlarmState::Ok,
        since: Some(second(0)),
        configured: Some(second(0)),
        reason: Arc::from(""),
        actions: Actions {
            enabled: true,
            alarm: vec![Arc::from("arn:aws:sns:us-east-1:123456789012:on-call")],
            ..Actions::default()
        },
        kind,
    }
}

/// The write throttles of `orders`.
pub(super) fn throttles(name: &str) -> Alarm {
    alarm(name, "WriteThrottleEvents", &[("TableName", "orders")])
}

/// The same alarm with other settings.
#[expect(clippy::needless_pass_by_value, reason = "alarms are made and changed in one go")]
pub(super) fn set(alarm: Alarm, change: impl FnOnce(&mut MetricAlarm)) -> Alarm {
    with_settings(&alarm, change)
}

/// The same alarm with another statistic, period or unit.
#[expect(clippy::needless_pass_by_value, reason = "alarms are made and changed in one go")]
pub(super) fn stat(alarm: Alarm, change: impl FnOnce(&mut MetricStat)) -> Alarm {
    with_stat(&alarm, 0, change)
}

/// The same alarm with a formula over its metric, `m1`.
pub(super) fn math(alarm: Alarm, formula: &str) -> Alarm {
    let metric = alarm.stats()[0].clone();
    let query = |id: &str, what, returns_data| Query {
        id: Arc::from(id),
        what,
        label: None,
        account: None,
        returns_data,
    };
    let formula = QueryKind::Expression { formula: Arc::from(formula), period_seconds: None };
    let queries = vec![query("e1", formula, true), query("m1", QueryKind::Stat(metric), false)];
    set(alarm, |settings| settings.source = Source::Math { queries, threshold: None })
}

/// A function that reads the stream of `orders`, with all precautions.
pub(super) fn consumer(function: &str) -> Consumer {
    Consumer {
        uuid: Arc::from("91eaeb7e-c976-4939-8a1f-2c1b7e0e8a3d"),
        function: Arc::from(function),
        table: Arc::from("orders"),
        state: Arc::from("Enabled"),
        modified: None,
        last_result: None,
        batch_size: Some(100),
        batching_window_seconds: None,
        parallelization: Some(1),
        maximum_retries: Some(3),
        maximum_record_age_seconds: Some(3_600),
        bisects: true,
        reports_item_failures: false,
        on_failure: Some(Arc::from("arn:aws:sqs:us-east-1:123456789012:failed")),
        counts_events: true,
        filters: false,
    }
}

/// A DAX cluster with a node in each of `zones`.
pub(super) fn cluster(name: &str, zones: &[&str]) -> Cluster {
    let node = |(number, zone): (usize, &&str)| Node {
        id: Arc::from(format!("{name}-{number}")),
        status: Arc::from("available"),
        zone: Some(Arc::from(*zone)),
        ..Node::default()
    };
    Cluster {
        name: Arc::from(name),
        arn: Arc::from(format!("arn:aws:dax:us-east-1:123456789012:cache/{name}")),
        status: Arc::from("available"),
        node_type: Arc::from("dax.r5.large"),
        nodes: zones.iter().enumerate().map(node).collect(),
        ..Cluster::default()
    }
}

/// Contributor Insights of a resource, switched on.
pub(super) fn insights(resource: Resource, mode: InsightsMode) -> ContributorInsights {
    let rule = format!("DynamoDBContributorInsights-PKT-{}-1764000000000", resource.short_name());
    ContributorInsights {
        resource,
        status: Arc::from("ENABLED"),
        mode: Some(mode),
        rules: Some(vec![Arc::from(rule)]),
        failure: None,
    }
}

/// A scalable target from 5 to 500.
pub(super) fn target(resource: Resource, direction: Direction) -> ScalableTarget {
    scaling::fixture::target(resource, direction, (5.0, 500.0))
}

/// A mute rule of one alarm.
pub(super) fn mute(target: &str, expression: &str, duration: &str) -> MuteRule {
    MuteRule {
        name: Arc::from("night"),
        status: Arc::from("SCHEDULED"),
        targets: vec![Arc::from(target)],
        expression: Arc::from(expression),
        duration: Arc::from(duration),
        time_zone: None,
        expires: None,
    }
}
