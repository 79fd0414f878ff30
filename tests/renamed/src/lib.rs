//! The runtime crate under another name: the expansion names nothing but what `crate = ..` says.
//! There is no crate called `wait_or_die` here, and a decoy where one could be looked for.
#![deny(warnings, rust_2024_compatibility)]
#![cfg(test)]

mod instrumented;
mod shadowed;

use std::io;

use resilience::{circuit_breaker as guarded, wait_or_die as bounded};

/// What a program that re-exports the runtime would write.
mod resilient {
    pub(crate) use resilience::{__private, Classify, circuit_breaker, wait_or_die};
}

// Found first, were the path not absolute.
#[allow(dead_code)]
mod wait_or_die {
    pub(crate) mod __private {}
}

/// Refuses the first attempt and answers the number of every later one.
pub(crate) fn answer(attempts: &mut u32) -> io::Result<u32> {
    *attempts += 1;
    match *attempts {
        1 => Err(io::ErrorKind::ConnectionRefused.into()),
        attempt => Ok(attempt),
    }
}

pub(crate) fn refused(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionRefused, text.to_owned())
}

#[guarded(crate = ::resilience, name = "renamed", failure_threshold = 3)]
#[bounded(crate = ::resilience, max_retries = 7)]
async fn fused(attempts: &mut u32) -> io::Result<u32> {
    *attempts += 1;
    Err(refused("fused"))
}

#[resilient::wait_or_die(crate = crate::resilient, max_retries = 7)]
#[resilient::circuit_breaker(crate = crate::resilient, name = "renamed", failure_threshold = 3)]
fn fused_by_re_export(attempts: &mut u32) -> io::Result<u32> {
    *attempts += 1;
    Err(refused("fused"))
}

#[guarded(name = "renamed", crate = ::resilience)]
async fn guarded_alone(attempts: &mut u32) -> io::Result<u32> {
    answer(attempts)
}

macro_rules! both {
    ($(#[$other:meta])* async fn $name:ident($attempts:ident) $body:block) => {
        $(#[$other])*
        #[$crate::resilient::circuit_breaker(crate = $crate::resilient, name = "renamed", failure_threshold = 3)]
        #[$crate::resilient::wait_or_die(crate = $crate::resilient, max_retries = 7)]
        async fn $name($attempts: &mut u32) -> ::std::io::Result<u32> $body
    };
}

both!(
    /// By a macro of the program's own.
    async fn fused_by_macro(attempts) {
        *attempts += 1;
        Err(refused("fused"))
    }
);

#[tokio::test(start_paused = true)]
async fn both_attributes_by_every_path() {
    for form in 0..3 {
        let _scope = resilience::testing::scope(1);
        let mut attempts = 0;
        let out = match form {
            0 => fused(&mut attempts).await,
            1 => fused_by_re_export(&mut attempts),
            _ => fused_by_macro(&mut attempts).await,
        };
        let error = out.unwrap_err();
        let told: &resilience::Error = error.get_ref().unwrap().downcast_ref().unwrap();
        assert_eq!((form, attempts, told.attempts()), (form, 3, 3));
        // The breaker is one: whoever names it is rejected.
        guarded_alone(&mut attempts).await.unwrap_err();
        assert_eq!((form, attempts), (form, 3));
    }
}

#[bounded(crate = ::resilience, max_retries = 3)]
async fn by_crate(attempts: &mut u32) -> io::Result<u32> {
    tokio::task::yield_now().await;
    answer(attempts)
}

#[resilient::wait_or_die(max_retries = 3, crate = crate::resilient)]
async fn by_re_export(attempts: &mut u32) -> io::Result<u32> {
    tokio::task::yield_now().await;
    answer(attempts)
}

/// A macro of the program's own, whose users need not know the runtime crate.
macro_rules! protected {
    (async fn $name:ident($attempts:ident) $body:block) => {
        #[$crate::resilient::wait_or_die(crate = $crate::resilient, max_retries = 3)]
        async fn $name($attempts: &mut u32) -> ::std::io::Result<u32> $body
    };
}

protected!(async fn by_macro(attempts) {
    tokio::task::yield_now().await;
    answer(attempts)
});

#[derive(Debug, resilience::Classify)]
#[classify(crate = ::resilience)]
enum Failure {
    #[classify(source)]
    Io(io::Error),
    #[classify(throttled(after = 0))]
    Busy(std::time::Duration),
    #[classify(permanent)]
    Denied,
    #[classify(source)]
    Dead(resilience::Error),
}

#[derive(Debug, resilient::Classify)]
#[classify(crate = crate::resilient, source = 0)]
struct Wrapped(Failure);

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("failure")
    }
}

impl From<resilience::Error> for Failure {
    fn from(error: resilience::Error) -> Self {
        Self::Dead(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

struct Client(u32);

#[async_trait::async_trait]
trait Object {
    async fn get(&mut self, key: String) -> Result<u32, Failure>;
}

#[async_trait::async_trait]
impl Object for Client {
    #[bounded(crate = ::resilience, max_retries = 3, clone(key), fields(key), abort_on(Failure::Denied))]
    async fn get(&mut self, key: String) -> Result<u32, Failure> {
        let bytes = key.into_bytes();
        if bytes.is_empty() {
            return Err(Failure::Denied);
        }
        Ok(answer(&mut self.0)?)
    }
}

#[tokio::test(start_paused = true)]
async fn by_every_path() {
    assert_eq!(by_crate(&mut 0).await.unwrap(), 2);
    assert_eq!(by_re_export(&mut 0).await.unwrap(), 2);
    assert_eq!(by_macro(&mut 0).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn where_every_name_is_shadowed() {
    let _scope = resilience::testing::scope(1);
    let out = shadowed::everything(&mut 0, "text".to_owned()).await;
    assert_eq!(out.unwrap(), 22);
    assert_eq!(shadowed::plain(&mut 0).unwrap(), 2);
    let out = shadowed::guarded(&mut 0, "text".to_owned()).await;
    assert_eq!(out.unwrap(), 22);
    let mut attempts = 0;
    shadowed::guarded_plain(&mut attempts, "text".to_owned()).unwrap_err();
    assert_eq!(shadowed::guarded_alone(&mut attempts).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn derived_and_in_async_trait() {
    let mut client = Client(0);
    assert_eq!(client.get("key".to_owned()).await.unwrap(), 2);
    assert!(matches!(
        client.get(String::new()).await,
        Err(Failure::Denied)
    ));
    assert_eq!(client.0, 2);
}

#[test]
fn derived() {
    use resilience::{Classify, Verdict};
    use std::time::Duration;

    let refused = Failure::Io(io::ErrorKind::ConnectionRefused.into());
    assert_eq!(Wrapped(refused).classify(), Verdict::Transient);
    let busy = Failure::Busy(Duration::from_secs(3));
    assert_eq!(
        busy.classify(),
        Verdict::Throttled(Some(Duration::from_secs(3)))
    );
}

static HALT: resilience::halt::Halt = resilience::halt::Halt::new();

#[bounded(crate = ::resilience, halt = HALT, max_retries = 0)]
async fn halts(attempts: &mut u32) -> io::Result<u32> {
    answer(attempts)
}

#[resilient::wait_or_die(halt = HALT, crate = crate::resilient, max_retries = 0)]
fn halts_by_re_export(attempts: &mut u32) -> io::Result<u32> {
    answer(attempts)
}

#[tokio::test(start_paused = true)]
async fn a_halt_by_every_path() {
    let _scope = resilience::testing::scope(1);
    halts(&mut 0).await.unwrap_err();
    halts_by_re_export(&mut 0).unwrap_err();
    assert_eq!(HALT.later_count(), 1);
}
