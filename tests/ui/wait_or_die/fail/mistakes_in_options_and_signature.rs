use wait_or_die::wait_or_die;

#[wait_or_die(max_retires = 3, timeout = 0)]
async fn send() {
    
}

fn main() {}
