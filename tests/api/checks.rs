//! The cross-foot over HTTP.

use super::town;

#[test]
fn checks_name_their_figures_and_refuse_a_day_that_is_none() {
    let found = town().get("/checks").json();
    let checks = found["checks"].as_array().unwrap();
    assert!(checks.iter().any(|check| check["id"] == "farms-in-and-out-of-settlements"), "{found}");
    for check in checks {
        assert!(
            check["title"].is_string() && check["titles"]["zh"].is_string() && check["holds"].is_boolean(),
            "{check}"
        );
        assert_eq!(check["holds"], check["breaks"].as_array().unwrap().is_empty(), "{check}");
        for figure in check["figures"].as_array().unwrap() {
            assert!(figure["title"].is_string() && figure["value"].is_u64(), "{check}");
        }
    }
    let english = town().get("/checks?lang=en&as-of=2026-09-30").json();
    assert_eq!(english["as_of"], "2026-09-30");
    assert!(english["checks"][0]["title"].as_str().unwrap().is_ascii(), "{english}");
    for (query, word) in [("as-of=yesterday", "as-of"), ("day=2026-09-30", "day")] {
        let refused = town().get(&format!("/checks?{query}"));
        assert_eq!(refused.status, 400);
        assert!(refused.json().to_string().contains(word), "{}", refused.json());
    }
}
