//! The data that is built into the binary and that answers depend on, as one fingerprint.

use std::sync::LazyLock;

use rust_embed::RustEmbed;
use xxhash_rust::xxh3::Xxh3;

/// Everything under `maps` but the words, which no answer is made of, and what belongs to the demonstration town.
#[derive(RustEmbed)]
#[folder = "maps"]
#[include = "*.toml"]
#[exclude = "demo/*"]
#[exclude = "text/*"]
struct Files;

static FINGERPRINT: LazyLock<u128> = LazyLock::new(|| {
    let mut files: Vec<(String, Vec<u8>)> =
        Files::iter().filter_map(|name| Some((name.to_string(), Files::get(&name)?.data.into_owned()))).collect();
    files.sort_unstable();
    of(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))
});

fn of<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> u128 {
    let mut hash = Xxh3::new();
    for (name, bytes) in files {
        for part in [name.as_bytes(), bytes] {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    hash.digest128()
}

/// What it comes to: another wherever a rule, a limit, an indicator, a kind or anything else of the kind says something else.
pub fn fingerprint() -> u128 {
    *FINGERPRINT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_and_where_it_ends_counts() {
        let all = [("a.toml", "x = 1"), ("b.toml", "y = 2")];
        let print =
            |files: &[(&'static str, &'static str)]| of(files.iter().map(|(name, text)| (*name, text.as_bytes())));
        let others = [
            &[("a.toml", "x = 1"), ("b.toml", "y = 3")][..],
            &[("a.toml", "x = 1"), ("c.toml", "y = 2")],
            &[("a.toml", "x = 1b.toml"), ("", "y = 2")],
            &[("a.toml", "x = 1")],
            &[],
        ];
        for other in others {
            assert_ne!(print(&all), print(other), "{other:?}");
        }
        assert_eq!(print(&all), print(&all.clone()));
    }

    #[test]
    fn what_judges_is_among_the_data() {
        let names: Vec<String> = Files::iter().map(|name| name.to_string()).collect();
        for wanted in
            ["rules/national.toml", "rules/limits/water.toml", "indicators/village.toml", "roads/control-zone.toml"]
        {
            assert!(names.iter().any(|name| name == wanted), "{wanted} of {names:?}");
        }
        assert!(names.iter().all(|name| !name.starts_with("demo/") && !name.starts_with("text/")), "{names:?}");
    }
}
