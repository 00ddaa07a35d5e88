//! The real binary in a terminal of its own: keys in, and what a person would see.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// How long anything may take before the test fails; nothing waits this long when all is well.
const LIMIT: Duration = Duration::from_mins(1);

/// A program in a terminal; dropped, it is ended.
pub(crate) struct Tui {
    seen: Arc<Seen>,
    keyboard: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
}

/// What the terminal shows so far, and a bell for whoever waits for more.
struct Seen {
    terminal: Mutex<Terminal>,
    changed: Condvar,
}

struct Terminal {
    parser: vt100::Parser,
    /// All that was written to it.
    written: Vec<u8>,
    /// Whether every program has let go of the terminal.
    ended: bool,
    /// Whether nothing more is taken from the program.
    stalled: bool,
}

impl Tui {
    /// Starts `command` in a terminal of `columns` by `rows`.
    pub(crate) fn start(command: &Command, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let mut builder = CommandBuilder::new(command.get_program());
        builder.env_clear();
        builder.args(command.get_args());
        builder.cwd(env!("CARGO_TARGET_TMPDIR"));
        builder.env("TERM", "xterm-256color");
        for (name, value) in command.get_envs() {
            builder.env(name, value.unwrap_or_default());
        }
        let child = pair.slave.spawn_command(builder).unwrap();
        drop(pair.slave);
        let parser = vt100::Parser::new(cells(rows), cells(columns), 0);
        let terminal =
            Mutex::new(Terminal { parser, written: vec![], ended: false, stalled: false });
        let seen = Arc::new(Seen { terminal, changed: Condvar::new() });
        let output = pair.master.try_clone_reader().unwrap();
        let shown = Arc::clone(&seen);
        std::thread::spawn(move || shown.follow(output));
        let keyboard = pair.master.take_writer().unwrap();
        Self { seen, keyboard, child, master: pair.master }
    }

    /// Types `keys`, as the bytes a terminal sends for them.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Waits until the screen is as `wanted`; `what` is told if it never is. Returns how many bytes
    /// were written to the terminal until then.
    pub(crate) fn wait_for(&self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) -> usize {
        let terminal = self.seen.terminal.lock().unwrap();
        let unlike = |now: &mut Terminal| !now.ended && !wanted(now.parser.screen());
        let (terminal, _) = self.seen.changed.wait_timeout_while(terminal, LIMIT, unlike).unwrap();
        let (found, text) = (wanted(terminal.parser.screen()), terminal.parser.screen().contents());
        let bytes = terminal.written.len();
        drop(terminal);
        assert!(found, "not seen: {what}\n{text}");
        bytes
    }

    /// Waits until `text` is on screen.
    pub(crate) fn wait_for_text(&self, text: &str) {
        self.wait_for(text, |screen| screen.contents().contains(text));
    }

    /// Looks at the screen as it is.
    pub(crate) fn look<T>(&self, at: impl FnOnce(&vt100::Screen) -> T) -> T {
        at(self.seen.terminal.lock().unwrap().parser.screen())
    }

    /// What was written to the terminal after the first `since` bytes.
    pub(crate) fn written(&self, since: usize) -> String {
        let terminal = self.seen.terminal.lock().unwrap();
        String::from_utf8_lossy(&terminal.written[since..]).into_owned()
    }

    /// How many bytes were written to the terminal so far.
    pub(crate) fn bytes(&self) -> usize {
        self.seen.terminal.lock().unwrap().written.len()
    }

    /// The text on screen.
    pub(crate) fn text(&self) -> String {
        self.look(vt100::Screen::contents)
    }

    /// Changes the size of the terminal, as dragging its corner does.
    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        let mut terminal = self.seen.terminal.lock().unwrap();
        terminal.parser.set_size(cells(rows), cells(columns));
        self.master.resize(size(columns, rows)).unwrap();
    }

    /// Shows `output` as if another program had written it to the terminal.
    pub(crate) fn show(&self, output: &[u8]) {
        self.seen.terminal.lock().unwrap().parser.process(output);
    }

    /// Takes the beginning of what `keys` lead to, and then no more.
    pub(crate) fn stall_at(&mut self, keys: &str) {
        let before = self.bytes();
        self.seen.terminal.lock().unwrap().stalled = true;
        self.press(keys);
        let untouched = |now: &mut Terminal| !now.ended && now.written.len() == before;
        let terminal = self.seen.terminal.lock().unwrap();
        drop(self.seen.changed.wait_timeout_while(terminal, LIMIT, untouched).unwrap());
        assert_ne!(self.bytes(), before, "nothing came");
    }

    /// Waits until the program has ended, though its terminal takes nothing, and takes what is left
    /// then; its exit code.
    pub(crate) fn exit_code_while_stalled(&mut self) -> u32 {
        let (ended, limit) = std::sync::mpsc::channel::<()>();
        let mut killer = self.child.clone_killer();
        std::thread::spawn(move || {
            if limit.recv_timeout(LIMIT) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                let _ = killer.kill();
            }
        });
        let status = self.child.wait().unwrap();
        drop(ended);
        self.seen.terminal.lock().unwrap().stalled = false;
        self.seen.changed.notify_all();
        self.exit_code();
        status.exit_code()
    }

    /// Sends the program a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        self::signal(self.child.process_id().unwrap(), signal);
    }

    /// Waits until the program has ended; its exit code.
    pub(crate) fn exit_code(&mut self) -> u32 {
        let terminal = self.seen.terminal.lock().unwrap();
        let running = |now: &mut Terminal| !now.ended;
        let (terminal, _) = self.seen.changed.wait_timeout_while(terminal, LIMIT, running).unwrap();
        let (ended, text) = (terminal.ended, terminal.parser.screen().contents());
        drop(terminal);
        assert!(ended, "still there:\n{text}");
        self.child.wait().unwrap().exit_code()
    }

    /// Asserts that the terminal is as it was before the program took it over.
    pub(crate) fn assert_restored(&self) {
        self.look(|screen| {
            assert!(!screen.alternate_screen(), "the alternate screen is left");
            assert!(!screen.hide_cursor(), "the cursor is shown");
            assert!(!screen.bracketed_paste(), "pasted text comes as typed");
            let mouse = screen.mouse_protocol_mode();
            assert_eq!(mouse, vt100::MouseProtocolMode::None, "the mouse selects text");
        });
        let modes = format!("{:?}", self.master.get_termios().unwrap().local_flags);
        for mode in ["ICANON", "ECHO", "ISIG"] {
            assert!(modes.contains(mode), "raw mode is off: {modes}");
        }
    }
}

impl Drop for Tui {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Seen {
    /// Shows what is written to the terminal until nobody can write any more.
    fn follow(&self, mut output: impl Read) {
        let mut bytes = vec![0; 1 << 16];
        loop {
            // On Linux a terminal that nobody holds any more is an error rather than an end.
            let read = output.read(&mut bytes).unwrap_or_default();
            let mut terminal = self.terminal.lock().unwrap();
            terminal.parser.process(&bytes[..read]);
            terminal.written.extend(&bytes[..read]);
            terminal.ended = read == 0;
            self.changed.notify_all();
            if read == 0 {
                return;
            }
            drop(self.changed.wait_while(terminal, |terminal| terminal.stalled).unwrap());
        }
    }
}

/// Sends the process of this number a signal.
pub(crate) fn signal(process: u32, signal: Signal) {
    kill_process(Pid::from_raw(process.try_into().unwrap()).unwrap(), signal).unwrap();
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn cells(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}
