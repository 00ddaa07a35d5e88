//! Recording what the application is told, beside the loop: encoding, compression and disks take their time.

use super::Failure;
use super::remember::state_file;
use crate::app::Msg;
use crate::cli::Record;
use crate::clock::Clock;
use crate::config::{Config, ConfigError, Recording, Target, display_path};
use crate::model::update::Update;
use crate::record::ring::{Kind, Ring};
use crate::record::writer::{About, Writer};
use jiff::Timestamp;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::task::{JoinHandle, block_in_place};
use tokio::time::timeout;

/// Batches of news that may wait for the disk; what comes while so many wait is not recorded, and counted.
const WAITING: usize = 256;

/// Every recording that is being made.
#[derive(Debug)]
pub(super) struct Recorder {
    tapes: Vec<Tape>,
}

/// One recording, as the loop sees it.
#[derive(Debug)]
struct Tape {
    batches: mpsc::Sender<Batch>,
    /// News that found no room since the last that did.
    lost: u64,
    /// When the last news came.
    at: Timestamp,
    task: JoinHandle<()>,
}

/// News that came together.
#[derive(Debug)]
struct Batch {
    at: Timestamp,
    updates: Arc<[Update]>,
    /// How many were lost before these.
    lost: u64,
}

impl Recorder {
    /// Begins the recording that the user wants, and the ring. What ends one is told to the application.
    ///
    /// # Errors
    /// The file that the user names is there, or cannot be written. That there can be no ring is no error: the
    /// dashboard serves without a home directory, too.
    pub(super) fn new(
        config: &Config,
        flags: &Record,
        clock: &Clock,
        told: &UnboundedSender<Msg>,
    ) -> Result<Self, Failure> {
        let run = format!("{:016x}", fastrand::u64(..));
        let about = |keys| About {
            simulated: matches!(config.target, Target::Simulated(_)),
            keys,
            settle_seconds: config.settle_seconds,
            run: run.clone(),
        };
        let mut tapes = Vec::new();
        if let Some(path) = &flags.record {
            let writer = Writer::create(path, flags.overwrite, about(flags.record_keys))
                .map_err(|error| refused(path, &error))?;
            tapes.push(Tape::start(Reel::File(writer), clock, told));
        }
        if let Some(ring) = ring(&config.recording, kind(&config.target)) {
            let reel = Reel::Ring { ring, about: about(false), writer: None };
            tapes.push(Tape::start(reel, clock, told));
        }
        Ok(Self { tapes })
    }

    /// Records news that came at `at`.
    pub(super) fn hear(&mut self, at: Timestamp, updates: &[Update]) {
        if self.tapes.is_empty() || updates.is_empty() {
            return;
        }
        // What can no longer be written to, such as a full disk, was told.
        self.tapes.retain(|tape| !tape.batches.is_closed());
        if self.tapes.is_empty() {
            return;
        }
        let updates: Arc<[Update]> = updates.into();
        for tape in &mut self.tapes {
            tape.hear(at, &updates);
        }
    }

    /// Waits until all is on disk, but not for long.
    pub(super) async fn close(self) {
        const PATIENCE: Duration = Duration::from_secs(2);
        for Tape { batches, lost, at, task } in self.tapes {
            let end = async {
                if lost > 0 {
                    let last = Batch { at, updates: Arc::default(), lost };
                    // Where nothing can be written any more, that was told.
                    let _ = batches.send(last).await;
                }
                drop(batches);
                let _ = task.await;
            };
            let _ = timeout(PATIENCE, end).await;
        }
    }
}

impl Tape {
    fn start(reel: Reel, clock: &Clock, told: &UnboundedSender<Msg>) -> Self {
        let (batches, waiting) = mpsc::channel(WAITING);
        let task = tokio::spawn(record(reel, waiting, clock.clone(), told.clone()));
        Self { batches, lost: 0, at: clock.now(), task }
    }

    fn hear(&mut self, at: Timestamp, updates: &Arc<[Update]>) {
        self.at = at;
        let batch = Batch { at, updates: Arc::clone(updates), lost: self.lost };
        match self.batches.try_send(batch) {
            Ok(()) => self.lost = 0,
            Err(_) => self.lost = self.lost.saturating_add(updates.len() as u64),
        }
    }
}

/// One recording, as the disk sees it.
#[derive(Debug)]
enum Reel {
    File(Writer),
    /// Its first file is begun with the first news.
    Ring {
        ring: Ring,
        about: About,
        writer: Option<Writer>,
    },
}

impl Reel {
    fn writer(&mut self, at: Timestamp) -> io::Result<&mut Writer> {
        match self {
            Self::File(writer) | Self::Ring { writer: Some(writer), .. } => Ok(writer),
            Self::Ring { ring, about, writer } => {
                Ok(writer.insert(Writer::in_ring(ring.clone(), about.clone(), at)?))
            }
        }
    }

    fn begun(&mut self) -> Option<&mut Writer> {
        match self {
            Self::File(writer) => Some(writer),
            Self::Ring { writer, .. } => writer.as_mut(),
        }
    }

    fn hear(&mut self, batch: &Batch) -> io::Result<()> {
        let writer = self.writer(batch.at)?;
        writer.lose(batch.lost);
        writer.hear(batch.at, &batch.updates)
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::File(writer) => writer.finish(),
            Self::Ring { writer, .. } => writer.map_or(Ok(()), Writer::finish),
        }
    }
}

/// Records until nobody can hear any more, or nothing can be written any more.
async fn record(
    mut reel: Reel,
    mut batches: mpsc::Receiver<Batch>,
    clock: Clock,
    told: UnboundedSender<Msg>,
) {
    let failure = loop {
        let due = reel.begun().and_then(|writer| writer.due());
        let minute_over = async {
            match due {
                Some(due) => clock.sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        let done = tokio::select! {
            batch = batches.recv() => match batch {
                Some(batch) => block_in_place(|| reel.hear(&batch)),
                None => break block_in_place(|| reel.finish()).err().map(|error| (error, None)),
            },
            () = minute_over => block_in_place(|| reel.begun().map_or(Ok(()), Writer::flush)),
        };
        if let Err(error) = done {
            let path = reel.begun().map(|writer| writer.path().to_owned());
            break Some((error, path));
        }
    };
    // Where no ring could be begun there is none.
    if let Some((error, Some(path))) = failure {
        let why = format!("recording stopped: {}: {error}", display_path(&path));
        // Nobody listens any more where the program is about to end.
        let _ = told.send(Msg::Problem(why));
    }
}

/// The ring of the settings; `None` where there is to be none, or no home directory.
pub(super) fn ring(settings: &Recording, kind: Kind) -> Option<Ring> {
    let folder = match &settings.directory {
        Some(folder) => Some(folder.clone()),
        None => state_file("recordings"),
    };
    let most = u64::from(settings.ring_mib) << 20;
    folder.filter(|_| most > 0).map(|folder: PathBuf| Ring::new(folder, most, kind))
}

/// Whose ring a target's news go to.
pub(super) fn kind(target: &Target) -> Kind {
    match target {
        Target::Live { .. } => Kind::Live,
        Target::Simulated(_) => Kind::Demo,
    }
}

fn refused(path: &Path, error: &io::Error) -> Failure {
    let path = display_path(path);
    let problem = if error.kind() == io::ErrorKind::AlreadyExists {
        format!("{path} is there already: name another file, or add --overwrite")
    } else {
        format!("{path}: {error}")
    };
    ConfigError::Flag { flag: "--record", problem }.into()
}
