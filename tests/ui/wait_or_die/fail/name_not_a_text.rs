use wait_or_die::wait_or_die;

const NAME: &str = "orders.send";

#[wait_or_die(name = NAME)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
