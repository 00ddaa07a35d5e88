//! The pages of one `GetMetricData`, put together.

use super::{Fetched, GET_METRIC_DATA};
use crate::aws::error::unreadable;
use crate::model::health::{CallError, ErrorClass};
use crate::model::time::{Minute, Window};
use aws_sdk_cloudwatch::types::{MetricDataResult, StatusCode};

/// Merges the pages of one `GetMetricData` by query id.
pub(super) struct Merge {
    window: Window,
    series: Vec<Partial>,
    flaw: Option<CallError>,
}

/// One series as far as it was read.
#[derive(Debug, Clone, Default)]
pub(in crate::aws) struct Partial {
    /// Seconds since the Unix epoch and value.
    points: Vec<(i64, f64)>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum State {
    /// No page mentioned it yet, or more is to come.
    #[default]
    Unfinished,
    Complete,
    /// `CloudWatch` will not complete it in this read.
    Broken,
}

impl Partial {
    pub(in crate::aws) fn is_complete(&self) -> bool {
        self.state == State::Complete
    }

    /// Takes in what one page holds of it; why it will not be complete, if so.
    pub(in crate::aws) fn add(&mut self, result: &MetricDataResult) -> Option<CallError> {
        let sound = result.timestamps().len() == result.values().len();
        self.state = match result.status_code() {
            _ if self.state == State::Broken || !sound => State::Broken,
            Some(StatusCode::Complete) => State::Complete,
            Some(StatusCode::PartialData) => State::Unfinished,
            _ => State::Broken,
        };
        let points = result.timestamps().iter().zip(result.values());
        let sound = points.filter(|(_, value)| value.is_finite());
        self.points.extend(sound.map(|(at, value)| (at.secs(), *value)));
        (self.state == State::Broken).then(|| flaw(result))
    }

    /// Its points in `window`, ascending.
    ///
    /// # Errors
    /// [`CallError`] of class `Unreadable` if it is not complete.
    pub(in crate::aws) fn finish(mut self, window: Window) -> Result<Vec<(i64, f64)>, CallError> {
        if !self.is_complete() {
            return Err(unreadable(GET_METRIC_DATA, "a reply without all the series asked for"));
        }
        self.points.retain(|(at, _)| window.contains(Minute(at.div_euclid(60))));
        self.points.sort_by_key(|(at, _)| *at);
        self.points.dedup_by_key(|(at, _)| *at);
        Ok(self.points)
    }
}

impl Merge {
    pub(super) fn new(window: Window, queries: usize) -> Self {
        Self { window, series: vec![Partial::default(); queries], flaw: None }
    }

    /// Whether no series is complete.
    pub(super) fn is_blank(&self) -> bool {
        !self.series.iter().any(Partial::is_complete)
    }

    pub(super) fn add(&mut self, result: &MetricDataResult) {
        let at = result.id().and_then(|id| id.strip_prefix('m')).and_then(|at| at.parse().ok());
        let Some(series) = at.and_then(|at: usize| self.series.get_mut(at)) else { return };
        let flaw = series.add(result);
        self.flaw = self.flaw.take().or(flaw);
    }

    /// The series in the order of their queries; `error` is what ended the reading, if anything.
    pub(super) fn finish(self, error: Option<CallError>) -> Fetched {
        let mut flaw = error.or(self.flaw);
        let mut finish = |series: Partial| match series.finish(self.window) {
            Ok(points) => {
                let minute = |(at, value): (i64, f64)| (Minute(at.div_euclid(60)), value);
                Some(points.into_iter().map(minute).collect())
            }
            Err(unfinished) => {
                flaw.get_or_insert(unfinished);
                None
            }
        };
        let series = self.series.into_iter().map(&mut finish).collect();
        Fetched { series, flaw }
    }
}

/// Says in `CloudWatch`'s words why a series is broken.
fn flaw(result: &MetricDataResult) -> CallError {
    let status = result.status_code().map(StatusCode::as_str);
    let class = match status {
        Some("Forbidden") => ErrorClass::Denied,
        Some("InternalError") => ErrorClass::Server,
        _ => ErrorClass::Unreadable,
    };
    let said = result.messages().first().and_then(|message| message.value());
    CallError {
        class,
        action: GET_METRIC_DATA,
        code: status.map(str::to_owned),
        message: said.unwrap_or("a series that is not complete").to_owned(),
    }
}
