//! The kinds, as `maps/kinds/*.toml` has them; built into the binary.

use std::sync::{Arc, LazyLock};

use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::kind::Attribute;
use crate::text::Title;

#[derive(RustEmbed)]
#[folder = "maps/kinds"]
#[include = "*.toml"]
struct Files;

/// What a layer of a kind may be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dimension {
    /// Points.
    Point,
    /// Lines.
    Line,
    /// Polygons.
    Polygon,
}

/// Which facilities of a kind serve anybody: all but those of which this attribute says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The attribute.
    pub attribute: String,
    /// What it says of those that do not serve yet, but will.
    #[serde(default)]
    pub planned: Vec<String>,
    /// What it says of those that do not serve, though they stand.
    #[serde(default)]
    pub idle: Vec<String>,
}

/// A kind of thing that a township keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Its name: `waterbody`.
    pub id: String,
    /// The layer that a township would keep it in: `ponds`. Analyses look there first.
    pub layer: String,
    /// Plural, for lists and legends.
    pub title: Title,
    /// Singular, for a card.
    pub singular: Title,
    /// What a feature of it may be.
    pub geometry: Vec<Dimension>,
    /// Its group in the legend: `base`, `facility`, `risk`, `work`.
    pub group: String,
    /// The attribute that names a feature to people.
    pub name: String,
    /// Whether where a feature lies is personal: masked for those whose work does not need it.
    #[serde(default)]
    pub personal_place: bool,
    /// Whether its features cover ground together and share their borders, as villages do: then none of them can be left out
    /// of a picture without a hole.
    #[serde(default)]
    pub covering: bool,
    /// Which of them serve, where they are facilities and not all of them do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// What is kept of each.
    #[serde(rename = "attribute", default)]
    pub attributes: Vec<Attribute>,
    /// How it is drawn; passed on to the page as it stands.
    pub style: serde_json::Value,
}

impl Kind {
    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

static KINDS: LazyLock<Vec<Arc<Kind>>> = LazyLock::new(|| {
    let mut kinds: Vec<Arc<Kind>> = Files::iter()
        .filter_map(|name| Files::get(&name).map(|file| (name, file)))
        .filter_map(|(name, file)| match toml::from_slice::<Kind>(&file.data) {
            Ok(kind) => Some(Arc::new(kind)),
            // A kind that does not read is a fault of the build: `tests/house/kinds.rs` fails on it.
            Err(error) => {
                tracing::error!(%name, %error, "kind does not read");
                None
            }
        })
        .collect();
    kinds.sort_by(|a, b| a.id.cmp(&b.id));
    kinds
});

/// All kinds, by name.
pub fn all() -> &'static [Arc<Kind>] {
    &KINDS
}

/// The kind of that name.
///
/// # Errors
/// `kind-unknown`, naming those that there are.
pub fn kind(id: &str) -> Result<Arc<Kind>, Fault> {
    KINDS.iter().find(|kind| kind.id == id).cloned().ok_or_else(|| {
        let known: Vec<&str> = KINDS.iter().map(|kind| kind.id.as_str()).collect();
        Fault::invalid("kind-unknown").with("kind", id).with("known", known.join(", "))
    })
}
