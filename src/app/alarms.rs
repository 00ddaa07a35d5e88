//! The Alarms pane: which alarms have rows, which is selected, and what keys do there.

pub(super) mod filter;
mod forest;
mod known;

use super::narrowing::Narrowing;
use super::pane::Pane;
use super::pointer::Pointer;
use super::{App, Target};
use crate::lint::Finding;
use crate::model::alarm::{self, Alarm, AlarmKind};
use crate::model::health::Poller;
use crate::model::id::{Resource, Scope};
use crate::model::update::News;
use crate::store::{Detail, Reading};
use crate::view::alarms::{Facts, Item, Subject, expanded, list, shows_chart, words};
use crate::view::format::grouped;
use crate::view::header::{InAlarm, problem};
use crate::view::tables::Watch;
use crate::view::{Body, Role, Span};
use filter::Filter;
use jiff::Timestamp;
use known::{Entry, Known, Query, Row};
use std::sync::Arc;

/// The state of the pane.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    known: Known,
    /// When the news that `known` does not have are taken in.
    awaited: Bearing,
    pub(super) narrowing: Narrowing,
    /// Whether alarms on anything have rows, not only those on `DynamoDB` and what belongs to it.
    pub(super) everywhere: bool,
    /// Whether autoscaling's own alarms have rows.
    unfolded: bool,
    rows: Vec<Row>,
    /// Cells of the longest name among the rows.
    longest_name: usize,
    pub(super) pointer: Pointer<Id>,
}

/// A row by what stays the same when rows change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Id {
    Alarm(Scope, Arc<str>),
    Own,
}

/// When news change what is concluded of alarms and configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Bearing {
    /// Never.
    #[default]
    None,
    /// Within a minute: descriptions of tables come all the time, seldom with anything new, and the
    /// lint reads every alarm and every table.
    Soon,
    /// At once.
    Now,
}

impl Bearing {
    fn of(news: &News) -> Self {
        match news {
            News::Alarms(_)
            | News::MuteRules(_)
            | News::MuteRule(..)
            | News::Insights(_)
            | News::InsightsOf(..)
            | News::Consumers(_)
            | News::Clusters(_)
            | News::Scaling(_)
            | News::ScalingOf(..)
            | News::Left => Self::Now,
            News::TableNames(_) | News::Table(_) | News::TableGone(_) | News::Quotas(_) => {
                Self::Soon
            }
            News::Identity(_)
            | News::TimeToLive(..)
            | News::Backups(..)
            | News::Kinesis(..)
            | News::AlarmData(..)
            | News::HotKeys(..)
            | News::ScheduledActions(_)
            | News::ParameterGroups(_)
            | News::Events(_)
            | News::Operations(_)
            | News::Points(_)
            | News::Round(_)
            | News::Cost(_) => Self::None,
        }
    }
}

impl Alarms {
    /// Notes that there is news.
    pub(super) fn hear(&mut self, news: &News) {
        self.awaited = self.awaited.max(Bearing::of(news));
    }

    /// A minute has begun: what could wait is taken in.
    pub(super) fn catch_up(&mut self) {
        if self.awaited == Bearing::Soon {
            self.awaited = Bearing::Now;
        }
    }

    /// Everything is looked at anew.
    pub(super) fn doubt(&mut self) {
        self.awaited = Bearing::Now;
    }

    fn query(&self) -> Query {
        Query {
            filter: Filter::parse(self.narrowing.filter.value()),
            only_trouble: self.narrowing.only_trouble,
            everywhere: self.everywhere,
            folded: !self.unfolded,
        }
    }

    /// Chooses the rows anew; the selection stays on its alarm where that is listed, and otherwise
    /// in its place.
    pub(super) fn list(&mut self) {
        self.rows = self.known.rows(&self.query());
        self.longest_name = self.known.longest_name(&self.rows);
        let is_narrow = self.narrowing.is_narrow();
        let row = self.pointer.sought(self.rows.len(), is_narrow, None, |id| self.row_of(id));
        self.pointer.place.cursor = row;
        self.pointer.show(self.id(row));
    }

    fn row_of(&self, id: &Id) -> Option<usize> {
        (0..self.rows.len()).find(|row| self.id(*row).as_ref() == Some(id))
    }

    fn id(&self, row: usize) -> Option<Id> {
        Some(match self.rows.get(row)? {
            Row::Own => Id::Own,
            Row::Alarm(entry) => {
                let entry = self.known.entry(*entry)?;
                Id::Alarm(entry.scope.clone(), entry.name.clone())
            }
        })
    }

    pub(super) fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// Selects a row.
    pub(super) fn select(&mut self, row: usize) {
        let about = self.id(row);
        self.pointer.move_to(row, about);
    }

    /// Folds autoscaling's own alarms into one row, or unfolds them.
    pub(super) fn toggle_own(&mut self) {
        self.unfolded = !self.unfolded;
        self.list();
    }

    /// Lists the alarms of all namespaces, or only those on `DynamoDB` and what belongs to it.
    pub(super) fn toggle_everywhere(&mut self) {
        self.everywhere = !self.everywhere;
        self.list();
    }

    /// Whether the user moved to the selected row.
    pub(super) fn is_chosen(&self) -> bool {
        self.pointer.is_chosen()
    }

    /// The selected row.
    fn row(&self) -> Option<Row> {
        self.rows.get(self.pointer.place.cursor).copied()
    }

    /// The selected alarm.
    fn entry(&self) -> Option<&Entry> {
        match self.row()? {
            Row::Alarm(place) => self.known.entry(place),
            Row::Own => None,
        }
    }

    /// Whether there is an alarm to list, were nothing left out.
    pub(super) fn has_any(&self) -> bool {
        self.known.count(true) > 0
    }

    pub(super) fn in_alarm(&self) -> InAlarm {
        let (count, pages) = self.known.in_alarm();
        InAlarm { count, pages }
    }

    pub(super) fn watch_of(&self, target: &Target) -> Option<Watch<'_>> {
        self.known.watch_of(target)
    }
}

impl App {
    /// Mistakes in alarms and configuration of one scope as of the last news, errors first.
    pub fn findings(&self, scope: &Scope) -> &[Finding] {
        self.alarms.known.findings(scope)
    }

    /// Draws conclusions from what the screen shows of alarms, if there is news of them.
    pub(super) fn judge_alarms(&mut self, now: Timestamp) {
        if self.alarms.awaited == Bearing::Now {
            self.alarms.awaited = Bearing::None;
            self.alarms.known = Known::new(self.readings(now));
            self.alarms.list();
        }
    }

    /// The selected alarm with all that is known of it.
    fn alarm_subject(&self, now: Timestamp) -> Option<Subject<'_>> {
        self.subject_of(self.alarms.entry()?, now)
    }

    fn subject_of<'a>(&'a self, entry: &'a Entry, now: Timestamp) -> Option<Subject<'a>> {
        let reading = self.reading(&entry.scope, now);
        Some(Subject {
            reading,
            alarm: reading.alarm(&entry.name)?,
            standing: &entry.standing,
            findings: self.alarms.known.findings_of(entry),
            depth: entry.depth,
        })
    }

    /// The alarm to read the data of: the selected one, if it is on metrics.
    pub(super) fn alarm_of_interest(&self) -> Option<(Scope, Arc<str>)> {
        let entry = self.alarms.entry().filter(|entry| entry.on_metrics)?;
        if self.pane != Pane::Alarms {
            return None;
        }
        Some((entry.scope.clone(), entry.name.clone()))
    }

    /// What the pane shows.
    pub(super) fn alarms_body(&self, readings: &[Reading<'_>], now: Timestamp) -> Body {
        let alarms = &self.alarms;
        if alarms.rows.is_empty() {
            return Body::Message(self.no_alarms(readings));
        }
        let (charset, has_scopes) = (self.options.charset, readings.len() > 1);
        let subject = self.alarm_subject(now);
        if let Some(subject) = subject.as_ref().filter(|_| self.details) {
            return Body::Words(words(subject, has_scopes, charset));
        }
        let chart = subject.filter(|_| self.expanded).and_then(|it| expanded(&it, self.times(now)));
        if let Some(chart) = chart {
            return Body::Chart(Box::new(chart));
        }
        let place = alarms.pointer.place;
        let shown = alarms.rows.iter().skip(place.offset).take(self.page());
        let query = alarms.query();
        let items = shown.filter_map(|row| match row {
            Row::Alarm(place) => {
                Some(Item::Alarm(self.subject_of(alarms.known.entry(*place)?, now)?))
            }
            Row::Own => {
                let (alarms, in_alarm) = alarms.known.own(&query);
                Some(Item::Own { alarms, in_alarm, folded: query.folds() })
            }
        });
        Body::List(list(&Facts {
            items: items.collect(),
            selected: place.line(),
            longest_name: alarms.longest_name,
            has_scopes,
            times: self.times(now),
            charset,
            strip: (!self.expanded).then(|| self.strip()),
        }))
    }

    /// Whether the pane has a chart on screen.
    pub(super) fn shows_alarm_chart(&self, now: Timestamp) -> bool {
        let shows = |subject: Subject<'_>| {
            if self.expanded {
                subject.alarm.metric().is_some()
            } else {
                shows_chart(&subject, self.strip())
            }
        };
        !self.details && self.alarm_subject(now).is_some_and(shows)
    }

    /// Goes to the table, index, account or DAX cluster that the selected alarm is about, or says why not.
    pub(super) fn open_alarm(&mut self, now: Timestamp) {
        // What keys act on stays where it is while alarms come and go above it.
        self.alarms.select(self.alarms.pointer.place.cursor);
        if self.alarms.row() == Some(Row::Own) {
            self.alarms.toggle_own();
            return;
        }
        let Some(entry) = self.alarms.entry() else { return };
        let (scope, about) = (entry.scope.clone(), entry.standing.about_in_short());
        if let Some(cluster) = self.alarm_cluster(now) {
            return self.open_from(Pane::Alarms, cluster);
        }
        let Some(resource) = entry.resource.clone() else {
            let kind = self.alarm_subject(now).map(|subject| without_table(subject.alarm, &about));
            self.notice = kind.map(|text| (text, Role::Notice));
            return;
        };
        let exists = |resource: &Resource| {
            self.fleet.targets().any(|it| it.scope == scope && it.resource == *resource)
        };
        let table = resource.table_name().map(|name| Resource::Table(name.clone()));
        match table.filter(|_| !exists(&resource)) {
            Some(table) if exists(&table) => {
                let text =
                    format!("{} is no index of {}", resource.short_name(), table.short_name());
                self.open_from(Pane::Alarms, Target::new(&scope, table));
                self.notice = Some((text, Role::Notice));
            }
            Some(table) => {
                let text = format!("no table {} in {}", table.short_name(), scope.region());
                self.notice = Some((text, Role::Notice));
            }
            None => self.open_from(Pane::Alarms, Target::new(&scope, resource)),
        }
    }

    /// The DAX cluster that the selected alarm is about, if it is there.
    fn alarm_cluster(&self, now: Timestamp) -> Option<Target> {
        let entry = self.alarms.entry()?;
        let subjects = self.alarm_subject(now)?.alarm.subjects();
        let name = subjects.iter().find_map(alarm::Subject::cluster)?;
        let cluster = self.reading(&entry.scope, now).cluster(name)?;
        Some(Target::new(&entry.scope, Resource::Cluster(cluster.name.clone())))
    }

    /// What is copied of the selected alarm: its name or its ARN.
    pub(super) fn copied_of_alarm(&self, arn: bool, now: Timestamp) -> Option<String> {
        let alarm = self.alarm_subject(now)?.alarm;
        Some(if arn { alarm.arn.to_string() } else { alarm.name.to_string() })
    }

    /// The selected alarm by name; `None` on every other pane.
    pub(super) fn alarm_id(&self) -> Option<(Scope, Arc<str>)> {
        let entry = self.alarms.entry().filter(|_| self.pane == Pane::Alarms)?;
        Some((entry.scope.clone(), entry.name.clone()))
    }

    /// The alarm of each row on screen, from top to bottom.
    pub(super) fn alarms_in_sight(&self) -> impl Iterator<Item = Option<(&Scope, &Arc<str>)>> {
        let rows = self.alarms.rows.iter().skip(self.alarms.pointer.place.offset).take(self.page());
        rows.map(|row| match row {
            Row::Alarm(place) => {
                let entry = self.alarms.known.entry(*place)?;
                Some((&entry.scope, &entry.name))
            }
            Row::Own => None,
        })
    }

    /// Whether an alarm is selected, rather than the row of autoscaling's own.
    pub(super) fn has_alarm(&self) -> bool {
        self.pane == Pane::Alarms && self.alarms.entry().is_some()
    }

    /// How the list is made up.
    pub(super) fn alarms_state(&self) -> Vec<Option<String>> {
        let alarms = &self.alarms;
        let folds = alarms.query().folds() && alarms.rows.contains(&Row::Own);
        vec![
            alarms.everywhere.then(|| "all namespaces".to_owned()),
            folds.then(|| "autoscaling's own folded".to_owned()),
        ]
    }

    /// Why there is no row.
    fn no_alarms(&self, readings: &[Reading<'_>]) -> Vec<Span> {
        let (alarms, region) = (&self.alarms, &self.options.standing.region);
        let listed = alarms.known.count(alarms.everywhere);
        let lines = |what: String, how: String| {
            vec![Span::new(what, Role::Text), Span::new(how, Role::Dim)]
        };
        if listed > 0 {
            let typed = alarms.narrowing.filter.value();
            let what = if typed.is_empty() {
                "no alarm is in ALARM, and none is set up wrongly".to_owned()
            } else {
                format!("nothing matches {typed}")
            };
            return lines(what, format!("Esc shows all {} alarms", grouped(listed as f64)));
        }
        let details = || readings.iter().map(|reading| reading.alarms());
        if let Some(action) = details().find_map(|detail| denied(&detail)) {
            let action = format!("no permission: {action}");
            return vec![
                Span::new(format!("the alarms in {region} could not be read"), Role::Text),
                Span::new(action, Role::Problem),
                Span::new(
                    "allow it on all resources (*): else composite alarms are left out",
                    Role::Dim,
                ),
            ];
        }
        let failed = readings.iter().find_map(|reading| match reading.alarms() {
            Detail::Failed(error) => Some((reading.scope(), error)),
            Detail::Known { .. }
            | Detail::Stale { .. }
            | Detail::Denied { .. }
            | Detail::NotPolled => None,
        });
        if let Some((scope, error)) = failed {
            let region = scope.region();
            let text = problem(Poller::Alarms, error, self.profiles.of(scope));
            return vec![
                Span::new(format!("the alarms in {region} could not be read"), Role::Text),
                Span::new(text, Role::Problem),
            ];
        }
        if details().all(|detail| detail.value().is_none()) {
            return vec![Span::new(format!("reading the alarms in {region}"), Role::Text)];
        }
        match alarms.known.count(true) {
            0 => lines(
                format!("no alarms in {region}"),
                "nobody is told when a table throttles".to_owned(),
            ),
            others => lines(
                format!("no alarm in {region} is about DynamoDB, DAX or a stream's function"),
                format!("{} others: a lists them", grouped(others as f64)),
            ),
        }
    }
}

fn denied(detail: &Detail<'_, Vec<Alarm>>) -> Option<&'static str> {
    match detail {
        Detail::Denied { action } => Some(*action),
        Detail::Known { .. } | Detail::Stale { .. } | Detail::Failed(_) | Detail::NotPolled => None,
    }
}

/// Why an alarm leads to no table.
fn without_table(alarm: &Alarm, about: &str) -> String {
    match &alarm.kind {
        AlarmKind::Metric(_) => format!("this alarm is about {about}: there is no table to open"),
        AlarmKind::Composite(_) => "none of its alarms is about a table".to_owned(),
        AlarmKind::Other(kind) => {
            format!("this alarm is of the kind {kind}: there is no table to open")
        }
    }
}
