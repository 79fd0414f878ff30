//! Inner writers that fail.

use std::io::{self, ErrorKind, Write};

use super::super::Writer;

/// Fails as `plan` says, which is gone through again and again.
struct Flaky {
    taken: Vec<u8>,
    plan: Vec<Step>,
    next: usize,
}

#[derive(Clone, Copy)]
enum Step {
    Take(usize),
    Fail(ErrorKind),
}

use Step::{Fail, Take};

impl Flaky {
    fn new(plan: &[Step]) -> Self {
        Self {
            taken: Vec::new(),
            plan: plan.to_vec(),
            next: 0,
        }
    }
}

impl Write for Flaky {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let step = self.plan[self.next % self.plan.len()];
        self.next += 1;
        match step {
            Take(most) => {
                let taken = most.min(text.len());
                self.taken.extend_from_slice(&text[..taken]);
                Ok(taken)
            }
            Fail(kind) => Err(kind.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const TEXT: &str = "one\ntwo password=hunter2secret\nthree\n\nfour password=hunter2secret\r\nfive";
const SHOWN: &str = "one\ntwo password=[REDACTED]\nthree\n\nfour password=[REDACTED]\r\nfive";

/// Writes `TEXT` in pieces, again after each error, and says what came out and which errors there were.
fn insist(plan: &[Step], size: usize) -> (String, Vec<ErrorKind>) {
    let mut errors = Vec::new();
    let mut writer = Writer::new(Flaky::new(plan));
    for piece in TEXT.as_bytes().chunks(size) {
        let mut rest = piece;
        while !rest.is_empty() {
            match writer.write(rest) {
                Ok(taken) => {
                    assert!(taken > 0);
                    rest = &rest[taken..];
                }
                Err(error) => errors.push(error.kind()),
            }
        }
    }
    while let Err(error) = writer.flush() {
        errors.push(error.kind());
    }
    // All that is left is the last line, which goes out in one write that does not fail.
    writer.inner.as_mut().unwrap().plan = vec![Take(usize::MAX)];
    let taken = writer.finish().unwrap().taken;
    (String::from_utf8(taken).unwrap(), errors)
}

#[test]
fn whatever_the_inner_writer_does_nothing_is_lost_or_doubled() {
    let plans: [&[Step]; 7] = [
        &[Take(1)],
        &[Take(3), Fail(ErrorKind::Interrupted)],
        &[Fail(ErrorKind::WouldBlock), Take(1)],
        &[Fail(ErrorKind::WouldBlock), Take(1000)],
        &[
            Take(5),
            Fail(ErrorKind::WouldBlock),
            Fail(ErrorKind::TimedOut),
        ],
        &[Take(0), Take(2)],
        &[Take(7), Take(0), Fail(ErrorKind::Interrupted)],
    ];
    for plan in plans {
        for size in [1, 2, 5, 16, TEXT.len()] {
            assert_eq!(insist(plan, size).0, SHOWN, "in pieces of {size} bytes");
        }
    }
}

#[test]
fn errors_are_passed_on_and_interruptions_are_not() {
    assert_eq!(insist(&[Take(3), Fail(ErrorKind::Interrupted)], 16).1, []);
    let (_, errors) = insist(&[Fail(ErrorKind::WouldBlock), Take(1000)], TEXT.len());
    assert_eq!(errors, [ErrorKind::WouldBlock]);
    let (_, errors) = insist(&[Take(0), Take(1000)], TEXT.len());
    assert_eq!(errors, [ErrorKind::WriteZero]);
}

#[test]
fn a_write_that_fails_at_once_has_taken_nothing() {
    for line in ["clean\n", "password=hunter2secret\n"] {
        let mut writer = Writer::new(Flaky::new(&[Fail(ErrorKind::BrokenPipe), Take(1000)]));
        let error = writer.write(line.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
        assert_eq!(writer.finish().unwrap().taken, b"");
    }
}

#[test]
fn a_line_that_was_sent_in_part_is_reported_by_the_next_call() {
    let mut writer = Writer::new(Flaky::new(&[Take(2), Fail(ErrorKind::BrokenPipe)]));
    assert_eq!(writer.write(b"clean\n").unwrap(), 6);
    writer.inner.as_mut().unwrap().next = 1;
    assert_eq!(
        writer.write(b"next\n").unwrap_err().kind(),
        ErrorKind::BrokenPipe
    );
    writer.inner.as_mut().unwrap().plan = vec![Take(usize::MAX)];
    assert_eq!(writer.finish().unwrap().taken, b"clean\n");
}

#[test]
fn finish_says_that_it_failed() {
    let mut writer = Writer::new(Flaky::new(&[Fail(ErrorKind::StorageFull)]));
    writer.write_all(b"rest").unwrap();
    let error = writer.finish().err().unwrap();
    assert_eq!(error.kind(), ErrorKind::StorageFull);
}

#[test]
fn an_inner_writer_that_panicked_is_left_alone() {
    struct Panics<'c>(&'c std::cell::Cell<usize>);
    impl Write for Panics<'_> {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            self.0.set(self.0.get() + 1);
            panic!("the inner writer")
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let calls = std::cell::Cell::new(0);
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut writer = Writer::new(Panics(&calls));
        let _ = writer.write(b"password=hunter2secret\n");
    }));
    assert!(outcome.is_err());
    assert_eq!(calls.get(), 1);
}
