//! What a writer promises.

mod faults;
mod keys;
mod long;
#[cfg(feature = "subscriber")]
mod subscriber;

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use super::{LIMIT, Writer};
use crate::redact::Filter;

/// Remembers each write.
#[derive(Debug, Clone, Default)]
pub(super) struct Sink(Rc<RefCell<(Vec<String>, usize)>>);

impl Sink {
    pub(super) fn writes(&self) -> Vec<String> {
        self.0.borrow().0.clone()
    }

    fn flushes(&self) -> usize {
        self.0.borrow().1
    }
}

impl Write for Sink {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let written = String::from_utf8(text.to_vec()).unwrap();
        self.0.borrow_mut().0.push(written);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().1 += 1;
        Ok(())
    }
}

/// What comes out if `text` is written in pieces of `size` bytes.
pub(super) fn in_pieces(text: &[u8], size: usize) -> String {
    let mut writer = Writer::new(Vec::new());
    for piece in text.chunks(size) {
        assert_eq!(writer.write(piece).unwrap(), piece.len());
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

/// What comes out, which does not depend on the pieces.
pub(super) fn filtered(text: impl AsRef<[u8]>) -> String {
    let text = text.as_ref();
    let whole = in_pieces(text, text.len().max(1));
    for size in [1, 2, 3, 7, 64, 1000, LIMIT - 1, LIMIT, LIMIT + 1] {
        assert_eq!(in_pieces(text, size), whole, "in pieces of {size} bytes");
    }
    whole
}

#[test]
fn a_line_is_shown_as_the_filter_shows_it() {
    for line in [
        "",
        "nothing to see",
        "user=svc password=hunter2secret host=db1",
        "grüße, 世界 🦀 password=hunter2secret 🦀",
        "a\rlone return",
    ] {
        let shown = Filter::new().filter(line);
        assert_eq!(filtered(line), shown);
        assert_eq!(filtered(format!("{line}\n")), format!("{shown}\n"));
        assert_eq!(filtered(format!("{line}\r\n")), format!("{shown}\r\n"));
        assert_eq!(
            filtered(format!("{line}\n\r\n{line}\r\n{line}")),
            format!("{shown}\n\r\n{shown}\r\n{shown}")
        );
    }
}

#[test]
fn the_longest_line_that_is_held_is_shown_as_the_filter_shows_it() {
    let secret = " password=hunter2secret";
    let line = format!("{}{secret}", "x".repeat(LIMIT - secret.len() - 1));
    assert_eq!(
        filtered(format!("{line}\nnext\n")),
        format!("{}\nnext\n", Filter::new().filter(&line))
    );
}

#[test]
fn a_line_is_written_at_its_newline_and_not_before() {
    let sink = Sink::default();
    let mut writer = Writer::new(sink.clone());
    writer.write_all(b"password=hunter").unwrap();
    writer.flush().unwrap();
    assert_eq!(sink.writes(), [""; 0]);
    assert_eq!(sink.flushes(), 1);
    writer.write_all(b"2secret\nrest of").unwrap();
    assert_eq!(sink.writes(), ["password=[REDACTED]\n"]);
    writer.flush().unwrap();
    assert_eq!(sink.writes(), ["password=[REDACTED]\n"]);
    drop(writer);
    assert_eq!(sink.writes(), ["password=[REDACTED]\n", "rest of"]);
    assert_eq!(sink.flushes(), 3);
}

#[test]
fn finish_writes_the_rest_filtered_and_flushes() {
    let mut writer = Writer::new(Sink::default());
    writer.write_all(b"a\npassword=hunter2secret").unwrap();
    assert_eq!(writer.get_ref().writes(), ["a\n"]);
    let sink = writer.finish().unwrap();
    assert_eq!(sink.writes(), ["a\n", "password=[REDACTED]"]);
    assert_eq!(sink.flushes(), 1);
}

#[test]
fn clean_lines_are_written_together_and_one_with_a_secret_at_once() {
    let sink = Sink::default();
    let mut writer = Writer::new(sink.clone());
    let clean = "a clean line\n".repeat(2000);
    writer.write_all(clean.as_bytes()).unwrap();
    assert_eq!(sink.writes(), [clean.as_str()]);
    assert_eq!(writer.engine.capacity(), 0, "nothing was copied");
    writer
        .write_all(b"an event\n  password=hunter2secret\n  end\n")
        .unwrap();
    assert_eq!(
        sink.writes(),
        [clean.as_str(), "an event\n  password=[REDACTED]\n  end\n"]
    );
}

#[test]
fn what_is_not_utf8_is_shown_as_such_and_nothing_around_it_is_lost() {
    assert_eq!(filtered(b"a\xFFb\n"), "a\u{FFFD}b\n");
    assert_eq!(filtered(b"\xF0\x9F\x98\n"), "\u{FFFD}\n");
    assert_eq!(filtered(b"a\xE4\xB8"), "a\u{FFFD}");
    assert_eq!(
        filtered(b"\xC3password=hunter2secret\xC3 x\n"),
        format!(
            "{}\n",
            Filter::new().filter("\u{FFFD}password=hunter2secret\u{FFFD} x")
        )
    );
}

#[test]
fn colours_between_a_key_and_its_value_do_not_show_the_value() {
    let painted = "\u{1b}[32m INFO\u{1b}[0m \u{1b}[3mpassword\u{1b}[0m\u{1b}[2m=\u{1b}[0mhunter2secret \u{1b}[1;31mx\n";
    assert_eq!(filtered(painted), " INFO password=[REDACTED] x\n");
    let clean = "\u{1b}[32m INFO\u{1b}[0m \u{1b}[3muser\u{1b}[0m\u{1b}[2m=\u{1b}[0msvc\u{1b}\n";
    assert_eq!(filtered(clean), clean);
    let only_raw = "\u{1b}]8;;https://h/?password=hunter2secret\u{1b}\\link\u{1b}]8;;\u{1b}\\";
    assert!(!filtered(only_raw).contains("hunter2secret"));
}

#[test]
fn a_filter_of_its_own_is_shared_or_given() {
    let filter = std::sync::Arc::new(Filter::new());
    let mut shared = Writer::with_filter(Vec::new(), filter.clone());
    shared.write_all(b"password=hunter2secret\n").unwrap();
    assert_eq!(shared.finish().unwrap(), b"password=[REDACTED]\n");
    let mut given = Writer::with_filter(Vec::new(), Filter::new());
    given.write_all(b"password=hunter2secret\n").unwrap();
    assert_eq!(given.finish().unwrap(), b"password=[REDACTED]\n");
}

#[test]
fn what_is_held_back_is_not_in_the_debug_text() {
    let mut writer = Writer::new(Vec::new());
    writer.write_all(b"password=hunter2secret").unwrap();
    assert_eq!(format!("{writer:?}"), "Writer { inner: Some([]), .. }");
}

#[test]
fn it_goes_to_other_threads() {
    const fn is_send<T: Send>(_: &T) {}
    is_send(&Writer::new(io::sink()));
}
