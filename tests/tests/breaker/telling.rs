//! The events of a breaker, and of the calls that it rejects.

use wait_or_die::{circuit_breaker, testing, wait_or_die};
use wait_or_die_tests::events::{Capture, Event};

use super::forms::{Failure, Out, Player};

/// The event's fields as `name=value`, in the order of the names, without those of the source and the trace.
fn told(event: &Event) -> String {
    let shown = event
        .iter()
        .filter(|(name, _)| !["file", "line", "target", "trace_id"].contains(&name.as_str()));
    let fields: Vec<_> = shown
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    fields.join(" ")
}

forms!(TOLD, "told", |script| { failure_threshold = 1, recovery_timeout = "10s" });
forms!(TOLD_BY_KEY, "told-by-key", |script| { failure_threshold = 1, key = script.key() });
forms!(TOLD_RATE, "told-rate", |script| {
    failure_rate = 0.5, window = 2, slow_call = "1s", slow_call_rate = 1.0
});

fn changes(events: &[Event]) -> Vec<String> {
    let changes = events.iter().filter(|event| event.contains_key("cause"));
    changes.map(told).collect()
}

#[tokio::test(start_paused = true)]
async fn changes_of_state() {
    let capture = Capture::begin();
    for (form, call) in TOLD.all() {
        let player = Player::new(TOLD.breaker, form, call);
        player.play("F +10000 F +10000 S").await;
        let opened = "breaker=told cause=failure_threshold from=closed level=WARN \
                      message=breaker opened retry_in_ms=10000.0 to=open";
        let probed = "breaker=told cause=recovery from=open level=INFO \
                      message=breaker half-open to=half_open";
        let reopened = "breaker=told cause=probe_failed from=half_open level=WARN \
                        message=breaker reopened retry_in_ms=10000.0 to=open";
        let closed = "breaker=told cause=probes_succeeded from=half_open level=INFO \
                      message=breaker closed to=closed";
        let all = [opened, probed, reopened, probed, closed];
        assert_eq!(changes(&capture.take()), all, "{form}");
        player.script.breaker().force_open();
        let by_hand = "breaker=told cause=manual from=closed level=INFO \
                       message=breaker set by hand to=forced_open";
        assert_eq!(changes(&capture.take()), [by_hand], "{form}");
    }
    for (table, cause) in [("F F", "failure_rate"), ("S~1000 S~1000", "slow_call_rate")] {
        for (form, call) in TOLD_RATE.all() {
            let player = Player::new(TOLD_RATE.breaker, form, call);
            player.play(table).await;
            let opened = format!(
                "breaker=told-rate cause={cause} from=closed level=WARN \
                 message=breaker opened retry_in_ms=60000.0 to=open"
            );
            assert_eq!(changes(&capture.take()), [opened], "{form}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_told_of_success() {
    let capture = Capture::begin();
    for forms in [&TOLD, &TOLD_RATE, &TOLD_BY_KEY] {
        forms.play("@key S S S").await;
    }
    assert_eq!(capture.take(), []);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_rejected_at_once_is_told_quietly() {
    let capture = Capture::begin();
    for (form, call) in TOLD.all() {
        let player = Player::new(TOLD.breaker, form, call);
        player.play("F +4000").await;
        capture.take();
        player.play("R").await;
        let events = capture.take();
        let [rejected] = &events[..] else {
            panic!("{form}: {events:?}")
        };
        let operation = format!("breaker::telling::{}", form.replace(' ', "_"));
        let fields = format!(
            "attempts=0 breaker=told level=DEBUG message=rejected operation={operation} \
             retry_in_ms=6000.0 state=open"
        );
        assert_eq!(told(rejected), fields, "{form}");
        assert_eq!(rejected["trace_id"].len(), 32);
        assert!(
            rejected["file"].ends_with("telling.rs"),
            "{form}: {}",
            rejected["file"]
        );
    }
}

const SECRET: &str = "hunter2secret";

#[tokio::test(start_paused = true)]
async fn keys_are_filtered() {
    let capture = Capture::begin();
    for (form, call) in TOLD_BY_KEY.all() {
        let player = Player::new(TOLD_BY_KEY.breaker, form, call);
        player.play(&format!("@eu,password={SECRET} F R")).await;
        let events = capture.take();
        let keys = events.iter().filter_map(|event| event.get("key"));
        assert!(keys.eq(["eu,password=[REDACTED]"; 2]), "{form}: {events:?}");
        assert!(
            !format!("{events:?}").contains(SECRET),
            "{form}: {events:?}"
        );
        let seen = player.script.snapshot();
        assert_eq!(seen.key.unwrap().as_str(), "eu,password=[REDACTED]");
    }
}

#[circuit_breaker(name = "given-up", failure_threshold = 2)]
#[wait_or_die(name = "push", max_retries = 7, initial_wait = "1s", jitter = none)]
async fn push() -> Out {
    Err(Failure::Lost)
}

#[wait_or_die(name = "push", max_retries = 7, initial_wait = "1s", jitter = none)]
#[circuit_breaker(name = "given-up", failure_threshold = 2)]
fn push_now() -> Out {
    Err(Failure::Lost)
}

#[tokio::test(start_paused = true)]
async fn giving_up_says_that_it_was_the_breaker() {
    for plain in [false, true] {
        let capture = Capture::begin();
        let _scope = testing::scope(1);
        let error = if plain { push_now() } else { push().await }.unwrap_err();
        let events = capture.take();
        let told: Vec<_> = events.iter().map(told).collect();
        let failure = "level=WARN message=retrying operation=push time_left_ms=300000.0 verdict=transient wait_ms=1000.0";
        let opened = "breaker=given-up cause=failure_threshold from=closed level=WARN \
                      message=breaker opened retry_in_ms=60000.0 to=open";
        let gave_up = "level=ERROR message=gave up operation=push reason=breaker_open retry_in_ms=60000.0 \
                       state=open time_left_ms=299000.0 verdict=transient";
        let own = "error=lost error_type=breaker::forms::Failure";
        assert_eq!(
            told,
            [
                format!("attempt=1 attempts_allowed=8 elapsed_ms=0.0 {own} {failure}"),
                opened.to_owned(),
                format!(
                    "attempt=2 attempts_allowed=8 breaker=given-up elapsed_ms=1000.0 {own} {gave_up}"
                ),
            ],
            "plain: {plain}"
        );
        // All of one call, and of the error that it died of.
        let Failure::Dead(error) = error else {
            panic!("{error}")
        };
        let trace = error.trace_id().unwrap().to_string();
        assert_eq!(
            [&events[0]["trace_id"], &events[2]["trace_id"]],
            [&trace; 2]
        );
        assert_eq!(error.attempts(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_somebody_else_opened_meanwhile_is_told_as_the_end() {
    let capture = Capture::begin();
    let _scope = testing::scope(1);
    let other = async {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        wait_or_die::Breaker::find("given-up").unwrap().force_open();
    };
    let (out, ()) = tokio::join!(push(), other);
    assert!(matches!(out, Err(Failure::Dead(_))), "{out:?}");
    let events = capture.take();
    let last = told(events.last().unwrap());
    assert_eq!(
        last,
        "attempts=1 breaker=given-up elapsed_ms=1000.0 error=lost level=ERROR message=gave up \
         operation=push reason=breaker_open state=forced_open"
    );
    assert_eq!(events.len(), 3);
}
