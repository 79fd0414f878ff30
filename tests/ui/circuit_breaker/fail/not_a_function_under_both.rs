use wait_or_die::{circuit_breaker, wait_or_die};

#[circuit_breaker(name = "notion")]
#[wait_or_die(timeout = "30s")]
struct Client;

fn main() {
    // The struct is still there.
    let _client = Client;
}
