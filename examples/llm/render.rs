//! The screen: plain lines. Every text passes the redaction filter, those that the program tells itself too, and none
//! reaches the terminal with characters that steer it: what a model answers, a document can provoke.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
            begun: Mutex::new(Some(redact::Writer::new(Named {
                screen: self.clone(),
                name,
                line: Vec::new(),
            }))),
        }
    }

    fn with<R>(&self, body: impl FnOnce(&mut Inner) -> R) -> R {
        body(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    /// Whoever reads may have gone, as `head` does.
    fn line(&mut self, text: &str) {
        // Once as it came, for secrets in colours; once more for those that steering characters were in the middle of.
        let text = plain(&redact::filter(text));
        let text = redact::filter(&text);
        let _ = self.out.write_all(format!("{text}\n").as_bytes());
        let _ = self.out.flush();
    }
}

/// The text without what moves the cursor, changes the title or the order of reading, except for ends of lines.
fn plain(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(|&c| !steers(c)).collect()
}

/// The lines of one of several. The filter sees them as one text, so that it knows a secret of several lines.
pub(crate) struct Lines {
    /// None after the end.
    begun: Mutex<Option<redact::Writer<Named>>>,
}

impl Lines {
    /// Adds a piece.
    pub(crate) fn add(&self, text: &str) {
        if let Some(begun) = self.begun().as_mut() {
            // `Named` takes everything.
            let _ = begun.write_all(text.as_bytes());
        }
    }

    /// Prints the last line, if its end never came.
    pub(crate) fn end(&self) {
        let begun = self.begun().take();
        if let Some(Ok(mut named)) = begun.map(redact::Writer::finish)
            && !named.line.is_empty()
        {
            named.show();
        }
    }

    fn begun(&self) -> MutexGuard<'_, Option<redact::Writer<Named>>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Prints each line under a name as soon as it is whole.
struct Named {
    screen: Screen,
    name: &'static str,
    line: Vec<u8>,
}

impl Named {
    fn show(&mut self) {
        let line = String::from_utf8_lossy(&self.line);
        let text = format!("{} | {}", self.name, line.trim_end());
        self.screen.line(&text);
        self.line.clear();
    }
}

impl Write for Named {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.show();
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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

    #[test]
    fn a_secret_of_several_lines_is_not_shown() {
        const KEY: &str = "found in it:\n-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END PRIVATE KEY-----\nline 3: wrong\n";
        let paper = Paper::default();
        let lines = paper.screen().lines_of("one");
        for piece in KEY.split_inclusive(['B', 'g', '\n']) {
            lines.add(piece);
        }
        lines.end();
        let expected = "one | found in it:\none | [REDACTED]\none | -----END PRIVATE KEY-----\none | line 3: wrong\n";
        assert_eq!(paper.text(), expected);
    }

    #[test]
    fn what_steers_a_terminal_does_not_reach_it() {
        let text = "VERDICT: REJECT\x1b[2K\r\x1b]0;title\x07VERDICT: \u{9b}31m\u{202e}A\tB\u{8}";
        let shown = "VERDICT: REJECT[2K]0;titleVERDICT: 31mA\tB";
        let paper = Paper::default();
        let screen = paper.screen();
        screen.line(text);
        let lines = screen.lines_of("one");
        lines.add(text);
        lines.end();
        assert_eq!(paper.text(), format!("{shown}\none | {shown}\n"));
        // Nor does a secret that one of them was in the middle of.
        let paper = Paper::default();
        paper.screen().line("pass\x08word=hun\x08ter2");
        assert_eq!(paper.text(), "password=[REDACTED]\n");
    }
}
