//! The screen: plain lines in a pipe, and a progress line below them on a terminal.
//!
//! Every text passes the redaction filter here, once more where the runtime has filtered it: the lines that the
//! program tells itself have not.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use wait_or_die::redact;

use crate::clock::Stopwatch;

/// Back to the first column, and clear to the end of the line.
const CLEAR: &str = "\r\x1b[K";

/// Where everything is printed; clones share one screen.
#[derive(Clone)]
pub(crate) struct Screen(Arc<Mutex<Inner>>);

struct Inner {
    out: Box<dyn Write + Send>,
    live: bool,
    since: Stopwatch,
    progress: String,
}

impl Screen {
    /// Standard output.
    pub(crate) fn stdout() -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let out = io::stdout();
        let live = out.is_terminal() && !dumb;
        Self::on(Box::new(out), live)
    }

    /// A screen that nobody sees.
    #[cfg(test)]
    pub(crate) fn silent() -> Self {
        Self::on(Box::new(io::sink()), false)
    }

    fn on(out: Box<dyn Write + Send>, live: bool) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            out,
            live,
            since: Stopwatch::start(),
            progress: String::new(),
        })))
    }

    /// Whether there is a progress line.
    pub(crate) fn is_live(&self) -> bool {
        self.with(|screen| screen.live)
    }

    /// Prints a line with the seconds since the start.
    pub(crate) fn event(&self, text: &str) {
        self.with(|screen| {
            let seconds = screen.since.elapsed().as_secs_f64();
            screen.line(&format!("{seconds:8.3}s  {text}"));
        });
    }

    /// Prints a line as it is.
    pub(crate) fn line(&self, text: &str) {
        self.with(|screen| screen.line(text));
    }

    /// Sets the progress line; nothing where there is none.
    pub(crate) fn progress(&self, text: &str) {
        self.with(|screen| {
            if screen.live {
                screen.progress = redact::filter(text).into_owned();
                screen.write(&format!("{CLEAR}{}", screen.progress));
            }
        });
    }

    /// Takes the progress line away.
    pub(crate) fn end_progress(&self) {
        self.with(|screen| {
            if screen.live && !screen.progress.is_empty() {
                screen.progress.clear();
                screen.write(CLEAR);
            }
        });
    }

    fn with<R>(&self, body: impl FnOnce(&mut Inner) -> R) -> R {
        body(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    fn line(&mut self, text: &str) {
        let text = redact::filter(text);
        let text = if self.live {
            format!("{CLEAR}{text}\n{}", self.progress)
        } else {
            format!("{text}\n")
        };
        self.write(&text);
    }

    /// Whoever reads may have gone, as `head` does; the orders matter more than their story.
    fn write(&mut self, text: &str) {
        let _ = self.out.write_all(text.as_bytes());
        let _ = self.out.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::Screen;
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn printed(live: bool) -> String {
        let paper = Paper::default();
        let screen = Screen::on(Box::new(paper.clone()), live);
        screen.progress("1 of 2");
        screen.line("filled");
        screen.end_progress();
        screen.line("end");
        String::from_utf8(paper.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_secret_is_not_shown() {
        for live in [false, true] {
            let paper = Paper::default();
            let screen = Screen::on(Box::new(paper.clone()), live);
            screen.progress("at mt5://trader:hunter2@host");
            screen.line("with password=hunter2");
            let printed = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
            assert!(!printed.contains("hunter2"), "{printed}");
            assert!(printed.contains("with password=[REDACTED]\n"), "{printed}");
        }
    }

    #[test]
    fn a_pipe_gets_plain_lines() {
        assert_eq!(printed(false), "filled\nend\n");
    }

    #[test]
    fn a_terminal_keeps_its_progress_line_below() {
        let expected = "\r\x1b[K1 of 2\r\x1b[Kfilled\n1 of 2\r\x1b[K\r\x1b[Kend\n";
        assert_eq!(printed(true), expected);
    }
}
