//! `replay` as typed.

use super::{Export, Snapshot};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Time;
use std::path::PathBuf;

/// Flags of `replay`.
#[derive(Debug, Clone, Args)]
pub struct Replay {
    /// The recording; the newest that the dashboard made by itself if missing
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The moment to begin at, standing still: HH:MM, HH:MM:SS or 2026-11-22T12:03:20Z, in UTC
    #[arg(long, value_name = "TIME", value_parser = parse_moment)]
    pub at: Option<Moment>,
    /// List the recordings that the dashboard made by itself, the newest last
    #[arg(long, conflicts_with_all = ["file", "at"])]
    pub list: bool,
    /// What to do in place of the dashboard.
    #[command(subcommand)]
    pub command: Option<ReplayCommand>,
}

/// What is done with a recording.
#[derive(Debug, Clone, Subcommand)]
pub enum ReplayCommand {
    /// Print the screen, or everything that was known, at the moment of --at, or else at the end
    Snapshot(Snapshot),
    /// Write an incident bundle of the moment of --at, or else of the end
    Export(Export),
}

/// A moment of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// This one.
    At(Timestamp),
    /// The first in it at which it is this time of day, UTC.
    TimeOfDay(Time),
}

fn parse_moment(text: &str) -> Result<Moment, String> {
    let time = || text.parse().map(Moment::TimeOfDay).ok();
    let moment = text.parse().map(Moment::At).ok().or_else(time);
    moment
        .ok_or_else(|| "expected HH:MM, HH:MM:SS or a time such as 2026-11-22T12:03:20Z".to_owned())
}
