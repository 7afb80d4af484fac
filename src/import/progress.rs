//! The bar on a terminal.

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};

use crate::import::report::{Progress, Stage};

/// Shows an import's progress on standard error, where that is a terminal and nobody asked for quiet.
pub fn bar(label: &str, quiet: bool) -> impl FnMut(Progress) + use<> {
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::no_length() };
    let bar = bar.with_finish(ProgressFinish::AndClear);
    bar.set_message(label.to_owned());
    let mut stage = None;
    move |progress: Progress| {
        if stage != Some(progress.stage) {
            stage = Some(progress.stage);
            let template = match progress.stage {
                Stage::Reading if progress.total.is_some() => "{msg} {wide_bar} {human_pos}/{human_len} {eta}",
                Stage::Reading => "{msg} {spinner} {human_pos}",
                Stage::Writing => "{msg} {spinner}",
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
        }
        if let Some(total) = progress.total {
            bar.set_length(total);
        }
        bar.set_position(progress.done);
        if progress.stage == Stage::Writing {
            bar.tick();
        }
    }
}
