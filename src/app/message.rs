//! What the application is told, and what it wants done.

use super::key::{Key, Mouse};
use super::{Cue, Interest, Remembered, Selection, Standing};
use crate::model::id::Scope;
use crate::model::moment::Moment;
use crate::model::update::Update;
use crate::store::Store;
use crate::tune::audit::Journal;
use crate::tune::plan::Confirmed;
use crate::tune::progress::Progress;

/// What the application is told.
#[derive(Debug, Clone)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The mouse was used.
    Mouse(Mouse),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// A scope is read from now on, with this profile.
    Reached(Scope, String),
    /// The profiles that there are.
    Profiles(Vec<String>),
    /// Other profiles or regions are read from now on.
    Switched(Box<Standing>),
    /// News from AWS; what arrives together is judged together.
    Updates(Vec<Update>),
    /// Something happened to the plan that is carried out.
    Written(Box<Progress>),
    /// Something that the user has to know, in one line, such as that nothing is recorded any more.
    Problem(String),
    /// What is recorded of writes, and what the user has to know of it, in one line.
    Journal(Journal, Option<String>),
    /// A recording was played on, or back: everything that is known now.
    Replayed(Box<Store>),
    /// What is worth going to in the recording, or why nobody knows, in one line.
    Moments(Result<Vec<Moment>, String>),
    /// An incident bundle was written to this folder, or why it was not.
    Exported(Result<String, String>),
    /// The shown clock moved on.
    Tick,
}

/// What the application wants done.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// End the program and leave the screen to read.
    QuitKeepScreen,
    /// Stop as job control does.
    Suspend,
    /// Clear the terminal and paint everything.
    Redraw,
    /// Read from AWS now.
    Refresh,
    /// Read other profiles or regions from now on.
    Read(Selection),
    /// The user looks at other things than before.
    Interest(Interest),
    /// Put text on the clipboard of the user's terminal.
    Copy(String),
    /// Take the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Paint with this theme.
    Theme(String),
    /// Keep this for the next start.
    Remember(Remembered),
    /// Write an incident bundle of what the screen shows.
    Export,
    /// Carry out a plan.
    Write(Box<Confirmed>),
    /// Play the recording so.
    Replay(Cue),
}
