use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s")]
const fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
