//! A server on loopback that does one thing to every connection.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// What is done to a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Deed {
    /// The request is read, and nothing follows.
    Hang,
    /// The request is read, and the connection closed.
    Close,
    /// The connection is reset with the request unread.
    Reset,
    /// The request is read and this is answered, then the connection closed.
    Answer(&'static str),
    /// The request is read and this is answered, and nothing follows.
    AnswerAndHang(&'static str),
}

/// Starts a server on the runtime, and gives its address. It ends with the runtime.
pub(crate) async fn serve(deed: Deed) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(treat(stream, deed));
        }
    });
    url
}

/// An address at which nobody listens, nor will while the socket is kept.
pub(crate) fn refusing() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let url = format!("http://{}/", socket.local_addr().unwrap());
    (socket, url)
}

async fn treat(mut stream: TcpStream, deed: Deed) {
    if matches!(deed, Deed::Reset) {
        // Closing with something unread is what makes a reset.
        stream.peek(&mut [0]).await.unwrap();
        return;
    }
    read_head(&mut stream).await;
    if let Deed::Answer(answer) | Deed::AnswerAndHang(answer) = deed {
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
    if matches!(deed, Deed::Hang | Deed::AnswerAndHang(_)) {
        std::future::pending::<()>().await;
    }
}

/// Until the empty line, or the end.
pub(crate) async fn read_head(stream: &mut TcpStream) -> Vec<u8> {
    let mut head = Vec::new();
    let mut some = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut some).await {
            Ok(0) | Err(_) => return head,
            Ok(read) => head.extend_from_slice(&some[..read]),
        }
    }
    head
}
