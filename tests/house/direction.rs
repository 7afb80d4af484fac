//! Nothing reaches upward: read off the `use crate::` lines.

use super::{root, sources};

/// The floors, ground first. A room may use those of floors below, and itself.
const FLOORS: &[&[&str]] = &[
    &["fault", "units", "data"],
    &["text", "stop", "threads"],
    &["geo"],
    &["siting"],
    &["kind", "rules"],
    &["event"],
    &["query", "filter", "table"],
    &["network"],
    &["collection"],
    &["layer"],
    &["map", "store", "evidence"],
    &["account"],
    &["import", "analysis"],
    &["catalog", "province", "job"],
    &["check"],
    &["ledger"],
    &["encode", "tile"],
    &["http"],
    &["cli"],
];

/// Neighbours on one floor that may use each other, and the one step up that words need: a title is looked up by code.
const ARROWS: &[(&str, &str)] =
    &[("query", "filter"), ("filter", "table"), ("table", "filter"), ("table", "query"), ("store", "map")];

fn floor(room: &str) -> usize {
    FLOORS.iter().position(|floor| floor.contains(&room)).unwrap_or_else(|| panic!("{room} has no floor"))
}

#[test]
fn no_room_uses_one_above_it_or_beside_it() {
    let mut faults = Vec::new();
    let mut looked_at = 0;
    for (path, text) in sources() {
        let inside = path.strip_prefix(root().join("src")).unwrap();
        let room = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if matches!(room, "main" | "lib") {
            continue;
        }
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for used in line.split("crate::").skip(1) {
                let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if used == room || used.is_empty() {
                    continue;
                }
                looked_at += 1;
                let lower = floor(&used) < floor(room);
                if !lower && !ARROWS.contains(&(room, used.as_str())) {
                    faults.push(format!("{}: {room} uses {used}", inside.display()));
                }
            }
        }
    }
    assert!(looked_at > 50, "imports were read");
    assert!(faults.is_empty(), "{faults:#?}");
}

/// What only one room, or two, may name.
const WHAT: &[&str] =
    &["rusqlite", "axum", "geographiclib_rs", "i_overlay", "highs::", "gdal::", "clap", "image::", "exif::"];

#[test]
fn only_the_rooms_for_it_know_a_database_a_projection_or_a_status() {
    let may = |room: &str, what: &str| match what {
        "rusqlite" => room == "store",
        "axum" => room == "http",
        "geographiclib_rs" | "i_overlay" => room == "geo",
        "highs::" => room == "siting",
        "gdal::" => matches!(room, "geo" | "import" | "encode"),
        "clap" => room == "cli",
        "image::" | "exif::" => room == "evidence",
        _ => false,
    };
    for (path, text) in sources() {
        let inside = path.strip_prefix(root().join("src")).unwrap();
        let room = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        for what in WHAT {
            let named = text.lines().any(|line| line.trim_start().starts_with("use ") && line.contains(what));
            assert!(!named || may(room, what), "{}: {what} has no business there", inside.display());
        }
    }
}

#[test]
fn what_is_read_over_http_is_read_through_somebodys_eyes() {
    // A catalogue's own methods show everything in clear; `App::shown` gives what whoever asks may see.
    let clear = [
        "catalog.get(",
        "catalog.resolve(",
        "catalog.collections(",
        "catalog.bind(",
        "catalog.layer(",
        "&app.catalog,",
    ];
    for (path, text) in sources().iter().filter(|(path, _)| path.starts_with(root().join("src/http"))) {
        for call in clear {
            assert!(!text.contains(call), "{} calls {call}…)", path.display());
        }
    }
}
