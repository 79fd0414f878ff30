use std::io;

use tower::retry::Policy;
use tower::retry::backoff::{Backoff, ExponentialBackoff, ExponentialBackoffMaker, MakeBackoff};
use tower::util::rng::HasherRng;
use tower::{BoxError, Service, ServiceBuilder, ServiceExt};

use crate::support::{Client, DEADLINE, FIRST_WAIT, LONGEST_WAIT, RETRIES, transient};

pub type Request = (Client, u64, String);

#[derive(Clone)]
pub struct Attempts {
    left: u32,
    waits: ExponentialBackoff,
}

impl Attempts {
    fn new() -> Self {
        // Its arguments are constants that it finds nothing wrong with.
        let waits = ExponentialBackoffMaker::new(FIRST_WAIT, LONGEST_WAIT, 0.5, HasherRng::default());
        Self {
            left: RETRIES,
            waits: waits.expect("bounds in order").make_backoff(),
        }
    }
}

impl<Response> Policy<Request, Response, io::Error> for Attempts {
    type Future = <ExponentialBackoff as Backoff>::Future;

    fn retry(
        &mut self,
        _: &mut Request,
        outcome: &mut io::Result<Response>,
    ) -> Option<Self::Future> {
        let retries = outcome.as_ref().is_err_and(transient);
        self.left = self.left.checked_sub(1).filter(|_| retries)?;
        Some(self.waits.next_backoff())
    }

    fn clone_request(&mut self, request: &Request) -> Option<Request> {
        Some(request.clone())
    }
}

pub fn told(error: BoxError) -> io::Error {
    match error.downcast::<io::Error>() {
        Ok(error) => *error,
        Err(_) => io::ErrorKind::TimedOut.into(),
    }
}

// one function
pub fn service_N()
-> impl Service<Request, Response = u64, Error = BoxError, Future: Send> + Clone + Send {
    ServiceBuilder::new()
        .timeout(DEADLINE)
        .retry(Attempts::new())
        .service_fn(|(client, id, page): Request| async move {
            BODY
        })
}

pub async fn push_page_N(
    service: &mut impl Service<Request, Response = u64, Error = BoxError>,
    client: &Client,
    id: u64,
    page: &str,
) -> io::Result<u64> {
    let service = service.ready().await.map_err(told)?;
    service.call((client.clone(), id, page.to_owned())).await.map_err(told)
}
