use wait_or_die::{Window, circuit_breaker};

#[circuit_breaker(name = "notion", failure_rate = 0.5, window = Window::Calls(0))]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
