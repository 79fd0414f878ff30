use std::io;

use layered::{Execute, Service, Stack};
use seatbelt::breaker::Breaker;
use seatbelt::retry::Retry;
use seatbelt::timeout::Timeout;
use seatbelt::{RecoveryInfo, ResilienceContext};
use tick::Clock;

use crate::support::{
    Client, DEADLINE, FIRST_WAIT, LONGEST_WAIT, RECOVERY, RETRIES, refused, transient,
};

type Request = (Client, u64, String);
type Outcome = io::Result<u64>;

fn recovery(outcome: &Outcome) -> RecoveryInfo {
    match outcome {
        Err(error) if transient(error) => RecoveryInfo::retry(),
        _ => RecoveryInfo::never(),
    }
}

// Its breaker knows rates only.
// one function
pub fn service_N(clock: &Clock) -> impl Service<Request, Out = Outcome> + Clone + use<> {
    let context = ResilienceContext::new(clock).name("service_N");
    (
        Timeout::layer("timeout", &context)
            .timeout_error(|_| io::ErrorKind::TimedOut.into())
            .timeout(DEADLINE),
        Retry::layer("retry", &context)
            .clone_input()
            .recovery_with(|outcome, _| recovery(outcome))
            .max_retry_attempts(RETRIES)
            .base_delay(FIRST_WAIT)
            .max_delay(LONGEST_WAIT),
        Breaker::layer("breaker", &context)
            .recovery_with(|outcome, _| recovery(outcome))
            .rejected_input_error(|_, _| refused())
            .break_duration(RECOVERY),
        Execute::new(async |(client, id, page): Request| -> Outcome {
            BODY
        }),
    )
        .into_service()
}

pub async fn push_page_N(
    service: &impl Service<Request, Out = Outcome>,
    client: &Client,
    id: u64,
    page: &str,
) -> Outcome {
    service.execute((client.clone(), id, page.to_owned())).await
}
