//! Other regions and profiles, without a restart.

use super::edit::Permission;
use super::picker::{Kind, Picker};
use super::{App, Effect, Mode};
use crate::model::id::Scope;
use crate::model::region::{REGIONS, partition};
use crate::model::update::News;
use crate::tune::permit::Permit;
use crate::view::Role;
use crate::view::header::Banner;
use std::collections::BTreeSet;

/// The profiles and regions that are read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// Profiles of the AWS configuration files; where none is named, the one that the AWS CLI would
    /// use.
    pub profiles: Vec<String>,
    /// Regions, each read with each profile; where none is named, the profile's own.
    pub regions: Vec<String>,
}

/// What is read, and what that allows.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// The profiles and regions, as the user names them.
    pub selection: Selection,
    /// The region, as the user, the configuration or the scenario names it; several with commas
    /// between them.
    pub region: String,
    /// Real or simulated, and whether it may be written to.
    pub banner: Banner,
    /// Who allows writes or forbids them.
    pub permission: Permission,
    /// The permit to write, where writes are allowed.
    pub permit: Option<Permit>,
}

impl Standing {
    /// Where nothing can be written, who says so and what would allow it.
    pub(super) fn forbidden(&self) -> Option<&str> {
        self.permit.is_none().then_some(&*self.permission.answer)
    }
}

impl App {
    /// Asks which regions to read.
    pub(super) fn choose_regions(&mut self) {
        if !self.may_switch() {
            return;
        }
        let present = self.present_regions();
        let mut partitions: BTreeSet<&str> =
            present.iter().map(|region| partition(region)).collect();
        if partitions.is_empty() {
            partitions.insert(partition(""));
        }
        let others = REGIONS.iter().map(|(region, _)| *region);
        let others = others.filter(|region| partitions.contains(partition(region)));
        let others = others.filter(|region| !present.iter().any(|read| read == region));
        let all = present.iter().map(String::as_str).chain(others);
        let listed = all.map(|region| {
            let name =
                REGIONS.iter().find(|(known, _)| *known == region).map_or("", |(_, name)| name);
            (region.to_owned(), format!("{region:<16}{name}").trim_end().to_owned())
        });
        let listed = listed.collect();
        self.pick(Picker::several(Kind::Regions, listed, &present));
    }

    /// The regions that are read: those that the user named, or what they turned out to be.
    fn present_regions(&self) -> Vec<String> {
        let named = &self.options.standing.selection.regions;
        if !named.is_empty() {
            return named.clone();
        }
        let read: BTreeSet<&str> = self.store.scopes().map(Scope::region).collect();
        read.into_iter().filter(|region| !region.is_empty()).map(str::to_owned).collect()
    }

    /// Asks which profiles to read with.
    pub(super) fn choose_profiles(&mut self) {
        if !self.may_switch() {
            return;
        }
        if self.options.standing.banner == Banner::Demo {
            return self.tell("the simulated AWS has no profiles");
        }
        let present = match self.profiles.named() {
            [] => self.profiles.noted(),
            named => named.to_vec(),
        };
        let mut all: BTreeSet<&String> = self.offered_profiles.iter().collect();
        all.extend(&present);
        if all.is_empty() {
            return self.tell("no profiles were found in ~/.aws/config and ~/.aws/credentials");
        }
        let listed = all.into_iter().map(|name| (name.clone(), name.clone())).collect();
        self.pick(Picker::several(Kind::Profiles, listed, &present));
    }

    /// Whether other things can be read now; if not, the user is told why.
    fn may_switch(&mut self) -> bool {
        if self.is_replay() {
            self.tell("a replay shows what was recorded: there is nothing else to read");
            return false;
        }
        if self.is_writing() {
            self.tell("a change is being carried out: switch when it is done");
            return false;
        }
        true
    }

    fn tell(&mut self, text: &str) {
        self.notice = Some((text.to_owned(), Role::Notice));
    }

    /// Has other regions or profiles read, as they were chosen in a box of `kind`.
    pub(super) fn switch(&mut self, kind: Kind, names: Vec<String>) -> Option<Effect> {
        let mut selection = self.options.standing.selection.clone();
        match kind {
            Kind::Regions => selection.regions = names,
            Kind::Profiles => selection.profiles = names,
            Kind::Help | Kind::Palette | Kind::Sort | Kind::Range | Kind::Theme | Kind::Change => {}
        }
        (selection != self.options.standing.selection).then_some(Effect::Read(selection))
    }

    /// Takes in what is read from now on.
    pub(super) fn take_standing(&mut self, standing: Standing) {
        self.profiles.name(standing.selection.profiles.clone());
        self.options.standing = standing;
        // A plan that was made with a permit can only be read without one.
        if let Mode::Plan(plan) = &mut self.mode
            && self.options.standing.permit.is_none()
        {
            plan.stop_typing();
        }
        // A frozen screen would hide what was asked for.
        self.frozen = None;
    }

    /// Lets go of what is selected, open or marked, where it is no longer read.
    pub(super) fn leave(&mut self, scope: &Scope, news: &News) {
        if *news != News::Left {
            return;
        }
        self.tables.forget(|target| target.scope == *scope);
        if self.open.as_ref().is_some_and(|target| target.scope == *scope) {
            self.open = None;
        }
        self.unmark(scope);
        self.profiles.forget(scope);
        // What asks to be confirmed or chosen may be about it.
        if !matches!(self.mode, Mode::Normal | Mode::Filter) && !self.is_writing() {
            self.mode = Mode::Normal;
        }
    }
}
