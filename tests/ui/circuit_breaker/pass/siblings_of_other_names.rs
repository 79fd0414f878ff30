//! The two attributes find each other under any name, in any order, and behind `cfg_attr`.

use wait_or_die::{circuit_breaker as guard, wait_or_die as bound, wait_or_die as once};

/// Does nothing, and is in the way.
#[guard(name = "a", failure_threshold = 3)]
#[must_use]
#[bound(when_open = wait)]
async fn first() -> std::io::Result<()> {
    Ok(())
}

#[bound(when_open = wait)]
#[cfg_attr(all(), guard(name = "a"))]
fn second() -> std::io::Result<()> {
    Ok(())
}

#[cfg_attr(all(), inline, guard(name = "a"))]
#[cfg_attr(all(), bound(when_open = wait))]
async fn third() -> std::io::Result<()> {
    Ok(())
}

// The sibling behind is switched off, so that the breaker stays alone.
#[guard(name = "a")]
#[cfg_attr(not(all()), bound(when_open = wait))]
async fn fourth() -> std::io::Result<()> {
    Ok(())
}

// A name that others have too, with an option that they have not.
#[guard(name = "a")]
#[once(when_open = wait)]
async fn fifth() -> std::io::Result<()> {
    Ok(())
}

fn main() {
    let _calls = (first(), second(), third(), fourth(), fifth());
}
