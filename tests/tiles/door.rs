//! Tiles over HTTP.

use serde_json::json;
use xiangtu::tile::TileId;

use super::decode;
use crate::api::server::{self, Answer, LAYERS, Server, town};

/// The tile of a zoom in the middle of a collection, by its own TileJSON.
fn middle(server: &Server, collection: &str, z: u8) -> (TileId, String) {
    let tileset = server.get(&format!("/collections/{collection}/tiles/WebMercatorQuad")).json();
    let [lng, lat] = [0, 1].map(|k| tileset["center"][k].as_f64().unwrap());
    let limits = TileId::limits([lng, lat, lng, lat], z);
    let tile = TileId { z, row: limits.rows[0], col: limits.cols[0] };
    let template = tileset["tiles"][0].as_str().unwrap();
    let href = template
        .replace("{z}", &z.to_string())
        .replace("{y}", &tile.row.to_string())
        .replace("{x}", &tile.col.to_string());
    (tile, server.path(&href).to_owned())
}

fn refused(path: &str) -> (u16, String, String) {
    let answer = town().get(path);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
    let problem = answer.json();
    let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    (answer.status, text("code"), text("parameter"))
}

fn ids(answer: &Answer, tile: TileId, layer: &str) -> Vec<String> {
    decode(&answer.body, tile).remove(layer).unwrap_or_default().into_iter().map(|seen| seen.id).collect()
}

#[test]
fn a_tileset_is_ogcs_and_tilejson_at_once() {
    let answer = town().get("/collections/villages/tiles/WebMercatorQuad");
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let tileset = answer.json();
    assert_eq!((&tileset["tilejson"], &tileset["scheme"]), (&json!("3.0.0"), &json!("xyz")));
    assert_eq!((&tileset["minzoom"], &tileset["maxzoom"]), (&json!(0), &json!(16)));
    assert!(tileset["tiles"][0].as_str().unwrap().ends_with("/WebMercatorQuad/{z}/{y}/{x}"));
    assert_eq!(tileset["bounds"].as_array().unwrap().len(), 4);
    assert_eq!(tileset["vector_layers"][0]["id"], "villages");
    assert_eq!(tileset["vector_layers"][0]["fields"], json!({"id": "String", "name": "String"}));
    assert_eq!(tileset["vector_layers"][1]["fields"], json!({"shown": "Number", "left_out": "Number"}));
    assert!(!tileset["description"].as_str().unwrap().is_empty());
    assert_eq!(tileset["dataType"], "vector");
    assert_eq!(tileset["crs"], "http://www.opengis.net/def/crs/EPSG/0/3857");
    assert_eq!(tileset["layers"][0]["geometryDimension"], 2);
    let limits = tileset["tileMatrixSetLimits"].as_array().unwrap();
    assert_eq!((limits.len(), &limits[0]["maxTileRow"]), (17, &json!(0)));
    let item = tileset["links"].as_array().unwrap().iter().find(|link| link["rel"] == "item").unwrap();
    assert!(item["href"].as_str().unwrap().ends_with("/{tileMatrix}/{tileRow}/{tileCol}"));
    assert_eq!(item["templated"], true);
    let asked = town().get("/collections/villages/tiles/WebMercatorQuad?properties=households,name").json();
    assert_eq!(asked["vector_layers"][0]["fields"], json!({"id": "String", "name": "String", "households": "Number"}));
    assert!(asked["tiles"][0].as_str().unwrap().contains("properties=households"));
}

#[test]
fn the_tilesets_and_the_matrix_set_are_found_by_links() {
    let link = |document: &serde_json::Value, rel: &str| -> serde_json::Value {
        let links = document["links"].as_array().unwrap();
        let link = links.iter().find(|link| link["rel"] == rel).unwrap_or_else(|| panic!("{rel}: {links:?}"));
        town().get(town().path(link["href"].as_str().unwrap())).json()
    };
    let rel = |word: &str| format!("http://www.opengis.net/def/rel/ogc/1.0/{word}");
    let tilesets = link(&town().get("/collections/farms").json(), &rel("tilesets-vector"));
    let tileset = link(&tilesets["tilesets"][0], "self");
    assert_eq!(tileset["layers"][0]["id"], "farms");
    let quad = link(&tileset, &rel("tiling-scheme"));
    assert_eq!(quad["tileMatrices"].as_array().unwrap().len(), 25);
    // As OGC 17-083r4 has them, D.1.
    for (z, scale, cell) in
        [(0, 559_082_264.028_717, 156_543.033_928_041), (12, 136_494.693_366_386, 38.218_514_142_588)]
    {
        let matrix = &quad["tileMatrices"][z];
        assert!((matrix["scaleDenominator"].as_f64().unwrap() / scale - 1.0).abs() < 1e-11);
        assert!((matrix["cellSize"].as_f64().unwrap() / cell - 1.0).abs() < 1e-11);
        assert_eq!(matrix["matrixWidth"], 1 << z);
    }
    let sets = link(&town().get("/?f=json").json(), &rel("tiling-schemes"));
    assert_eq!(link(&sets["tileMatrixSets"][0], "self"), quad);
    let classes = town().get("/conformance").json().to_string();
    for class in ["core", "tileset", "tilesets-list", "geodata-tilesets", "mvt"] {
        assert!(classes.contains(&format!("/ogcapi-tiles-1/1.0/conf/{class}\"")), "{class}");
    }
}

#[test]
fn every_collection_gives_tiles_analyses_included() {
    let all = town().get("/collections").json();
    let mut analyses = 0;
    for one in all["collections"].as_array().unwrap() {
        let id = one["id"].as_str().unwrap();
        if one["count"] == 0 {
            continue;
        }
        let (tile, path) = middle(town(), id, 9);
        let answer = town().get(&path);
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/vnd.mapbox-vector-tile"), "{id}");
        assert!(!ids(&answer, tile, id).is_empty(), "{id}");
        analyses += usize::from(one["analysis"].is_string());
    }
    assert!(analyses >= 3);
    // In another spelling: a redirect that keeps what follows.
    let answer = town().get("/collections/farms-near-schools~distance=500/tiles/WebMercatorQuad/0/0/0?properties=");
    assert_eq!(answer.status, 308);
    assert_eq!(answer.header("location"), "/collections/farms-near-schools/tiles/WebMercatorQuad/0/0/0?properties=");
}

#[test]
fn names_are_chinese_and_properties_are_those_asked_for() {
    let (tile, path) = middle(town(), "villages", 10);
    let seen = decode(&town().get(&path).body, tile).remove("villages").unwrap();
    let named: std::collections::BTreeMap<String, String> =
        town().get("/collections/villages/items").json()["features"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| (f["id"].as_str().unwrap().to_owned(), f["properties"]["name"].as_str().unwrap().to_owned()))
            .collect();
    assert!(named.values().any(|name| !name.is_ascii()), "{named:?}");
    for one in &seen {
        assert_eq!(one.properties["name"], named[&one.id]);
    }
    let bare = decode(&town().get(&format!("{path}?properties=")).body, tile).remove("villages").unwrap();
    assert!(
        bare.iter().all(|one| one.properties.is_empty() && named.contains_key(&one.id)),
        "{:?}",
        bare[0].properties
    );
    let one = decode(&town().get(&format!("{path}?properties=households,id")).body, tile).remove("villages").unwrap();
    assert!(one.iter().all(|one| one.properties.keys().eq(["households"])), "{:?}", one[0].properties);
    let (tile, path) = middle(town(), "ponds", 10);
    let ponds = decode(&town().get(&format!("{path}?properties=cleaned")).body, tile).remove("ponds").unwrap();
    let days: Vec<&String> = ponds.iter().filter_map(|one| one.properties.get("cleaned")).collect();
    assert!(days.len() > 3 && days.iter().all(|day| day.len() == 10 && day.starts_with("20")), "{days:?}");
}

#[test]
fn what_is_not_there_is_refused_by_name() {
    let tile = |rest: &str| format!("/collections/farms/tiles/WebMercatorQuad/{rest}");
    let cases = [
        (tile("17/0/0"), 404, "tile-out-of-range", "tileMatrix"),
        (tile("x/0/0"), 404, "tile-out-of-range", "tileMatrix"),
        (tile("3/8/0"), 404, "tile-out-of-range", "tileRow"),
        (tile("3/0/8"), 404, "tile-out-of-range", "tileCol"),
        (tile("3/0/-1"), 404, "tile-out-of-range", "tileCol"),
        (tile("3/0/0?colour=red"), 400, "query-unknown", "colour"),
        (tile("3/0/0?limit=10"), 400, "query-unknown", "limit"),
        (tile("9/0/0?properties=colour"), 400, "attribute-unknown", "properties"),
        (tile("3/0/0?f=png"), 400, "format-unknown", "f"),
        ("/collections/farms/tiles/WorldCRS84Quad".to_owned(), 404, "tile-scheme-unknown", ""),
        ("/collections/farms/tiles/WorldCRS84Quad/0/0/0".to_owned(), 404, "tile-scheme-unknown", ""),
        ("/tileMatrixSets/WorldCRS84Quad".to_owned(), 404, "tile-scheme-unknown", ""),
        ("/collections/nowhere/tiles".to_owned(), 404, "collection-unknown", ""),
        ("/collections/nowhere/tiles/WebMercatorQuad/0/0/0".to_owned(), 404, "collection-unknown", ""),
    ];
    for (path, status, code, parameter) in cases {
        assert_eq!(refused(&path), (status, code.to_owned(), parameter.to_owned()), "{path}");
    }
    let empty = town().get(&tile("9/0/0"));
    assert_eq!((empty.status, empty.body.len(), empty.header("xiangtu-left-out")), (204, 0, "0"));
    assert!(!empty.header("etag").is_empty());
}

#[test]
fn a_tile_is_packed_once_and_known_by_its_tag() {
    let (_, path) = middle(town(), "farms", 11);
    let plain = town().get_with(&path, &[("accept-encoding", "identity")]);
    let packed = town().get_with(&path, &[("accept-encoding", "gzip, br")]);
    assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), ("", "gzip"));
    assert_eq!(packed.body[..2], [0x1f, 0x8b], "as it came");
    assert!(packed.body.len() < plain.body.len());
    let all = |answer: &Answer, name: &str| -> String {
        let values = answer.headers.get_all(name).iter().map(|value| value.to_str().unwrap());
        values.collect::<Vec<_>>().join(", ")
    };
    assert!(all(&packed, "vary").contains("Accept-Encoding") && all(&packed, "vary").contains("Accept-Language"));
    for answer in [&plain, &packed] {
        let tag = answer.header("etag");
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag} is strong");
        assert_eq!(answer.header("cache-control"), "no-cache");
        let again = town().get_with(&path, &[("if-none-match", tag)]);
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
    assert_ne!(plain.header("etag"), packed.header("etag"));
    let other = town().get(&format!("{path}?properties="));
    assert_ne!(other.header("etag"), plain.header("etag"));
}

#[test]
fn an_edit_is_in_the_next_tile_and_a_settled_day_never_changes() {
    let server = server::start();
    let (tile, path) = middle(&server, "ponds", 10);
    let before = server.get(&path);
    let was = ids(&before, tile, "ponds");
    let id = was[0].clone();
    let settled = server.get(&path.replace("/ponds/", "/ponds@2026-08-26@2026-08-26/"));
    assert_eq!(settled.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(server.get(&path.replace("/ponds/", "/ponds@2026-08-26/")).header("cache-control"), "no-cache");
    let far = server.get(&path.replace("/ponds/", "/ponds@2026-08-26@2199-01-01/"));
    assert_eq!(far.header("cache-control"), "no-cache", "an evening that is not over yet");
    let item = format!("/collections/ponds/items/{id}");
    let tag = server.get(&item).header("etag").to_owned();
    let gone = server.request("DELETE", &item, &[("if-match", &tag)], "");
    assert_eq!(gone.status, 204, "{}", String::from_utf8_lossy(&gone.body));
    let after = server.get_with(&path, &[("if-none-match", before.header("etag"))]);
    assert_eq!(after.status, 200);
    let is = ids(&after, tile, "ponds");
    assert!(!is.contains(&id) && is.len() + 1 >= was.len(), "{id}: {was:?} {is:?}");
    assert_ne!(after.header("etag"), before.header("etag"));
}

#[test]
fn what_is_left_out_is_said_in_the_tile_and_its_headers() {
    let count = |name: &str| LAYERS.iter().find(|(layer, _)| *layer == name).unwrap().1;
    let (tile, path) = middle(town(), "households", 6);
    let answer = town().get(&path);
    let figure = |name: &str| answer.header(name).parse::<usize>().unwrap();
    let (shown, left_out) = (figure("xiangtu-shown"), figure("xiangtu-left-out"));
    assert!(left_out > 0 && shown > 0);
    assert_eq!(shown + left_out, count("households"));
    let mut layers = decode(&answer.body, tile);
    assert_eq!(layers["households"].len(), shown);
    let said = layers.remove("left-out").unwrap();
    assert_eq!(said[0].properties["left_out"], format!("IntegerValue({left_out})"));
}
