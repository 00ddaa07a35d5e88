//! A metric alarm: what it watches, and its evaluation minute by minute.

mod input;

use std::ops::Range;

use super::evaluate::Rule;
use super::life::Actor;
use super::reason::{Evidence, Point};
use crate::sim::facts::{Datum, Dimension, Epoch};
use crate::sim::fleet::{Fleet, Publication, Tracked};
use crate::sim::metric::math::{Item, Program};
use crate::sim::metric::statistic::Statistic;
use crate::sim::metric::{DYNAMODB, Series};
use crate::sim::scenario::spec::alarms::{AlarmSpec, LowSamples, Missing, QuerySpec};
use input::Input;

/// How many minutes an alarm may look back: what tables keep, less what alarms may be behind.
pub(crate) const MAX_MINUTES: i64 = 22 * 60;
/// The same for the tables that a fleet is grown with.
pub(crate) const MAX_GROWN_MINUTES: i64 = 2 * 60;

/// Functions whose values do not exist here: alarms that use them may be described, and are not evaluated.
const UNKNOWN_FUNCTIONS: [&str; 2] = ["ANOMALY_DETECTION_BAND(", "INSIGHT_RULE_METRIC("];

/// Seconds after the end of a minute from which on its data are too late for autoscaling.
const TOO_LATE: Epoch = 120.0;

/// A metric alarm at work.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(crate) spec: AlarmSpec,
    /// The threshold at the last evaluation.
    pub(crate) threshold: f64,
    rule: Rule,
    /// Minutes of a period.
    period: i64,
    inputs: Vec<Input>,
    math: Option<Math>,
    tracking: Option<Tracking>,
    /// Created before the history begins: its first state has long been so.
    is_old: bool,
    created: Epoch,
    /// The next minute to end an evaluation range with.
    next: i64,
    /// The second of the minute at which it is evaluated.
    second: Epoch,
}

/// The expressions of an alarm.
#[derive(Debug)]
struct Math {
    program: Program,
    /// Which query is compared with the threshold, and of which query each input is the metric.
    watched: usize,
    metrics: Vec<usize>,
}

/// What an alarm of autoscaling follows.
#[derive(Debug)]
pub(super) struct Tracking {
    pub(super) table: String,
    pub(super) index: Option<String>,
    pub(super) dimension: Dimension,
    /// The threshold in percent of the capacity, of the alarms on consumption; those on the capacity itself
    /// watch for changes by others, and there are none.
    pub(super) percent: Option<f64>,
    /// What is seen of it, during an evaluation only.
    pub(super) tracked: Option<Tracked>,
    /// When the capacity was last changed.
    pub(super) configured: Option<Epoch>,
}

/// One evaluation: when, over which minutes, and what it sees.
#[derive(Debug, Clone, Copy)]
struct Look {
    at: Epoch,
    /// The minute after the last.
    end: i64,
    /// Whether data count as they are in the end, though revised later.
    is_settled: bool,
}

impl Look {
    fn sees(&self, publication: &Publication) -> Option<Datum> {
        if self.is_settled { Some(publication.settled()) } else { publication.at(self.at) }
    }
}

/// The data an alarm needs for some minutes, dense.
struct Data {
    begin: i64,
    inputs: Vec<Vec<Option<Publication>>>,
}

impl Data {
    fn of(&self, input: usize, minutes: Range<i64>) -> &[Option<Publication>] {
        let place = |minute: i64| usize::try_from(minute - self.begin).unwrap_or(0);
        let all = self.inputs.get(input).map_or(&[][..], Vec::as_slice);
        all.get(place(minutes.start).min(all.len())..place(minutes.end).min(all.len()))
            .unwrap_or_default()
    }
}

/// Checks the definition of a metric alarm; an error is a phrase.
pub(crate) fn check(spec: &AlarmSpec) -> Result<(), String> {
    let is_metric = spec.watched.metric.is_some();
    if is_metric != spec.queries.is_empty() {
        return Err("either `metric` or `queries` is needed".to_owned());
    }
    let read = spec.queries.iter().filter(|query| query.expression.is_none());
    for watched in read.map(|query| &query.watched).chain(is_metric.then_some(&spec.watched)) {
        if watched.metric.is_none() {
            return Err("a query has either `metric` or `expression`".to_owned());
        }
        if watched.seconds() == 0 || watched.seconds() % 60 != 0 {
            return Err(format!("a period of {} s is no multiple of 60", watched.seconds()));
        }
        if Statistic::parse(watched.stat()).is_none() {
            return Err(format!("no statistic is named `{}`", watched.stat()));
        }
    }
    if spec.queries.iter().any(|q| q.expression.is_some() && q.watched.metric.is_some()) {
        return Err("a query has either `metric` or `expression`".to_owned());
    }
    if !is_metric && spec.queries.iter().filter(|query| query.return_data).count() != 1 {
        return Err("exactly one query must have `return_data`".to_owned());
    }
    if is_evaluable(spec)
        && let Err((at, problem)) = Program::new(&items(&spec.queries))
    {
        let id = spec.queries.get(at).map_or("", |query| query.id.as_str());
        return Err(format!("query `{id}`: {problem}"));
    }
    let periods = spec.evaluation_periods;
    if periods == 0 || !(1..=periods).contains(&spec.datapoints_to_alarm.unwrap_or(periods)) {
        return Err("`datapoints_to_alarm` must be from 1 to `evaluation_periods`".to_owned());
    }
    Ok(())
}

/// Tells whether the values of all that the alarm watches exist here.
fn is_evaluable(spec: &AlarmSpec) -> bool {
    let is_known = |text: &String| UNKNOWN_FUNCTIONS.iter().all(|name| !text.contains(name));
    let expressions = spec.queries.iter().filter_map(|query| query.expression.as_ref());
    !spec.comparison.is_of_a_band() && expressions.into_iter().all(is_known)
}

fn items<'a>(queries: &'a [QuerySpec]) -> Vec<(&'a str, Item<'a>)> {
    let item = |query: &'a QuerySpec| match &query.expression {
        Some(text) => (query.id.as_str(), Item::Expression(text)),
        None => (query.id.as_str(), Item::Metric(query.watched.seconds().into())),
    };
    queries.iter().map(item).collect()
}

impl Watch {
    /// Makes the watch of an alarm created at `created`; data begin at `begin`, both in seconds.
    pub(super) fn new(
        spec: AlarmSpec,
        tracking: Option<Tracking>,
        created: Epoch,
        begin: Epoch,
        second: Epoch,
    ) -> Self {
        let math = Math::new(&spec);
        let watched: Vec<_> = if spec.queries.is_empty() {
            vec![&spec.watched]
        } else {
            spec.queries.iter().filter(|q| q.expression.is_none()).map(|q| &q.watched).collect()
        };
        let is_dynamodb = watched.iter().any(|watched| watched.namespace == DYNAMODB);
        let inputs: Vec<Input> = watched.iter().filter_map(|watched| Input::new(watched)).collect();
        let period = i64::from(watched.first().map_or(60, |watched| watched.seconds())) / 60;
        let periods = spec.evaluation_periods as usize;
        let rule = Rule {
            periods,
            to_alarm: spec.datapoints_to_alarm.map_or(periods, |m| m as usize),
            missing: treatment(&spec, is_dynamodb),
        };
        let is_old = created < begin || tracking.is_some();
        #[expect(clippy::cast_possible_truncation, reason = "minutes since 1970 fit")]
        let first = (begin.max(created) / 60.0).ceil() as i64;
        // An old alarm looks at a whole range of data before it says what it has been.
        let span = rule.range() as i64 * period;
        let next = if is_old { first + span + 5 } else { first };
        let threshold = spec.threshold.unwrap_or_default();
        Self {
            spec,
            threshold,
            rule,
            period,
            inputs,
            math,
            tracking,
            is_old,
            created,
            next,
            second,
        }
    }

    /// Returns when autoscaling last changed the alarm.
    pub(super) fn configured(&self) -> Option<Epoch> {
        self.tracking.as_ref().and_then(|tracking| tracking.configured)
    }

    /// Returns how many minutes it looks back.
    fn span(&self) -> i64 {
        self.rule.range() as i64 * self.period
    }

    /// Evaluates all that is due up to a moment.
    pub(super) fn advance(&mut self, actor: &mut Actor<'_>, fleet: &mut Fleet, until: Epoch) {
        if !is_evaluable(&self.spec) {
            return;
        }
        if let Some(tracking) = &mut self.tracking {
            tracking.update(fleet, until);
        }
        #[expect(clippy::cast_possible_truncation, reason = "minutes since 1970 fit")]
        let last = (until / 60.0).floor() as i64;
        if last < self.next {
            return;
        }
        let begin = self.next - self.span();
        let inputs = self.inputs.iter().map(|input| input.read(fleet, begin..last, until));
        let data = Data { begin, inputs: inputs.collect() };
        let mut points = Vec::with_capacity(self.rule.range());
        while let Some(look) = self.look(&data, until) {
            self.next += 1;
            if let Some(look) = look {
                self.evaluate(actor, &data, look, &mut points);
            }
        }
        if let Some(tracking) = &mut self.tracking {
            tracking.tracked = None;
        }
    }

    /// The next evaluation: none if it is not due yet, and nothing if it is left out.
    fn look(&self, data: &Data, until: Epoch) -> Option<Option<Look>> {
        let (end, start) = (self.next, self.next as f64 * 60.0);
        if !self.tracking.as_ref().is_some_and(Tracking::is_on_consumption) {
            let at = start + self.second;
            return (at <= until).then_some(Some(Look { at, end, is_settled: false }));
        }
        // Autoscaling looks at a minute when it is published, and at what it is in the end.
        let newest = data.of(0, end - 1..end).first()?.as_ref();
        let at = newest.map_or(start + TOO_LATE, |publication| publication.first);
        if at - start >= TOO_LATE {
            return Some(None);
        }
        (at <= until).then_some(Some(Look { at, end, is_settled: true }))
    }

    fn evaluate(
        &mut self,
        actor: &mut Actor<'_>,
        data: &Data,
        look: Look,
        points: &mut Vec<Option<bool>>,
    ) {
        let threshold = self.threshold_at(look.at);
        let Some(threshold) = threshold else { return };
        self.threshold = threshold;
        let watches_changes = self.tracking.as_ref().is_some_and(|t| !t.is_on_consumption());
        let comparison = self.spec.comparison;
        let breaches = |value: f64| !watches_changes && comparison.breaches(value, threshold);
        points.clear();
        let values = self.values(data, look);
        points.extend(values.iter().map(|value| value.map(breaches)));
        if self.has_few_samples(data, look) {
            return;
        }
        let is_first = std::mem::take(&mut self.is_old);
        let found = self.rule.evaluate(points);
        let state = match found {
            Some(state) if is_first || state != actor.state() => state,
            _ => return,
        };
        // A state that is older than the history began whole days before it is seen.
        let days = if is_first { self.days_back(look.at) } else { 0 };
        let situation = self.evidence(data, look, values, days).situation(state);
        if is_first {
            return actor.settle(look.at - days as f64 * 86_400.0, situation);
        }
        actor.change(look.at, situation);
        actor.act(look.at);
    }

    /// The threshold at a moment; `None` if autoscaling has nothing to scale.
    fn threshold_at(&self, at: Epoch) -> Option<f64> {
        let Some(tracking) = &self.tracking else { return Some(self.threshold) };
        let capacity = tracking.tracked.as_ref()?.capacity_at(at)? as f64;
        Some(tracking.percent.map_or(capacity, |percent| percent / 100.0 * capacity * 60.0))
    }

    /// The values of the range, newest first.
    fn values(&self, data: &Data, look: Look) -> Series {
        let Some(math) = &self.math else { return self.series(data, 0, look) };
        let mut metrics = vec![Series::new(); self.spec.queries.len()];
        for (input, at) in math.metrics.iter().enumerate() {
            if let Some(place) = metrics.get_mut(*at) {
                *place = self.series(data, input, look);
                place.reverse();
            }
        }
        let mut found = math.program.run(metrics, self.rule.range());
        let mut series = found.get_mut(math.watched).map(std::mem::take).unwrap_or_default();
        series.reverse();
        series
    }

    /// The periods of the range, newest first.
    fn periods(&self, look: Look) -> impl Iterator<Item = Range<i64>> + use<> {
        let (period, end) = (self.period, look.end);
        (0..self.rule.range() as i64).map(move |ago| end - (ago + 1) * period..end - ago * period)
    }

    fn series(&self, data: &Data, input: usize, look: Look) -> Series {
        if let Some(tracking) = self.tracking.as_ref().filter(|t| t.is_on_consumption()) {
            let consumed = |minute| tracking.tracked.as_ref()?.consumed_in(minute);
            return self.periods(look).map(|minutes| consumed(minutes.start)).collect();
        }
        let Some(read) = self.inputs.get(input) else { return vec![None; self.rule.range()] };
        let value = |minutes| read.value(data.of(input, minutes), look);
        self.periods(look).map(value).collect()
    }

    /// Tells whether a percentile has too few samples to be judged: fewer than 10 divided by the share beyond it
    /// ("Percentile-based alarms and low data samples" in the CloudWatch user guide).
    fn has_few_samples(&self, data: &Data, look: Look) -> bool {
        let Some(share) = self.inputs.first().and_then(Input::percentile) else { return false };
        if self.spec.evaluate_low_sample_count_percentile != Some(LowSamples::Ignore) {
            return false;
        }
        let beyond = if share >= 0.5 { 1.0 - share } else { share };
        let periods = self.periods(look).take(self.rule.periods);
        let samples: f64 = periods.map(|minutes| samples(data.of(0, minutes), look)).sum();
        samples * beyond < 10.0
    }

    fn evidence(&self, data: &Data, look: Look, values: Series, days: i64) -> Evidence<'_> {
        let is_math = self.math.is_some();
        let point = |(minutes, value): (Range<i64>, Option<f64>)| Point {
            minute: minutes.start - days * 24 * 60,
            value,
            samples: (!is_math).then(|| samples(data.of(0, minutes), look)),
        };
        Evidence {
            rule: self.rule,
            m_of_n: self.spec.datapoints_to_alarm.is_some(),
            comparison: self.spec.comparison,
            threshold: self.threshold,
            statistic: (!is_math).then(|| self.spec.watched.stat()),
            unit: self.spec.watched.unit.as_deref(),
            period: self.period * 60,
            at: look.at - days as f64 * 86_400.0,
            points: self.periods(look).zip(values).map(point).collect(),
        }
    }

    /// Whole days that the first state is older than the first evaluation: up to 20, not before the creation.
    #[expect(clippy::cast_possible_truncation, reason = "days since 1970 fit")]
    fn days_back(&self, at: Epoch) -> i64 {
        let age = ((at - self.created) / 86_400.0).floor() as i64;
        // The second of evaluation is as good a lot as any.
        age.min(1 + (self.second * 1_000.0) as i64 % 20).max(0)
    }
}

impl Math {
    fn new(spec: &AlarmSpec) -> Option<Self> {
        let queries = &spec.queries;
        let watched = queries.iter().position(|query| query.return_data)?;
        let program = Program::new(&items(queries)).ok()?;
        let is_metric = |at: &usize| queries.get(*at).is_some_and(|q| q.expression.is_none());
        let metrics = (0..queries.len()).filter(is_metric).collect();
        Some(Self { program, watched, metrics })
    }
}

impl Tracking {
    fn is_on_consumption(&self) -> bool {
        self.percent.is_some()
    }

    fn update(&mut self, fleet: &mut Fleet, until: Epoch) {
        let index = self.index.as_deref();
        self.tracked = fleet.tracked(&self.table, index, self.dimension, until);
        let changed = self.tracked.as_ref().and_then(|tracked| tracked.changed_at(until));
        self.configured = changed.or(self.configured);
    }
}

/// Returns how missing data are treated. Alarms on DynamoDB's metrics ignore them unless they say otherwise
/// ("Configuring how CloudWatch alarms treat missing data").
fn treatment(spec: &AlarmSpec, is_dynamodb: bool) -> Missing {
    match spec.treat_missing_data {
        None | Some(Missing::Missing) if is_dynamodb => Missing::Ignore,
        None => Missing::Missing,
        Some(treatment) => treatment,
    }
}

fn samples(publications: &[Option<Publication>], look: Look) -> f64 {
    publications.iter().flatten().filter_map(|one| look.sees(one)).map(|datum| datum.samples).sum()
}
