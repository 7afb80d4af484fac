//! A body that is written on one thread while it is sent on another, a few chunks apart: constant memory, however long.

use std::io::{self, Write};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::sync::mpsc::error::SendTimeoutError;
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use crate::fault::Fault;
use crate::http::turns::Turns;

/// Bytes to a chunk.
const CHUNK: usize = 64 * 1024;

/// Chunks that may wait for a slow reader.
const WAITING: usize = 4;

/// How long a reader may take nothing before the answer is broken off: each holds a thread.
const STALL: Duration = Duration::from_secs(60);

/// Answers that are being written at a time.
static WRITING: Turns = Turns::new(128, Duration::from_secs(15));

/// The writing end: it blocks while the reader is behind, and fails once the reader is gone.
struct Chunks {
    buffer: Vec<u8>,
    to: Sender<Bytes>,
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK + CHUNK / 2));
        let sent = Handle::current().block_on(self.to.send_timeout(full.into(), STALL));
        sent.map_err(|error| match error {
            SendTimeoutError::Timeout(_) => io::ErrorKind::TimedOut.into(),
            SendTimeoutError::Closed(_) => io::ErrorKind::BrokenPipe.into(),
        })
    }
}

/// The body of an answer to `HEAD`: none, of a length that nobody has worked out.
pub fn unsent() -> Body {
    Body::from_stream(tokio_stream::empty::<Result<Bytes, io::Error>>())
}

/// Starts `write` on a thread of its own and returns its body once the first chunk is there, so that what fails before is
/// still a proper refusal. Call it from a thread that may block.
///
/// # Errors
/// What `write` failed with before its first chunk; `server-busy`.
pub fn body(write: impl FnOnce(&mut dyn Write) -> Result<(), Fault> + Send + 'static) -> Result<Body, Fault> {
    let turn = Handle::current().block_on(WRITING.take())?;
    let (to, mut from) = channel(WAITING);
    // An answer that breaks off must not look like one that ended, even where no chunk had room any more to say so.
    let broken: Arc<OnceLock<Fault>> = Arc::default();
    let breaking = broken.clone();
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let mut chunks = Chunks { buffer: Vec::new(), to };
        if let Err(fault) = write(&mut chunks).and_then(|()| Ok(chunks.flush()?)) {
            // The first is the cause.
            let _ = breaking.set(fault);
        }
    });
    let failed = || broken.get().cloned().map_or(Ok(()), Err);
    let first = from.blocking_recv().unwrap_or_default();
    let Some(second) = from.blocking_recv() else {
        failed()?;
        return Ok(Body::from(first));
    };
    let rest = ReceiverStream::new(from).map(Ok).chain(tokio_stream::iter([()]).filter_map(move |()| {
        let fault = broken.get()?;
        tracing::error!(%fault, "answer broken off");
        Some(Err(io::Error::other(fault.clone())))
    }));
    Ok(Body::from_stream(tokio_stream::iter([Ok(first), Ok(second)]).chain(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(write: impl FnOnce(&mut dyn Write) -> Result<(), Fault> + Send + 'static) -> Option<usize> {
        let body = tokio::task::spawn_blocking(move || body(write)).await.unwrap().unwrap();
        axum::body::to_bytes(body, usize::MAX).await.ok().map(|bytes| bytes.len())
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_does_not_look_like_one_that_ended() {
        let whole = |out: &mut dyn Write| Ok((0..9).try_for_each(|_| out.write_all(&[0; CHUNK]))?);
        assert_eq!(sent(whole).await, Some(9 * CHUNK));
        let broken = move |out: &mut dyn Write| whole(out).and(Err(Fault::internal("no more")));
        assert_eq!(sent(broken).await, None);
    }
}
