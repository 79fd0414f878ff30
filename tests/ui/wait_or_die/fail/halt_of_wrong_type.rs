use wait_or_die::wait_or_die;

static CODE: u8 = 69;

#[wait_or_die(halt = CODE)]
async fn sync() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
