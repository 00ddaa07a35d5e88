//! A recording on screen: playing, pausing, and going through its time.

use super::action::Transport;
use super::{App, Effect};
use crate::model::moment::Moment;
use crate::store::Store;
use crate::view::Role;
use crate::view::format::clock;
use crate::view::header;
use jiff::{SignedDuration, Timestamp};

/// How many times faster than it happened a recording can be played.
pub(super) const PACES: [u32; 5] = [1, 10, 60, 600, 3_600];
/// How fast one is played at first: its place among them.
const USUAL: usize = 1;
/// The same, in times as fast as it happened.
pub const USUAL_PACE: u32 = PACES[USUAL];
/// How far one key goes.
const STEP: SignedDuration = SignedDuration::from_mins(1);

/// What is said to a key that would change something.
pub const CHANGES_NOTHING: &str = "a replay changes nothing: this is a recording";

/// The recording that is on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footage {
    /// When its first news were heard, and when its last.
    pub span: (Timestamp, Timestamp),
    /// Whether it is played from the start, rather than standing still.
    pub is_playing: bool,
    /// Whether keys of items are in it, and not only their masks.
    pub has_keys: bool,
    /// Whether it is of the simulated AWS.
    pub is_simulated: bool,
    /// What the user has to know of it, such as that its end is torn.
    pub told: Option<String>,
}

impl Footage {
    /// What the user has to know of it at once.
    pub(super) fn notice(&self) -> Option<(String, Role)> {
        self.told.clone().map(|told| (told, Role::Problem))
    }
}

/// How a recording is to be played on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cue {
    /// From where; `None` goes on from the present place.
    pub to: Option<Timestamp>,
    /// How many times faster than it happened; 0 stands still.
    pub pace: u32,
}

/// How it is played.
#[derive(Debug)]
pub(super) struct Playback {
    footage: Footage,
    /// A place in [`PACES`].
    pace: usize,
    is_playing: bool,
    /// Whether it is on its way to a place before its end, where the screen may still be.
    is_heading_back: bool,
    /// What is worth going to, or why that cannot be known, once it was looked for.
    moments: Option<Result<Vec<Moment>, String>>,
}

impl Playback {
    pub(super) fn new(footage: Footage) -> Self {
        let is_playing = footage.is_playing;
        Self { footage, pace: USUAL, is_playing, is_heading_back: false, moments: None }
    }

    fn speed(&self) -> u32 {
        PACES.get(self.pace).copied().unwrap_or(1)
    }

    fn cue(&mut self, to: Option<Timestamp>) -> Effect {
        if let Some(to) = to {
            self.is_heading_back = to < self.footage.span.1;
        }
        Effect::Replay(Cue { to, pace: if self.is_playing { self.speed() } else { 0 } })
    }

    /// What the header says of it.
    pub(super) fn told(&self) -> header::Playback {
        header::Playback {
            pace: self.speed(),
            is_playing: self.is_playing,
            is_simulated: self.footage.is_simulated,
            span: self.footage.span,
        }
    }
}

impl App {
    /// Takes in everything that was known at `now`.
    pub(super) fn show_replayed(&mut self, store: Store, now: Timestamp) {
        self.store = store;
        self.alarms.doubt();
        self.judge(now);
    }

    /// A recording ends by standing still.
    pub(super) fn stop_at_end(&mut self, now: Timestamp) {
        let Some(playback) = &mut self.playback else { return };
        if now < playback.footage.span.1 {
            playback.is_heading_back = false;
        } else if !playback.is_heading_back {
            playback.is_playing = false;
        }
    }

    pub(super) fn hear_of_moments(&mut self, moments: Result<Vec<Moment>, String>) {
        if let Err(why) = &moments {
            self.notice = Some((why.clone(), Role::Problem));
        }
        if let Some(playback) = &mut self.playback {
            playback.moments = Some(moments);
        }
    }

    /// Whether a recording is on screen.
    pub(super) fn is_replay(&self) -> bool {
        self.playback.is_some()
    }

    /// Whether one is being played.
    pub(super) fn is_playing(&self) -> bool {
        self.playback.as_ref().is_some_and(|playback| playback.is_playing)
    }

    /// Whether keys of items are shown by `p`: those that were not recorded cannot be.
    pub(super) fn lacks_keys(&self) -> bool {
        self.playback.as_ref().is_some_and(|playback| !playback.footage.has_keys)
    }

    /// Does what a key that goes through the recording asks for.
    pub(super) fn play(&mut self, transport: Transport, now: Timestamp) -> Option<Effect> {
        let offset = self.utc_offset(now);
        let playback = self.playback.as_mut()?;
        let (first, last) = playback.footage.span;
        let to = |at: Timestamp| Some(at.clamp(first, last));
        match transport {
            Transport::Play => {
                playback.is_playing = !playback.is_playing;
                // At the end it begins anew.
                let again = playback.is_playing && now >= last;
                return Some(playback.cue(again.then_some(first)));
            }
            Transport::Slower => playback.pace = playback.pace.saturating_sub(1),
            Transport::Faster => playback.pace = (playback.pace + 1).min(PACES.len() - 1),
            Transport::Back => return Some(playback.cue(to(now - STEP))),
            Transport::On => return Some(playback.cue(to(now + STEP))),
            Transport::Next | Transport::Previous => {
                let is_next = transport == Transport::Next;
                let found = playback.moment(is_next, now);
                let (text, role) = match &found {
                    Ok(moment) => {
                        (format!("{} {}", clock(moment.at, offset), moment.what), Role::Text)
                    }
                    Err(why) => (why.clone(), Role::Notice),
                };
                self.notice = Some((text, role));
                let at = found.ok()?.at;
                // Whoever looks for something wants to see it.
                playback.is_playing = false;
                return Some(playback.cue(Some(at)));
            }
        }
        Some(playback.cue(None))
    }
}

impl Playback {
    /// The moment after `now`, or the one before; or why there is none.
    fn moment(&self, is_next: bool, now: Timestamp) -> Result<Moment, String> {
        let moments = match &self.moments {
            Some(Ok(moments)) => moments,
            Some(Err(why)) => return Err(why.clone()),
            None => return Err("the recording is still being looked through".to_owned()),
        };
        let found = if is_next {
            moments.iter().find(|moment| moment.at > now)
        } else {
            moments.iter().rfind(|moment| moment.at < now)
        };
        let nothing = if is_next {
            "nothing happens after this in the recording"
        } else {
            "nothing happened before this in the recording"
        };
        found.cloned().ok_or_else(|| nothing.to_owned())
    }
}
