//! Names of the user's and names of the expansion do not meet, whatever the user calls things.

use std::io;

use wait_or_die::wait_or_die;

/// Refuses the first attempt and answers the number of every later one.
fn answer(attempts: &mut u32) -> io::Result<u32> {
    *attempts += 1;
    match *attempts {
        1 => Err(io::ErrorKind::ConnectionRefused.into()),
        attempt => Ok(attempt),
    }
}

macro_rules! argument_tests {
    ($($name:ident),* $(,)?) => {$(
        /// One argument of that name, read in the body and in `fields`; another that it hides.
        mod $name {
            use std::io;

            use wait_or_die::wait_or_die;

            #[wait_or_die(max_retries = 3, fields($name), fallback = fallback, clone($name))]
            async fn asynchronous(attempts: &mut u32, $name: String) -> io::Result<String> {
                super::answer(attempts)?;
                let $name = $name + "!";
                Ok($name)
            }

            async fn fallback(_: &mut u32, $name: String, _: io::Error) -> io::Result<String> {
                Ok($name)
            }

            #[wait_or_die(max_retries = 3, fields($name), clone($name))]
            fn blocking(attempts: &mut u32, mut $name: String) -> io::Result<String> {
                super::answer(attempts)?;
                $name.push('!');
                Ok($name)
            }

            #[tokio::test(start_paused = true)]
            async fn is_the_users() {
                let _scope = wait_or_die::testing::scope(1);
                let value = || "value".to_owned();
                assert_eq!(asynchronous(&mut 0, value()).await.unwrap(), "value!");
                assert_eq!(blocking(&mut 0, value()).unwrap(), "value!");
            }
        }
    )*};
}

argument_tests!(
    run, out, attempt, call, error, fields, retry, value, base, policy, site, engine, body,
);

mod shadowed {
    //! Everything that the expansion could take for granted means something else here.
    #![allow(dead_code)]

    use wait_or_die::wait_or_die;

    type Outcome = ::core::result::Result<U32, ::std::io::Error>;

    pub(crate) struct Result;
    pub(crate) struct Option;
    pub(crate) struct Duration;
    pub(crate) struct Future;
    pub(crate) struct Call;
    pub(crate) struct Site;
    pub(crate) struct RetryPolicy;
    pub(crate) trait Clone {}
    pub(crate) trait From {}
    pub(crate) trait Into {}
    pub(crate) trait Send {}
    pub(crate) trait Engine {}
    pub(crate) mod core {}
    pub(crate) mod std {}
    pub(crate) mod wait_or_die_macros {}
    pub(crate) mod __private {}

    #[allow(non_camel_case_types)]
    pub(crate) struct bool;
    #[allow(non_camel_case_types)]
    pub(crate) struct u64;

    #[allow(non_snake_case)]
    pub(crate) const fn Some() {}
    #[allow(non_snake_case)]
    pub(crate) const fn Ok() {}
    #[allow(non_snake_case)]
    pub(crate) const fn Err() {}
    pub(crate) const fn drop() {}
    #[allow(non_upper_case_globals)]
    pub(crate) const None: () = ();

    macro_rules! shadow {
        ($($name:ident),*) => {$(
            #[allow(unused_macros)]
            macro_rules! $name {
                () => { compile_error!("not this one") };
            }
        )*};
    }
    shadow!(concat, file, line, module_path, matches);

    const RETRIES: u32 = 3;
    const WAIT: ::core::time::Duration = ::core::time::Duration::from_secs(2);
    const FACTOR: f64 = 3.0;
    const POLICY: wait_or_die::RetryPolicy = wait_or_die::RetryPolicy::NETWORK;

    type U32 = ::core::primitive::u32;

    #[wait_or_die(
        policy = POLICY,
        max_retries = RETRIES,
        initial_wait = WAIT,
        max_wait = "10s",
        multiplier = FACTOR,
        jitter = equal,
        attempt = attempt,
        clone(text),
        fields(text, attempts),
        on_retry = told,
        retry_if = |error| error.kind() == ::std::io::ErrorKind::ConnectionRefused,
        fallback = fallback
    )]
    pub(super) async fn everything(attempts: &mut U32, text: ::std::string::String) -> Outcome {
        let number = attempt.number();
        ::core::mem::drop(text);
        super::answer(attempts).map(|answer| answer * 10 + number)
    }

    fn told(retry: &wait_or_die::Retry<'_, ::std::io::Error>) {
        assert_eq!(retry.operation, "hygiene::shadowed::everything");
    }

    #[allow(clippy::unused_async)] // a fallback of an `async fn` is one
    async fn fallback(_: &mut U32, _: ::std::string::String, error: ::std::io::Error) -> Outcome {
        ::core::result::Result::Err(error)
    }

    #[wait_or_die(strategy = steady, abort_on(_ if never()))]
    pub(super) fn blocking(attempts: &mut U32) -> Outcome {
        super::answer(attempts)
    }

    fn steady(_: U32) -> ::core::time::Duration {
        WAIT
    }

    const fn never() -> ::core::primitive::bool {
        false
    }
}

mod extended {
    //! A trait for every type has methods of the names that the engine's methods have, and takes
    //! `self` by value, which method calls prefer.

    use std::io;

    use wait_or_die::{circuit_breaker, wait_or_die};

    #[allow(dead_code, clippy::wrong_self_convention)]
    pub(crate) trait Extension: Sized {
        fn attempt<T>(self, _: T) {}
        fn wait(self) {}
        fn context(self) {}
        fn settle(self) {}
        fn split(self) {}
        fn outcome(self) {}
        fn run<T>(self, _: T) {}
        fn with_policy<T>(self, _: T) {}
        fn is_break(self) {}
        fn record(self) {}
        fn record_display(self) {}
        fn clone(self) {}
        fn into(self) {}
        fn with_timeout(self) {}
        fn with_sequence(self) {}
    }

    impl<T> Extension for T {}

    #[wait_or_die(max_retries = 3, timeout = 60, attempt = attempt, clone(text), fields(%text), fallback = fallback)]
    pub(super) async fn asynchronous(attempts: &mut u32, text: String) -> io::Result<u32> {
        drop(text);
        let number = attempt.number();
        super::answer(attempts).map(|answer| answer * 10 + number)
    }

    #[allow(clippy::unused_async)] // a fallback of an `async fn` is one
    async fn fallback(_: &mut u32, _: String, error: io::Error) -> io::Result<u32> {
        Err(error)
    }

    #[circuit_breaker(name = "asked", failure_threshold = 2)]
    pub(super) async fn behind_a_breaker(attempts: &mut u32) -> io::Result<u32> {
        super::answer(attempts)
    }

    #[circuit_breaker(name = "asked at once", failure_threshold = 2)]
    pub(super) fn blocking_behind_a_breaker(attempts: &mut u32) -> io::Result<u32> {
        super::answer(attempts)
    }

    #[wait_or_die(max_retries = 3, timeout = 60, attempt = attempt, fields(attempts))]
    pub(super) fn blocking(attempts: &mut u32) -> io::Result<u32> {
        let number = attempt.number();
        super::answer(attempts).map(|answer| answer * 10 + number)
    }
}

#[tokio::test(start_paused = true)]
async fn std_names_may_be_shadowed() {
    let _scope = wait_or_die::testing::scope(1);
    let out = shadowed::everything(&mut 0, "text".to_owned()).await;
    assert_eq!(out.unwrap(), 22);
    assert_eq!(shadowed::blocking(&mut 0).unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_trait_for_every_type_changes_nothing() {
    let _scope = wait_or_die::testing::scope(1);
    let out = extended::asynchronous(&mut 0, "text".to_owned()).await;
    assert_eq!(out.unwrap(), 22);
    assert_eq!(extended::blocking(&mut 0).unwrap(), 22);
    let mut attempts = 0;
    let refused = extended::behind_a_breaker(&mut attempts).await;
    assert_eq!(
        refused.unwrap_err().kind(),
        io::ErrorKind::ConnectionRefused
    );
    let answered = extended::behind_a_breaker(&mut attempts).await;
    assert_eq!(answered.unwrap(), 2);
    let mut attempts = 0;
    extended::blocking_behind_a_breaker(&mut attempts).unwrap_err();
    let answered = extended::blocking_behind_a_breaker(&mut attempts);
    assert_eq!(answered.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn names_of_the_expansion_cannot_be_read() {
    // Each of these would be the expansion's if its names were the user's.
    fn out() -> u32 {
        40
    }
    fn call(n: u32) -> u32 {
        n + 1
    }
    #[wait_or_die(max_retries = 3, fields(out = out(), call = call(1)))]
    async fn reads(attempts: &mut u32) -> io::Result<u32> {
        Ok(call(answer(attempts)? + out()))
    }
    assert_eq!(reads(&mut 0).await.unwrap(), 43);
}

#[tokio::test(start_paused = true)]
async fn lifetimes_and_labels_are_the_users() {
    #[wait_or_die(max_retries = 3)]
    async fn labelled<'a>(attempts: &mut u32, out: &'a str) -> io::Result<&'a str> {
        'a: for _ in 0..3 {
            while answer(attempts)? < 9 {
                if *attempts > 2 {
                    break 'a;
                }
            }
        }
        Ok(out)
    }
    let mut attempts = 0;
    assert_eq!(labelled(&mut attempts, "out").await.unwrap(), "out");
    assert_eq!(attempts, 3);
}

/// Constants, statics and unit structs are items, which hygiene does not tell apart.
#[allow(dead_code, non_upper_case_globals, non_camel_case_types)]
mod items_of_the_expansions_names {
    use std::io;
    use wait_or_die::{Classify, Retry, wait_or_die};

    const out: i32 = 1;
    const error: i32 = 2;
    const cut: i32 = 3;
    const base: i32 = 4;
    const value: i32 = 5;
    const field: i32 = 6;
    static call: i32 = 7;
    static fields: i32 = 8;
    struct retry;

    fn told(_: &Retry<'_, Fault>) {}

    fn fallback(n: u32, fault: Fault) -> Result<u32, Fault> {
        if n == 9 { Err(fault) } else { Ok(n) }
    }

    #[derive(Debug, thiserror::Error, Classify)]
    pub(super) enum Fault {
        #[error("io")]
        #[classify(source)]
        Io(#[from] io::Error),
        #[error("dead")]
        #[classify(permanent)]
        Dead(#[from] wait_or_die::Error),
    }

    #[wait_or_die(
        policy = wait_or_die::RetryPolicy::ORDER,
        max_retries = 1,
        initial_wait = 0,
        abort_on(Fault::Dead(_)),
        fields(n),
        on_retry = told,
        fallback = fallback
    )]
    pub(super) fn send(n: u32) -> Result<u32, Fault> {
        Err(io::Error::from(io::ErrorKind::TimedOut).into())
    }
}

#[test]
fn lower_case_constants_statics_and_unit_structs_are_no_obstacle() {
    assert_eq!(items_of_the_expansions_names::send(4).unwrap(), 4);
    assert!(items_of_the_expansions_names::send(9).is_err());
}
