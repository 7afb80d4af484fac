//! `xiangtu issues MAP`: the issues and where they stand.

use clap::ArgMatches;

use crate::catalog::Catalog;
use crate::cli::{Voice, args};
use crate::fault::Fault;
use crate::filter::Filter;
use crate::query::Query;
use crate::table::Value;

/// The columns of a line for people.
const COLUMNS: [&str; 8] = ["number", "status", "type", "village", "assignee", "rectify_by", "days_over", "subject"];

pub fn run(matches: &ArgMatches, voice: Voice) -> Result<(), Fault> {
    let catalog = Catalog::open(args::path(matches, "map")?)?;
    let suffix = args::day(matches, "as-of")?.map(|day| format!("@{day}")).unwrap_or_default();
    let board = catalog.resolve(&format!("issue-board{suffix}"))?;
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let mut terms = Vec::new();
    for name in ["status", "village"] {
        if let Some(value) = args::text(matches, name) {
            let attribute = board.about().kind.attribute(name);
            let value = attribute.and_then(|a| a.term(value)).unwrap_or(value);
            terms.push(format!("{name} = {}", quoted(value)));
        }
    }
    if matches.get_flag("overdue") {
        terms.push("overdue = true".to_owned());
    }
    let filter = if terms.is_empty() { None } else { Some(Filter::parse(&terms.join(" AND "))?) };
    let answer = board.features(&Query { filter, ..Query::default() })?;
    for row in answer.rows() {
        if voice.json {
            let mut line = serde_json::Map::new();
            line.insert("id".to_owned(), row.id().into());
            for (at, attribute) in answer.table().attributes().iter().enumerate() {
                if !row.value(at).is_null() {
                    line.insert(attribute.name.clone(), row.value(at).to_json());
                }
            }
            voice.answer(&serde_json::Value::Object(line).to_string());
        } else {
            let words = COLUMNS.map(|name| match row.named(name) {
                Value::Text(text) => {
                    let kind = &board.about().kind;
                    let term = kind.attribute(name).and_then(|a| a.domain.iter().find(|term| term.value == text));
                    term.map_or(text, |term| match voice.lang {
                        crate::text::Lang::Zh => &term.zh,
                        crate::text::Lang::En => &term.en,
                    })
                    .to_owned()
                }
                other => other.to_text(),
            });
            voice.answer(&format!("{}\t{}", row.id(), words.join("\t")));
        }
    }
    Ok(())
}
