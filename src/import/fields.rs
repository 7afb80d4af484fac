//! Which column means which attribute: as the user says, else by the names that townships give; the rest are kept.

use crate::fault::Fault;
use crate::import::source::Column;
use crate::kind::{self, Attribute, Kind};
use crate::map::Source;

/// Bytes that a shapefile keeps of a column's name: three Chinese characters and a third of one in UTF-8.
const SHAPEFILE_NAME: usize = 10;

/// Whether a column's name is what a shapefile leaves of one that the attribute goes by.
fn is_cut(column: &str, attribute: &Attribute) -> bool {
    let left = column.trim_end_matches('\u{fffd}');
    let mut names = [&attribute.name, &attribute.title.zh].into_iter().chain(&attribute.aliases);
    let cut = |name: &String| {
        let kept = (0..=SHAPEFILE_NAME).rev().find(|&end| name.is_char_boundary(end)).unwrap_or_default();
        name.len() > SHAPEFILE_NAME && left.eq_ignore_ascii_case(&name[..kept])
    };
    names.any(cut)
}

/// Names that a layer's table has for itself.
const TAKEN: [&str; 5] = ["fid", "geom", "id", "xiangtu_from", "xiangtu_source"];

/// What becomes of the columns of one file.
#[derive(Debug)]
pub struct Mapping {
    /// For each attribute carried, the column it is read from, if the file has one.
    pub columns: Vec<Option<usize>>,
    /// The column of the key.
    pub key: Option<usize>,
    /// Whether the key is personal, by the attribute it is read into or by its name: then it is no id as it stands.
    pub personal_key: bool,
    /// The column of the name.
    pub name: Option<usize>,
}

/// The attributes that files carry, gathered file by file.
pub struct Carried<'a> {
    kind: &'a Kind,
    /// Attributes that the layer has from earlier files.
    known: &'a [Attribute],
    /// What the files carry: attributes of the kind, then foreign ones, in the order of their coming.
    pub attributes: Vec<Attribute>,
    /// The column behind each, as a report names it.
    pub sources: Vec<String>,
}

impl<'a> Carried<'a> {
    /// Nothing yet.
    pub fn new(kind: &'a Kind, known: &'a [Attribute]) -> Self {
        Self { kind, known, attributes: Vec::new(), sources: Vec::new() }
    }

    /// Maps the columns of a file, whose name a fault would bear.
    ///
    /// # Errors
    /// `import-no-attribute`, `import-no-column`.
    pub fn map(&mut self, file: &str, columns: &[Column], job: &Source, key: Option<&str>) -> Result<Mapping, Fault> {
        let place = |name: &str| {
            columns.iter().position(|column| column.name == name.trim()).ok_or_else(|| {
                let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
                Fault::invalid("import-no-column")
                    .with("file", file)
                    .with("column", name)
                    .with("columns", names.join(", "))
            })
        };
        let key = key.map(place).transpose()?;
        let mut used = vec![false; columns.len()];
        let mut found: Vec<(Attribute, usize)> = Vec::new();
        for (name, column) in &job.fields {
            let attribute = self.kind.attribute(name).ok_or_else(|| {
                let names: Vec<&str> = self.kind.attributes.iter().map(|a| a.name.as_str()).collect();
                Fault::invalid("import-no-attribute").with("attribute", name).with("attributes", names.join(", "))
            })?;
            let at = place(column)?;
            used[at] = true;
            found.push((attribute.clone(), at));
        }
        for attribute in &self.kind.attributes {
            if found.iter().any(|(known, _)| known.name == attribute.name) {
                continue;
            }
            // The attribute's own name first, then its title, then what else it goes by.
            let exact = |c: &Column| c.name.eq_ignore_ascii_case(&attribute.name) || c.name == attribute.title.zh;
            let free = |test: &dyn Fn(&Column) -> bool| (0..columns.len()).find(|&k| !used[k] && test(&columns[k]));
            let near = |c: &Column| attribute.answers_to(&c.name);
            let cut = |c: &Column| is_cut(&c.name, attribute);
            if let Some(at) = free(&exact).or_else(|| free(&near)).or_else(|| free(&cut)) {
                used[at] = true;
                found.push((attribute.clone(), at));
            }
        }
        for (at, column) in columns.iter().enumerate() {
            if !used[at] && Some(at) != key {
                let attribute = self.foreign(column, &found);
                found.push((attribute, at));
            }
        }
        let name = found.iter().find(|(attribute, _)| attribute.name == self.kind.name).map(|&(_, at)| at);
        for (attribute, at) in &found {
            if self.attributes.iter().all(|known| known.name != attribute.name) {
                self.attributes.push(attribute.clone());
                self.sources.push(columns[*at].name.clone());
            }
        }
        let of = |a: &Attribute| found.iter().find(|(f, _)| f.name == a.name).map(|&(_, at)| at);
        let personal_key = key.is_some_and(|key| {
            let read = found.iter().any(|(attribute, at)| *at == key && attribute.personal);
            read || kind::names_person(&columns[key].name)
        });
        Ok(Mapping { columns: self.attributes.iter().map(of).collect(), key, personal_key, name })
    }

    /// A column that the kind does not know, under its own name unless that would be mistaken for another.
    fn foreign(&self, column: &Column, found: &[(Attribute, usize)]) -> Attribute {
        let mut name = column.name.clone();
        let mistaken = |name: &str| {
            TAKEN.iter().any(|taken| taken.eq_ignore_ascii_case(name))
                || self.kind.attributes.iter().any(|a| a.name.eq_ignore_ascii_case(name))
                || found.iter().any(|(a, _)| a.name.eq_ignore_ascii_case(name))
        };
        while mistaken(&name) {
            name.push('_');
        }
        // The layer's spelling and type of it, if it came before.
        let before = self.known.iter().chain(&self.attributes).find(|a| a.name.eq_ignore_ascii_case(&name));
        before.cloned().unwrap_or_else(|| Attribute::foreign(&name, column.value_type))
    }

    /// Attribute and column of those that the kind knows; and the names of those that it does not.
    pub fn report(&self) -> (Vec<(String, String)>, Vec<String>) {
        let pairs = self.attributes.iter().zip(&self.sources);
        let (known, foreign): (Vec<_>, Vec<_>) = pairs.partition(|(a, _)| self.kind.attribute(&a.name).is_some());
        let known = known.into_iter().map(|(a, column)| (a.name.clone(), column.clone())).collect();
        (known, foreign.into_iter().map(|(a, _)| a.name.clone()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::ValueType;

    fn columns(names: &[&str]) -> Vec<Column> {
        names.iter().map(|n| Column { name: (*n).to_owned(), value_type: ValueType::Text }).collect()
    }

    #[test]
    fn columns_are_known_by_the_names_that_townships_give_them() {
        let kind = crate::kind::kind("waterbody").unwrap();
        let mut carried = Carried::new(&kind, &[]);
        let names = columns(&["编号", "坑塘名称", "水质", "id", "NAME"]);
        let mapping = carried.map("f", &names, &Source::default(), Some("编号")).unwrap();
        assert_eq!((mapping.key, mapping.name), (Some(0), Some(4)));
        let (known, foreign) = carried.report();
        assert!(known.contains(&("condition".to_owned(), "水质".to_owned())), "{known:?}");
        assert_eq!(foreign, ["坑塘名称", "id_"]);
    }

    #[test]
    fn a_name_that_a_shapefile_has_cut_is_still_known() {
        let kind = crate::kind::kind("waterbody").unwrap();
        let mut carried = Carried::new(&kind, &[]);
        carried.map("f", &columns(&["清理日"]), &Source::default(), None).unwrap();
        assert_eq!(carried.report().0, [("cleaned".to_owned(), "清理日".to_owned())]);
    }

    #[test]
    fn the_users_word_comes_before_the_names() {
        let kind = crate::kind::kind("waterbody").unwrap();
        let job = Source { fields: [("name".to_owned(), "别名".to_owned())].into(), ..Source::default() };
        let mut carried = Carried::new(&kind, &[]);
        carried.map("f", &columns(&["名称", "别名"]), &job, None).unwrap();
        assert_eq!(carried.report().0, [("name".to_owned(), "别名".to_owned())]);
        assert_eq!(carried.report().1, ["名称"]);
        let missing = carried.map("f", &columns(&["名称"]), &job, None).unwrap_err();
        assert_eq!((missing.code(), missing.fields()["column"].as_str()), ("import-no-column", "别名"));
    }
}
