//! What really refused, from the fleet's own books and by plain code: metric names, minutes and
//! arithmetic are this file's and not the product's.

use ddbtop::model::id::Resource;
use ddbtop::model::throttle::{Direction, Limit};
use ddbtop_sim::facts::Datum;
use ddbtop_sim::fleet::Fleet;
use ddbtop_sim::scenario::Scenario;

/// Minutes after which everything has been published, however late.
const PUBLISHED: i64 = 12;

/// The books of a world whose reason metrics are not withheld.
pub(crate) struct Truth(Fleet);

/// Throttle events of one resource and direction, as of a newest settled minute.
#[derive(Debug, Default)]
pub(crate) struct Refused {
    /// By limit, over the newest quarter of an hour of the present episode.
    pub(crate) by: Vec<(Limit, f64)>,
    /// In each of the newest five minutes, by all limits.
    pub(crate) newest: Vec<f64>,
}

impl Refused {
    fn total(&self) -> f64 {
        self.by.iter().map(|(_, events)| events).sum()
    }

    /// The limit that refused most.
    pub(crate) fn dominant(&self) -> Option<Limit> {
        self.by.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(limit, _)| *limit)
    }

    /// The share that one limit refused, from 0 to 1.
    pub(crate) fn share(&self, limit: Limit) -> f64 {
        let events = self.by.iter().find(|(by, _)| *by == limit).map_or(0.0, |(_, events)| *events);
        if events > 0.0 { events / self.total() } else { 0.0 }
    }

    /// The share of the limit that refused most.
    pub(crate) fn dominance(&self) -> f64 {
        self.dominant().map_or(0.0, |limit| self.share(limit))
    }

    /// Whether nothing was refused of late.
    pub(crate) fn is_quiet(&self) -> bool {
        self.newest.iter().all(|events| *events == 0.0)
    }

    /// Whether it goes on so clearly that one minute seen late does not hide it.
    pub(crate) fn is_sustained(&self) -> bool {
        self.newest.iter().filter(|events| **events >= 10.0).count() >= 3
    }
}

impl Truth {
    pub(crate) fn of(scenario: &Scenario, seed: u64) -> Self {
        Self(Fleet::new(scenario, seed, None))
    }

    /// Every table and index.
    pub(crate) fn resources(&mut self) -> Vec<Resource> {
        let start = self.0.start();
        let mut resources = vec![];
        for name in self.0.table_names().to_vec() {
            resources.push(Resource::table(&name));
            let indexes = self.0.table(&name, start).unwrap().indexes;
            resources.extend(indexes.iter().map(|index| Resource::index(&name, &index.name)));
        }
        resources
    }

    /// What refused, as of a look that many minutes after the start: CloudWatch still revises
    /// minutes that ended less than 120 seconds ago.
    pub(crate) fn refused(
        &mut self,
        resource: &Resource,
        direction: Direction,
        minutes: i64,
    ) -> Refused {
        let end = whole_minutes(self.0.start()) + minutes - 2;
        let dimensions = dimensions(resource);
        let mut events = |limit| self.events(&metric(direction, limit), &dimensions, end);
        let events: Vec<(Limit, Vec<f64>)> =
            Limit::ALL.into_iter().map(|limit| (limit, events(limit))).collect();
        let all: Vec<f64> =
            (0..60).map(|at| events.iter().map(|(_, minutes)| minutes[at]).sum()).collect();
        let Some(last) = all.iter().rposition(|events| *events > 0.0) else {
            return Refused { by: vec![], newest: all[55..].to_vec() };
        };
        // Back from its last minute, to the first after five without any.
        let mut first = last;
        for at in (0..last).rev() {
            if all[at] > 0.0 {
                first = at;
            } else if first - at == 5 {
                break;
            }
        }
        let first = first.max(last.saturating_sub(14));
        let by = events
            .into_iter()
            .map(|(limit, minutes)| (limit, minutes[first..=last].iter().sum()))
            .collect();
        Refused { by, newest: all[55..].to_vec() }
    }

    /// The first minute of the hour before the start whose value of a metric of a resource is an
    /// effect, counted from the start: the largest sample of an age, the mean of a latency, else the sum.
    pub(crate) fn first(
        &mut self,
        resource: &Resource,
        (metric, dimension): (&str, Option<(&str, &str)>),
        is_effect: impl Fn(f64) -> bool,
    ) -> Option<i64> {
        let is_of_function = dimension.is_some_and(|(name, _)| name == "FunctionName");
        let mut dimensions = if is_of_function { vec![] } else { dimensions(resource) };
        dimensions.extend(dimension.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let value = |datum: &Datum| match metric {
            "IteratorAge" => datum.max,
            "ReplicationLatency" | "SuccessfulRequestLatency" => datum.sum / datum.samples,
            _ => datum.sum,
        };
        let values = self.minutes(metric, &dimensions, whole_minutes(self.0.start()), value);
        let at = values.iter().position(|value| is_effect(*value))?;
        Some(i64::try_from(at).unwrap() - 60)
    }

    /// The sums of the sixty minutes before `end`.
    fn events(&mut self, metric: &str, dimensions: &[(String, String)], end: i64) -> Vec<f64> {
        self.minutes(metric, dimensions, end, |datum| datum.sum)
    }

    fn minutes(
        &mut self,
        metric: &str,
        dimensions: &[(String, String)],
        end: i64,
        value: impl Fn(&Datum) -> f64,
    ) -> Vec<f64> {
        let (begin, now) = (end - 60, (end + PUBLISHED) as f64 * 60.0);
        let mut minutes = vec![0.0; 60];
        let is_of_dax = dimensions.iter().any(|(name, _)| name == "ClusterId");
        let data = if is_of_dax {
            self.0.series_of_dax(metric, dimensions, begin..end, now)
        } else {
            self.0.series(metric, dimensions, begin..end, now)
        };
        for datum in data.unwrap() {
            minutes[usize::try_from(datum.minute - begin).unwrap()] = value(&datum);
        }
        minutes
    }
}

fn metric(direction: Direction, limit: Limit) -> String {
    let direction = if direction == Direction::Read { "Read" } else { "Write" };
    let limit = match limit {
        Limit::Provisioned => "ProvisionedThroughput",
        Limit::KeyRange => "KeyRangeThroughput",
        Limit::MaxOnDemand => "MaxOnDemandThroughput",
        Limit::AccountLimit => "AccountLimit",
    };
    format!("{direction}{limit}ThrottleEvents")
}

fn dimensions(resource: &Resource) -> Vec<(String, String)> {
    let mut dimensions = vec![];
    if let Resource::Table(table) | Resource::Index(table, _) = resource {
        dimensions.push(("TableName".to_owned(), table.to_string()));
    }
    if let Resource::Index(_, index) = resource {
        dimensions.push(("GlobalSecondaryIndexName".to_owned(), index.to_string()));
    }
    dimensions.extend(resource.cluster_name().map(|id| ("ClusterId".to_owned(), id.to_string())));
    if let Resource::Node(_, node) = resource {
        dimensions.push(("NodeId".to_owned(), node.to_string()));
    }
    dimensions
}

#[expect(clippy::cast_possible_truncation, reason = "minutes since 1970")]
fn whole_minutes(epoch: f64) -> i64 {
    (epoch / 60.0) as i64
}
