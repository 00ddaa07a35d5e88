//! A chart's title and its legend: beside the title where both fit, below it otherwise.

use super::raster::{glyph, level_glyph};
use crate::ui::{Pen, from, line};
use crate::view::Role;
use crate::view::chart::{Chart, Marker, Scale};
use crate::view::text::{Charset, cut_end, width};
use ratatui::layout::Rect;
use std::borrow::Cow;

/// Cells between the title and the legend, and between two entries.
const GAP: u16 = 2;

/// The least height that has room for a legend below the title.
const LEAST_WITH_LEGEND_BELOW: u16 = 8;

/// How much a legend says: less where room lacks.
#[derive(Clone, Copy)]
enum Wording {
    Full,
    /// Short names.
    Short,
    /// Besides, only lines that have a name, close together, and a level without one if it is alone.
    Brief,
}

impl Wording {
    const ALL: [Self; 3] = [Self::Full, Self::Short, Self::Brief];

    fn gap(self) -> u16 {
        match self {
            Self::Full | Self::Short => GAP,
            Self::Brief => 1,
        }
    }
}

/// Paints title and legend, and returns the number of lines they took.
pub(super) fn paint(
    chart: &Chart,
    scale: &Scale,
    marker: Marker,
    area: Rect,
    pen: &mut Pen<'_>,
) -> u16 {
    let first = line(area, area.y);
    let entries = entries(chart, scale, marker, pen.charset);
    let titles = [chart.title.as_str(), short_title(chart)];
    let room =
        |title: &str| usize::from(first.width).saturating_sub(width(title) + 2 * usize::from(GAP));
    let fits = |title: &str, wording| total(&entries, wording) <= room(title);
    if !fits(&chart.title, Wording::Full) && area.height >= LEAST_WITH_LEGEND_BELOW {
        title(chart, &chart.title, first, pen);
        let below = from(line(area, area.y + 1), area.x + GAP);
        let fits = |wording: &Wording| total(&entries, *wording) <= below.width.into();
        let wording = Wording::ALL.into_iter().find(fits).unwrap_or(Wording::Brief);
        legend(&entries, wording, below, pen);
        return 2;
    }
    let shorter_and_shorter = [
        (titles[0], Wording::Full),
        (titles[0], Wording::Short),
        (titles[1], Wording::Full),
        (titles[1], Wording::Short),
    ];
    let fitting = shorter_and_shorter.into_iter().find(|(title, wording)| fits(title, *wording));
    let (text, wording) = fitting.unwrap_or((titles[1], Wording::Brief));
    let x = title(chart, text, first, pen).saturating_add(GAP);
    legend(&entries, wording, from(first, x), pen);
    1
}

fn short_title(chart: &Chart) -> &str {
    if chart.short_title.is_empty() { &chart.title } else { chart.short_title }
}

/// Paints the title and returns where it ended; room for the pointer is kept, so that it stands still.
pub(super) fn title(chart: &Chart, text: &str, area: Rect, pen: &mut Pen<'_>) -> u16 {
    let role = if chart.focused { Role::Focus } else { Role::Title };
    if chart.focused {
        pen.put(pen.charset.pointer(), role, area);
    }
    let rest = from(area, area.x.saturating_add(GAP));
    pen.put(&cut_end(text, rest.width.into(), pen.charset), role, rest)
}

/// One line or level in the legend.
struct Entry<'a> {
    glyph: char,
    role: Role,
    label: &'a str,
    short: &'a str,
    brief: &'a str,
    value: Cow<'a, str>,
}

fn entries<'a>(
    chart: &'a Chart,
    scale: &Scale,
    marker: Marker,
    charset: Charset,
) -> Vec<Entry<'a>> {
    let lines = chart.lines.iter().enumerate().map(|(place, line)| {
        let short = if line.short.is_empty() { &line.label } else { line.short };
        Entry {
            glyph: glyph(marker, place, line.stroke),
            role: line.role,
            label: &line.label,
            short,
            brief: short,
            value: Cow::Borrowed(&line.value),
        }
    });
    let above = match charset {
        Charset::Unicode => "↑",
        Charset::Ascii => "^",
    };
    let are_several = chart.levels.len() > 1;
    let levels = chart.levels.iter().enumerate().map(move |(place, level)| {
        let (label, value) = words_and_number(&level.label);
        let value = if scale.shows(level) {
            Cow::Borrowed(value)
        } else {
            Cow::Owned(format!("{value}{above}"))
        };
        let brief = if are_several { level.short } else { "" };
        let glyph = level_glyph(marker, place);
        Entry { glyph, role: Role::Limit, label, short: level.short, brief, value }
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

/// Paints the entries that fit, and an ellipsis in place of the others.
fn legend(entries: &[Entry<'_>], wording: Wording, area: Rect, pen: &mut Pen<'_>) {
    let told = told(entries, wording);
    let mut x = area.x;
    for (entry, left) in told.iter().zip((0..told.len()).rev()) {
        let rest = from(area, x);
        let to_follow = if left > 0 { usize::from(wording.gap()) + 1 } else { 0 };
        if entry.cells(wording) + to_follow > rest.width.into() {
            pen.put(pen.charset.ellipsis(), Role::Dim, rest);
            return;
        }
        x = entry.paint(wording, rest, pen).saturating_add(wording.gap());
    }
}

/// The entries that such a legend tells: a value without a name means nothing among names.
fn told<'e, 'a>(entries: &'e [Entry<'a>], wording: Wording) -> Vec<&'e Entry<'a>> {
    let tells_all = match wording {
        Wording::Full | Wording::Short => true,
        Wording::Brief => entries.iter().all(|entry| entry.label.is_empty()),
    };
    entries.iter().filter(|entry| tells_all || !entry.label.is_empty()).collect()
}

/// Cells that such a legend takes.
fn total(entries: &[Entry<'_>], wording: Wording) -> usize {
    let told = told(entries, wording);
    let widths = told.iter().map(|entry| entry.cells(wording));
    widths.reduce(|sum, next| sum + usize::from(wording.gap()) + next).unwrap_or(0)
}

impl Entry<'_> {
    fn name(&self, wording: Wording) -> &str {
        match wording {
            Wording::Full => self.label,
            Wording::Short => self.short,
            Wording::Brief => self.brief,
        }
    }

    /// Cells it takes.
    fn cells(&self, wording: Wording) -> usize {
        let texts = [width(self.name(wording)), width(&self.value)];
        1 + texts.into_iter().filter(|cells| *cells > 0).map(|cells| 1 + cells).sum::<usize>()
    }

    /// Returns where it ended.
    fn paint(&self, wording: Wording, area: Rect, pen: &mut Pen<'_>) -> u16 {
        let mut x = pen.put(self.glyph.encode_utf8(&mut [0; 4]), self.role, area);
        for (text, role) in [(self.name(wording), Role::Dim), (self.value.as_ref(), Role::Text)] {
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
