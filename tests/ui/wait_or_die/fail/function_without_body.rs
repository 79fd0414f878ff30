use wait_or_die::wait_or_die;

trait Api {
    #[wait_or_die(timeout = "30s")]
    async fn send(&self) -> std::io::Result<()>;
}

fn main() {}
