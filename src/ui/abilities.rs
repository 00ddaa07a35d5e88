//! What the terminal can show, as far as the environment tells; nothing is asked of it.

use super::theme::Depth;
use crate::view::Charset;
use crate::view::chart::Marker;

/// Colours and characters that a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abilities {
    /// How many colours.
    pub depth: Depth,
    /// Which characters text may have.
    pub charset: Charset,
    /// The finest characters that charts may have.
    pub marker: Marker,
}

impl Abilities {
    /// Judges by the variables of the environment; an empty one counts as absent.
    pub fn of(env: impl Fn(&str) -> Option<String>) -> Self {
        let env = |name: &str| env(name).filter(|value| !value.is_empty());
        let charset = charset(&env);
        let marker = match charset {
            Charset::Unicode => Marker::Braille,
            Charset::Ascii => Marker::Ascii,
        };
        Self { depth: depth(&env), charset, marker }
    }
}

/// ASCII unless the locale promises UTF-8; the Linux console's font has neither braille nor most
/// of the rest.
fn charset(env: &impl Fn(&str) -> Option<String>) -> Charset {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(env);
    let locale = locale.unwrap_or_default().to_ascii_lowercase();
    let linux_console = env("TERM").is_some_and(|term| term == "linux");
    if (locale.contains("utf-8") || locale.contains("utf8")) && !linux_console {
        Charset::Unicode
    } else {
        Charset::Ascii
    }
}

/// How many colours text has that is not for this terminal, but for a log, a pager or a chat: what shows it is not
/// known, `TERM` tells nothing about it, and hardly any shows less than 256.
pub fn depth_elsewhere(env: impl Fn(&str) -> Option<String>) -> Depth {
    let env = |name: &str| env(name).filter(|value| !value.is_empty());
    if forbids_color(&env) {
        Depth::Monochrome
    } else if promises_truecolor(&env) {
        Depth::Truecolor
    } else {
        Depth::Palette256
    }
}

/// <https://no-color.org>
fn forbids_color(env: &impl Fn(&str) -> Option<String>) -> bool {
    env("NO_COLOR").is_some()
}

fn promises_truecolor(env: &impl Fn(&str) -> Option<String>) -> bool {
    env("COLORTERM").is_some_and(|value| matches!(value.as_str(), "truecolor" | "24bit"))
}

fn depth(env: &impl Fn(&str) -> Option<String>) -> Depth {
    let term = env("TERM").unwrap_or_default();
    let is = |names: &[&str]| names.iter().any(|name| term.starts_with(name));
    let palette = if term.contains("256color") { Depth::Palette256 } else { Depth::Ansi16 };
    if forbids_color(env) || is(&["dumb"]) {
        Depth::Monochrome
    } else if is(&["linux", "vt", "ansi", "cygwin"]) {
        Depth::Ansi16
    } else if is(&["screen"]) && env("TMUX").is_none() {
        // GNU screen passes COLORTERM on from the terminal around it, and shows less.
        palette
    } else if promises_truecolor(env) || term.contains("direct") {
        Depth::Truecolor
    } else if env("SSH_CONNECTION").is_some() {
        // COLORTERM seldom survives SSH; hardly a terminal of today shows less than this.
        Depth::Palette256
    } else {
        palette
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn abilities(env: &[(&str, &str)]) -> Abilities {
        let value = |name: &str| env.iter().find(|(known, _)| *known == name);
        Abilities::of(|name| value(name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_environment_tells_how_many_colours_there_are() {
        use Depth::{Ansi16, Monochrome, Palette256, Truecolor};
        let xterm = ("TERM", "xterm-256color");
        let truecolor = ("COLORTERM", "truecolor");
        let ssh = ("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22");
        let cases: &[(&[(&str, &str)], Depth)] = &[
            (&[xterm], Palette256),
            (&[xterm, truecolor], Truecolor),
            (&[xterm, ("COLORTERM", "24bit")], Truecolor),
            (&[xterm, ("COLORTERM", "rxvt")], Palette256),
            (&[("TERM", "xterm-direct")], Truecolor),
            (&[("TERM", "xterm")], Ansi16),
            (&[("TERM", "xterm"), ssh], Palette256),
            (&[xterm, truecolor, ("NO_COLOR", "1")], Monochrome),
            (&[xterm, truecolor, ("NO_COLOR", "")], Truecolor),
            (&[("TERM", "dumb"), truecolor], Monochrome),
            (&[("TERM", "linux"), truecolor], Ansi16),
            (&[("TERM", "linux"), ssh], Ansi16),
            (&[("TERM", "vt220"), ssh], Ansi16),
            (&[("TERM", "screen"), truecolor], Ansi16),
            (&[("TERM", "screen.xterm-256color"), truecolor], Palette256),
            (&[("TERM", "screen-256color"), truecolor, ("TMUX", "/tmp/x")], Truecolor),
            (&[("TERM", "tmux-256color")], Palette256),
            (&[], Ansi16),
        ];
        for (env, depth) in cases {
            assert_eq!(abilities(env).depth, *depth, "{env:?}");
        }
    }

    #[test]
    fn text_for_elsewhere_has_256_colours_unless_the_environment_says_otherwise() {
        let cases: &[(&[(&str, &str)], Depth)] = &[
            (&[], Depth::Palette256),
            (&[("TERM", "dumb")], Depth::Palette256),
            (&[("TERM", "xterm"), ("COLORTERM", "rxvt")], Depth::Palette256),
            (&[("TERM", "dumb"), ("COLORTERM", "truecolor")], Depth::Truecolor),
            (&[("NO_COLOR", "1"), ("COLORTERM", "24bit")], Depth::Monochrome),
            (&[("NO_COLOR", ""), ("COLORTERM", "24bit")], Depth::Truecolor),
        ];
        for (env, depth) in cases {
            let value = |name: &str| env.iter().find(|(known, _)| *known == name);
            let told = depth_elsewhere(|name| value(name).map(|(_, value)| (*value).to_owned()));
            assert_eq!(told, *depth, "{env:?}");
        }
    }

    #[test]
    fn the_locale_tells_which_characters_there_are() {
        type Environment<'a> = &'a [(&'a str, &'a str)];
        let cases: &[(Environment<'_>, Charset, Marker)] = &[
            (&[("LANG", "en_GB.UTF-8")], Charset::Unicode, Marker::Braille),
            (&[("LANG", "C.utf8")], Charset::Unicode, Marker::Braille),
            (&[("LANG", "C")], Charset::Ascii, Marker::Ascii),
            (&[], Charset::Ascii, Marker::Ascii),
            (&[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")], Charset::Ascii, Marker::Ascii),
            (&[("LC_ALL", ""), ("LANG", "en_GB.UTF-8")], Charset::Unicode, Marker::Braille),
            (&[("LC_CTYPE", "de_DE.UTF-8"), ("LANG", "C")], Charset::Unicode, Marker::Braille),
            (&[("LANG", "en_GB.UTF-8"), ("TERM", "linux")], Charset::Ascii, Marker::Ascii),
        ];
        for (env, charset, marker) in cases {
            let abilities = abilities(env);
            assert_eq!((abilities.charset, abilities.marker), (*charset, *marker), "{env:?}");
        }
    }
}
