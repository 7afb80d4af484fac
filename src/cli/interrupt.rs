//! Ctrl-C while something is worked out; and on a terminal, how long it has been.

use std::io::{IsTerminal, Write, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::cli::Voice;
use crate::stop::Stop;

/// What does not look whether it is to stop is ended all the same, after so long.
const GRACE: Duration = Duration::from_millis(500);

/// How often the time is told, and from when on.
const TICK: Duration = Duration::from_secs(1);

/// The code with which shells say that a process was interrupted.
const INTERRUPTED: i32 = 130;

/// The time that is told while nothing else is written.
#[derive(Clone)]
pub struct Ticking(Arc<AtomicBool>);

impl Ticking {
    /// From here on the answer is written.
    pub fn over(&self) {
        if self.0.swap(false, Ordering::AcqRel) {
            tell("");
        }
    }
}

/// Puts a line in the place of the one before.
fn tell(line: &str) {
    // Where nobody can be told, nobody is.
    let _ = write!(stderr(), "\r\u{1b}[K{line}");
    let _ = stderr().flush();
}

/// Does work that Ctrl-C stops.
pub fn watched<T>(voice: Voice, work: impl FnOnce(&Ticking) -> T) -> T {
    let stop = Stop::default();
    let ticking = Ticking(Arc::new(AtomicBool::new(!voice.quiet && stderr().is_terminal())));
    let (asked, told) = (stop.clone(), ticking.clone());
    // Without a thread, or a runtime, for it, the system ends the process on Ctrl-C.
    let _ = std::thread::Builder::new().name("ctrl-c".to_owned()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if let Ok(runtime) = runtime {
            runtime.block_on(watch(voice, asked, told));
        }
    });
    let done = stop.lend(|| work(&ticking));
    ticking.over();
    done
}

async fn watch(voice: Voice, stop: Stop, ticking: Ticking) {
    let began = Instant::now();
    loop {
        tokio::select! {
            caught = tokio::signal::ctrl_c() => {
                if caught.is_err() {
                    return;
                }
                stop.raise();
                tokio::time::sleep(GRACE).await;
                ticking.over();
                std::process::exit(INTERRUPTED);
            }
            () = tokio::time::sleep(TICK) => {
                if ticking.0.load(Ordering::Acquire) {
                    tell(&format!("{} {} s", voice.lang.word("cli-working"), began.elapsed().as_secs()));
                }
            }
        }
    }
}
