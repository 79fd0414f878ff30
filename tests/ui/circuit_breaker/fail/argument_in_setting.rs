use wait_or_die::circuit_breaker;

#[circuit_breaker(name = "notion", failure_rate = rate)]
async fn send(rate: f64) -> std::io::Result<f64> {
    Ok(rate)
}

fn main() {
    let _sent = send(0.5);
}
