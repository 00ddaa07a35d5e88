//! The rows of the Alarms pane.

use super::{Subject, condition, history, short_state};
use crate::lint::Severity;
use crate::model::alarm::{Alarm, AlarmState};
use crate::model::time::Window;
use crate::view::format::{age, grouped};
use crate::view::text::Charset;
use crate::view::{Align, Column, ColumnWidth, Role, Row, Span};

/// The columns in order of display. Words are all flexible, so that none gives way to another that
/// ranks below it.
pub(super) fn columns(longest_name: usize, history_minutes: i64) -> Vec<Column> {
    const LEAST_NAME: u16 = 16;
    let flexible = |min, wanted| ColumnWidth::Flexible { min, wanted };
    let column = |title, width, rank, align| Column { title, sorted: None, width, rank, align };
    let name = u16::try_from(longest_name).unwrap_or(u16::MAX).clamp(LEAST_NAME, 34);
    let history = match history_minutes {
        ..=180 => "LAST 3 H",
        181..=720 => "LAST 12 H",
        721.. => "LAST 24 H",
    };
    vec![
        column("NAME", flexible(LEAST_NAME, name), 0, Align::LeftCutMiddle),
        column("STATE", flexible(12, 12), 0, Align::LeftCutEnd),
        column("SINCE", flexible(5, 5), 1, Align::Right),
        column("ABOUT", flexible(16, 24), 2, Align::LeftCutMiddle),
        column("NOTE", flexible(18, 24), 3, Align::LeftCutEnd),
        column("CONDITION", flexible(24, 36), 4, Align::LeftCutEnd),
        column("FOR", ColumnWidth::Fixed(12), 5, Align::LeftCutEnd),
        column(history, ColumnWidth::Fixed(history::SLOTS), 6, Align::LeftCutEnd),
    ]
}

/// The row of an alarm.
pub(super) fn alarm(
    subject: &Subject<'_>,
    selected: bool,
    window: Window,
    charset: Charset,
) -> Row {
    let Subject { reading, alarm, standing, .. } = subject;
    let now = reading.now();
    let urgency = Urgency::of(subject);
    let (mark, role) = match urgency {
        Urgency::Pages => ("!", Role::Trouble),
        Urgency::Quiet => ("i", Role::Notice),
        Urgency::None => ("", Role::Text),
    };
    let name_role = match urgency {
        _ if selected => Role::Selected,
        Urgency::Pages => Role::Trouble,
        Urgency::Quiet | Urgency::None => Role::Text,
    };
    let since = alarm.since.map(|since| age(now, since)).unwrap_or_default();
    let (note, note_role) = note(subject);
    let changes = history::changes(*reading, alarm);
    Row {
        mark: Span::new(mark, role),
        selected,
        marked: false,
        cells: vec![
            Span::new(format!("{}{}", indent(subject.depth, charset), alarm.name), name_role),
            Span::new(short_state(alarm.state), state_role(alarm, urgency)),
            Span::new(since, Role::Text),
            Span::new(standing.about_in_short(), Role::Text),
            Span::new(note, note_role),
            Span::new(condition(alarm), Role::Text),
            Span::new(condition::periods(alarm), Role::Dim),
            Span::new(history::strip(&changes, window, now, charset), Role::Chart),
        ],
    }
}

/// Leads from a composite alarm to what it is made of.
fn indent(depth: usize, charset: Charset) -> String {
    match depth.checked_sub(1) {
        Some(above) => "  ".repeat(above) + charset.branch(),
        None => String::new(),
    }
}

/// How much an alarm asks of the one on call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Urgency {
    /// It is in `ALARM`, and somebody was told.
    Pages,
    /// It is in `ALARM` and silent, or does not work.
    Quiet,
    /// Neither.
    None,
}

impl Urgency {
    pub(super) fn of(subject: &Subject<'_>) -> Self {
        let Subject { alarm, standing, .. } = subject;
        // For autoscaling `ALARM` is a reason to act, not to wake anybody.
        let is_in_alarm = alarm.state == AlarmState::Alarm && !alarm.is_target_tracking();
        let is_broken = subject.findings.iter().any(|found| found.severity == Severity::Error);
        match (is_in_alarm, standing.pages) {
            (true, true) => Self::Pages,
            (true, false) => Self::Quiet,
            (false, _) if is_broken => Self::Quiet,
            (false, _) => Self::None,
        }
    }
}

fn state_role(alarm: &Alarm, urgency: Urgency) -> Role {
    match (alarm.state, urgency) {
        (AlarmState::Alarm, Urgency::Pages) => Role::Trouble,
        (AlarmState::Alarm, Urgency::Quiet) => Role::Notice,
        (AlarmState::Ok, _) => Role::Safe,
        (AlarmState::Alarm | AlarmState::InsufficientData, _) => Role::Text,
    }
}

/// What keeps an alarm from doing its work, in a few words, and how that looks.
fn note(subject: &Subject<'_>) -> (String, Role) {
    let Subject { alarm, standing, findings, .. } = subject;
    let suppressed = alarm.composite().is_some_and(|composite| composite.suppressed_by.is_some());
    let evaluation = alarm.metric().and_then(|metric| metric.evaluation_state.as_deref());
    let lint = findings.first().map(|worst| match findings.len() - 1 {
        0 => worst.rule.id.to_owned(),
        more => format!("{} +{more}", worst.rule.id),
    });
    let has_actions = !alarm.actions.alarm.is_empty();
    let said = |is_so: bool, what: &str| is_so.then(|| what.to_owned());
    // The rules come first: they are looked up by their numbers, and words are known by their start.
    let parts = [
        lint,
        evaluation.map(|state| state.to_lowercase().replace('_', " ")),
        said(standing.missing > 0, "child missing"),
        said(standing.in_cycle, "cycle"),
        said(standing.muted_by.is_some(), "muted"),
        said(suppressed, "suppressed"),
        said(has_actions && !alarm.actions.enabled, "actions off"),
        said(!has_actions && subject.depth == 0, "no actions"),
    ];
    let role = match findings.first().map(|worst| worst.severity) {
        Some(Severity::Error) => Role::Trouble,
        _ if evaluation.is_some() || standing.missing > 0 || standing.in_cycle => Role::Notice,
        Some(Severity::Warning) => Role::Notice,
        Some(Severity::Info) | None => Role::Text,
    };
    (parts.into_iter().flatten().collect::<Vec<_>>().join(", "), role)
}

/// The row of all alarms that autoscaling made for its own policies.
pub(super) fn own((alarms, in_alarm): (usize, usize), folded: bool, selected: bool) -> Row {
    let role = if selected { Role::Selected } else { Role::Dim };
    let count = |number: usize| grouped(number as f64);
    let mut cells = vec![
        Span::new(format!("autoscaling's own: {}", count(alarms)), role),
        Span::new(format!("{} in ALARM", count(in_alarm)), Role::Dim),
        Span::new("", Role::Dim),
        Span::new("", Role::Dim),
        Span::new(if folded { "folded" } else { "unfolded" }, Role::Dim),
    ];
    cells.resize(columns(0, 0).len(), Span::new("", Role::Dim));
    Row { mark: Span::new("", Role::Text), selected, marked: false, cells }
}
