//! What GDAL and PROJ say while they work: kept off the terminal, and at hand for whoever called them.

use std::cell::RefCell;
use std::sync::Once;

use gdal::errors::CplErrType;

thread_local! {
    static FAILURE: RefCell<Option<String>> = const { RefCell::new(None) };
}

static LISTENING: Once = Once::new();

/// Keeps their messages off the terminal, and their failures for us.
pub fn listen() {
    LISTENING.call_once(|| {
        gdal::config::set_error_handler(|class, number, message| {
            tracing::debug!(?class, number, message, "GDAL");
            if matches!(class, CplErrType::Failure | CplErrType::Fatal) {
                FAILURE.set(Some(message.trim().to_owned()));
            }
        });
    });
}

/// What failed last on this thread, once.
pub fn failure() -> Option<String> {
    FAILURE.take()
}
