//! What a call under `halt` costs when all is well.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use wait_or_die::halt::Halt;
use wait_or_die::wait_or_die;
use wait_or_die_tests::allocations::{Counting, allocations};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

static HALT: Halt = Halt::new();

#[wait_or_die(halt, timeout = "30s")]
async fn system(key: &str, n: u64) -> io::Result<u64> {
    Ok(n + key.len() as u64)
}

#[wait_or_die(halt = HALT, timeout = "30s")]
async fn own(key: &str, n: u64) -> io::Result<u64> {
    Ok(n + key.len() as u64)
}

#[wait_or_die(halt, timeout = "30s")]
fn plain(key: &str, n: u64) -> io::Result<u64> {
    Ok(n + key.len() as u64)
}

#[test]
fn a_success_allocates_nothing_and_needs_no_runtime() {
    fn ready(call: impl Future<Output = io::Result<u64>>) -> io::Result<u64> {
        match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(out) => out,
            Poll::Pending => panic!("the body does not suspend"),
        }
    }
    type Call = fn() -> io::Result<u64>;
    let calls: [(&str, Call); 3] = [
        ("system", || ready(system("key", 4))),
        ("own", || ready(own("key", 4))),
        ("plain", || plain("key", 4)),
    ];
    for (name, call) in calls {
        // The first call of all puts its site on the list of those that have run.
        assert_eq!(call().unwrap(), 7);
        let (count, out) = allocations(call);
        assert_eq!((count, out.unwrap()), (0, 7), "{name}");
    }
}

#[test]
fn a_halt_that_nobody_watches_or_stops_allocates_nothing() {
    let (count, stopped) = allocations(|| {
        let halt = Halt::new();
        (halt.is_stopped(), halt.report())
    });
    assert_eq!((count, stopped), (0, (false, None)));
}

#[wait_or_die]
async fn unwatched<const N: usize>(this: &str, n: u64, key: String) -> io::Result<u64> {
    let buffer = [1u8; N];
    tokio::task::yield_now().await;
    Ok(n + buffer.len() as u64 + key.len() as u64 + this.len() as u64)
}

#[wait_or_die(halt)]
async fn watched<const N: usize>(this: &str, n: u64, key: String) -> io::Result<u64> {
    let buffer = [1u8; N];
    tokio::task::yield_now().await;
    Ok(n + buffer.len() as u64 + key.len() as u64 + this.len() as u64)
}

#[wait_or_die(halt = HALT)]
async fn watched_by_own<const N: usize>(this: &str, n: u64, key: String) -> io::Result<u64> {
    let buffer = [1u8; N];
    tokio::task::yield_now().await;
    Ok(n + buffer.len() as u64 + key.len() as u64 + this.len() as u64)
}

/// Bytes that the option, alone and with a halt of one's own, adds to the future of a function with three used
/// arguments.
const GROWTH: [usize; 2] = [80, 80];

fn added<const N: usize>() -> [usize; 2] {
    let unwatched = unwatched::<N>("", 0, String::new());
    [
        size_of_val(&watched::<N>("", 0, String::new())),
        size_of_val(&watched_by_own::<N>("", 0, String::new())),
    ]
    .map(|size| size - size_of_val(&unwatched))
}

#[test]
fn the_future_grows_by_a_constant() {
    let growth = [
        added::<16>(),
        added::<256>(),
        added::<1024>(),
        added::<4096>(),
    ];
    assert_eq!(growth, [GROWTH; 4]);
}
