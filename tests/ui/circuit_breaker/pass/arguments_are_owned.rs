//! A breaker alone asks nothing of the arguments that the plain function does not.

use std::cell::Cell;

use wait_or_die::circuit_breaker;

struct Client {
    host: String,
    sent: u32,
}

impl Client {
    #[circuit_breaker(name = "a", key = self.host)]
    async fn reads_what_is_not_sync(&self, size: Cell<u32>) -> std::io::Result<u32> {
        tokio::task::yield_now().await;
        Ok(size.get())
    }

    #[circuit_breaker(name = "a")]
    async fn lends(&mut self, by: u32) -> std::io::Result<&mut u32> {
        tokio::task::yield_now().await;
        self.sent += by;
        Ok(&mut self.sent)
    }

    #[circuit_breaker(name = "a")]
    fn lends_at_once(&mut self) -> std::io::Result<&mut String> {
        Ok(&mut self.host)
    }

    #[circuit_breaker(name = "a")]
    fn consumes(self, mut pages: Vec<u8>) -> std::io::Result<(Self, Vec<u8>)> {
        pages.push(1);
        Ok((self, pages))
    }

    #[circuit_breaker(name = "a", failure_if = |_| self.sent > limit)]
    async fn is_judged_by_its_arguments(&mut self, limit: u32) -> std::io::Result<u32> {
        self.sent += 1;
        tokio::task::yield_now().await;
        Ok(limit)
    }
}

#[circuit_breaker(name = "a")]
fn gives_back<'a>(mut rest: &'a mut [u8]) -> std::io::Result<&'a mut [u8]> {
    rest[0] = 1;
    rest = &mut rest[1..];
    Ok(rest)
}

#[circuit_breaker(name = "a", failure_if = |error| error.to_string() == format!("{host}: gone"))]
async fn is_named_in_a_format(host: String) -> std::io::Result<usize> {
    tokio::task::yield_now().await;
    Ok(host.len())
}

#[circuit_breaker(name = "a", failure_if = judge)]
fn brings_its_judge(judge: impl Fn(&std::io::Error) -> bool, number: u32) -> std::io::Result<u32> {
    Err(std::io::Error::from_raw_os_error(number as i32)).or_else(|error| {
        if judge(&error) { Err(error) } else { Ok(number) }
    })
}

// Neither a field, nor a method, nor what the closure is given, is an argument.
#[circuit_breaker(
    name = "a",
    failure_if = |kind| kind.kind() == std::io::ErrorKind::TimedOut,
    ignore_if = |error| error.size().size == 3
)]
async fn shares_words(size: Cell<u32>, kind: Cell<u32>) -> Result<u32, Oversize> {
    tokio::task::yield_now().await;
    Ok(size.get() + kind.get())
}

struct Oversize {
    size: u32,
}

impl Oversize {
    fn size(&self) -> &Self {
        self
    }

    fn kind(&self) -> std::io::ErrorKind {
        std::io::ErrorKind::TimedOut
    }
}

impl From<wait_or_die::Error> for Oversize {
    fn from(_: wait_or_die::Error) -> Self {
        Self { size: 0 }
    }
}

fn is_send<T: Send>(_: &T) {}

fn main() {
    let mut client = Client {
        host: "api".to_owned(),
        sent: 0,
    };
    is_send(&client.reads_what_is_not_sync(Cell::new(3)));
    is_send(&client.lends(1));
    is_send(&client.is_judged_by_its_arguments(3));
    let _lent = client.lends_at_once();
    is_send(&shares_words(Cell::new(3), Cell::new(4)));
    let _named = is_named_in_a_format("api".to_owned());
    let _judged = brings_its_judge(|_| true, 3);
    let _rest = gives_back(&mut [0, 0]);
    let _consumed = client.consumes(Vec::new());
}
