//! Everything about the selected row, in words alone.

use super::key::{share_of_all, since};
use super::ranking::{blind, heading, headline, kinds, state};
use super::{Facts, peak_share};
use crate::model::contributor::{Contributor, Report};
use crate::store::HotKeys;
use crate::view::detail::{judgement, paragraph};
use crate::view::format::{Unit, number};
use crate::view::{Detail, Paragraph, Role};

/// Contributors of a rule that words have room for.
const TOLD: usize = 5;

/// Everything that is known of the selected row, in words.
pub fn words(facts: &Facts<'_>) -> Detail {
    let subject = &facts.subject;
    let mut paragraphs = judgement(subject, facts.reveal.charset);
    paragraphs.extend(state(facts));
    paragraphs.push(blind(facts));
    if let Some(known) = subject.reading.hot_keys(subject.resource).value() {
        for report in known.reports() {
            paragraphs.push(paragraph("", headline(report), Role::Head));
            let told = report.contributors.iter().take(TOLD);
            paragraphs.extend(told.map(|one| sentence(facts, known, report, one)));
        }
        paragraphs.extend(by_kind(known));
    }
    Detail { title: heading(facts), paragraphs, charts: vec![] }
}

fn sentence(
    facts: &Facts<'_>,
    known: &HotKeys,
    report: &Report,
    contributor: &Contributor,
) -> Paragraph {
    let percent = |share: f64| number(100.0 * share, Unit::Percent);
    let minutes = report.window.minutes();
    let count =
        format!("{} {} in {minutes} m", number(contributor.total, Unit::Count), report.kind.unit());
    let mean = report.share_of_partition(contributor);
    let peak = peak_share(report.kind, contributor);
    let of_partition = mean.zip(peak).map(|(mean, peak)| {
        format!(
            "{} of a partition on average, {} in its busiest minute",
            percent(mean),
            percent(peak)
        )
    });
    let seen = known.trend(report.kind, &contributor.keys);
    let seen = seen.map(|trend| since(facts.subject.reading, trend));
    let parts = [Some(count), share_of_all(report, contributor), of_partition, seen];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let key = facts.reveal.text(&contributor.keys);
    paragraph("key", format!("{key}: {}", parts.join(", ")), Role::Text)
}

/// The kinds of entities among the keys, with their sums.
fn by_kind(known: &HotKeys) -> Vec<Paragraph> {
    let Some(section) = kinds(known) else { return vec![] };
    let head = paragraph("", section.title.text, Role::Head);
    let texts = section.rows.iter().map(|row| {
        let cells: Vec<&str> = row.cells.iter().take(3).map(|cell| cell.text.as_str()).collect();
        match cells.as_slice() {
            [kind, sum, share] => format!("{kind}: {sum}, {share} of all"),
            _ => cells.join(" "),
        }
    });
    let kinds = texts.map(|text| paragraph("kind", text, Role::Text));
    std::iter::once(head).chain(kinds).collect()
}
