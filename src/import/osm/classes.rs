//! What OpenStreetMap's tags mean as our kinds. Column names are the kinds' attributes; `osm_tag` is the tag behind it.

use crate::import::source::Cell;

/// A layer of a new map, its kind, and the columns that its features come with.
pub struct Target {
    /// Its name.
    pub layer: &'static str,
    /// What its features are.
    pub kind: &'static str,
    /// `osm_id`, then attributes.
    pub columns: &'static [&'static str],
}

/// The layers of a new map.
pub const TARGETS: [Target; 8] = [
    Target { layer: "villages", kind: "village", columns: &["osm_id", "name", "population", "estimated", "osm_tag"] },
    Target {
        layer: "roads",
        kind: "road",
        columns: &["osm_id", "name", "ref", "class", "oneway", "speed_kmh", "width_m", "surface", "osm_tag"],
    },
    Target { layer: "ponds", kind: "waterbody", columns: &["osm_id", "name", "type", "osm_tag"] },
    Target { layer: "farms", kind: "farm", columns: &["osm_id", "name", "osm_tag"] },
    Target { layer: "schools", kind: "school", columns: &["osm_id", "name", "level", "osm_tag"] },
    Target { layer: "toilets", kind: "toilet", columns: &["osm_id", "name", "access", "flush", "osm_tag"] },
    Target { layer: "waste-points", kind: "waste_point", columns: &["osm_id", "name", "type", "osm_tag"] },
    Target { layer: "railways", kind: "railway", columns: &["osm_id", "name", "class", "osm_tag"] },
];

/// Tags of a feature, by key.
pub struct Tags<'a>(pub &'a dyn Fn(&str) -> Option<String>);

impl Tags<'_> {
    fn get(&self, key: &str) -> Option<String> {
        (self.0)(key)
    }

    fn is(&self, key: &str, values: &[&str]) -> Option<String> {
        self.get(key).filter(|value| values.contains(&value.as_str())).map(|value| format!("{key}={value}"))
    }
}

/// What a feature is: the target's place in `TARGETS`, and the cells behind `osm_id` and `name`.
pub type Found = (usize, Vec<Cell>);

const BUILDINGS: [&str; 11] = [
    "farm",
    "farm_auxiliary",
    "barn",
    "cowshed",
    "sty",
    "pigsty",
    "stable",
    "livestock",
    "poultry_house",
    "chicken_coop",
    "slurry_tank",
];

fn term(value: Option<&str>) -> Cell {
    value.map_or(Cell::Null, Cell::text)
}

/// A place that people live in: its tag.
pub fn place(tags: &Tags<'_>) -> Option<String> {
    tags.is("place", &["town", "village", "hamlet"])
}

/// Whether a farm's tag is that of a building, which belongs to a farmyard that it stands in.
pub fn is_building(tag: &str) -> bool {
    tag.starts_with("building=")
}

/// Points and polygons.
pub fn site(tags: &Tags<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    let farm = tags.is("landuse", &["farmyard", "animal_keeping"]).or_else(|| tags.is("building", &BUILDINGS));
    if let Some(tag) = farm {
        found.push((3, vec![Cell::Text(tag)]));
    }
    if let Some(tag) = tags.is("amenity", &["school", "kindergarten"]) {
        let level = tag.ends_with("kindergarten").then_some("kindergarten");
        found.push((4, vec![term(level), Cell::Text(tag)]));
    }
    if let Some(tag) = tags.is("amenity", &["toilets"]) {
        let access = tags.get("access").and_then(|access| match access.as_str() {
            "yes" | "public" | "permissive" => Some("public"),
            "customers" => Some("customers"),
            "no" | "private" => Some("closed"),
            _ => None,
        });
        let flush = tags.get("toilets:disposal").and_then(|disposal| match disposal.as_str() {
            "flush" => Some("flush"),
            "pitlatrine" => Some("dry"),
            "chemical" => Some("mobile"),
            _ => None,
        });
        found.push((5, vec![term(access), term(flush), Cell::Text(tag)]));
    }
    let amenities = ["waste_disposal", "waste_transfer_station", "recycling", "waste_basket"];
    if let Some(tag) = tags.is("amenity", &amenities).or_else(|| tags.is("landuse", &["landfill"])) {
        let class = match tag.as_str() {
            "amenity=waste_transfer_station" => Some("transfer"),
            "landuse=landfill" => None,
            _ => Some("collection"),
        };
        found.push((6, vec![term(class), Cell::Text(tag)]));
    }
    found
}

/// Standing and running water that has an area.
pub fn water_area(tags: &Tags<'_>) -> Option<Found> {
    let tag = tags
        .is("natural", &["water"])
        .or_else(|| tags.is("landuse", &["reservoir", "basin", "pond", "aquaculture"]))
        .or_else(|| tags.is("waterway", &["riverbank", "canal", "ditch", "drain"]))?;
    let water = tags.get("water").unwrap_or_default();
    let class = match (tag.as_str(), water.as_str()) {
        (_, "pond" | "fishpond" | "basin" | "wastewater" | "fish_pass") => Some("pond"),
        (_, "reservoir") | ("landuse=reservoir", _) => Some("reservoir"),
        (_, "lake" | "oxbow" | "lagoon") => Some("lake"),
        (_, "river" | "stream" | "stream_pool" | "rapids") | ("waterway=riverbank", _) => Some("river"),
        (_, "canal") | ("waterway=canal", _) => Some("canal"),
        (_, "ditch" | "drain") | ("waterway=ditch" | "waterway=drain", _) => Some("ditch"),
        ("landuse=basin" | "landuse=pond" | "landuse=aquaculture", _) => Some("pond"),
        _ => None,
    };
    Some((2, vec![term(class), Cell::Text(tag)]))
}

/// Running water drawn as a line.
pub fn water_line(tags: &Tags<'_>) -> Option<Found> {
    let tag = tags.is("waterway", &["ditch", "drain", "canal", "stream", "river"])?;
    let class = match tag.as_str() {
        "waterway=canal" => "canal",
        "waterway=stream" | "waterway=river" => "river",
        _ => "ditch",
    };
    Some((2, vec![term(Some(class)), Cell::Text(tag)]))
}

/// A railway on which trains run; one that is planned, built or given up has no safety band.
pub fn railway(tags: &Tags<'_>) -> Option<Found> {
    let tag = tags.is("railway", &["rail", "narrow_gauge"])?;
    let class = if tags.is("highspeed", &["yes"]).is_some() { "high_speed" } else { "conventional" };
    Some((7, vec![term(Some(class)), Cell::Text(tag)]))
}

/// A road or path. What has no class of ours keeps its tag and no class.
pub fn road(tags: &Tags<'_>) -> Option<Found> {
    let highway = tags.get("highway")?;
    if ["proposed", "construction", "razed", "abandoned", "platform", "rest_area", "services"]
        .contains(&highway.as_str())
    {
        return None;
    }
    let class = match highway.trim_end_matches("_link") {
        "motorway" => Some("motorway"),
        "trunk" => Some("national"),
        "primary" => Some("provincial"),
        "secondary" => Some("county"),
        "tertiary" => Some("township"),
        "unclassified" | "residential" | "living_street" | "road" => Some("village"),
        "track" | "service" => Some("track"),
        _ => None,
    };
    let surface = tags.get("surface").and_then(|surface| match surface.as_str() {
        "asphalt" | "paved" => Some("asphalt"),
        "concrete" | "concrete:plates" | "concrete:lanes" => Some("concrete"),
        "gravel" | "fine_gravel" | "compacted" | "pebblestone" => Some("gravel"),
        "earth" | "dirt" | "ground" | "mud" | "sand" | "grass" => Some("earth"),
        _ => None,
    });
    let width = tags.get("width").and_then(|width| width.trim_end_matches(['m', ' ']).parse().ok());
    let width = width.map_or(Cell::Null, Cell::float);
    let route = tags.get("ref").map_or(Cell::Null, |route| Cell::text(&route));
    Some((
        1,
        vec![
            route,
            term(class),
            term(oneway(tags, &highway)),
            speed_kmh(tags),
            width,
            term(surface),
            Cell::Text(format!("highway={highway}")),
        ],
    ))
}

/// Which way one may go: as it is tagged, else one way on motorways and roundabouts, as OpenStreetMap takes for granted.
fn oneway(tags: &Tags<'_>, highway: &str) -> Option<&'static str> {
    match tags.get("oneway").as_deref() {
        Some("yes" | "true" | "1") => Some("yes"),
        Some("-1" | "reverse") => Some("reverse"),
        Some("no" | "false" | "0") => Some("no"),
        // Now this way, now that.
        Some(_) => None,
        None => {
            let round = tags.is("junction", &["roundabout", "circular"]).is_some();
            (round || highway == "motorway").then_some("yes")
        }
    }
}

/// The speed limit: a number of kilometres an hour, or of another unit that stands behind it. `none`, `walk` and `CN:rural` are none.
fn speed_kmh(tags: &Tags<'_>) -> Cell {
    const MILE_KM: f64 = 1.609_344;
    let said = tags.get("maxspeed").unwrap_or_default();
    let (number, unit) = said.split_at(said.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(said.len()));
    let factor = match unit.trim() {
        "" | "km/h" | "kmh" | "kph" => 1.0,
        "mph" => MILE_KM,
        _ => return Cell::Null,
    };
    number.parse::<f64>().map_or(Cell::Null, |number| Cell::float(number * factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fishpond_is_a_pond_and_a_link_road_has_the_class_of_what_it_links() {
        let tags = |list: &'static [(&str, &str)]| {
            move |key: &str| list.iter().find(|(k, _)| *k == key).map(|(_, v)| (*v).to_owned())
        };
        let water = tags(&[("natural", "water"), ("water", "fishpond")]);
        assert_eq!(water_area(&Tags(&water)).map(|(_, cells)| cells[0].clone()), Some(Cell::text("pond")));
        let link = tags(&[("highway", "motorway_link"), ("ref", "A 9")]);
        let (_, cells) = road(&Tags(&link)).unwrap();
        assert_eq!(cells[..2], [Cell::text("A 9"), Cell::text("motorway")]);
        // A motorway is one way unless it says otherwise, and its links are as they say.
        assert_eq!(cells[2], Cell::Null);
        assert!(site(&Tags(&tags(&[("amenity", "parking")]))).is_empty());
    }

    #[test]
    fn one_way_and_speed_come_as_they_are_tagged_or_as_is_taken_for_granted() {
        let said = |list: &[(&str, &str)]| {
            let tag = |key: &str| list.iter().find(|(k, _)| *k == key).map(|(_, v)| (*v).to_owned());
            let (_, cells) = road(&Tags(&tag)).unwrap();
            (cells[2].clone(), cells[3].clone())
        };
        for (word, meant) in [("yes", "yes"), ("1", "yes"), ("-1", "reverse"), ("no", "no")] {
            assert_eq!(said(&[("highway", "residential"), ("oneway", word)]).0, Cell::text(meant), "{word}");
        }
        assert_eq!(said(&[("highway", "residential"), ("oneway", "reversible")]).0, Cell::Null);
        assert_eq!(said(&[("highway", "residential")]), (Cell::Null, Cell::Null));
        assert_eq!(said(&[("highway", "motorway")]).0, Cell::text("yes"));
        assert_eq!(said(&[("highway", "motorway"), ("oneway", "no")]).0, Cell::text("no"));
        assert_eq!(said(&[("highway", "tertiary"), ("junction", "roundabout")]).0, Cell::text("yes"));
        for (word, kmh) in [("50", 50.0), ("40 km/h", 40.0), ("30 mph", 48.280_32)] {
            assert_eq!(said(&[("highway", "primary"), ("maxspeed", word)]).1, Cell::float(kmh), "{word}");
        }
        for word in ["none", "walk", "CN:rural", "50;30", "mph", ""] {
            assert_eq!(said(&[("highway", "primary"), ("maxspeed", word)]).1, Cell::Null, "{word}");
        }
    }
}
