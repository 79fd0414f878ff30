use wait_or_die::wait_or_die;

#[wait_or_die(halt = find()?)]
async fn sync() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
