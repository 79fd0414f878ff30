//! How a call came to its end.

use core::time::Duration;

use super::Call;
use crate::clock;
use crate::retry::watch::Ended;

impl Call<'_> {
    #[cold]
    pub(super) fn end(&self) -> Ended {
        if self.attempt == 0 {
            return Ended::switched_off();
        }
        let Some(running) = &self.running else {
            return Ended::rejected(Duration::ZERO);
        };
        let elapsed = clock::now().saturating_duration_since(running.started);
        match &running.failing {
            Some(failing) => failing.progress.ended(elapsed),
            None => Ended::rejected(elapsed),
        }
    }
}
