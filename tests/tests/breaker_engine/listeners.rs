//! A listener is not inside the call that it hears of.

use std::future::Future;
use std::panic::catch_unwind;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use wait_or_die::{circuit_breaker, testing};

use super::*;

/// The dependency's answer, or its panic.
fn answered(panics: bool) -> io::Result<u32> {
    assert!(!panics, "on purpose");
    answer(true)
}

#[circuit_breaker(name = "heard")]
async fn called(panics: bool) -> io::Result<u32> {
    answered(panics)
}

#[circuit_breaker(name = "heard")]
fn called_now(panics: bool) -> io::Result<u32> {
    answered(panics)
}

/// The outcome of a call that does not wait.
fn at_once<T>(call: impl Future<Output = T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(call).poll(&mut context) {
        Poll::Ready(out) => out,
        Poll::Pending => panic!("it waits"),
    }
}

type Call = fn(panics: bool) -> io::Result<u32>;

const CALLS: [Call; 4] = [
    |panics| found("heard").call_blocking(|| answered(panics)),
    |panics| at_once(found("heard").call(async { answered(panics) })),
    called_now,
    |panics| at_once(called(panics)),
];

fn is_rejected(call: Call) -> bool {
    match call(false) {
        Ok(_) => false,
        Err(error) => {
            let ours = error
                .get_ref()
                .and_then(|error| error.downcast_ref::<Error>());
            ours.is_some()
        }
    }
}

#[test]
fn what_it_calls_is_rejected_as_anybody_elses_call_is() {
    for (way, call) in CALLS.into_iter().enumerate() {
        for panics in [false, true] {
            let _scope = testing::scope(1);
            let breaker = Breaker::register("heard", FRAGILE).unwrap();
            let heard = Arc::new(Mutex::new(Vec::new()));
            let told = Arc::clone(&heard);
            breaker.listen(move |_| told.lock().unwrap().push(CALLS.map(is_rejected)));
            assert_eq!(catch_unwind(|| call(panics)).is_err(), panics, "{way}");
            assert_eq!(breaker.state(), State::Open, "{way}, {panics}");
            assert_eq!(*heard.lock().unwrap(), [[true; 4]], "{way}, {panics}");
        }
    }
}
