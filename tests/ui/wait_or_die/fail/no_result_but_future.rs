use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s")]
fn send() -> impl Future<Output = std::io::Result<()>> {
    async { Ok(()) }
}

fn main() {}
