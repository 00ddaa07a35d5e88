//! What each action does to the state.

use super::action::{Action, Valid};
use super::pane::Pane;
use super::picker::Picker;
use super::screen::has_charts;
use super::{App, Effect, Frozen, Mode, Target};
use crate::model::id::Resource;
use crate::store::Reading;
use crate::view::timeline::Entry;
use crate::view::{Layout, Role, detail, table};
use jiff::Timestamp;

impl App {
    /// Does what a key or a choice asks for, where that means something.
    pub(super) fn act(&mut self, action: Action, now: Timestamp) -> Option<Effect> {
        if !self.is_possible(action, now) {
            return None;
        }
        let row = self.row(now);
        let rows = self.page();
        match action {
            Action::Down => self.move_to(row.saturating_add(1), now),
            Action::Up => self.move_to(row.saturating_sub(1), now),
            Action::Top => self.move_to(0, now),
            Action::Bottom => self.move_to(usize::MAX, now),
            Action::HalfPageDown => self.move_to(row.saturating_add(rows.div_ceil(2)), now),
            Action::HalfPageUp => self.move_to(row.saturating_sub(rows.div_ceil(2)), now),
            Action::PageDown => self.move_to(row.saturating_add(rows), now),
            Action::PageUp => self.move_to(row.saturating_sub(rows), now),
            Action::NextChart => self.chart = self.chart.wrapping_add(1),
            Action::PreviousChart => self.chart = self.chart.wrapping_sub(1),
            Action::Open => self.open_selected(now),
            Action::Pane(pane) => self.go_to(pane),
            Action::NextPane => self.go_to(self.pane.beside(1)),
            Action::PreviousPane => self.go_to(self.pane.beside(-1)),
            Action::Filter => self.begin_filter(),
            Action::OnlyTrouble => self.toggle_only_trouble(),
            Action::Indexes => self.toggle_folded(now),
            Action::AllAlarms => self.alarms.toggle_everywhere(),
            Action::Reverse => self.relist(|app| app.kept.reversed = !app.kept.reversed),
            Action::Expand => self.relist(|app| {
                app.expanded = !app.expanded;
                // In words, it is the settings that take the whole pane.
                app.details = app.details && app.pane == Pane::Table;
            }),
            Action::Details => self.toggle_details(),
            Action::Freeze => self.freeze(now),
            Action::Replay(transport) => return self.play(transport, now),
            Action::ZoomIn => self.zoom(false),
            Action::ZoomOut => self.zoom(true),
            Action::ZoomReset => self.timeframe.reset(),
            Action::CursorBack => self.move_cursor(false, now),
            Action::CursorForward => self.move_cursor(true, now),
            Action::LocalTime => self.toggle_local_time(now),
            Action::Sort => self.pick(Picker::sort(self.kept.sort)),
            Action::Range => {
                let frame = self.timeframe_here();
                self.pick(Picker::range(frame.minutes(), self.longest_range()));
            }
            Action::Regions => self.choose_regions(),
            Action::Profiles => self.choose_profiles(),
            Action::Theme => self.pick(Picker::theme(&self.options.themes, &self.options.theme)),
            Action::Help => self.pick(Picker::help(&self.options.keymap)),
            Action::Palette => self.pick(Picker::palette(self, now)),
            Action::Back => self.go_back(),
            Action::CopyName => return self.copy_name(now),
            Action::CopyArn => return self.copy_arn(now),
            Action::Mask if self.lacks_keys() => {
                let text = "only the masks of keys were recorded: --record-keys records them whole";
                self.notice = Some((text.to_owned(), Role::Notice));
            }
            Action::Mask => self.reveals_keys = !self.reveals_keys,
            Action::Mouse => return Some(self.toggle_mouse()),
            Action::Refresh if self.is_replay() => {
                let text = "a replay reads nothing from AWS: this is a recording".to_owned();
                self.notice = Some((text, Role::Notice));
            }
            Action::Refresh => return Some(self.refresh(now)),
            Action::Export => return self.export(),
            Action::Edit => self.edit(now),
            Action::Undo => self.undo(now),
            Action::Mark => self.toggle_mark(now),
            Action::Redraw => return Some(Effect::Redraw),
            Action::Suspend => return Some(Effect::Suspend),
            Action::Quit | Action::QuitKeepScreen if self.keeps_from_quitting() => {}
            Action::Quit => return Some(Effect::Quit),
            Action::QuitKeepScreen => {
                // What stays in the scrollback is seen by whoever uses the terminal next.
                self.reveals_keys = false;
                return Some(Effect::QuitKeepScreen);
            }
        }
        None
    }

    /// Whether an action would do anything now.
    pub(super) fn is_possible(&self, action: Action, now: Timestamp) -> bool {
        action.spec().is_some_and(|spec| self.is_valid(spec.valid, now))
    }

    /// Whether something that is valid under such a condition would do anything now.
    fn is_valid(&self, valid: Valid, now: Timestamp) -> bool {
        self.is_valid_with(valid, || self.has_charts(now), now)
    }

    /// The same, where it may be known already whether charts are on screen.
    pub(super) fn is_valid_with(
        &self,
        valid: Valid,
        has_charts: impl Fn() -> bool,
        now: Timestamp,
    ) -> bool {
        let on_tables = self.pane == Pane::Tables;
        let on_timeline = self.pane == Pane::Timeline;
        match valid {
            Valid::Always => true,
            Valid::Live => !self.is_replay(),
            Valid::InReplay => self.is_replay(),
            Valid::WithRows => self.row_count(now) > 1,
            Valid::WithTables => on_tables && self.fleet.counts.tables > 0,
            Valid::WithList => match self.pane {
                Pane::Tables => self.fleet.counts.tables > 0,
                Pane::HotKeys => self.hot_keys.has_any(),
                Pane::Scaling => self.scaling.has_any(),
                Pane::Dax => self.dax.list.has_any() && !self.opens_cluster(),
                Pane::Alarms => self.alarms.has_any(),
                Pane::Timeline => self.has_events(),
                Pane::Table | Pane::Pollers => false,
            },
            Valid::WithAlarms => self.pane == Pane::Alarms && self.alarms.has_any(),
            Valid::OnRow => match self.pane {
                Pane::Tables => !self.rows.is_empty(),
                Pane::HotKeys => self.hot_keys.row_count() > 0,
                Pane::Scaling => self.scaling.row_count() > 0,
                Pane::Dax => self.dax.list.row_count() > 0 && !self.opens_cluster(),
                Pane::Alarms => self.alarms.row_count() > 0,
                Pane::Timeline => self.event_to_open(now).is_some(),
                Pane::Table | Pane::Pollers => false,
            },
            Valid::WithResource => match self.pane {
                Pane::Alarms => self.has_alarm(),
                Pane::Timeline => self.timeline.current().is_some(),
                Pane::Tables
                | Pane::Table
                | Pane::HotKeys
                | Pane::Scaling
                | Pane::Dax
                | Pane::Pollers => self.current().is_some(),
            },
            Valid::Editable => self.pane != Pane::Dax && self.is_valid(Valid::WithResource, now),
            Valid::WithCharts => has_charts(),
            Valid::WithTime => (on_timeline && self.timeline.row_count() > 0) || has_charts(),
            Valid::OnMarkable => match self.pane {
                Pane::Tables => !self.rows.is_empty(),
                Pane::HotKeys => self.hot_keys.row_count() > 0,
                Pane::Scaling => self.scaling.row_count() > 0,
                Pane::Alarms => self.has_alarm(),
                Pane::Table | Pane::Dax | Pane::Timeline | Pane::Pollers => false,
            },
            Valid::WithKeys => self.shows_keys(now),
            Valid::OnTable => {
                let on_table = self.pane == Pane::Table && self.open.is_some();
                (on_table || self.opens_cluster()) && !self.details
            }
            Valid::WithWayBack => {
                !on_tables
                    || self.expanded
                    || self.narrowing().is_narrow()
                    || self.marks() > 0
                    || self.timeframe.cursor().is_some()
            }
        }
    }

    /// Whether charts are on screen.
    fn has_charts(&self, now: Timestamp) -> bool {
        match (self.pane, self.current()) {
            (Pane::Tables, Some(row)) => {
                let subject = self.subject(&row, true, now);
                detail::shows_charts(&subject, self.options.charset, self.strip())
            }
            (Pane::Table, Some(_)) => !self.details,
            (Pane::Scaling, Some(_)) => has_charts(&self.scaling_view(&[], now)),
            (Pane::Dax, Some(_)) => has_charts(&self.dax_view(&[], now)),
            (Pane::Timeline, Some(_)) => has_charts(&self.timeline_view(&[], now)),
            (Pane::Alarms, _) => self.shows_alarm_chart(now),
            (Pane::HotKeys | Pane::Pollers, _)
            | (Pane::Tables | Pane::Table | Pane::Scaling | Pane::Dax | Pane::Timeline, None) => {
                false
            }
        }
    }

    /// Columns and rows in which the selected row is told of below the list.
    pub(super) fn strip(&self) -> (u16, u16) {
        let (width, height) = self.size;
        (width, Layout::of(width, height, self.expanded).map_or(0, |layout| layout.detail))
    }

    /// Rows there are to choose from on the present pane.
    pub(super) fn row_count(&self, now: Timestamp) -> usize {
        match self.pane {
            Pane::Tables => self.rows.len(),
            Pane::Table => self.family(now).len(),
            Pane::HotKeys => self.hot_keys.row_count(),
            Pane::Scaling => self.scaling.row_count(),
            Pane::Dax => self.dax.list.row_count(),
            Pane::Alarms => self.alarms.row_count(),
            Pane::Timeline => self.timeline.row_count(),
            Pane::Pollers => self.poller_rows().len(),
        }
    }

    /// The selected row of the present pane.
    pub(super) fn row(&self, now: Timestamp) -> usize {
        self.place().map_or_else(|| self.place_in_family(now), |place| place.cursor)
    }

    fn place_in_family(&self, now: Timestamp) -> usize {
        let open = self.open.as_ref().map(|target| &target.resource);
        self.family(now).iter().position(|member| Some(member) == open).unwrap_or(0)
    }

    /// Selects a row of the present pane; the last one, if there are not so many.
    pub(super) fn move_to(&mut self, row: usize, now: Timestamp) {
        let row = row.min(self.row_count(now).saturating_sub(1));
        match self.pane {
            Pane::Tables => self.tables.move_to(row, self.rows.get(row).cloned()),
            Pane::Table => {
                let member = self.family(now).get(row).cloned();
                if let (Some(resource), Some(open)) = (member, self.open.as_mut()) {
                    open.resource = resource;
                    self.select(self.open.clone());
                }
            }
            Pane::HotKeys => self.hot_keys.select(row),
            Pane::Scaling => self.scaling.select(row),
            Pane::Dax => self.dax.list.select(row),
            Pane::Alarms => self.alarms.select(row),
            Pane::Timeline => self.move_to_event(row),
            Pane::Pollers => self.pollers.cursor = row,
        }
    }

    /// The table in view and its indexes.
    pub(super) fn family(&self, now: Timestamp) -> Vec<Resource> {
        let open = self.open.as_ref();
        open.map_or_else(Vec::new, |open| table::family(&self.subject(open, true, now)))
    }

    /// Selects a row of the Tables pane, if what it is about has one.
    fn select(&mut self, target: Option<Target>) {
        let row = target.as_ref().and_then(|wanted| self.place_of(wanted));
        if let Some(row) = row {
            self.tables.move_to(row, target);
        }
    }

    fn open_selected(&mut self, now: Timestamp) {
        match self.pane {
            Pane::Tables => self.go_to(Pane::Table),
            Pane::HotKeys => self.open_hot_keys(),
            Pane::Scaling => self.open_scaling(),
            Pane::Dax => self.open_cluster(),
            Pane::Alarms => self.open_alarm(now),
            Pane::Timeline => {
                if let Some(target) = self.event_to_open(now) {
                    self.open_from(Pane::Timeline, target);
                }
            }
            Pane::Table | Pane::Pollers => {}
        }
    }

    /// Shows a table or index on the Table pane, or a cluster on the DAX pane.
    pub(super) fn open(&mut self, target: Target) {
        self.open_from(Pane::default(), target);
    }

    /// The same, with the pane that Esc leads back to.
    pub(super) fn open_from(&mut self, pane: Pane, target: Target) {
        if target.resource.cluster_name().is_some() {
            return self.open_on_dax(pane, target);
        }
        self.select(Some(target.clone()));
        self.open = Some(target);
        (self.expanded, self.details) = (false, false);
        (self.back_to, self.pane) = (pane, Pane::Table);
    }

    /// Goes to a pane; the Table pane then shows the selected table or index.
    pub fn go_to(&mut self, pane: Pane) {
        if pane != self.pane {
            self.expanded = false;
            self.details = false;
            self.dax.opened = false;
        }
        let enters_table = pane == Pane::Table && self.pane != Pane::Table;
        (self.back_to, self.pane) = (Pane::default(), pane);
        if enters_table && let Some(target) = self.rows.get(self.tables.place.cursor) {
            self.open = Some(target.clone());
            self.tables.choose(self.open.clone());
        }
    }

    /// Undoes what was done last, in the order in which it covers other things.
    fn go_back(&mut self) {
        if self.expanded {
            self.expanded = false;
            return;
        }
        if std::mem::take(&mut self.details) {
            return;
        }
        let came_to_list = self.back_to == Pane::default();
        if came_to_list && self.opens_cluster() && self.timeframe.cursor().is_none() {
            self.dax.opened = false;
            return;
        }
        // The time cursor came along from the Timeline, and goes back with it.
        if self.back_to != Pane::Timeline && self.timeframe.clear_cursor() {
            return;
        }
        let lists = !matches!(self.pane, Pane::Table | Pane::Pollers);
        if lists && self.narrowing().is_narrow() {
            self.narrowing_mut().clear();
            self.list_here();
        } else if !self.clear_marks() {
            self.dax.opened = false;
            self.pane = std::mem::take(&mut self.back_to);
        }
    }

    fn toggle_only_trouble(&mut self) {
        let narrowing = self.narrowing_mut();
        narrowing.only_trouble = !narrowing.only_trouble;
        self.list_here();
    }

    /// From the list of tables it opens the table in words at once.
    fn toggle_details(&mut self) {
        if self.pane == Pane::Tables {
            self.go_to(Pane::Table);
        }
        self.expanded = false;
        self.details = !self.details;
    }

    pub(super) fn relist(&mut self, change: impl FnOnce(&mut Self)) {
        change(self);
        self.list();
    }

    pub(super) fn pick(&mut self, picker: Picker) {
        self.mode = Mode::Picker(picker);
    }

    fn freeze(&mut self, now: Timestamp) {
        if self.frozen.take().is_some() {
            // News came while nobody drew conclusions.
            self.alarms.doubt();
            self.judge(now);
        } else {
            self.frozen = Some(Frozen { store: self.store.clone(), at: now });
        }
    }

    /// Shows more or less time, as far as the charts here have data.
    fn zoom(&mut self, longer: bool) {
        let mut frame = self.timeframe_here();
        frame.zoom(longer);
        if frame.minutes() > self.longest_range() {
            let text = if self.pane == Pane::Dax {
                "one hour of DAX is kept"
            } else {
                "the list keeps one hour; Enter opens the table with a day"
            };
            self.notice = Some((text.to_owned(), Role::Text));
        } else {
            self.timeframe = frame;
        }
    }

    fn move_cursor(&mut self, forward: bool, now: Timestamp) {
        let end = self.end(now);
        let newest = self.readings(now).filter_map(Reading::newest_settled).max();
        let newest = newest.unwrap_or(end.plus(-1));
        let mut frame = self.timeframe_here();
        if self.pane == Pane::Timeline {
            let start = self.timeline.current().map_or(newest, Entry::minute);
            frame.move_cursor(forward, start, self.minutes_told(now));
        } else {
            frame.move_cursor(forward, newest, frame.window(end));
        }
        self.timeframe.set_cursor(frame.cursor());
        if self.pane == Pane::Timeline {
            self.follow_cursor();
        }
    }

    fn toggle_local_time(&mut self, now: Timestamp) {
        self.kept.local_time = !self.kept.local_time;
        // Verdicts write times, too, those of a frozen screen as well.
        self.judge(now);
    }

    fn toggle_mouse(&mut self) -> Effect {
        self.mouse = !self.mouse;
        let text = if self.mouse {
            "the mouse selects rows; hold Shift to mark text"
        } else {
            "the mouse is the terminal's again"
        };
        self.notice = Some((text.to_owned(), Role::Text));
        Effect::Mouse(self.mouse)
    }

    /// Tells what reading everything now costs, frozen screen or not; nothing of it while nobody
    /// knows what there is to read.
    fn refresh(&mut self, now: Timestamp) -> Effect {
        let costs = self.store.scopes().map(|scope| self.store.reading(scope, now).cost());
        let (metrics, usd) = costs.fold((0, 0.0), |(metrics, usd), cost| {
            (metrics + cost.reading_metrics, usd + cost.reading_usd)
        });
        let price = match metrics {
            0 => String::new(),
            _ => format!(": at most {metrics} metrics, ${usd:.4}"),
        };
        self.notice = Some((format!("reading now{price}"), Role::Text));
        Effect::Refresh
    }

    /// What the keys act on: the open resource, or the selected row.
    pub(super) fn current(&self) -> Option<Target> {
        match self.pane {
            Pane::Tables => self.rows.get(self.tables.place.cursor).cloned(),
            Pane::Table => self.open.clone(),
            Pane::HotKeys => self.hot_keys_target(),
            Pane::Scaling => self.scaling_target(),
            Pane::Dax => self.dax_target(),
            Pane::Timeline => self.event_target(),
            Pane::Alarms | Pane::Pollers => None,
        }
    }
}
