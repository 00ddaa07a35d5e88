//! `export`: an incident as files, for a hand-over or a post-mortem.
//!
//! A bundle is made from what is known and judged at one moment, and from nothing else: the same
//! store gives the same bundle, byte for byte. Its figures are those of `snapshot --format json`.

mod charts;
mod figures;
mod incident;
mod markdown;
mod surroundings;
#[cfg(test)]
mod tests;
mod timeline;

use super::snapshot;
use crate::diagnose::{Bout, Thresholds, Verdict, bouts};
use crate::model::id::{Resource, Scope};
use crate::plot::{PictureError, Scene};
use crate::store::Reading;
use crate::view::timeline::entries;
use charts::Charted;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The resource that the user looks at.
#[derive(Debug, Clone, Copy)]
pub struct Selected<'a> {
    /// Where it lives.
    pub scope: &'a Scope,
    /// The table, index or account.
    pub resource: &'a Resource,
    /// Minutes that its charts show.
    pub minutes: i64,
}

/// What a bundle is made from.
#[derive(Debug)]
pub struct Material<'a> {
    /// Every scope with its verdicts, which keep their order.
    pub judged: &'a [(Reading<'a>, &'a [Verdict])],
    /// What is charted besides resources with a verdict.
    pub selected: Option<Selected<'a>>,
    /// Pictures of screens, by the names of their files.
    pub screens: &'a [(String, Scene)],
    /// What was read, in words, where that is not a real AWS.
    pub simulated: Option<&'a str>,
    /// Whether hot keys are told in full. They are customer data.
    pub reveal_keys: bool,
    /// When throttling counts as trouble.
    pub thresholds: &'a Thresholds,
    /// The moment that the bundle tells of.
    pub now: Timestamp,
}

/// Files by their paths inside the bundle, parted by `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// What each holds.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Makes a bundle.
///
/// # Errors
/// A picture that cannot be made.
pub fn bundle(material: &Material<'_>) -> Result<Bundle, PictureError> {
    let charted = charts::charted(material);
    let told = material.judged.iter().map(|(reading, _)| {
        let throttling = bouts(*reading, material.thresholds);
        (*reading, throttling)
    });
    let told: Vec<(Reading<'_>, Vec<Bout>)> = told.collect();
    let entries = entries(told.iter().map(|(reading, bouts)| (*reading, &**bouts)), false);
    let mut files = BTreeMap::new();
    for resource in &charted {
        for file in &resource.charts {
            let (stem, scene) = (&file.stem, file.scene());
            files.insert(format!("charts/{stem}.svg"), scene.svg().into_bytes());
            files.insert(format!("charts/{stem}.png"), scene.png(1)?);
            files.insert(format!("data/{stem}.csv"), file.csv().into_bytes());
        }
    }
    for (name, scene) in material.screens {
        files.insert(format!("screens/{name}.svg"), scene.svg().into_bytes());
    }
    let json = |value| format!("{value:#}\n").into_bytes();
    let snapshot = snapshot::json(material.judged, material.now);
    files.insert("snapshot.json".to_owned(), json(snapshot));
    files.insert("timeline.json".to_owned(), json(timeline::json(&entries, material.now)));
    let report = report(material, &charted, &entries);
    files.insert("report.md".to_owned(), report.into_bytes());
    Ok(Bundle { files })
}

/// Writes the report, what matters most first.
fn report(
    material: &Material<'_>,
    charted: &[Charted<'_>],
    entries: &[crate::view::timeline::Entry],
) -> String {
    let mut out = String::new();
    incident::head(material, &mut out);
    incident::verdicts(material, charted, &mut out);
    figures::section(charted, &mut out);
    timeline::section(entries, &mut out);
    surroundings::writes(material, &mut out);
    surroundings::scaling(material, &mut out);
    surroundings::hot_keys(material, &mut out);
    surroundings::findings(material, &mut out);
    surroundings::unread(material, &mut out);
    surroundings::cost(material, &mut out);
    surroundings::files(charted, material, &mut out);
    out
}
