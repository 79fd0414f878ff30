use wait_or_die::circuit_breaker;

#[circuit_breaker]
fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
