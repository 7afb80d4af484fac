//! PostGIS beside us: a cluster of Debian's own PostgreSQL in a temporary folder, one for all tests of a run.
//!
//! ```ignore
//! let db = postgis::database("filters");              // a database of one's own, with PostGIS in it
//! db.run("CREATE TABLE t (id text, geom geometry(Geometry, 4326))");
//! db.copy("t (id, geom)", &["a\tSRID=4326;POINT(1 2)".to_owned()]);
//! let ids: Vec<String> = db.rows("SELECT id FROM t"); // one text a row; columns are parted by tabs
//! ```

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// What to say where it is missing: these tests are not skipped.
const MISSING: &str = "PostgreSQL with PostGIS is needed: apt-get install postgresql-15-postgis-3 (.ci/deps does)";

/// A database of the cluster.
pub struct Database {
    name: String,
}

/// The cluster: its programs, and the folder that holds its socket.
struct Cluster {
    bin: PathBuf,
    home: PathBuf,
}

/// The folder of Debian's newest PostgreSQL that has PostGIS.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").unwrap_or_else(|_| panic!("{MISSING}"));
    let mut found: Vec<PathBuf> = versions
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("bin/initdb").exists() && path.join("lib/postgis-3.so").exists())
        .collect();
    found.sort();
    found.pop().unwrap_or_else(|| panic!("{MISSING}")).join("bin")
}

/// A program of the cluster. PostgreSQL does not run as root: root runs it as Debian's own `postgres`.
fn as_owner(program: &Path) -> Command {
    let root = Command::new("id").arg("-u").output().unwrap().stdout.starts_with(b"0\n");
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

fn succeed(command: &mut Command) -> String {
    let out = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// The cluster of this run: made by the first who asks, ended and removed when the tests are over.
fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        let bin = programs();
        let home = tempfile::Builder::new().prefix("xiangtu-pg-").tempdir().unwrap().keep();
        if as_owner(&bin).get_program() == "runuser" {
            succeed(Command::new("chown").arg("postgres").arg(&home));
        }
        let data = home.join("data");
        succeed(
            as_owner(&bin.join("initdb"))
                .current_dir(&home)
                .args(["--auth=trust", "--username=xiangtu", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
                .arg(&data),
        );
        // On a socket in that folder and nowhere else. What it holds is thrown away: nothing has to reach the disk.
        let options = format!("-c listen_addresses='' -c fsync=off -c jit=off -k {}", home.display());
        let status = as_owner(&bin.join("pg_ctl"))
            .current_dir(&home)
            .args(["--wait", "--silent", "-D"])
            .arg(&data)
            .args(["-o", &options, "-l"])
            .arg(home.join("log"))
            .arg("start")
            .stdout(Stdio::null())
            .status()
            .unwrap();
        let log = || std::fs::read_to_string(home.join("log")).unwrap_or_default();
        assert!(status.success(), "PostgreSQL did not start: {}", log());
        end_with_tests(&bin, &home);
        Cluster { bin, home }
    })
}

/// Nothing drops a static: a watcher stops the cluster once this process is gone.
fn end_with_tests(bin: &Path, home: &Path) {
    let stop = format!("{:?}", as_owner(&bin.join("pg_ctl"))).replace('"', "");
    let (tests, home) = (std::process::id(), home.display());
    let wait = format!(
        "while kill -0 {tests} 2>/dev/null; do sleep 0.2; done; {stop} -D {home}/data -m immediate stop; rm -rf {home}"
    );
    let mut watcher = Command::new("sh")
        .args(["-c", &wait])
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::spawn(move || watcher.wait());
}

/// A new, empty database with PostGIS (and `unaccent`) in it; its name must be one's own.
pub fn database(name: &str) -> Database {
    let database = Database { name: name.to_owned() };
    Database { name: "postgres".to_owned() }.run(&format!("CREATE DATABASE {name}"));
    database.run("CREATE EXTENSION postgis; CREATE EXTENSION unaccent");
    database
}

impl Database {
    fn psql(&self) -> Command {
        let Cluster { bin, home } = cluster();
        let mut command = Command::new(bin.join("psql"));
        command.args(["-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-U", "xiangtu", "-h"]);
        command.arg(home).args(["-d", &self.name, "-f", "-"]);
        command
    }

    /// Runs SQL, as much of it as there is, in one session; gives what its queries said, a line a row.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        let mut process =
            self.psql().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut input = process.stdin.take().unwrap();
        let sql = sql.to_owned();
        // Written while the answer is read: either may be longer than a pipe holds.
        let writer = std::thread::spawn(move || input.write_all(sql.as_bytes()));
        let out = process.wait_with_output().unwrap();
        let complaint = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "PostGIS: {complaint}");
        writer.join().unwrap().unwrap();
        String::from_utf8(out.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    /// Runs SQL that says nothing.
    pub fn run(&self, sql: &str) {
        self.rows(sql);
    }

    /// Fills a table (`name (columns)`) with rows in COPY's text format: tabs between values, `\N` for null.
    pub fn copy(&self, table: &str, rows: &[String]) {
        self.run(&format!("COPY {table} FROM STDIN;\n{}\n\\.\n", rows.join("\n")));
    }
}

#[test]
fn postgis_runs_beside_the_tests() {
    let db = database("itself");
    db.run("CREATE TABLE t (id text, geom geometry(Geometry, 4326))");
    db.copy("t (id, geom)", &["甲\tSRID=4326;POINT(117.5 39.6)".to_owned(), "乙\t\\N".to_owned()]);
    assert_eq!(db.rows("SELECT id, ST_X(geom) FROM t ORDER BY geom IS NULL"), ["甲\t117.5", "乙\t"]);
}
