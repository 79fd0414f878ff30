//! A loop.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::{Hand, RETRIES, TOTAL, wait};
use crate::body::{Body, Failure, Outcome};
use crate::clock::nanos;

pub(crate) async fn retry<B: Body>(argument: u32) -> Outcome {
    let mut retries = 0;
    loop {
        match B::attempt(argument).await {
            Err(error) if error.is_transient() && retries < RETRIES => {
                sleep(wait(retries)).await;
                retries += 1;
            }
            out => return out,
        }
    }
}

/// Always the same wait.
pub(crate) async fn fixed<B: Body>(wait: Duration, argument: u32) -> Outcome {
    let mut retries = 0;
    loop {
        match B::attempt(argument).await {
            Err(error) if error.is_transient() && retries < RETRIES => {
                sleep(wait).await;
                retries += 1;
            }
            out => return out,
        }
    }
}

/// Retries without a wait, and so without a timer.
pub(crate) async fn at_once<B: Body>(argument: u32) -> Outcome {
    let mut retries = 0;
    loop {
        match B::attempt(argument).await {
            Err(error) if error.is_transient() && retries < RETRIES => retries += 1,
            out => return out,
        }
    }
}

/// The loop under tokio's own deadline.
pub(crate) async fn timed<B: Body>(argument: u32) -> Outcome {
    let Ok(out) = timeout(TOTAL, retry::<B>(argument)).await else {
        return Err(Failure::Late);
    };
    out
}

/// A breaker round each attempt of the loop, under tokio's own deadline.
pub(crate) async fn composed<B: Body>(breaker: &Hand, argument: u32) -> Outcome {
    let calls = async {
        let mut retries = 0;
        loop {
            if breaker.admit(nanos).is_err() {
                return Err(Failure::Refused);
            }
            let out = B::attempt(argument).await;
            breaker.record(out.is_ok(), nanos);
            match out {
                Err(error) if error.is_transient() && retries < RETRIES => {
                    sleep(wait(retries)).await;
                    retries += 1;
                }
                out => return out,
            }
        }
    };
    let Ok(out) = timeout(TOTAL, calls).await else {
        return Err(Failure::Late);
    };
    out
}
