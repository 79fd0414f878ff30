//! `halt = ..` in its forms, and on functions of all kinds.

use std::cell::Cell;

use async_trait::async_trait;
use wait_or_die::{circuit_breaker, wait_or_die};

use super::*;

static FIRST: Halt = Halt::new();
static SECOND: Halt = Halt::new();

fn sent<F: Future + Send>(future: F) -> F {
    future
}

fn by(primary: bool, asked: &Cell<u32>) -> &'static Halt {
    asked.set(asked.get() + 1);
    if primary { &FIRST } else { &SECOND }
}

struct Client {
    halt: Halt,
    shared: Arc<Halt>,
    calls: u32,
}

impl Client {
    fn new() -> Self {
        Self {
            halt: Halt::new(),
            shared: Arc::new(Halt::new()),
            calls: 0,
        }
    }

    #[wait_or_die(halt = self.halt, max_retries = 0)]
    async fn field(&self) -> io::Result<()> {
        Err(refused())
    }

    #[wait_or_die(halt = self.shared, max_retries = 0)]
    fn behind_an_arc(&self) -> io::Result<()> {
        Err(refused())
    }

    #[wait_or_die(halt = if by_arc { &*self.shared } else { &self.halt }, max_retries = 0)]
    async fn either(&self, by_arc: bool) -> io::Result<()> {
        Err(refused())
    }

    // A clone, because the body borrows all of `self`.
    #[wait_or_die(halt = self.halt.clone(), max_retries = 1, initial_wait = 0, max_wait = 0)]
    async fn exclusive(&mut self) -> io::Result<()> {
        self.calls += 1;
        Err(refused())
    }

    #[wait_or_die(halt = self.halt.clone(), max_retries = 1, initial_wait = 0, max_wait = 0)]
    fn exclusive_now(&mut self) -> io::Result<()> {
        self.calls += 1;
        Err(refused())
    }

    #[wait_or_die(halt = Self::shared(), max_retries = 0)]
    fn associated() -> io::Result<()> {
        Err(refused())
    }

    fn shared() -> Halt {
        FIRST.clone()
    }
}

#[async_trait]
trait Gate {
    async fn open(&mut self, page: String) -> io::Result<String>;
}

#[async_trait]
impl Gate for Client {
    #[wait_or_die(halt = self.halt.clone(), max_retries = 1, initial_wait = 0, max_wait = 0, clone(page))]
    async fn open(&mut self, page: String) -> io::Result<String> {
        self.calls += 1;
        drop(page);
        Err(refused())
    }
}

#[wait_or_die(halt = halt, max_retries = 0)]
async fn argument(halt: Halt) -> io::Result<()> {
    Err(refused())
}

#[wait_or_die(halt = halt, max_retries = 0)]
async fn borrowed(halt: &Halt) -> io::Result<()> {
    Err(refused())
}

#[circuit_breaker(name = "forms", key = host)]
#[wait_or_die(halt = &SECOND, max_retries = 0)]
async fn keyed(host: &str) -> io::Result<()> {
    Err(refused())
}

#[wait_or_die(halt = by(primary, asked), max_retries = 2, initial_wait = 0, max_wait = 0)]
fn chosen(primary: bool, asked: &Cell<u32>) -> io::Result<()> {
    Err(refused())
}

/// The operations that stopped it, in their order, without their paths.
fn stops(halt: &Halt) -> Vec<&'static str> {
    let first = halt.report().into_iter();
    let all = first.chain(halt.later_reports());
    all.map(|report| report.operation().rsplit("::").next().unwrap())
        .collect()
}

#[tokio::test]
async fn a_halt_is_anything_that_a_reference_to_one_can_be_made_of() {
    let _scope = testing::scope(1);
    let mut client = Client::new();
    sent(client.field()).await.unwrap_err();
    sent(client.exclusive()).await.unwrap_err();
    client.exclusive_now().unwrap_err();
    sent(client.open("page".to_owned())).await.unwrap_err();
    client.behind_an_arc().unwrap_err();
    sent(client.either(true)).await.unwrap_err();
    sent(client.either(false)).await.unwrap_err();
    sent(argument(client.halt.clone())).await.unwrap_err();
    sent(borrowed(&client.halt)).await.unwrap_err();
    assert_eq!(
        stops(&client.halt),
        [
            "field",
            "exclusive",
            "exclusive_now",
            "open",
            "either",
            "argument",
            "borrowed"
        ]
    );
    assert_eq!(client.calls, 6);
    assert_eq!(stops(&client.shared), ["behind_an_arc", "either"]);
    // One of one's own is not the system's.
    assert!(!halt::system().is_stopped());
}

#[tokio::test]
async fn a_static_or_an_expression_is_read_once_per_call() {
    let asked = Cell::new(0);
    Client::associated().unwrap_err();
    chosen(true, &asked).unwrap_err();
    assert_eq!(asked.get(), 1);
    chosen(false, &asked).unwrap_err();
    assert_eq!(asked.get(), 2);
    sent(keyed("a")).await.unwrap_err();
    assert_eq!(stops(&FIRST), ["associated", "chosen"]);
    assert_eq!(stops(&SECOND), ["chosen", "keyed"]);
    assert_eq!(SECOND.report().unwrap().attempts(), 3);
}

/// What the body, `fields(..)` and the fallback make of the arguments is theirs as without `halt`.
#[tokio::test]
async fn borrowed_and_owned_arguments_reach_the_fallback() {
    async fn told(log: &mut Vec<String>, page: String, error: io::Error) -> io::Result<usize> {
        log.push(format!("{page}: {error}"));
        Ok(log.len())
    }
    #[wait_or_die(halt, max_retries = 1, initial_wait = 0, max_wait = 0, clone(page), fields(n = page.len()), fallback = told)]
    async fn push(log: &mut Vec<String>, page: String) -> io::Result<usize> {
        log.push(page);
        Err(refused())
    }
    let _scope = testing::scope(1);
    let mut log = Vec::new();
    assert_eq!(sent(push(&mut log, "a".to_owned())).await.unwrap(), 3);
    assert_eq!(log, ["a", "a", "a: connection refused"]);
    assert!(!halt::system().is_stopped());
}

#[tokio::test]
async fn opaque_and_generic_returns_stay_what_they_are() {
    #[wait_or_die(halt)]
    async fn numbers<const N: usize>(from: &[u8; N]) -> io::Result<impl Iterator<Item = u8>> {
        Ok(from.iter().copied())
    }
    #[wait_or_die(halt)]
    fn first<'a, T: Sync>(of: &'a [T], other: &[T]) -> io::Result<&'a T> {
        let _ = other;
        of.first().ok_or_else(refused)
    }
    let _scope = testing::scope(1);
    assert_eq!(sent(numbers(&[1, 2])).await.unwrap().sum::<u8>(), 3);
    assert_eq!(first(&[7], &[]).unwrap(), &7);
}
