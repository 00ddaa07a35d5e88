//! `replay`: a recording in place of AWS. No client is made, no poller runs, and there is no permit to write.

use super::dashboard;
use super::feed::Feed;
use super::recorder::{kind, ring};
use super::source::usual_options;
use super::{Ending, Failure, export, on_tokio, print, snapshot, tell, terminal_kind};
use crate::app::{self, CHANGES_NOTHING, Cue, Standing, USUAL_PACE};
use crate::aws::ConnectError;
use crate::cli::{Moment, Replay, ReplayCommand};
use crate::config::{Config, display_path};
use crate::diagnose::Thresholds;
use crate::model::dax::Behind;
use crate::model::id::{Resource, Scope};
use crate::record::reader::{Recording, RecordingError};
use crate::record::ring::Run;
use crate::replay::{Kept, Player, Survey, look_through};
use crate::store::Store;
use crate::view::header::Banner;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::{JoinHandle, block_in_place, spawn_blocking};
use tokio::time::{Instant, sleep};

/// Between two states that are shown.
const FRAME: Duration = Duration::from_millis(100);

/// What the player is told.
#[derive(Debug)]
pub(super) enum Order {
    /// Play on so.
    Cue(Cue),
    /// Look at this in full.
    Open(Scope, Resource),
    /// Go back by these.
    Learn(Kept),
}

/// What the player tells.
#[derive(Debug)]
pub(super) enum Played {
    /// It is this time in the recording; what is known then, where that is something else than before.
    At(Timestamp, Option<Box<Store>>),
    /// What of the recording could not be played, in one line.
    Gaps(String),
    /// What is worth going to, or why nobody knows.
    Moments(Result<Vec<crate::model::moment::Moment>, String>),
}

/// Plays a recording, prints a moment of it, or lists what there is.
pub(super) fn run(config: &Config, flags: &Replay) -> Result<Ending, Failure> {
    if flags.list {
        return print(&list(config));
    }
    let files = files(config, flags)?;
    let recording = open(&files)?;
    let (first, last) = recording.span();
    let at = flags.at.map(|moment| moment_in(moment, (first, last))).transpose()?;
    let options = |at: Option<Timestamp>| options(config, &recording, at.is_none());
    if let Some(command) = &flags.command {
        let at = at.unwrap_or(last);
        return print_moment(config, options(Some(at)), (recording, at), command);
    }
    let (kind, options) = (terminal_kind()?, options(at));
    on_tokio(async move {
        let play = Play {
            simulated: simulated(&recording),
            recording,
            files,
            from: at.unwrap_or(first),
            pace: if at.is_none() { USUAL_PACE } else { 0 },
            thresholds: config.thresholds,
            behind: Arc::clone(&config.behind),
        };
        Box::pin(dashboard::replay(config, options, kind, play)).await
    })
}

/// Prints what was known at a moment, or writes a bundle of it.
fn print_moment(
    config: &Config,
    options: app::Options,
    (recording, at): (Recording, Timestamp),
    command: &ReplayCommand,
) -> Result<Ending, Failure> {
    options.replay.iter().filter_map(|replay| replay.told.as_ref()).for_each(|it| tell(it));
    let simulated = simulated(&recording);
    let mut player = Player::new(recording, Arc::clone(&config.behind));
    player.go_to(at);
    player.gaps().told().iter().for_each(|gaps| tell(gaps));
    let (store, at) = (player.store().clone(), player.at());
    match command {
        ReplayCommand::Snapshot(flags) => snapshot::of_recording(config, options, store, flags, at),
        ReplayCommand::Export(flags) => {
            export::of_recording(config, options, store, (flags, simulated), at)
        }
    }
}

/// The recording that the user names, or the newest run's.
fn files(config: &Config, flags: &Replay) -> Result<Vec<PathBuf>, Failure> {
    if let Some(file) = &flags.file {
        return Ok(vec![file.clone()]);
    }
    let (folder, runs) = runs(config);
    for Run { files, .. } in runs.into_iter().rev() {
        match Recording::open(&files) {
            Ok(_) => return Ok(files),
            // A dashboard that has just been opened has heard nothing yet.
            Err(RecordingError::Empty) => {}
            Err(error) => {
                let first = files.first().map(|file| display_path(file)).unwrap_or_default();
                tell(&format!("passed over: {first}: {error}"));
            }
        }
    }
    let error = "nothing was recorded here: name a file of --record".to_owned();
    Err(Failure::Recording { path: folder, error })
}

/// Every run that is recorded by itself, and where.
fn runs(config: &Config) -> (String, Vec<Run>) {
    let ring = ring(&config.recording, kind(&config.target));
    let folder = ring.as_ref().map(|ring| display_path(ring.folder()));
    let runs = ring.map(|ring| ring.runs()).unwrap_or_default();
    (folder.unwrap_or_else(|| "no home directory".to_owned()), runs)
}

fn open(files: &[impl AsRef<Path>]) -> Result<Recording, Failure> {
    Recording::open(files).map_err(|error| Failure::Recording {
        path: files.first().map(|file| display_path(file.as_ref())).unwrap_or_default(),
        error: error.to_string(),
    })
}

/// A line for each run: from when until when, where, how much, and its first file.
fn list(config: &Config) -> String {
    let (folder, runs) = runs(config);
    let mut text = String::new();
    for run in runs {
        let Ok(recording) = open(&run.files) else { continue };
        let (first, last) = recording.span();
        let scope = recording.header().scope.as_ref();
        let place = scope.map(|scope| format!("{} {}", scope.account(), scope.region()));
        let _ = writeln!(
            text,
            "{} to {}  {}  {:.1} MiB in {} of {folder}",
            time(first),
            time(last),
            place.unwrap_or_default(),
            run.bytes as f64 / f64::from(1_u32 << 20),
            if run.files.len() == 1 {
                "1 file".to_owned()
            } else {
                format!("{} files", run.files.len())
            },
        );
    }
    if text.is_empty() { format!("nothing was recorded in {folder}\n") } else { text }
}

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// What the user need not say to the second.
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// The moment of a recording that is meant.
///
/// # Errors
/// It is not in the recording: another one in its place would be taken for it.
fn moment_in(moment: Moment, (first, last): (Timestamp, Timestamp)) -> Result<Timestamp, Failure> {
    let (at, typed) = match moment {
        Moment::At(at) => (at, at.to_string()),
        Moment::TimeOfDay(of_day) => (next(of_day, first), of_day.to_string()),
    };
    // Not by sums: a damaged recording may name the end of time.
    if first.duration_since(at) > MINUTE || at.duration_since(last) > MINUTE {
        let problem =
            format!("{typed} is not in the recording, from {} to {}", time(first), time(last));
        return Err(crate::config::ConfigError::Flag { flag: "--at", problem }.into());
    }
    Ok(at.clamp(first, last))
}

/// The first moment from `first` on at which it is `time`; seconds that the user did not say do not matter.
fn next(time: Time, first: Timestamp) -> Timestamp {
    const DAY: SignedDuration = SignedDuration::from_hours(24);
    let of_day = time.duration_since(Time::midnight());
    let midnight = first.to_zoned(TimeZone::UTC).start_of_day();
    let at = midnight.and_then(|midnight| midnight.timestamp().checked_add(of_day));
    let Ok(at) = at else { return first };
    // 12:00 means the beginning of a recording from 12:00:07 on.
    let is_past = first.duration_since(at) >= MINUTE;
    if is_past { at.checked_add(DAY).unwrap_or(at) } else { at }
}

/// How the application is set up for a recording.
fn options(config: &Config, recording: &Recording, is_playing: bool) -> app::Options {
    let header = recording.header();
    let region = header.scope.as_ref().map(Scope::region).unwrap_or_default().to_owned();
    let permission = app::Permission { by: String::new(), answer: CHANGES_NOTHING.to_owned() };
    let standing = Standing { banner: Banner::Replay, region, permission, ..Standing::default() };
    let mut options = usual_options(config);
    options.store.settle_seconds = header.settle_seconds;
    app::Options {
        standing,
        replay: Some(app::Footage {
            span: recording.span(),
            is_playing,
            has_keys: header.keys,
            is_simulated: header.simulated,
            told: recording.damage().told(),
        }),
        ..options
    }
}

/// What is played.
#[derive(Debug)]
pub(super) struct Play {
    recording: Recording,
    files: Vec<PathBuf>,
    /// Where it begins.
    from: Timestamp,
    /// How many times faster than it happened it is played at first.
    pace: u32,
    thresholds: Thresholds,
    behind: Arc<Behind>,
    /// That nothing of it happened, where that is so.
    pub(super) simulated: Option<String>,
}

/// What is said of a recording of the simulated AWS.
fn simulated(recording: &Recording) -> Option<String> {
    let is_so = recording.header().simulated;
    is_so.then(|| "Nothing of this happened: a recording of the simulated AWS.".to_owned())
}

impl Play {
    /// Where it begins.
    pub(super) fn from(&self) -> Timestamp {
        self.from
    }

    /// Begins to play beside the loop; how it goes on is told.
    pub(super) fn start(
        self,
        shown: mpsc::Sender<Played>,
    ) -> (Feed, JoinHandle<Result<(), ConnectError>>) {
        let (orders, told) = mpsc::unbounded_channel();
        let Self { recording, files, from, pace, thresholds, behind, simulated: _ } = self;
        let (found, learnt, settings) = (shown.clone(), orders.clone(), Arc::clone(&behind));
        // Looking through all of it takes a while; who only wants to see the end need not wait.
        spawn_blocking(move || {
            let again = Recording::open(&files);
            let survey = again.map(|recording| look_through(recording, &thresholds, settings));
            tell_of(survey, &learnt, &found);
        });
        let task = tokio::spawn(async move {
            let player = block_in_place(|| Player::new(recording, behind));
            play(player, (from, pace), told, shown).await;
            Ok(())
        });
        (Feed::Replay(orders), task)
    }
}

/// Tells what looking through a recording found, or why it could not be.
fn tell_of(survey: Result<Survey, RecordingError>, learnt: &Orders, found: &mpsc::Sender<Played>) {
    let (moments, gaps) = match survey {
        Ok(Survey { moments, kept, gaps }) => {
            // Nobody listens any more where the program is about to end.
            let _ = learnt.send(Order::Learn(kept));
            (Ok(moments), gaps.told())
        }
        // Such as where the run that is played has gone on, and let go of its oldest file.
        Err(error) => (Err(format!("the recording could not be looked through: {error}")), None),
    };
    for told in [Played::Moments(moments)].into_iter().chain(gaps.map(Played::Gaps)) {
        let _ = found.blocking_send(told);
    }
}

/// Plays until nobody listens any more.
async fn play(
    mut player: Player,
    (from, mut pace): (Timestamp, u32),
    mut orders: UnboundedReceiver<Order>,
    shown: mpsc::Sender<Played>,
) {
    block_in_place(|| player.go_to(from));
    let mut is_new = true;
    loop {
        let store = is_new.then(|| Box::new(player.store().clone()));
        if shown.send(Played::At(player.at(), store)).await.is_err() {
            return;
        }
        let (_, end) = player.recording().span();
        let is_playing = pace > 0 && player.at() < end;
        let begun = Instant::now();
        let order = tokio::select! {
            biased;
            order = orders.recv() => match order {
                Some(order) => Some(order),
                None => return,
            },
            () = sleep(FRAME), if is_playing => None,
        };
        is_new = match order {
            // The time that it took is part of what is played; a machine that was asleep is none.
            None => {
                let passed = begun.elapsed().min(FRAME * 5) * pace;
                let to = player.at().checked_add(passed).unwrap_or(end);
                block_in_place(|| player.go_to(to))
            }
            Some(order) => block_in_place(|| follow(&mut player, &mut pace, order, &mut orders)),
        };
    }
}

/// Does what was ordered, and all that was ordered since; whether something else is known now.
fn follow(
    player: &mut Player,
    pace: &mut u32,
    first: Order,
    orders: &mut UnboundedReceiver<Order>,
) -> bool {
    let mut is_new = false;
    let mut to = None;
    let mut next = Some(first);
    while let Some(order) = next {
        match order {
            Order::Cue(cue) => {
                *pace = cue.pace;
                // Of many places that a held key asked for, only the last one matters.
                to = cue.to.or(to);
            }
            Order::Learn(kept) => player.learn(kept),
            Order::Open(scope, resource) => {
                player.open(scope, resource);
                is_new = true;
            }
        }
        next = orders.try_recv().ok();
    }
    to.is_some_and(|to| player.go_to(to)) || is_new
}

/// Where orders go.
pub(super) type Orders = UnboundedSender<Order>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_that_names_the_end_of_time_is_no_trouble() {
        for edge in [Timestamp::MIN, Timestamp::MAX] {
            for moment in [
                Moment::At(Timestamp::UNIX_EPOCH),
                Moment::TimeOfDay(Time::midnight()),
                Moment::TimeOfDay(Time::constant(23, 59, 59, 0)),
            ] {
                let span = (edge, edge);
                assert!(
                    moment_in(moment, span).is_err() || moment_in(moment, span).unwrap() == edge
                );
            }
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_recording_that_cannot_be_looked_through_says_so() {
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recordings/format-1.ddbrec");
        let recording = Recording::open(&[sample]).unwrap();
        let (from, _) = recording.span();
        let play = Play {
            recording,
            files: vec![PathBuf::from("/nowhere/gone.ddbrec")],
            from,
            pace: 0,
            thresholds: Thresholds::default(),
            behind: Arc::default(),
            simulated: None,
        };
        let (shown, mut played) = mpsc::channel(1);
        let _feed = play.start(shown);
        loop {
            if let Played::Moments(found) = played.recv().await.unwrap() {
                let why = found.unwrap_err();
                let begins = "the recording could not be looked through: No such file";
                assert!(why.starts_with(begins), "{why}");
                return;
            }
        }
    }
}
