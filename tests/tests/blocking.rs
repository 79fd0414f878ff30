//! The same attribute on a plain `fn`; its waits move the virtual clock of a test scope.

use std::io;
use std::time::Duration;

use wait_or_die::{Attempt, testing, wait_or_die};
use wait_or_die_tests::refused;

#[test]
fn retries_until_success() {
    #[wait_or_die(max_retries = 5)]
    fn call(calls: &mut u32) -> io::Result<u32> {
        *calls += 1;
        if *calls < 4 {
            return Err(refused());
        }
        Ok(*calls)
    }
    let _scope = testing::scope(1);
    assert_eq!(call(&mut 0).unwrap(), 4);
}

#[test]
fn waits_follow_the_schedule_and_time_left_runs_down() {
    #[wait_or_die(timeout = "60s", max_retries = 4, jitter = none, attempt = ctx)]
    fn call(left: &mut Vec<u64>) -> io::Result<()> {
        let ctx: &Attempt = &ctx;
        assert_eq!(ctx.number() as usize, left.len() + 1);
        left.push(ctx.time_left().as_secs());
        Err(refused())
    }
    let _scope = testing::scope(1);
    let mut left = Vec::new();
    call(&mut left).unwrap_err();
    assert_eq!(left, [60, 59, 57, 53, 45]);
}

#[test]
fn timeout_counts_from_the_call_and_ends_it_with_the_bodys_own_error() {
    // Each attempt works 3 s, each wait is 1 s: attempts at 0, 4 and 8; the wait at 11 would overrun.
    #[wait_or_die(timeout = "12s", strategy = fixed, jitter = none)]
    fn call(scope: &testing::Scope, calls: &mut u32) -> io::Result<()> {
        *calls += 1;
        scope.advance(Duration::from_secs(3));
        Err(refused())
    }
    let scope = testing::scope(1);
    let mut calls = 0;
    let error = call(&scope, &mut calls).unwrap_err();
    assert_eq!((error.kind(), calls), (io::ErrorKind::ConnectionRefused, 3));
}

#[test]
fn early_return_question_mark_and_fallback_work() {
    fn cached(text: &str, error: io::Error) -> io::Result<i32> {
        if text == "none" { Err(error) } else { Ok(-1) }
    }
    #[wait_or_die(max_retries = 1, fallback = cached)]
    fn parse(text: &str) -> io::Result<i32> {
        if text.is_empty() {
            return Ok(0);
        }
        let number = text.parse::<i32>().map_err(io::Error::other)?;
        Ok(number)
    }
    let _scope = testing::scope(1);
    assert_eq!(parse("").unwrap(), 0);
    assert_eq!(parse("17").unwrap(), 17);
    assert_eq!(parse("x").unwrap(), -1);
    assert_eq!(parse("none").unwrap_err().kind(), io::ErrorKind::Other);
}

#[test]
fn shapes_of_plain_functions() {
    struct Store {
        calls: u32,
    }
    impl Store {
        #[wait_or_die(max_retries = 2, clone(key))]
        fn put<T: Clone>(&mut self, key: String, mut n: u32, value: T) -> Result<T, io::Error> {
            self.calls += 1;
            n += 1;
            drop(key);
            if self.calls < 3 {
                return Err(refused());
            }
            assert_eq!(n, 1);
            Ok(value.clone())
        }
    }
    #[wait_or_die]
    fn iterator(upto: u32) -> Result<impl Iterator<Item = u32>, Box<dyn std::error::Error>> {
        Ok(0..upto)
    }
    #[wait_or_die(max_retries = 1)]
    fn boxed() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Err(Box::new(refused()))
    }
    let _scope = testing::scope(1);
    let mut store = Store { calls: 0 };
    assert_eq!(store.put("k".to_owned(), 0, 'v').unwrap(), 'v');
    assert_eq!(store.calls, 3);
    assert_eq!(iterator(4).unwrap().count(), 4);
    boxed().unwrap_err();
}

#[test]
fn jitter_is_drawn_from_the_scopes_seed() {
    #[wait_or_die(timeout = "1h", max_retries = 8, attempt = ctx)]
    fn call(left: &mut Vec<Duration>) -> io::Result<()> {
        left.push(ctx.time_left());
        Err(refused())
    }
    let run = |seed| {
        let _scope = testing::scope(seed);
        let mut left = Vec::new();
        call(&mut left).unwrap_err();
        left
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
    let waits: Vec<_> = run(7)
        .windows(2)
        .map(|pair| pair[0].checked_sub(pair[1]).unwrap())
        .collect();
    for (retry, wait) in waits.iter().enumerate() {
        let longest = Duration::from_secs(1 << retry).min(Duration::from_secs(60));
        assert!(*wait <= longest, "retry {retry}: {wait:?}");
    }
}
