//! A small town in which everybody has a telephone that nobody has: served with accounts, for all who ask how it keeps them.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::api::server::{Answer, Server, serve};
use crate::support::xiangtu;

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

/// Who there is: role, and the areas' arguments.
pub const PEOPLE: &[(&str, &[&str])] = &[
    ("administrator", &[]),
    ("planner", &[]),
    // Village A is theirs, and cell 1, which lies in it.
    ("village", &["--village", "v-a"]),
    ("grid_worker", &["--cell", "c-1"]),
    // A clerk of the other village.
    ("foreign", &["--village", "v-b"]),
    ("viewer", &[]),
];

/// Runs `xiangtu account MAP …` with a line of standard input.
pub fn account(map: &Path, args: &[&str], line: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_xiangtu"))
        .args(["--quiet", "--lang", "en", "account", map.to_str().unwrap()])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that is refused early does not read.
    let _ = writeln!(child.stdin.take().unwrap(), "{line}");
    child.wait_with_output().unwrap()
}

/// As `account`; it must succeed. Its standard output.
pub fn done(map: &Path, args: &[&str], line: &str) -> String {
    let out = account(map, args, line);
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn square(west: f64, south: f64, size: f64) -> Value {
    let (east, north) = (west + size, south + size);
    json!({"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]})
}

fn point(at: [f64; 2]) -> Value {
    json!({"type": "Point", "coordinates": at})
}

fn import(map: &Path, layer: &str, key: Option<&str>, features: &[(Value, Value)]) {
    let features: Vec<Value> = features
        .iter()
        .map(|(geometry, properties)| json!({"type": "Feature", "geometry": geometry, "properties": properties}))
        .collect();
    let file = map.join(format!("{layer}.geojson"));
    std::fs::write(&file, json!({"type": "FeatureCollection", "features": features}).to_string()).unwrap();
    let mut args = vec!["import", map.to_str().unwrap(), layer, file.to_str().unwrap()];
    key.iter().for_each(|key| args.extend(["--key", key]));
    if layer == "homesteads" {
        args.extend(["--kind", "household"]);
    }
    let out = crate::support::run(&args);
    assert!(out.status.success(), "{layer}: {}", String::from_utf8_lossy(&out.stderr));
    std::fs::remove_file(file).unwrap();
}

/// Where somebody lives, to a metre; the first two in village A, the first in cell 1 as well.
pub const HOMES: [[f64; 2]; 4] = [
    [117.503_712_3, 39.604_135_7],
    [117.516_379_1, 39.615_791_3],
    [117.537_133_9, 39.613_377_7],
    [117.533_917_3, 39.602_713_9],
];

/// Makes the map.
pub fn make(map: &Path) {
    xiangtu(&["new", map.to_str().unwrap(), "--title", "试验镇"]);
    let village = |id: &str, phone: &str| json!({"id": id, "name": id, "households": 2, "phone": phone});
    import(
        map,
        "villages",
        Some("id"),
        &[
            (square(117.50, 39.60, 0.02), village("v-a", "13911110081")),
            (square(117.52, 39.60, 0.02), village("v-b", "13911110082")),
        ],
    );
    let cell = |id: &str, phone: &str| json!({"id": id, "name": id, "phone": phone});
    import(
        map,
        "grid-cells",
        Some("id"),
        &[
            (square(117.50, 39.60, 0.0095), cell("c-1", "13911110091")),
            (square(117.52, 39.60, 0.0095), cell("c-2", "13911110092")),
        ],
    );
    let mut homes: Vec<(Value, Value)> = Vec::new();
    for (n, at) in HOMES.into_iter().enumerate() {
        let n = n + 1;
        homes.push((
            point(at),
            json!({
                "id": format!("h-{n}"), "owner": format!("户主甲{n}"), "phone": format!("1391111000{n}"),
                "id_card": format!("11010519800101001{n}"), "people": n, "retrofit": "accepted",
                // Columns that no kind knows.
                "门牌": format!("幸福街{n}17号"), "家中老人": format!("老人乙{n}"),
            }),
        ));
    }
    import(map, "households", Some("id"), &homes);
    // Without a key an id is made from place and name: from it one could be guessed back.
    let nameless: Vec<_> =
        homes.iter().map(|(at, of)| (at.clone(), json!({"owner": of["owner"], "phone": of["phone"]}))).collect();
    import(map, "homesteads", None, &nameless);
    let farm = |n: usize| {
        json!({
            "id": format!("f-{n}"), "name": format!("养殖场{n}"), "owner": format!("场主丙{n}"),
            "phone": format!("1391111002{n}"), "head": 100 * n, "紧急联系电话": format!("1391111003{n}"),
            "台账备忘": if n == 1 { "找老王 13911110041 问".to_owned() } else { format!("无{n}") },
        })
    };
    import(
        map,
        "farms",
        Some("id"),
        &[(point([117.505_11, 39.605_22]), farm(1)), (point([117.535_11, 39.605_22]), farm(2))],
    );
    // Kept under their telephones.
    let front = |n: usize| json!({"name": format!("商店{n}"), "owner": format!("店主丁{n}"), "phone": format!("1391111005{n}"), "contract": "signed"});
    import(
        map,
        "frontages",
        Some("phone"),
        &[(point([117.506_11, 39.606_22]), front(1)), (point([117.536_11, 39.606_22]), front(2))],
    );
    let school =
        |n: usize| json!({"id": format!("s-{n}"), "name": format!("小学{n}"), "phone": format!("1391111006{n}")});
    import(
        map,
        "schools",
        Some("id"),
        &[(point([117.506, 39.605]), school(1)), (point([117.5362, 39.6055]), school(2))],
    );
    let toilet = |n: usize| json!({"id": format!("t-{n}"), "name": format!("公厕{n}"), "phone": format!("1391111007{n}"), "remarks": format!("老李 1391111011{n}")});
    import(map, "toilets", Some("id"), &[(point([117.509, 39.609]), toilet(1)), (point([117.529, 39.609]), toilet(2))]);
    let pond = |n: usize| json!({"id": format!("p-{n}"), "name": format!("坑塘{n}"), "condition": "poor", "phone": format!("1391111010{n}")});
    import(
        map,
        "ponds",
        Some("id"),
        &[(square(117.507, 39.607, 0.001), pond(1)), (square(117.527, 39.607, 0.001), pond(2))],
    );
}

/// Gives the map its people.
pub fn people(map: &Path) {
    for (name, areas) in PEOPLE {
        let role = if *name == "foreign" { "village" } else { name };
        let mut args = vec!["add", name, "--role", role];
        args.extend(*areas);
        done(map, &args, PASSWORD);
    }
}

/// Signs in; the answer, and the cookie as a client would send it back.
pub fn sign_in(server: &Server, name: &str, password: &str) -> (Answer, String) {
    let body = json!({"name": name, "password": password}).to_string();
    let answer = server.request("POST", "/session", &[("content-type", "application/json")], &body);
    let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    (answer, cookie)
}

/// A fresh town of its own for a test that changes who there is.
pub fn own_town(access: &str) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let map = folder.path().join("town");
    make(&map);
    people(&map);
    let file = map.join("map.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("anonymous = \"none\"", &format!("anonymous = \"{access}\""))).unwrap();
    serve(folder, "town", "127.0.0.1:0")
}

/// What has happened at people's homes, as the planner records it: notes, positions, issues made of findings.
fn happen(server: &Server, cookie: &str) {
    let headers = [("cookie", cookie), ("content-type", "application/json")];
    let send = |path: &str, body: Value| {
        let answer = server.request("POST", path, &headers, &body.to_string());
        assert!(answer.status < 300, "{path}: {}", String::from_utf8_lossy(&answer.body));
    };
    for (n, at) in HOMES.into_iter().enumerate() {
        let n = n + 1;
        let body = json!({"event": "noted", "note": format!("备忘己{n}"), "by": format!("经办庚{n}"), "position": at});
        send(&format!("/collections/households/items/h-{n}/events"), body);
        let body = json!({"features": [format!("h-{n}")], "type": "dry_pit", "note": format!("派发壬{n}")});
        send("/collections/coverage-gaps~demand=households/dispatch", body);
    }
}

/// The town for those who only read, open to viewers who have not signed in; with everybody's cookie.
pub fn town() -> &'static (Server, Vec<(&'static str, String)>) {
    static TOWN: OnceLock<(Server, Vec<(&'static str, String)>)> = OnceLock::new();
    TOWN.get_or_init(|| {
        let server = own_town("viewer").until_the_tests_end();
        let cookies: Vec<_> = PEOPLE.iter().map(|(name, _)| (*name, sign_in(&server, name, PASSWORD).1)).collect();
        let planner = cookies.iter().find(|(name, _)| *name == "planner").unwrap();
        happen(&server, &planner.1);
        (server, cookies)
    })
}
