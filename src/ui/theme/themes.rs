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

/// A theme that cannot be used, and why.
#[derive(Debug)]
struct Broken {
    name: String,
    error: ThemeError,
}

/// All themes, by name.
#[derive(Debug)]
pub struct Themes {
    entries: Vec<Entry>,
    broken: Vec<Broken>,
    /// Why the user's folder could not be read.
    unread: Option<ThemeError>,
}

impl Themes {
    /// Reads the shipped themes and the files `*.toml` in `user_dir`, which need not exist.
    ///
    /// A user's theme stands in for a shipped one of the same name, also for those that inherit
    /// from it; it may itself inherit from the one it stands in for. One that cannot be used is in
    /// nobody's way until it is asked for, by itself or by one that inherits from it.
    ///
    /// # Errors
    /// A mistake in a shipped theme.
    pub fn load(user_dir: Option<&Path>) -> Result<Self, ThemeError> {
        let shipped = SHIPPED.iter().map(|(path, text)| File::parse(path, text));
        let mut files = shipped.collect::<Result<Vec<_>, _>>()?;
        let (paths, unread) = match user_dir.map_or(Ok(vec![]), toml_files) {
            Ok(paths) => (paths, None),
            Err(error) => (vec![], Some(error)),
        };
        let mut broken = read_all(&paths, &mut files);
        let resolved: Vec<_> = files.iter().map(|file| resolve(file, &files, &broken)).collect();
        let mut entries: Vec<Entry> = vec![];
        for (file, theme) in files.into_iter().zip(resolved) {
            // A user's theme comes after the shipped one that it stands in for.
            entries.retain(|known| known.name() != file.name());
            match theme {
                Ok(theme) => entries.push(Entry { file, theme }),
                Err(error) => broken.push(Broken { name: file.name().to_owned(), error }),
            }
        }
        entries.retain(|entry| !broken.iter().any(|broken| broken.name == entry.name()));
        Ok(Self { entries, broken, unread })
    }

    /// Those that can be used: the shipped ones first, then the user's by file name.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What is wrong with the others, and with the user's folder; each mistake once.
    pub fn mistakes(&self) -> Vec<&ThemeError> {
        let mut mistakes: Vec<&ThemeError> = self.unread.iter().collect();
        for broken in &self.broken {
            if !mistakes.contains(&&broken.error) {
                mistakes.push(&broken.error);
            }
        }
        mistakes
    }

    /// The theme called `name`.
    ///
    /// # Errors
    /// A theme that cannot be used, or no such theme: the message names the mistake or the nearest.
    pub fn get(&self, name: &str) -> Result<&Entry, ThemeError> {
        if let Some(broken) = self.broken.iter().find(|broken| broken.name == name) {
            return Err(broken.error.clone());
        }
        let found = self.entries.iter().find(|entry| entry.name() == name);
        found.ok_or_else(|| {
            self.unread.clone().unwrap_or_else(|| ThemeError::Unknown {
                name: name.to_owned(),
                suggestion: suggestion(name, self.entries.iter().map(Entry::name)),
            })
        })
    }
}

/// Adds the themes at `paths` to `files`, which are the shipped ones; what cannot be read is
/// returned, under the name of its file where its own is not known.
fn read_all(paths: &[PathBuf], files: &mut Vec<File>) -> Vec<Broken> {
    let shipped = files.len();
    let mut broken = vec![];
    for path in paths {
        match read(path) {
            Ok(file) if files.iter().skip(shipped).any(|other| other.name() == file.name()) => {
                let error = file.wrong_name(&format!("a second theme `{}`", file.name()));
                broken.push(Broken { name: file.name().to_owned(), error });
            }
            Ok(file) => files.push(file),
            Err(error) => {
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                broken.push(Broken { name: stem.into_owned(), error });
            }
        }
    }
    broken
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

fn resolve(file: &File, files: &[File], broken: &[Broken]) -> Result<Theme, ThemeError> {
    let chain = chain(file, files, broken)?;
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

/// The file and all that it inherits from, nearest first; `broken` are those without a file.
fn chain<'a>(
    file: &'a File,
    files: &'a [File],
    broken: &[Broken],
) -> Result<Vec<&'a File>, ThemeError> {
    let mut chain = vec![file];
    let mut last = file;
    while let Some(name) = last.inherits() {
        if let Some(broken) = broken.iter().find(|broken| broken.name == name) {
            return Err(broken.error.clone());
        }
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
