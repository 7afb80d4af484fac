//! Why a record breaks a check, in both languages.

use std::collections::BTreeMap;

use crate::filter::Filter;
use crate::kind::{Attribute, ValueType};
use crate::table::{Row, Value};
use crate::text::{Lang, Title};

/// A reason: its code, and the fields that the sentence speaks of.
#[derive(Default)]
pub struct Reason(BTreeMap<&'static str, String>);

impl Reason {
    /// A field that is the same in both languages.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.0.insert(name, value.to_string());
        self
    }

    /// A field that is itself words: under `name-zh` and `name-en`.
    pub fn words(mut self, [zh, en]: [&'static str; 2], title: &Title) -> Self {
        self.0.insert(zh, title.zh.clone());
        self.0.insert(en, title.en.clone());
        self
    }

    /// The values of a record that filters speak of.
    pub fn values(self, row: Row<'_>, attributes: &[Attribute], filters: &[&Filter]) -> Self {
        let mut spoken: Vec<&str> = Vec::new();
        for name in filters.iter().flat_map(|filter| filter.attributes()) {
            if !spoken.contains(&name) {
                spoken.push(name);
            }
        }
        let told = |lang: Lang| {
            let known = spoken.iter().filter_map(|name| attributes.iter().find(|a| a.name == **name));
            let parts: Vec<String> = known
                .map(|attribute| {
                    format!("{} {}", attribute.title.get(lang), word(row.named(&attribute.name), attribute, lang))
                })
                .collect();
            parts.join(lang.comma())
        };
        let values = Title { zh: told(Lang::Zh), en: told(Lang::En) };
        self.words(["values-zh", "values-en"], &values)
    }

    /// The sentence.
    pub fn say(&self, code: &'static str) -> Title {
        Title { zh: Lang::Zh.sentence(code, &self.0), en: Lang::En.sentence(code, &self.0) }
    }
}

/// A value as people read it; never a person's own.
fn word(value: Value<'_>, attribute: &Attribute, lang: Lang) -> String {
    match value {
        Value::Null => lang.word("check-nothing"),
        _ if attribute.personal => "***".to_owned(),
        Value::Bool(yes) => lang.word(if yes { "check-yes" } else { "check-no" }),
        Value::Text(text) if attribute.value_type == ValueType::Code => {
            let term = attribute.domain.iter().find(|term| term.value == text);
            term.map_or(text, |term| if lang == Lang::Zh { &term.zh } else { &term.en }).to_owned()
        }
        other => other.to_text(),
    }
}
