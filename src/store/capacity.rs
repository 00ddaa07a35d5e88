//! What limited a table or index in a minute: a description tells the present, and figures are minutes old.

use super::reading::Reading;
use crate::model::event::{Change, Course, Happening, TableChange};
use crate::model::health::Poller;
use crate::model::id::Resource;
use crate::model::metric::SeriesKey;
use crate::model::throttle::Direction;
use crate::model::time::{Figure, Minute};
use jiff::{SignedDuration, Timestamp};

/// Minutes between two points of provisioned capacity (`Amazon DynamoDB` Developer Guide, "DynamoDB Metrics and
/// dimensions").
const METRIC_MINUTES: i64 = 5;

impl Reading<'_> {
    /// Consumed units in percent of what was provisioned in that minute, or of the on-demand maximum.
    ///
    /// Not applicable where neither limit exists, unknown where it is not known what the limit was. It may pass 100
    /// while burst capacity lasts. It is as stale as the staler of the two.
    pub fn utilization_percent(self, resource: &Resource, direction: Direction) -> Figure {
        let consumed = self.consumed_per_second(resource, direction);
        let unknown = consumed.at().map_or(consumed, |at| Figure::Unknown { at });
        let Some(capacity) = self.capacity(resource, direction) else {
            let missing = self.never_read(Poller::Descriptions);
            return if matches!(missing, Figure::Denied { .. }) { missing } else { unknown };
        };
        if capacity.provisioned.or(capacity.maximum).is_none() {
            return Figure::NotApplicable;
        }
        let Some(limit) = self.limit_met(resource, direction) else { return unknown };
        if limit <= 0.0 {
            return Figure::NotApplicable;
        }
        let percent = consumed.map(|units| 100.0 * units / limit);
        let is_old = self.described_at(resource).is_some_and(|at| self.is_description_old(at));
        if is_old { percent.staled() } else { percent }
    }

    /// The provisioned capacity, or else the on-demand maximum, units per second, in the minute that
    /// [`Self::consumed_per_second`] is about; `None` where there was none or it is not known.
    pub fn limit_met(self, resource: &Resource, direction: Direction) -> Option<f64> {
        let capacity = self.capacity(resource, direction)?;
        let present = capacity.provisioned.or(capacity.maximum)?;
        match self.consumed_per_second(resource, direction).at() {
            Some(at) => self.limit_in(resource, direction, at, present),
            None => Some(present),
        }
    }

    /// What was provisioned for a resource in a minute, units per second; `None` where nothing was or it is not known.
    ///
    /// `DescribeTable` tells the last changes alone, of reads and writes together: before these, and before the table
    /// was first described, it is known of an open table by its metric.
    pub(crate) fn provisioned_then(
        self,
        resource: &Resource,
        direction: Direction,
        minute: Minute,
    ) -> Option<f64> {
        let present = self.capacity(resource, direction)?.provisioned?;
        let has_held = self.capacity_held(resource)?.start <= minute;
        let is_known = has_held || self.was_watched(resource, minute);
        let limit = self.limit_in(resource, direction, minute, present).filter(|_| is_known);
        limit.filter(|_| !self.is_unwatched_since(resource, minute)).or_else(|| {
            let metric = self.series(&SeriesKey::provisioned(resource.clone(), direction))?;
            let points = metric.points().filter_map(|(at, point)| Some((at, point.value()?)));
            let (before, after): (Vec<_>, Vec<_>) = points.partition(|(at, _)| *at <= minute);
            let ((begin, from), (end, to)) = (before.last()?, after.first()?);
            // In between it may have changed at any time.
            let is_same = end.since(*begin) <= METRIC_MINUTES && (from - to).abs() < 0.5;
            is_same.then_some(*to)
        })
    }

    /// The on-demand maximum of a resource in a minute, units per second; `None` where there was none or it is not
    /// known. Nothing dates it, so that it is known since the table was first described.
    pub(crate) fn maximum_then(
        self,
        resource: &Resource,
        direction: Direction,
        minute: Minute,
    ) -> Option<f64> {
        let present = self.capacity(resource, direction)?.maximum?;
        let is_known =
            self.was_watched(resource, minute) && !self.is_unwatched_since(resource, minute);
        self.limit_in(resource, direction, minute, present).filter(|_| is_known)
    }

    /// Whether changes of a resource in a minute, and later, were seen.
    fn was_watched(self, resource: &Resource, minute: Minute) -> bool {
        let first = self.described_between(resource).map(|(first, _)| Minute::containing(first));
        first.is_some_and(|first| first <= minute)
    }

    /// Whether a minute is after the last description of a table that could not be described again.
    fn is_unwatched_since(self, resource: &Resource, minute: Minute) -> bool {
        let last = self.described_between(resource).map(|(_, last)| last);
        last.is_some_and(|last| Minute::containing(last) < minute && self.is_description_old(last))
    }

    /// When a minute counts as settled.
    pub(crate) fn settles(self, minute: Minute) -> Timestamp {
        minute.end() + SignedDuration::from_secs(self.settle_seconds())
    }

    /// The limit in a minute, where it is `present` now; `None` in a minute of change and the next, and where
    /// somebody else's change is dated but not told.
    fn limit_in(
        self,
        resource: &Resource,
        direction: Direction,
        minute: Minute,
        present: f64,
    ) -> Option<f64> {
        let (mut limit, mut is_explained) = (Some(present), false);
        for event in self.events_of(resource, minute.plus(-1).start()) {
            let Happening::Table(TableChange { change, .. }) = &event.what else { continue };
            let changed = Minute::containing(event.at);
            let before = match change {
                Change::Capacity { direction: of, from, .. } => {
                    is_explained = true;
                    (*of == direction).then_some(Some(*from))
                }
                Change::Maximum { direction: of, from, .. } => {
                    is_explained = true;
                    (*of == direction).then_some(*from)
                }
                Change::Dated { .. } => match self.maker(resource, event.at) {
                    Some((of, before)) => {
                        is_explained = true;
                        (of == direction).then_some(before)
                    }
                    None => Some(None),
                },
                Change::Billing { .. } | Change::Created => Some(None),
                Change::Status { .. } | Change::Deleted => None,
            };
            match before {
                Some(before) if changed > minute => limit = before,
                Some(_) => return None,
                None => {}
            }
        }
        let throughput = self.throughput(resource)?;
        let dates = [throughput.last_increase, throughput.last_decrease].into_iter().flatten();
        // While a change is under way, `DescribeTable` tells its date already, and still the capacity of before.
        let is_under_way = self.status(resource).is_some_and(|status| status == "UPDATING");
        let has_held = dates.max().is_none_or(|at| {
            let changed = Minute::containing(at);
            changed.plus(2) <= minute || is_under_way && changed > minute
        });
        limit.filter(|_| is_explained || has_held)
    }

    /// Which capacity autoscaling changed at a date of `DescribeTable`, if it was autoscaling and one of the two, and
    /// to what it had set it before.
    fn maker(self, resource: &Resource, date: Timestamp) -> Option<(Direction, Option<f64>)> {
        let day = date - SignedDuration::from_hours(24);
        let made = |direction: Direction| {
            let mut set = self
                .activities_of(resource, direction, day)
                .skip_while(|(at, activity)| !activity.may_have_made(*at, date));
            set.next().map(|_| {
                let mut set =
                    set.filter(|(_, it)| matches!(it.course(), Course::Done | Course::UnderWay));
                (direction, set.find_map(|(_, it)| it.units()))
            })
        };
        match Direction::ALL.map(made) {
            [Some(one), None] | [None, Some(one)] => Some(one),
            [None, None] | [Some(_), Some(_)] => None,
        }
    }
}

#[cfg(test)]
mod tests;
