//! The built binary, driven as a user would.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::TempDir;

pub mod postgis;

/// Runs `xiangtu`, whatever comes of it; in Chinese, whatever the machine's locale is.
pub fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xiangtu")).args(["--quiet", "--lang", "zh"]).args(args).output().unwrap()
}

/// Runs `xiangtu`, which must succeed with nothing to complain of; gives its standard output.
pub fn xiangtu(args: &[&str]) -> String {
    let out = run(args);
    let complaint = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success() && complaint.is_empty(), "{args:?}: {complaint}");
    String::from_utf8(out.stdout).unwrap()
}

/// As `xiangtu`; gives its standard output as JSON.
pub fn answer(args: &[&str]) -> Value {
    serde_json::from_str(&xiangtu(args)).unwrap()
}

/// The demonstration town, imported afresh from its sources, once for all tests that only read it.
pub fn town() -> PathBuf {
    static TOWN: LazyLock<TempDir> = LazyLock::new(|| {
        let home = tempfile::tempdir().unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("maps/demo"), home.path());
        xiangtu(&["import", home.path().to_str().unwrap()]);
        home
    });
    TOWN.path().to_owned()
}

/// A real place, made from OpenStreetMap, once for all tests that only read it; None, said aloud, where the data is not.
pub fn bayreuth() -> Option<PathBuf> {
    static PLACE: LazyLock<Option<TempDir>> = LazyLock::new(|| {
        let file = shared("osm_north_bayreuth/north-bayreuth.osm.pbf")?;
        let home = tempfile::tempdir().unwrap();
        let map = home.path().join("bayreuth");
        xiangtu(&["new", map.to_str().unwrap(), "--from", file.to_str().unwrap()]);
        Some(home)
    });
    PLACE.as_ref().map(|home| home.path().join("bayreuth"))
}

/// A file of the real data beside the project; None, said aloud, where it is not.
pub fn shared(file: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(file);
    if !path.exists() {
        eprintln!("SKIPPED: {} is not here", path.display());
        return None;
    }
    Some(path)
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        let text = name.to_str().unwrap();
        // What an earlier run on this checkout has made is not part of it.
        if text.starts_with("store.gpkg")
            || text.starts_with("accounts.sqlite")
            || ["flaws", "generator", ".lock"].contains(&text)
        {
            continue;
        }
        if path.is_dir() {
            std::fs::create_dir_all(to.join(name)).unwrap();
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}
