//! Verdicts on `std::io`.

use std::io::{Error, ErrorKind};

use super::{Classify, Verdict, chain};

/// By the table at [`Verdict`].
impl Classify for ErrorKind {
    fn classify(&self) -> Verdict {
        match self {
            Self::ConnectionRefused
            | Self::ConnectionReset
            | Self::ConnectionAborted
            | Self::NotConnected
            | Self::BrokenPipe
            | Self::UnexpectedEof
            | Self::HostUnreachable
            | Self::NetworkUnreachable
            | Self::NetworkDown
            | Self::AddrNotAvailable
            | Self::TimedOut
            | Self::WouldBlock
            | Self::Interrupted
            | Self::ResourceBusy
            | Self::ExecutableFileBusy
            | Self::Deadlock => Verdict::Transient,
            Self::OutOfMemory | Self::StorageFull | Self::ReadOnlyFilesystem => Verdict::Fault,
            _ => Verdict::Permanent,
        }
    }
}

/// By the table at [`Verdict`].
impl Classify for Error {
    fn classify(&self) -> Verdict {
        chain(self).unwrap_or(Verdict::Permanent)
    }
}
