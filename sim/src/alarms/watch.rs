//! A metric alarm: what it watches, and its evaluation minute by minute.

mod input;

use std::ops::Range;

use super::evaluate::Rule;
use super::life::Actor;
use super::reason::{Evidence, Point};
use crate::facts::{Datum, Dimension, Epoch};
use crate::fleet::{Fleet, Publication, Tracked};
use crate::metric::math::{Item, Program};
use crate::metric::statistic::Statistic;
use crate::metric::{DYNAMODB, Series};
use crate::scenario::spec::alarms::{AlarmSpec, LowSamples, Missing, QuerySpec};
use input::{Input, Minute, Read};

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

/// What a minute brings.
enum Turn {
    /// Its evaluation is not due yet.
    Later,
    /// It has none.
    Nothing,
    Now(Look),
}

/// What is computed in each evaluation, kept for the next one.
#[derive(Default)]
struct Scratch {
    /// The values of the range, newest first, and whether they breach.
    values: Series,
    points: Vec<Option<bool>>,
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
        // Those of autoscaling are as old as the history, but for a policy that is put at this moment.
        let is_old = created < begin || tracking.is_some() && created > begin;
        #[expect(clippy::cast_possible_truncation, reason = "minutes since 1970 fit")]
        let first = (begin.max(created) / 60.0).ceil() as i64;
        // An old alarm looks at a whole range of data before it says what it has been.
        let span = range_minutes(rule, period);
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

    /// Lets an alarm of autoscaling follow another target from a moment on, up to which it is evaluated.
    pub(super) fn retarget(&mut self, percent: Option<f64>, fleet: &mut Fleet, at: Epoch) {
        let Some(tracking) = &mut self.tracking else { return };
        tracking.percent = percent;
        tracking.configured = Some(at);
        tracking.update(fleet, at);
        self.threshold = self.threshold_at(at).unwrap_or(self.threshold);
        if let Some(tracking) = &mut self.tracking {
            tracking.tracked = None;
        }
    }

    /// Returns how many minutes it looks back.
    fn span(&self) -> i64 {
        range_minutes(self.rule, self.period)
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
        let data: Vec<Read> = inputs.collect();
        let mut scratch = Scratch::default();
        loop {
            match self.turn(&data, until) {
                Turn::Later => break,
                Turn::Nothing => {}
                Turn::Now(look) => self.evaluate(actor, &data, look, &mut scratch),
            }
            self.next += 1;
        }
        if let Some(tracking) = &mut self.tracking {
            tracking.tracked = None;
        }
    }

    /// Finds the evaluation of the next minute.
    fn turn(&self, data: &[Read], until: Epoch) -> Turn {
        let (end, start) = (self.next, self.next as f64 * 60.0);
        let is_followed = self.tracking.as_ref().is_some_and(Tracking::is_on_consumption);
        let at = if is_followed {
            // Autoscaling looks at a minute when it is published, and at what it is in the end.
            let newest = data.first().and_then(|read| *read.of(end - 1..end).first()?);
            let Some(minute) = newest else { return Turn::Later };
            minute.publication.first
        } else {
            start + self.second
        };
        if is_followed && at - start >= TOO_LATE {
            Turn::Nothing
        } else if at <= until {
            Turn::Now(Look { at, end, is_settled: is_followed })
        } else {
            Turn::Later
        }
    }

    fn evaluate(
        &mut self,
        actor: &mut Actor<'_>,
        data: &[Read],
        look: Look,
        scratch: &mut Scratch,
    ) {
        let threshold = self.threshold_at(look.at);
        let Some(threshold) = threshold else { return };
        self.threshold = threshold;
        let watches_changes = self.tracking.as_ref().is_some_and(|t| !t.is_on_consumption());
        let comparison = self.spec.comparison;
        let breaches = |value: f64| !watches_changes && comparison.breaches(value, threshold);
        let Scratch { values, points } = scratch;
        self.values(data, look, values);
        points.clear();
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

    /// Finds the values of the range, newest first.
    fn values(&self, data: &[Read], look: Look, values: &mut Series) {
        let Some(math) = &self.math else { return self.series(data, 0, look, values) };
        let mut metrics = vec![Series::new(); self.spec.queries.len()];
        for (input, at) in math.metrics.iter().enumerate() {
            if let Some(place) = metrics.get_mut(*at) {
                self.series(data, input, look, place);
                place.reverse();
            }
        }
        let mut found = math.program.run(metrics, self.rule.range());
        *values = found.get_mut(math.watched).map(std::mem::take).unwrap_or_default();
        values.reverse();
    }

    /// The periods of the range, newest first.
    fn periods(&self, look: Look) -> impl Iterator<Item = Range<i64>> + use<> {
        let (period, span) = (self.period, range_minutes(self.rule, self.period));
        let begins = (look.end - span..look.end).rev().skip(to_usize(period) - 1);
        begins.step_by(to_usize(period)).map(move |begin| begin..begin + period)
    }

    /// Finds the values of one metric, newest first.
    fn series(&self, data: &[Read], input: usize, look: Look, values: &mut Series) {
        values.clear();
        if let Some(tracking) = self.tracking.as_ref().filter(|t| t.is_on_consumption()) {
            let consumed = |minute| tracking.tracked.as_ref()?.consumed_in(minute);
            return values.extend(self.periods(look).map(|minutes| consumed(minutes.start)));
        }
        if let (Some(input), Some(read)) = (self.inputs.get(input), data.get(input)) {
            values.extend(self.periods(look).map(|minutes| input.value(read.of(minutes), look)));
        }
    }

    /// Tells whether a percentile has too few samples to be judged: fewer than 10 divided by the share beyond it
    /// ("Percentile-based alarms and low data samples" in the CloudWatch user guide).
    fn has_few_samples(&self, data: &[Read], look: Look) -> bool {
        let Some(share) = self.inputs.first().and_then(Input::percentile) else { return false };
        if self.spec.evaluate_low_sample_count_percentile != Some(LowSamples::Ignore) {
            return false;
        }
        let beyond = if share >= 0.5 { 1.0 - share } else { share };
        let periods = self.periods(look).take(self.rule.periods);
        let samples: f64 = periods.map(|minutes| samples(data, minutes, look)).sum();
        samples * beyond < 10.0
    }

    fn evidence(&self, data: &[Read], look: Look, values: &Series, days: i64) -> Evidence<'_> {
        let is_math = self.math.is_some();
        let point = |(minutes, value): (Range<i64>, &Option<f64>)| Point {
            minute: minutes.start - days * 24 * 60,
            value: *value,
            samples: (!is_math).then(|| samples(data, minutes, look)),
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
        self.configured = match (changed, self.configured) {
            (Some(changed), Some(earlier)) => Some(changed.max(earlier)),
            (changed, earlier) => changed.or(earlier),
        };
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

/// Returns the minutes of an evaluation range.
fn range_minutes(rule: Rule, period: i64) -> i64 {
    i64::try_from(rule.range()).unwrap_or(i64::MAX).saturating_mul(period)
}

/// Returns a period, which a scenario has at least one minute of.
fn to_usize(period: i64) -> usize {
    usize::try_from(period).unwrap_or(1).max(1)
}

/// Returns the samples that are seen of a metric in some minutes.
fn samples(data: &[Read], minutes: Range<i64>, look: Look) -> f64 {
    let minutes = data.first().map_or(&[][..], |read| read.of(minutes)).iter().flatten();
    let seen = minutes.filter_map(|Minute { publication, .. }| look.sees(publication));
    seen.map(|datum| datum.samples).sum()
}
