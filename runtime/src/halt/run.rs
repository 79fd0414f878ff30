//! A program that ends when it is halted.

use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::{Poll, ready};
use std::process::{ExitCode, Termination};

use super::{Halt, SystemHalt};

impl Halt {
    /// Runs a program until it ends or this halt is stopped.
    ///
    /// The halt comes first: a program is not polled once the halt is stopped, not even for the first time, and where it
    /// ends in the very poll that stopped the halt, its output is dropped and the report given. That is so when `main`
    /// passes on with `?` the error of the operation that died.
    ///
    /// On a halt the program is dropped before this returns. Tasks that it has spawned are not part of it: they end
    /// with the runtime. One that has something to finish watches [`stopped`](Self::stopped) itself, and the program
    /// waits for it: then the program ends, and this gives the report.
    ///
    /// Dropping the future drops the program.
    ///
    /// # Errors
    /// The first report, if the halt was stopped.
    ///
    /// # Panics
    /// If the program does.
    pub async fn run_until<F: Future>(&self, program: F) -> Result<F::Output, SystemHalt> {
        let mut stopped = pin!(self.stopped());
        let mut program = pin!(program);
        poll_fn(|cx| {
            if let Poll::Ready(report) = stopped.as_mut().poll(cx) {
                return Poll::Ready(Err(report));
            }
            if !self.is_stopped() {
                let out = ready!(program.as_mut().poll(cx));
                if !self.is_stopped() {
                    return Poll::Ready(Ok(out));
                }
            }
            // By the program itself just now, or by another thread, which may still be telling so.
            stopped.as_mut().poll(cx).map(Err)
        })
        .await
    }

    /// The whole of a `main`: runs the program as [`run_until`](Self::run_until) does, and gives what the process
    /// should exit with: the program's own code, or after a halt [`EXIT_CODE`](super::EXIT_CODE), with the report on
    /// standard error.
    ///
    /// ```no_run
    /// use std::process::ExitCode;
    /// use wait_or_die::halt;
    ///
    /// #[tokio::main]
    /// async fn main() -> ExitCode {
    ///     halt::system().run(serve()).await
    /// }
    ///
    /// async fn serve() -> Result<(), std::io::Error> {
    ///     // ..
    /// #   Ok(())
    /// }
    /// ```
    ///
    /// A runtime that is dropped, as `#[tokio::main]` does at the end, waits for work that `spawn_blocking` has
    /// started, however long it takes: a plain `fn` in the middle of its waits, for one. Where that must not hold up
    /// the end, build the runtime by hand and call `shutdown_background` or `shutdown_timeout` on it.
    ///
    /// # Panics
    /// If the program does.
    pub async fn run<F>(&self, program: F) -> ExitCode
    where
        F: Future,
        F::Output: Termination,
    {
        match self.run_until(program).await {
            Ok(out) => out.report(),
            Err(halted) => halted.report(),
        }
    }
}
