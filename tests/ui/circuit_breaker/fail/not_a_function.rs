use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion")]
struct Client;

fn main() {
    // The struct is still there.
    let _client = Client;
}
