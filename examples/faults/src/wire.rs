//! What a connection runs over.

use tokio::io::{AsyncRead, AsyncWrite, DuplexStream};
use tokio::net::TcpStream;

/// A byte stream to a client, which can be cut off.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    /// Ends the connection without a farewell; what is still on its way may be lost.
    fn reset(self);
}

impl Wire for TcpStream {
    fn reset(self) {
        // Without the option the kernel says farewell (FIN) instead of RST: still an end before the answer, which is what
        // there is to do about an error here.
        let _ = self.set_zero_linger();
    }
}

/// In memory there is no reset: the client reads the end of the stream.
impl Wire for DuplexStream {
    fn reset(self) {}
}
