//! What is counted of the selected table or index: who contributes most, by each rule.

use super::insights::{self, Insights};
use super::key::is_unmeasured;
use super::{Facts, HIGH_SHARE, list_width, peak_share};
use crate::model::contributor::{Contributor, Key, PARTITION_UNITS_PER_MINUTE, Report, RuleKind};
use crate::model::id::Resource;
use crate::model::time::{Minute, Window};
use crate::store::{Detail, HotKeys, Trend};
use crate::view::detail::{judgement, paragraph, title};
use crate::view::format::{Unit, age, minute, number};
use crate::view::text::{points_per_cell, sparkline, width};
use crate::view::{Align, Column, ColumnWidth, Layout, Paragraph, Role, Row, Span};
use std::collections::BTreeMap;

/// Cells of the small charts.
const TREND_CELLS: u16 = 15;

/// Who contributes most, in words and rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The table or index, and the minutes.
    pub title: String,
    /// What is to be known before, what matters most first.
    pub words: Vec<Paragraph>,
    /// The columns of all rows.
    pub columns: Vec<Column>,
    /// The rules, what matters most first.
    pub sections: Vec<Section>,
}

/// What one rule counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// What is ranked, and in which unit.
    pub title: Span,
    /// Those with the largest sums, the largest first.
    pub rows: Vec<Row>,
    /// What takes the place of rows where there is none.
    pub note: Option<Span>,
}

/// Writes what stands beside or below the list.
pub(super) fn ranking(facts: &Facts<'_>) -> Ranking {
    let sections = sections(facts);
    let keys =
        sections.iter().flat_map(|section| &section.rows).filter_map(|row| row.cells.first());
    let longest = keys.map(|key| width(&key.text)).max().unwrap_or(0);
    let what = judgement(&facts.subject, facts.reveal.charset).into_iter().next();
    let words = what.into_iter().chain(state(facts)).chain([blind(facts)]).collect();
    Ranking { title: heading(facts), words, columns: columns(facts, longest), sections }
}

/// The table or index, and the minutes that are told of.
pub(super) fn heading(facts: &Facts<'_>) -> String {
    let subject = &facts.subject;
    let window = subject.reading.hot_keys(subject.resource).value().and_then(window);
    let name = title(subject.resource);
    let Some(Window { start, end }) = window else { return name };
    let written = |at| minute(at, subject.reading.now(), subject.reading.utc_offset());
    let separator = facts.reveal.charset.separator();
    format!("{name}{separator}{} to {}", written(start), written(end))
}

/// The minutes of the newest report.
fn window(known: &HotKeys) -> Option<Window> {
    known.reports().iter().map(|report| report.window).max_by_key(|window| window.end)
}

/// Whether keys are counted, and what keeps them from being told.
pub(super) fn state(facts: &Facts<'_>) -> Vec<Paragraph> {
    let Span { text, role } = insights::sentence(facts);
    let counts = paragraph("count", text, role);
    let reads = reads(facts).map(|Span { text, role }| paragraph("reads", text, role));
    // What went wrong comes first.
    reads.into_iter().chain([counts]).collect()
}

/// How old the reports are, unless they are new, and why there is none.
fn reads(facts: &Facts<'_>) -> Option<Span> {
    let reading = facts.subject.reading;
    let ago = |at| age(reading.now(), at);
    let (text, role) = match reading.hot_keys(facts.subject.resource) {
        Detail::Known { at, .. } if !reading.are_hot_keys_old(at) => return None,
        Detail::Known { at, .. } => (format!("read {} ago, and being read", ago(at)), Role::Notice),
        Detail::Stale { at, error, .. } => {
            (format!("as last read {} ago; since then {error}", ago(at)), Role::Stale)
        }
        Detail::Denied { action } => (format!("no permission: {action}"), Role::Problem),
        Detail::Failed(error) => (format!("not read: {error}"), Role::Problem),
        Detail::NotPolled if matches!(Insights::of_subject(facts), Insights::On(_)) => (
            "being read: reports come once a minute while the row is selected".to_owned(),
            Role::Dim,
        ),
        Detail::NotPolled => return None,
    };
    Some(Span::new(text, role))
}

/// What the counts cannot see ("Contributor Insights for `DynamoDB`: How it works").
pub(super) fn blind(facts: &Facts<'_>) -> Paragraph {
    let is_index = matches!(facts.subject.resource, Resource::Index(..));
    let parts = [
        is_index.then_some("throttled writes of an index are not measured"),
        Some("PartiQL and reads that DAX serves are not counted, nor other Regions' replicas"),
        Some("minutes before it was turned on are missing"),
    ];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    paragraph("blind", parts.join("; "), Role::Dim)
}

fn columns(facts: &Facts<'_>, longest: usize) -> Vec<Column> {
    /// Cells that all other columns take, with the gaps between them and before the first.
    const TAKEN: u16 = 56;
    let column = |title, width, rank, align| Column { title, sorted: None, width, rank, align };
    let number = |title, cells, rank| column(title, ColumnWidth::Fixed(cells), rank, Align::Right);
    let width = facts.size.0;
    let is_beside = width >= Layout::SIDE_BY_SIDE;
    let room = if is_beside { width - list_width(width) - 1 } else { width };
    let most = room.saturating_sub(TAKEN).max(14);
    let wanted = u16::try_from(longest).unwrap_or(u16::MAX).clamp(14, most);
    let key = ColumnWidth::Flexible { min: 14, wanted };
    let trend = match points_per_cell(facts.reveal.charset, facts.marker) {
        2 => "TREND, 30 MIN",
        _ => "TREND, 15 MIN",
    };
    vec![
        column("KEY", key, 0, Align::LeftCutMiddle),
        number("COUNT", 7, 1),
        number("OF ALL", 7, 3),
        number("OF PART", 8, 2),
        number("PEAK", 5, 2),
        column(trend, ColumnWidth::Fixed(TREND_CELLS), 4, Align::LeftCutEnd),
        number("SINCE", 5, 5),
    ]
}

/// What each rule counted, and the kinds of entities among the keys.
pub(super) fn sections(facts: &Facts<'_>) -> Vec<Section> {
    let subject = &facts.subject;
    let Some(known) = subject.reading.hot_keys(subject.resource).value() else { return vec![] };
    let mut sections: Vec<Section> =
        RuleKind::ALL.into_iter().filter_map(|kind| section(facts, known, kind)).collect();
    // After the keys, before the pairs.
    let keys = 2.min(sections.len());
    if let Some(kinds) = kinds(known) {
        sections.insert(keys, kinds);
    }
    sections
}

/// What a rule ranks, and in which unit.
pub(super) fn headline(report: &Report) -> String {
    let what = match report.kind {
        RuleKind::ThrottledKeys => "most throttled keys",
        RuleKind::AccessedKeys => "most accessed keys",
        RuleKind::ThrottledPairs => "most throttled pairs of keys",
        RuleKind::AccessedPairs => "most accessed pairs of keys",
    };
    let labels: Vec<&str> = report.labels.iter().map(|label| &**label).collect();
    let total = number(report.total, Unit::Count);
    format!("{what} ({}): {total} {}", labels.join(" / "), report.kind.unit())
}

/// The same above the keys; what is not measured has no total.
fn caption(facts: &Facts<'_>, report: &Report) -> String {
    let mut title = headline(report);
    let is_empty = report.contributors.is_empty() && report.kind.is_of_throttles();
    if is_empty
        && is_unmeasured(&facts.subject)
        && let Some(end) = title.rfind(':')
    {
        title.truncate(end);
    }
    title
}

fn section(facts: &Facts<'_>, known: &HotKeys, kind: RuleKind) -> Option<Section> {
    let Some(report) = known.report(kind) else {
        let is_left_out =
            kind == RuleKind::AccessedKeys && Insights::of_subject(facts).is_of_throttles_alone();
        return is_left_out.then(|| Section {
            title: Span::new("most accessed keys", Role::Head),
            rows: vec![],
            note: Some(Span::new("not counted in the mode THROTTLED_KEYS", Role::Notice)),
        });
    };
    let is_of_pairs = matches!(kind, RuleKind::ThrottledPairs | RuleKind::AccessedPairs);
    if is_of_pairs && report.contributors.is_empty() {
        // The keys say why.
        return None;
    }
    let full = fullest(known, report);
    let rows = report.contributors.iter().map(|one| row(facts, known, (report, one), full));
    Some(Section {
        title: Span::new(caption(facts, report), Role::Head),
        rows: rows.collect(),
        note: report.contributors.is_empty().then(|| nothing(facts, kind)),
    })
}

/// Why a rule has no contributor.
fn nothing(facts: &Facts<'_>, kind: RuleKind) -> Span {
    if !kind.is_of_throttles() {
        return Span::new("no access was counted in these minutes", Role::Dim);
    }
    if is_unmeasured(&facts.subject) {
        return Span::new("not measured for writes of an index: see accessed keys", Role::Notice);
    }
    Span::new("no key was throttled in these minutes", Role::Dim)
}

/// What the small charts of a report have at their top: a whole partition, or the most throttle events
/// that any of its keys had in a minute.
fn fullest(known: &HotKeys, report: &Report) -> f64 {
    if !report.kind.is_of_throttles() {
        return PARTITION_UNITS_PER_MINUTE;
    }
    let trends = report.contributors.iter().filter_map(|one| known.trend(report.kind, &one.keys));
    trends.flat_map(|trend| &trend.points).map(|(_, value)| *value).fold(1.0, f64::max)
}

fn row(
    facts: &Facts<'_>,
    known: &HotKeys,
    (report, contributor): (&Report, &Contributor),
    full: f64,
) -> Row {
    let percent = |share: Option<f64>| {
        share.map_or_else(|| "-".to_owned(), |share| number(100.0 * share, Unit::Percent))
    };
    let peak = peak_share(report.kind, contributor);
    let role = if peak >= Some(HIGH_SHARE) { Role::Trouble } else { Role::Text };
    let trend = known.trend(report.kind, &contributor.keys);
    let text = |text| Span::new(text, Role::Text);
    let spark = trend.map_or_else(String::new, |it| spark(facts, it, (report.window.end, full)));
    cells(vec![
        Span::new(facts.reveal.text(&contributor.keys), role),
        text(number(contributor.total, Unit::Count)),
        text(percent(report.share_of_total(contributor))),
        text(percent(report.share_of_partition(contributor))),
        Span::new(percent(peak), role),
        Span::new(spark, Role::Chart),
        Span::new(trend.map_or_else(String::new, |it| seen(facts, it)), Role::Dim),
    ])
}

fn cells(cells: Vec<Span>) -> Row {
    Row { mark: Span::new("", Role::Text), selected: false, marked: false, cells }
}

/// Its newest minutes; a blank where it was not among the top contributors.
fn spark(facts: &Facts<'_>, trend: &Trend, (end, full): (Minute, f64)) -> String {
    let charset = facts.reveal.charset;
    let minutes = i64::from(TREND_CELLS) * points_per_cell(charset, facts.marker);
    let value = |minute: Minute| {
        let found = trend.points.binary_search_by_key(&minute, |(minute, _)| *minute).ok()?;
        trend.points.get(found).map(|(_, value)| *value)
    };
    let points: Vec<Option<f64>> = (-minutes..0).map(|place| value(end.plus(place))).collect();
    sparkline(&points, full, charset, facts.marker)
}

/// How long ago it was first among the top contributors.
fn seen(facts: &Facts<'_>, trend: &Trend) -> String {
    let ago = age(facts.subject.reading.now(), trend.first_seen.start());
    if trend.or_earlier { format!(">{ago}") } else { ago }
}

/// The top contributors by the kind of entity that their keys begin with, where there is more than one:
/// of the accessed ones, if these are counted, and by pairs, if there is a sort key.
pub(super) fn kinds(known: &HotKeys) -> Option<Section> {
    const FIRST: [RuleKind; 4] = [
        RuleKind::AccessedPairs,
        RuleKind::AccessedKeys,
        RuleKind::ThrottledPairs,
        RuleKind::ThrottledKeys,
    ];
    FIRST.into_iter().find_map(|kind| by_kind(known.report(kind)?))
}

fn by_kind(report: &Report) -> Option<Section> {
    let mut sums: BTreeMap<String, (usize, f64)> = BTreeMap::new();
    for contributor in &report.contributors {
        let (count, sum) = sums.entry(entities(&contributor.keys)).or_default();
        *count += 1;
        *sum += contributor.total;
    }
    let is_told = sums.len() > 1 && sums.keys().any(|kind| kind.contains('#'));
    let mut sums: Vec<(String, (usize, f64))> = sums.into_iter().filter(|_| is_told).collect();
    sums.sort_by(|(_, (_, one)), (_, (_, other))| other.total_cmp(one));
    let dash = || Span::new("-", Role::Dim);
    let row = |(kind, (count, sum)): (String, (usize, f64))| {
        let share = if report.total > 0.0 { (sum / report.total).min(1.0) } else { 0.0 };
        cells(vec![
            Span::new(format!("{kind} x{count}"), Role::Text),
            Span::new(number(sum, Unit::Count), Role::Text),
            Span::new(number(100.0 * share, Unit::Percent), Role::Text),
            dash(),
            dash(),
            Span::new("", Role::Dim),
            Span::new("", Role::Dim),
        ])
    };
    let rows: Vec<Row> = sums.into_iter().map(row).collect();
    let of = if report.kind.is_of_throttles() { "most throttled" } else { "most accessed" };
    let text = format!("the {of} by kind of entity, {}", report.kind.unit());
    is_told.then(|| Section { title: Span::new(text, Role::Head), rows, note: None })
}

/// `CUSTOMER# / ORDER#`; what begins with none is `other`.
fn entities(keys: &[Key]) -> String {
    let kind = |key: &Key| match key.entity() {
        "" => "other".to_owned(),
        kind => kind.to_owned(),
    };
    keys.iter().map(kind).collect::<Vec<_>>().join(" / ")
}
