//! Turns: so many at a time, and who has waited long enough is told to come again.

use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::fault::Fault;

/// Turns at something of which only so many may go on at once.
pub struct Turns {
    free: Semaphore,
    patience: Duration,
}

impl Turns {
    /// So many at a time; whoever comes on top of them waits for so long.
    pub const fn new(at_once: usize, patience: Duration) -> Self {
        Self { free: Semaphore::const_new(at_once), patience }
    }

    /// A turn, good until it is dropped. Waiting for it costs no thread.
    ///
    /// # Errors
    /// `server-busy` (503, with `Retry-After`).
    pub async fn take(&self) -> Result<SemaphorePermit<'_>, Fault> {
        let busy = || Fault::busy("server-busy").with("seconds", self.patience.as_secs());
        match tokio::time::timeout(self.patience, self.free.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(busy()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::error::problem;
    use crate::text::Lang;

    #[tokio::test]
    async fn who_comes_on_top_of_many_waits_a_little_and_is_told_when_to_come_again() {
        let turns = Turns::new(1, Duration::from_millis(20));
        let first = turns.take().await.unwrap();
        let refused = turns.take().await.map(|_| ()).unwrap_err();
        let answer = problem(&refused, Lang::En);
        assert_eq!(answer.status(), 503);
        assert!(answer.headers().contains_key("retry-after"));
        drop(first);
        assert!(turns.take().await.is_ok());
    }
}
