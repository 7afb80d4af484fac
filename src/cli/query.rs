//! `xiangtu query MAP COLLECTION`: a collection, seen through a query, written by an encoder.

use std::collections::BTreeMap;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;

use clap::ArgMatches;

use crate::analysis;
use crate::catalog::{Catalog, CollectionId};
use crate::cli::{Voice, args, interrupt};
use crate::collection::Collection;
use crate::encode::{self, Format};
use crate::fault::Fault;
use crate::filter::{Encoding, Filter};
use crate::geo::bbox::Bbox;
use crate::geo::reference::Reference;
use crate::query::{Query, SortKey};

pub fn run(matches: &ArgMatches, voice: Voice) -> Result<(), Fault> {
    let format = encode::find(args::text(matches, "format").unwrap_or("geojson"))?;
    let mut query = query(matches)?;
    let crs = args::text(matches, "crs").map_or(Ok(Reference::CRS84), Reference::parse)?;
    interrupt::watched(voice, |ticking| {
        let catalog = Catalog::open(args::path(matches, "map")?)?;
        query.filter = query.filter.map(|filter| filter.in_zone(&catalog.map().zone));
        let collection = collection(&catalog, matches)?;
        let summary = collection.summary()?;
        ticking.over();
        match matches.get_one::<std::path::PathBuf>("output") {
            Some(file) => to_file(format, &*collection, &query, crs, file)?,
            None => to_standard_output(format, &*collection, &query, crs)?,
        }
        for figure in &summary.figures {
            voice.note(&format!("{}: {} {}", figure.title().get(voice.lang), figure.said(voice.lang), figure.unit));
        }
        Ok(())
    })
}

/// The collection that an id and the parameters beside it mean.
fn collection(catalog: &Catalog, matches: &ArgMatches) -> Result<Arc<dyn Collection>, Fault> {
    let typed = args::text(matches, "collection").unwrap_or_default();
    let id = CollectionId::parse(typed)?;
    let mut parameters: BTreeMap<String, String> = id.parameters;
    parameters.extend(args::typed_parameters(matches));
    let (day, known) = (args::day(matches, "as-of")?, args::day(matches, "known-by")?);
    let as_of = CollectionId::as_of(day.or(id.as_of.day), known.or(id.as_of.known))?;
    let spelled = if analysis::find(&id.name).is_ok() {
        catalog.bind(&id.name, &parameters, as_of)?
    } else {
        CollectionId::spell(&id.name, parameters.iter().map(|(name, value)| (name.as_str(), value.clone())), as_of)
    };
    catalog.resolve(&spelled)
}

fn query(matches: &ArgMatches) -> Result<Query, Fault> {
    let encoding = args::text(matches, "filter-lang").map_or(Ok(Encoding::default()), Encoding::named)?;
    Ok(Query {
        bbox: args::text(matches, "bbox").map(Bbox::parse).transpose()?,
        filter: args::text(matches, "filter").map(|text| Filter::read(text, encoding)).transpose()?,
        sort: args::text(matches, "sortby").map(SortKey::parse_list).transpose()?.unwrap_or_default(),
        limit: matches.get_one::<u64>("limit").map(|&n| usize::try_from(n).unwrap_or(usize::MAX)),
        properties: args::text(matches, "properties")
            .map(|names| names.split(',').map(|name| name.trim().to_owned()).collect()),
        ..Query::default()
    })
}

/// Writes beside the file and puts it in place when it is whole: a reader never sees half of it.
fn to_file(
    format: &Format,
    collection: &dyn Collection,
    query: &Query,
    crs: Reference,
    file: &Path,
) -> Result<(), Fault> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let fault =
        |error: std::io::Error| Fault::invalid("output-failed").with("file", file.display()).with("cause", error);
    let whole = tempfile::NamedTempFile::new_in(folder).map_err(fault)?;
    let mut out = BufWriter::new(whole);
    format.write(collection, query, crs, &mut out)?;
    let whole = out.into_inner().map_err(|error| fault(error.into_error()))?;
    whole.persist(file).map_err(|error| fault(error.error))?;
    Ok(())
}

fn to_standard_output(
    format: &Format,
    collection: &dyn Collection,
    query: &Query,
    crs: Reference,
) -> Result<(), Fault> {
    let stdout = std::io::stdout();
    if format.packed && stdout.is_terminal() {
        return Err(Fault::invalid("output-needed").with("value", format.name));
    }
    let mut out = BufWriter::with_capacity(1 << 16, stdout.lock());
    format.write(collection, query, crs, &mut out)?;
    out.flush()?;
    Ok(())
}
