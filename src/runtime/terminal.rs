//! The terminal: taken over on start, given back whatever happens.

use super::clipboard::{self, Between};
use super::pace::{Owed, Share};
use super::picture::Picture;
use super::tty::Tty;
use crate::ui::wire::{Erase, lines};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;

/// Alternate screen, pasted text told from typed, no cursor.
const TAKE: &[u8] = b"\x1b[?1049h\x1b[?2004h\x1b[?25l";
/// Undoes [`TAKE`] and whatever else may be in force: a frame that was cut short, and the mouse.
const GIVE_BACK: &[u8] = b"\x1b[?2026l\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[m\x1b[?1049l\x1b[?25h";
/// Presses and the wheel alone, not every move, with places beyond column 223 (xterm's modes).
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// Frames beyond this many bytes reach the terminal in pieces, so it is told to show them at once
/// (mode 2026, "synchronized output").
const TORN: usize = 4096;
const HOLD: &[u8] = b"\x1b[?2026h";
const SHOW: &[u8] = b"\x1b[?2026l";

/// The terminal while it is ours: it must be given back once, since leaving the alternate screen
/// twice moves the cursor over what was printed between.
static TAKEN: Mutex<Option<Arc<Tty>>> = Mutex::new(None);

/// What the environment tells of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    erase: Erase,
    between: Between,
}

impl Kind {
    /// Asks the environment.
    ///
    /// # Errors
    /// The reason why no dashboard can be shown, in words.
    pub(super) fn of_environment() -> Result<Self, &'static str> {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let term = std::env::var("TERM").unwrap_or_default();
        Self::of(&term, is_set("TMUX"), is_set("STY"))
    }

    fn of(term: &str, in_tmux: bool, in_screen: bool) -> Result<Self, &'static str> {
        let between = match term {
            "" => return Err("TERM is not set"),
            "dumb" => return Err("TERM is dumb"),
            _ if in_tmux || term.starts_with("tmux") => Between::Tmux,
            _ if in_screen => Between::Screen,
            _ => Between::Nothing,
        };
        // Screen fills with the pen's background only where its `defbce` is on, whatever the name
        // it was told to go by.
        let erase = match Erase::of(term) {
            Erase::OntoAny | Erase::OntoDefault if in_screen => Erase::OntoDefault,
            known @ (Erase::OntoAny | Erase::OntoDefault | Erase::Never) => known,
        };
        Ok(Self { erase, between })
    }

    /// Whether frames may be bracketed; some tmux repaint the whole pane then.
    fn takes_brackets(self) -> bool {
        self.between != Between::Tmux
    }
}

/// Whom a suspension stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The shell's whole job, as the terminal does: a wrapper that waits for us must stop, too, or
    /// its shell never gets the terminal.
    Job,
    /// This process alone.
    Us,
}

/// A screen of our own that restores the user's when dropped.
pub(super) struct Screen {
    tty: Arc<Tty>,
    kind: Kind,
    picture: Picture,
    /// Modes and the like, which leave before the next frame.
    asides: Vec<u8>,
    /// What clears the terminal, if it is to be cleared.
    clearing: Vec<u8>,
    mouse: bool,
    /// The frame on its way.
    writing: Option<JoinHandle<io::Result<()>>>,
}

impl Screen {
    /// Takes the terminal over: raw mode at once, the alternate screen with the first frame.
    ///
    /// # Errors
    /// A terminal that refuses; nothing is left half done.
    pub(super) fn take(kind: Kind) -> io::Result<Self> {
        let mut screen = Self::on(stdout()?, kind);
        screen.enter()?;
        Ok(screen)
    }

    fn on(file: File, kind: Kind) -> Self {
        let (asides, clearing) = (vec![], vec![]);
        let picture = Picture::new(kind.erase);
        let tty = Arc::new(Tty::new(file));
        Self { tty, kind, picture, asides, clearing, mouse: false, writing: None }
    }

    /// Asks the terminal for its width and height in cells and clears it to that size.
    pub(super) fn clear(&mut self) -> (u16, u16) {
        const UNTOLD: (u16, u16) = (80, 24);
        let told = crossterm::terminal::size().ok();
        let size = told.filter(|(width, height)| *width > 0 && *height > 0).unwrap_or(UNTOLD);
        self.clearing.clear();
        self.picture.clear(size, &mut self.clearing);
        size
    }

    /// Takes another frame as wanted: `paint` fills it and says which areas may come late.
    pub(super) fn paint(&mut self, paint: impl FnOnce(Rect, &mut Buffer) -> Vec<Rect>) {
        self.picture.paint(paint);
    }

    /// Whether a frame is on its way; another one has to wait.
    pub(super) fn is_writing(&self) -> bool {
        self.writing.is_some()
    }

    /// Completes when the frame on its way is written, never if there is none. Nothing is lost if
    /// the future is dropped before.
    ///
    /// # Errors
    /// A terminal that is gone.
    pub(super) async fn written(&mut self) -> io::Result<()> {
        let Some(writing) = &mut self.writing else { return std::future::pending().await };
        let done = writing.await;
        self.writing = None;
        done.map_err(io::Error::other)?
    }

    /// Sends a share of the wanted frame on its way: how many bytes, and what is still owed.
    pub(super) fn send(&mut self, share: Share) -> (usize, Owed) {
        let mut frame = std::mem::take(&mut self.clearing);
        let owed = self.picture.send(share, &mut frame);
        if frame.len() > TORN && self.kind.takes_brackets() {
            frame = [HOLD, &frame, SHOW].concat();
        }
        let mut bytes = std::mem::take(&mut self.asides);
        bytes.append(&mut frame);
        let count = bytes.len();
        if count > 0 {
            self.writing = Some(self.tty.write(bytes));
        }
        (count, owed)
    }

    /// Gives the terminal back, stops until somebody continues us, and takes it over again.
    ///
    /// # Errors
    /// A terminal that refuses.
    pub(super) fn suspend(&mut self, stop: Stop) -> io::Result<()> {
        use rustix::process::{Signal, getpid, kill_current_process_group, kill_process};
        if !is_a_job() {
            return Ok(());
        }
        restore();
        // SIGTSTP is caught, so it would stop everybody but us.
        match stop {
            Stop::Job => kill_current_process_group(Signal::STOP)?,
            Stop::Us => kill_process(getpid(), Signal::STOP)?,
        }
        self.resume()
    }

    /// Takes the terminal over after a stop, in whatever state others left it.
    ///
    /// # Errors
    /// A terminal that refuses.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        // crossterm would believe that raw mode is still on.
        let _ = disable_raw_mode();
        self.enter()
    }

    fn enter(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        set_taken(Some(Arc::clone(&self.tty)));
        let mouse = if self.mouse { MOUSE_ON } else { b"" };
        self.asides = [TAKE, mouse].concat();
        Ok(())
    }

    /// Has the terminal report clicks and the wheel, or lets it select text again.
    pub(super) fn mouse(&mut self, on: bool) {
        self.mouse = on;
        self.asides.extend(if on { MOUSE_ON } else { MOUSE_OFF });
    }

    /// Puts `text` into the clipboard of the machine the terminal runs on.
    pub(super) fn copy(&mut self, text: &str) {
        self.asides.extend(clipboard::copy(text, self.kind.between));
    }

    /// Gives the terminal back with the wanted frame printed, where it scrolls with the rest.
    pub(super) fn leave_frame_behind(&mut self) {
        /// A slow line takes a while for a whole frame.
        const PATIENCE: Duration = Duration::from_secs(5);
        restore();
        let lines = lines(self.picture.wanted());
        let used = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
        // The terminal is raw still.
        let ended = lines.into_iter().take(used).map(|line| [line, b"\r\n".to_vec()].concat());
        self.tty.write_last(ended.flatten().collect(), PATIENCE);
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// Standard output as a file: `io::stdout()` would cut a frame at its last line feed.
fn stdout() -> io::Result<File> {
    io::stdout().as_fd().try_clone_to_owned().map(File::from)
}

/// Whether there is a shell to continue us, which has put us into a process group of our own.
///
/// Without one, as in `ssh -t host ddbtop`, the kernel lets SIGTSTP stop nobody either ("orphaned
/// process group", POSIX.1-2024 2.4.3).
fn is_a_job() -> bool {
    use rustix::process::{getpgrp, getsid};
    getsid(None).is_ok_and(|session| session != getpgrp())
}

/// Notes the terminal that is ours from now on; the one that was until now.
fn set_taken(tty: Option<Arc<Tty>>) -> Option<Arc<Tty>> {
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::replace(&mut *taken, tty)
}

/// Undoes [`Screen::enter`], once. A terminal that is gone needs no restoring.
fn restore() {
    const PATIENCE: Duration = Duration::from_millis(300);
    if let Some(tty) = set_taken(None) {
        tty.write_last(GIVE_BACK.to_vec(), PATIENCE);
        let _ = disable_raw_mode();
    }
}

/// Makes a panic of the present thread restore the terminal before its message is printed.
///
/// The dashboard outlives a call to AWS that panics on another thread, and says so on its screen.
pub(super) fn restore_on_panic() {
    let ours = std::thread::current().id();
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == ours {
            restore();
            print(info);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::pace::Late;
    use ratatui::style::Style;

    #[test]
    fn what_stands_between_is_told_by_the_environment() {
        let kind = |term, tmux, screen| Kind::of(term, tmux, screen).map(|kind| kind.between);
        assert_eq!(kind("xterm-256color", false, false), Ok(Between::Nothing));
        assert_eq!(kind("screen-256color", true, false), Ok(Between::Tmux));
        assert_eq!(kind("tmux-256color", false, false), Ok(Between::Tmux));
        assert_eq!(kind("screen", false, true), Ok(Between::Screen));
        assert_eq!(kind("dumb", false, false), Err("TERM is dumb"));
        assert_eq!(kind("", true, false), Err("TERM is not set"));
    }

    #[test]
    fn erasing_is_trusted_as_far_as_what_stands_between_does_it() {
        let kind = |term, tmux, screen| Kind::of(term, tmux, screen).map(|kind| kind.erase);
        assert_eq!(kind("xterm-256color", false, false), Ok(Erase::OntoAny));
        assert_eq!(kind("xterm-256color", false, true), Ok(Erase::OntoDefault));
        assert_eq!(kind("xterm-256color", true, false), Ok(Erase::OntoAny));
        assert_eq!(kind("xterm-256color", true, true), Ok(Erase::OntoDefault));
        assert_eq!(kind("screen-256color", false, true), Ok(Erase::OntoDefault));
        assert_eq!(kind("vt220", false, true), Ok(Erase::Never));
    }

    /// A screen whose terminal is a file, and what is in it.
    struct Far(tempfile::NamedTempFile);

    impl Far {
        fn screen(term: &str) -> (Screen, Self) {
            let far = Self(tempfile::NamedTempFile::new().unwrap());
            let kind = Kind::of(term, false, false).unwrap();
            (Screen::on(far.0.reopen().unwrap(), kind), far)
        }

        fn written(&self) -> String {
            std::fs::read_to_string(self.0.path()).unwrap()
        }
    }

    const ALL: Share = Share { room: usize::MAX, late: Late::AsRoomLasts };

    fn fill(screen: &mut Screen, letter: &str) {
        screen.picture.clear((100, 50), &mut screen.clearing);
        screen.paint(|area, buf| {
            for y in 0..area.height {
                buf.set_string(0, y, letter.repeat(100), Style::new());
            }
            vec![]
        });
    }

    async fn send(screen: &mut Screen) -> (usize, Owed) {
        let sent = screen.send(ALL);
        assert_eq!(screen.is_writing(), sent.0 > 0);
        if screen.is_writing() {
            screen.written().await.unwrap();
        }
        assert!(!screen.is_writing());
        sent
    }

    #[tokio::test]
    async fn a_large_frame_is_bracketed_and_an_empty_one_is_not_written() {
        for (term, bracketed) in [("xterm", true), ("tmux", false)] {
            let (mut screen, far) = Far::screen(term);
            fill(&mut screen, "x");
            let (bytes, owed) = send(&mut screen).await;
            assert_eq!((bytes, owed), (far.written().len(), Owed::Nothing));
            assert_eq!(far.written().starts_with("\x1b[?2026h"), bracketed, "{term}");
            assert_eq!(far.written().ends_with("\x1b[?2026l"), bracketed, "{term}");
            assert_eq!(send(&mut screen).await, (0, Owed::Nothing));
            assert_eq!(far.written().len(), bytes);
        }
    }

    #[tokio::test]
    async fn the_mouse_is_turned_on_and_off_and_text_is_copied_with_the_next_frame() {
        let (mut screen, far) = Far::screen("xterm");
        screen.mouse(true);
        screen.copy("orders");
        screen.mouse(false);
        send(&mut screen).await;
        let expected = "\x1b[?1000h\x1b[?1006h\x1b]52;c;b3JkZXJz\x07\x1b[?1006l\x1b[?1000l";
        assert_eq!(far.written(), expected);
    }

    #[tokio::test]
    async fn a_terminal_that_is_gone_is_told() {
        let gone = File::open("/dev/null").unwrap();
        let mut screen = Screen::on(gone, Kind::of("xterm", false, false).unwrap());
        screen.mouse(true);
        screen.send(ALL);
        assert!(screen.written().await.is_err(), "it cannot be written to");
    }

    #[test]
    fn the_last_frame_is_printed_where_it_scrolls() {
        let (mut screen, far) = Far::screen("xterm");
        fill(&mut screen, "x");
        screen.leave_frame_behind();
        let lines = format!("{}\r\n", "x".repeat(100)).repeat(50);
        assert_eq!(far.written(), lines);
    }

    #[test]
    fn all_that_may_be_in_force_is_taken_back() {
        let taken = String::from_utf8([TAKE, MOUSE_ON, HOLD].concat()).unwrap();
        let given_back = String::from_utf8(GIVE_BACK.to_vec()).unwrap();
        for mode in taken.split_terminator('h').filter(|mode| !mode.ends_with("25l")) {
            let mode = mode.trim_start_matches("\x1b[?25l");
            assert!(given_back.contains(&format!("{mode}l")), "{mode:?}");
        }
        assert!(given_back.ends_with("\x1b[?25h"));
    }
}
