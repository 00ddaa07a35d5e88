//! The application: messages in, effects out.
//!
//! Only [`App::handle`] changes state. It never waits; what takes time is an [`Effect`] that the
//! runtime carries out.

mod act;
pub mod action;
mod alarms;
mod boxes;
mod copy;
mod dax;
mod edit;
mod export;
mod fleet;
mod footer;
mod hot_keys;
pub mod key;
pub mod keymap;
mod message;
mod narrowing;
pub mod pane;
mod picker;
mod places;
mod playback;
mod point;
mod pointer;
pub mod production;
mod query;
mod ranked;
mod remembered;
mod scaling;
mod screen;
mod sight;
mod switch;
mod timeframe;
mod timeline;

pub use edit::Permission;
pub use message::{Effect, Msg};
pub use playback::{CHANGES_NOTHING, Cue, Footage, USUAL_PACE};
pub use remembered::Remembered;
pub use sight::Interest;
pub use switch::{Selection, Standing};

use crate::diagnose::{Thresholds, Verdict};
use crate::model::id::{Resource, Scope};
use crate::model::time::Minute;
use crate::store::{self, Store};
use crate::tune::price::Prices;
use crate::view::chart::Marker;
use crate::view::places::Profiles;
use crate::view::{Charset, Role};
use alarms::Alarms;
use dax::Dax;
use edit::Editing;
use edit::draft::DraftBox;
use edit::plan::{AdviceBox, PlanBox};
use fleet::{Fleet, Query};
use hot_keys::HotKeys;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use key::Key;
use keymap::{Keymap, Lookup};
use narrowing::Narrowing;
use pane::Pane;
use picker::Picker;
use playback::Playback;
use pointer::Pointer;
use production::Production;
use query::Filter;
use scaling::Scaling;
use sight::Place;
use std::sync::Arc;
use timeframe::Timeframe;
use timeline::Timeline;

/// A resource and where it lives.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    /// Where it lives.
    pub scope: Scope,
    /// The account, table or index.
    pub resource: Resource,
}

impl Target {
    fn new(scope: &Scope, resource: Resource) -> Self {
        Self { scope: scope.clone(), resource }
    }
}

/// What is settled before the application starts.
#[derive(Debug, Clone)]
pub struct Options {
    /// What is read, and what that allows.
    pub standing: Standing,
    /// What capacity costs.
    pub prices: Arc<Prices>,
    /// When something counts as trouble.
    pub thresholds: Thresholds,
    /// How data are kept.
    pub store: store::Settings,
    /// Which tables are read through which DAX cluster.
    pub behind: Arc<crate::model::dax::Behind>,
    /// How things were left the last time.
    pub remembered: Remembered,
    /// What is production, and looks like it.
    pub production: Production,
    /// Which keys do what.
    pub keymap: Keymap,
    /// The themes there are, by name.
    pub themes: Vec<String>,
    /// The theme in use.
    pub theme: String,
    /// What local time is.
    pub time_zone: TimeZone,
    /// Which characters the terminal can show.
    pub charset: Charset,
    /// What charts are made of.
    pub marker: Marker,
    /// Whether figures may be about minutes that CloudWatch may still revise.
    pub include_settling: bool,
    /// Whether the user had it all recorded into a file.
    pub is_recorded: bool,
    /// The recording that is on screen in place of AWS.
    pub replay: Option<Footage>,
}

#[derive(Debug)]
enum Mode {
    Normal,
    /// The filter box takes every key.
    Filter,
    /// A box of choices takes every key.
    Picker(Picker),
    /// A draft takes every key.
    Draft(DraftBox),
    /// A plan that is read, or is being confirmed, takes every key.
    Plan(PlanBox),
    /// How a plan is carried out is on screen.
    Work,
    /// What may be done by hand is on screen.
    Advice(AdviceBox),
}

/// The screen as it was when it was frozen.
#[derive(Debug)]
struct Frozen {
    store: Store,
    at: Timestamp,
}

/// The state of the dashboard.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct App {
    options: Options,
    /// Which profile each scope is read with.
    profiles: Profiles,
    /// The profiles that there are, as far as that is known.
    offered_profiles: Vec<String>,
    store: Store,
    frozen: Option<Frozen>,
    playback: Option<Playback>,
    fleet: Fleet,
    /// The minute in which `fleet` was judged: verdicts grow old without news, too.
    judged: Minute,
    mode: Mode,
    pane: Pane,
    /// What is kept for the next start.
    kept: Remembered,
    /// What the Tables pane leaves out.
    narrowing: Narrowing,
    rows: Vec<Target>,
    /// Whether these are without the indexes that are calm.
    folded: bool,
    tables: Pointer<Target>,
    hot_keys: HotKeys,
    /// Whether keys are shown in full; until the pane is left.
    reveals_keys: bool,
    scaling: Scaling,
    dax: Dax,
    alarms: Alarms,
    pollers: Place,
    timeline: Timeline,
    /// What the Table pane shows.
    open: Option<Target>,
    /// Where Esc leads from the Table pane.
    back_to: Pane,
    /// The chart that keys act on, counted round and round.
    chart: isize,
    expanded: bool,
    /// Whether the Table pane shows words in place of charts.
    details: bool,
    timeframe: Timeframe,
    mouse: bool,
    /// Whether a bundle is being written.
    is_exporting: bool,
    /// Whether it only draws pictures, on which no key can be pressed.
    is_picture: bool,
    /// A short answer to the last key.
    notice: Option<(String, Role)>,
    /// The keys of an unfinished sequence.
    pressed: Vec<Key>,
    size: (u16, u16),
    interest: Interest,
    editing: Editing,
}

impl App {
    /// Starts with nothing known and no room on screen.
    pub fn new(options: Options) -> Self {
        Self {
            store: Store::new(options.store).with_tables_behind(options.behind.clone()),
            profiles: Profiles::new(options.standing.selection.profiles.clone()),
            offered_profiles: vec![],
            kept: options.remembered.clone(),
            playback: options.replay.clone().map(Playback::new),
            notice: options.replay.as_ref().and_then(Footage::notice),
            options,
            frozen: None,
            fleet: Fleet::default(),
            judged: Minute(0),
            mode: Mode::Normal,
            pane: Pane::default(),
            narrowing: Narrowing::default(),
            rows: vec![],
            folded: false,
            tables: Pointer::default(),
            hot_keys: HotKeys::default(),
            reveals_keys: false,
            scaling: Scaling::default(),
            dax: Dax::default(),
            alarms: Alarms::default(),
            pollers: Place::default(),
            timeline: Timeline::default(),
            open: None,
            back_to: Pane::default(),
            chart: 0,
            expanded: false,
            details: false,
            timeframe: Timeframe::default(),
            mouse: false,
            is_exporting: false,
            is_picture: false,
            pressed: vec![],
            size: (0, 0),
            interest: Interest::default(),
            editing: Editing::default(),
        }
    }

    /// Everything that was read, whether the screen is frozen or not.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// When something counts as trouble.
    pub fn thresholds(&self) -> &Thresholds {
        &self.options.thresholds
    }

    /// The verdicts of one scope as of the last news, what to do first in front.
    pub fn verdicts(&self, scope: &Scope) -> &[Verdict] {
        self.fleet.verdicts(scope)
    }

    /// Takes in one message and says what is to be done about it.
    pub fn handle(&mut self, msg: Msg, now: Timestamp) -> Vec<Effect> {
        let (kept, pane) = (self.kept.clone(), self.pane);
        let mut effects: Vec<Effect> = self.take_in(msg, now).into_iter().collect();
        self.stop_at_end(now);
        self.come_and_go(pane, now);
        self.keep_cursors_in_sight(now);
        if self.kept != kept {
            effects.push(Effect::Remember(self.kept.clone()));
        }
        let interest = self.present_interest();
        if interest != self.interest {
            if let Some(Target { scope, resource }) = interest.open.clone() {
                self.store.open(scope, resource);
            }
            self.interest = interest.clone();
            effects.push(Effect::Interest(interest));
        }
        effects
    }

    /// Takes in a message; what a key or the mouse asks for.
    fn take_in(&mut self, msg: Msg, now: Timestamp) -> Option<Effect> {
        match msg {
            Msg::Key(key) => return self.press(key, now),
            Msg::Mouse(mouse) => return self.point(mouse, now),
            Msg::Paste(text) => self.paste(&text),
            Msg::Resize(width, height) => self.resize((width, height)),
            Msg::Reached(scope, profile) => self.profiles.note(scope, profile),
            Msg::Profiles(offered) => self.offered_profiles = offered,
            Msg::Switched(standing) => {
                self.take_standing(*standing);
                self.judge(now);
            }
            Msg::Updates(updates) => self.hear(updates, now),
            Msg::Written(progress) => self.hear_of_work(*progress, now),
            Msg::Journal(journal, told) => self.remember_writes(journal, told, now),
            Msg::Problem(told) => self.notice = Some((told, Role::Problem)),
            Msg::Replayed(store) => self.show_replayed(*store, now),
            Msg::Moments(moments) => self.hear_of_moments(moments),
            Msg::Exported(written) => self.hear_of_export(written),
            Msg::Tick if Minute::containing(now) != self.judged => self.judge_unless_frozen(now),
            Msg::Tick => {}
        }
        None
    }

    /// Shows as much as fits, from the top: what was scrolled away may have room now.
    fn resize(&mut self, size: (u16, u16)) {
        self.size = size;
        for place in [
            &mut self.tables.place,
            &mut self.hot_keys.pointer.place,
            &mut self.scaling.pointer.place,
            &mut self.dax.list.pointer.place,
            &mut self.alarms.pointer.place,
            &mut self.timeline.place,
            &mut self.pollers,
        ] {
            place.offset = 0;
        }
        self.list();
    }

    /// Draws conclusions from what the screen shows.
    fn judge(&mut self, now: Timestamp) {
        self.fleet = Fleet::new(self.readings(now), &self.options.thresholds);
        if Minute::containing(now) != self.judged {
            self.alarms.catch_up();
        }
        self.judged = Minute::containing(now);
        self.judge_alarms(now);
        self.list();
        self.list_present(now);
    }

    /// Chooses and orders the rows anew.
    fn list(&mut self) {
        let mut query = Query {
            sort: self.kept.sort,
            reversed: self.kept.reversed,
            fold_indexes: self.kept.fold_indexes.unwrap_or(false),
            filter: Filter::parse(self.narrowing.filter.value()),
            only_trouble: self.narrowing.only_trouble,
        };
        let ordered = self.fleet.ordered(&query);
        self.rows = Fleet::rows(&ordered, &query);
        let crowded = self.fleet.counts.in_trouble > 0 && self.rows.len() > self.page();
        if self.kept.fold_indexes.is_none() && crowded {
            query.fold_indexes = true;
            self.rows = Fleet::rows(&ordered, &query);
        }
        self.folded = query.fold_indexes;
        let (rows, is_narrow) = (self.rows.len(), self.narrowing.is_narrow());
        let first = self.fleet.first_in_trouble();
        let row = self.tables.sought(rows, is_narrow, first, |target| self.place_of(target));
        self.tables.place.cursor = row;
        self.tables.show(self.rows.get(row).cloned());
        // Whoever was on the Table pane before there was a table sees one as soon as there is one.
        if self.pane == Pane::Table && self.open.is_none() {
            self.open = self.rows.get(self.tables.place.cursor).cloned();
        }
    }

    fn press(&mut self, key: Key, now: Timestamp) -> Option<Effect> {
        if key == Key::Ctrl('c') {
            return Some(Effect::Quit);
        }
        self.notice = None;
        match self.mode {
            Mode::Filter => {
                self.edit_filter(key);
                None
            }
            Mode::Picker(_) => self.press_in_picker(key, now),
            Mode::Draft(_) | Mode::Plan(_) | Mode::Work | Mode::Advice(_) => {
                self.press_in_edit(key, now)
            }
            Mode::Normal => {
                self.pressed.push(key);
                let lookup = self.options.keymap.lookup(&self.pressed);
                if lookup == Lookup::Prefix {
                    return None;
                }
                self.pressed.clear();
                match lookup {
                    Lookup::Action(action) => self.act(action, now),
                    Lookup::Prefix | Lookup::Unbound => None,
                }
            }
        }
    }
}
