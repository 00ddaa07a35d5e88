//! The head of the report, and its verdicts.

use super::Material;
use super::charts::{Charted, MOST};
use super::markdown::{heading, plain};
use crate::diagnose::{Severity, Verdict};
use crate::model::id::Scope;
use crate::report::snapshot::instant;
use std::collections::BTreeSet;
use std::fmt::Write;

/// What the bundle tells of: where, when, and in short what.
pub(super) fn head(material: &Material<'_>, out: &mut String) {
    out.push_str("# DynamoDB incident\n\n");
    if let Some(simulated) = material.simulated {
        let _ = writeln!(out, "**Simulated.** {}\n", plain(simulated));
    }
    for (reading, verdicts) in material.judged {
        let scope = reading.scope();
        let _ =
            writeln!(out, "- Account {}, region {}", plain(scope.account()), plain(scope.region()));
        if let Some(identity) = reading.identity() {
            let _ = writeln!(out, "- Read as {}", plain(&identity.arn));
        }
        match reading.newest_settled() {
            Some(minute) => {
                let _ = writeln!(
                    out,
                    "- Figures are about the minute {minute} where nothing else is said"
                );
            }
            None => out.push_str("- No figure was read\n"),
        }
        let _ = writeln!(out, "- {}", counts(verdicts));
    }
    let _ = writeln!(
        out,
        "- Written {} (UTC) by ddbtop {}",
        instant(material.now),
        env!("CARGO_PKG_VERSION")
    );
    let keys = if material.reveal_keys { "told in full: they are customer data" } else { "masked" };
    let _ = writeln!(out, "- Hot keys are {keys}");
}

/// How many resources are in trouble, as the screen counts them, and how many more are worth a look.
fn counts(verdicts: &[Verdict]) -> String {
    let of = |severity| {
        let verdicts = verdicts.iter().filter(move |one| one.severity == severity);
        verdicts.map(|verdict| &verdict.resource).collect::<BTreeSet<_>>()
    };
    let (trouble, noticed) = (of(Severity::Trouble), of(Severity::Notice));
    let others = noticed.difference(&trouble).count();
    let verdicts = match verdicts.len() {
        1 => "1 verdict".to_owned(),
        many => format!("{many} verdicts"),
    };
    format!("{} in trouble, {others} more worth a look: {verdicts}", trouble.len())
}

/// Every verdict with what it rests on, what to do first in front.
pub(super) fn verdicts(material: &Material<'_>, charted: &[Charted<'_>], out: &mut String) {
    heading("What is wrong", out);
    let all = material.judged.iter().flat_map(|(reading, verdicts)| {
        verdicts.iter().map(move |verdict| (reading.scope(), verdict))
    });
    let mut count = 0;
    for (scope, found) in all {
        count += 1;
        verdict(count, scope, found, out);
        charts(scope, found, charted, out);
    }
    if count == 0 {
        out.push_str("Nothing, as far as it was read.\n");
    }
    if charted.len() >= MOST {
        let _ = writeln!(out, "\nCharts are drawn of the first {MOST} resources.");
    }
}

fn verdict(place: usize, scope: &Scope, verdict: &Verdict, out: &mut String) {
    let resource = plain(&verdict.path());
    let _ = writeln!(out, "### {place}. {resource}: {}\n", plain(&verdict.headline()));
    let earlier = if verdict.since_or_earlier { " or earlier" } else { "" };
    let mut fact = |name: &str, text: &str| {
        let _ = writeln!(out, "- {name}: {text}");
    };
    fact("where", &format!("{} {}", plain(scope.account()), plain(scope.region())));
    fact("since", &format!("{}{earlier}", verdict.since));
    let cause = verdict.cause.as_str();
    fact(
        "cause",
        &format!("{cause} ({}, {})", verdict.confidence.as_str(), verdict.severity.as_str()),
    );
    if let Some(reason) = &verdict.reason {
        fact("throttling reason", &plain(&reason.to_string()));
    }
    if let Some(behind) = verdict.behind {
        fact("behind it", behind.as_str());
    }
    if !verdict.explains.is_empty() {
        let names: Vec<String> =
            verdict.explains.iter().map(|other| plain(&other.to_string())).collect();
        fact("hits", &names.join(", "));
    }
    fact("next step", &plain(&verdict.advice.to_string()));
    out.push_str("- evidence:\n");
    for evidence in &verdict.evidence {
        let _ = writeln!(out, "  - {}", plain(&evidence.text));
    }
    out.push('\n');
}

/// Links to the charts of the verdict's resource, and shows the first of them.
fn charts(scope: &Scope, verdict: &Verdict, charted: &[Charted<'_>], out: &mut String) {
    let Some(own) = charted.iter().find(|one| one.is(scope, &verdict.resource)) else { return };
    let link = |stem: &str, name: &str| format!("[{name}](charts/{stem}.svg)");
    let links: Vec<String> = own.charts.iter().map(|file| link(&file.stem, file.name())).collect();
    let _ = writeln!(out, "Charts: {}\n", links.join(" · "));
    if let Some(first) = own.charts.first() {
        let _ = writeln!(out, "![{}](charts/{}.png)\n", first.name(), first.stem);
    }
}
