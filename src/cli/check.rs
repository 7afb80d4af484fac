//! `xiangtu check MAP`: whether the figures agree, record by record; and what imports had to hand back.

use std::collections::BTreeMap;

use clap::ArgMatches;
use serde_json::{Value, json};

use crate::catalog::Catalog;
use crate::check::{self, Finding};
use crate::cli::{Voice, args};
use crate::fault::Fault;
use crate::import;
use crate::units::AsOf;

pub fn run(matches: &ArgMatches, voice: Voice) -> Result<(), Fault> {
    let catalog = Catalog::open(args::path(matches, "map")?)?;
    let as_of = args::day(matches, "as-of")?;
    let findings = check::run(catalog.collections(AsOf { day: as_of, known: None })?)?;
    let flaws = import::flaws(&catalog.map().dir)?;
    if voice.json {
        let checks: Vec<Value> = findings.iter().map(|finding| finding.to_json(voice.lang)).collect();
        let body = json!({"as_of": as_of.map(|day| day.to_string()), "checks": checks, "flaws": flaws});
        voice.answer(&body.to_string());
    } else {
        findings.iter().for_each(|finding| tell(finding, voice));
        for flaws in &flaws {
            let fields = BTreeMap::from([
                ("layer", flaws.layer.clone()),
                ("refused", flaws.refused.to_string()),
                ("repaired", flaws.repaired.to_string()),
                ("kept", flaws.kept.to_string()),
            ]);
            voice.answer(&voice.lang.sentence("cli-check-flaws", &fields));
        }
    }
    match findings.iter().filter(|finding| !finding.holds()).count() {
        0 => Ok(()),
        broken => Err(Fault::unprocessable("checks-broken").with("count", broken).with("of", findings.len())),
    }
}

fn tell(finding: &Finding, voice: Voice) {
    let figures = finding.figures.iter().map(|figure| format!("{} {}", figure.title.get(voice.lang), figure.value));
    let figures: Vec<String> = figures.collect();
    let word = voice.lang.word(if finding.holds() { "check-holds" } else { "check-broken" });
    let title = finding.check.title.get(voice.lang);
    voice.answer(&format!("{word}\t{}\t{title}\t{}", finding.collection, figures.join(voice.lang.comma())));
    for one in &finding.breaks {
        let name =
            if one.name.is_empty() || one.name == one.feature { String::new() } else { format!(" {}", one.name) };
        voice.answer(&format!("\t{}\t{}{name}\t{}", one.collection, one.feature, one.reason.get(voice.lang)));
    }
}
