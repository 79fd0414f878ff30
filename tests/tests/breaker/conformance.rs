//! The tables that a breaker has to follow, through the attribute.

use std::cell::Cell;

use wait_or_die::{Error, circuit_breaker, testing, wait_or_die};

use super::forms::{Failure, Out};

forms!(THREE_QUARTERS, "three-quarters", |script| {
    failure_rate = 0.75, window = 4, minimum_calls = 4, success_threshold = 2, recovery_timeout = "50s"
});
forms!(HALF, "half", |script| { failure_rate = 0.5, window = 4, minimum_calls = 4 });
forms!(ONE_PROBE, "one-probe", |script| {
    failure_rate = 0.75, window = 4, minimum_calls = 4, success_threshold = 1, recovery_timeout = "50s"
});
forms!(THREE_PROBES, "three-probes", |script| {
    failure_rate = 0.75, window = 4, minimum_calls = 4, success_threshold = 3, recovery_timeout = "50s"
});
forms!(IN_TIME, "in-time", |script| {
    window = "20s", minimum_calls = 5, failure_rate = 0.5, slow_call = "4s", slow_call_rate = 0.5,
    half_open_calls = 4, recovery_timeout = "5s"
});
forms!(SHORT, "short", |script| { window = "5s", minimum_calls = 2, failure_rate = 0.5 });
forms!(TEN, "ten", |script| { window = 10, minimum_calls = 10, failure_rate = 1.0 });
forms!(IN_A_ROW, "in-a-row", |script| { failure_threshold = 3, recovery_timeout = "30s" });

#[tokio::test(start_paused = true)]
async fn a_window_of_the_minimum() {
    THREE_QUARTERS.play("F F F F R50000 R R =open").await;
    HALF.play("S F F S R60000 =open").await;
    HALF.play("S F S S =closed F R =open").await;
    ONE_PROBE.play("S F F F R +50000 S =closed S F F F R").await;
    ONE_PROBE.play("F F F S R =open").await;
    ONE_PROBE.play("F F S S F F S F =open").await;
}

#[tokio::test(start_paused = true)]
async fn three_successes_close_and_a_failure_before_reopens() {
    THREE_PROBES
        .play("F F F F +50000 S S =half_open F =open R50000")
        .await;
    THREE_PROBES
        .play("F F F F +50000 S S =half_open S =closed F F F =closed")
        .await;
    THREE_QUARTERS
        .play("F F F F +50000 S =half_open S =closed")
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_window_of_time() {
    IN_TIME.play("F F F S =closed").await;
    IN_TIME.play("F F F S S =open R5000").await;
    IN_TIME.play("F~4000 S~4000 F S =closed S~4000 =open").await;
    IN_TIME.play("F~3999 S~3999 F S S~3999 =closed").await;
    IN_TIME
        .play("F F F F F R5000 +3000 R2000 +3000 S =half_open")
        .await;
    SHORT.play("F +4999 F =open").await;
    SHORT.play("F +5500 F =closed +4999 F =open").await;
    SHORT.play("F +5500 %0 =closed S %0").await;
}

#[tokio::test(start_paused = true)]
async fn rates_decide_over_the_probes() {
    IN_TIME
        .play("F F F F F +5000 F F S =half_open F =open R5000")
        .await;
    IN_TIME
        .play("F F F F F +5000 F S S =half_open S =closed")
        .await;
    IN_TIME
        .play("F F F F F +5000 S~4000 S S~4000 =half_open S =open")
        .await;
    IN_TIME
        .play("F F F F F +5000 I T I T F S S =half_open S =closed")
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_window_of_calls_slides() {
    TEN.play("S S F F F F F F S S S S %60 S S S %30 =closed")
        .await;
    TEN.play("F F F F F F F F F S F F F F F F F F F =closed F =open")
        .await;
}

#[tokio::test(start_paused = true)]
async fn three_in_a_row() {
    IN_A_ROW.play("F F F R30000 +29999 R1 +1 S =closed").await;
    IN_A_ROW
        .play("F F F +30000 F =open R30000 +30000 S =closed F F S F F =closed")
        .await;
}

#[tokio::test(start_paused = true)]
async fn four_permits_and_one_given_back() {
    for (form, call) in IN_TIME.asynchronous {
        let player = super::forms::Player::new(IN_TIME.breaker, form, call);
        player.play("F F F F F +5000").await;
        let mut held: Vec<_> = (0..4).map(|_| player.hanging()).collect();
        player.play("R =half_open").await;
        drop(held.pop());
        player.play("I n").await;
        assert_eq!(player.script.snapshot().core.probes, 3);
        drop(held);
        player.play("S S S =closed").await;
    }
}

const RETRIES: u32 = 7;

#[circuit_breaker(name = "retried", failure_rate = 0.75, window = 4, minimum_calls = 4)]
#[wait_or_die(max_retries = RETRIES, initial_wait = "1s", jitter = none)]
async fn above(calls: &Cell<u32>) -> Out {
    calls.set(calls.get() + 1);
    Err(Failure::Lost)
}

#[wait_or_die(max_retries = RETRIES, initial_wait = "1s", jitter = none)]
#[circuit_breaker(name = "retried", failure_rate = 0.75, window = 4, minimum_calls = 4)]
async fn below(calls: &Cell<u32>) -> Out {
    calls.set(calls.get() + 1);
    Err(Failure::Lost)
}

#[circuit_breaker(name = "retried", failure_rate = 0.75, window = 4, minimum_calls = 4)]
#[wait_or_die(max_retries = RETRIES, initial_wait = "1s", jitter = none)]
fn plain_above(calls: &Cell<u32>) -> Out {
    calls.set(calls.get() + 1);
    Err(Failure::Lost)
}

#[wait_or_die(max_retries = RETRIES, initial_wait = "1s", jitter = none)]
#[circuit_breaker(name = "retried", failure_rate = 0.75, window = 4, minimum_calls = 4)]
fn plain_below(calls: &Cell<u32>) -> Out {
    calls.set(calls.get() + 1);
    Err(Failure::Lost)
}

#[circuit_breaker(name = "retried", failure_rate = 0.75, window = 4, minimum_calls = 4)]
#[wait_or_die(max_retries = 2, initial_wait = "1s", jitter = none)]
async fn fewer(calls: &Cell<u32>) -> Out {
    calls.set(calls.get() + 1);
    Err(Failure::Lost)
}

#[tokio::test(start_paused = true)]
async fn seven_retries_make_four_executions_and_a_rejection() {
    for form in 0..4 {
        let scope = testing::scope(1);
        let calls = Cell::new(0);
        let out = match form {
            0 => above(&calls).await,
            1 => below(&calls).await,
            2 => plain_above(&calls),
            _ => plain_below(&calls),
        };
        let Err(Failure::Dead(error @ Error::Rejected(_))) = out else {
            panic!("{form}: {out:?}")
        };
        assert_eq!((calls.get(), error.attempts()), (4, 4), "{form}");
        // 1 + 2 + 4 s of waits, and none for what was refused.
        assert_eq!(error.elapsed().as_millis(), 7000, "{form}");
        assert_eq!(scope.elapsed().as_millis(), 7000, "{form}");
        assert_eq!(error.retry_in().unwrap().as_millis(), 60_000, "{form}");
    }
}

#[tokio::test(start_paused = true)]
async fn two_retries_make_three_executions_and_the_bodys_own_error() {
    let scope = testing::scope(1);
    let calls = Cell::new(0);
    assert_eq!(fewer(&calls).await, Err(Failure::Lost));
    assert_eq!(calls.get(), 3);
    assert_eq!(scope.elapsed().as_millis(), 3000);
    // The fourth execution opens it; it is the first of the second call.
    assert!(matches!(
        fewer(&calls).await,
        Err(Failure::Dead(Error::Rejected(_)))
    ));
    assert_eq!(calls.get(), 4);
}
