//! Threads of their own for what somebody looking at a map waits for: tiles and filters.
//!
//! A question over a province has all of rayon's threads until it is answered, and whatever else is handed to them waits behind it,
//! a minute if need be. So short work has threads beside those, as many again, and the system shares the processors out among all.

use std::sync::LazyLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// None where the system gives no more threads: then short work waits with the rest.
static SHORT: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let named = ThreadPoolBuilder::new().thread_name(|n| format!("short-{n}"));
    named.build().inspect_err(|error| tracing::warn!(%error, "no threads for short work")).ok()
});

/// Does short work: what is done in parallel in it is done on the threads for that. It must not wait for anything.
pub fn short<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match &*SHORT {
        Some(threads) => threads.install(work),
        None => work(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use rayon::prelude::*;

    use super::*;

    #[test]
    fn short_work_does_not_wait_for_long_work() {
        let (to_end, ended) = channel::<()>();
        let ended = std::sync::Mutex::new(ended);
        let (to_begin, begun) = channel();
        let long = std::thread::spawn(move || {
            rayon::broadcast(|_| {
                to_begin.send(()).unwrap();
                // Each of rayon's threads, until the other side of the channel is gone.
                let _ = ended.lock().unwrap().recv();
            });
        });
        begun.recv_timeout(Duration::from_secs(60)).unwrap();
        let (done, waiting) = channel();
        std::thread::spawn(move || done.send(short(|| (0..100_000_u64).into_par_iter().sum::<u64>())));
        assert_eq!(waiting.recv_timeout(Duration::from_secs(60)), Ok(4_999_950_000));
        drop(to_end);
        long.join().unwrap();
    }
}
