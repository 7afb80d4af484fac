//! A town, served once for all tests by the built binary.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::Value;

/// A running server.
pub struct Server {
    pub base: String,
    process: u32,
    folder: tempfile::TempDir,
}

impl Drop for Server {
    /// A server that is no static ends with its test.
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.process.to_string()).status();
    }
}

/// What a request came to.
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Layers of the town, with how many features each file holds.
pub const LAYERS: &[(&str, usize)] = &[
    ("villages", 12),
    ("farms", 60),
    ("schools", 8),
    ("ponds", 60),
    ("toilets", 25),
    ("households", 150),
    ("waste-points", 12),
];

fn run(args: &[&str]) {
    let out =
        Command::new(env!("CARGO_BIN_EXE_xiangtu")).args(["--quiet", "--lang", "zh"]).args(args).output().unwrap();
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
}

/// A town of its own, for a test that writes: as it stood on a day of last summer.
pub fn start() -> Server {
    started(&["--on", "2026-08-25"])
}

fn started(import: &[&str]) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let map = folder.path().join("town");
    let map = map.to_str().unwrap();
    run(&["new", map, "--title", "试验镇"]);
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/analyses");
    for (layer, _) in LAYERS {
        let file = sources.join(format!("{layer}.geojson"));
        run(&[&["import", map, layer, file.to_str().unwrap(), "--key", "id"], import].concat());
    }
    serve(folder, "town", "127.0.0.1:0")
}

/// Serves the map of that name in a folder, which it keeps as long as it runs.
pub fn serve(folder: tempfile::TempDir, map: &str, listen: &str) -> Server {
    let mut child: Child = Command::new(env!("CARGO_BIN_EXE_xiangtu"))
        .args(["--lang", "zh", "serve", folder.path().join(map).to_str().unwrap(), "--listen", listen])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let process = child.id();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let base = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| Some(line[line.find("http://")?..].trim_end_matches('/').to_owned()))
        .expect("the server says where it is");
    // What it says later is passed on, so that a failing test shows it.
    std::thread::spawn(move || {
        lines.map_while(Result::ok).for_each(|line| eprintln!("{line}"));
        let _ = child.wait();
    });
    Server { base, process, folder }
}

/// The town's server; started by the first who asks, ended with the tests.
pub fn town() -> &'static Server {
    static TOWN: OnceLock<Server> = OnceLock::new();
    TOWN.get_or_init(|| started(&[]).until_the_tests_end())
}

impl Server {
    /// The folder that its map is in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.process
    }

    /// For a server in a static.
    pub fn until_the_tests_end(self) -> Self {
        end_with_tests(self.process);
        self
    }
}

/// Nothing drops a static: a watcher ends the server once this process is gone.
fn end_with_tests(server: u32) {
    let tests = std::process::id();
    let wait = format!("while kill -0 {tests} 2>/dev/null; do sleep 0.2; done; kill {server}");
    let mut watcher =
        Command::new("sh").args(["-c", &wait]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::spawn(move || watcher.wait());
}

impl Server {
    fn agent() -> ureq::Agent {
        ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into()
    }

    fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
        let mut answer = answer.unwrap();
        let body = answer.body_mut().with_config().limit(1 << 30).read_to_vec().unwrap();
        Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), body }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Self::agent().get(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Self::read(request.call())
    }

    pub fn post(&self, path: &str, body: &str) -> Answer {
        let request = Self::agent().post(format!("{}{path}", self.base)).header("content-type", "application/json");
        Self::read(request.send(body))
    }

    /// Any request; an empty body is none.
    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let agent = Self::agent();
        Self::read(match body {
            "" => agent.run(request.body(()).unwrap()),
            body => agent.run(request.body(body).unwrap()),
        })
    }

    /// Sends a body as it is, with these headers.
    pub fn send(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = Self::agent().post(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Self::read(request.send(body))
    }

    /// Asks for the headers alone.
    pub fn head(&self, path: &str) -> Answer {
        Self::read(Self::agent().head(format!("{}{path}", self.base)).call())
    }

    /// The path of a link that the server gave.
    pub fn path<'a>(&self, href: &'a str) -> &'a str {
        href.strip_prefix(&self.base).unwrap_or(href)
    }
}
