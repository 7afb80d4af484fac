//! The server is killed at random instants while clients write: what it acknowledged is there, once, and the file is whole.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::day;

/// Deaths.
const ROUNDS: usize = 8;
/// Clients that write at the same time.
const CLIENTS: usize = 4;
/// Events of a request that brings many.
const MANY: usize = 20;

struct Running {
    child: Child,
    base: String,
}

fn serve(map: &Path) -> Running {
    let mut child = Command::new(env!("CARGO_BIN_EXE_xiangtu"))
        .args(["--lang", "en", "serve", map.to_str().unwrap(), "--listen", "127.0.0.1:0"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let base = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| Some(line[line.find("http://")?..].trim_end_matches('/').to_owned()))
        .expect("the server says where it is");
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    Running { child, base }
}

impl Running {
    /// SIGKILL: no destructor, no farewell.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn agent() -> ureq::Agent {
    let config =
        ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(30)));
    config.build().into()
}

/// Sends a request of one client; None where the server died on it.
fn send(agent: &ureq::Agent, base: &str, key: &str, events: &[Value]) -> Option<u16> {
    let request = agent.post(format!("{base}/events")).header("idempotency-key", key);
    let answer = request.send_json(json!({"events": events}));
    answer.ok().map(|answer| answer.status().as_u16())
}

fn get(base: &str, path: &str) -> Value {
    agent().get(format!("{base}{path}")).call().unwrap().body_mut().with_config().limit(1 << 28).read_json().unwrap()
}

/// What a client does until the server dies: requests that go on where an earlier life left off.
struct Client {
    number: usize,
    next: usize,
    acknowledged: BTreeSet<String>,
    /// The size of each request that was sent, acknowledged or not.
    sent: BTreeMap<String, usize>,
}

impl Client {
    fn write(&mut self, base: &str, ponds: &[String], over: &AtomicBool) {
        let agent = agent();
        while !over.load(Ordering::Relaxed) {
            let key = format!("c{}-{}", self.number, self.next);
            let count = if self.next.is_multiple_of(3) { MANY } else { 1 };
            let one = |k: usize| {
                let pond = &ponds[(self.next * 7 + k + self.number) % ponds.len()];
                let on = day(-((self.next + k) as i64 % 20));
                json!({"collection": "ponds", "feature": pond, "event": "cleaned", "on": on, "note": key})
            };
            let events: Vec<Value> = (0..count).map(one).collect();
            self.sent.insert(key.clone(), count);
            match send(&agent, base, &key, &events) {
                Some(201) => {
                    self.acknowledged.insert(key);
                    self.next += 1;
                }
                Some(other) => panic!("{key}: {other}"),
                // Nobody knows whether it was written: it is sent again, under its key, to the next life.
                None => return,
            }
        }
    }
}

#[test]
fn what_was_acknowledged_survives_being_killed_at_any_instant_and_nothing_is_there_twice() {
    let home = tempfile::tempdir().unwrap();
    let map = home.path().join("town");
    let ponds = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/analyses/ponds.geojson");
    crate::support::xiangtu(&["new", map.to_str().unwrap()]);
    crate::support::xiangtu(&["import", map.to_str().unwrap(), "ponds", ponds, "--key", "id", "--on", "2026-08-25"]);
    let new = |number| Client { number, next: 0, acknowledged: BTreeSet::new(), sent: BTreeMap::new() };
    let clients: Vec<Mutex<Client>> = (0..CLIENTS).map(|number| Mutex::new(new(number))).collect();
    let mut ids: Vec<String> = Vec::new();
    let mut dice: u64 = 112;
    for _ in 0..ROUNDS {
        let server = serve(&map);
        if ids.is_empty() {
            let items = get(&server.base, "/collections/ponds/items");
            ids = items["features"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap().to_owned()).collect();
        }
        let over = AtomicBool::new(false);
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let life = Duration::from_millis(300 + (dice >> 33) % 900);
        let base = server.base.clone();
        std::thread::scope(|scope| {
            for client in &clients {
                scope.spawn(|| client.lock().unwrap().write(&base, &ids, &over));
            }
            std::thread::sleep(life);
            server.kill();
            over.store(true, Ordering::Relaxed);
        });
    }
    // One more life, in which what was left hanging is sent again.
    let server = serve(&map);
    for client in &clients {
        let mut client = client.lock().unwrap();
        let over = AtomicBool::new(false);
        let hanging = client.next;
        std::thread::scope(|scope| {
            let (client, over, base, ids) = (&mut *client, &over, &server.base, &ids);
            scope.spawn(move || client.write(base, ids, over));
            std::thread::sleep(Duration::from_millis(200));
            over.store(true, Ordering::Relaxed);
        });
        assert!(client.next > hanging, "the retried request is taken");
    }
    let log = get(&server.base, "/collections/events/items?limit=1000000");
    let mut written: BTreeMap<String, usize> = BTreeMap::new();
    for event in log["features"].as_array().unwrap() {
        *written.entry(event["properties"]["note"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    let mut acknowledged = 0;
    for client in &clients {
        let client = client.lock().unwrap();
        acknowledged += client.acknowledged.len();
        for key in &client.acknowledged {
            assert_eq!(written.get(key), client.sent.get(key), "{key} was acknowledged");
        }
        for (key, count) in client.sent.iter().filter(|(key, _)| written.contains_key(*key)) {
            assert_eq!(written.get(key), Some(count), "{key} is there whole or not at all, and once");
        }
    }
    let events: usize = written.values().sum();
    assert!(acknowledged > 100 && events > 500, "clients did write: {acknowledged} requests, {events} events");
    // What readers see is what the fold of the log says, on any day.
    for offset in [0, -7, -19] {
        let (kept, folded) = (format!("ponds@{}", day(offset)), format!("ponds@{}@{}", day(offset), day(0)));
        let revision = |id: &str| get(&server.base, &format!("/collections/{id}"))["revision"].clone();
        assert_eq!(revision(&kept), revision(&folded), "{kept}");
    }
    server.kill();
    let db = rusqlite::Connection::open(map.join("store.gpkg")).unwrap();
    let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    let tree: String = db.query_row("SELECT rtreecheck('rtree_ponds_geom')", [], |row| row.get(0)).unwrap();
    assert_eq!(tree, "ok");
    println!("{acknowledged} requests acknowledged, {events} events, {ROUNDS} deaths");
}
