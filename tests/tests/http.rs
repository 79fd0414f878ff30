//! What a server says of sending a request again, obeyed by annotated calls. Every figure is exact, under a paused clock.

use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, Method, Response, StatusCode};
use wait_or_die::breaker::State;
use wait_or_die::classify::http::Exchange;
use wait_or_die::{Breaker, Classify, Verdict, circuit_breaker, testing, wait_or_die};
use wait_or_die_tests::Starts;

/// An error that was judged where the response was at hand.
#[derive(Debug, thiserror::Error, Classify)]
enum ApiError {
    #[error("{status}")]
    #[classify(source = verdict)]
    Status {
        status: StatusCode,
        verdict: Verdict,
    },
    #[error(transparent)]
    #[classify(source)]
    WaitOrDie(#[from] wait_or_die::Error),
}

impl ApiError {
    fn new(method: &Method, response: &Response<()>) -> Self {
        let exchange = Exchange::new(method);
        Self::Status {
            status: response.status(),
            verdict: exchange.response(response.status(), response.headers()),
        }
    }

    fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Status { status, .. } => Some(*status),
            Self::WaitOrDie(_) => None,
        }
    }
}

type Answer = (u16, &'static [(&'static str, &'static str)]);

/// A server that gives one answer after the other, and the last one for ever.
struct Server {
    answers: &'static [Answer],
    starts: Starts,
}

impl Server {
    fn new(answers: &'static [Answer]) -> Self {
        Self {
            answers,
            starts: Starts::new(),
        }
    }

    fn ask(&mut self, method: &Method) -> Result<StatusCode, ApiError> {
        let last = self.answers.len() - 1;
        let (status, headers) = self.answers[self.starts.at.len().min(last)];
        self.starts.mark();
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        let response = response.body(()).unwrap();
        if response.status().is_success() {
            return Ok(response.status());
        }
        Err(ApiError::new(method, &response))
    }
}

#[wait_or_die(
    timeout = "300s",
    initial_wait = "1s",
    max_wait = "60s",
    jitter = none,
    budget = none
)]
async fn call(method: &Method, server: &mut Server) -> Result<StatusCode, ApiError> {
    server.ask(method)
}

#[tokio::test(start_paused = true)]
async fn waits_obey_the_server_in_each_of_its_forms() {
    let scope = testing::scope(1);
    scope.set_wall_clock(UNIX_EPOCH + Duration::from_secs(1_792_567_680));
    let mut server = Server::new(&[
        (429, &[("retry-after", "90")]), // beyond `max_wait`
        (
            503,
            &[
                ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
                ("retry-after", "Sunday, 06-Nov-94 08:50:07 GMT"),
            ],
        ),
        (500, &[("retry-after-ms", "250"), ("retry-after", "70")]),
        // 07:30:10.25 by the wall clock, and no date of its own.
        (529, &[("retry-after", "Wed Oct 21 07:30:20 2026")]),
        (200, &[]),
    ]);
    let status = call(&Method::GET, &mut server).await.unwrap();
    assert_eq!(status, 200);
    // Each wait is the server's delay and `initial_wait`.
    assert_eq!(
        server.starts.at,
        [0, 91_000, 122_000, 123_250, 140_000 + 1000]
    );
}

#[tokio::test(start_paused = true)]
async fn a_delay_beyond_the_time_left_ends_the_call_at_once() {
    for delay in ["299", "300", "3600", "31536000", "99999999999999999999"] {
        let answers: &'static [Answer] = match delay {
            "299" => &[(429, &[("retry-after", "299")])],
            "300" => &[(429, &[("retry-after", "300")])],
            "3600" => &[(503, &[("retry-after", "3600")])],
            "31536000" => &[(529, &[("retry-after", "31536000")])],
            _ => &[(429, &[("retry-after", "99999999999999999999")])],
        };
        let mut server = Server::new(answers);
        let error = call(&Method::GET, &mut server).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), answers[0].0, "{delay}");
        assert_eq!(server.starts.at, [0], "{delay}");
        assert_eq!(server.starts.elapsed(), 0, "{delay}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_delay_that_still_fits_is_waited_for() {
    let mut server = Server::new(&[(429, &[("retry-after", "298")]), (200, &[])]);
    assert!(call(&Method::POST, &mut server).await.is_ok());
    assert_eq!(server.starts.at, [0, 299_000]);
}

#[tokio::test(start_paused = true)]
async fn a_delay_of_zero_leaves_the_waits_of_the_policy_as_they_are() {
    let mut server = Server::new(&[
        (429, &[("retry-after", "0")]),
        (429, &[("retry-after", "0")]),
        (429, &[("retry-after", "-5")]),
        (429, &[("retry-after-ms", "0")]),
        (200, &[]),
    ]);
    assert!(call(&Method::GET, &mut server).await.is_ok());
    assert_eq!(server.starts.at, [0, 1000, 3000, 7000, 15_000]);
}

#[circuit_breaker(name = "http.pages", failure_threshold = 2)]
#[wait_or_die(timeout = "300s", max_retries = 3, jitter = none)]
async fn guarded(method: &Method, server: &mut Server) -> Result<StatusCode, ApiError> {
    server.ask(method)
}

#[tokio::test(start_paused = true)]
async fn what_may_have_been_carried_out_is_sent_once_and_is_the_breakers_failure() {
    let _scope = testing::scope(1);
    for state in [State::Closed, State::Open] {
        let mut server = Server::new(&[(500, &[]), (200, &[])]);
        let error = guarded(&Method::POST, &mut server).await.unwrap_err();
        assert_eq!(error.status(), Some(StatusCode::INTERNAL_SERVER_ERROR));
        assert_eq!(server.starts.at, [0]);
        assert_eq!(Breaker::find("http.pages").unwrap().state(), state);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_is_sent_again_and_is_no_failure() {
    let _scope = testing::scope(1);
    let mut server = Server::new(&[(429, &[]), (529, &[]), (425, &[]), (201, &[])]);
    let status = guarded(&Method::POST, &mut server).await.unwrap();
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(server.starts.at, [0, 1000, 3000, 7000]);
    let breaker = Breaker::find("http.pages").unwrap();
    assert_eq!(breaker.state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn the_servers_word_sends_a_post_again() {
    let mut server = Server::new(&[
        (500, &[("x-should-retry", "true"), ("retry-after", "5")]),
        (409, &[("x-should-retry", "true")]),
        (503, &[("x-should-retry", "false"), ("retry-after", "5")]),
    ]);
    let error = call(&Method::POST, &mut server).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(server.starts.at, [0, 6000, 8000]);
}

#[wait_or_die(timeout = "300s", attempt_timeout = "10s", jitter = none, abort_on(ApiError::WaitOrDie(_)))]
async fn hangs(starts: &mut Starts) -> Result<(), ApiError> {
    starts.mark();
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_is_cut_off_is_not_repeated_where_abort_on_says_so() {
    let mut starts = Starts::new();
    let error = hangs(&mut starts).await.unwrap_err();
    assert!(matches!(&error, ApiError::WaitOrDie(error) if error.in_flight()));
    assert_eq!((starts.at.clone(), starts.elapsed()), (vec![0], 10_000));
}

#[test]
fn a_quota_that_is_gone_is_not_asked_again() {
    let verdict = |code| {
        Exchange::new(&Method::POST).response_with_code(
            StatusCode::TOO_MANY_REQUESTS,
            &HeaderMap::new(),
            code,
        )
    };
    assert_eq!(verdict("insufficient_quota"), Verdict::Permanent);
    assert_eq!(verdict("rate_limit_exceeded"), Verdict::Throttled(None));
}
