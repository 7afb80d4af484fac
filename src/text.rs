//! Words are data: one Fluent catalogue a language, used by the command line, HTTP and the page alike.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

#[derive(RustEmbed)]
#[folder = "maps/text"]
#[include = "*.ftl"]
struct Files;

/// A language that the house speaks; Chinese first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Simplified Chinese (zh-CN).
    #[default]
    Zh,
    /// English.
    En,
}

/// A title in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Title {
    /// The title in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// What the catalogues say under `key`, or under its Fluent attribute (`farms.method`).
    pub fn of(key: &str) -> Self {
        Self { zh: Lang::Zh.word(key), en: Lang::En.word(key) }
    }
}

struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    source: String,
}

static ZH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Lang::Zh));
static EN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Lang::En));

impl Catalogue {
    /// Reads every embedded `zh.ftl`, `page.zh.ftl` … of the language, in the order of their names.
    fn read(lang: Lang) -> Self {
        let ending = format!("{}.ftl", lang.code());
        let mut names: Vec<_> =
            Files::iter().filter(|n| **n == *ending || n.ends_with(&format!(".{ending}"))).collect();
        names.sort();
        let source: String = names
            .iter()
            .filter_map(|name| Files::get(name))
            .map(|file| String::from_utf8_lossy(&file.data).into_owned() + "\n")
            .collect();
        let id = match lang {
            Lang::Zh => unic_langid::langid!("zh-CN"),
            Lang::En => unic_langid::langid!("en"),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        bundle.set_use_isolating(false);
        // A broken entry is skipped by the parser; `tests/house/words.rs` fails on it.
        let resource = match FluentResource::try_new(source.clone()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
        Self { bundle, source }
    }
}

impl Lang {
    /// `zh` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// What stands between the items of a list.
    pub fn comma(self) -> &'static str {
        match self {
            Self::Zh => "，",
            Self::En => ", ",
        }
    }

    /// The first language of an `Accept-Language` header or a locale (`en_GB.UTF-8`) that we speak.
    pub fn preferred(wanted: &str) -> Option<Self> {
        wanted.split(',').find_map(|one| {
            let one = one.trim().to_ascii_lowercase();
            if one.starts_with("zh") {
                Some(Self::Zh)
            } else if one.starts_with("en") {
                Some(Self::En)
            } else {
                None
            }
        })
    }

    fn catalogue(self) -> &'static Catalogue {
        match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        }
    }

    /// The whole catalogue as Fluent source, for the page.
    pub fn source(self) -> &'static str {
        &self.catalogue().source
    }

    /// Whether the catalogue has `key` (or `key.attribute`).
    pub fn knows(self, key: &str) -> bool {
        self.look_up(key, &BTreeMap::new()).is_some()
    }

    /// The word under `key`; the key itself where the catalogue lacks it, so that a gap is seen.
    pub fn word(self, key: &str) -> String {
        self.look_up(key, &BTreeMap::new()).unwrap_or_else(|| key.to_owned())
    }

    /// The sentence of a fault or finding: `code` with its fields put in.
    pub fn sentence(self, code: &str, fields: &BTreeMap<&'static str, String>) -> String {
        self.look_up(code, fields).unwrap_or_else(|| format!("{code} {fields:?}"))
    }

    /// What a fault says to people.
    pub fn say(self, fault: &Fault) -> String {
        self.sentence(fault.code(), fault.fields())
    }

    fn look_up(self, key: &str, fields: &BTreeMap<&'static str, String>) -> Option<String> {
        let (id, attribute) = match key.split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (key, None),
        };
        let bundle = &self.catalogue().bundle;
        let message = bundle.get_message(id)?;
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        let mut args = FluentArgs::new();
        for (name, value) in fields {
            // A field that is itself words comes in both languages, `titles-zh` and `titles-en`, and is spoken of as `$titles`.
            let name = match name.rsplit_once('-') {
                Some((name, own)) if own == self.code() => name,
                _ => name,
            };
            // A count chooses between one and many; every other field is a text, even where it is all digits.
            let value = match name {
                "count" => FluentValue::try_number(value),
                _ => FluentValue::from(value.as_str()),
            };
            args.set(name, value);
        }
        let mut errors = Vec::new();
        Some(bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned())
    }
}
