//! From the state to what the screen says.

use super::action::{ACTIONS, Spec, Valid};
use super::{App, Mode, Target};
use crate::model::health::Poller;
use crate::model::id::Scope;
use crate::store::Reading;
use crate::view::detail::detail;
use crate::view::format::{LEGEND, grouped};
use crate::view::header::{Facts, header, problem};
use crate::view::tables::{Marks, Subject, columns, row};
use crate::view::{Bar, Body, Detail, List, Part, Role, Row, Screen, Span};
use jiff::Timestamp;

impl App {
    /// What the screen says at `now`.
    pub fn screen(&self, now: Timestamp) -> Screen {
        let readings: Vec<Reading<'_>> =
            self.store.scopes().map(|scope| self.reading(scope, now)).collect();
        let header = header(&Facts {
            readings: &readings,
            now,
            banner: self.options.banner,
            profile: self.options.profile.as_deref(),
            region: &self.options.region,
            counts: self.fleet.counts,
            grace_seconds: self.options.store.grace_seconds,
            list: self.list_state(),
        });
        let mut marks = Marks::default();
        let body = if self.rows.is_empty() {
            Body::Message(self.message(&readings))
        } else {
            Body::List(self.list_view(now, &mut marks))
        };
        let footer = match self.mode {
            Mode::Normal => self.footer(marks),
            Mode::Filter => self.filter_box(),
        };
        Screen { header, body, footer, charset: self.options.charset }
    }

    fn reading<'a>(&'a self, scope: &'a Scope, now: Timestamp) -> Reading<'a> {
        self.store.reading(scope, now).with_settling(self.options.include_settling)
    }

    fn list_view(&self, now: Timestamp, marks: &mut Marks) -> List {
        let charset = self.options.charset;
        let current = self.rows.get(self.cursor);
        let subject = |target| self.subject(target, current == Some(target), now);
        let rows: Vec<Row> =
            self.visible().iter().map(|target| row(&subject(target), charset, marks)).collect();
        List {
            columns: columns(self.fleet.longest_name, self.sort, self.reversed),
            rows,
            detail: current
                .map_or_else(Detail::default, |target| detail(&subject(target), charset)),
        }
    }

    fn subject<'a>(&'a self, target: &'a Target, selected: bool, now: Timestamp) -> Subject<'a> {
        Subject {
            reading: self.reading(&target.scope, now),
            resource: &target.resource,
            verdicts: self.fleet.verdicts_of(target),
            suffers_from: self.fleet.suffers_from(target),
            selected,
        }
    }

    /// How the list is sorted and what it leaves out.
    fn list_state(&self) -> String {
        let filter = self.filter.value();
        let parts = [
            Some(format!("sorted by {}", self.sort.name())),
            self.reversed.then(|| "reversed".to_owned()),
            self.only_trouble.then(|| "only trouble".to_owned()),
            (!filter.is_empty()).then(|| format!("filter {filter}")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn is_filtered(&self) -> bool {
        self.only_trouble || !self.filter.value().is_empty()
    }

    /// Why there is no row.
    fn message(&self, readings: &[Reading<'_>]) -> Vec<Span> {
        let region = &self.options.region;
        if self.fleet.counts.tables > 0 && self.is_filtered() {
            let hidden = grouped(self.fleet.counts.tables as f64);
            let what = if self.only_trouble && self.filter.value().is_empty() {
                "no table or index is in trouble".to_owned()
            } else {
                format!("nothing matches {}", self.filter.value())
            };
            let way_out = format!("Esc shows all {hidden} tables");
            return vec![Span::new(what, Role::Text), Span::new(way_out, Role::Dim)];
        }
        let health = || readings.iter().filter_map(|reading| reading.health(Poller::Tables));
        let error = health().find_map(|health| health.last.outcome.error());
        if let Some(error) = error {
            let profile = self.options.profile.as_deref();
            return vec![
                Span::new(format!("the tables in {region} could not be read"), Role::Text),
                Span::new(problem(Poller::Tables, error, profile), Role::Problem),
            ];
        }
        if health().any(|health| health.last_success.is_some()) {
            return vec![
                Span::new(format!("no tables in {region}"), Role::Text),
                Span::new("another region: ddbtop --region REGION", Role::Dim),
            ];
        }
        vec![Span::new(format!("reading the tables in {region}"), Role::Text)]
    }

    fn footer(&self, marks: Marks) -> Bar {
        let valid = |spec: &&Spec| match spec.valid {
            Valid::Always => true,
            Valid::WithTables => self.fleet.counts.tables > 0,
            Valid::WithRows => !self.rows.is_empty(),
            Valid::WhileFiltered => self.is_filtered(),
        };
        let hints = ACTIONS.iter().filter(valid).filter_map(|spec| {
            let label = spec.label?;
            let [key, ..] = spec.keys.first()? else { return None };
            let spans = vec![
                Span::new(key.to_string(), Role::Key),
                Span::new(format!(" {label}"), Role::Dim),
            ];
            Some(Part { spans, rank: spec.rank })
        });
        let legend = LEGEND.iter().zip(marks).zip(LEGEND_RANK..).filter(|((_, used), _)| *used);
        let legend = legend.map(|(((mark, meaning), _), rank)| {
            Part::new(rank, format!("{mark} {meaning}"), Role::Dim)
        });
        Bar { left: hints.collect(), right: legend.collect() }
    }

    fn filter_box(&self) -> Bar {
        /// Cells of the keys on the right, the gap before them, the slash and the cursor.
        const TAKEN: usize = 28;
        let room = usize::from(self.size.0).saturating_sub(TAKEN);
        let scrolled = self.filter.visual_scroll(room);
        let value: Vec<char> = self.filter.value().chars().collect();
        let (before, rest) = value.split_at(self.filter.cursor().min(value.len()));
        let before: String = before.iter().skip(scrolled).collect();
        let mut rest = rest.iter();
        let at = rest.next().unwrap_or(&' ').to_string();
        let spans = vec![
            Span::new("/", Role::Key),
            Span::new(before, Role::Text),
            Span::new(at, Role::Cursor),
            Span::new(rest.collect::<String>(), Role::Text),
        ];
        let hint = |rank, key: &str, meaning: &str| Part {
            spans: vec![Span::new(key, Role::Key), Span::new(format!(" {meaning}"), Role::Dim)],
            rank,
        };
        let right = vec![
            hint(1, "Enter", "keep"),
            hint(1, "Esc", "show all"),
            Part::new(2, "!text  mode:text  status:text  verdict:text", Role::Dim),
        ];
        Bar { left: vec![Part { spans, rank: 0 }], right }
    }
}

/// The rank of the first explanation of a mark; the others give way before it.
const LEGEND_RANK: u8 = 3;
