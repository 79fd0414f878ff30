//! Panics.

use core::any::Any;
use core::fmt::Write as _;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::borrow::Cow;
use std::io::{self, Write as _};
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::{Filter, SafeText, process};

/// Prints panics to standard error through the filter of the process ([`set_filter`](super::set_filter), else the
/// built-in one), from here on.
///
/// What is printed is what the standard library prints, but for the number of the thread: its name, the place, the message, and with
/// `RUST_BACKTRACE` (or `RUST_LIB_BACKTRACE`) set a backtrace. Each passes the filter. A payload that is no text, as of
/// [`panic_any`](std::panic::panic_any), is told as `Box<dyn Any>`.
///
/// The hook that was set before is replaced, and is not called: that of the standard library would print the message
/// as it is. Whoever has one of their own (a crash reporter, a log) calls [`panic_text`] in it instead of this.
///
/// ```
/// wait_or_die::redact::install_panic_hook(); // at the start of `main`
/// ```
///
/// # Panics
///
/// If the thread is panicking, as [`std::panic::set_hook`] does. The hook itself does not panic, nor does it fail: what
/// cannot be written is not.
pub fn install_panic_hook() {
    panic::set_hook(Box::new(print));
}

/// What of a panic's message may be shown, for a panic hook of one's own; `Box<dyn Any>` if the payload is no text.
///
/// ```
/// use wait_or_die::redact;
///
/// std::panic::set_hook(Box::new(|info| {
///     tracing::error!(panic = %redact::panic_text(info), place = ?info.location());
/// }));
/// ```
pub fn panic_text(info: &PanicHookInfo<'_>) -> SafeText {
    payload_text(info.payload())
}

/// The same of a panic that was caught.
pub(crate) fn payload_text(payload: &(dyn Any + 'static)) -> SafeText {
    match text(payload) {
        Some(text) => SafeText::of(text),
        None => SafeText::from(NO_TEXT),
    }
}

/// What the standard library says of a payload that is no text.
const NO_TEXT: &str = "Box<dyn Any>";

fn text(payload: &dyn Any) -> Option<&str> {
    let text = payload.downcast_ref::<&'static str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
}

fn print(info: &PanicHookInfo<'_>) {
    static IS_HINT_GIVEN: AtomicBool = AtomicBool::new(false);

    let backtrace = Backtrace::capture();
    let filter = process::current();
    let mut report = report(info, filter);
    match backtrace.status() {
        BacktraceStatus::Captured => {
            report.push_str("stack backtrace:\n");
            report.push_str(&filter.filter(&backtrace.to_string()));
        }
        BacktraceStatus::Disabled if !IS_HINT_GIVEN.swap(true, Ordering::Relaxed) => {
            report.push_str(
                "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
            );
        }
        _ => {}
    }
    // In one write, so that panics of several threads are not mixed. Where it fails there is nobody to tell.
    let _ = io::stderr().lock().write_all(report.as_bytes());
}

/// Thread, place and message.
fn report(info: &PanicHookInfo<'_>, filter: &Filter) -> String {
    let thread = thread::current();
    let name = filter.filter(thread.name().unwrap_or("<unnamed>"));
    let message = text(info.payload()).map_or(Cow::Borrowed(NO_TEXT), |text| filter.filter(text));
    let mut report = format!("\nthread '{name}' panicked");
    if let Some(place) = info.location() {
        // Writing to a string does not fail.
        let _ = write!(report, " at {place}");
    }
    report.push_str(":\n");
    report.push_str(&message);
    report.push('\n');
    report
}
