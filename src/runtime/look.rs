//! How the screen looks: what the user asks for, as far as the terminal can show it.

use crate::cli::{ColorChoice, MarkerChoice};
use crate::config::{self, Config};
use crate::ui::abilities::{Abilities, depth_elsewhere};
use crate::ui::theme::{self, Depth, Entry, MONOCHROME, Theme, ThemeError, Themes};
use crate::view::Charset;
use crate::view::chart::Marker;

/// All themes, and what this terminal can show of them.
pub(super) struct Look {
    themes: Themes,
    depth: Depth,
    production: Option<[u8; 3]>,
}

impl Look {
    /// Reads the themes.
    ///
    /// # Errors
    /// A mistake in a shipped theme.
    pub(super) fn new(config: &Config) -> Result<Self, ThemeError> {
        Self::at_depth(config, abilities().depth)
    }

    /// The same for pictures, which do not depend on what this terminal can show.
    ///
    /// # Errors
    /// A mistake in a shipped theme.
    pub(super) fn for_pictures(config: &Config) -> Result<Self, ThemeError> {
        Self::at_depth(config, Depth::Truecolor)
    }

    /// The same for coloured text that goes into a file or a pipe.
    ///
    /// # Errors
    /// A mistake in a shipped theme.
    pub(super) fn for_elsewhere(config: &Config) -> Result<Self, ThemeError> {
        Self::at_depth(config, depth_elsewhere(variable))
    }

    /// Reads the themes, for a terminal of this depth where the user does not say another.
    fn at_depth(config: &Config, depth: Depth) -> Result<Self, ThemeError> {
        let depth = match config.colors {
            ColorChoice::Auto => depth,
            ColorChoice::Truecolor => Depth::Truecolor,
            ColorChoice::Palette256 => Depth::Palette256,
            ColorChoice::Ansi16 => Depth::Ansi16,
            ColorChoice::None => Depth::Monochrome,
        };
        let themes = Themes::load(config::themes_path().as_deref())?;
        Ok(Self { themes, depth, production: config.production.color() })
    }

    /// Whether there are colours at all; without them every theme looks like the monochrome one.
    pub(super) fn has_colors(&self) -> bool {
        self.depth != Depth::Monochrome
    }

    /// All themes that can be used.
    pub(super) fn entries(&self) -> &[Entry] {
        self.themes.entries()
    }

    /// What is wrong with the others.
    pub(super) fn mistakes(&self) -> Vec<&ThemeError> {
        self.themes.mistakes()
    }

    /// A theme as its file describes it.
    ///
    /// # Errors
    /// No theme of that name, or one that cannot be used.
    pub(super) fn entry(&self, name: &str) -> Result<&Entry, ThemeError> {
        self.themes.get(name)
    }

    /// The theme that the user says; the one picked last plays no part, so that the same command prints the same on
    /// every machine.
    ///
    /// # Errors
    /// No theme of that name, or one that cannot be used.
    pub(super) fn said(&self, config: &Config) -> Result<Theme, ThemeError> {
        self.theme(config.theme.as_deref().unwrap_or(theme::DEFAULT))
    }

    /// A theme in this terminal's colours, ready to paint with.
    ///
    /// # Errors
    /// No theme of that name, or one that cannot be used.
    pub(super) fn theme(&self, name: &str) -> Result<Theme, ThemeError> {
        let asked = self.themes.get(name)?;
        let shown = if self.has_colors() { asked } else { self.themes.get(MONOCHROME)? };
        let theme = match self.production {
            Some(color) => shown.theme().with_production(color),
            None => shown.theme().clone(),
        };
        Ok(theme.for_depth(self.depth))
    }
}

/// What charts are drawn with.
pub(super) fn marker(config: &Config) -> Marker {
    chosen_marker(config, abilities().marker)
}

/// What charts and texts of pictures are drawn with, whatever this terminal can show.
pub(super) fn of_pictures(config: &Config) -> (Marker, Charset) {
    let marker = chosen_marker(config, Marker::Braille);
    let charset = match marker {
        Marker::Braille | Marker::Block => Charset::Unicode,
        Marker::Ascii => Charset::Ascii,
    };
    (marker, charset)
}

fn chosen_marker(config: &Config, usual: Marker) -> Marker {
    match config.marker {
        MarkerChoice::Auto => usual,
        MarkerChoice::Braille => Marker::Braille,
        MarkerChoice::Block => Marker::Block,
        MarkerChoice::Ascii => Marker::Ascii,
    }
}

/// What the environment tells about the terminal.
pub(super) fn abilities() -> Abilities {
    Abilities::of(variable)
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
