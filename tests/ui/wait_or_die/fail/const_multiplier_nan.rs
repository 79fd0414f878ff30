use wait_or_die::wait_or_die;

const GROWTH: f64 = f64::NAN;

#[wait_or_die(multiplier = GROWTH)]
async fn send() -> std::io::Result<()> {
    Ok(())
}

fn main() {}
