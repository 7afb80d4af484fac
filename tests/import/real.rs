//! The real files of `../shared/data`.

use super::{Place, Source, codes, of, shared, text};

#[test]
fn gbk_shapefiles_without_a_word_of_their_encoding_come_in_as_chinese() {
    let Some(file) = shared("cn_pygeo_gbk_poi/chongqing_shp/区县界_area.shp") else { return };
    let place = Place::new();
    let report = place.run(&Source { kind: text("grid_cell"), ..of("区县", &file) }).unwrap();
    assert!(report.added > 30, "{report:?}");
    let table = place.table("区县");
    let named = table
        .attributes()
        .iter()
        .any(|attribute| table.rows().any(|row| row.named(&attribute.name).to_text().contains("区")));
    assert!(named, "{:?}", report.foreign);
    assert!(report.flaws.iter().all(|flaw| flaw.code != "flaw-undecodable"));
}

#[test]
fn a_road_network_comes_in_whole_and_a_second_time_changes_nothing() {
    let Some(file) = shared("cn_xian_roads_gbk/modifiedConn_link.shp") else { return };
    let place = Place::new();
    let wanted = Source {
        key: text("link_id"),
        fields: [("name".to_owned(), "road_name".to_owned())].into(),
        ..of("roads", &file)
    };
    let report = place.run(&wanted).unwrap();
    assert_eq!((report.rows, report.added, report.refused()), (9842, 9842, 0), "{:?}", &codes(&report)[..3]);
    assert!(place.table("roads").rows().any(|row| row.named("name").to_text().contains('路')));
    let before = place.state();
    let again = place.run(&wanted).unwrap();
    assert_eq!((again.unchanged, again.added, again.changed, again.absent), (9842, 0, 0, 0));
    assert_eq!(place.state(), before);
}

#[test]
fn school_points_of_a_map_service_are_moved_back_from_its_coordinates() {
    let Some(file) = shared("cn_pygeo_gbk_poi/poi/小学.csv") else { return };
    let place = Place::new();
    let asked = place.run(&of("schools", &file)).unwrap_err();
    assert_eq!(asked.code(), "import-crs-missing");
    assert!(place.state().is_empty());
    let report = place.run(&Source { crs: text("gcj02"), ..of("schools", &file) }).unwrap();
    assert!(report.added > 900, "{} {:?}", report.added, report.refused());
    let again = place.run(&Source { crs: text("gcj02"), ..of("schools", &file) }).unwrap();
    assert_eq!((again.added, again.changed, again.unchanged), (0, 0, report.added));
}

#[test]
fn a_shapefile_without_its_table_is_refused_by_name() {
    let Some(file) = shared("cn_pygeo_gbk_poi/orphan_no_shp_dbf/shenzhen_osmroad.shx") else { return };
    let place = Place::new();
    let fault = place.run(&of("roads", &file)).unwrap_err();
    assert_eq!((fault.code(), fault.fields()["missing"].as_str()), ("import-shapefile-part", ".shp"));
}
