//! The page and the data files are built into the binary: when they change, it is out of date.

fn main() {
    // Without Node there is no page, and cargo would take a missing folder for one that always changes.
    let _ = std::fs::create_dir_all("web/dist");
    for folder in ["web/dist", "maps"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
