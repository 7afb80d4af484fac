//! What nobody waits for any more ends: a job that is called off, a client that hangs up, Ctrl-C.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::server::{Server, serve};
use crate::support::xiangtu;

/// Among so many households and candidates the best sites take minutes.
const LONG: &str = "siting~model=p-median~n=40~spacing=110";

fn town() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let map = home.path().join("m");
    let map = map.to_str().unwrap();
    xiangtu(&["new", map]);
    let mut seed = 7_u64;
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as f64 / (1_u64 << 31) as f64
    };
    let feature =
        |id: String, geometry: Value| json!({"type": "Feature", "properties": {"id": id}, "geometry": geometry});
    let (west, south, wide) = (117.4, 39.6, 0.05);
    let (east, north) = (west + wide, south + wide);
    let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    let homes = (0..1_500).map(|n| {
        let at = [west + wide * random(), south + wide * random()];
        feature(format!("h{n}"), json!({"type": "Point", "coordinates": at}))
    });
    let layers: [(&str, &str, Vec<Value>); 3] = [
        ("households", "household", homes.collect()),
        ("villages", "village", vec![feature("v".to_owned(), json!({"type": "Polygon", "coordinates": [ring]}))]),
        ("toilets", "toilet", vec![feature("t".to_owned(), json!({"type": "Point", "coordinates": [west, south]}))]),
    ];
    for (layer, kind, features) in layers {
        let file = home.path().join(format!("{layer}.geojson"));
        std::fs::write(&file, json!({"type": "FeatureCollection", "features": features}).to_string()).unwrap();
        xiangtu(&["import", map, layer, file.to_str().unwrap(), "--kind", kind, "--key", "id"]);
    }
    home
}

/// How long a process has worked, in hundredths of a second.
fn worked(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// How much of a second a process works.
fn at_work(process: u32) -> u64 {
    let before = worked(process);
    std::thread::sleep(Duration::from_secs(1));
    worked(process) - before
}

/// Until a process has nothing to do.
fn at_rest(process: u32) -> Duration {
    let since = Instant::now();
    while at_work(process) > 5 {
        assert!(since.elapsed() < Duration::from_secs(20), "it works on");
    }
    since.elapsed()
}

#[test]
fn jobs_called_off_and_requests_given_up_end_and_make_room() {
    static SERVER: LazyLock<Server> = LazyLock::new(|| serve(town(), "m", "127.0.0.1:0").until_the_tests_end());
    let wish = [("prefer", "respond-async")];
    let began = Instant::now();
    // As many as are worked on at a time, and one that waits in line.
    let ask = |id: &str| {
        let asked = SERVER.get_with(&format!("/collections/{id}/items?f=geojson"), &wish);
        assert_eq!(asked.status, 202, "{id}: {}", String::from_utf8_lossy(&asked.body));
        asked.header("location").to_owned()
    };
    let long = [ask(LONG), ask(&LONG.replace("n=40", "n=41"))];
    let short = ask("toilets");
    assert!(began.elapsed() < Duration::from_secs(10), "they are worked out later");
    assert!(at_work(SERVER.process()) > 20);
    assert_eq!(SERVER.get(&long[0]).json()["status"], "running");
    assert_eq!(SERVER.get(&short).json()["status"], "accepted");
    let called_off = Instant::now();
    for job in &long {
        assert_eq!(SERVER.request("DELETE", job, &[], "").status, 200);
    }
    while SERVER.get(&short).json()["status"] != "successful" {
        assert!(called_off.elapsed() < Duration::from_secs(10), "the workers are not free");
        std::thread::sleep(Duration::from_millis(20));
    }
    at_rest(SERVER.process());
    // Of two who ask the same one hangs up, and then the other.
    let host = SERVER.base.trim_start_matches("http://");
    let request = format!("GET /collections/{LONG}/items HTTP/1.1\r\nhost: {host}\r\n\r\n");
    let asked = || {
        let mut client = TcpStream::connect(host).unwrap();
        client.write_all(request.as_bytes()).unwrap();
        client
    };
    let (first, mut second) = (asked(), asked());
    assert!(at_work(SERVER.process()) > 20);
    drop(first);
    assert!(at_work(SERVER.process()) > 20 && at_work(SERVER.process()) > 20, "somebody still waits");
    second.set_read_timeout(Some(Duration::from_millis(10))).unwrap();
    assert!(second.read(&mut [0; 9]).is_err(), "there is no answer yet");
    drop(second);
    at_rest(SERVER.process());
}

#[test]
fn ctrl_c_ends_a_question_at_once_and_leaves_no_half_file() {
    let home = town();
    let out = home.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let file = out.join("sites.geojson");
    let (map, file): (&Path, &Path) = (&home.path().join("m"), &file);
    let mut child = Command::new(env!("CARGO_BIN_EXE_xiangtu"))
        .args(["--lang", "en", "query", map.to_str().unwrap(), LONG, "--output", file.to_str().unwrap()])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(3));
    assert!(child.try_wait().unwrap().is_none(), "it takes long");
    let since = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert!(!child.wait().unwrap().success());
    assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
}
