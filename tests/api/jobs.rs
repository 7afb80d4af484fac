//! Long exports as jobs: progress, the file, and nobody else's.

use std::time::Duration;

use serde_json::Value;

use super::server::{Answer, Server, start};
use super::town;
use crate::account::town::{done, town as peopled};

const ASYNC: (&str, &str) = ("prefer", "respond-async");

/// Asks until the job is over; what it says then.
fn over(server: &Server, path: &str, with: &[(&str, &str)]) -> Value {
    let mut last = 0;
    for _ in 0..600 {
        let job = server.get_with(path, with).json();
        let progress = job["progress"].as_u64().unwrap();
        assert!(progress >= last && progress <= 100, "{job}");
        last = progress;
        if !matches!(job["status"].as_str(), Some("accepted" | "running")) {
            return job;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{path} does not end");
}

fn part(server: &Server, path: &str, headers: &[(&str, &str)]) -> Answer {
    server.request("GET", path, headers, "")
}

#[test]
fn a_long_export_is_a_job_whose_file_is_the_direct_answer() {
    for format in ["csv", "geojsonseq", "fgb", "shp"] {
        let path = format!("/collections/farms/items?f={format}&sortby=name");
        let asked = town().get_with(&path, &[ASYNC]);
        assert_eq!((asked.status, asked.header("preference-applied")), (202, "respond-async"), "{format}");
        let location = asked.header("location").to_owned();
        assert_eq!(asked.json()["jobID"], location.trim_start_matches("/jobs/"));
        let job = over(town(), &location, &[]);
        assert_eq!((&job["status"], &job["progress"]), (&"successful".into(), &100.into()), "{job}");
        assert_eq!(
            (&job["collection"], &job["format"], &job["features"]),
            (&"farms".into(), &format.into(), &60.into())
        );
        for name in ["created", "started", "finished", "updated"] {
            assert!(job[name].as_str().unwrap().ends_with('Z'), "{name}");
        }
        let link =
            job["links"].as_array().unwrap().iter().find(|link| link["rel"].as_str().unwrap().ends_with("/results"));
        let results = town().path(link.unwrap()["href"].as_str().unwrap()).to_owned();
        let (made, direct) = (town().get(&results), town().get(&path));
        assert_eq!(made.body.len(), direct.body.len(), "{format}");
        // What GDAL makes says when it was made.
        if !matches!(format, "shp") {
            assert_eq!(made.body, direct.body, "{format}");
        }
        for name in ["content-type", "content-disposition", "content-crs", "ogc-numbermatched"] {
            assert_eq!(made.header(name), direct.header(name), "{name}");
        }
        parts(&results, &made);
        assert!(town().get("/jobs").json()["jobs"].as_array().unwrap().iter().any(|one| one["jobID"] == job["jobID"]));
        let gone = town().request("DELETE", &location, &[], "");
        assert_eq!((gone.status, &gone.json()["status"]), (200, &"dismissed".into()));
        assert_eq!((town().get(&location).status, town().get(&results).status), (404, 404));
    }
}

/// The file in parts.
fn parts(results: &str, whole: &Answer) {
    let etag = whole.header("etag").to_owned();
    assert!(etag.starts_with('"'), "{etag}");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let length = whole.body.len();
    let first = part(town(), results, &[("range", "bytes=0-9"), ("accept-encoding", "gzip")]);
    assert_eq!((first.status, &first.body[..]), (206, &whole.body[..10]));
    assert_eq!(first.header("content-range"), format!("bytes 0-9/{length}"));
    let rest = part(town(), results, &[("range", "bytes=10-"), ("if-range", &etag)]);
    assert_eq!((rest.status, [&first.body[..], &rest.body[..]].concat() == whole.body), (206, true));
    let last = part(town(), results, &[("range", "bytes=-5")]);
    assert_eq!(&last.body[..], &whole.body[length - 5..]);
    let changed = part(town(), results, &[("range", "bytes=10-"), ("if-range", "\"another\"")]);
    assert_eq!((changed.status, changed.body.len()), (200, length));
    let behind = part(town(), results, &[("range", &format!("bytes={length}-"))]);
    assert_eq!((behind.status, behind.header("content-range")), (416, &*format!("bytes */{length}")));
    assert_eq!(behind.json()["code"], "range-unsatisfiable");
    let packed = part(town(), results, &[("accept-encoding", "gzip")]);
    assert_eq!(packed.header("content-encoding"), "", "a part belongs to the same bytes whoever asks");
    assert_eq!(part(town(), results, &[("if-none-match", &etag)]).status, 304);
    assert_eq!(town().head(results).header("content-length"), length.to_string());
}

fn cookie(person: &str) -> (&'static str, &'static str) {
    let found = peopled().1.iter().find(|(name, _)| *name == person).unwrap();
    ("cookie", found.1.as_str())
}

#[test]
fn a_job_is_of_whoever_asked_for_it_and_is_noted_as_what_leaves() {
    let server = &peopled().0;
    let asked = server.get_with("/collections/toilets/items?f=kml", &[cookie("planner"), ASYNC]);
    let location = asked.header("location").to_owned();
    assert_eq!(over(server, &location, &[cookie("planner")])["status"], "successful");
    let (results, paths) = (format!("{location}/results"), ["/jobs", &location]);
    for other in ["viewer", "administrator"] {
        for path in [&location, &results] {
            let answer = server.get_with(path, &[cookie(other)]);
            assert_eq!((answer.status, &answer.json()["code"]), (404, &"job-unknown".into()), "{other}");
        }
        assert_eq!(server.request("DELETE", &location, &[cookie(other)], "").status, 404);
        assert_eq!(server.get_with("/jobs", &[cookie(other)]).json()["jobs"], serde_json::json!([]));
    }
    for path in paths {
        assert_eq!(server.get(path).status, 401, "{path}");
    }
    assert_eq!(server.get_with(&results, &[cookie("planner")]).status, 200);
    // Nobody in particular is answered at once.
    let direct = server.get_with("/collections/ponds/items?f=csv", &[ASYNC]);
    assert_eq!((direct.status, direct.header("preference-applied")), (200, ""));
    let log = done(&server.folder().join("town"), &["audit", "--json"], "");
    assert!(log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).any(|line| {
        line["action"] == "export"
            && line["account"] == "planner"
            && line["subject"] == "toilets"
            && line["format"] == "kml"
    }));
}

#[test]
fn more_jobs_than_there_is_room_for_are_refused_until_one_is_taken_back() {
    let server = start();
    let ask = || server.get_with("/collections/ponds/items?f=csv", &[ASYNC]);
    let mut last = ask();
    let mut made = 0;
    while last.status == 202 {
        made += 1;
        assert!(made < 100);
        last = ask();
    }
    assert_eq!((last.status, &last.json()["code"]), (429, &"jobs-full".into()));
    assert!(last.header("retry-after").parse::<u32>().is_ok());
    assert_eq!(made, 16);
    let all = server.get("/jobs").json();
    let id = all["jobs"][0]["jobID"].as_str().unwrap();
    assert_eq!(server.request("DELETE", &format!("/jobs/{id}"), &[], "").status, 200);
    assert_eq!(ask().status, 202);
    assert_eq!(server.get(&format!("/jobs/{}", "0".repeat(32))).json()["code"], "job-unknown");
}
