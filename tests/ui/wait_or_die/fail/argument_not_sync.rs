use std::cell::Cell;
use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s")]
async fn send(count: Cell<u32>) -> std::io::Result<()> {
    count.set(count.get() + 1);
    std::future::ready(()).await;
    count.set(count.get() + 1);
    Ok(())
}

fn main() {
    fn spawned(_: impl Future + Send) {}
    spawned(send(Cell::new(0)));
}
