//! The terminal: taken over on start, given back whatever happens.

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use std::io::{self, BufWriter, Stdout, Write};

/// Room for a whole frame, so that it leaves in one write.
const FRAME_BYTES: usize = 128 * 1024;

/// A screen of our own that restores the user's when dropped.
pub(super) struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
}

impl Screen {
    /// Takes the terminal over: raw mode, alternate screen, no cursor.
    ///
    /// # Errors
    /// A terminal that refuses; nothing is left half done.
    pub(super) fn take() -> io::Result<Self> {
        enter()?;
        let writer = BufWriter::with_capacity(FRAME_BYTES, io::stdout());
        let terminal = Terminal::new(CrosstermBackend::new(writer)).inspect_err(|_| restore())?;
        Ok(Self { terminal })
    }

    /// Width and height in cells.
    pub(super) fn size(&self) -> (u16, u16) {
        self.terminal.size().map_or((80, 24), |size| (size.width, size.height))
    }

    /// Draws one frame.
    ///
    /// # Errors
    /// A terminal that is gone.
    pub(super) fn draw(&mut self, paint: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(paint).map(drop)
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    ///
    /// # Errors
    /// A terminal that is gone.
    pub(super) fn redraw(&mut self) -> io::Result<()> {
        // Not Terminal::clear: that asks the terminal for its cursor and waits for the answer.
        let size = self.terminal.size()?;
        self.terminal.resize(size.into())
    }

    /// Gives the terminal back, stops the process as the shell's job, and takes it over again.
    ///
    /// # Errors
    /// A terminal that refuses.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        use rustix::process::{Signal, kill_current_process_group};
        restore();
        // The whole job, as the terminal does: a wrapper that waits for us must stop too, or its
        // shell never gets the terminal.
        kill_current_process_group(Signal::TSTP)?;
        enter()?;
        self.redraw()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)
        .inspect_err(|_| restore())
}

/// Undoes all of [`enter`]; safe to call twice. A terminal that is gone needs no restoring.
fn restore() {
    let mut out = io::stdout();
    let _ = execute!(out, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = out.flush();
    let _ = disable_raw_mode();
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
