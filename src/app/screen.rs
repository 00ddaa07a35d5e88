//! From the state to what the screen says.

use super::action::Action;
use super::pane::Pane;
use super::playback::Playback;
use super::query::Filter;
use super::timeframe::{Timeframe, range_name};
use super::{App, Mode, Target};
use crate::model::health::Poller;
use crate::model::id::{Resource, Scope};
use crate::model::local::UtcOffset;
use crate::model::time::Minute;
use crate::store::{Reading, Store};
use crate::view::detail::detail;
use crate::view::format::grouped;
use crate::view::header::{Facts, Tab, header, problem};
use crate::view::places::Places;
use crate::view::tables::{Keys, Marks, Subject, columns, row};
use crate::view::times::Times;
use crate::view::{Body, List, Role, Row, Screen, Span, pollers, table};
use jiff::Timestamp;

/// The list keeps so many minutes of the whole fleet.
const STRIP_MINUTES: i64 = 60;

impl App {
    /// What the screen says at `now`.
    pub fn screen(&self, now: Timestamp) -> Screen {
        let readings: Vec<Reading<'_>> = self.readings(now).collect();
        let places = Places::of(self.shown().scopes());
        let header = header(&Facts {
            readings: &readings,
            clock: now,
            now: self.as_of(now),
            frozen_at: self.frozen.as_ref().map(|frozen| frozen.at),
            zone: self.zone_name(now),
            utc_offset: self.utc_offset(now),
            banner: self.options.standing.banner,
            permission: &self.options.standing.permission.by,
            writing: self.writing(),
            marked: self.marks(),
            recorded: self.options.is_recorded,
            playback: self.playback.as_ref().map(Playback::told),
            keys_shown: self.reveals_keys,
            places: &places,
            profiles: &self.profiles,
            production: self.production(&readings),
            region: &self.options.standing.region,
            counts: self.fleet.counts,
            unread: &self.fleet.unread,
            dax_rows: self.dax_rows(),
            in_alarm: self.alarms.in_alarm(),
            grace_seconds: self.options.store.grace_seconds,
            tabs: self.tabs(&places),
            tells_all: self.pane == Pane::Pollers,
            narrowed: self.narrowed(&readings),
            list: self.list_state(),
        });
        let mut marks = Marks::default();
        let mut body = self.body(&readings, &mut marks, now);
        self.show_marks(&mut body);
        self.show_places(&mut body, &places);
        let footer = match self.mode {
            Mode::Filter => self.filter_box(),
            Mode::Normal
            | Mode::Picker(_)
            | Mode::Draft(_)
            | Mode::Plan(_)
            | Mode::Work
            | Mode::Advice(_) => self.footer(marks, has_charts(&body), now),
        };
        let picker = match &self.mode {
            Mode::Picker(picker) => Some(picker.view(self.size.1)),
            Mode::Normal
            | Mode::Filter
            | Mode::Draft(_)
            | Mode::Plan(_)
            | Mode::Work
            | Mode::Advice(_) => None,
        };
        let (charset, marker) = (self.options.charset, self.options.marker);
        Screen { header, body, footer, picker, sheet: self.sheet(now), charset, marker }
    }

    /// The word for what is read, if that is production.
    fn production(&self, readings: &[Reading<'_>]) -> Option<&str> {
        let accounts = readings.iter().map(|reading| (None, Some(reading.scope().account())));
        let profiles = self.profiles.named().iter().map(|profile| (Some(profile.as_str()), None));
        let mut all = accounts.chain(profiles);
        all.find_map(|(profile, account)| self.options.production.word_for(profile, account))
    }

    fn body(&self, readings: &[Reading<'_>], marks: &mut Marks, now: Timestamp) -> Body {
        match (self.pane, &self.open) {
            (Pane::Pollers, _) => Body::List(self.pollers_view(readings, now)),
            (Pane::HotKeys, _) => self.hot_keys_view(readings, now),
            (Pane::Scaling, _) => self.scaling_view(readings, now),
            (Pane::Dax, _) => self.dax_view(readings, now),
            (Pane::Alarms, _) => self.alarms_body(readings, now),
            (Pane::Timeline, _) => self.timeline_view(readings, now),
            (Pane::Table, Some(open)) => {
                let pane = self.table_view(open, now);
                *marks = pane.marks(self.size.0);
                Body::Table(pane)
            }
            (Pane::Table, None) | (Pane::Tables, _) if self.rows.is_empty() => {
                Body::Message(self.message(readings))
            }
            (Pane::Table, None) | (Pane::Tables, _) => Body::List(self.list_view(now, marks)),
        }
    }

    /// The store that the screen shows.
    pub(super) fn shown(&self) -> &Store {
        self.frozen.as_ref().map_or(&self.store, |frozen| &frozen.store)
    }

    /// The time that the screen is about.
    pub(super) fn as_of(&self, now: Timestamp) -> Timestamp {
        self.frozen.as_ref().map_or(now, |frozen| frozen.at)
    }

    /// The minute that ends what charts show: the present one, which is not complete.
    pub(super) fn end(&self, now: Timestamp) -> Minute {
        Minute::containing(self.as_of(now))
    }

    /// Every poller of every scope, in the order of the Pollers pane.
    pub(super) fn poller_rows(&self) -> Vec<(Scope, Poller)> {
        let scopes = self.shown().scopes();
        let rows = |scope: &Scope| Poller::ALL.map(|poller| (scope.clone(), poller));
        scopes.flat_map(rows).collect()
    }

    /// Every scope as the screen shows it.
    pub(super) fn readings(&self, now: Timestamp) -> impl Iterator<Item = Reading<'_>> {
        self.shown().scopes().map(move |scope| self.reading(scope, now))
    }

    pub(super) fn reading<'a>(&'a self, scope: &'a Scope, now: Timestamp) -> Reading<'a> {
        self.shown()
            .reading(scope, self.as_of(now))
            .with_settling(self.options.include_settling)
            .with_utc_offset(self.utc_offset(now))
    }

    /// Minutes that the shown times are ahead of UTC.
    pub(super) fn utc_offset(&self, now: Timestamp) -> UtcOffset {
        if !self.kept.local_time {
            return UtcOffset::ZERO;
        }
        UtcOffset::of(&self.options.time_zone, now)
    }

    fn zone_name(&self, now: Timestamp) -> String {
        if self.kept.local_time {
            self.options.time_zone.to_offset_info(now).abbreviation().to_owned()
        } else {
            "UTC".to_owned()
        }
    }

    /// How far back charts of the present pane have data, minutes.
    pub(super) fn longest_range(&self) -> i64 {
        match self.pane {
            Pane::Tables
            | Pane::HotKeys
            | Pane::Scaling
            | Pane::Dax
            | Pane::Timeline
            | Pane::Pollers => STRIP_MINUTES,
            Pane::Table | Pane::Alarms => i64::MAX,
        }
    }

    /// What charts of the present pane show.
    pub(super) fn timeframe_here(&self) -> Timeframe {
        self.timeframe.at_most(self.longest_range())
    }

    pub(super) fn times(&self, now: Timestamp) -> Times {
        let frame = self.timeframe_here();
        let window = frame.window(self.end(now));
        Times {
            window,
            cursor: frame.cursor().filter(|cursor| window.contains(*cursor)),
            utc_offset: self.utc_offset(now),
        }
    }

    fn list_view(&self, now: Timestamp, marks: &mut Marks) -> List {
        let charset = self.options.charset;
        let current = self.rows.get(self.tables.place.cursor);
        let subject = |target| self.subject(target, current == Some(target), now);
        let rows: Vec<Row> = self
            .visible()
            .iter()
            .map(|target| row(&subject(target), (charset, self.options.marker), marks))
            .collect();
        let times = self.times(now);
        let strip = current.filter(|_| !self.expanded);
        List {
            columns: columns(
                self.fleet.longest_name,
                (self.kept.sort, self.kept.reversed),
                (charset, self.options.marker),
            ),
            rows,
            detail: strip.map(|target| detail(&subject(target), times, charset, self.strip())),
        }
    }

    fn table_view(&self, open: &Target, now: Timestamp) -> table::TablePane {
        let member = |resource| Target::new(&open.scope, resource);
        let family: Vec<Target> = self.family(now).into_iter().map(member).collect();
        let subjects = family.iter().map(|target| self.subject(target, target == open, now));
        table::pane(&table::Facts {
            subject: self.subject(open, true, now),
            family: subjects.collect(),
            times: self.times(now),
            focus: self.chart,
            expanded: self.expanded,
            details: self.details,
            reveals_keys: self.reveals_keys,
            charset: self.options.charset,
        })
    }

    fn pollers_view(&self, readings: &[Reading<'_>], now: Timestamp) -> List {
        let rows = self.poller_rows();
        let selected = rows.get(self.pollers.cursor);
        let shown = rows.iter().skip(self.pollers.offset).take(self.page());
        let subjects = shown.filter_map(|(scope, poller)| {
            let reading = readings.iter().find(|reading| reading.scope() == scope)?;
            Some((*reading, *poller))
        });
        pollers::list(&pollers::Facts {
            rows: subjects.collect(),
            selected: self.pollers.line(),
            now: self.as_of(now),
            profile: selected.and_then(|(scope, _)| self.profiles.of(scope)),
            charset: self.options.charset,
            with_detail: !self.expanded,
        })
    }

    pub(super) fn subject<'a>(
        &'a self,
        target: &'a Target,
        selected: bool,
        now: Timestamp,
    ) -> Subject<'a> {
        Subject {
            reading: self.reading(&target.scope, now),
            resource: &target.resource,
            verdicts: self.fleet.verdicts_of(target),
            suffers_from: self.fleet.suffers_from(target),
            explained_by: self.fleet.explained_by(target),
            watch: self.alarms.watch_of(target),
            selected,
            keys: self.keys_of_advice(),
        }
    }

    /// The keys that open what is advised, where there is anything to open.
    pub(super) fn keys_of_advice(&self) -> Keys {
        let is_open = !self.is_replay() && !self.is_picture;
        let key = |action| self.options.keymap.shown(action).filter(|_| is_open);
        Keys { edit: key(Action::Edit), undo: key(Action::Undo) }
    }

    /// The panes, the present one marked.
    fn tabs(&self, places: &Places<'_>) -> Vec<Tab> {
        let tab = |pane: Pane| {
            // Off its pane it has no name: `2` then opens whatever row is selected.
            let open = self.open.as_ref().filter(|_| self.pane == Pane::Table);
            let name = match (pane, open) {
                (Pane::Table, Some(open)) => {
                    places.prefix(&open.scope)
                        + &match &open.resource {
                            Resource::Index(whole, part) | Resource::Node(whole, part) => {
                                format!("{whole}/{part}")
                            }
                            other @ (Resource::Account
                            | Resource::Table(_)
                            | Resource::Cluster(_)) => other.short_name().to_owned(),
                        }
                }
                (
                    Pane::Tables
                    | Pane::Table
                    | Pane::HotKeys
                    | Pane::Scaling
                    | Pane::Dax
                    | Pane::Alarms
                    | Pane::Timeline
                    | Pane::Pollers,
                    _,
                ) => pane.name().to_owned(),
            };
            let keys = self.options.keymap.shown(super::action::Action::Pane(pane));
            Tab { keys: keys.unwrap_or_default(), name, present: pane == self.pane }
        };
        Pane::ALL.map(tab).to_vec()
    }

    /// How the list is sorted and what it leaves out; how much time the charts show.
    fn list_state(&self) -> Vec<String> {
        let kept = &self.kept;
        let turned = if kept.reversed { ", reversed" } else { "" };
        let parts = match self.pane {
            Pane::Tables => vec![
                Some(format!("sorted by {}{turned}", kept.sort.name())),
                self.folded.then(|| "calm indexes folded".to_owned()),
            ],
            Pane::Table => vec![Some(format!("last {}", range_name(self.timeframe.minutes())))],
            Pane::HotKeys => self.hot_keys_state(),
            Pane::Scaling => self.scaling_state(),
            Pane::Dax => self.dax_state(),
            Pane::Alarms => self.alarms_state(),
            Pane::Timeline => vec![Some(self.timeline_state())],
            Pane::Pollers => vec![],
        };
        parts.into_iter().flatten().collect()
    }

    /// What the list leaves out: never to be overlooked.
    fn narrowed(&self, readings: &[Reading<'_>]) -> Option<String> {
        match self.pane {
            Pane::Tables | Pane::Alarms => self.narrowing().told(),
            Pane::HotKeys => self.hot_keys_narrowed(readings),
            Pane::Scaling => self.scaling_narrowed(readings),
            Pane::Dax => self.dax_narrowed(readings),
            Pane::Timeline => self.timeline_narrowed(readings),
            Pane::Table | Pane::Pollers => None,
        }
    }

    /// Why there is no row.
    pub(super) fn message(&self, readings: &[Reading<'_>]) -> Vec<Span> {
        let region = &self.options.standing.region;
        if self.fleet.counts.tables > 0 && self.narrowing.is_narrow() {
            let hidden = grouped(self.fleet.counts.tables as f64);
            let what = if self.narrowing.filter.value().is_empty() {
                "no table or index is in trouble".to_owned()
            } else {
                format!("nothing matches {}", self.narrowing.filter.value())
            };
            let way_out = format!("Esc shows all {hidden} tables");
            let unknown = Filter::unknown_column(self.narrowing.filter.value()).map(|column| {
                let text = format!("no column {column}; columns are {}", Filter::columns());
                Span::new(text, Role::Notice)
            });
            let lines = [Some(Span::new(what, Role::Text)), unknown];
            return lines.into_iter().flatten().chain([Span::new(way_out, Role::Dim)]).collect();
        }
        let health = || readings.iter().filter_map(|reading| reading.health(Poller::Tables));
        let error = readings.iter().find_map(|reading| {
            let error = reading.health(Poller::Tables)?.last.outcome.error()?;
            Some((reading.scope(), error))
        });
        if let Some((scope, error)) = error {
            let (profile, region) = (self.profiles.of(scope), scope.region());
            return vec![
                Span::new(format!("the tables in {region} could not be read"), Role::Text),
                Span::new(problem(Poller::Tables, error, profile), Role::Problem),
            ];
        }
        if health().any(|health| health.last_success.is_some()) {
            let key = self.options.keymap.shown(Action::Regions);
            let way_out = key.map(|key| format!("another region: {key}"));
            return std::iter::once(Span::new(format!("no tables in {region}"), Role::Text))
                .chain(way_out.map(|text| Span::new(text, Role::Dim)))
                .collect();
        }
        let place = if region.is_empty() { String::new() } else { format!(" in {region}") };
        vec![Span::new(format!("reading the tables{place}"), Role::Text)]
    }
}

/// Whether the body has charts on screen.
pub(super) fn has_charts(body: &Body) -> bool {
    match body {
        Body::Message(_) | Body::Words(_) | Body::HotKeys(_) => false,
        Body::Chart(_) => true,
        Body::List(list) => list.detail.as_ref().is_some_and(|detail| !detail.charts.is_empty()),
        Body::Table(pane) => !pane.details,
        Body::Dax(pane) => !pane.charts.is_empty(),
    }
}
