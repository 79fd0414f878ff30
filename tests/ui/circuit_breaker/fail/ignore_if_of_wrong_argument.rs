use wait_or_die::{circuit_breaker, wait_or_die};

fn is_refusal(_error: &std::fmt::Error) -> bool {
    true
}

#[wait_or_die(timeout = "30s")]
#[circuit_breaker(name = "notion", ignore_if = is_refusal)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
