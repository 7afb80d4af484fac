//! What the tiles of a collection are to hold.

use crate::analysis;
use crate::collection::About;
use crate::fault::Fault;
use crate::kind::Attribute;

/// The property that has a feature's own id.
pub const ID: &str = "id";

/// What the tiles of a collection hold.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The name of their layer: the collection's id.
    pub layer: String,
    /// The columns of the table whose values they bear, beside the id, with their names.
    pub columns: Vec<(usize, String)>,
    /// Whether the features cover ground together, so that none may be thinned out.
    pub covering: bool,
}

impl Plan {
    /// The properties that are borne where nobody asks for any: what names a feature, what its style goes by, and what the
    /// analysis has found. The id is always there.
    pub fn usual(about: &About, attributes: &[Attribute]) -> Vec<String> {
        let class = about.kind.style.get("class").and_then(|class| class.as_str());
        let found = about.analysis.and_then(|name| analysis::find(name).ok()).map(|found| (found.properties)());
        let found = found.unwrap_or_default();
        let wanted = |name: &str| {
            name == about.kind.name || Some(name) == class || found.iter().any(|property| property.name == name)
        };
        attributes.iter().map(|attribute| &attribute.name).filter(|name| wanted(name)).cloned().collect()
    }

    /// A plan; `properties`: those asked for, None for the usual ones.
    ///
    /// # Errors
    /// `attribute-unknown`, naming those that there are.
    pub fn new(about: &About, attributes: &[Attribute], properties: Option<&[String]>) -> Result<Self, Fault> {
        let usual = || Self::usual(about, attributes);
        let mut columns = Vec::new();
        for name in properties.map_or_else(usual, <[String]>::to_vec) {
            match attributes.iter().position(|attribute| attribute.name == name) {
                // The feature's own id bears that name.
                _ if name == ID => {}
                Some(at) => columns.push((at, name)),
                None => {
                    let known = std::iter::once(ID).chain(attributes.iter().map(|a| a.name.as_str()));
                    return Err(Fault::invalid("attribute-unknown")
                        .with("parameter", "properties")
                        .with("value", name)
                        .with("known", known.collect::<Vec<_>>().join(", ")));
                }
            }
        }
        columns.sort_unstable();
        columns.dedup();
        Ok(Self { layer: about.id.clone(), columns, covering: about.kind.covering })
    }
}
