//! Servers that tests start: each says where it listens, and ends with the test.

use crate::support::python::python;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

/// A running server process; dropped, it is ended.
pub(crate) struct Server {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub(crate) url: String,
}

impl Server {
    /// Starts moto, which knows Application Auto Scaling and `DynamoDB`, empty.
    pub(crate) fn moto() -> Self {
        let mut start = Command::new(python("judges").with_file_name("moto_server"));
        start.args(["-H", "127.0.0.1", "-p", "0"]);
        Self::announced_on_stderr(start)
    }

    /// Starts `command` and reads its standard output until it names its address.
    pub(crate) fn announced_on_stdout(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let url = announced(child.stdout.take().unwrap());
        Self { child, url }
    }

    /// Starts `command` and reads its standard error until it names its address.
    pub(crate) fn announced_on_stderr(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let url = announced(child.stderr.take().unwrap());
        Self { child, url }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address in the first line that has one; what comes later is read and dropped.
fn announced(output: impl Read + Send + 'static) -> String {
    const ANNOUNCED: &str = "http://127.0.0.1:";
    let mut lines = BufReader::new(output).lines();
    let mut seen = String::new();
    let url = loop {
        let Some(Ok(line)) = lines.next() else { panic!("the server did not start:\n{seen}") };
        if let Some((_, after)) = line.split_once(ANNOUNCED) {
            let port: String = after.chars().take_while(char::is_ascii_digit).collect();
            break format!("{ANNOUNCED}{port}");
        }
        seen = seen + &line + "\n";
    };
    std::thread::spawn(move || lines.for_each(drop));
    url
}
