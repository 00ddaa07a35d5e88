//! The DAX pane: which clusters and nodes have rows, which is selected, and whether its cluster is open.

use super::action::Action;
use super::pane::Pane;
use super::ranked::{self, Ranked};
use super::scaling::without;
use super::{App, Target};
use crate::model::health::Poller;
use crate::model::id::{Resource, Scope};
use crate::store::{Detail, Reading, unknown_behind};
use crate::view::dax::{self, Entry};
use crate::view::format::grouped;
use crate::view::header::problem;
use crate::view::scaling::Weight;
use crate::view::timeline::Unread;
use crate::view::{Body, Role, Span};
use jiff::Timestamp;
use std::sync::Arc;

/// The state of the pane.
#[derive(Debug, Default)]
pub(super) struct Dax {
    pub(super) list: Ranked<Entry>,
    /// Whether the cluster of the selected row has the whole pane.
    pub(super) opened: bool,
    /// Whether calm nodes go without a row, where the user said so.
    fold: Option<bool>,
}

impl ranked::Entry for Entry {
    fn about(&self) -> (&Scope, &Resource) {
        (&self.scope, &self.resource)
    }

    fn is_calm(&self) -> bool {
        self.worst == Weight::Calm
    }

    fn is_folded(&self) -> bool {
        self.folded
    }

    fn haystack(&self) -> String {
        self.haystack.clone()
    }
}

impl App {
    /// Judges every cluster and node, where that is on screen.
    pub(super) fn list_dax(&mut self, now: Timestamp) {
        let judged = self.readings(now).map(|reading| {
            let verdicts = self.fleet.verdicts(reading.scope());
            (reading, verdicts)
        });
        let mut entries = dax::entries(judged);
        // Calm nodes have rows where there is room for all.
        let folds = self.dax.fold.unwrap_or(entries.len() > self.page());
        for entry in &mut entries {
            let is_node = matches!(entry.resource, Resource::Node(..));
            entry.folded = folds && is_node && entry.weight == Weight::Calm;
        }
        let list = &mut self.dax.list;
        list.longest_name = dax::longest_name(entries.iter().map(|entry| &entry.resource));
        list.entries = entries;
        list.choose();
    }

    /// Leaves out calm nodes, or shows them.
    pub(super) fn toggle_calm_nodes(&mut self, now: Timestamp) {
        self.dax.fold = Some(self.dax.list.folded() == 0);
        self.list_dax(now);
    }

    /// The cluster or node of each row on screen, from top to bottom.
    pub(super) fn dax_in_sight(&self) -> impl Iterator<Item = Target> {
        self.dax.list.targets_in_sight(self.page())
    }

    /// The selected row of the DAX pane; `None` on every other pane.
    pub(super) fn dax_target(&self) -> Option<Target> {
        self.dax.list.target().filter(|_| self.pane == Pane::Dax)
    }

    /// Every cluster, whether this pane is on screen or not.
    pub(super) fn clusters(&self, now: Timestamp) -> Vec<Target> {
        let of_scope = |reading: Reading<'_>| -> Vec<Target> {
            let known = reading.clusters().value().into_iter().flatten();
            let cluster = |name: &Arc<str>| Resource::Cluster(Arc::clone(name));
            known.map(|known| Target::new(reading.scope(), cluster(&known.name))).collect()
        };
        self.readings(now).flat_map(of_scope).collect()
    }

    /// The cluster that the selected row is or belongs to.
    pub(super) fn cluster_of_interest(&self) -> Option<(Scope, Arc<str>)> {
        let Target { scope, resource } = self.dax_target()?;
        Some((scope, resource.cluster_name()?.clone()))
    }

    /// Where clusters and nodes have rows, as seen from the present pane.
    pub(super) fn dax_rows(&self) -> String {
        let name = Pane::Dax.name();
        match self.options.keymap.shown(Action::Pane(Pane::Dax)) {
            _ if self.pane == Pane::Dax => "here".to_owned(),
            Some(key) => format!("on pane {key} {name}"),
            None => format!("on the {name} pane"),
        }
    }

    /// Whether a cluster is open in charts.
    pub(super) fn opens_cluster(&self) -> bool {
        self.pane == Pane::Dax && self.dax.opened && self.dax.list.row_count() > 0
    }

    /// Gives the cluster of the selected row the whole pane.
    pub(super) fn open_cluster(&mut self) {
        // What keys act on stays where it is while others come and go above it.
        self.dax.list.select(self.dax.list.pointer.place.cursor);
        self.show_cluster();
    }

    /// Gives a cluster the whole pane, whatever its list leaves out, with the pane that Esc leads back to.
    pub(super) fn open_on_dax(&mut self, back_to: Pane, target: Target) {
        self.dax.list.seek(target);
        (self.back_to, self.pane) = (back_to, Pane::Dax);
        self.show_cluster();
    }

    fn show_cluster(&mut self) {
        self.dax.opened = true;
        (self.expanded, self.details, self.chart) = (false, false, 0);
    }

    /// What the pane shows.
    pub(super) fn dax_view(&self, readings: &[Reading<'_>], now: Timestamp) -> Body {
        let Some(target) = self.dax_target() else {
            return Body::Message(self.no_clusters(readings));
        };
        let place = self.dax.list.pointer.place;
        let rows = self.dax.list.in_sight(self.page());
        let facts = dax::Facts {
            rows: rows.map(|entry| (entry, self.reading(&entry.scope, now))).collect(),
            selected: place.line(),
            subject: self.subject(&target, true, now),
            longest_name: self.dax.list.longest_name,
            times: self.times(now),
            focus: self.chart,
            charset: self.options.charset,
            marker: self.options.marker,
            strip: self.strip(),
        };
        if self.details {
            return Body::Words(dax::words(&facts));
        }
        if !self.dax.opened {
            return Body::List(dax::list(&facts));
        }
        let pane = dax::opened(&facts);
        let focused = pane.charts.iter().find(|chart| chart.focused).filter(|_| self.expanded);
        match focused {
            Some(chart) => Body::Chart(Box::new(chart.clone())),
            None => Body::Dax(Box::new(pane)),
        }
    }

    /// Why there is no row.
    fn no_clusters(&self, readings: &[Reading<'_>]) -> Vec<Span> {
        let list = &self.dax.list;
        let region = &self.options.standing.region;
        if list.narrowing.is_narrow() && list.has_any() {
            let filter = list.narrowing.filter.value();
            let what = if filter.is_empty() {
                "no cluster or node is in trouble".to_owned()
            } else {
                format!("nothing matches {filter}")
            };
            let hidden = grouped(list.entries.len() as f64);
            let way_out = format!("Esc shows all {hidden} rows");
            return vec![Span::new(what, Role::Text), Span::new(way_out, Role::Dim)];
        }
        let error = readings.iter().find_map(|reading| {
            let error = reading.health(Poller::Clusters)?.last.outcome.error()?;
            Some((reading.scope(), error))
        });
        if let Some((scope, error)) = error {
            let (profile, region) = (self.profiles.of(scope), scope.region());
            return vec![
                Span::new(format!("the DAX clusters in {region} could not be read"), Role::Text),
                Span::new(problem(Poller::Clusters, error, profile), Role::Problem),
            ];
        }
        let is_read = |reading: &Reading<'_>| !matches!(reading.clusters(), Detail::NotPolled);
        let what = if readings.iter().any(is_read) {
            format!("no DAX clusters in {region}")
        } else {
            format!("reading the DAX clusters in {region}")
        };
        vec![Span::new(what, Role::Text)]
    }

    /// How the list is made up.
    pub(super) fn dax_state(&self) -> Vec<Option<String>> {
        let list = &self.dax.list;
        let is_cluster = |entry: &&Entry| matches!(entry.resource, Resource::Cluster(_));
        let clusters = list.entries.iter().filter(is_cluster).count();
        let nodes = list.entries.len() - clusters;
        let count = |count: usize, what: &str| {
            let plural = if count == 1 { "" } else { "s" };
            (count > 0).then(|| format!("{} {what}{plural}", grouped(count as f64)))
        };
        let folded = list.folded();
        vec![
            count(clusters, "cluster"),
            count(nodes, "node"),
            (folded > 0).then(|| format!("{} calm nodes folded", grouped(folded as f64))),
        ]
    }

    /// What the list leaves out, and what of it could not be read.
    pub(super) fn dax_narrowed(&self, readings: &[Reading<'_>]) -> Option<String> {
        let missing = readings.iter().flat_map(|reading| dax::missing(*reading));
        let without =
            without(self.dax.list.narrowing.told(), &missing.collect::<Vec<Unread<'_>>>());
        let told: Vec<String> = without.into_iter().chain(unknown_behind(readings)).collect();
        (!told.is_empty()).then(|| told.join("; "))
    }
}
