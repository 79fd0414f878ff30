use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s")]
async fn find() -> Option<String> {
    None
}

fn main() {}
