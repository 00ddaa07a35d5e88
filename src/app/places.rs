//! Rows say where they are from, where several accounts or regions are read.

use super::App;
use super::pane::Pane;
use crate::model::id::Scope;
use crate::view::Body;
use crate::view::hot_keys::HotKeysPane;
use crate::view::places::{Places, Profiles};

impl App {
    /// Names the profiles that everything is read with.
    pub fn read_with(&mut self, profiles: Profiles) {
        self.profiles = profiles;
    }

    /// The profiles that everything is read with.
    pub fn profiles(&self) -> &Profiles {
        &self.profiles
    }

    /// Adds to each row on screen where it is from.
    pub(super) fn show_places(&self, body: &mut Body, places: &Places<'_>) {
        let (Body::List(list) | Body::HotKeys(HotKeysPane { list, .. })) = body else { return };
        if !places.is_one() {
            places.show(list, &self.scopes_in_sight());
        }
    }

    /// The scope of each row on screen, from top to bottom; `None` for a row about all of them.
    fn scopes_in_sight(&self) -> Vec<Option<Scope>> {
        match self.pane {
            Pane::Tables | Pane::Table => {
                self.visible().iter().map(|target| Some(target.scope.clone())).collect()
            }
            Pane::HotKeys => self.hot_keys_in_sight().map(|target| Some(target.scope)).collect(),
            Pane::Scaling => self.scaling_in_sight().map(|target| Some(target.scope)).collect(),
            Pane::Dax => self.dax_in_sight().map(|target| Some(target.scope)).collect(),
            Pane::Alarms => {
                self.alarms_in_sight().map(|alarm| alarm.map(|(scope, _)| scope.clone())).collect()
            }
            Pane::Timeline => {
                let rows = self.timeline.rows().skip(self.timeline.place.offset).take(self.page());
                rows.map(|entry| Some(entry.scope.clone())).collect()
            }
            Pane::Pollers => {
                let rows = self.poller_rows().into_iter();
                let shown = rows.skip(self.pollers.offset).take(self.page());
                shown.map(|(scope, _)| Some(scope)).collect()
            }
        }
    }
}
