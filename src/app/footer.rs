//! The last line: the keys that work here, or the filter box.

use super::action::{ACTIONS, Action, Spec, Transport};
use super::alarms;
use super::pane::Pane;
use super::picker::split;
use super::query::HINT;
use super::{App, Mode};
use crate::view::format::{LEGEND, grouped};
use crate::view::tables::Marks;
use crate::view::{Bar, Part, Role, Span};
use jiff::Timestamp;

/// The keys of a plan: the first of them goes on to confirm it.
const OF_A_PLAN: &[(&str, &str); 5] = &[
    ("Enter", "confirm"),
    ("Esc", "back"),
    ("y", "copy AWS CLI"),
    ("Y", "copy Terraform"),
    ("Up Down", "scroll"),
];

/// The rank of the first explanation of a mark; the others give way before it.
const LEGEND_RANK: u8 = 3;

impl App {
    /// The keys that work here; whether charts are on screen was found out for the body.
    pub(super) fn footer(&self, marks: Marks, has_charts: bool, now: Timestamp) -> Bar {
        let valid = |spec: &&Spec| {
            !spec.label.is_empty() && self.is_valid_with(spec.valid, || has_charts, now)
        };
        let hints = ACTIONS.iter().filter(valid).filter_map(|spec| {
            let key = self.options.keymap.shown(spec.action)?;
            let rank = if self.is_urgent(spec.action) { 0 } else { spec.rank };
            Some(hint(rank, &key, self.label(spec)))
        });
        let legend = LEGEND.iter().zip(marks).zip(LEGEND_RANK..).filter(|((_, used), _)| *used);
        let legend = legend.map(|(((mark, meaning), _), rank)| {
            Part::new(rank, format!("{mark} {meaning}"), Role::Dim)
        });
        if let Some(hints) = self.keys_of_box() {
            return Bar { left: hints, right: vec![] };
        }
        match &self.notice {
            // What a key led to is told where the user looks for keys.
            Some((text, role)) => Bar { left: vec![Part::new(0, text, *role)], right: vec![] },
            None => Bar {
                left: hints.collect(),
                right: self.position(now).into_iter().chain(legend).collect(),
            },
        }
    }

    /// The keys of the box that is open, if one is.
    fn keys_of_box(&self) -> Option<Vec<Part>> {
        let hints: &[(&str, &str)] = match &self.mode {
            Mode::Normal | Mode::Filter => return None,
            Mode::Picker(picker) if picker.taken().is_some() => {
                &[("Enter", "read"), ("Esc", "close"), ("Tab", "mark"), ("Up Down", "choose")]
            }
            Mode::Picker(_) => &[("Enter", "take it"), ("Esc", "close"), ("Up Down", "choose")],
            Mode::Draft(_) => {
                &[("Enter", "plan"), ("Esc", "close"), ("Up Down", "field"), ("+ -", "step")]
            }
            Mode::Plan(plan) if plan.is_typed() => &[("Enter", "apply"), ("Esc", "cancel")],
            Mode::Plan(_) if self.only_plans() => {
                let [_, only_read @ ..] = OF_A_PLAN;
                only_read
            }
            Mode::Plan(_) => OF_A_PLAN,
            Mode::Work if !self.is_writing() => &[("Esc", "close"), ("Up Down", "scroll")],
            Mode::Work => &[("Esc", "close, it goes on"), ("Up Down", "scroll")],
            Mode::Advice(_) => {
                &[("Esc", "close"), ("y", "copy the command"), ("Up Down", "scroll")]
            }
        };
        let ranked = hints.iter().zip(0..);
        Some(ranked.map(|((key, meaning), rank)| hint(rank, key, meaning)).collect())
    }

    /// Which rows of the list are on screen, unless all of them are.
    fn position(&self, now: Timestamp) -> Option<Part> {
        let (place, rows) = (self.place_on_screen()?, self.row_count(now));
        let last = place.offset.saturating_add(self.page()).min(rows);
        let number = |value: usize| grouped(value as f64);
        let text = format!("{}-{} of {}", number(place.offset + 1), number(last), number(rows));
        (last - place.offset < rows).then(|| Part::new(1, text, Role::Dim))
    }

    /// Whether an action must not give way to any other: nobody is to search for how keys are masked again, nor
    /// for what rows were marked for.
    fn is_urgent(&self, action: Action) -> bool {
        (action == Action::Mask && self.reveals_keys)
            || (action == Action::Edit && self.marks() > 0)
    }

    /// Whether changes can be planned and not made.
    pub(super) fn only_plans(&self) -> bool {
        self.options.standing.forbidden().is_some() && !self.is_replay()
    }

    /// What the footer calls an action here and now.
    fn label(&self, spec: &Spec) -> &'static str {
        let at_rest = !self.expanded && self.timeframe.cursor().is_none();
        let shows_all = match self.pane {
            Pane::Tables => true,
            Pane::HotKeys | Pane::Scaling | Pane::Dax | Pane::Alarms | Pane::Timeline => {
                self.narrowing().is_narrow() && !self.details
            }
            Pane::Table | Pane::Pollers => false,
        };
        let unmarks = self.marks() > 0 && !self.narrowing().is_narrow();
        let states = [
            (Action::Back, at_rest && shows_all && unmarks, "unmark"),
            (Action::Back, at_rest && shows_all, "show all"),
            (Action::Expand, self.expanded, "shrink"),
            (Action::Expand, self.details && self.pane == Pane::Table, "settings"),
            (Action::Freeze, self.frozen.is_some(), "go on"),
            (Action::Details, self.details && self.pane == Pane::HotKeys, "ranking"),
            (Action::Details, self.details, "charts"),
            (Action::Mask, self.reveals_keys, "mask keys"),
            (Action::Replay(Transport::Play), self.is_playing(), "pause"),
            (Action::OnlyTrouble, self.narrowing().only_trouble, "all"),
            (Action::Edit, self.only_plans(), "plan"),
            (Action::AllAlarms, self.alarms.everywhere, "DynamoDB's"),
        ];
        let present = states.iter().find(|(action, is_so, _)| *is_so && *action == spec.action);
        present.map_or(spec.label, |(_, _, label)| label)
    }

    pub(super) fn filter_box(&self) -> Bar {
        /// Cells of the keys on the right, the gap before them, the slash and the cursor.
        const TAKEN: usize = 28;
        let room = usize::from(self.size.0).saturating_sub(TAKEN);
        let filter = &self.narrowing().filter;
        let scrolled = filter.visual_scroll(room);
        let [before, under, after] = split(filter);
        let before: String = before.chars().skip(scrolled).collect();
        let spans = vec![
            Span::new("/", Role::Key),
            Span::new(before, Role::Text),
            Span::new(under, Role::Cursor),
            Span::new(after, Role::Text),
        ];
        let right =
            [hint(1, "Enter", "keep"), hint(1, "Esc", "show all"), hint(3, "Up", "earlier")];
        let language = match self.pane {
            Pane::Alarms => Some(alarms::filter::HINT),
            // Columns are those of the Tables pane.
            Pane::HotKeys | Pane::Scaling | Pane::Dax | Pane::Timeline => None,
            Pane::Tables | Pane::Table | Pane::Pollers => Some(HINT),
        };
        let hint = language.map(|language| Part::new(2, language, Role::Dim));
        let right = right.into_iter().chain(hint).collect();
        Bar { left: vec![Part { spans, rank: 0 }], right }
    }
}

fn hint(rank: u8, key: &str, meaning: &str) -> Part {
    let spans = vec![Span::new(key, Role::Key), Span::new(format!(" {meaning}"), Role::Dim)];
    Part { spans, rank }
}
