//! A panic is a death too, and goes on behind the report.

use std::panic::{AssertUnwindSafe, catch_unwind};

use wait_or_die::{Retry, circuit_breaker, wait_or_die};

use super::*;

/// What a call panicked with.
fn payload<R>(call: impl FnOnce() -> R) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(call)) else {
        panic!("it did not panic");
    };
    *payload.downcast::<String>().expect("a text")
}

fn polled<F: Future>(future: F) -> Poll<F::Output> {
    let mut context = Context::from_waker(Waker::noop());
    std::pin::pin!(future).poll(&mut context)
}

fn panicking(secret: &str) -> io::Error {
    panic!("no login with password={secret}")
}

fn seen() -> (Reason, u32, String) {
    let report = system_report();
    assert_eq!(halt::system().later_count(), 0);
    assert_eq!(report.trace_id(), None);
    (
        report.reason(),
        report.attempts(),
        report.error().to_string(),
    )
}

const TOLD: &str = "no login with password=[REDACTED]";
const SECRET: &str = "hunter2secret";

#[test]
fn in_the_body() {
    #[wait_or_die(halt, name = "op", max_retries = 3, initial_wait = 0, max_wait = 0)]
    async fn call(attempts: &mut u32) -> io::Result<()> {
        *attempts += 1;
        Err(if *attempts == 2 {
            panicking(SECRET)
        } else {
            refused()
        })
    }
    #[wait_or_die(halt, name = "op", max_retries = 3, initial_wait = 0, max_wait = 0)]
    fn plain(attempts: &mut u32) -> io::Result<()> {
        *attempts += 1;
        Err(if *attempts == 2 {
            panicking(SECRET)
        } else {
            refused()
        })
    }
    #[circuit_breaker(name = "broken", failure_threshold = 5)]
    #[wait_or_die(halt, name = "op", max_retries = 3, initial_wait = 0, max_wait = 0)]
    fn behind_a_breaker(attempts: &mut u32) -> io::Result<()> {
        *attempts += 1;
        Err(if *attempts == 2 {
            panicking(SECRET)
        } else {
            refused()
        })
    }
    for kind in 0..3 {
        let _scope = testing::scope(1);
        let text = payload(|| match kind {
            0 => assert!(polled(call(&mut 0)).is_ready()),
            1 => drop(plain(&mut 0)),
            _ => drop(behind_a_breaker(&mut 0)),
        });
        // As it was: what catches it may have use for it.
        assert_eq!(text, "no login with password=hunter2secret");
        assert_eq!(seen(), (Reason::Panic, 2, TOLD.to_owned()), "{kind}");
        assert_eq!(
            system_report().to_string(),
            "system halt: `op` panicked after 2 attempts: no login with password=[REDACTED]"
        );
    }
}

#[test]
fn in_what_belongs_to_the_call() {
    async fn fallback(_: io::Error) -> io::Result<()> {
        Err(panicking(SECRET))
    }
    fn hook(_: &Retry<'_, io::Error>) {
        drop(panicking(SECRET));
    }
    #[wait_or_die(halt, max_retries = 0, fallback = fallback)]
    async fn answered() -> io::Result<()> {
        Err(refused())
    }
    #[wait_or_die(halt, on_retry = hook)]
    async fn hooked() -> io::Result<()> {
        Err(refused())
    }
    #[wait_or_die(halt, retry_if = |_: &io::Error| panicking(SECRET).raw_os_error().is_some())]
    fn decided() -> io::Result<()> {
        Err(refused())
    }
    for kind in 0..3 {
        let _scope = testing::scope(1);
        let text = payload(|| match kind {
            0 => assert!(polled(answered()).is_ready()),
            1 => assert!(polled(hooked()).is_ready()),
            _ => drop(decided()),
        });
        assert_eq!(text, "no login with password=hunter2secret");
        assert_eq!(seen(), (Reason::Panic, 1, TOLD.to_owned()), "{kind}");
    }
}

#[test]
fn of_a_payload_that_is_no_text() {
    #[wait_or_die(halt)]
    fn call() -> io::Result<()> {
        std::panic::panic_any(17_u32)
    }
    let _scope = testing::scope(1);
    let payload = catch_unwind(call).unwrap_err();
    assert_eq!(*payload.downcast::<u32>().unwrap(), 17);
    assert_eq!(seen(), (Reason::Panic, 1, "Box<dyn Any>".to_owned()));
}

/// `thread::panicking()` is true of it, and yet it has only been cancelled.
#[test]
fn of_a_neighbour_is_none_of_the_calls() {
    #[wait_or_die(halt)]
    async fn hangs() -> io::Result<()> {
        std::future::pending().await
    }
    struct Noted(Arc<AtomicU32>);
    impl Drop for Noted {
        fn drop(&mut self) {
            self.0
                .fetch_add(u32::from(std::thread::panicking()), Ordering::Relaxed);
        }
    }
    let _scope = testing::scope(1);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let dropped = Arc::new(AtomicU32::new(0));
    let noted = Noted(Arc::clone(&dropped));
    let text = payload(|| {
        runtime.block_on(async {
            let hanging = async {
                let _noted = noted;
                hangs().await
            };
            let _ = tokio::join!(hanging, async { panicking("x") });
        });
    });
    assert_eq!(text, "no login with password=x");
    assert_eq!(dropped.load(Ordering::Relaxed), 1);
    assert!(!halt::system().is_stopped());
}
