//! Verdicts on errors that reqwest really gives, from a server on loopback that misbehaves.

mod loopback;

use std::error::Error as StdError;
use std::future::{pending, ready};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use loopback::{Deed, serve};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, ClientBuilder, Method, Request, redirect};
use wait_or_die::Verdict::{self, Fault, Permanent, Throttled, Transient};
use wait_or_die::classify::{chain, http::Exchange};
use wait_or_die::{Breaker, BreakerPolicy, Classify};

fn client() -> ClientBuilder {
    // Built together with programs that use TLS, reqwest asks for it without need too; where there is one, it stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy()
}

/// The verdicts on an error of a `GET`, of a `POST`, and of nobody knows what.
fn verdicts(error: &reqwest::Error) -> [Verdict; 3] {
    [
        Exchange::new(&Method::GET).error(error),
        Exchange::new(&Method::POST).error(error),
        error.classify(),
    ]
}

const UNSENT: [Verdict; 3] = [Transient; 3];
const PERHAPS_DONE: [Verdict; 3] = [Transient, Fault, Fault];
const ANSWERED: [Verdict; 3] = [Permanent; 3];

/// The error that reading the whole response as text ends in.
async fn read(client: &Client, url: &str) -> reqwest::Error {
    let answer = async {
        client
            .get(url)
            .send()
            .await?
            .error_for_status()?
            .text()
            .await
    };
    answer.await.unwrap_err()
}

async fn read_from(deed: Deed) -> reqwest::Error {
    let url = serve(deed).await;
    read(&client().build().unwrap(), &url).await
}

#[tokio::test]
async fn a_connection_that_is_refused_did_nothing() {
    let (_kept, url) = loopback::refusing();
    let error = read(&client().build().unwrap(), &url).await;
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(verdicts(&error), UNSENT);
}

#[derive(Debug, thiserror::Error)]
#[error("outer")]
struct Outer(#[source] Box<dyn StdError + Send + Sync>);

/// Resolves no name, but fails with an error or hangs.
struct Resolver(Option<fn() -> Box<dyn StdError + Send + Sync>>);

impl Resolve for Resolver {
    fn resolve(&self, _: Name) -> Resolving {
        match self.0 {
            Some(error) => Box::pin(ready(Err::<Addrs, _>(Outer(error()).into()))),
            None => Box::pin(pending()),
        }
    }
}

async fn unresolved(error: fn() -> Box<dyn StdError + Send + Sync>) -> reqwest::Error {
    let client = client().dns_resolver(Arc::new(Resolver(Some(error))));
    read(&client.build().unwrap(), "http://service.example/").await
}

#[tokio::test]
async fn what_fails_before_there_is_a_connection_did_nothing() {
    let error = unresolved(|| "no such host".into()).await;
    assert!(error.is_connect() && error.is_dns(), "{error:?}");
    assert_eq!(verdicts(&error), UNSENT);
    // As from a firewall: permanent as an error of input and output, but here the network's.
    let error = unresolved(|| io::Error::from(io::ErrorKind::PermissionDenied).into()).await;
    assert_eq!(verdicts(&error), UNSENT);
}

#[tokio::test]
async fn a_handshake_that_is_refused_is_a_fault() {
    // How a certificate arrives that rustls does not accept.
    let error = unresolved(|| {
        let refused = io::Error::new(io::ErrorKind::InvalidData, "invalid peer certificate");
        io::Error::other(refused).into()
    })
    .await;
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(verdicts(&error), [Fault, Fault, Fault]);
}

#[tokio::test]
async fn a_connection_that_takes_too_long_did_nothing() {
    let client = client()
        .dns_resolver(Arc::new(Resolver(None)))
        .connect_timeout(Duration::from_millis(20));
    let error = read(&client.build().unwrap(), "http://service.example/").await;
    assert!(error.is_connect() && error.is_timeout(), "{error:?}");
    assert_eq!(verdicts(&error), UNSENT);
}

#[tokio::test]
async fn a_timeout_after_that_may_have_been_carried_out() {
    let url = serve(Deed::Hang).await;
    let client = client().timeout(Duration::from_millis(50));
    let error = read(&client.build().unwrap(), &url).await;
    assert!(error.is_timeout() && !error.is_connect(), "{error:?}");
    assert_eq!(verdicts(&error), PERHAPS_DONE);
}

#[tokio::test]
async fn a_timeout_in_the_middle_of_the_body_may_have_been_carried_out() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf";
    let url = serve(Deed::AnswerAndHang(head)).await;
    let client = client().read_timeout(Duration::from_millis(50));
    let error = read(&client.build().unwrap(), &url).await;
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(verdicts(&error), PERHAPS_DONE);
}

#[tokio::test]
async fn a_connection_that_is_lost_may_have_been_carried_out() {
    for deed in [
        Deed::Close,
        Deed::Reset,
        Deed::Answer("HTTP/1.1 200 OK\r\n"),
        Deed::Answer("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"),
        Deed::Answer("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nha"),
        Deed::Answer("220 smtp.example ESMTP\r\n\r\n"),
    ] {
        let error = read_from(deed).await;
        assert_eq!(verdicts(&error), PERHAPS_DONE, "{deed:?} {error:?}");
    }
}

#[tokio::test]
async fn a_body_that_makes_no_sense_is_an_answer() {
    let url = serve(Deed::Answer(
        "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n{\"id\": 4",
    ))
    .await;
    let client = client().build().unwrap();
    let answer = client.get(url).send().await.unwrap();
    let error = answer.json::<serde_json::Value>().await.unwrap_err();
    assert!(error.is_decode(), "{error:?}");
    assert_eq!(verdicts(&error), ANSWERED);
}

#[tokio::test]
async fn a_json_body_that_breaks_off_is_no_answer() {
    let url = serve(Deed::Answer(
        "HTTP/1.1 200 OK\r\ncontent-length: 80\r\n\r\n{\"id\": 4",
    ))
    .await;
    let client = client().build().unwrap();
    let answer = client.get(url).send().await.unwrap();
    let error = answer.json::<serde_json::Value>().await.unwrap_err();
    assert!(error.is_decode(), "reqwest calls it so too: {error:?}");
    assert_eq!(verdicts(&error), PERHAPS_DONE);
}

#[tokio::test]
async fn a_redirect_loop_is_permanent() {
    let error = read_from(Deed::Answer(
        "HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    ))
    .await;
    assert!(error.is_redirect(), "{error:?}");
    assert_eq!(verdicts(&error), ANSWERED);
}

/// Answers `POST` with a redirect and whatever follows it with a 429; counts the `POST`s.
async fn redirecting(status: u16, location: String) -> (String, Arc<AtomicUsize>) {
    use tokio::io::AsyncWriteExt as _;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/orders", listener.local_addr().unwrap());
    let posts = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&posts);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let rest = "content-length: 0\r\nconnection: close\r\n\r\n";
            let head = loopback::read_head(&mut stream).await;
            let answer = if head.starts_with(b"POST ") {
                counter.fetch_add(1, Ordering::Relaxed);
                format!("HTTP/1.1 {status} Elsewhere\r\nlocation: {location}\r\n{rest}")
            } else {
                format!("HTTP/1.1 429 Busy\r\nretry-after: 1\r\n{rest}")
            };
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url, posts)
}

/// A `POST`, and what its exchange is.
fn order(client: &Client, url: &str) -> (Request, Exchange) {
    let request = client.post(url).body("{}").build().unwrap();
    let exchange = Exchange::from(&request);
    (request, exchange)
}

#[tokio::test]
async fn a_client_that_follows_no_redirects_takes_one_for_an_answer() {
    let (_kept, refusing) = loopback::refusing();
    let client = client().redirect(redirect::Policy::none()).build().unwrap();
    for status in [301, 302, 303] {
        for location in [refusing.as_str(), "/orders/1"] {
            let (url, posts) = redirecting(status, location.to_owned()).await;
            let (request, exchange) = order(&client, &url);
            let answer = client.execute(request).await.unwrap();
            let verdict = exchange.response(answer.status(), answer.headers());
            assert_eq!((verdict, posts.load(Ordering::Relaxed)), (Permanent, 1));
        }
    }
}

#[tokio::test]
async fn what_is_said_behind_a_redirect_does_not_undo_the_request_before_it() {
    let client = client().build().unwrap();
    for status in [301, 302, 303] {
        let (url, posts) = redirecting(status, "/orders/1".to_owned()).await;
        let (request, exchange) = order(&client, &url);
        let asked = request.url().clone();
        let answer = client.execute(request).await.unwrap();
        assert_eq!(answer.status(), 429);
        let (status, headers) = (answer.status(), answer.headers().clone());
        let seen = exchange.answered_by(&asked, answer.url());
        assert_eq!(seen.response(status, &headers), Fault);
        let in_use = "idempotency_key_in_use";
        assert_eq!(seen.response_with_code(status, &headers, in_use), Fault);
        let mut wanted = headers.clone();
        wanted.insert("x-should-retry", http::HeaderValue::from_static("true"));
        assert_eq!(seen.response(status, &wanted), Fault);
        let error = answer.error_for_status().unwrap_err();
        assert_eq!(
            exchange
                .answered_by(&asked, error.url().unwrap())
                .error(&error),
            Fault
        );
        let second = Throttled(Some(Duration::from_secs(1)));
        let keyed = seen.with_idempotency_key();
        assert_eq!(keyed.response(status, &headers), second);
        assert_eq!(posts.load(Ordering::Relaxed), 1);
    }
}

/// Why the client of the documentation follows no redirects: nobody can tell this from a `POST` that was never sent.
#[tokio::test]
async fn a_connection_refused_behind_a_redirect_has_the_first_address() {
    let (_kept, refusing) = loopback::refusing();
    let (url, posts) = redirecting(303, refusing).await;
    let client = client().build().unwrap();
    let (request, _) = order(&client, &url);
    let error = client.execute(request).await.unwrap_err();
    assert!(error.is_connect() && posts.load(Ordering::Relaxed) == 1);
    assert_eq!(error.url().unwrap().as_str(), url);
}

#[test]
fn an_address_is_the_same_as_far_as_it_is_sent() {
    let url = |text: &str| reqwest::Url::parse(text).unwrap();
    let post = Exchange::new(&Method::POST);
    let asked = url("http://anna:word@service.example/orders?a=1#here");
    let sent = url("http://service.example/orders?a=1");
    assert_eq!(post.answered_by(&asked, &sent), post);
    for other in [
        "http://service.example/orders",
        "https://service.example/orders?a=1",
    ] {
        let followed = post.answered_by(&asked, &url(other));
        assert_ne!(followed, post);
        assert_eq!(
            followed.answered_by(&asked, &sent),
            followed,
            "it stays seen"
        );
    }
}

#[tokio::test]
async fn a_request_that_cannot_be_built_is_permanent() {
    for url in ["no url", "gopher://service.example/"] {
        let error = read(&client().build().unwrap(), url).await;
        assert!(error.is_builder(), "{error:?}");
        assert_eq!(verdicts(&error), ANSWERED);
    }
}

#[tokio::test]
async fn a_status_is_judged_as_such() {
    for (answer, expected) in [
        (
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
            ANSWERED,
        ),
        (
            "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\nretry-after: 9\r\n\r\n",
            [Throttled(None); 3],
        ),
        (
            "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n",
            PERHAPS_DONE,
        ),
    ] {
        let error = read_from(Deed::Answer(answer)).await;
        assert!(error.is_status(), "{error:?}");
        assert_eq!(verdicts(&error), expected, "{answer}");
    }
}

/// A body to be sent, of which nothing comes but an error.
struct Broken;

impl http_body::Body for Broken {
    type Data = bytes::Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<http_body::Frame<Self::Data>>>> {
        Poll::Ready(Some(Err(io::ErrorKind::StorageFull.into())))
    }
}

#[tokio::test]
async fn a_body_of_ones_own_that_fails_is_permanent() {
    let url = serve(Deed::Hang).await;
    let client = client().build().unwrap();
    let request = client.post(url).body(reqwest::Body::wrap(Broken));
    let error = request.send().await.unwrap_err();
    assert_eq!(verdicts(&error), ANSWERED, "{error:?}");
}

#[tokio::test]
async fn what_an_open_breaker_rejected_inside_is_not_tried_again() {
    let error = unresolved(|| {
        let breaker = Breaker::new("reqwest.dns", BreakerPolicy::DEFAULT).unwrap();
        breaker.force_open();
        Box::new(breaker.acquire().unwrap_err())
    })
    .await;
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(verdicts(&error), [Verdict::Ignore; 3]);
}

#[tokio::test]
async fn in_a_chain_the_request_counts_for_more_than_the_socket() {
    let reset = read_from(Deed::Reset).await;
    let kind = |error: &(dyn StdError + 'static)| {
        let mut links = std::iter::successors(Some(error), |link: &&(dyn StdError + 'static)| {
            (*link).source()
        });
        links.find_map(|link| link.downcast_ref::<io::Error>().map(io::Error::kind))
    };
    assert_eq!(kind(&reset), Some(io::ErrorKind::ConnectionReset));
    assert_eq!(chain(&Outer(Box::new(reset))), Some(Fault));

    let (_kept, url) = loopback::refusing();
    let refused = read(&client().build().unwrap(), &url).await;
    let refused = anyhow::Error::new(refused).context("while reading the page");
    assert_eq!(refused.classify(), Transient);
}

#[test]
fn a_request_of_reqwest_says_whether_it_may_be_repeated() {
    let request = |method: Method| {
        let url = reqwest::Url::parse("http://service.example/").unwrap();
        Request::new(method, url)
    };
    assert_eq!(
        Exchange::from(&request(Method::PUT)),
        Exchange::idempotent()
    );
    let mut post = request(Method::POST);
    assert_eq!(Exchange::from(&post), Exchange::new(&Method::POST));
    let key = reqwest::header::HeaderValue::from_static("order-57");
    post.headers_mut().insert("idempotency-key", key);
    assert_eq!(Exchange::from(&post), Exchange::idempotent());
}
