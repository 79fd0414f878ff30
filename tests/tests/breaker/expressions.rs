//! What a key and a predicate may be made of.

use std::fmt::Display;
use std::io;

use wait_or_die::{Breaker, circuit_breaker, testing, wait_or_die};
use wait_or_die_tests::refused;

const REGION: &str = "eu";

#[allow(clippy::cast_lossless)] // a cast is one of the expressions that a key may be
#[circuit_breaker(name = "made", key = port as u32 + 1)]
#[wait_or_die(max_retries = 0)]
async fn cast(port: u16) -> io::Result<()> {
    Err(refused())
}

#[circuit_breaker(name = "made", key = if port > 1 { "high" } else { "low" })]
fn chosen(port: u16) -> io::Result<()> {
    Err(refused())
}

#[circuit_breaker(name = "made", key = format!("{REGION}-{host}"))]
#[wait_or_die(max_retries = 0, clone(host))]
async fn formatted(host: String) -> io::Result<()> {
    drop(host);
    Err(refused())
}

#[wait_or_die(max_retries = 0)]
#[circuit_breaker(name = "made", key = {
    let (first, _) = pair;
    first
})]
fn block(pair: (u32, u32)) -> io::Result<()> {
    let _ = pair;
    Err(refused())
}

#[circuit_breaker(name = "made", key = shown)]
async fn opaque(shown: impl Display) -> io::Result<()> {
    drop(shown);
    Err(refused())
}

#[circuit_breaker(name = "made", key = REGION)]
async fn constant() -> io::Result<()> {
    Err(refused())
}

struct Client {
    host: String,
    limit: usize,
}

impl Client {
    fn host(&self) -> &str {
        &self.host
    }

    fn is_over(&self, error: &io::Error) -> bool {
        self.limit == 0 && error.kind() == io::ErrorKind::ConnectionRefused
    }

    #[circuit_breaker(name = "made", key = self.host(), failure_if = |error| self.is_over(error))]
    async fn counts(&mut self) -> io::Result<usize> {
        self.limit -= 1;
        if self.limit == 0 {
            Err(refused())
        } else {
            Ok(self.limit)
        }
    }

    #[circuit_breaker(name = "made", key = self.host().len(), ignore_if = |error| self.is_over(error))]
    #[wait_or_die(max_retries = 3, initial_wait = 0, max_wait = 0)]
    async fn changes(&mut self) -> io::Result<usize> {
        self.limit = self.limit.saturating_sub(1);
        if self.limit == 0 {
            Err(refused())
        } else {
            Ok(self.limit)
        }
    }

    #[wait_or_die(max_retries = 3, initial_wait = 0, max_wait = 0)]
    #[circuit_breaker(name = "made", key = Self::region(), failure_if = |error| !self.is_over(error))]
    fn fails(&mut self) -> io::Result<usize> {
        self.limit = self.limit.saturating_sub(1);
        Err(refused())
    }

    fn region() -> &'static str {
        REGION
    }
}

#[tokio::test(start_paused = true)]
async fn keys_and_predicates_of_every_make() {
    let _scope = testing::scope(1);
    let failures = |key: &dyn Display| {
        // The name has breakers of keys alone.
        let mut all = Breaker::list().into_iter();
        let any = all.find(|breaker| breaker.name() == "made").unwrap();
        let breaker = any.for_key(&key);
        breaker.snapshot().core.consecutive_failures
    };
    cast(4).await.unwrap_err();
    assert_eq!(failures(&5), 1);
    chosen(1).unwrap_err();
    chosen(2).unwrap_err();
    chosen(3).unwrap_err();
    assert_eq!((failures(&"low"), failures(&"high")), (1, 2));
    formatted("host".to_owned()).await.unwrap_err();
    assert_eq!(failures(&"eu-host"), 1);
    block((7, 8)).unwrap_err();
    opaque("shown").await.unwrap_err();
    constant().await.unwrap_err();
    assert_eq!(
        (failures(&7), failures(&"shown"), failures(&"eu")),
        (1, 1, 1)
    );

    let client = |limit| Client {
        host: "client".to_owned(),
        limit,
    };
    assert_eq!(client(2).counts().await.unwrap(), 1);
    assert_eq!(failures(&"client"), 0);
    client(1).counts().await.unwrap_err();
    assert_eq!(failures(&"client"), 1);
    client(1).changes().await.unwrap_err();
    assert_eq!(failures(&6), 0);
    // The second and every later attempt is over the limit, which is a success here.
    client(2).fails().unwrap_err();
    assert_eq!(failures(&"eu"), 0);
}
