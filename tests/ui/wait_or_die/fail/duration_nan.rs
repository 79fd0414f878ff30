use wait_or_die::wait_or_die;

#[wait_or_die(timeout = f64::NAN)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
