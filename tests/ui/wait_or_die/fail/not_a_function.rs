use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s")]
struct Client;

fn main() {
    // The struct is still there.
    let _client = Client;
}
