//! Options that `macro_rules` fills in arrive in invisible groups.

use std::time::Duration;

pub use wait_or_die::*;

pub const LIMIT: Duration = Duration::from_secs(30);

macro_rules! protected {
    ($name:ident, $option:ident, $timeout:expr, $initial:literal, $retries:expr, $strategy:path, $decide:expr, $pattern:pat, $type:ty) => {
        #[wait_or_die(
            crate = $crate,
            $option = $timeout,
            initial_wait = $initial,
            max_retries = $retries,
            strategy = $strategy,
            retry_if = $decide,
            abort_on($pattern),
            fields(size = page.len())
        )]
        async fn $name(page: String) -> $type {
            Ok(page.len())
        }
    };
}

protected!(first, timeout, "30s", "500ms", 3, linear, |_| true, _, std::io::Result<usize>);
protected!(second, timeout, LIMIT, 0.5, 2 + 1, exponential, is_transient, _, Result<usize, std::io::Error>);

fn is_transient(_error: &std::io::Error) -> bool {
    true
}

fn main() {
    let _calls = (first(String::new()), second(String::new()));
}
