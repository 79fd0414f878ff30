//! The screen: plain lines. Every text passes the redaction filter, those that the program tells itself too.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use wait_or_die::redact;

use crate::clock::Stopwatch;

/// Where lines are printed; clones share one screen.
#[derive(Clone)]
pub(crate) struct Screen(Arc<Mutex<Inner>>);

struct Inner {
    out: Box<dyn Write + Send>,
    since: Stopwatch,
}

impl Screen {
    /// A screen on any writer.
    pub(crate) fn on(out: impl Write + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            out: Box::new(out),
            since: Stopwatch::start(),
        })))
    }

    /// Prints lines as they are.
    pub(crate) fn line(&self, text: &str) {
        self.with(|screen| screen.line(text));
    }

    /// Prints a line with the seconds since the start.
    pub(crate) fn event(&self, text: &str) {
        self.with(|screen| {
            let seconds = screen.since.elapsed().as_secs_f64();
            screen.line(&format!("{seconds:8.3}s  {text}"));
        });
    }

    /// For text that comes in pieces: prints each line as soon as it is whole, under a name, because others come meanwhile.
    pub(crate) fn lines_of(&self, name: &'static str) -> Lines {
        Lines {
            screen: self.clone(),
            name,
            begun: Mutex::default(),
        }
    }

    fn with<R>(&self, body: impl FnOnce(&mut Inner) -> R) -> R {
        body(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    /// Whoever reads may have gone, as `head` does.
    fn line(&mut self, text: &str) {
        let text = redact::filter(text);
        let _ = self.out.write_all(format!("{text}\n").as_bytes());
        let _ = self.out.flush();
    }
}

/// The lines of one of several.
pub(crate) struct Lines {
    screen: Screen,
    name: &'static str,
    begun: Mutex<String>,
}

impl Lines {
    /// Adds a piece.
    pub(crate) fn add(&self, text: &str) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        for piece in text.split_inclusive('\n') {
            begun.push_str(piece);
            if let Some(line) = begun.strip_suffix('\n') {
                self.show(line);
                begun.clear();
            }
        }
    }

    /// Prints the last line, if its end never came.
    pub(crate) fn end(&self) {
        let begun = std::mem::take(&mut *self.begun.lock().unwrap_or_else(PoisonError::into_inner));
        if !begun.is_empty() {
            self.show(&begun);
        }
    }

    fn show(&self, line: &str) {
        self.screen
            .line(&format!("{} | {}", self.name, line.trim_end()));
    }
}

/// Standard output.
pub(crate) fn stdout() -> Screen {
    Screen::on(io::stdout())
}

/// Standard error.
pub(crate) fn stderr() -> Screen {
    Screen::on(io::stderr())
}

/// A screen in memory, for tests and for the demonstration's own check.
#[cfg(test)]
pub(crate) mod paper {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::Screen;

    /// What was printed; clones share it.
    #[derive(Clone, Default)]
    pub(crate) struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Paper {
        pub(crate) fn screen(&self) -> Screen {
            Screen::on(self.clone())
        }

        pub(crate) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::paper::Paper;

    #[test]
    fn pieces_become_lines_under_a_name() {
        let paper = Paper::default();
        let screen = paper.screen();
        let (one, two) = (screen.lines_of("one"), screen.lines_of("two"));
        one.add("VERD");
        two.add("VERDICT: REJECT\nbe");
        one.add("ICT: APPROVE\n\nwell\n");
        two.add("cause");
        one.end();
        two.end();
        let expected =
            "two | VERDICT: REJECT\none | VERDICT: APPROVE\none | \none | well\ntwo | because\n";
        assert_eq!(paper.text(), expected);
    }

    #[test]
    fn a_secret_is_not_shown() {
        let paper = Paper::default();
        let screen = paper.screen();
        screen.line("with password=hunter2");
        screen.event("at https://anna:hunter2@host");
        let lines = screen.lines_of("one");
        lines.add("password=hunt");
        lines.add("er2\n");
        assert!(!paper.text().contains("hunter2"), "{}", paper.text());
    }
}
