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

/// Bytes after which the first leaves: whoever reads page after page waits for each to begin.
const FIRST: usize = 32 * 1024;

/// Chunks that may wait for a slow reader.
const WAITING: usize = 4;

/// How long a reader may take nothing before the answer is broken off: each holds a thread.
const STALL: Duration = Duration::from_secs(60);

/// Answers that are being written at a time.
static WRITING: Turns = Turns::new(128, Duration::from_secs(15));

/// A piece of an answer, and whether it is the last.
struct Piece {
    bytes: Bytes,
    last: bool,
}

/// The writing end: it blocks while the reader is behind, and fails once the reader is gone.
struct Chunks {
    buffer: Vec<u8>,
    /// From so many bytes on the buffer is sent.
    full: usize,
    to: Sender<Piece>,
}

impl Chunks {
    fn send(&mut self, last: bool) -> io::Result<()> {
        self.full = CHUNK;
        let room = if last { 0 } else { CHUNK + CHUNK / 2 };
        let bytes = std::mem::replace(&mut self.buffer, Vec::with_capacity(room)).into();
        let sent = Handle::current().block_on(self.to.send_timeout(Piece { bytes, last }, STALL));
        sent.map_err(|error| match error {
            SendTimeoutError::Timeout(_) => io::ErrorKind::TimedOut.into(),
            SendTimeoutError::Closed(_) => io::ErrorKind::BrokenPipe.into(),
        })
    }
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= self.full {
            self.send(false)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() { Ok(()) } else { self.send(false) }
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
        let mut chunks = Chunks { buffer: Vec::new(), full: FIRST, to };
        if let Err(fault) = write(&mut chunks).and_then(|()| Ok(chunks.send(true)?)) {
            // The first is the cause.
            let _ = breaking.set(fault);
        }
    });
    let Some(first) = from.blocking_recv() else {
        return broken.get().cloned().map_or_else(|| Ok(Body::empty()), Err);
    };
    if first.last {
        return Ok(Body::from(first.bytes));
    }
    let rest =
        ReceiverStream::new(from).map(|piece| Ok(piece.bytes)).filter(|piece| !matches!(piece, Ok(b) if b.is_empty()));
    let end = tokio_stream::iter([()]).filter_map(move |()| {
        let fault = broken.get()?;
        tracing::error!(%fault, "answer broken off");
        Some(Err(io::Error::other(fault.clone())))
    });
    Ok(Body::from_stream(tokio_stream::iter([Ok(first.bytes)]).chain(rest).chain(end)))
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

    #[tokio::test]
    async fn a_short_answer_is_whole_and_one_that_fails_before_it_begins_is_refused() {
        let begun = |write: fn(&mut dyn Write) -> Result<(), Fault>| tokio::task::spawn_blocking(move || body(write));
        let length = |body: Body| axum::body::HttpBody::size_hint(&body).exact();
        let short = begun(|out| Ok(out.write_all(&[0; 300])?)).await.unwrap().unwrap();
        assert_eq!(length(short), Some(300));
        assert_eq!(length(begun(|_| Ok(())).await.unwrap().unwrap()), Some(0));
        let failed = begun(|out| Ok(out.write_all(&[0; 300])?).and(Err(Fault::internal("nothing")))).await.unwrap();
        assert!(failed.is_err());
    }
}
