//! What ties the parts together: event loop, effects, terminal, signals, exit codes.

mod audit;
mod clipboard;
mod dashboard;
mod drawing;
mod engines;
mod export;
mod feed;
mod key_list;
mod keys;
mod lint;
mod look;
mod once;
mod pace;
mod picture;
mod recorder;
mod remember;
mod replay;
mod signals;
mod simulated;
mod snapshot;
mod source;
mod terminal;
mod themes;
mod tty;
mod writer;

use crate::cli::{Cli, Command, IamFormat, pages};
use crate::config::{self, ConfigError};
use crate::plot::PictureError;
use crate::tune::price;
use crate::ui::theme::ThemeError;
use crate::{aws, iam};
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

/// Why the program ends without having done what was asked.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// Flags or settings that cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An AWS that cannot even be set up.
    #[error(transparent)]
    Connect(#[from] aws::ConnectError),
    /// No such scenario, or a broken one.
    #[error("--demo: {0}")]
    Scenario(#[from] ddbtop_sim::scenario::ScenarioError),
    /// A theme file that cannot be used, or no theme of that name.
    #[error(transparent)]
    Theme(#[from] ThemeError),
    /// A policy file that cannot be used.
    #[error("{path}: {error}")]
    Policy {
        /// The file.
        path: String,
        /// What is wrong with it.
        error: ddbtop_sim::policy::PolicyError,
    },
    /// The dashboard was asked for where there is no terminal.
    #[error("no terminal: use `ddbtop snapshot` for a look without one")]
    NoTerminal,
    /// The dashboard was asked for on a terminal that cannot show it.
    #[error("{0}, so there is no dashboard: use `ddbtop snapshot` for a look without one")]
    PlainTerminal(&'static str),
    /// A recording that cannot be played.
    #[error("{path}: {error}")]
    Recording {
        /// Its file, or the folder of the ring.
        path: String,
        /// Why not.
        error: String,
    },
    /// Bytes that no terminal can show.
    #[error("a PNG is nothing for a terminal: name a file with --out, or pipe it")]
    PictureOnTerminal,
    /// A folder that a bundle cannot be written to.
    #[error(transparent)]
    Folder(#[from] export::folder::FolderError),
    /// A picture that cannot be made.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// There is no home directory, and so no journal.
    #[error("no home directory: the journal would be in ddbtop/ in the user's state directory")]
    NoJournal,
    /// The system refused something.
    #[error("{what}: {error}")]
    System {
        /// What was tried.
        what: String,
        /// The system's words.
        error: io::Error,
    },
}

impl Failure {
    fn system(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |error| Self::System { what, error }
    }
}

/// How the program ended; the numbers are a contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Fine,
    /// `snapshot --fail-on verdict` found trouble, or `lint` what does not work.
    Trouble,
    /// Usage or configuration.
    Misused,
    /// AWS could not be read.
    Unread,
    /// A signal asked for the end.
    Signal(u8),
}

impl Ending {
    /// The terminal is gone.
    const HANG_UP: Self = Self::Signal(1);
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(match ending {
            Ending::Fine => 0,
            Ending::Trouble => 1,
            Ending::Misused => 2,
            Ending::Unread => 3,
            Ending::Signal(number) => 128 + number,
        })
    }
}

/// Runs the program on the process's arguments.
pub fn main() -> ExitCode {
    let cli = Cli::read();
    let ending = run(&cli).unwrap_or_else(|failure| {
        tell(&failure.to_string());
        Ending::Misused
    });
    ending.into()
}

fn run(cli: &Cli) -> Result<Ending, Failure> {
    if cli.record.record.is_some() && cli.command.is_some() {
        let problem = "what the dashboard shows is recorded, not a command".to_owned();
        return Err(ConfigError::Flag { flag: "--record", problem }.into());
    }
    match &cli.command {
        Some(Command::Prices) => print(price::DEFAULT),
        Some(Command::Iam(flags)) => {
            let writes = cli.common.allow_writes;
            print(&match flags.format {
                IamFormat::Json => format!("{:#}\n", iam::policy(writes, &flags.partition)),
                IamFormat::Text => iam::table(writes),
            })
        }
        Some(Command::Man) => put_out(&pages::man_page().map_err(Failure::system("the man page"))?),
        Some(Command::Completions(flags)) => put_out(&pages::completions(flags.shell)),
        Some(Command::Config) => print(config::file::DEFAULT),
        Some(Command::Keys(flags)) => {
            print(&key_list::list(&config::resolve(&cli.common)?.keymap, flags.format))
        }
        Some(Command::Audit(flags)) => audit::run(&config::resolve(&cli.common)?, flags.format),
        Some(Command::Scenarios) => print(&simulated::list()),
        Some(Command::Themes(flags)) => themes::print(&config::resolve(&cli.common)?, flags),
        Some(Command::Snapshot(flags)) => {
            let config = config::resolve(&cli.common)?;
            on_tokio(snapshot::run(&config, flags))
        }
        Some(Command::Export(flags)) => {
            let config = config::resolve(&cli.common)?;
            on_tokio(export::run(&config, flags))
        }
        Some(Command::Lint(flags)) => {
            let config = config::resolve(&cli.common)?;
            on_tokio(lint::run(&config, flags))
        }
        Some(Command::Replay(flags)) => replay::run(&config::resolve(&cli.common)?, flags),
        Some(Command::Sim(flags)) => on_tokio(simulated::serve(&cli.common, flags)),
        None => {
            let config = config::resolve(&cli.common)?;
            on_tokio(dashboard::run(&config, &cli.record, terminal_kind()?))
        }
    }
}

/// The terminal that a dashboard is shown on.
fn terminal_kind() -> Result<terminal::Kind, Failure> {
    if !(io::stdout().is_terminal() && io::stdin().is_terminal()) {
        return Err(Failure::NoTerminal);
    }
    terminal::Kind::of_environment().map_err(Failure::PlainTerminal)
}

/// Runs a mode; whatever still waits for AWS when it ends is dropped, not waited for.
fn on_tokio(mode: impl Future<Output = Result<Ending, Failure>>) -> Result<Ending, Failure> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Failure::system("starting the runtime"))?;
    let ending = runtime.block_on(mode);
    runtime.shutdown_background();
    ending
}

/// Writes text to standard output.
fn print(text: &str) -> Result<Ending, Failure> {
    put_out(text.as_bytes())
}

/// Writes data to standard output; a reader that went away is not an error.
fn put_out(data: &[u8]) -> Result<Ending, Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(data).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::system("writing to standard output")(error))
        }
        Ok(()) | Err(_) => Ok(Ending::Fine),
    }
}

/// Writes one line to standard error. There is nobody to tell if that fails.
fn tell(message: &str) {
    let _ = writeln!(io::stderr(), "ddbtop: {message}");
}
