use wait_or_die::circuit_breaker;

trait Limits {
    const FAILURES: u32;
}

#[circuit_breaker(name = "notion", failure_threshold = T::FAILURES)]
async fn send<T: Limits>(_limits: &T) -> std::io::Result<()> {
    Ok(())
}

fn main() {}
