//! A body that is written on one thread while it is sent on another, a few chunks apart: constant memory, however long.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::sync::mpsc::error::SendTimeoutError;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;
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

/// Writes a body.
type Writing = Box<dyn FnOnce(&mut dyn Write) -> Result<(), Fault> + Send>;

/// Whoever waits for an answer.
pub type Waiting = oneshot::Sender<Result<Response, Fault>>;

/// On a response whose body is still to be written.
#[derive(Clone)]
struct Unwritten(Arc<Mutex<Option<Writing>>>);

/// A response whose body `write` will write once `give` is called with it, as `App::answer` does.
pub fn unwritten(
    mut response: Response,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Fault> + Send + 'static,
) -> Response {
    let write: Writing = Box::new(write);
    response.extensions_mut().insert(Unwritten(Arc::new(Mutex::new(Some(write)))));
    response
}

/// How the writing ended; empty as long as it goes on, and where it panicked. An answer that breaks off must not look like one that
/// ended, even where no chunk has room any more to say so.
type Ended = OnceLock<Result<(), Fault>>;

/// A head that waits for the first chunk of its body, with the end from which the rest of it comes.
struct Head {
    response: Response,
    to: Waiting,
    rest: Receiver<Bytes>,
}

/// The writing end: it blocks while the reader is behind, and fails once the reader is gone.
struct Chunks {
    head: Option<Head>,
    buffer: Vec<u8>,
    /// From so many bytes on the buffer is sent.
    full: usize,
    to: Sender<Bytes>,
    ended: Arc<Ended>,
}

impl Chunks {
    fn send(&mut self, last: bool) -> io::Result<()> {
        self.full = CHUNK;
        let room = if last { 0 } else { CHUNK + CHUNK / 2 };
        let bytes: Bytes = std::mem::replace(&mut self.buffer, Vec::with_capacity(room)).into();
        if let Some(Head { mut response, to, rest }) = self.head.take() {
            *response.body_mut() = if last { Body::from(bytes) } else { streamed(bytes, rest, self.ended.clone()) };
            return to.send(Ok(response)).map_err(|_| io::ErrorKind::BrokenPipe.into());
        }
        let sent = Handle::current().block_on(self.to.send_timeout(bytes, STALL));
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

/// The first chunk and those that come, until the last of them or a break.
fn streamed(first: Bytes, rest: Receiver<Bytes>, ended: Arc<Ended>) -> Body {
    let rest = ReceiverStream::new(rest).filter(|bytes| !bytes.is_empty()).map(Ok);
    let end = tokio_stream::iter([()]).filter_map(move |()| {
        let fault = match ended.get() {
            Some(Ok(())) => return None,
            Some(Err(fault)) => fault.clone(),
            None => Fault::internal("the writing panicked"),
        };
        tracing::error!(%fault, "answer broken off");
        Some(Err(io::Error::other(fault)))
    });
    Body::from_stream(tokio_stream::iter([Ok(first)]).chain(rest).chain(end))
}

/// The body of an answer to `HEAD`: none, of a length that nobody has worked out.
pub fn unsent() -> Body {
    Body::from_stream(tokio_stream::empty::<Result<Bytes, io::Error>>())
}

/// Gives a response to whoever waits for it. Where its body is still to be written, that is done on this thread, which may block: the
/// head leaves with the first chunk, so that what fails before is still a proper refusal.
pub fn give(mut response: Response, to: Waiting) {
    let unwritten = response.extensions_mut().remove::<Unwritten>();
    let Some(write) = unwritten.and_then(|one| one.0.lock().unwrap_or_else(PoisonError::into_inner).take()) else {
        // Who has gone away needs no answer, here and below.
        drop(to.send(Ok(response)));
        return;
    };
    let _turn = match Handle::current().block_on(WRITING.take()) {
        Ok(turn) => turn,
        Err(busy) => return drop(to.send(Err(busy))),
    };
    let (sender, rest) = channel(WAITING);
    let ended: Arc<Ended> = Arc::default();
    let head = Some(Head { response, to, rest });
    let mut chunks = Chunks { head, buffer: Vec::new(), full: FIRST, to: sender, ended: ended.clone() };
    let written = write(&mut chunks).and_then(|()| Ok(chunks.send(true)?));
    match (written, chunks.head.take()) {
        (Err(fault), Some(Head { to, .. })) => drop(to.send(Err(fault))),
        // Before the last sender is gone, which is the end of the stream.
        (written, _) => drop(ended.set(written)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn given(
        write: impl FnOnce(&mut dyn Write) -> Result<(), Fault> + Send + 'static,
    ) -> Result<Response, Fault> {
        let (to, waiting) = oneshot::channel();
        tokio::task::spawn_blocking(move || give(unwritten(Response::default(), write), to));
        waiting.await.unwrap()
    }

    async fn sent(write: impl FnOnce(&mut dyn Write) -> Result<(), Fault> + Send + 'static) -> Option<usize> {
        let body = given(write).await.unwrap().into_body();
        axum::body::to_bytes(body, usize::MAX).await.ok().map(|bytes| bytes.len())
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_does_not_look_like_one_that_ended() {
        let whole = |out: &mut dyn Write| Ok((0..9).try_for_each(|_| out.write_all(&[0; CHUNK]))?);
        assert_eq!(sent(whole).await, Some(9 * CHUNK));
        let broken = move |out: &mut dyn Write| whole(out).and(Err(Fault::internal("no more")));
        assert_eq!(sent(broken).await, None);
        assert_eq!(sent(move |out| panic!("{:?}", whole(out))).await, None);
    }

    #[tokio::test]
    async fn a_short_answer_is_whole_and_one_that_fails_before_it_begins_is_refused() {
        let length = |given: Result<Response, Fault>| axum::body::HttpBody::size_hint(given.unwrap().body()).exact();
        assert_eq!(length(given(|out| Ok(out.write_all(&[0; 300])?)).await), Some(300));
        assert_eq!(length(given(|_| Ok(())).await), Some(0));
        let failed = given(|out| Ok(out.write_all(&[0; 300])?).and(Err(Fault::internal("nothing")))).await;
        assert!(failed.is_err());
    }
}
