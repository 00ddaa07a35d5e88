//! Reading recordings, whatever is in them: nothing larger than a block is ever held, what is damaged is skipped
//! and counted, and what a killed program left half written is told as such.

use super::file::{FORMAT, Header};
use super::form::{Line, line};
use super::frame::{HEAD, Head, MAGIC, MARK, unpack};
use super::{Heard, LeftOut};
use jiff::Timestamp;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// So often the next frame is looked for after a damaged one.
const MOST_DAMAGES: usize = 1_000;

/// Why a recording cannot be read at all. Each is one line, without the file's name.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The system does not give the file.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is another kind of file.
    #[error("this is no recording of ddbtop")]
    Foreign,
    /// There is nothing after the first bytes, or not what should be there.
    #[error("the beginning of this recording is damaged, and so it cannot be read")]
    Headless,
    /// It is from a later version.
    #[error("this recording is of format {0}, and this version of ddbtop reads up to {FORMAT}")]
    Later(u32),
    /// It has a beginning and nothing more.
    #[error("nothing was recorded in it")]
    Empty,
}

/// What could not be read of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Damage {
    /// Bytes at the end that were not written whole: the program was killed, or still writes.
    pub torn: u64,
    /// Bytes elsewhere.
    pub skipped: u64,
}

impl Damage {
    /// The same in a line; `None` if there is none.
    pub fn told(self) -> Option<String> {
        let torn = match self.torn {
            0 => None,
            _ => Some("its last minute was not written whole and is left out".to_owned()),
        };
        let skipped = match self.skipped {
            0 => None,
            bytes => Some(format!("{bytes} damaged bytes are left out")),
        };
        let told: Vec<String> = [skipped, torn].into_iter().flatten().collect();
        (!told.is_empty()).then(|| told.join(", and "))
    }
}

/// What was heard in one block.
#[derive(Debug, Default)]
pub struct Chapter {
    /// The news, in the order in which they were heard.
    pub heard: Vec<Heard>,
    /// News that could not be recorded.
    pub left_out: LeftOut,
    /// Records that this version cannot read.
    pub unknown: u64,
    /// Whether not all of the block could be read.
    pub is_damaged: bool,
}

/// A recording of one run, in one file or several.
#[derive(Debug)]
pub struct Recording {
    header: Header,
    files: Vec<Source>,
    blocks: Vec<Place>,
    damage: Damage,
}

/// Where a block is.
#[derive(Debug, Clone, Copy)]
struct Place {
    file: usize,
    /// Of the body.
    offset: u64,
    head: Head,
}

/// A file, or bytes in memory.
trait Bytes: Read + Seek + Send + std::fmt::Debug {}
impl<T: Read + Seek + Send + std::fmt::Debug> Bytes for T {}

type Source = BufReader<Box<dyn Bytes>>;

impl Recording {
    /// Opens the files of one run, oldest first: their frames are checked, and nothing is unpacked.
    ///
    /// # Errors
    /// The first file that is no recording, or that nothing was recorded in any.
    pub fn open(paths: &[impl AsRef<Path>]) -> Result<Self, RecordingError> {
        let open = |path: &Path| -> io::Result<Box<dyn Bytes>> {
            let file = File::open(path)?;
            // A device or a pipe may have no end.
            if !file.metadata()?.is_file() {
                return Err(io::Error::other("this is no file"));
            }
            Ok(Box::new(file))
        };
        let files: io::Result<Vec<_>> = paths.iter().map(|path| open(path.as_ref())).collect();
        Self::of(files?)
    }

    /// Reads a recording from memory.
    ///
    /// # Errors
    /// It is no recording, or nothing was recorded in it.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, RecordingError> {
        Self::of(vec![Box::new(io::Cursor::new(bytes))])
    }

    fn of(files: Vec<Box<dyn Bytes>>) -> Result<Self, RecordingError> {
        let mut files: Vec<Source> = files.into_iter().map(BufReader::new).collect();
        let mut header = None;
        let (mut blocks, mut damage) = (Vec::new(), Damage::default());
        for (number, file) in files.iter_mut().enumerate() {
            let survey = match (header_of(file), &header) {
                (Ok(first), None) => {
                    header = Some(first);
                    survey(file, number)?
                }
                (Ok(_), Some(_)) => survey(file, number)?,
                (Err(RecordingError::Headless), Some(_)) => headless(file)?,
                (Err(error), _) => return Err(error),
            };
            blocks.extend(survey.blocks);
            // A run writes its next file only after it has ended the one before.
            damage.skipped = damage.skipped.saturating_add(damage.torn);
            damage.skipped = damage.skipped.saturating_add(survey.damage.skipped);
            damage.torn = survey.damage.torn;
        }
        in_order(&mut blocks);
        let header = header.ok_or(RecordingError::Empty)?;
        if blocks.is_empty() {
            return Err(RecordingError::Empty);
        }
        Ok(Self { header, files, blocks, damage })
    }

    /// What the first file says of itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What could not be read.
    pub fn damage(&self) -> Damage {
        self.damage
    }

    /// When the first news were heard, and when the last.
    pub fn span(&self) -> (Timestamp, Timestamp) {
        let first = self.blocks.first().map_or(Timestamp::UNIX_EPOCH, |block| block.head.first);
        (first, self.blocks.last().map_or(first, |block| block.head.last))
    }

    /// How many blocks there are.
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether there is none; there always is one.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// When the news of a block were heard, the first and the last; `None` beyond the end.
    pub fn span_of(&self, block: usize) -> Option<(Timestamp, Timestamp)> {
        self.blocks.get(block).map(|block| (block.head.first, block.head.last))
    }

    /// Reads a block; there is nothing beyond the end. What cannot be read any more is damaged.
    pub fn read(&mut self, block: usize) -> Chapter {
        let damaged = Chapter { is_damaged: true, ..Chapter::default() };
        let Some(place) = self.blocks.get(block).copied() else { return Chapter::default() };
        let Some(file) = self.files.get_mut(place.file) else { return damaged };
        let Ok(Some(body)) = body_at(file, place.offset, &place.head) else { return damaged };
        chapter(&body, &place.head)
    }
}

fn chapter(body: &[u8], head: &Head) -> Chapter {
    let mut chapter = Chapter::default();
    let mut last = head.first;
    let is_whole = unpack(body, |record| match line(record) {
        Line::Heard(mut news) => {
            news.at = news.at.clamp(last, head.last.max(last));
            last = news.at;
            chapter.heard.push(*news);
        }
        Line::LeftOut(left_out) => chapter.left_out += left_out,
        Line::Unknown => chapter.unknown = chapter.unknown.saturating_add(1),
    });
    chapter.is_damaged = !is_whole;
    chapter
}

/// Lets no block begin before the one before it ends, whatever the clock did.
fn in_order(blocks: &mut [Place]) {
    let mut last = Timestamp::MIN;
    for block in blocks {
        block.head.first = block.head.first.max(last);
        block.head.last = block.head.last.max(block.head.first);
        last = block.head.last;
    }
}

fn header_of(file: &mut Source) -> Result<Header, RecordingError> {
    let mut magic = [0; MAGIC.len()];
    let read = read_up_to(file, &mut magic)?;
    // A file that was only just begun has little in it.
    if !MAGIC.starts_with(magic.get(..read).unwrap_or(&magic)) {
        return Err(RecordingError::Foreign);
    }
    let head = head_at(file, MAGIC.len() as u64)?.ok_or(RecordingError::Headless)?;
    let body = body_at(file, (MAGIC.len() + HEAD) as u64, &head)?;
    let header = body.and_then(|body| Header::decode(&body)).ok_or(RecordingError::Headless)?;
    header.map_err(RecordingError::Later)
}

/// What a file is made of.
struct Survey {
    blocks: Vec<Place>,
    damage: Damage,
}

/// What a file without a readable header comes to: nothing, where it had only just been begun.
fn headless(file: &mut Source) -> Result<Survey, RecordingError> {
    let length = file.seek(SeekFrom::End(0))?;
    let begin = MAGIC.len() as u64;
    let ends = head_at(file, begin)?.map_or(begin + HEAD as u64, |head| after(begin, &head));
    let damage = if length < ends {
        Damage { torn: length, skipped: 0 }
    } else {
        Damage { torn: 0, skipped: length }
    };
    Ok(Survey { blocks: vec![], damage })
}

/// Goes through the frames after the header.
fn survey(file: &mut Source, number: usize) -> Result<Survey, RecordingError> {
    let end = file.seek(SeekFrom::End(0))?;
    let header = head_at(file, MAGIC.len() as u64)?.ok_or(RecordingError::Headless)?;
    let mut at = after(MAGIC.len() as u64, &header);
    // Up to where all is accounted for.
    let mut sound = at;
    let mut survey = Survey { blocks: vec![], damage: Damage::default() };
    let mut damages = 0;
    while at < end {
        let head = head_at(file, at)?;
        let body = match &head {
            Some(head) => body_at(file, at + HEAD as u64, head)?,
            None => None,
        };
        if let (Some(head), Some(_)) = (head, body) {
            survey.damage.skipped += at - sound;
            survey.blocks.push(Place { file: number, offset: at + HEAD as u64, head });
            at = after(at, &head);
            sound = at;
            continue;
        }
        damages += 1;
        match next_mark(file, at + 1)? {
            Some(next) if damages < MOST_DAMAGES => at = next,
            Some(_) | None => break,
        }
    }
    survey.damage.torn = end.saturating_sub(sound);
    Ok(survey)
}

fn after(at: u64, head: &Head) -> u64 {
    at + HEAD as u64 + u64::from(head.length)
}

fn head_at(file: &mut Source, at: u64) -> io::Result<Option<Head>> {
    let mut bytes = [0; HEAD];
    file.seek(SeekFrom::Start(at))?;
    let read = read_up_to(file, &mut bytes)?;
    Ok((read == HEAD).then(|| Head::read(&bytes)).flatten())
}

/// A body that is whole; `None` for any other.
fn body_at(file: &mut Source, at: u64, head: &Head) -> io::Result<Option<Vec<u8>>> {
    file.seek(SeekFrom::Start(at))?;
    let mut body = Vec::new();
    file.take(head.length.into()).read_to_end(&mut body)?;
    let is_whole = body.len() as u64 == u64::from(head.length) && head.fits(&body);
    Ok(is_whole.then_some(body))
}

/// Where the next frame may begin.
fn next_mark(file: &mut Source, from: u64) -> io::Result<Option<u64>> {
    const WINDOW: usize = 64 << 10;
    let mut window = vec![0; WINDOW];
    let mut at = from;
    loop {
        file.seek(SeekFrom::Start(at))?;
        let read = read_up_to(file, &mut window)?;
        let bytes = window.get(..read).unwrap_or_default();
        if let Some(found) = bytes.windows(MARK.len()).position(|bytes| bytes == MARK) {
            return Ok(Some(at + found as u64));
        }
        if read < WINDOW {
            return Ok(None);
        }
        // A mark may lie across two windows.
        at += (WINDOW - MARK.len() + 1) as u64;
    }
}

/// Fills `bytes` as far as there is something to read; how far that is.
fn read_up_to(file: &mut Source, bytes: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
