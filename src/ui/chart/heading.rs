//! A chart's title and its legend: beside the title where both fit, below it otherwise.

use super::raster::glyph;
use crate::ui::{Pen, from, line};
use crate::view::Role;
use crate::view::chart::{Chart, Marker, Scale};
use crate::view::text::{Charset, cut_end, cut_middle, width};
use ratatui::layout::Rect;
use std::borrow::Cow;

/// Cells between the title and the legend, and between two entries.
const GAP: u16 = 2;

/// The least height that has room for a legend below the title.
const LEAST_WITH_LEGEND_BELOW: u16 = 8;

/// Cells of a label below which it says nothing.
const LEAST_LABEL: usize = 5;

/// Paints title and legend, and returns the number of lines they took.
pub(super) fn paint(
    chart: &Chart,
    scale: &Scale,
    marker: Marker,
    area: Rect,
    pen: &mut Pen<'_>,
) -> u16 {
    let first = line(area, area.y);
    let rest = from(first, title(chart, first, pen).saturating_add(GAP));
    let entries = entries(chart, scale, marker, pen.charset);
    if total(&entries, longest_label(&entries)) > rest.width.into()
        && area.height >= LEAST_WITH_LEGEND_BELOW
    {
        legend(&entries, from(line(area, area.y + 1), area.x + GAP), pen);
        2
    } else {
        legend(&entries, rest, pen);
        1
    }
}

/// Paints the title and returns where it ended; room for the pointer is kept, so that it stands still.
pub(super) fn title(chart: &Chart, area: Rect, pen: &mut Pen<'_>) -> u16 {
    let role = if chart.focused { Role::Focus } else { Role::Title };
    if chart.focused {
        pen.put(pen.charset.pointer(), role, area);
    }
    let rest = from(area, area.x.saturating_add(GAP));
    let title = cut_end(&chart.title, rest.width.into(), pen.charset);
    pen.put(&title, role, rest)
}

/// One line or level in the legend.
struct Entry<'a> {
    glyph: char,
    role: Role,
    label: &'a str,
    value: Cow<'a, str>,
}

fn entries<'a>(
    chart: &'a Chart,
    scale: &Scale,
    marker: Marker,
    charset: Charset,
) -> Vec<Entry<'a>> {
    let lines = chart.lines.iter().enumerate().map(|(place, line)| Entry {
        glyph: glyph(marker, place, line.stroke),
        role: line.role,
        label: &line.label,
        value: Cow::Borrowed(&line.value),
    });
    let (glyph, above) = match charset {
        Charset::Unicode => ('┄', "↑"),
        Charset::Ascii => ('-', "^"),
    };
    let levels = chart.levels.iter().map(|level| {
        let (label, value) = words_and_number(&level.label);
        let value = if scale.shows(level) {
            Cow::Borrowed(value)
        } else {
            Cow::Owned(format!("{value}{above}"))
        };
        Entry { glyph, role: Role::Limit, label, value }
    });
    lines.chain(levels).collect()
}

/// Parts `provisioned 1,000` so that its number is never cut: half of one would be a wrong one.
fn words_and_number(label: &str) -> (&str, &str) {
    let has_digit = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let words = label.split_inclusive(' ').take_while(|word| !has_digit(word));
    let (words, number) = label.split_at(words.map(str::len).sum());
    (words.trim_end(), number)
}

/// Paints what fits: labels are cut first, then left out, and at last whole entries are.
fn legend(entries: &[Entry<'_>], area: Rect, pen: &mut Pen<'_>) {
    let longest = longest_label(entries);
    let label = (LEAST_LABEL.min(longest)..=longest)
        .rev()
        .find(|label| total(entries, *label) <= area.width.into())
        .unwrap_or(0);
    let mut x = area.x;
    for (entry, left) in entries.iter().zip((0..entries.len()).rev()) {
        let rest = from(area, x);
        let to_follow = if left > 0 { usize::from(GAP) + 1 } else { 0 };
        if entry.cells(label) + to_follow > rest.width.into() {
            pen.put(pen.charset.ellipsis(), Role::Dim, rest);
            return;
        }
        x = entry.paint(label, rest, pen).saturating_add(GAP);
    }
}

fn longest_label(entries: &[Entry<'_>]) -> usize {
    entries.iter().map(|entry| width(entry.label)).max().unwrap_or(0)
}

/// Cells that all entries take with labels of at most `label` cells.
fn total(entries: &[Entry<'_>], label: usize) -> usize {
    let widths = entries.iter().map(|entry| entry.cells(label));
    widths.reduce(|sum, next| sum + usize::from(GAP) + next).unwrap_or(0)
}

impl Entry<'_> {
    /// Cells it takes with a label of at most `label` cells.
    fn cells(&self, label: usize) -> usize {
        let texts = [width(self.label).min(label), width(&self.value)];
        1 + texts.into_iter().filter(|cells| *cells > 0).map(|cells| 1 + cells).sum::<usize>()
    }

    /// Returns where it ended.
    fn paint(&self, label: usize, area: Rect, pen: &mut Pen<'_>) -> u16 {
        let mut x = pen.put(self.glyph.encode_utf8(&mut [0; 4]), self.role, area);
        // The middle goes, since labels often differ at their ends: `GetItem p50`, `GetItem p99`.
        let label = cut_middle(self.label, label, pen.charset);
        for (text, role) in [(label.as_str(), Role::Dim), (self.value.as_ref(), Role::Text)] {
            if !text.is_empty() {
                x = pen.put(text, role, from(area, x.saturating_add(1)));
            }
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_cut_before_its_number() {
        let cases = [
            ("provisioned 1,000", ("provisioned", "1,000")),
            ("alarm at 20 ms", ("alarm at", "20 ms")),
            ("40%", ("", "40%")),
            ("maximum", ("maximum", "")),
        ];
        for (label, parts) in cases {
            assert_eq!(words_and_number(label), parts);
        }
    }
}
