use wait_or_die::halt::Halt;
use wait_or_die::wait_or_die;

struct Client {
    halt: Halt,
    calls: u32,
}

impl Client {
    #[wait_or_die(halt = self.halt)]
    async fn sync(&mut self) -> std::io::Result<()> {
        self.count();
        Ok(())
    }

    fn count(&mut self) {
        self.calls += 1;
    }
}

fn main() {}
