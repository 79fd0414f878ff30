//! Where a function stands, and what stands around it.

use std::io;

use wait_or_die::wait_or_die;

use super::{Flaky, sent};

pub(crate) mod inner {
    use std::io;

    use super::super::Flaky;

    // 53: in a module, visible elsewhere, the attribute by its path
    #[wait_or_die::wait_or_die(max_retries = 3)]
    pub(in super::super) async fn visible(flaky: &Flaky) -> io::Result<u32> {
        flaky.ask().await
    }
}

// 54: beside other attributes, above and below, and documentation
/// Asks.
#[must_use = "the answer"]
#[allow(clippy::let_and_return, reason = "a lint inside")]
#[wait_or_die(max_retries = 3)]
#[inline]
#[cfg(test)]
/// And says so below.
pub(crate) async fn attributed(flaky: &Flaky) -> io::Result<u32> {
    let answer = flaky.ask().await;
    answer
}

// 55: switched on by a condition
#[cfg_attr(test, wait_or_die(max_retries = 3))]
#[cfg_attr(not(test), wait_or_die(max_retries = 0))]
async fn conditional(flaky: &Flaky) -> io::Result<u32> {
    flaky.ask().await
}

macro_rules! asking {
    ($vis:vis fn $name:ident($arg:ident: $ty:ty) -> $ret:ty, $retries:literal, $timeout:expr, $body:block) => {
        #[wait_or_die(max_retries = $retries, timeout = $timeout, clone($arg))]
        $vis async fn $name(flaky: &Flaky, mut $arg: $ty) -> $ret {
            $arg.push('!');
            flaky.ask().await?;
            let ask = || -> $ret { $body };
            ask()
        }
    };
    (body $name:ident, $flaky:ident, $body:block) => {
        #[wait_or_die(max_retries = 3)]
        async fn $name($flaky: &Flaky, _log: &mut Vec<u32>) -> io::Result<u32> $body
    };
}

const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(90);

// 56: written by a macro, from fragments of every kind
asking!(pub(crate) fn written(text: String) -> io::Result<usize>, 3, TIMEOUT, { Ok(1) });
asking!(body written_body, asked, { asked.ask().await });

/// A type with several annotated functions.
struct Client<'a>(&'a Flaky);

// 57: several in one impl, one of them `pub(crate)` with a raw name
impl<'a> Client<'a> {
    const RETRIES: u32 = 3;

    #[wait_or_die(max_retries = Client::RETRIES)]
    async fn first(&self) -> io::Result<&'a Flaky> {
        self.0.ask().await.map(|_| self.0)
    }

    #[wait_or_die(max_retries = Client::RETRIES)]
    pub(crate) async fn r#match(&self, r#type: u32) -> io::Result<u32> {
        Ok(self.0.ask().await? + r#type)
    }
}

// 58: `unsafe fn`, whose body stays what it was
#[allow(unsafe_code)]
mod not_safe {
    use std::io;

    use wait_or_die::wait_or_die;

    use super::Flaky;

    unsafe fn first(bytes: *const u8) -> u8 {
        // SAFETY: the caller's promise is the same.
        unsafe { *bytes }
    }

    /// # Safety
    /// `bytes` points to a byte.
    #[wait_or_die(max_retries = 3)]
    pub(super) async unsafe fn read(flaky: &Flaky, bytes: &[u8; 1]) -> io::Result<u8> {
        flaky.ask().await?;
        // SAFETY: as the caller promises.
        Ok(unsafe { first(bytes.as_ptr()) })
    }

    /// # Safety
    /// `bytes` points to a byte.
    #[wait_or_die(max_retries = 3)]
    pub(super) unsafe fn read_now(flaky: &Flaky, bytes: *const u8) -> io::Result<u8> {
        flaky.ask_now()?;
        // SAFETY: as the caller promises.
        Ok(unsafe { first(bytes) })
    }
}

#[tokio::test(start_paused = true)]
async fn modules_and_attributes() {
    assert_eq!(sent(inner::visible(&Flaky::default())).await.unwrap(), 2);
    assert_eq!(sent(attributed(&Flaky::default())).await.unwrap(), 2);
    assert_eq!(sent(conditional(&Flaky::default())).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn macros() {
    let flaky = Flaky::default();
    assert_eq!(sent(written(&flaky, "text".to_owned())).await.unwrap(), 1);
    assert_eq!(flaky.attempts(), 2);
    let out = written_body(&Flaky::default(), &mut Vec::new()).await;
    assert_eq!(out.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn several_in_one_impl() {
    let flaky = Flaky::default();
    let client = Client(&flaky);
    assert_eq!(sent(client.first()).await.unwrap().attempts(), 2);
    let flaky = Flaky::default();
    assert_eq!(sent(Client(&flaky).r#match(40)).await.unwrap(), 42);
}

#[allow(unsafe_code)]
#[tokio::test(start_paused = true)]
async fn unsafe_functions() {
    static BYTE: u8 = 8;
    let flaky = Flaky::default();
    // SAFETY: the reference points to a byte.
    let read = unsafe { not_safe::read(&flaky, &[7]) }.await;
    assert_eq!(read.unwrap(), 7);
    let _scope = wait_or_die::testing::scope(1);
    // SAFETY: as above.
    let read = unsafe { not_safe::read_now(&Flaky::default(), &raw const BYTE) };
    assert_eq!(read.unwrap(), 8);
}
