//! A theme file: TOML, every mistake named with its line and what was probably meant.

use super::color;
use crate::view::Role;
use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Themes that cannot be used. Each message is one line: what, where, what to do.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum ThemeError {
    /// A theme file, or the folder of them, could not be read.
    #[error("theme file {path}: {problem}")]
    Unreadable {
        /// Its path.
        path: String,
        /// The system's words.
        problem: String,
    },
    /// A theme file has a mistake.
    #[error("theme file {path}:{line}: {problem}")]
    Invalid {
        /// Its path.
        path: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong, and what was probably meant.
        problem: String,
    },
    /// There is no theme of that name.
    #[error("no theme `{name}`{suggestion} (`ddbtop themes` lists them)")]
    Unknown {
        /// The name.
        name: String,
        /// The one that was probably meant, if any is near.
        suggestion: String,
    },
}

/// The token of what lies under everything.
pub(super) const BACKGROUND: &str = "background";
/// How colours are written.
const COLORS: &str = "\"#rrggbb\", \"ansi:bright-red\", \"index:208\" or \"default\"";

/// A theme file as written, its names checked.
#[derive(Debug)]
pub(super) struct File {
    path: String,
    text: String,
    written: Written,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Spanned<String>,
    summary: String,
    inherits: Option<Spanned<String>>,
    background_hint: Option<Spanned<String>>,
    #[serde(default)]
    palette: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    tokens: BTreeMap<String, Spanned<Token>>,
}

/// What a token looks like; a colour is a name of the palette or written out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the file")]
struct Token {
    fg: Option<String>,
    bg: Option<String>,
    bold: bool,
    dim: bool,
    italic: bool,
    underlined: bool,
    reversed: bool,
}

impl Token {
    fn modifiers(&self) -> Modifier {
        [
            (self.bold, Modifier::BOLD),
            (self.dim, Modifier::DIM),
            (self.italic, Modifier::ITALIC),
            (self.underlined, Modifier::UNDERLINED),
            (self.reversed, Modifier::REVERSED),
        ]
        .into_iter()
        .filter(|(wanted, _)| *wanted)
        .fold(Modifier::empty(), |all, (_, modifier)| all | modifier)
    }
}

impl File {
    /// Reads the text of the theme file at `path`, which only errors need.
    pub(super) fn parse(path: &str, text: &str) -> Result<Self, ThemeError> {
        let written = toml::from_str(text).map_err(|error| {
            invalid(path, text, error.span().map_or(0, |span| span.start), &said(error.message()))
        })?;
        let file = Self { path: path.to_owned(), text: text.to_owned(), written };
        for (name, token) in &file.written.tokens {
            if name != BACKGROUND && !Role::ALL.iter().any(|role| token_of(*role) == name) {
                let tokens = Role::ALL.into_iter().map(token_of).chain([BACKGROUND]);
                let suggestion = suggestion(name, tokens);
                return Err(file.wrong(token, &format!("unknown token `{name}`{suggestion}")));
            }
        }
        let written = &file.written;
        for value in written.palette.values().chain(&written.background_hint) {
            if color::parse(value.get_ref()).is_none() {
                let problem = format!("`{}` is no colour: expected {COLORS}", value.get_ref());
                return Err(file.wrong(value, &problem));
            }
        }
        Ok(file)
    }

    /// The name of the theme.
    pub(super) fn name(&self) -> &str {
        self.written.name.get_ref()
    }

    /// What the theme is like, in one line.
    pub(super) fn summary(&self) -> &str {
        &self.written.summary
    }

    /// The file as it was read.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The theme that has what this one leaves out.
    pub(super) fn inherits(&self) -> Option<&str> {
        self.written.inherits.as_ref().map(|name| name.get_ref().as_str())
    }

    /// The error that the theme's name is at fault.
    pub(super) fn wrong_name(&self, problem: &str) -> ThemeError {
        self.wrong(&self.written.name, problem)
    }

    /// The error that what it inherits is at fault.
    pub(super) fn wrong_inherits(&self, problem: &str) -> ThemeError {
        self.wrong(self.written.inherits.as_ref().unwrap_or(&self.written.name), problem)
    }

    fn wrong<T>(&self, place: &Spanned<T>, problem: &str) -> ThemeError {
        invalid(&self.path, &self.text, place.span().start, problem)
    }
}

/// The style of `token`, from a theme's own file and those it inherits from in turn.
///
/// Colours are looked up from the theme's own palette on, so that a palette alone makes a theme.
pub(super) fn style(token: &str, chain: &[&File]) -> Result<Option<Style>, ThemeError> {
    let mut files = chain.iter();
    let found = files.find_map(|file| Some((file, file.written.tokens.get(token)?)));
    let Some((file, token)) = found else { return Ok(None) };
    let color = |name: &Option<String>| {
        let Some(name) = name else { return Ok(None) };
        let color = color_named(name, chain).ok_or_else(|| {
            let names = chain.iter().flat_map(|file| file.written.palette.keys());
            let suggestion = suggestion(name, names.map(String::as_str));
            file.wrong(token, &format!("no colour `{name}` in the palette{suggestion}"))
        })?;
        // The terminal's own is what there is where nothing is said.
        Ok(Some(color).filter(|color| *color != Color::Reset))
    };
    let look = token.get_ref();
    let style = Style { fg: color(&look.fg)?, bg: color(&look.bg)?, ..Style::new() };
    Ok(Some(style.add_modifier(look.modifiers())))
}

/// The background that the theme is made for.
pub(super) fn background_hint(chain: &[&File]) -> Option<Color> {
    let hint = chain.iter().find_map(|file| file.written.background_hint.as_ref())?;
    color::parse(hint.get_ref()).filter(|color| *color != Color::Reset)
}

fn color_named(name: &str, chain: &[&File]) -> Option<Color> {
    let written = chain.iter().find_map(|file| file.written.palette.get(name));
    color::parse(written.map_or(name, |value| value.get_ref()))
}

fn invalid(path: &str, text: &str, offset: usize, problem: &str) -> ThemeError {
    let line = text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1;
    ThemeError::Invalid { path: path.to_owned(), line, problem: problem.to_owned() }
}

/// The parser's words in one line, a list of possible keys cut down to the likely one.
fn said(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    let mut quoted = message.split('`').skip(1).step_by(2);
    match (message.starts_with("unknown field "), quoted.next()) {
        (true, Some(unknown)) => format!("unknown key `{unknown}`{}", suggestion(unknown, quoted)),
        _ => message.to_owned(),
    }
}

/// `; did you mean …?`, or nothing where no known name is near.
pub(super) fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    /// Keystrokes that a slip may have cost.
    const NEAR: usize = 3;
    let nearest = known
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, known)| *distance <= NEAR && *distance < known.len());
    nearest.map_or_else(String::new, |(_, known)| format!("; did you mean `{known}`?"))
}

/// The token that says what a role looks like.
pub(super) fn token_of(role: Role) -> &'static str {
    match role {
        Role::Text => "text",
        Role::Dim => "dim",
        Role::Title => "title",
        Role::Head => "head",
        Role::Sorted => "sorted",
        Role::Selected => "selected",
        Role::Notice => "notice",
        Role::Trouble => "trouble",
        Role::Stale => "stale",
        Role::Problem => "problem",
        Role::Demo => "demo",
        Role::Safe => "safe",
        Role::Key => "key",
        Role::Chart => "chart",
        Role::Cursor => "cursor",
        Role::Production => "production",
        Role::Axis => "axis",
        Role::Limit => "limit",
        Role::Line1 => "line1",
        Role::Line2 => "line2",
        Role::Line3 => "line3",
        Role::Line4 => "line4",
        Role::Line5 => "line5",
        Role::Line6 => "line6",
        Role::Settling => "settling",
        Role::Event => "event",
        Role::TimeCursor => "time-cursor",
        Role::Frame => "frame",
        Role::Focus => "focus",
    }
}
