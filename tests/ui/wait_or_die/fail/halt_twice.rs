use wait_or_die::halt::Halt;
use wait_or_die::wait_or_die;

static HALT: Halt = Halt::new();

#[wait_or_die(halt, timeout = "30s", halt = HALT)]
async fn sync() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
