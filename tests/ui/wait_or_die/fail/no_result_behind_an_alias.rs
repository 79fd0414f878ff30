use wait_or_die::wait_or_die;

type Count = u32;

#[wait_or_die(timeout = "30s")]
async fn count() -> Count {
    3
}

fn main() {}
