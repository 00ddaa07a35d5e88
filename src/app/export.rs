//! The same data on other screens, for pictures and bundles.

use super::pane::Pane;
use super::{App, Effect, Options, Remembered, Target};
use crate::store::Reading;
use crate::view::chart::Marker;
use crate::view::{Charset, Role};
use jiff::Timestamp;

impl App {
    /// The pane that the screen shows.
    pub fn pane(&self) -> Pane {
        self.pane
    }

    /// The name of the theme in use.
    pub fn theme(&self) -> &str {
        &self.options.theme
    }

    /// Goes to a pane, as its key does.
    pub fn show(&mut self, pane: Pane, now: Timestamp) {
        let before = self.pane;
        self.go_to(pane);
        self.come_and_go(before, now);
        self.keep_cursors_in_sight(now);
    }

    /// Shows keys in full until the pane is left.
    pub fn reveal_keys(&mut self) {
        self.reveals_keys = true;
    }

    /// Everything that was read, as of `now`; times are written in UTC.
    pub fn read(&self, now: Timestamp) -> Vec<Reading<'_>> {
        let settling = self.options.include_settling;
        let reading = |scope| self.store.reading(scope, now).with_settling(settling);
        self.store.scopes().map(reading).collect()
    }

    /// The resource that keys act on, with the minutes that its charts show.
    pub fn looked_at(&self) -> Option<(Target, i64)> {
        self.current().map(|target| (target, self.timeframe_here().minutes()))
    }

    /// Another application over what this one shows, with the same resource selected, nothing left
    /// out and every key masked; and the moment that it shows, which is that of freezing where the
    /// screen is frozen. It is drawn with `drawn_with` on `size` columns and rows.
    ///
    /// It draws its conclusions when it is first told something, such as [`Msg::Tick`](super::Msg).
    pub fn beside(
        &self,
        drawn_with: (Marker, Charset),
        size: (u16, u16),
        now: Timestamp,
    ) -> (Self, Timestamp) {
        let (marker, charset) = drawn_with;
        let remembered = Remembered::default();
        let mut beside = Self::new(Options { remembered, charset, marker, ..self.options.clone() });
        beside.store = self.shown().clone();
        beside.profiles = self.profiles.clone();
        beside.size = size;
        beside.is_picture = true;
        beside.tables.choose(self.current());
        beside.alarms.doubt();
        (beside, self.as_of(now))
    }

    /// Begins a bundle, unless one is being written: each takes as much memory and time as the fleet is large.
    pub(super) fn export(&mut self) -> Option<Effect> {
        let (told, role) = if self.is_exporting {
            ("an incident bundle is being written already", Role::Notice)
        } else {
            ("writing an incident bundle", Role::Text)
        };
        self.notice = Some((told.to_owned(), role));
        (!std::mem::replace(&mut self.is_exporting, true)).then_some(Effect::Export)
    }

    /// Tells where a bundle was written, or why there is none.
    pub(super) fn hear_of_export(&mut self, written: Result<String, String>) {
        self.is_exporting = false;
        self.notice = Some(match written {
            Ok(path) => (format!("incident bundle in {path}"), Role::Text),
            Err(problem) => (format!("no incident bundle: {problem}"), Role::Problem),
        });
    }
}
