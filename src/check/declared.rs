//! The checks, as `maps/checks/*.toml` has them; built into the binary.

use std::sync::LazyLock;

use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::text::Title;

#[derive(RustEmbed)]
#[folder = "maps/checks"]
#[include = "*.toml"]
struct Files;

/// A filter with what it is called.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// What people call what it lets through.
    pub title: Title,
    /// CQL2; empty: everything.
    #[serde(default)]
    pub filter: String,
}

/// Events that cannot follow others.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    /// After one of these, …
    pub first: Vec<String>,
    /// … none of these may come; `*`: any.
    pub then: Vec<String>,
    /// But these may.
    #[serde(default)]
    pub except: Vec<String>,
    /// Until one of these has happened.
    #[serde(default)]
    pub until: Vec<String>,
}

/// What a check holds together.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Form {
    /// A whole, and parts that cover it without overlapping: 154 + 240 = 394.
    Parts {
        /// The whole.
        whole: Named,
        /// The parts.
        of: Vec<Named>,
    },
    /// Each within the one before: 2608 ≥ 2360 ≥ 1708 ≥ 1392.
    Funnel(Vec<Named>),
    /// What nothing may be.
    Never(Named),
    /// Events in an order that cannot be.
    After(Sequence),
    /// Not more of one than of another.
    AtMost {
        /// The fewer.
        fewer: Named,
        /// The more.
        more: Named,
    },
}

/// A check.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Its name.
    pub id: String,
    /// What people call it.
    pub title: Title,
    /// The kind of feature that it is about; `*`: any, for a check of events.
    pub kind: String,
    /// What it holds together.
    pub form: Form,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    check: Vec<Check>,
}

static CHECKS: LazyLock<Vec<Check>> = LazyLock::new(|| {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    names
        .iter()
        .filter_map(|name| Files::get(name).map(|file| (name, file)))
        .filter_map(|(name, file)| match toml::from_slice::<File>(&file.data) {
            Ok(file) => Some(file.check),
            // A file that does not read is a fault of the build: `tests/house/checks.rs` fails on it.
            Err(error) => {
                tracing::error!(%name, %error, "checks do not read");
                None
            }
        })
        .flatten()
        .collect()
});

/// All checks.
pub fn all() -> &'static [Check] {
    &CHECKS
}
