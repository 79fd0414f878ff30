//! Options that `macro_rules` fills in arrive in invisible groups.

use std::time::Duration;

pub use wait_or_die::*;

pub const REST: Duration = Duration::from_secs(30);

macro_rules! guarded {
    ($(#[$other:meta])* $fn:ident, $name:literal, $option:ident, $rest:expr, $window:expr, $key:expr, $decide:expr, $policy:path) => {
        #[circuit_breaker(
            crate = $crate,
            name = $name,
            policy = $policy,
            $option = $rest,
            failure_rate = 0.5,
            window = $window,
            key = $key,
            failure_if = $decide
        )]
        $(#[$other])*
        async fn $fn(page: String) -> std::io::Result<usize> {
            Ok(page.len())
        }
    };
}

guarded!(first, "a", recovery_timeout, "30s", 100, 1 + 1, |_| true, BreakerPolicy::NETWORK);
guarded!(
    #[wait_or_die(crate = crate, timeout = "30s")]
    second, "b", recovery_timeout, REST, "10s", REST.as_secs(), is_outage, BreakerPolicy::NETWORK
);

fn is_outage(_error: &std::io::Error) -> bool {
    true
}

fn main() {
    let _calls = (first(String::new()), second(String::new()));
}
