//! What plan and policy say must happen, worked out from the documentation of both and from nothing of the code: this
//! knows no sockets, no headers and no timers.

use std::time::Duration;

use wait_or_die::Strategy;
use wait_or_die_example_faults::{Fault, RetryAfter, Step};

use crate::judge::LIMIT;
use crate::plans::{Course, Period, Policy};

/// "tokio's timer may be two milliseconds late, which counts as reaching it" (the guide, on deadlines).
const TIMER: Duration = Duration::from_millis(2);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) requests: usize,
    pub(crate) worked: usize,
    pub(crate) elapsed: Duration,
    pub(crate) ruling: Ruling,
}

/// How a call ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ruling {
    Answered,
    /// With the error of its last attempt.
    LastError,
    /// In the middle of its last attempt.
    CutOff,
}

/// What one attempt comes to if nothing cuts it off.
enum Comes {
    Answer,
    /// Tried again, no sooner than after this, where there is one.
    Again(Option<Duration>),
    Refusal,
}

pub(crate) fn expect(policy: &Policy, course: &Course) -> Expected {
    let mut elapsed = Duration::ZERO;
    let mut worked = 0;
    let mut steps = course.steps.iter();
    for attempt in 1_u32.. {
        let step = outage(course, attempt, elapsed).or_else(|| steps.next());
        worked += usize::from(step.is_none_or(Step::works));
        let (takes, comes) = step.map_or((Some(Duration::ZERO), Comes::Answer), |step| {
            meets(step.fault())
        });
        let ended = |elapsed, ruling| Expected {
            requests: attempt as usize,
            worked,
            elapsed,
            ruling,
        };
        let left = policy.timeout.saturating_sub(elapsed);
        let bound = policy.attempt_timeout.map_or(left, |bound| bound.min(left));
        let (delay, last) = match takes.filter(|takes| *takes < bound) {
            None if bound == left => return ended(policy.timeout, Ruling::CutOff),
            None => {
                elapsed += bound;
                (None, Ruling::CutOff)
            }
            Some(takes) => {
                elapsed += takes;
                match comes {
                    Comes::Answer => return ended(elapsed, Ruling::Answered),
                    Comes::Refusal => return ended(elapsed, Ruling::LastError),
                    Comes::Again(delay) => (delay, Ruling::LastError),
                }
            }
        };
        // The wait after a server's delay is that delay and one `initial_wait`.
        let wait = match delay {
            Some(delay) => delay.saturating_add(policy.initial_wait),
            None => wait(policy, attempt),
        };
        let late = if wait.is_zero() {
            Duration::ZERO
        } else {
            TIMER
        };
        let over = elapsed.saturating_add(wait).saturating_add(late) >= policy.timeout;
        if attempt > policy.max_retries || over {
            return ended(elapsed, last);
        }
        elapsed += wait;
    }
    unreachable!("every policy has a last attempt")
}

/// What an outage has for this attempt; it takes no step away.
fn outage(course: &Course, attempt: u32, elapsed: Duration) -> Option<&Step> {
    let (period, step) = course.outage.as_ref()?;
    let holds = match period {
        Period::Requests(which) => which.contains(&(attempt as usize - 1)),
        Period::Time(when) => when.start <= elapsed && elapsed < when.end,
    };
    holds.then_some(step)
}

/// How long the attempt takes, if it ends by itself, and what comes of it.
fn meets(fault: &Fault) -> (Option<Duration>, Comes) {
    let comes = match fault {
        Fault::Hang => return (None, Comes::Refusal),
        Fault::SlowHeaders(over) | Fault::SlowBody(over) => return (Some(*over), Comes::Answer),
        Fault::Pass => Comes::Answer,
        Fault::Answer(answer) => match answer.code().as_u16() {
            408 | 425 | 429 | 500 | 502 | 503 | 504 | 529 => {
                // Whoever asks for no delay leaves the waits to the policy.
                let asked = answer.retry_after().and_then(asked);
                Comes::Again(asked.filter(|delay| !delay.is_zero()))
            }
            _ => Comes::Refusal,
        },
        Fault::ResetUnread | Fault::Reset | Fault::TruncatedTransfer | Fault::Garbage => {
            Comes::Again(None)
        }
        Fault::LongBody(bytes) if *bytes <= LIMIT as u64 => Comes::Answer,
        Fault::TruncatedJson
        | Fault::RedirectLoop
        | Fault::WrongContentType
        | Fault::LongBody(_)
        | Fault::EndlessBody => Comes::Refusal,
    };
    (Some(Duration::ZERO), comes)
}

fn asked(form: &RetryAfter) -> Option<Duration> {
    match form {
        RetryAfter::Seconds(seconds) => Some(Duration::from_secs(*seconds)),
        RetryAfter::Millis(millis) => Some(Duration::from_millis(*millis)),
        RetryAfter::ImfFixdate(after) | RetryAfter::Rfc850(after) | RetryAfter::Asctime(after) => {
            Some(*after)
        }
        // Not in the standard, but meant; the runtime's documentation has it.
        RetryAfter::Text(text) if text == "1.5" => Some(Duration::from_millis(1500)),
        // Of the absurd ones these are well formed; they ask for centuries.
        RetryAfter::Text(text) => [
            "9999999999",
            "99999999999999999999999",
            "Fri, 31 Dec 9999 23:59:59 GMT",
        ]
        .iter()
        .any(|known| text == known)
        .then_some(Duration::MAX),
    }
}

/// The wait before retry number `retry`, from the table of strategies.
fn wait(policy: &Policy, retry: u32) -> Duration {
    let fibonacci = |n| {
        (0..n)
            .fold((1_u32, 1_u32), |(a, b), _| (b, a.saturating_add(b)))
            .0
    };
    let factor = match policy.growth {
        Strategy::Fixed => 1,
        Strategy::Linear => retry,
        Strategy::Fibonacci => fibonacci(retry - 1),
        // No plan has another one than these four.
        _ => 2_u32.saturating_pow(retry - 1),
    };
    policy
        .initial_wait
        .saturating_mul(factor)
        .min(policy.max_wait)
}
