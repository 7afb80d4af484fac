//! `xiangtu list MAP`: collections, counts, revisions.

use clap::ArgMatches;
use serde_json::json;

use crate::catalog::Catalog;
use crate::cli::{Voice, args};
use crate::collection::summary_or_refusal;
use crate::fault::Fault;
use crate::units::AsOf;

pub fn run(matches: &ArgMatches, voice: Voice) -> Result<(), Fault> {
    let catalog = Catalog::open(args::path(matches, "map")?)?;
    for collection in catalog.collections(AsOf::NOW)? {
        let (about, (summary, refusal)) = (collection.about(), summary_or_refusal(&*collection)?);
        let count = refusal.is_none().then_some(summary.count);
        let revision = collection.revision().to_string();
        if voice.json {
            let line = json!({
                "id": about.id,
                "title": about.title.get(voice.lang),
                "kind": about.kind.id,
                "analysis": about.analysis,
                "count": count,
                "revision": revision,
            });
            voice.answer(&line.to_string());
        } else {
            voice.answer(&format!(
                "{}\t{}\t{}\t{}",
                about.id,
                count.map_or_else(|| "–".to_owned(), |count| count.to_string()),
                &revision[..12],
                about.title.get(voice.lang)
            ));
        }
    }
    Ok(())
}
