//! The command line as typed; `config` resolves it.

pub mod pages;
mod replay;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
pub use replay::{Moment, Replay, ReplayCommand};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The terminal dashboard an on-call engineer opens first when Amazon DynamoDB misbehaves.
///
/// Without a command it opens the dashboard. It only reads, and never reads item data.
#[derive(Debug, Clone, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    /// Flags that every command takes.
    #[command(flatten)]
    pub common: Common,
    /// Flags of the dashboard.
    #[command(flatten)]
    pub record: Record,
    /// What to do; the dashboard if missing.
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Cli {
    /// Reads the process's arguments; ends the process on `--help` and on arguments that cannot be
    /// used, with exit code 2.
    pub fn read() -> Self {
        let mut command = Self::command();
        let matches = command.get_matches_mut();
        let mut cli = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        // A demo may have several worlds; a server has one address, and so one world.
        let for_aws: &[&str] = match (&cli.command, &cli.common.demo) {
            (Some(Command::Sim(_)), _) => &["profile", "region", "endpoint-url"],
            (_, Some(_)) => &["profile", "endpoint-url"],
            (_, None) => return cli,
        };
        if let Some(flag) = for_aws.iter().find(|flag| is_typed(&matches, flag)) {
            let problem = format!("--{flag} is for a real AWS, not for the simulated one");
            command.error(ErrorKind::ArgumentConflict, problem).exit();
        }
        // The environment speaks of a real AWS.
        if !is_typed(&matches, "region") {
            cli.common.region = None;
        }
        cli
    }
}

/// Whether a flag is on the command line; the environment's do not count.
fn is_typed(matches: &ArgMatches, flag: &str) -> bool {
    let inner = matches.subcommand().map(|(_, inner)| inner);
    [Some(matches), inner].into_iter().flatten().any(|matches| {
        matches.value_source(&flag.replace('-', "_")) == Some(ValueSource::CommandLine)
    })
}

/// Flags that every command takes.
#[derive(Debug, Clone, Default, Args)]
pub struct Common {
    /// Profile of the AWS configuration files; several with commas between them
    #[arg(long, global = true, env = "DDBTOP_PROFILE", value_name = "P", help_heading = "AWS")]
    pub profile: Option<String>,
    /// AWS region, such as us-east-1; several with commas between them. Of a demo, where its worlds are
    #[arg(long, global = true, env = "DDBTOP_REGION", value_name = "R", help_heading = "AWS")]
    pub region: Option<String>,
    /// Talk to this endpoint instead of AWS's own
    #[arg(
        long,
        global = true,
        env = "DDBTOP_ENDPOINT_URL",
        value_name = "U",
        help_heading = "AWS"
    )]
    pub endpoint_url: Option<String>,
    /// Let confirmed plans be written to AWS; a setting or `DDBTOP_ALLOW_WRITES` that says false wins
    #[arg(long, global = true, help_heading = "AWS")]
    pub allow_writes: bool,
    /// Most that polling may cost, in dollars per hour; polling slows down before it is passed
    #[arg(
        long,
        global = true,
        env = "DDBTOP_BUDGET",
        value_name = "USD",
        allow_negative_numbers = true,
        help_heading = "AWS"
    )]
    pub budget: Option<f64>,
    /// Settings file, instead of ddbtop/config.toml in the user's configuration directory
    #[arg(long, global = true, env = "DDBTOP_CONFIG", value_name = "F")]
    pub config: Option<PathBuf>,
    /// Bytes a second that the connection to the terminal bears: news leave room for keys; 0 is no
    /// limit. Over SSH 24000 is assumed
    #[arg(long, env = "DDBTOP_LINK_RATE", value_name = "BYTES_PER_S")]
    pub link_rate: Option<u32>,
    /// Colours of the screen; `ddbtop themes` lists the choices
    #[arg(long, global = true, env = "DDBTOP_THEME", value_name = "NAME", help_heading = "Screen")]
    pub theme: Option<String>,
    /// How many colours the terminal shows
    #[arg(long, global = true, value_enum, env = "DDBTOP_COLORS", help_heading = "Screen")]
    pub colors: Option<ColorChoice>,
    /// What charts are drawn with
    #[arg(long, global = true, value_enum, env = "DDBTOP_MARKER", help_heading = "Screen")]
    pub marker: Option<MarkerChoice>,
    /// Use the simulated AWS: no credentials, no network; `ddbtop scenarios` lists the choices
    #[arg(
        long,
        global = true,
        value_name = "SCENARIO",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = ddbtop_sim::DEFAULT_SCENARIO,
        help_heading = "Simulated AWS"
    )]
    pub demo: Option<String>,
    /// Seed of the simulated AWS: the same seed shows the same world on every machine
    #[arg(long, global = true, value_name = "N", help_heading = "Simulated AWS")]
    pub seed: Option<u64>,
    /// How many times faster than the wall clock simulated time runs
    #[arg(
        long,
        global = true,
        value_name = "X",
        allow_negative_numbers = true,
        help_heading = "Simulated AWS"
    )]
    pub speed: Option<f64>,
    /// Grow (or cut) the simulated fleet to so many tables
    #[arg(long, global = true, value_name = "N", help_heading = "Simulated AWS")]
    pub tables: Option<usize>,
}

/// Flags about what the dashboard records.
#[derive(Debug, Clone, Default, Args)]
pub struct Record {
    /// Record everything that is read, for `ddbtop replay FILE`; the file must not be there yet
    #[arg(long, value_name = "FILE", help_heading = "Recording")]
    pub record: Option<PathBuf>,
    /// Let --record replace a file that is there
    #[arg(long, requires = "record", help_heading = "Recording")]
    pub overwrite: bool,
    /// Let --record take down hot keys in full; otherwise their masks are recorded alone
    #[arg(long, requires = "record", help_heading = "Recording")]
    pub record_keys: bool,
}

/// How many colours the terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(try_from = "WordOrNumber")]
pub enum ColorChoice {
    /// As `NO_COLOR`, `COLORTERM` and `TERM` tell
    #[default]
    Auto,
    /// All 16 million
    Truecolor,
    /// The 256 of xterm
    #[value(name = "256")]
    Palette256,
    /// The terminal's own sixteen
    #[value(name = "16")]
    Ansi16,
    /// No colours at all
    None,
}

/// `256` and `"256"` mean the same.
#[derive(Deserialize)]
#[serde(untagged)]
enum WordOrNumber {
    Word(String),
    Number(i64),
}

impl TryFrom<WordOrNumber> for ColorChoice {
    type Error = String;

    fn try_from(written: WordOrNumber) -> Result<Self, String> {
        let word = match written {
            WordOrNumber::Word(word) => word,
            WordOrNumber::Number(number) => number.to_string(),
        };
        let choice = Self::from_str(&word, false).ok();
        choice.ok_or_else(|| format!("`{word}`: expected auto, truecolor, 256, 16 or none"))
    }
}

/// What charts are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkerChoice {
    /// As `LANG` and `TERM` tell
    #[default]
    Auto,
    /// Eight dots to a cell
    Braille,
    /// Block elements, for fonts without braille
    Block,
    /// ASCII alone
    Ascii,
}

/// Everything but the dashboard.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Poll once, print what was read, and exit
    Snapshot(Snapshot),
    /// Find mistakes in alarms and configuration, with the commands that mend them; exit with 1 if
    /// something does not work
    Lint(Lint),
    /// Play what was recorded: the newest of what the dashboard always records, or a file of --record
    Replay(Replay),
    /// Poll once and write an incident bundle: report, charts, data, screens
    Export(Export),
    /// Serve the simulated AWS to any AWS client
    Sim(Sim),
    /// List the scenarios of the simulated AWS
    Scenarios,
    /// List the themes with samples, or print one as a theme file
    Themes(Themes),
    /// Print every setting with its default, as a settings file
    Config,
    /// List every action with its keys, the settings file's among them
    Keys(Keys),
    /// Print the journal of what was written, the newest last
    Audit(Audit),
    /// Print the least IAM policy that is enough for what is enabled
    Iam(Iam),
    /// Print the prices that estimates are made from, to copy and change (setting `prices`)
    Prices,
    /// Print the man page
    Man,
    /// Print what a shell needs to complete commands and flags
    Completions(Completions),
}

/// Arguments of `completions`.
#[derive(Debug, Clone, Args)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// Flags of `iam`.
#[derive(Debug, Clone, Args)]
pub struct Iam {
    /// How to print it
    #[arg(long, value_enum, default_value_t = IamFormat::Json)]
    pub format: IamFormat,
    /// The partition of the ARNs in it
    #[arg(long, value_name = "NAME", default_value = "aws", value_parser = ["aws", "aws-cn", "aws-us-gov"])]
    pub partition: String,
}

/// How `iam` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum IamFormat {
    /// A policy document.
    Json,
    /// What each action is for, and the page of AWS's that says what it applies to.
    Text,
}

/// Flags of `audit`.
#[derive(Debug, Clone, Args)]
pub struct Audit {
    /// How to print it
    #[arg(long, value_enum, default_value_t = AuditFormat::Text)]
    pub format: AuditFormat,
}

/// How `audit` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// Some lines for each write.
    Text,
    /// One document.
    Json,
}

/// Flags of `keys`.
#[derive(Debug, Clone, Args)]
pub struct Keys {
    /// How to print them
    #[arg(long, value_enum, default_value_t = KeysFormat::Text)]
    pub format: KeysFormat,
}

/// How `keys` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeysFormat {
    /// Names, keys and what they do, in columns.
    Text,
    /// The table `[keys]` of a settings file.
    Toml,
}

/// Arguments of `themes`.
#[derive(Debug, Clone, Args)]
pub struct Themes {
    /// The theme to print; all are listed if missing
    pub name: Option<String>,
}

/// Flags of `snapshot`.
#[derive(Debug, Clone, Args)]
pub struct Snapshot {
    /// How to print it
    #[arg(long, value_enum, default_value_t = SnapshotFormat::Text)]
    pub format: SnapshotFormat,
    /// The pane to print (text, ansi, svg, png)
    #[arg(long, value_enum, value_name = "PANE", default_value_t = PaneChoice::Tables)]
    pub pane: PaneChoice,
    /// Size of the screen in cells (text, ansi, svg, png)
    #[arg(long, value_name = "WxH", default_value = "120x40", value_parser = parse_size)]
    pub size: (u16, u16),
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Exit with 1 if anything is in trouble
    #[arg(long, value_enum, value_name = "WHAT")]
    pub fail_on: Option<FailOn>,
    /// Take the newest data points, which CloudWatch may still revise, and mark them so (json)
    #[arg(long)]
    pub include_settling: bool,
}

/// Flags of `export`.
#[derive(Debug, Clone, Args)]
pub struct Export {
    /// The folder to make; one that holds anything is left alone
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Tell hot keys in full: they are customer data
    #[arg(long)]
    pub reveal_keys: bool,
}

/// A pane that `snapshot` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PaneChoice {
    /// The fleet, ranked by trouble
    Tables,
    /// The table or index on top of it
    Table,
    /// Which keys are asked for most, and throttled most
    HotKeys,
    /// Why capacity moves, or does not
    Scaling,
    /// DAX clusters and their nodes
    Dax,
    /// What alarms say
    Alarms,
    /// What happened
    Timeline,
    /// How well AWS can be read
    Pollers,
}

/// How `snapshot` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SnapshotFormat {
    /// The screen as text.
    Text,
    /// The same in colours: text with a terminal's escape sequences for colours, and no others.
    Ansi,
    /// For scripts: what was read, not what fits on the screen.
    Json,
    /// A picture of the screen, the same on every machine.
    Svg,
    /// The same picture in pixels.
    Png,
}

/// How `lint` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For scripts.
    Json,
}

/// What makes `snapshot` exit with 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// A verdict of severity trouble.
    Verdict,
}

/// Flags of `lint`.
#[derive(Debug, Clone, Args)]
pub struct Lint {
    /// How to print what is found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Flags of `sim`.
#[derive(Debug, Clone, Args)]
pub struct Sim {
    /// Address to serve on: PORT or :PORT on loopback, or IP:PORT; port 0 picks a free one
    #[arg(long, value_name = "ADDR", value_parser = parse_listen)]
    pub listen: SocketAddr,
    /// Stop the clock at the scenario's start, so that every reply can be repeated
    #[arg(long, conflicts_with = "speed")]
    pub frozen: bool,
    /// Allow callers what this IAM policy allows, and nothing else
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
}

fn parse_size(text: &str) -> Result<(u16, u16), String> {
    let size = text.split_once('x').and_then(|(width, height)| {
        let within = |value: u16| (1..=1000).contains(&value).then_some(value);
        Some((within(width.parse().ok()?)?, within(height.parse().ok()?)?))
    });
    size.ok_or_else(|| "expected WIDTHxHEIGHT between 1x1 and 1000x1000, such as 120x40".to_owned())
}

fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    let on_loopback = text.strip_prefix(':').unwrap_or(text);
    if let Ok(port) = on_loopback.parse::<u16>() {
        return Ok(SocketAddr::from(([127, 0, 0, 1], port)));
    }
    let address = text.parse().ok();
    address.ok_or_else(|| "expected PORT, :PORT or IP:PORT, such as 127.0.0.1:4566".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn demo_takes_a_scenario_only_after_an_equals_sign() {
        let cli = Cli::try_parse_from(["ddbtop", "--demo", "snapshot"]).unwrap();
        assert_eq!(cli.common.demo.as_deref(), Some("incident"));
        let cli = Cli::try_parse_from(["ddbtop", "snapshot", "--demo=calm"]).unwrap();
        assert_eq!(cli.common.demo.as_deref(), Some("calm"));
    }

    #[test]
    fn a_bare_port_means_loopback() {
        assert_eq!(parse_listen("4566").unwrap().to_string(), "127.0.0.1:4566");
        assert_eq!(parse_listen(":0").unwrap().to_string(), "127.0.0.1:0");
        assert_eq!(parse_listen("0.0.0.0:80").unwrap().to_string(), "0.0.0.0:80");
        assert!(parse_listen("localhost:80").is_err());
    }

    #[test]
    fn a_replay_takes_a_file_a_moment_and_a_command_in_any_combination() {
        let replay = |args: &[&str]| {
            let args = ["ddbtop", "replay"].iter().chain(args);
            match Cli::try_parse_from(args).unwrap().command {
                Some(Command::Replay(replay)) => replay,
                other => panic!("{other:?}"),
            }
        };
        let whole = replay(&["x.ddbrec", "--at", "12:03", "snapshot", "--format=json"]);
        assert_eq!(whole.file, Some(PathBuf::from("x.ddbrec")));
        assert_eq!(whole.at, Some(Moment::TimeOfDay(jiff::civil::time(12, 3, 0, 0))));
        assert!(matches!(whole.command, Some(ReplayCommand::Snapshot(_))));
        let newest = replay(&["snapshot"]);
        assert!(newest.file.is_none() && newest.command.is_some());
        let at = replay(&["--at=2026-11-22T12:03:20Z"]).at;
        assert_eq!(at, Some(Moment::At("2026-11-22T12:03:20Z".parse().unwrap())));
        assert!(Cli::try_parse_from(["ddbtop", "replay", "--at=noon"]).is_err());
    }

    #[test]
    fn sizes_are_width_by_height() {
        assert_eq!(parse_size("80x24"), Ok((80, 24)));
        for bad in ["80", "x24", "0x24", "80x", "-1x5", "80x24x1", "80X24", "70000x1"] {
            assert!(parse_size(bad).is_err(), "{bad}");
        }
    }
}
