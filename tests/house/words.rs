//! Every code has its sentence in both languages, with the same fields.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use xiangtu::analysis;
use xiangtu::kind::{self, Attribute};
use xiangtu::text::Lang;

use super::{root, sources};

/// Message ids (and `id.attribute`) of a language with the variables each names.
fn catalogue(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let resource = FluentResource::try_new(lang.source().to_owned())
        .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", lang.code()));
    drop(resource);
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut id, mut key) = (String::new(), String::new());
    for line in lang.source().lines().filter(|line| !line.starts_with('#')) {
        let trimmed = line.trim_start();
        if let Some((name, _)) = trimmed.split_once('=').filter(|(n, _)| !n.contains(['{', '"', '*', '['])) {
            let name = name.trim();
            if let Some(attribute) = name.strip_prefix('.').filter(|_| line.starts_with(' ')) {
                key = format!("{id}.{attribute}");
                found.entry(key.clone()).or_default();
            } else if !line.starts_with(' ') {
                (id, key) = (name.to_owned(), name.to_owned());
                assert!(!found.contains_key(name), "{}: {name} stands twice", lang.code());
                found.entry(key.clone()).or_default();
            }
        }
        for variable in line.split('$').skip(1) {
            let name: String = variable.chars().take_while(|c| c.is_alphanumeric() || "_-".contains(*c)).collect();
            found.entry(key.clone()).or_default().insert(name);
        }
    }
    assert!(found.len() > 100, "{} entries were read", found.len());
    found
}

#[test]
fn both_languages_say_the_same_things_of_the_same_fields() {
    let (zh, en) = (catalogue(Lang::Zh), catalogue(Lang::En));
    let missing = |a: &BTreeMap<String, _>, b: &BTreeMap<String, _>| -> Vec<String> {
        a.keys().filter(|key| !b.contains_key(*key)).cloned().collect()
    };
    assert_eq!(missing(&zh, &en), Vec::<String>::new(), "in zh and not in en");
    assert_eq!(missing(&en, &zh), Vec::<String>::new(), "in en and not in zh");
    for (key, fields) in &zh {
        // English has a plural, so it may have to ask how many where Chinese does not.
        let mut english = en[key].clone();
        if !fields.contains("count") {
            english.remove("count");
        }
        assert_eq!(fields, &english, "{key}");
    }
}

#[test]
fn every_fault_that_the_code_raises_has_its_sentence() {
    let known = catalogue(Lang::Zh);
    let raise = [
        "invalid(",
        "not_found(",
        "conflict(",
        "busy(",
        "too_large(",
        "not_acceptable(",
        "unauthorized(",
        "forbidden(",
        "unsupported_media(",
        "too_many_requests(",
        "precondition_failed(",
        "precondition_required(",
        "unprocessable(",
    ];
    let mut raised = BTreeSet::new();
    for (_, text) in sources() {
        for call in raise {
            for rest in text.split(&format!("Fault::{call}")).skip(1) {
                if let Some(code) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) {
                    raised.insert(code.to_owned());
                }
            }
        }
        // `flaw-zh` and `flaw-en` are no codes: a flaw in the words of a language, as a field of another sentence.
        for rest in text.split("\"flaw-").skip(1) {
            let code = rest.split('"').next().unwrap();
            if !matches!(code, "zh" | "en") {
                raised.insert(format!("flaw-{code}"));
            }
        }
    }
    assert!(raised.len() > 30, "{} codes were found", raised.len());
    let silent: Vec<_> = raised.iter().filter(|code| !known.contains_key(*code)).collect();
    assert!(silent.is_empty(), "no sentence for {silent:#?}");
}

#[test]
fn every_analysis_and_all_that_belongs_to_it_is_named() {
    let mut wanted = Vec::new();
    for definition in analysis::ALL {
        wanted.extend([definition.name.to_owned(), format!("{}.question", definition.name)]);
        wanted.push(format!("{}.method", definition.name));
        wanted.extend(definition.parameters.iter().map(|p| format!("{}-{}", definition.name, p.name)));
        for Attribute { name, title, .. } in (definition.properties)() {
            // Two questions may each have a property of one name and call it by words of its own.
            assert!(![&title.zh, &title.en].iter().any(|word| word.starts_with("property-")), "{name} has no words");
        }
        for term in (definition.properties)().iter().flat_map(|a| a.domain.clone()) {
            assert!(
                ![&term.zh, &term.en].iter().any(|word| word.starts_with("option-")),
                "{} has no words",
                term.value
            );
        }
        for parameter in definition.parameters {
            if let analysis::Domain::Choice { options } = parameter.domain {
                wanted.extend(options.iter().map(|option| format!("option-{option}")));
            }
        }
    }
    for (_, text) in sources() {
        for rest in text.split("Figure::new(\"").skip(1) {
            wanted.push(format!("figure-{}", rest.split('"').next().unwrap()));
        }
    }
    for key in wanted {
        assert!(Lang::Zh.knows(&key) && Lang::En.knows(&key), "{key} has no words");
    }
}

#[test]
fn chinese_is_chinese_and_english_is_english() {
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for kind in kind::all() {
        assert!(han(&kind.title.zh) && !han(&kind.title.en), "{}", kind.id);
        for attribute in &kind.attributes {
            assert!(!han(&attribute.title.en), "{}.{}", kind.id, attribute.name);
        }
    }
    for definition in analysis::ALL {
        let title = definition.title();
        assert!(han(&title.zh) && !han(&title.en), "{}", definition.name);
    }
    assert!(root().join("maps/text").is_dir());
}
