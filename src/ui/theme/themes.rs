//! All themes: those shipped with the program, and the user's, which come first.

use super::Theme;
use super::file::{self, BACKGROUND, File, ThemeError, suggestion, token_of};
use crate::view::Role;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The theme where nobody asks for another.
pub const DEFAULT: &str = "dark";
/// The theme where colours are not wanted or not shown.
pub const MONOCHROME: &str = "monochrome";

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        [$((
            concat!("themes/", $name, ".toml"),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/themes/", $name, ".toml")),
        )),*]
    };
}

/// Path and text of what is shipped, in the order that people are shown.
const SHIPPED: [(&str, &str); 11] = shipped![
    "dark",
    "light",
    "high-contrast",
    "color-blind",
    "monochrome",
    "catppuccin-mocha",
    "dracula",
    "gruvbox-dark",
    "nord",
    "solarized-light",
    "tokyo-night",
];

/// A theme and what people are told about it.
#[derive(Debug)]
pub struct Entry {
    file: File,
    theme: Theme,
}

impl Entry {
    /// Its name.
    pub fn name(&self) -> &str {
        self.file.name()
    }

    /// What it is like, in one line.
    pub fn summary(&self) -> &str {
        self.file.summary()
    }

    /// Its file, as TOML.
    pub fn text(&self) -> &str {
        self.file.text()
    }

    /// What it looks like, in all colours.
    pub fn theme(&self) -> &Theme {
        &self.theme
    }
}

/// All themes, by name.
#[derive(Debug)]
pub struct Themes(Vec<Entry>);

impl Themes {
    /// Reads the shipped themes and the files `*.toml` in `user_dir`, which need not exist.
    ///
    /// A user's theme stands in for a shipped one of the same name, also for those that inherit
    /// from it; it may itself inherit from the one it stands in for.
    ///
    /// # Errors
    /// The first file that cannot be read or has a mistake.
    pub fn load(user_dir: Option<&Path>) -> Result<Self, ThemeError> {
        let shipped = SHIPPED.iter().map(|(path, text)| File::parse(path, text));
        let mut files = shipped.collect::<Result<Vec<_>, _>>()?;
        let shipped = files.len();
        for path in user_dir.map_or(Ok(vec![]), toml_files)? {
            let file = read(&path)?;
            if files.iter().skip(shipped).any(|other| other.name() == file.name()) {
                return Err(file.wrong_name(&format!("a second theme `{}`", file.name())));
            }
            files.push(file);
        }
        let resolved =
            files.iter().map(|file| resolve(file, &files)).collect::<Result<Vec<_>, _>>();
        let mut entries: Vec<Entry> = vec![];
        for (file, theme) in files.into_iter().zip(resolved?) {
            let entry = Entry { file, theme };
            match entries.iter_mut().find(|known| known.name() == entry.name()) {
                Some(known) => *known = entry,
                None => entries.push(entry),
            }
        }
        Ok(Self(entries))
    }

    /// All of them: the shipped ones first, then the user's by file name.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// The theme called `name`.
    ///
    /// # Errors
    /// No such theme; the message names the nearest.
    pub fn get(&self, name: &str) -> Result<&Entry, ThemeError> {
        self.0.iter().find(|entry| entry.name() == name).ok_or_else(|| ThemeError::Unknown {
            name: name.to_owned(),
            suggestion: suggestion(name, self.0.iter().map(Entry::name)),
        })
    }
}

/// The theme files of a folder, by name; none if there is no such folder.
fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, ThemeError> {
    let found = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        found => found.map_err(|error| unreadable(folder, &error))?,
    };
    let paths = found.map(|entry| entry.map(|entry| entry.path()));
    let mut paths =
        paths.collect::<Result<Vec<_>, _>>().map_err(|error| unreadable(folder, &error))?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<File, ThemeError> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    File::parse(&path.display().to_string(), &text)
}

fn unreadable(path: &Path, error: &io::Error) -> ThemeError {
    ThemeError::Unreadable { path: path.display().to_string(), problem: error.to_string() }
}

fn resolve(file: &File, files: &[File]) -> Result<Theme, ThemeError> {
    let chain = chain(file, files)?;
    let mut styles = Vec::with_capacity(Role::ALL.len());
    for role in Role::ALL {
        let token = token_of(role);
        let style = file::style(token, &chain)?.ok_or_else(|| {
            let cure = format!("add it, or `inherits = \"{DEFAULT}\"`");
            file.wrong_name(&format!("token `{token}` is missing: {cure}"))
        })?;
        styles.push((role, style));
    }
    let look = |role| styles.iter().find(|(known, _)| *known == role).map(|(_, style)| *style);
    let mut theme = Theme::from_fn(|role| look(role).unwrap_or_default());
    // The background is the whole screen's, so ordinary text lies on it.
    let ground = file::style(BACKGROUND, &chain)?.filter(|style| style.bg.is_some());
    theme.ground = ground.map(|ground| theme.style(Role::Text).patch(ground));
    theme.background_hint = file::background_hint(&chain);
    Ok(theme)
}

/// The file and all that it inherits from, nearest first.
fn chain<'a>(file: &'a File, files: &'a [File]) -> Result<Vec<&'a File>, ThemeError> {
    let mut chain = vec![file];
    let mut last = file;
    while let Some(name) = last.inherits() {
        // A user's theme hides the shipped one of its name from all but itself.
        let mut known = files.iter().rev().filter(|file| file.name() == name);
        let next = match known.next() {
            Some(next) if std::ptr::eq(next, last) => known.next(),
            found => found,
        };
        last = match next {
            Some(next) if chain.iter().any(|known| std::ptr::eq(*known, next)) => {
                let names: Vec<&str> = chain.iter().map(|file| file.name()).collect();
                let problem = format!("inherits in a circle: {}, {name}", names.join(", "));
                return Err(file.wrong_inherits(&problem));
            }
            Some(next) => next,
            None if name == last.name() => {
                return Err(last.wrong_inherits(&format!("`{name}` inherits from itself")));
            }
            None => {
                let suggestion = suggestion(name, files.iter().map(File::name));
                return Err(last.wrong_inherits(&format!("no theme `{name}`{suggestion}")));
            }
        };
        chain.push(last);
    }
    Ok(chain)
}
