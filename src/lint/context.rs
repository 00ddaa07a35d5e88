//! What the checks look at: the alarms of `DynamoDB` and DAX, each metric with what AWS publishes of
//! it, and who watches what.

use super::fix::TOPIC;
use super::published::{DAX, DYNAMODB, Published};
use super::watched::Watched;
use crate::model::alarm::{
    Alarm, AlarmKind, MetricAlarm, MetricStat, MissingData, Source, Subject,
};
use crate::model::health::{Outcome, Poller};
use crate::model::table::{BillingMode, Table};
use crate::store::{Health, Reading};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// One scope, with its alarms indexed once.
pub(super) struct Context<'a> {
    /// The scope.
    pub(super) reading: Reading<'a>,
    /// The alarms to judge, by name; `None` if alarms could not be read.
    pub(super) alarms: Option<Vec<&'a Alarm>>,
    /// What they watch.
    pub(super) watched: Watched<'a>,
    /// The alarms that a composite alarm with actions speaks for.
    spoken_for: HashSet<&'a str>,
    /// The topic that most alarms here notify, or what stands for one.
    pub(super) topic: Arc<str>,
    /// When all tables were listed last, if nothing failed since.
    tables_listed: Option<Timestamp>,
}

impl<'a> Context<'a> {
    /// Indexes the alarms of a scope.
    pub(super) fn new(reading: Reading<'a>) -> Self {
        let alarms = reading.alarms().value().map(|all| relevant(reading, all));
        let known = || alarms.iter().flatten().copied();
        let composites = known().filter_map(|alarm| Some((alarm, alarm.composite()?)));
        let spoken_for = composites
            .filter(|(alarm, _)| alarm.actions.enabled && !alarm.actions.alarm.is_empty())
            .flat_map(|(_, composite)| composite.children().into_iter().map(name_of))
            .collect();
        Self {
            reading,
            watched: Watched::of(known()),
            spoken_for,
            topic: most_notified(known()).unwrap_or_else(|| Arc::from(TOPIC)),
            tables_listed: complete(reading.health(Poller::Tables)),
            alarms,
        }
    }

    /// Whether a composite alarm notifies somebody of what `alarm` says.
    pub(super) fn is_spoken_for(&self, alarm: &str) -> bool {
        self.spoken_for.contains(alarm)
    }

    /// Whether no table is called `table`. An alarm that was made after the tables were listed may
    /// be about a table that was, too.
    pub(super) fn is_no_table(&self, table: &str, configured: Option<Timestamp>) -> bool {
        let Some(listed) = self.tables_listed else { return false };
        configured.is_none_or(|at| at < listed) && !self.reading.has_table(table)
    }

    /// The region's name.
    pub(super) fn region(&self) -> &'a str {
        self.reading.scope().region()
    }
}

/// When a poller last read everything; `None` unless its newest round did.
pub(super) fn complete(health: Option<&Health>) -> Option<Timestamp> {
    let health = health?;
    match health.last.outcome {
        Outcome::Complete => health.last_success,
        Outcome::Partial(_) | Outcome::Failed(_) => None,
    }
}

/// The name of an alarm that a composite alarm refers to by name or ARN.
pub(super) fn name_of(reference: &str) -> &str {
    match reference.strip_prefix("arn:") {
        Some(rest) => rest.split_once(":alarm:").map_or(reference, |(_, name)| name),
        None => reference,
    }
}

/// The alarms about `DynamoDB`, DAX and the functions that read streams, and composites of them.
///
/// Application Auto Scaling keeps its own alarms right.
fn relevant<'a>(reading: Reading<'a>, all: &'a [Alarm]) -> Vec<&'a Alarm> {
    let consumers = reading.consumers().value().map(Vec::as_slice).unwrap_or_default();
    let functions: HashSet<&str> = consumers.iter().map(|consumer| &*consumer.function).collect();
    let is_ours = |stat: &MetricStat| match Subject::of(stat) {
        Subject::Function(function) => functions.contains(&*function),
        // Misspelt dimensions may not tell a cluster.
        Subject::Dynamo(_) | Subject::Dax(..) | Subject::Elsewhere(_) => {
            [DYNAMODB, DAX].contains(&&*stat.namespace)
        }
    };
    let mut names: HashSet<&str> = all
        .iter()
        .filter(|alarm| !alarm.is_target_tracking())
        .filter(|alarm| alarm.stats().into_iter().any(is_ours) || reads_insights(alarm))
        .map(|alarm| &*alarm.name)
        .collect();
    let composites: Vec<(&Alarm, Vec<&str>)> =
        all.iter().filter_map(|alarm| Some((alarm, alarm.composite()?.children()))).collect();
    // Composites may be of composites: until nothing is added.
    loop {
        let before = names.len();
        for (alarm, children) in &composites {
            if children.iter().any(|child| names.contains(name_of(child))) {
                names.insert(&alarm.name);
            }
        }
        if names.len() == before {
            break;
        }
    }
    all.iter().filter(|alarm| names.contains(&*alarm.name)).collect()
}

/// Whether an alarm is on a rule of Contributor Insights for `DynamoDB`.
fn reads_insights(alarm: &Alarm) -> bool {
    let formulas = alarm.metric().map(MetricAlarm::formulas).unwrap_or_default();
    formulas.iter().any(|formula| formula.contains("DynamoDBContributorInsights-"))
}

/// The SNS topic that most alarms notify; of several, the first by name.
fn most_notified<'a>(alarms: impl Iterator<Item = &'a Alarm>) -> Option<Arc<str>> {
    let mut notified: BTreeMap<&Arc<str>, usize> = BTreeMap::new();
    for action in alarms.flat_map(|alarm| &alarm.actions.alarm) {
        if action.split(':').nth(2) == Some("sns") {
            *notified.entry(action).or_default() += 1;
        }
    }
    let most = notified.into_iter().rev().max_by_key(|(_, times)| *times);
    most.map(|(topic, _)| Arc::clone(topic))
}

/// One metric of one alarm.
pub(super) struct Watch<'a> {
    /// The scope.
    pub(super) lint: &'a Context<'a>,
    /// The alarm.
    pub(super) alarm: &'a Alarm,
    /// Its settings.
    pub(super) settings: &'a MetricAlarm,
    /// The metric.
    pub(super) stat: &'a MetricStat,
    /// Its place among the metrics of the alarm, from 0.
    pub(super) place: usize,
    /// What it is about.
    pub(super) subject: Subject,
    /// How AWS publishes it; `None` for a metric that is not known here.
    pub(super) published: Option<&'static Published>,
}

impl<'a> Watch<'a> {
    /// Every metric of an alarm.
    pub(super) fn all(lint: &'a Context<'a>, alarm: &'a Alarm) -> Vec<Self> {
        let settings = match &alarm.kind {
            AlarmKind::Metric(settings) => settings,
            AlarmKind::Composite(_) | AlarmKind::Other(_) => return vec![],
        };
        let watch = |(place, stat): (usize, &'a MetricStat)| Self {
            lint,
            alarm,
            settings,
            stat,
            place,
            subject: Subject::of(stat),
            published: Published::of(stat),
        };
        settings.stats().into_iter().enumerate().map(watch).collect()
    }

    /// Its metric, if it is one of `DynamoDB` that is called one of `names`.
    pub(super) fn dynamo(&self, names: &[&str]) -> Option<&'static Published> {
        self.published.filter(|row| row.namespace == DYNAMODB && names.contains(&row.name))
    }

    /// Whether it is the alarm's only metric, compared as it is.
    pub(super) fn is_alone(&self) -> bool {
        match self.settings.source {
            Source::Metric(_) => true,
            Source::Math { .. } => false,
        }
    }

    /// The table it is about, as described.
    ///
    /// A part of metric math may be of another account: only a metric that stands alone is surely of
    /// this one.
    pub(super) fn table(&self) -> Option<&'a Table> {
        let name = self.subject.resource()?.table_name()?;
        self.lint.reading.table(name).filter(|_| self.is_alone())
    }

    /// How the table it is about is billed.
    pub(super) fn billing(&self) -> Option<BillingMode> {
        self.table().map(|table| table.billing)
    }

    /// Its dimensions in a sentence: `TableName=orders, Operation=Query`.
    pub(super) fn dimensions(&self) -> String {
        if self.stat.dimensions.is_empty() {
            return "no dimensions".to_owned();
        }
        let pairs: Vec<String> =
            self.stat.dimensions.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join(", ")
    }

    /// What becomes of an alarm that never gets data.
    pub(super) fn without_data(&self) -> &'static str {
        match self.settings.missing_data {
            Some(MissingData::NotBreaching) => "it says OK for ever",
            Some(MissingData::Breaching) => "it is in ALARM for ever",
            Some(MissingData::Missing | MissingData::Ignore) | None => {
                "it stays in INSUFFICIENT_DATA"
            }
        }
    }

    /// Whether a higher value is worse for it.
    pub(super) fn alarms_above(&self) -> bool {
        use crate::model::alarm::Comparison;
        match self.settings.comparison {
            Comparison::Greater | Comparison::GreaterOrEqual => true,
            Comparison::Less | Comparison::LessOrEqual | Comparison::Other(_) => false,
        }
    }
}
