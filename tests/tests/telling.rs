//! What is told of a call, and what is not.

use std::io;

use wait_or_die::{testing, wait_or_die};
use wait_or_die_tests::events::{Capture, Event};

const SECRET: &str = "hunter2secret";

fn refused() -> io::Error {
    io::Error::new(
        io::ErrorKind::ConnectionRefused,
        format!("refused, password={SECRET}"),
    )
}

struct Order {
    ticket: u64,
    symbol: String,
    login: String,
    password: String,
}

#[allow(clippy::cast_lossless)] // a cast is one of the expressions that `fields(..)` takes
#[wait_or_die(
    timeout = "30s",
    max_retries = 2,
    strategy = fixed,
    jitter = none,
    name = "orders.send",
    fields(
        ticket = order.ticket,
        symbol = order.symbol,
        login = order.login,
        password = order.password,
        note,
        kind = %error_kind(),
        next = order.ticket + 1,
        wide = *failures as u64,
        first = *failures == 0,
        size = if note.is_some() { 2 } else { 1 },
        shown = %order.ticket * 2
    )
)]
async fn send(order: &Order, note: Option<u32>, failures: &mut u32) -> io::Result<()> {
    if *failures == 0 {
        return Ok(());
    }
    *failures -= 1;
    Err(refused())
}

fn error_kind() -> &'static str {
    "password=hunter2secret"
}

fn order() -> Order {
    Order {
        ticket: 4711,
        symbol: "EURUSD".to_owned(),
        login: format!("user=svc password={SECRET}"),
        password: format!("{SECRET} of two words"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_first_attempt_that_succeeds_tells_nothing() {
    let capture = Capture::begin();
    send(&order(), None, &mut 0).await.unwrap();
    assert_eq!(capture.events(), []);
}

#[tokio::test(start_paused = true)]
async fn a_retry_and_a_recovery_are_told_under_one_trace_id() {
    let capture = Capture::begin();
    let _scope = testing::scope(3);
    send(&order(), Some(5), &mut 1).await.unwrap();
    let [retry, recovered] = &capture.events()[..] else {
        panic!("two events")
    };
    let of = |event: &Event, field: &str| event.get(field).cloned().unwrap_or_default();
    assert_eq!(of(retry, "message"), "retrying");
    assert_eq!(of(retry, "level"), "WARN");
    assert_eq!(of(retry, "target"), "wait_or_die");
    assert_eq!(of(retry, "operation"), "orders.send");
    assert_eq!(of(retry, "attempt"), "1");
    assert_eq!(of(retry, "attempts_allowed"), "3");
    assert_eq!(of(retry, "verdict"), "transient");
    assert_eq!(of(retry, "wait_ms"), "1000.0");
    assert_eq!(of(retry, "elapsed_ms"), "0.0");
    assert_eq!(of(retry, "time_left_ms"), "30000.0");
    assert_eq!(of(retry, "error_type"), "std::io::error::Error");
    assert_eq!(of(retry, "error"), "refused, password=[REDACTED]");
    assert_eq!(
        of(retry, "fields"),
        "ticket=4711 symbol=EURUSD login=user=svc password=[REDACTED] password=[REDACTED] note=5 \
         kind=password=[REDACTED] next=4712 wide=0 first=true size=2 shown=9422"
    );
    assert!(of(retry, "file").ends_with("telling.rs"));
    assert_eq!(of(recovered, "message"), "recovered");
    assert_eq!(of(recovered, "level"), "INFO");
    assert_eq!(of(recovered, "attempts"), "2");
    assert_eq!(of(recovered, "elapsed_ms"), "1000.0");
    let trace = of(retry, "trace_id");
    assert_eq!(trace.len(), 32);
    assert_eq!(of(recovered, "trace_id"), trace);
}

#[tokio::test(start_paused = true)]
async fn giving_up_says_which_bound_it_was() {
    #[wait_or_die(timeout = "3s", strategy = fixed, jitter = none)]
    async fn overrun() -> io::Result<()> {
        Err(refused())
    }
    // No retry is left either; what cut it off is told.
    #[wait_or_die(timeout = "3s", max_retries = 0)]
    async fn hangs() -> io::Result<()> {
        std::future::pending().await
    }
    #[wait_or_die]
    async fn permanent() -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }
    #[wait_or_die(max_retries = 1000, initial_wait = 0, max_wait = 0)]
    async fn storm() -> io::Result<()> {
        Err(refused())
    }
    let capture = Capture::begin();
    send(&order(), None, &mut 9).await.unwrap_err();
    overrun().await.unwrap_err();
    let cut = hangs().await.unwrap_err();
    permanent().await.unwrap_err();
    storm().await.unwrap_err();
    let gave_up: Vec<_> = capture
        .events()
        .into_iter()
        .filter(|event| event["message"] == "gave up")
        .collect();
    let reasons: Vec<_> = gave_up
        .iter()
        .map(|event| (event["reason"].as_str(), event["attempt"].as_str()))
        .collect();
    assert_eq!(
        reasons,
        [
            ("retries", "3"),
            ("timeout", "3"),
            ("timeout", "1"),
            ("not_retryable", "1"),
            ("budget", "31")
        ]
    );
    assert!(gave_up.iter().all(|event| event["level"] == "ERROR"));
    let told: &wait_or_die::Error = cut.get_ref().unwrap().downcast_ref().unwrap();
    assert_eq!(told.trace_id().unwrap().to_string(), gave_up[2]["trace_id"]);
}

#[tokio::test(start_paused = true)]
async fn no_secret_of_an_error_or_argument_is_told() {
    let capture = Capture::begin();
    send(&order(), None, &mut 9).await.unwrap_err();
    let all = format!("{:?}", capture.events());
    assert_eq!(capture.events().len(), 3);
    assert!(!all.contains(SECRET), "{all}");
}

#[test]
fn the_default_name_is_the_module_path_and_the_function() {
    #[wait_or_die(max_retries = 0)]
    fn lonely() -> io::Result<()> {
        Err(refused())
    }
    let capture = Capture::begin();
    lonely().unwrap_err();
    assert_eq!(capture.events()[0]["operation"], "telling::lonely");
}

#[tokio::test(start_paused = true)]
async fn retries_inside_retries_are_told_once() {
    #[wait_or_die(max_retries = 2, jitter = none, name = "inner")]
    async fn inner() -> io::Result<()> {
        Err(refused())
    }
    #[wait_or_die(timeout = "40s", max_retries = 2, jitter = none)]
    async fn outer() -> io::Result<()> {
        inner().await
    }
    let capture = Capture::begin();
    outer().await.unwrap_err();
    outer().await.unwrap_err();
    let nested: Vec<_> = capture
        .events()
        .into_iter()
        .filter(|event| event["message"] == "retries inside another call's attempt")
        .collect();
    let [event] = &nested[..] else {
        panic!("once per site: {nested:?}")
    };
    assert_eq!(event["operation"], "inner");
    assert_eq!(event["time_allowed_ms"], "40000.0");
    assert_eq!(event["level"], "WARN");
}
