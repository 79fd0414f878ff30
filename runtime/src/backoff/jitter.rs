//! Jitter over nanoseconds; the formulas and their source are in the documentation of [`Jitter`].

use super::{Jitter, growth};

/// `term` spread by a draw, for the kinds that need no history. `Decorrelated` acts as `Full`.
pub(super) fn spread(kind: Jitter, term: u128, draw: f64) -> u128 {
    match kind {
        Jitter::None => term,
        Jitter::Full | Jitter::Decorrelated => portion(term, draw),
        Jitter::Equal => {
            // The odd nanosecond goes to the random half, so that a draw of 1 gives the whole term.
            let certain = term / 2;
            certain + portion(term - certain, draw)
        }
    }
}

/// Not yet capped. A `previous` below a third of `initial` leaves no room: the wait is `initial`.
pub(super) fn decorrelated(initial: u128, previous: u128, draw: f64) -> u128 {
    let room = previous.saturating_mul(3).saturating_sub(initial);
    initial.saturating_add(portion(room, draw))
}

/// The least and the greatest value of [`spread`].
pub(super) fn bounds(kind: Jitter, term: u128) -> (u128, u128) {
    (spread(kind, term, 0.0), term)
}

/// `draw * nanos`, never more than `nanos`; NaN counts as 1.
fn portion(nanos: u128, draw: f64) -> u128 {
    // Written so that NaN takes the second branch; a draw of 1 stays exact where an `f64` is not.
    if draw < 1.0 {
        growth::scale(nanos, draw.max(0.0)).min(nanos)
    } else {
        nanos
    }
}
