//! Which calls stop the halt, and which do not.

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use wait_or_die::wait_or_die;

use super::*;

#[wait_or_die(halt, max_retries = 2, initial_wait = "1s", jitter = none)]
async fn sync(fails: u32, attempts: &mut u32) -> io::Result<u32> {
    *attempts += 1;
    if *attempts <= fails {
        Err(refused())
    } else {
        Ok(*attempts)
    }
}

#[wait_or_die(halt, max_retries = 2, initial_wait = "1s", jitter = none)]
fn plain(fails: u32, attempts: &mut u32) -> io::Result<u32> {
    *attempts += 1;
    if *attempts <= fails {
        Err(refused())
    } else {
        Ok(*attempts)
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_succeeds_at_once_or_in_the_end_stops_nothing() {
    let _scope = testing::scope(1);
    for fails in [0, 1, 2] {
        assert_eq!(sync(fails, &mut 0).await.unwrap(), fails + 1);
        assert_eq!(plain(fails, &mut 0).unwrap(), fails + 1);
    }
    assert!(!halt::system().is_stopped());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_dies_stops_it_and_gives_its_own_error_to_the_caller() {
    let _scope = testing::scope(1);
    let mut attempts = 0;
    let error = sync(9, &mut attempts).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    assert!(error.get_ref().is_none());
    assert_eq!(attempts, 3);
    let report = system_report();
    assert_eq!(report.operation(), "halt::calls::sync");
    assert_eq!(report.place().file, file!());
    assert_eq!(report.reason(), Reason::Retries);
    assert_eq!(
        (report.attempts(), report.elapsed()),
        (3, Duration::from_secs(3))
    );
    assert_eq!(report.error().as_str(), "connection refused");
    let trace = report.trace_id().unwrap();
    assert_eq!(
        report.to_string(),
        format!(
            "system halt: `halt::calls::sync` gave up after 3 attempts, 3s in all (retries): connection refused; trace {trace}"
        )
    );
}

#[test]
fn a_plain_function_does_the_same() {
    let _scope = testing::scope(1);
    let mut attempts = 0;
    let error = plain(9, &mut attempts).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    assert_eq!(attempts, 3);
    let report = system_report();
    assert_eq!(report.operation(), "halt::calls::plain");
    assert_eq!(report.reason(), Reason::Retries);
    assert_eq!(
        (report.attempts(), report.elapsed()),
        (3, Duration::from_secs(3))
    );
    assert!(report.trace_id().is_some());
    assert_eq!(halt::system().later_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_cancelled_stops_nothing() {
    #[wait_or_die(halt)]
    async fn hangs() -> io::Result<()> {
        pending().await
    }
    let _scope = testing::scope(1);
    let mut context = Context::from_waker(Waker::noop());
    assert!(pin!(hangs()).poll(&mut context).is_pending());
    // In its first wait, and never polled at all.
    assert!(pin!(sync(9, &mut 0)).poll(&mut context).is_pending());
    drop(hangs());
    assert!(!halt::system().is_stopped());
}

#[tokio::test(start_paused = true)]
async fn a_fallback_that_answers_stops_nothing_and_one_that_fails_does() {
    async fn cached(ok: bool, error: io::Error) -> io::Result<u32> {
        if ok {
            Ok(7)
        } else {
            Err(io::Error::other(format!("no cache behind: {error}")))
        }
    }
    fn cached_now(ok: bool, error: io::Error) -> io::Result<u32> {
        if ok {
            Ok(7)
        } else {
            Err(io::Error::other(format!("no cache behind: {error}")))
        }
    }
    #[wait_or_die(halt, max_retries = 1, initial_wait = "1s", jitter = none, fallback = cached)]
    async fn asked(ok: bool) -> io::Result<u32> {
        let _ = ok;
        Err(refused())
    }
    #[wait_or_die(halt, max_retries = 1, initial_wait = "1s", jitter = none, fallback = cached_now)]
    fn asked_now(ok: bool) -> io::Result<u32> {
        let _ = ok;
        Err(refused())
    }
    let _scope = testing::scope(1);
    assert_eq!(asked(true).await.unwrap(), 7);
    assert_eq!(asked_now(true).unwrap(), 7);
    assert!(!halt::system().is_stopped());
    asked(false).await.unwrap_err();
    asked_now(false).unwrap_err();
    let second = halt::system().later_reports().remove(0);
    for report in [system_report(), second] {
        assert_eq!((report.reason(), report.attempts()), (Reason::Retries, 2));
        assert_eq!(report.elapsed(), Duration::from_secs(1));
        assert_eq!(
            report.error().as_str(),
            "no cache behind: connection refused"
        );
    }
    assert_eq!(halt::system().later_count(), 1);
}

/// The halt is of the operation that declares it, whatever a call around it makes of its error.
#[tokio::test(start_paused = true)]
async fn an_inner_death_stops_it_even_where_an_outer_call_goes_on() {
    #[wait_or_die(max_retries = 1, initial_wait = "1s", jitter = none)]
    async fn outer(calls: &mut u32) -> io::Result<u32> {
        *calls += 1;
        sync(9, &mut 0).await
    }
    let _scope = testing::scope(1);
    let mut calls = 0;
    outer(&mut calls).await.unwrap_err();
    assert_eq!((calls, halt::system().later_count()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_behind_the_halt_is_made_all_the_same() {
    let _scope = testing::scope(1);
    halt::system().stop(by_hand("elsewhere"));
    assert_eq!(sync(2, &mut 0).await.unwrap(), 3);
    assert_eq!(halt::system().later_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_halt_is_told_behind_the_end_of_the_call_under_the_same_trace() {
    let capture = wait_or_die_tests::events::Capture::begin();
    let _scope = testing::scope(1);
    sync(9, &mut 0).await.unwrap_err();
    let told = capture.take();
    let messages: Vec<&str> = told.iter().map(|event| event["message"].as_str()).collect();
    assert_eq!(messages, ["retrying", "retrying", "gave up", "system halt"]);
    let halted = &told[3];
    assert_eq!(halted["trace_id"], told[2]["trace_id"]);
    assert_eq!(halted["line"], told[2]["line"]);
    assert_eq!(halted["attempts"], "3");
    assert_eq!(halted["elapsed_ms"], "3000.0");
    assert_eq!(halted["reason"], "retries");
    assert_eq!(halted["first"], "true");
}

#[test]
fn of_many_that_die_at_once_one_is_the_first() {
    static HALT: Halt = Halt::new();
    #[wait_or_die(halt = HALT, max_retries = 0)]
    fn dies() -> io::Result<()> {
        Err(refused())
    }
    let start = std::sync::Barrier::new(8);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                start.wait();
                dies().unwrap_err();
            });
        }
    });
    assert_eq!(HALT.later_count(), 7);
    assert_eq!(HALT.later_reports().len(), 7);
}
