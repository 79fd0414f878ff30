//! What a call costs when all is well: no allocation, no runtime, no timer; and the size of its future. What a
//! rejection costs.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use wait_or_die::{Classify, circuit_breaker, wait_or_die};
use wait_or_die_tests::allocations::{Counting, allocations};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[wait_or_die(timeout = "30s", attempt_timeout = "5s", max_retries = 3)]
async fn ready(key: &str, n: u64) -> io::Result<u64> {
    Ok(n + key.len() as u64)
}

#[test]
fn ready_at_once_allocates_nothing_and_needs_no_runtime() {
    let mut context = Context::from_waker(Waker::noop());
    // The first call of all puts its site on the list of those that have run.
    let first = pin!(ready("key", 4)).poll(&mut context);
    assert!(first.is_ready());
    let (count, out) = allocations(|| pin!(ready("key", 4)).poll(&mut context));
    assert!(matches!(out, Poll::Ready(Ok(7))));
    assert_eq!(count, 0);
}

#[wait_or_die(timeout = "30s")]
async fn suspends() -> io::Result<u64> {
    tokio::task::yield_now().await;
    Ok(1)
}

fn polled_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// Allocations of one call that suspends once and then ends.
fn suspending() -> u32 {
    let mut context = Context::from_waker(Waker::noop());
    let (count, ()) = allocations(|| {
        let mut call = pin!(suspends());
        assert!(call.as_mut().poll(&mut context).is_pending());
        assert!(matches!(call.poll(&mut context), Poll::Ready(Ok(1))));
    });
    count
}

/// What `count` gives on a thread that has not made a call yet, in a runtime.
fn on_a_new_thread<T: Send>(count: impl FnOnce() -> T + Send) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let prepared = || {
        let _entered = runtime.enter();
        // What tokio's own `yield_now` allocates on its first use outside a task is not ours to count.
        assert!(polled_once(tokio::task::yield_now()).is_pending());
        count()
    };
    std::thread::scope(|scope| {
        // The first call of all puts its site on the list of those that have run.
        let first = scope.spawn(|| {
            let _entered = runtime.enter();
            assert!(polled_once(suspends()).is_pending());
        });
        first.join().unwrap();
        scope.spawn(prepared).join().unwrap()
    })
}

#[test]
fn a_thread_allocates_once_for_calls_that_suspend_one_after_another() {
    let counted = on_a_new_thread(|| [suspending(), suspending(), suspending()]);
    assert_eq!(counted, [1, 0, 0]);
}

#[test]
fn calls_that_wait_at_the_same_time_allocate_once_each() {
    let counted = on_a_new_thread(|| {
        let waiting = || {
            let mut call = Box::pin(suspends());
            let (count, polled) = allocations(|| {
                call.as_mut()
                    .poll(&mut Context::from_waker(Waker::noop()))
                    .is_pending()
            });
            assert!(polled);
            (count, call)
        };
        let ((first, one), (second, two)) = (waiting(), waiting());
        drop((one, two));
        // The thread keeps the room of one.
        let ((third, _three), (fourth, _four)) = (waiting(), waiting());
        [first, second, third, fourth]
    });
    assert_eq!(counted, [1, 1, 0, 1]);
}

mod plain {
    use std::io;

    pub(super) async fn buffer<const N: usize>(this: &str, n: u64, key: String) -> io::Result<u64> {
        let buffer = [1u8; N];
        tokio::task::yield_now().await;
        Ok(n + buffer.len() as u64 + key.len() as u64 + this.len() as u64)
    }
}

#[wait_or_die]
async fn buffer<const N: usize>(this: &str, n: u64, key: String) -> io::Result<u64> {
    let buffer = [1u8; N];
    tokio::task::yield_now().await;
    Ok(n + buffer.len() as u64 + key.len() as u64 + this.len() as u64)
}

/// Bytes that the attribute adds to the future of a function with three used arguments.
const GROWTH: usize = 72;

fn added<const N: usize>() -> usize {
    let annotated = buffer::<N>("", 0, String::new());
    let plain = plain::buffer::<N>("", 0, String::new());
    size_of_val(&annotated) - size_of_val(&plain)
}

#[test]
fn the_future_grows_by_a_constant_of_at_most_96_bytes() {
    let growth = [
        added::<16>(),
        added::<256>(),
        added::<1024>(),
        added::<4096>(),
    ];
    assert_eq!(growth, [growth[0]; 4]);
    assert!(growth[0] <= GROWTH, "{} bytes", growth[0]);
    const { assert!(GROWTH <= 96) };
}

#[circuit_breaker(name = "cost-fused", failure_threshold = 3)]
#[wait_or_die(timeout = "30s", attempt_timeout = "5s", max_retries = 3)]
async fn fused(key: &str, n: u64) -> io::Result<u64> {
    Ok(n + key.len() as u64)
}

#[wait_or_die(timeout = "30s", max_retries = 3)]
#[circuit_breaker(
    name = "cost-windowed",
    failure_rate = 0.5,
    window = "10s",
    slow_call = "1s"
)]
async fn windowed(key: &str, n: u64) -> io::Result<u64> {
    Ok(n + key.len() as u64)
}

#[circuit_breaker(name = "cost-keyed", key = key)]
#[wait_or_die(timeout = "30s", max_retries = 3)]
async fn keyed(key: &str, n: u64) -> io::Result<u64> {
    Ok(n + key.len() as u64)
}

#[circuit_breaker(name = "cost-alone", failure_threshold = 3)]
async fn alone(key: &str, n: u64) -> io::Result<u64> {
    Ok(n + key.len() as u64)
}

#[circuit_breaker(name = "cost-alone-keyed", key = key)]
async fn alone_keyed(key: &str, n: u64) -> io::Result<u64> {
    Ok(n + key.len() as u64)
}

#[circuit_breaker(name = "cost-plain", failure_threshold = 3)]
#[wait_or_die(timeout = "30s", max_retries = 3)]
fn plain_fused(key: &str, n: u64) -> io::Result<u64> {
    Ok(n + key.len() as u64)
}

#[circuit_breaker(name = "cost-plain-alone", key = key)]
fn plain_alone(key: &str, n: u64) -> io::Result<u64> {
    Ok(n + key.len() as u64)
}

#[test]
fn behind_a_breaker_that_is_known_it_allocates_nothing_and_needs_no_runtime() {
    fn ready(call: impl Future<Output = io::Result<u64>>) -> io::Result<u64> {
        match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(out) => out,
            Poll::Pending => panic!("the body does not suspend"),
        }
    }
    type Call = fn() -> io::Result<u64>;
    let calls: [(&str, Call); 7] = [
        ("fused", || ready(fused("key", 4))),
        ("windowed", || ready(windowed("key", 4))),
        ("keyed", || ready(keyed("key", 4))),
        ("alone", || ready(alone("key", 4))),
        ("alone_keyed", || ready(alone_keyed("key", 4))),
        ("plain_fused", || plain_fused("key", 4)),
        ("plain_alone", || plain_alone("key", 4)),
    ];
    for (name, call) in calls {
        let (first, out) = allocations(call);
        assert_eq!(out.unwrap(), 7);
        // The breaker is made by whoever comes first, so that what follows can tell something.
        assert!(first > 0, "{name}");
        for _ in 0..3 {
            let (count, out) = allocations(call);
            assert_eq!((count, out.unwrap()), (0, 7), "{name}");
        }
    }
}

/// The bodies of [`plain::buffer`] behind breakers.
mod guarded {
    use std::io;

    use wait_or_die::{circuit_breaker, wait_or_die};

    #[circuit_breaker(name = "size-fused")]
    #[wait_or_die]
    pub(super) async fn fused<const N: usize>(this: &str, n: u64, key: String) -> io::Result<u64> {
        let buffer = [1u8; N];
        tokio::task::yield_now().await;
        Ok(n + buffer.len() as u64 + key.len() as u64 + this.len() as u64)
    }

    #[circuit_breaker(name = "size-keyed", key = this)]
    #[wait_or_die]
    pub(super) async fn keyed<const N: usize>(this: &str, n: u64, key: String) -> io::Result<u64> {
        let buffer = [1u8; N];
        tokio::task::yield_now().await;
        Ok(n + buffer.len() as u64 + key.len() as u64 + this.len() as u64)
    }

    #[circuit_breaker(name = "size-alone")]
    pub(super) async fn alone<const N: usize>(this: &str, n: u64, key: String) -> io::Result<u64> {
        let buffer = [1u8; N];
        tokio::task::yield_now().await;
        Ok(n + buffer.len() as u64 + key.len() as u64 + this.len() as u64)
    }

    #[circuit_breaker(name = "size-alone-keyed", key = this)]
    pub(super) async fn alone_keyed<const N: usize>(
        this: &str,
        n: u64,
        key: String,
    ) -> io::Result<u64> {
        let buffer = [1u8; N];
        tokio::task::yield_now().await;
        Ok(n + buffer.len() as u64 + key.len() as u64 + this.len() as u64)
    }
}

/// Bytes that a breaker round each attempt, one of a key, and both of them alone add to the same future.
const GUARDED_GROWTH: [usize; 4] = [120, 128, 72, 96];

fn added_by_breakers<const N: usize>() -> [usize; 4] {
    let plain = size_of_val(&plain::buffer::<N>("", 0, String::new()));
    [
        size_of_val(&guarded::fused::<N>("", 0, String::new())),
        size_of_val(&guarded::keyed::<N>("", 0, String::new())),
        size_of_val(&guarded::alone::<N>("", 0, String::new())),
        size_of_val(&guarded::alone_keyed::<N>("", 0, String::new())),
    ]
    .map(|size| size - plain)
}

#[test]
fn a_breaker_adds_a_constant_to_the_future() {
    let growth = [
        added_by_breakers::<16>(),
        added_by_breakers::<256>(),
        added_by_breakers::<1024>(),
        added_by_breakers::<4096>(),
    ];
    assert_eq!(growth, [GUARDED_GROWTH; 4]);
}

#[derive(Debug, thiserror::Error, Classify)]
enum Down {
    #[error("down")]
    #[classify(fault)]
    Down,
    #[error(transparent)]
    #[classify(source)]
    Stopped(#[from] wait_or_die::Error),
}

#[circuit_breaker(name = "cost-open", failure_threshold = 1)]
fn open() -> Result<u64, Down> {
    Err(Down::Down)
}

#[circuit_breaker(name = "cost-open-async", failure_threshold = 1)]
async fn open_async() -> Result<u64, Down> {
    Err(Down::Down)
}

#[circuit_breaker(name = "cost-open-fused", failure_threshold = 1)]
#[wait_or_die(timeout = "30s", max_retries = 3)]
async fn open_fused() -> Result<u64, Down> {
    Err(Down::Down)
}

#[test]
fn a_rejection_allocates_its_error_and_nothing_else() {
    fn ready(call: impl Future<Output = Result<u64, Down>>) -> Result<u64, Down> {
        match polled_once(call) {
            Poll::Ready(out) => out,
            Poll::Pending => panic!("the body does not suspend"),
        }
    }
    type Call = fn() -> Result<u64, Down>;
    let calls: [(&str, Call); 3] = [
        ("plain", open),
        ("async", || ready(open_async())),
        ("fused", || ready(open_fused())),
    ];
    for (name, call) in calls {
        assert!(matches!(call(), Err(Down::Down)), "{name}");
        for _ in 0..3 {
            let (count, out) = allocations(call);
            let Err(Down::Stopped(error)) = out else {
                panic!("{name}: not rejected");
            };
            assert_eq!((count, error.attempts()), (1, 0), "{name}");
        }
    }
}
