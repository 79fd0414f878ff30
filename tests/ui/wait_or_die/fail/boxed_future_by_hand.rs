use std::pin::Pin;

use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s")]
fn send() -> Pin<Box<dyn Future<Output = std::io::Result<()>>>> {
    let sent = async { Ok(()) };
    Box::pin(sent)
}

fn main() {}
