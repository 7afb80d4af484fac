//! Imports: real files, broken files, and files that come a second time.

mod bad;
mod formats;
mod logs;
mod open_street_map;
mod real;
mod sheets;
mod tracks;

use std::path::{Path, PathBuf};

use xiangtu::fault::Fault;
use xiangtu::import::{self, Report};
use xiangtu::map::{MapFolder, Source};
use xiangtu::store::Store;
use xiangtu::table::Table;
use xiangtu::text::Title;
use xiangtu::units::AsOf;

/// A map folder that goes away with the test.
struct Place {
    dir: tempfile::TempDir,
    map: MapFolder,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let title = Title { zh: "测试镇".to_owned(), en: "Test town".to_owned() };
        let map = MapFolder::create(&dir.path().join("map"), &title, "").unwrap();
        Self { dir, map }
    }

    /// Writes a file beside the map.
    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn run(&self, job: &Source) -> Result<Report, Fault> {
        import::run(&self.map, job, &mut |_| {})
    }

    fn table(&self, layer: &str) -> Table {
        let store = Store::open(&self.map.store_path(), &self.map.zone).unwrap();
        let info = store.layer(layer).unwrap().unwrap_or_else(|| panic!("there is no layer {layer}"));
        store.load(&info, AsOf::NOW).unwrap()
    }

    /// All that the map holds, as a number for each layer.
    fn state(&self) -> Vec<(String, i64, u128)> {
        if !self.map.store_path().exists() {
            return Vec::new();
        }
        let store = Store::open(&self.map.store_path(), &self.map.zone).unwrap();
        let layers = store.layers().unwrap();
        layers.iter().map(|l| (l.name.clone(), l.change, store.load(l, AsOf::NOW).unwrap().digest())).collect()
    }
}

fn of(layer: &str, file: &Path) -> Source {
    Source { layer: layer.to_owned(), files: vec![file.to_owned()], ..Source::default() }
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

/// The codes of a report's flaws, in order.
fn codes(report: &Report) -> Vec<&'static str> {
    report.flaws.iter().map(|flaw| flaw.code).collect()
}

/// The shared data, or a loud word that it is not there.
fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("XIANGTU_SHARED_DATA").map(PathBuf::from);
    let root = root.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"));
    let found = root.join(path);
    if !found.exists() {
        eprintln!("SKIPPED: {} is not here", found.display());
        return None;
    }
    Some(found)
}
