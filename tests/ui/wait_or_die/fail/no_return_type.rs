use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s")]
async fn send() {
    
}

fn main() {}
