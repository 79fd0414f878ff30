//! Every option of the attribute, in every form.

use std::time::Duration;

use wait_or_die::breaker::State;
use wait_or_die::{Breaker, BreakerPolicy, OnCancel, Window, circuit_breaker, testing};

use super::forms::{Failure, Out, Player, Script};

const THREE: u32 = 3;
const SEARCH: BreakerPolicy = BreakerPolicy::new()
    .with_failure_threshold(4)
    .with_recovery_timeout(Duration::from_secs(7));

fn is_lost(error: &Failure) -> bool {
    *error == Failure::Lost
}

forms!(JOINED, "joined", |script| {});
forms!(THRESHOLD, "threshold", |script| { failure_threshold = 2 });
forms!(CONST, "const", |script| { failure_threshold = THREE, recovery_timeout = Duration::from_millis(1500) });
forms!(RATE, "rate", |script| { failure_rate = 0.5 });
forms!(CALLS, "calls", |script| { failure_rate = 0.5, window = 6, minimum_calls = 3 });
forms!(TIME, "time", |script| { failure_rate = 0.5, window = "10s", minimum_calls = 3 });
forms!(SLOW, "slow", |script| {
    failure_rate = 1.0, window = 4, minimum_calls = 4, slow_call = "2s", slow_call_rate = 0.75
});
forms!(SLOW_BY_DEFAULT, "slow-by-default", |script| {
    failure_rate = 1.0, window = 4, slow_call = 2
});
forms!(RECOVERY, "recovery", |script| { failure_threshold = 1, recovery_timeout = 2.5 });
forms!(GROWING, "growing", |script| {
    failure_threshold = 1, recovery_timeout = "10s", max_recovery_timeout = "60s"
});
forms!(TWICE, "twice", |script| {
    failure_threshold = 1, success_threshold = 2, recovery_timeout = "1s"
});
forms!(TWO_AT_A_TIME, "two-at-a-time", |script| {
    failure_threshold = 1, half_open_calls = 2, recovery_timeout = "1s", success_threshold = 5
});
forms!(ONE_AT_A_TIME, "one-at-a-time", |script| {
    failure_threshold = 1, recovery_timeout = "1s", success_threshold = 5
});
forms!(KEYED, "keyed", |script| { failure_threshold = 2, key = script.key() });
forms!(FAILURE_IF, "failure-if", |script| { failure_threshold = 2, failure_if = is_lost });
forms!(FAILURE_IF_CLOSURE, "failure-if-closure", |script| {
    failure_threshold = 2, failure_if = |error| *error == Failure::Gone
});
forms!(IGNORE_IF, "ignore-if", |script| { failure_threshold = 2, ignore_if = is_lost });
forms!(BOTH_IF, "both-if", |script| {
    failure_threshold = 2,
    ignore_if = |error: &Failure| matches!(error, Failure::Sick),
    failure_if = |_| true
});
forms!(CANCEL, "cancel", |script| { failure_threshold = 2, on_cancel = failure });
forms!(NO_CANCEL, "no-cancel", |script| { failure_threshold = 2, on_cancel = ignore });
forms!(POLICY, "policy", |script| { policy = SEARCH });
forms!(POLICY_AND_MORE, "policy-and-more", |script| { policy = SEARCH, failure_threshold = 2 });
forms!(CRATE, "crate", |script| { failure_threshold = 2, crate = ::wait_or_die }, {
    max_retries = 0, crate = ::wait_or_die
});
forms!(DEADLINE, "deadline", |script| { failure_threshold = 2 }, {
    max_retries = 0, timeout = "3s"
});

#[tokio::test(start_paused = true)]
async fn a_name_alone_has_the_defaults_or_what_was_declared() {
    JOINED
        .play("F F F F =closed F =open R60000 +59999 R1 +1 S =closed")
        .await;
    for (form, call) in JOINED.all() {
        let player = Player::new(JOINED.breaker, form, call);
        let policy = BreakerPolicy::new().with_failure_threshold(2);
        Breaker::register("joined", policy).unwrap();
        player.play("F =closed F =open").await;
    }
    // Declared after the first call, it counts on.
    for (form, call) in JOINED.all() {
        let player = Player::new(JOINED.breaker, form, call);
        player.play("F F =closed").await;
        let policy = BreakerPolicy::new().with_failure_threshold(3);
        Breaker::register("joined", policy).unwrap();
        player.play("F =open").await;
    }
}

#[tokio::test(start_paused = true)]
async fn failures_in_a_row() {
    THRESHOLD.play("F S F =closed f =open R60000").await;
    THRESHOLD.play("F P F S F =closed").await;
    THRESHOLD.play("F T I F =open").await;
    CONST.play("F F =closed F R1500").await;
}

#[tokio::test(start_paused = true)]
async fn rates_over_calls_and_over_time() {
    // Ten calls of a hundred at least.
    RATE.play("F F F F F F F F F =closed S =open").await;
    CALLS.play("F F =closed S =open").await;
    CALLS.play("S S S S S S F F =closed F =open").await;
    TIME.play("F F =closed S =open").await;
    TIME.play("F F +11000 S =closed F S =closed F =open").await;
    TIME.play("F F +11000 S S F =closed").await;
}

#[tokio::test(start_paused = true)]
async fn slow_calls() {
    SLOW.play("S~2000 S~2000 S~1999 =closed S~2000 =open").await;
    SLOW.play("S~2000 S~2000 S~1999 S~1999 S~2000 =closed")
        .await;
    SLOW_BY_DEFAULT
        .play("S~2000 S S~2000 =closed S =open")
        .await;
}

#[tokio::test(start_paused = true)]
async fn recovery_time() {
    RECOVERY
        .play("F R2500 +2499 R1 +1 F R2500 +2500 S =closed")
        .await;
}

#[tokio::test(start_paused = true)]
async fn recovery_time_that_grows_with_each_reopening_between_half_the_term_and_the_term() {
    for (form, call) in GROWING.all() {
        let mut first = Vec::new();
        for round in 0..2 {
            let player = Player::new(GROWING.breaker, form, call);
            let mut lasted = Vec::new();
            for _ in 0..6 {
                player.play("F =open").await;
                let left = player.script.snapshot().core.retry_in.unwrap();
                lasted.push(left);
                tokio::time::advance(left.saturating_sub(Duration::from_millis(1))).await;
                player.play("R").await;
                tokio::time::advance(Duration::from_millis(1)).await;
            }
            assert_eq!(lasted[0], Duration::from_secs(10), "{form}");
            for (left, term) in lasted[1..].iter().zip([20, 40, 60, 60, 60]) {
                let half = Duration::from_secs(term) / 2;
                assert!(*left >= half && *left <= half * 2, "{form}: {lasted:?}");
            }
            // A success lets it begin anew.
            player.play("S =closed F R10000").await;
            if round == 0 {
                first = lasted;
            } else {
                assert_eq!(first, lasted, "{form}: of one seed");
            }
        }
        assert!(
            first[3..].windows(2).any(|two| two[0] != two[1]),
            "{form}: jittered {first:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn half_open() {
    TWICE.play("F +1000 S =half_open S =closed").await;
    TWICE.play("F +1000 S =half_open F =open R1000").await;
    TWO_AT_A_TIME.play("F +1000 N S N =half_open").await;
    ONE_AT_A_TIME
        .play("F +1000 n n n n =half_open S =closed")
        .await;
}

#[tokio::test(start_paused = true)]
async fn one_breaker_for_each_key() {
    KEYED.play("@one F F =open R @two S F =closed @one R @two F =open @one +60000 S =closed @two =open").await;
    for (form, call) in KEYED.all() {
        let player = Player::new(KEYED.breaker, form, call);
        player.play("@one F F @two F").await;
        let states: Vec<_> = Breaker::list().iter().map(Breaker::state).collect();
        assert_eq!(states, [State::Open, State::Closed], "{form}");
    }
}

#[tokio::test(start_paused = true)]
async fn predicates() {
    FAILURE_IF.play("F f P T I F =closed F =open").await;
    FAILURE_IF.play("f f f T P =closed").await;
    FAILURE_IF_CLOSURE
        .play("F F f f =closed P =closed P =open")
        .await;
    IGNORE_IF.play("F F F =closed f F =closed f =open").await;
    // What neither predicate is about is judged as ever.
    IGNORE_IF.play("f P f S f =closed T I f =open").await;
    BOTH_IF.play("f f f P =closed f T =open").await;
}

#[tokio::test(start_paused = true)]
async fn cancelled_calls() {
    CANCEL.play_async("D =closed D =open").await;
    CANCEL.play_async("D S D =closed").await;
    CANCEL.play_async("D D +60000 D =open R60000").await;
    NO_CANCEL
        .play_async("D D D F =closed D F =open +60000 D n =closed")
        .await;
    THRESHOLD
        .play_async("D D D F =closed D F =open +60000 D n =closed")
        .await;
}

#[tokio::test(start_paused = true)]
async fn deadlines() {
    DEADLINE.play_bounded("H =closed H =open R60000").await;
}

#[tokio::test(start_paused = true)]
async fn policies_as_constants() {
    POLICY.play("F F F =closed F =open R7000").await;
    POLICY_AND_MORE.play("F =closed F =open R7000").await;
    CRATE.play("F =closed F =open").await;
}

#[tokio::test(start_paused = true)]
async fn every_option_reaches_the_settings() {
    #[circuit_breaker(
        name = "all",
        failure_rate = 0.25,
        window = "90s",
        minimum_calls = 12,
        slow_call = "1500ms",
        slow_call_rate = 0.125,
        recovery_timeout = "2m",
        max_recovery_timeout = "1h",
        success_threshold = 4,
        half_open_calls = 3,
        on_cancel = failure
    )]
    async fn all(script: &Script) -> Out {
        script.next().await
    }
    let _scope = testing::scope(1);
    let script = Script::new("all", 1);
    let player = Player::new("all", "all", |script| Box::pin(all(script)));
    player.play("S").await;
    let policy = BreakerPolicy::new()
        .with_failure_rate(0.25)
        .with_window(Window::Time(Duration::from_secs(90)))
        .with_minimum_calls(12)
        .with_slow_call(Duration::from_millis(1500))
        .with_slow_call_rate(0.125)
        .with_recovery_timeout(Duration::from_secs(120))
        .with_max_recovery_timeout(Duration::from_secs(3600))
        .with_success_threshold(4)
        .with_half_open_calls(3)
        .with_on_cancel(OnCancel::Failure);
    assert_eq!(player.script.breaker().policy(), policy);
    drop(player);
    drop(script);
}

struct Client {
    host: String,
}

impl Client {
    #[circuit_breaker(name = "hosts", failure_threshold = 1, key = self.host)]
    async fn get(&self, out: Out) -> Out {
        out
    }

    #[circuit_breaker(name = "hosts", key = &self.host)]
    fn get_now(&self, out: Out) -> Out {
        out
    }
}

#[circuit_breaker(name = "hosts", key = &url)]
async fn get(url: String, out: Out) -> Out {
    // The key is a loan that is over before the body begins.
    drop(url);
    out
}

#[circuit_breaker(name = "hosts", key = format_args!("{host}:{port}"))]
fn at_port(host: &str, port: u16, out: Out) -> Out {
    let _ = (host, port);
    out
}

#[tokio::test(start_paused = true)]
async fn keys_of_every_kind() {
    let _scope = testing::scope(1);
    let client = Client {
        host: "a".to_owned(),
    };
    let is_rejected = |out: Out| matches!(out, Err(Failure::Dead(_)));
    assert_eq!(client.get(Err(Failure::Lost)).await, Err(Failure::Lost));
    assert!(is_rejected(client.get(Ok(())).await));
    assert!(is_rejected(client.get_now(Ok(()))));
    assert!(is_rejected(get("a".to_owned(), Ok(())).await));
    assert_eq!(get("b".to_owned(), Ok(())).await, Ok(()));
    assert_eq!(at_port("a", 1, Err(Failure::Lost)), Err(Failure::Lost));
    assert!(is_rejected(at_port("a", 1, Ok(()))));
    assert_eq!(at_port("a", 2, Ok(())), Ok(()));
    // In the order of the keys, which are `a`, `a:1`, `a:2` and `b`.
    let states: Vec<_> = Breaker::list().iter().map(Breaker::state).collect();
    let (open, closed) = (State::Open, State::Closed);
    assert_eq!(states, [open, open, closed, closed]);
}
