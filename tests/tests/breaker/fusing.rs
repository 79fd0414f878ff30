//! Two attributes on one function become one, wherever they stand and whatever they are called.

use std::cell::Cell;
use std::io;
use std::pin::Pin;

use async_trait::async_trait;
use wait_or_die::{Error, circuit_breaker as guard, testing, wait_or_die as retry};
use wait_or_die_tests::refused;

fn fail(calls: &Cell<u32>) -> io::Result<u32> {
    calls.set(calls.get() + 1);
    Err(refused())
}

#[guard(name = "fused", failure_threshold = 3)]
#[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
async fn renamed(calls: &Cell<u32>) -> io::Result<u32> {
    fail(calls)
}

#[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
#[guard(name = "fused", failure_threshold = 3)]
async fn renamed_below(calls: &Cell<u32>) -> io::Result<u32> {
    fail(calls)
}

#[wait_or_die::circuit_breaker(name = "fused", failure_threshold = 3)]
#[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
async fn by_path(calls: &Cell<u32>) -> io::Result<u32> {
    fail(calls)
}

#[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
#[::wait_or_die::circuit_breaker(name = "fused", failure_threshold = 3)]
async fn by_path_below(calls: &Cell<u32>) -> io::Result<u32> {
    fail(calls)
}

#[cfg_attr(all(), guard(name = "fused", failure_threshold = 3))]
#[cfg_attr(all(), retry(max_retries = 7, initial_wait = 0, max_wait = 0))]
async fn configured(calls: &Cell<u32>) -> io::Result<u32> {
    fail(calls)
}

#[cfg_attr(all(), retry(max_retries = 7, initial_wait = 0, max_wait = 0))]
#[guard(name = "fused", failure_threshold = 3)]
async fn configured_above(calls: &Cell<u32>) -> io::Result<u32> {
    fail(calls)
}

#[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
#[cfg_attr(all(), guard(name = "fused", failure_threshold = 3))]
fn configured_plain(calls: &Cell<u32>) -> io::Result<u32> {
    fail(calls)
}

#[cfg_attr(
    all(),
    allow(clippy::needless_return),
    guard(name = "fused", failure_threshold = 3),
    inline
)]
#[cfg_attr(all(), retry(max_retries = 7, initial_wait = 0, max_wait = 0))]
fn configured_together(calls: &Cell<u32>) -> io::Result<u32> {
    return fail(calls);
}

/// Above,
#[guard(name = "fused", failure_threshold = 3)]
/// between
#[allow(clippy::let_and_return)]
#[must_use = "the answer"]
#[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
#[inline]
/// and below.
async fn among_others(calls: &Cell<u32>) -> io::Result<u32> {
    let answer = fail(calls);
    answer
}

/// Above,
#[must_use = "the answer"]
#[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
#[doc(hidden)]
/// between
#[guard(name = "fused", failure_threshold = 3)]
/// and below.
#[allow(clippy::let_and_return)]
#[cfg(test)]
fn among_others_plain(calls: &Cell<u32>) -> io::Result<u32> {
    let answer = fail(calls);
    answer
}

macro_rules! fused {
    ($(#[$other:meta])* $vis:vis $name:ident($calls:ident: $ty:ty) $body:block) => {
        $(#[$other])*
        #[guard(name = "fused", failure_threshold = 3)]
        #[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
        $vis async fn $name($calls: $ty) -> io::Result<u32> $body
    };
    (whole $(#[$meta:meta])+ fn $name:ident) => {
        $(#[$meta])+
        async fn $name(calls: &Cell<u32>) -> io::Result<u32> {
            fail(calls)
        }
    };
}

fused!(/** Documented. */ #[allow(dead_code)] pub(crate) by_macro(count: &Cell<u32>) { fail(count) });
fused!(whole
    #[guard(name = "fused", failure_threshold = 3)]
    #[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
    fn from_macro
);
fused!(whole
    #[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
    #[doc = "between"]
    #[guard(name = "fused", failure_threshold = 3)]
    fn from_macro_below
);

struct Client<'a>(&'a Cell<u32>);

trait Ask {
    async fn ask(&self) -> io::Result<u32>;
    fn ask_now(&mut self) -> io::Result<u32>;

    #[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
    #[guard(name = "fused", failure_threshold = 3)]
    async fn provided(&self) -> io::Result<u32> {
        self.ask().await
    }
}

impl Client<'_> {
    #[guard(name = "fused", failure_threshold = 3)]
    #[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
    async fn method(&self) -> io::Result<u32> {
        fail(self.0)
    }

    #[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
    #[guard(name = "fused", failure_threshold = 3)]
    fn method_now(&mut self) -> io::Result<u32> {
        fail(self.0)
    }
}

impl Ask for Client<'_> {
    #[guard(name = "fused", failure_threshold = 3)]
    #[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
    async fn ask(&self) -> io::Result<u32> {
        fail(self.0)
    }

    #[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
    #[guard(name = "fused", failure_threshold = 3)]
    fn ask_now(&mut self) -> io::Result<u32> {
        fail(self.0)
    }
}

/// A trait's provided method, which asks the body itself.
struct Provided<'a>(&'a Cell<u32>);

impl Ask for Provided<'_> {
    async fn ask(&self) -> io::Result<u32> {
        fail(self.0)
    }

    fn ask_now(&mut self) -> io::Result<u32> {
        fail(self.0)
    }
}

#[async_trait(?Send)]
trait Boxed {
    async fn above(&self) -> io::Result<u32>;
    async fn below(&mut self) -> io::Result<u32>;
}

#[async_trait(?Send)]
impl Boxed for Client<'_> {
    #[guard(name = "fused", failure_threshold = 3)]
    #[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
    async fn above(&self) -> io::Result<u32> {
        fail(self.0)
    }

    #[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
    #[guard(name = "fused", failure_threshold = 3)]
    async fn below(&mut self) -> io::Result<u32> {
        fail(self.0)
    }
}

type Call = for<'a> fn(&'a Cell<u32>) -> Pin<Box<dyn Future<Output = io::Result<u32>> + 'a>>;

#[tokio::test(start_paused = true)]
async fn the_breaker_sees_every_attempt_in_either_order() {
    let calls: [(&str, Call); 23] = [
        ("renamed", |calls| Box::pin(renamed(calls))),
        ("renamed_below", |calls| Box::pin(renamed_below(calls))),
        ("by_path", |calls| Box::pin(by_path(calls))),
        ("by_path_below", |calls| Box::pin(by_path_below(calls))),
        ("configured", |calls| Box::pin(configured(calls))),
        ("configured_above", |calls| {
            Box::pin(configured_above(calls))
        }),
        ("configured_plain", |calls| {
            Box::pin(async { configured_plain(calls) })
        }),
        ("configured_together", |calls| {
            Box::pin(async { configured_together(calls) })
        }),
        ("among_others", |calls| Box::pin(among_others(calls))),
        ("among_others_plain", |calls| {
            Box::pin(async { among_others_plain(calls) })
        }),
        ("by_macro", |calls| Box::pin(by_macro(calls))),
        ("from_macro", |calls| Box::pin(from_macro(calls))),
        ("from_macro_below", |calls| {
            Box::pin(from_macro_below(calls))
        }),
        ("method", |calls| {
            Box::pin(async { Client(calls).method().await })
        }),
        ("method_now", |calls| {
            Box::pin(async { Client(calls).method_now() })
        }),
        ("ask", |calls| {
            Box::pin(async { Ask::ask(&Client(calls)).await })
        }),
        ("ask_now", |calls| {
            Box::pin(async { Ask::ask_now(&mut Client(calls)) })
        }),
        ("provided", |calls| {
            Box::pin(async { Provided(calls).provided().await })
        }),
        ("boxed above", |calls| {
            Box::pin(async { Client(calls).above().await })
        }),
        ("boxed below", |calls| {
            Box::pin(async { Client(calls).below().await })
        }),
        ("in a function", |calls| Box::pin(in_a_function(calls))),
        ("in a module", |calls| Box::pin(inner::visible(calls))),
        ("a raw name", |calls| Box::pin(r#match(calls))),
    ];
    for (name, call) in calls {
        let _scope = testing::scope(1);
        let count = Cell::new(0);
        let error = call(&count).await.unwrap_err();
        let told: &Error = error.get_ref().unwrap().downcast_ref().unwrap();
        assert!(matches!(told, Error::Rejected(_)), "{name}: {told}");
        // Were they two, one round the other, it would be 8 and 0, or 3 and 0.
        assert_eq!((count.get(), told.attempts()), (3, 3), "{name}");
        let again = call(&count).await.unwrap_err();
        let told: &Error = again.get_ref().unwrap().downcast_ref().unwrap();
        assert_eq!((count.get(), told.attempts()), (3, 0), "{name}");
    }
}

async fn in_a_function(calls: &Cell<u32>) -> io::Result<u32> {
    #[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
    #[guard(name = "fused", failure_threshold = 3)]
    async fn inside(calls: &Cell<u32>) -> io::Result<u32> {
        fail(calls)
    }
    inside(calls).await
}

mod inner {
    use std::cell::Cell;
    use std::io;

    #[wait_or_die::wait_or_die(max_retries = 7, initial_wait = 0, max_wait = 0)]
    #[wait_or_die::circuit_breaker(name = "fused", failure_threshold = 3)]
    pub(in super::super) async fn visible(calls: &Cell<u32>) -> io::Result<u32> {
        super::fail(calls)
    }
}

#[guard(name = "fused", failure_threshold = 3)]
#[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
async fn r#match(calls: &Cell<u32>) -> io::Result<u32> {
    fail(calls)
}

#[cfg_attr(any(), guard(name = "absent", failure_threshold = 3))]
#[retry(max_retries = 7, initial_wait = 0, max_wait = 0)]
async fn without_breaker(calls: &Cell<u32>) -> io::Result<u32> {
    fail(calls)
}

#[guard(name = "present", failure_threshold = 3)]
#[cfg_attr(any(), retry(max_retries = 7, initial_wait = 0, max_wait = 0))]
async fn without_retry(calls: &Cell<u32>) -> io::Result<u32> {
    fail(calls)
}

#[cfg_attr(any(), retry(max_retries = 7))]
#[cfg_attr(any(), guard(name = "absent"))]
fn without_both(calls: &Cell<u32>) -> io::Result<u32> {
    fail(calls)
}

#[tokio::test(start_paused = true)]
async fn one_that_is_configured_away_is_not_there() {
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    assert!(
        without_breaker(&calls)
            .await
            .unwrap_err()
            .get_ref()
            .is_none()
    );
    assert_eq!(calls.take(), 8);
    for _ in 0..5 {
        without_retry(&calls).await.unwrap_err();
        without_both(&calls).unwrap_err();
    }
    assert_eq!(calls.take(), 3 + 5);
}

thread_local! {
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

fn second_time() -> io::Result<()> {
    CALLS.set(CALLS.get() + 1);
    if CALLS.get() == 1 {
        Err(refused())
    } else {
        Ok(())
    }
}

#[guard(name = "above-a-test", failure_threshold = 3)]
#[retry(max_retries = 2, initial_wait = 0, max_wait = 0)]
#[tokio::test(start_paused = true)]
async fn above_a_test() -> io::Result<()> {
    second_time()
}

#[retry(max_retries = 2, initial_wait = 0, max_wait = 0)]
#[tokio::test(start_paused = true)]
#[guard(name = "round-a-test", failure_threshold = 3)]
async fn round_a_test() -> io::Result<()> {
    second_time()
}

#[tokio::test(start_paused = true)]
#[guard(name = "below-a-test", failure_threshold = 3)]
#[retry(max_retries = 2, initial_wait = 0, max_wait = 0)]
async fn below_a_test() -> io::Result<()> {
    second_time()
}
