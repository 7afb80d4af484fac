//! The tallies of the work done.

use serde_json::json;
use xiangtu::catalog::Catalog;
use xiangtu::query::Query;

use super::{figure, opened, told, town};
use crate::support::answer;

/// Events as the ledger tells them.
pub const EVENTS: &str = "\
id,layer,feature,event,on,quantity,unit,qualifier,area_m2,village,undone,lon,lat
e01,villages,v1,rubbish-cleared,2026-09-02,100,m3,准确,,东庄,false,117.43,39.6
e02,villages,v2,rubbish-cleared,2026-09-10,50.5,m3,余,,西庄,false,117.38,39.6
e03,villages,v1,rubbish-cleared,2026-09-11,3,t,准确,,东庄,false,117.43,39.6
e04,villages,v1,rubbish-cleared,2026-08-20,7,m3,准确,,东庄,false,117.43,39.6
e05,villages,v1,rubbish-cleared,2026-09-12,999,m3,准确,,东庄,true,117.43,39.6
e06,villages,v1,structures-demolished,2026-09-05,2,{place},准确,120,东庄,false,117.43,39.6
e07,villages,v2,structures-demolished,2026-10-30,1,{place},准确,30.5,西庄,false,117.38,39.6
e08,ponds,p1,cleaned,2026-10-01,,,,,东庄,false,117.43,39.6
e09,ponds,p2,cleaned,2026-10-02,4,m3,约,,东庄,false,117.43,39.6
e10,toilets,t1,cleaned,2026-10-03,,,,,西庄,false,117.38,39.6
e11,ponds,p1,changed,2026-10-03,,,,,东庄,false,117.43,39.6
e12,ponds,p1,noted,2026-10-03,,,,,东庄,false,117.43,39.6
e13,farms,f1,visited,2026-10-05,,,,,,false,117.5,39.6
e14,villages,v1,rubbish-cleared,2026-11-05,8,m3,准确,,东庄,false,117.43,39.6
";

#[test]
fn work_adds_up_by_item_and_unit_and_what_was_undone_does_not_count() {
    let properties = ["title", "unit", "count", "quantity", "at_least", "area_m2", "first_on", "last_on"];
    let found = told("tallies~from=2026-09-01~events=work-log@2026-10-31", &properties);
    let expected = [
        // A pond is cleaned, and so is a toilet: two items.
        ["cleaned:m3::ponds", "坑塘沟渠：清理", "m3", "1", "4", "true", "", "2026-10-02", "2026-10-02"],
        ["cleaned:::ponds", "坑塘沟渠：清理", "", "1", "", "", "", "2026-10-01", "2026-10-01"],
        ["cleaned:::toilets", "公厕：保洁", "", "1", "", "", "", "2026-10-03", "2026-10-03"],
        ["rubbish-cleared:m3", "清垃圾", "m3", "2", "150.5", "true", "", "2026-09-02", "2026-09-10"],
        ["rubbish-cleared:t", "清垃圾", "t", "1", "3", "false", "", "2026-09-11", "2026-09-11"],
        ["structures-demolished:{place}", "拆违建", "{place}", "2", "3", "false", "150.5", "2026-09-05", "2026-10-30"],
        ["visited", "走访", "", "1", "", "", "", "2026-10-05", "2026-10-05"],
    ];
    assert_eq!(found, expected);
    let without_start = told("tallies~events=work-log@2026-10-31", &["quantity"]);
    assert!(without_start.contains(&vec!["rubbish-cleared:m3".to_owned(), "157.5".to_owned()]), "{without_start:?}");
    let later = told("tallies~events=work-log@2026-11-05", &["quantity"]);
    assert!(later.contains(&vec!["rubbish-cleared:m3".to_owned(), "165.5".to_owned()]), "{later:?}");
}

#[test]
fn the_villages_sums_are_the_towns_and_each_lies_where_its_village_does() {
    let id = "tallies~from=2026-09-01~by=village~events=work-log@2026-10-31";
    let found = told(id, &["village", "count", "quantity"]);
    let rubbish: Vec<_> = found.iter().filter(|row| row[0].starts_with("rubbish-cleared:m3")).collect();
    assert_eq!(
        rubbish,
        [&["rubbish-cleared:m3:东庄", "东庄", "1", "100"], &["rubbish-cleared:m3:西庄", "西庄", "1", "50.5"]]
    );
    let answer = opened(id).features(&Query::default()).unwrap();
    for row in answer.rows() {
        let placed = row.named("village").to_text();
        let west = row.shape().bbox().map(|bbox| bbox.west);
        let expected = match placed.as_str() {
            "东庄" => Some(117.42),
            "西庄" => Some(117.37),
            _ => None,
        };
        assert_eq!(west, expected, "{}", row.id());
    }
    assert_eq!((figure(id, "events"), figure(id, "villages_told")), (json!(9), json!(2)));
    let town = "tallies~from=2026-09-01~events=work-log@2026-10-31";
    assert_eq!((figure(town, "events"), figure(town, "first_on")), (json!(9), json!("2026-09-02")));
}

#[test]
fn the_command_line_takes_the_parameters_as_they_are_called() {
    let map = town();
    let question =
        ["tallies", "--from", "2026-09-01", "--by", "village", "--events", "work-log", "--as-of", "2026-10-31"];
    let found = answer(&[&["query", map.to_str().unwrap()], &question[..]].concat());
    assert_eq!(found["features"].as_array().unwrap().len(), 9);
}

#[test]
fn a_day_has_one_spelling_in_an_address() {
    let spelled = |id: &str| opened(id).about().id.clone();
    assert_eq!(spelled("tallies~from=20260901"), "tallies~from=2026-09-01");
    assert_eq!(spelled("tallies~by=town"), "tallies");
    let refused = Catalog::open(&town()).unwrap().resolve("tallies~from=2026-09-31").err().unwrap();
    assert_eq!((refused.code(), refused.fields()["parameter"].as_str()), ("parameter-not-day", "from"));
}
