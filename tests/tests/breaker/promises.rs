//! What other breakers break.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use wait_or_die::breaker::State;
use wait_or_die::{Error, circuit_breaker, testing, wait_or_die};

use super::forms::{Called, Failure, Form, Out, Player, Script, catch};

forms!(TWO, "two", |script| { failure_threshold = 2 });
forms!(ONE, "one", |script| { failure_threshold = 1 });
forms!(SLIDING, "sliding", |script| { failure_rate = 0.5, window = 4 });
forms!(OUTER_BOUND, "outer-bound", |script| { failure_threshold = 2 }, {
    max_retries = 0, timeout = "3s"
});
forms!(DROPPED, "dropped", |script| { failure_threshold = 1, on_cancel = failure });

#[tokio::test(start_paused = true)]
async fn windows_slide() {
    SLIDING
        .play("S S S S F S S S F S S S F =closed F =open")
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_late_result_of_an_older_state_changes_nothing() {
    for (form, call) in ONE.asynchronous {
        let player = Player::new(ONE.breaker, form, call);
        let late = player.failing_late(90_000);
        player.play("F =open +60000").await;
        let probe = player.hanging();
        player.play("=half_open").await;
        // Neither in half-open ..
        assert_eq!(late.await, Err(Failure::Lost), "{form}");
        player.play("=half_open").await;
        drop(probe);
        player.play("S =closed").await;
        // .. nor once it is closed again.
        let late = player.failing_late(90_000);
        player.play("F =open +60000 S =closed").await;
        assert_eq!(late.await, Err(Failure::Lost), "{form}");
        player.play("=closed F =open").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_dropped_gives_its_place_back() {
    for (form, call) in ONE.asynchronous {
        let player = Player::new(ONE.breaker, form, call);
        player.play("F +60000").await;
        let probe = player.hanging();
        player.play("R =half_open").await;
        drop(probe);
        player.play("n =closed").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_hangs_loses_its_place() {
    // The recovery time, or how long the call may take if that is longer.
    for ((form, call), lease) in ONE.asynchronous.into_iter().zip([60, 300, 300]) {
        let player = Player::new(ONE.breaker, form, call);
        player.play("F +60000").await;
        let probe = player.hanging();
        player
            .play(&format!("R{lease}000 +{}999 R1 +1 n =closed", lease - 1))
            .await;
        drop(probe);
        player.play("=closed").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_the_body_is_a_failure() {
    TWO.play("! =closed ! =open R60000").await;
    TWO.play("F ! =open +60000 ! =open R60000").await;
}

/// Awaits both; what `one` panics with goes on.
async fn join(one: Called<'_>, other: Called<'_>) -> (Out, Out) {
    tokio::join!(one, other)
}

#[tokio::test(start_paused = true)]
async fn a_panic_beside_a_call_is_not_its_failure() {
    for ((form, call), (_, other)) in ONE.asynchronous.into_iter().zip(DROPPED.asynchronous) {
        // The sibling is dropped while the thread unwinds: cancelled, and that is all.
        let player = Player::new(ONE.breaker, form, call);
        let hangs = player.hanging();
        let panics: Called<'_> = Box::pin(async { panic!("beside it") });
        let joined: std::pin::Pin<Box<dyn Future<Output = _>>> = Box::pin(join(hangs, panics));
        assert!(catch(joined).await.is_none(), "{form}");
        player.play("=closed").await;
        let seen = player.script.snapshot().core;
        assert_eq!(seen.consecutive_failures, 0, "{form}");
        drop(player);

        // The one that panics has failed, the one beside it has not.
        let player = Player::new(ONE.breaker, form, call);
        let panics = player.panicking_late(10);
        let hangs = player.hanging();
        let joined: std::pin::Pin<Box<dyn Future<Output = _>>> = Box::pin(join(panics, hangs));
        assert!(catch(joined).await.is_none(), "{form}");
        player.play("=open").await;
        assert_eq!(player.script.snapshot().core.generation, 1, "{form}");
        drop(player);

        // With `on_cancel = failure` being dropped is a failure, whatever the reason.
        let player = Player::new(DROPPED.breaker, form, other);
        let hangs = player.hanging();
        let panics: Called<'_> = Box::pin(async { panic!("beside it") });
        let joined: std::pin::Pin<Box<dyn Future<Output = _>>> = Box::pin(join(hangs, panics));
        assert!(catch(joined).await.is_none(), "{form}");
        player.play("=open").await;
    }
}

#[circuit_breaker(name = "inner-bound", failure_threshold = 2)]
#[wait_or_die(max_retries = 0, attempt_timeout = "3s")]
async fn inner_above(script: &Script) -> Out {
    script.next().await
}

#[wait_or_die(max_retries = 0, attempt_timeout = "3s")]
#[circuit_breaker(name = "inner-bound", failure_threshold = 2)]
async fn inner_below(script: &Script) -> Out {
    script.next().await
}

#[tokio::test(start_paused = true)]
async fn our_own_time_out_is_a_failure() {
    OUTER_BOUND
        .play_bounded("H =closed H =open R60000 +60000 H =open")
        .await;
    let inner: [(&str, Form); 2] = [
        ("above", |script| Box::pin(inner_above(script))),
        ("below", |script| Box::pin(inner_below(script))),
    ];
    for (form, call) in inner {
        let player = Player::new("inner-bound", form, call);
        player.play("H =closed H =open R60000 +60000 H =open").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_time_out_of_the_callers_own_is_neutral_unless_told_otherwise() {
    for (forms, state) in [(&ONE, State::Closed), (&DROPPED, State::Open)] {
        for (form, call) in forms.asynchronous {
            let player = Player::new(forms.breaker, form, call);
            let call = player.hanging();
            let cut = tokio::time::timeout(Duration::from_secs(1), call).await;
            assert!(cut.is_err(), "{form}");
            assert_eq!(player.script.breaker().state(), state, "{form}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn ignored_and_throttled_probes_give_their_place_back_and_a_permanent_one_succeeds() {
    ONE.play("F +60000 I n =closed").await;
    ONE.play("F +60000 I I =half_open T T =half_open n =closed")
        .await;
    ONE.play("F +60000 T n =closed").await;
    ONE.play("F +60000 P =closed").await;
    ONE.play("F +60000 f =open").await;
    ONE.play("I I T T P P =closed F =open").await;
}

#[circuit_breaker(name = "charged", failure_threshold = 2)]
#[wait_or_die(max_retries = 5, initial_wait = 0, max_wait = 0, on_retry = told)]
async fn charged(calls: &Cell<u32>) -> Out {
    calls.set(calls.get() + 1);
    Err(Failure::Lost)
}

#[wait_or_die(max_retries = 5, initial_wait = 0, max_wait = 0, on_retry = told)]
#[circuit_breaker(name = "charged", failure_threshold = 2)]
fn charged_now(calls: &Cell<u32>) -> Out {
    calls.set(calls.get() + 1);
    Err(Failure::Lost)
}

/// Spends what is left of the budget.
#[wait_or_die(max_retries = 1000, initial_wait = 0, max_wait = 0, budget = "charged")]
fn spends(calls: &Cell<u32>) -> Out {
    calls.set(calls.get() + 1);
    Err(Failure::Lost)
}

thread_local! {
    static RETRIES: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

fn told(retry: &wait_or_die::Retry<'_, Failure>) {
    RETRIES.with_borrow_mut(|retries| retries.push(retry.attempt));
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_is_not_retried_and_nothing_is_charged() {
    for plain in [false, true] {
        let scope = testing::scope(1);
        RETRIES.take();
        let calls = Cell::new(0);
        let call = async || {
            let out = if plain {
                charged_now(&calls)
            } else {
                charged(&calls).await
            };
            match out {
                Err(Failure::Dead(error @ Error::Rejected(_))) => error,
                out => panic!("{out:?}"),
            }
        };
        let error = call().await;
        assert_eq!((calls.get(), error.attempts()), (2, 2));
        assert_eq!(error.last_error().unwrap().as_str(), "lost");
        assert_eq!(error.retry_in(), Some(Duration::from_secs(60)));
        assert_eq!(RETRIES.take(), [1], "the second failure opened it");
        for rejected in 1..=50 {
            let error = call().await;
            assert_eq!((calls.get(), error.attempts()), (2, 0), "{rejected}");
            assert_eq!(error.retry_in(), Some(Duration::from_secs(60)));
            assert_eq!(error.last_error(), None);
        }
        assert!(RETRIES.take().is_empty());
        assert!(scope.elapsed().is_zero(), "no rejection waits");
        // Of 30 retries in reserve one is spent; no call that was rejected has added to it or taken from it.
        calls.set(0);
        spends(&calls).unwrap_err();
        assert_eq!(calls.get(), 1 + 29);
    }
}

#[tokio::test(start_paused = true)]
async fn changes_of_state_are_told_in_their_order() {
    for (form, call) in ONE.all() {
        let player = Player::new(ONE.breaker, form, call);
        player.play("S").await;
        let told: Arc<Mutex<Vec<_>>> = Arc::default();
        let breaker = player.script.breaker();
        breaker.listen(|_| panic!("a listener that panics"));
        breaker.listen({
            let told = Arc::clone(&told);
            let breaker = breaker.clone();
            move |change| {
                // Outside any lock: it may look.
                assert_eq!(breaker.snapshot().core.generation, change.generation);
                told.lock()
                    .unwrap()
                    .push((change.from.as_str(), change.to.as_str()));
            }
        });
        player.play("F +60000 F +60000 S").await;
        let opened = ("closed", "open");
        let probed = ("open", "half_open");
        let reopened = ("half_open", "open");
        let closed = ("half_open", "closed");
        assert_eq!(
            *told.lock().unwrap(),
            [opened, probed, reopened, probed, closed],
            "{form}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn by_hand() {
    for (form, call) in TWO.all() {
        let player = Player::new(TWO.breaker, form, call);
        player.play("F").await;
        let breaker = player.script.breaker();
        breaker.force_open();
        player.play("R- +3600000 R- =forced_open").await;
        breaker.force_closed();
        player.play("F F F F =forced_closed").await;
        breaker.disable();
        player.play("F F F F =disabled").await;
        breaker.reset();
        player.play("F =closed").await;
        // The count stays when the settings change.
        breaker
            .reconfigure(breaker.policy().with_failure_threshold(3))
            .unwrap();
        player.play("F =closed F =open R60000").await;
    }
}
