//! The expressions of one request: metric math over its metrics.

use std::collections::HashMap;

use super::Window;
use super::query::{Point, Query};
use crate::metric::Series;
use crate::metric::math::Program;
use crate::service::Ask;

/// The expressions of a request, read and checked.
pub(super) struct Expressions {
    program: Program,
    /// The queries that are expressions, by period in seconds.
    by_period: HashMap<i64, Vec<usize>>,
}

impl Expressions {
    /// Reads the expressions; `None` if there are none.
    pub(super) fn read(queries: &[Query]) -> Result<Option<Self>, String> {
        let items: Vec<_> = queries.iter().map(|query| (query.id(), query.item())).collect();
        let is_expression = |query: &Query| query.billed_as().is_none();
        if !queries.iter().any(is_expression) {
            return Ok(None);
        }
        let error = |(at, problem): (usize, String)| {
            queries.get(at).map_or_else(String::new, |query| query.expression_error(&problem))
        };
        let program = Program::new(&items).map_err(error)?;
        let mut by_period: HashMap<i64, Vec<usize>> = HashMap::new();
        for (at, _) in queries.iter().enumerate().filter(|(_, query)| is_expression(query)) {
            let period = program.period_of(at).map_err(|problem| error((at, problem)))?;
            by_period.entry(period).or_default().push(at);
        }
        Ok(Some(Self { program, by_period }))
    }

    /// Computes the data points of each expression, oldest first.
    pub(super) fn compute(
        &self,
        queries: &[Query],
        ask: &mut Ask<'_>,
        window: Window,
    ) -> HashMap<usize, Vec<Point>> {
        let mut found = HashMap::new();
        for (period, expressions) in &self.by_period {
            // Metrics of seconds have no data here, nor has what is made of them.
            let minutes = (period / 60).max(1);
            let span = window.span(minutes);
            let slots = usize::try_from((span.end - span.start) / minutes).unwrap_or(0);
            let metrics = queries.iter().enumerate().map(|(at, query)| {
                let is_used = expressions.iter().any(|used| self.program.uses(*used, at));
                if !is_used {
                    return Series::new();
                }
                let mut series = vec![None; slots];
                for point in query.points(ask, window) {
                    let slot = usize::try_from((point.minute - span.start) / minutes).ok();
                    if let Some(place) = slot.and_then(|slot| series.get_mut(slot)) {
                        *place = Some(point.value);
                    }
                }
                series
            });
            let computed = self.program.run(metrics.collect(), slots);
            for at in expressions {
                let series = computed.get(*at).into_iter().flatten();
                let starts = (span.start..span.end).step_by(usize::try_from(minutes).unwrap_or(1));
                let points = starts.zip(series);
                let points =
                    points.filter_map(|(minute, value)| value.map(|value| Point { minute, value }));
                found.insert(*at, points.collect());
            }
        }
        found
    }
}
