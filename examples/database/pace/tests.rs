//! The waits by themselves, and beside those that the attribute offers.

use std::time::Duration;

use wait_or_die::Jitter;
use wait_or_die::backoff::Backoff;

use super::{HANGS, ROOM, SPREAD, WAITS, wait};

const DEADLINE: Duration = Duration::from_secs(30);
const SEEDED: u64 = 1000;
const RETRIES: u32 = 5;

/// When the retries of one call come, if connections are refused at once.
fn retries(mut next: impl FnMut(u32, Duration) -> Option<Duration>) -> Vec<Duration> {
    let (mut moments, mut elapsed) = (Vec::new(), Duration::ZERO);
    for retry in 1..=RETRIES {
        let Some(wait) = next(retry, DEADLINE.saturating_sub(elapsed)) else {
            break;
        };
        elapsed += wait;
        if elapsed >= DEADLINE {
            break; // such a wait is not started
        }
        moments.push(elapsed);
    }
    moments
}

fn ours(random: &mut fastrand::Rng) -> Vec<Duration> {
    retries(|retry, left| wait(retry, left, random.f64()))
}

fn attributes(backoff: Backoff, random: &mut fastrand::Rng) -> Vec<Duration> {
    let mut previous = backoff.initial_wait();
    retries(|retry, _| {
        previous = backoff.wait(retry, previous, random.f64());
        Some(previous)
    })
}

/// Of a thousand calls, each through an outage whose end is drawn evenly from the deadline: how many outlive it, and when
/// the earliest last retry comes, in tenths of a second.
fn figures(mut call: impl FnMut(&mut fastrand::Rng) -> Vec<Duration>) -> (u32, u128) {
    let (mut outlived, mut earliest) = (0, DEADLINE);
    for seed in 0..SEEDED {
        let mut random = fastrand::Rng::with_seed(seed);
        let back = DEADLINE.mul_f64(random.f64());
        let last = *call(&mut random).last().unwrap();
        outlived += u32::from(back <= last);
        earliest = earliest.min(last);
    }
    (outlived, earliest.as_millis() / 100)
}

#[test]
fn the_last_retry_comes_where_little_is_left_and_the_others_soon() {
    for seed in 0..SEEDED {
        let moments = ours(&mut fastrand::Rng::with_seed(seed));
        let (last, soon) = moments.split_last().unwrap();
        let left = DEADLINE.saturating_sub(*last);
        assert!((ROOM..=ROOM + SPREAD).contains(&left), "{moments:?}");
        let mut latest = Duration::ZERO;
        for (moment, longest) in soon.iter().zip(WAITS) {
            latest += longest;
            assert!((latest * 3 / 4..=latest).contains(moment), "{moments:?}");
        }
        assert_eq!(moments.len(), 5);
    }
}

/// When the last attempt begins, of a call whose first one begins at `elapsed`; those in `hanging` hang, the others are
/// refused at once.
fn last_attempt(mut elapsed: Duration, hanging: u32, draws: [f64; 5]) -> Duration {
    let mut last = elapsed;
    for (number, draw) in (0..).zip(draws) {
        if hanging >> number & 1 == 1 {
            elapsed += HANGS;
        }
        let left = DEADLINE.saturating_sub(elapsed);
        let Some(wait) = wait(number + 1, left, draw) else {
            break;
        };
        elapsed += wait;
        last = elapsed;
    }
    last
}

/// Draws of a quarter each, and every choice of attempts that hang; from the start, and after an answer was waited for and
/// the statement's longest wait was added.
#[test]
fn whatever_is_drawn_and_whatever_hangs_an_attempt_begins_in_the_last_moments() {
    let (mut earliest, mut latest, mut calls) = (DEADLINE, Duration::ZERO, 0);
    let draw = |at: u32, number: u32| f64::from(at / 5_u32.pow(number) % 5) / 4.0;
    for elapsed in [0, 5_000, 5_100].map(Duration::from_millis) {
        for (hanging, at) in (0..32).flat_map(|hanging| (0..3125).map(move |at| (hanging, at))) {
            let draws = [0, 1, 2, 3, 4].map(|number| draw(at, number));
            let last = last_attempt(elapsed, hanging, draws);
            (earliest, latest) = (earliest.min(last), latest.max(last));
            calls += 1;
        }
    }
    let reach = DEADLINE.saturating_sub(ROOM + SPREAD);
    assert_eq!((earliest, latest), (reach, reach + SPREAD));
    assert_eq!(calls, 300_000);
}

#[test]
fn what_is_left_bounds_every_wait() {
    let ms = Duration::from_millis;
    assert_eq!(wait(1, DEADLINE, 0.0), Some(ms(500)));
    assert_eq!(wait(1, DEADLINE, 1.0), Some(ms(375)));
    assert_eq!(wait(5, ms(18_000), 0.0), Some(ms(17_700)));
    assert_eq!(wait(5, ms(18_000), 1.0), Some(ms(17_400)));
    // A quick one is brought forward; a longer one already where its attempt might hang into the last one's time.
    assert_eq!(wait(1, ms(750), 0.0), Some(ms(450)));
    assert_eq!(wait(3, ms(8_100), 0.0), Some(ms(2_500)));
    assert_eq!(wait(3, ms(8_099), 0.0), Some(ms(7_799)));
    // Too late for another.
    assert_eq!(wait(2, ms(300), 0.0), Some(ms(0)));
    assert_eq!(wait(2, ms(299), 0.0), None);
    assert_eq!(wait(2, ms(599), 1.0), Some(ms(0)));
    assert_eq!(wait(u32::MAX, DEADLINE, 0.0), Some(ms(29_700)));
    assert_eq!(wait(0, DEADLINE, 0.0), None);
}

/// The figures of `docs/database.md`.
#[test]
fn other_waits_outlive_fewer_outages() {
    let exponential = |initial, most, multiplier, jitter| {
        Backoff::new()
            .with_initial_wait(Duration::from_millis(initial))
            .with_max_wait(Duration::from_millis(most))
            .with_multiplier(multiplier)
            .with_jitter(jitter)
    };
    let other = |backoff| figures(|random| attributes(backoff, random));
    assert_eq!(figures(ours), (989, 294));
    assert_eq!(
        other(exponential(500, 5_000, 2.0, Jitter::Equal)),
        (318, 67)
    );
    assert_eq!(
        other(exponential(2_000, 10_000, 3.0, Jitter::Equal)),
        (876, 200)
    );
    assert_eq!(
        other(exponential(500, 18_000, 2.44, Jitter::Full)),
        (505, 18)
    );
    assert_eq!(
        other(exponential(500, 18_000, 2.44, Jitter::None)),
        (994, 296)
    );
    assert_eq!(
        other(exponential(500, 11_000, 2.0, Jitter::Decorrelated)),
        (477, 30)
    );
}
