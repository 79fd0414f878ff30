use wait_or_die::wait_or_die;

mod deps {
    pub use wait_or_die::RetryPolicy;
}

#[wait_or_die(crate = self::deps)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {
    let _policy = deps::RetryPolicy::new();
}
