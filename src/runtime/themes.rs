//! `themes`: what there is to choose from, and the files to make one's own from.

use super::look::Look;
use super::{Ending, Failure};
use crate::cli::Themes;
use crate::config::Config;
use crate::ui::theme::{Theme, ThemeError};
use crate::view::Role;
use ratatui::backend::IntoCrossterm;
use std::fmt::Write;
use std::io::{self, IsTerminal};

/// The words of a sample and what they stand for.
const SAMPLE: [(&str, Role); 9] = [
    ("NAME", Role::Head),
    ("orders", Role::Title),
    ("51%", Role::Text),
    ("87%", Role::Notice),
    ("hot partition", Role::Trouble),
    ("40%*", Role::Stale),
    ("READ-ONLY", Role::Safe),
    ("PROD", Role::Production),
    ("legend", Role::Dim),
];

/// The lines of a chart in a sample.
const LINES: [Role; 6] =
    [Role::Line1, Role::Line2, Role::Line3, Role::Line4, Role::Line5, Role::Line6];

/// Prints the theme that was asked for, or lists all; what is wrong with others is told beside.
pub(super) fn print(config: &Config, asked: &Themes) -> Result<Ending, Failure> {
    let look = Look::new(config)?;
    if let Some(name) = &asked.name {
        return super::print(look.entry(name)?.text());
    }
    // The terminal library goes by NO_COLOR alone; the user may have said more.
    crossterm::style::force_color_output(look.has_colors());
    let samples = io::stdout().is_terminal() && look.has_colors();
    let ending = super::print(&list(&look, samples)?)?;
    for mistake in look.mistakes() {
        super::tell(&mistake.to_string());
    }
    Ok(ending)
}

/// Every theme with its summary, a line each; with a sample below where one can be shown.
fn list(look: &Look, samples: bool) -> Result<String, ThemeError> {
    let entries = look.entries();
    let width = entries.iter().map(|entry| entry.name().len()).max().unwrap_or_default();
    let mut text = String::new();
    for entry in entries {
        let _ = writeln!(text, "{:width$}  {}", entry.name(), entry.summary());
        if samples {
            let _ = writeln!(text, "{:width$}  {}", "", sample(&look.theme(entry.name())?));
        }
    }
    Ok(text)
}

fn sample(theme: &Theme) -> String {
    let painted = |text: &str, role| theme.style(role).into_crossterm().apply(text).to_string();
    let words = SAMPLE.map(|(text, role)| painted(text, role)).join(" ");
    let lines = LINES.map(|role| painted("--", role)).concat();
    format!("{words} {lines}")
}
