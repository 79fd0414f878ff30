//! tower's own layers: a policy is written by hand, as in its documentation.

use std::future::{Future, Ready, ready};
use std::time::Duration;

use tokio::time::{Sleep, sleep};
use tower::retry::Policy;
use tower::retry::backoff::{
    Backoff as _, ExponentialBackoff, ExponentialBackoffMaker, MakeBackoff as _,
};
use tower::util::rng::HasherRng;
use tower::{Service, ServiceBuilder, service_fn};

use crate::body::{Body, Failure, Outcome};

/// A number of retries, and what is waited before each.
#[derive(Clone)]
pub(crate) struct Attempts<W> {
    left: u32,
    wait: W,
}

pub(crate) trait Wait {
    type Future: Future<Output = ()> + Send;

    fn next(&mut self) -> Self::Future;
}

impl Wait for ExponentialBackoff<HasherRng> {
    type Future = Sleep;

    fn next(&mut self) -> Sleep {
        self.next_backoff()
    }
}

impl Wait for Duration {
    type Future = Sleep;

    fn next(&mut self) -> Sleep {
        sleep(*self)
    }
}

/// No wait at all, as in its example.
#[derive(Clone)]
pub(crate) struct AtOnce;

impl Wait for AtOnce {
    type Future = Ready<()>;

    fn next(&mut self) -> Ready<()> {
        ready(())
    }
}

impl<W: Wait> Policy<u32, u32, Failure> for Attempts<W> {
    type Future = W::Future;

    fn retry(&mut self, _: &mut u32, result: &mut Outcome) -> Option<W::Future> {
        match result {
            Err(error) if error.is_transient() && self.left > 0 => {
                self.left -= 1;
                Some(self.wait.next())
            }
            _ => None,
        }
    }

    fn clone_request(&mut self, request: &u32) -> Option<u32> {
        Some(*request)
    }
}

pub(crate) fn exponential() -> Attempts<ExponentialBackoff<HasherRng>> {
    let (least, most) = (Duration::from_millis(100), Duration::from_secs(10));
    let mut maker = ExponentialBackoffMaker::new(least, most, 0.5, HasherRng::default())
        .expect("bounds that hold");
    attempts(maker.make_backoff())
}

pub(crate) fn attempts<W>(wait: W) -> Attempts<W> {
    Attempts { left: 3, wait }
}

pub(crate) fn retry<B, W>(
    policy: Attempts<W>,
) -> impl Service<u32, Response = u32, Error = Failure, Future: Send> + Clone + Send
where
    B: Body,
    W: Wait + Clone + Send,
{
    ServiceBuilder::new()
        .retry(policy)
        .service(service_fn(B::attempt))
}

pub(crate) fn timed<B: Body>()
-> impl Service<u32, Response = u32, Error = tower::BoxError, Future: Send> + Clone + Send {
    ServiceBuilder::new()
        .timeout(Duration::from_secs(30))
        .retry(exponential())
        .service(service_fn(B::attempt))
}
