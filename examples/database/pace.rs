//! When to try again to open a connection: soon at first, and for the last time as late as it is still of use.
//!
//! Five retries are few for 30 s. Waits that are drawn one by one add up to anything: where they come to too little, the
//! retries are used up while there is time left, and where they come to too much, the last one is not begun. So the last wait
//! is not drawn but reckoned, from what is left by then of the call that needs the connection.

use std::cell::Cell;
use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;
use wait_or_die::backoff::WaitSequence;

use crate::turns::{at, now};

/// The longest waits before all retries but the last; each is drawn from its upper quarter. Where connections are refused at
/// once, these retries come 0.5 s, 1.4 s, 3.9 s and 10.9 s after the first attempt at the latest, each about 2.8 times as
/// late as the one before, as the last one is too. So an outage of half a second or more is left after at most 3.6 times the
/// time that it took, however long that was.
const WAITS: [Duration; 4] = [
    Duration::from_millis(500),
    Duration::from_millis(900),
    Duration::from_millis(2500),
    Duration::from_secs(7),
];

/// How many of them are so short that an attempt which hangs is no reason to leave them out.
const QUICK: u32 = 2;

/// What an attempt that hangs takes: the `attempt_timeout` of `database.connect`.
const HANGS: Duration = Duration::from_secs(5);

/// What the last attempt has left, for the connection and for the statement that needs it.
pub(crate) const ROOM: Duration = Duration::from_millis(300);

/// Over which the last attempts of those are spread that lost the server at the same moment.
pub(crate) const SPREAD: Duration = Duration::from_millis(300);

tokio::task_local! {
    /// When the connection is of no more use.
    static END: Cell<Instant>;
}

/// Opens a connection for a call that has so much time left.
pub(crate) async fn within<F: Future>(left: Duration, opening: F) -> F::Output {
    END.scope(Cell::new(at(now(), left)), opening).await
}

/// What opens it has no more than this left itself.
pub(crate) fn bound(left: Duration) {
    // Where nothing is set there is nothing to bound.
    let _ = END.try_with(|end| end.set(end.get().min(at(now(), left))));
}

/// For `strategy`, beside `jitter = none`: what is to be drawn is drawn here.
pub(crate) const fn until_the_end() -> Pace {
    Pace
}

/// The waits of one call. Gives none where what is left would not do for another attempt, or [`within`] is not around it.
#[derive(Debug)]
pub(crate) struct Pace;

impl WaitSequence for Pace {
    fn next_wait(&mut self, retry: u32) -> Option<Duration> {
        let end = END.try_with(Cell::get).ok()?;
        let left = end.saturating_duration_since(now());
        wait(retry, left, fastrand::f64())
    }
}

/// The wait before this retry, counted from 1, of a call that has so much time left; `draw` is from 0 to 1.
fn wait(retry: u32, left: Duration, draw: f64) -> Option<Duration> {
    let latest = left.checked_sub(ROOM)?;
    let last = latest.saturating_sub(SPREAD.mul_f64(draw));
    let index = usize::try_from(retry).ok()?.checked_sub(1)?;
    let Some(longest) = WAITS.get(index) else {
        return Some(last);
    };
    let wait = longest.mul_f64(1.0 - draw / 4.0);
    // An attempt that hangs would take the time of the last one.
    let is_late = retry > QUICK && wait + HANGS > latest.saturating_sub(SPREAD);
    Some(if is_late { last } else { wait.min(last) })
}

#[cfg(test)]
mod tests;
