//! The documents tell the truth: what they name exists.

use super::root;

/// Words between backticks that look like a path of the project.
fn paths(text: &str) -> Vec<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| !word.contains(char::is_whitespace) && !word.contains(['<', '{', '*', '…', '$', '~']))
        .filter(|word| ["src/", "maps/", "web/", "tests/", "bench/", ".ci/"].iter().any(|room| word.starts_with(room)))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_path_that_a_document_names_exists() {
    let mut seen = 0;
    for document in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "BENCHMARKS.md"] {
        let text = std::fs::read_to_string(root().join(document)).unwrap();
        for path in paths(&text) {
            // What a build makes is not there on a fresh clone.
            if path.starts_with("web/dist") || path.contains("store.gpkg") || path.contains("/flaws") {
                continue;
            }
            seen += 1;
            assert!(root().join(&path).exists(), "{document} names {path}");
        }
    }
    assert!(seen > 10, "paths were read");
}

#[test]
fn every_dependency_has_its_reason_in_the_architecture() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let architecture = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let section = |from: &str| manifest.split(from).nth(1).unwrap().split("\n[").next().unwrap().to_owned();
    let mut seen = 0;
    for line in [section("[dependencies]"), section("[dev-dependencies]")].concat().lines() {
        let Some((name, _)) = line.split_once('=') else { continue };
        seen += 1;
        let name = name.trim();
        assert!(architecture.contains(&format!("`{name}`")), "ARCHITECTURE.md does not say why {name} is there");
    }
    assert!(seen > 20, "dependencies were read");
}

#[test]
fn the_readme_opens_with_the_two_commands_and_the_demonstration_says_that_nobody_lives_there() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let first_screen: String = readme.lines().take(40).collect::<Vec<_>>().join("\n");
    assert!(first_screen.contains("make run") && first_screen.contains("make test"));
    for file in ["maps/demo/map.toml", "maps/demo/README.md"] {
        let text = std::fs::read_to_string(root().join(file)).unwrap();
        let line = text.lines().next().unwrap();
        assert!(line.contains("nobody lives") || line.contains("没有人") || line.contains("无人"), "{file}: {line}");
    }
}
