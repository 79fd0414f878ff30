//! The program that is killed, and where clients find it.

use std::fs::OpenOptions;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Waits of tenths of a second instead of seconds, so that the gateway is killed in the middle of more of them.
const SHORT_WAITS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/gateway/paper.json");

/// A gateway that runs; killed when it is dropped.
pub(crate) struct Gateway {
    child: Child,
    lines: Receiver<String>,
    reader: Option<JoinHandle<()>>,
}

impl Gateway {
    /// Starts the program on `directory/data`; what it prints is added to `directory/printed`.
    pub(crate) fn start(program: &Path, directory: &Path, faults: u64) -> Self {
        let mut child = Command::new(program)
            .args(["serve", "--bind", "tcp://127.0.0.1:*"])
            .args(["--settings", SHORT_WAITS])
            .args(["--faults", &faults.to_string(), "--data"])
            .arg(directory.join("data"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = child.stdout.take().unwrap();
        let (told, lines) = channel();
        let kept = directory.join("printed");
        let reader = thread::spawn(move || read(output, &kept, &told));
        Self {
            child,
            lines,
            reader: Some(reader),
        }
    }

    /// Waits for a line; `None` if it has ended.
    pub(crate) fn line(&self) -> Option<String> {
        self.lines.recv().ok()
    }

    /// Waits until it serves, and says where.
    pub(crate) fn endpoint(&self) -> String {
        loop {
            let line = self.line().expect("it ended by itself");
            if let Some(endpoint) = line.strip_prefix("listening on ") {
                return endpoint.to_owned();
            }
        }
    }
}

impl Drop for Gateway {
    /// SIGKILL, and no sooner gone than it is.
    fn drop(&mut self) {
        // An error means that it has ended by itself, which whoever waits for it notices.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

/// Reads to the end, so that the program never waits for its output to be taken.
fn read(output: ChildStdout, kept: &Path, told: &Sender<String>) {
    let mut kept = OpenOptions::new()
        .create(true)
        .append(true)
        .open(kept)
        .unwrap();
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        writeln!(kept, "{line}").unwrap();
        // Nobody listens any more once it serves.
        let _ = told.send(line);
    }
    writeln!(kept, "-- ended").unwrap();
}

#[derive(Debug, Default)]
struct Now {
    /// Which start of the gateway serves, and where; none while it is down.
    serving: Option<(u64, String)>,
    starts: u64,
    replies: u64,
    /// Those that said that an outcome is unknown.
    unknown: u64,
    closing: bool,
}

/// Where the gateway is to be found, and how many replies it has sent.
#[derive(Debug, Default)]
pub(crate) struct Place {
    now: Mutex<Now>,
    changed: Condvar,
}

impl Place {
    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap()
    }

    /// The gateway serves here from now on.
    pub(crate) fn open(&self, endpoint: String) {
        let mut now = self.now();
        now.starts += 1;
        now.serving = Some((now.starts, endpoint));
        self.changed.notify_all();
    }

    /// The gateway is gone.
    pub(crate) fn shut(&self) {
        self.now().serving = None;
        self.changed.notify_all();
    }

    /// No new orders: what is open is to be settled.
    pub(crate) fn close(&self) {
        self.now().closing = true;
        self.changed.notify_all();
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.now().closing
    }

    /// Waits until a gateway serves: which start it is, and where.
    pub(crate) fn serving(&self) -> (u64, String) {
        let down = |now: &mut Now| now.serving.is_none();
        let now = self.changed.wait_while(self.now(), down).unwrap();
        now.serving.clone().unwrap_or_default()
    }

    pub(crate) fn is_serving(&self, start: u64) -> bool {
        let now = self.now();
        now.serving
            .as_ref()
            .is_some_and(|(serves, _)| *serves == start)
    }

    pub(crate) fn replied(&self, status: Option<&str>) {
        let mut now = self.now();
        now.replies += 1;
        now.unknown += u64::from(status == Some("UNKNOWN"));
        self.changed.notify_all();
    }

    /// Waits until so many more replies have come.
    pub(crate) fn replies(&self, more: u64, longest: Duration) {
        let until = self.now().replies + more;
        self.wait(longest, |now| now.replies >= until);
    }

    /// Waits until one more reply has said that an outcome is unknown.
    pub(crate) fn unknown(&self, longest: Duration) {
        let before = self.now().unknown;
        self.wait(longest, |now| now.unknown > before);
    }

    /// Not longer than `longest`: a terminal that is silent holds everybody up. Either way the gateway is killed then.
    fn wait(&self, longest: Duration, is_there: impl Fn(&Now) -> bool) {
        let not_yet = |now: &mut Now| !is_there(now);
        let waited = self
            .changed
            .wait_timeout_while(self.now(), longest, not_yet);
        drop(waited.unwrap());
    }
}
