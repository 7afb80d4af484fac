//! A body that is written on one thread while it is sent on another, a few chunks apart: constant memory, however long.

use std::io::{self, Write};

use axum::body::Body;
use bytes::Bytes;
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use crate::fault::Fault;

/// Bytes to a chunk.
const CHUNK: usize = 64 * 1024;

/// Chunks that may wait for a slow reader.
const WAITING: usize = 4;

/// The writing end: it blocks while the reader is behind, and fails once the reader is gone.
struct Chunks {
    buffer: Vec<u8>,
    to: Sender<Result<Bytes, Fault>>,
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
        self.to.blocking_send(Ok(full.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// Starts `write` on a thread of its own and returns its body once the first chunk is there, so that what fails before is
/// still a proper refusal. Call it from a thread that may block.
///
/// # Errors
/// What `write` failed with before its first chunk.
pub fn body(write: impl FnOnce(&mut dyn Write) -> Result<(), Fault> + Send + 'static) -> Result<Body, Fault> {
    let (to, mut from) = channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let mut chunks = Chunks { buffer: Vec::new(), to };
        if let Err(fault) = write(&mut chunks).and_then(|()| Ok(chunks.flush()?)) {
            // Nobody listens where the reader has gone.
            let _ = chunks.to.blocking_send(Err(fault));
        }
    });
    let first = from.blocking_recv().transpose()?.unwrap_or_default();
    let Some(second) = from.blocking_recv().transpose()? else {
        return Ok(Body::from(first));
    };
    let rest = ReceiverStream::new(from).map(|chunk| {
        chunk.map_err(|fault| {
            tracing::error!(%fault, "answer broken off");
            io::Error::other(fault)
        })
    });
    Ok(Body::from_stream(tokio_stream::iter([Ok(first), Ok(second)]).chain(rest)))
}
