//! What each step does on the wire, read without an HTTP library.

mod bodies;
mod heads;
mod lifetime;
mod meeting;
mod resets;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::any;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wait_or_die_example_faults::{Plan, Server, Step};

/// What the application answers: 16 bytes.
const ANSWER: &str = r#"{"answer":"yes"}"#;

const GET: &str = "GET /asked HTTP/1.1\r\nhost: faults\r\n\r\n";
const POST: &str = "POST /asked HTTP/1.1\r\nhost: faults\r\ncontent-length: 4\r\n\r\nbody";

/// The date of the examples in RFC 9110, section 5.6.7.
const EXAMPLE: Duration = Duration::from_secs(784_111_777);
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// An application that counts how often it has worked.
#[derive(Clone, Default)]
struct Work(Arc<AtomicUsize>);

impl Work {
    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn application(&self) -> Router {
        let done = Arc::clone(&self.0);
        let work = move || {
            done.fetch_add(1, Ordering::Relaxed);
            async { ([(CONTENT_TYPE, "application/json")], ANSWER) }
        };
        Router::new().route("/asked", any(work))
    }
}

/// A server in memory whose clock starts at the date of the RFC's examples.
fn in_memory(steps: impl IntoIterator<Item = Step>) -> (Server, Work) {
    let work = Work::default();
    let plan = Plan::of(steps).with_date(SystemTime::UNIX_EPOCH + EXAMPLE);
    (Server::in_memory(work.application(), plan), work)
}

async fn on_socket(plan: Plan) -> (Server, Work) {
    let work = Work::default();
    let server = Server::start(work.application(), plan).await.unwrap();
    (server, work)
}

fn address(server: &Server) -> String {
    server.url().strip_prefix("http://").unwrap().to_owned()
}

async fn socket(server: &Server) -> TcpStream {
    TcpStream::connect(address(server)).await.unwrap()
}

/// Sends the request and reads until the connection ends.
async fn exchange(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    request: &str,
) -> io::Result<String> {
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8(answer).unwrap())
}

/// A request after which hyper closes the connection.
fn last(request: &str) -> String {
    request.replacen("\r\n", "\r\nconnection: close\r\n", 1)
}

/// Reads a head, up to and with the empty line.
async fn head(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8(head).unwrap())
}
