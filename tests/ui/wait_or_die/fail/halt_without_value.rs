use wait_or_die::wait_or_die;

#[wait_or_die(halt =, timeout = "30s")]
async fn sync() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
