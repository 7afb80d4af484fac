//! The laws over random layers: any mixture of points, lines and polygons, with nulls and equal values.

use proptest::collection::vec;
use proptest::prelude::*;
use xiangtu::geo::shape::ShapeKind;
use xiangtu::kind::{self, Attribute, ValueType};
use xiangtu::layer::Layer;
use xiangtu::table::{Builder, Table, Value};
use xiangtu::units::{AsOf, Day};

use super::{filter_law, page_law, same_features};

/// A feature: where, how large, what shape, and values that often agree.
pub type Seed = ((f64, f64), f64, u8, Option<u8>, Option<i64>, Option<f64>, Option<i32>);

pub fn seed() -> impl Strategy<Value = Seed> {
    (
        (117.0..118.0_f64, 39.0..40.0_f64),
        0.0001..0.2_f64,
        0..4_u8,
        proptest::option::of(0..4_u8),
        proptest::option::of(-2..3_i64),
        proptest::option::of(prop_oneof![Just(0.0), Just(-0.5), 0.0..9.0_f64]),
        proptest::option::of(20_700..20_704_i32),
    )
}

fn layer(seeds: &[Seed]) -> Layer {
    let named = seeds.iter().enumerate().map(|(k, seed)| (format!("号-{}", (k * 7919) % 1000), seed));
    layer_of(table(named))
}

pub fn layer_of(table: Table) -> Layer {
    let kind = kind::kind("farm").unwrap();
    Layer::new("random", kind.title.clone(), kind, AsOf::NOW, table)
}

/// A table of the features that seeds mean, under their ids.
pub fn table<'s>(seeds: impl Iterator<Item = (String, &'s Seed)>) -> Table {
    use ValueType::{Date, Float, Int, Text};
    let attributes: Vec<Attribute> = [("名称", Text), ("n", Int), ("x", Float), ("day", Date)]
        .iter()
        .map(|(name, value_type)| Attribute::foreign(name, *value_type))
        .collect();
    let mut builder = Builder::new(attributes);
    let words = ["甲", "乙'丙", "a%b", ""];
    for (id, ((x, y), size, shape, word, n, float, day)) in seeds {
        let corner = |dx: f64, dy: f64| [x + dx * size, y + dy * size];
        let out = &mut builder.geometries;
        let (corners, kind): (&[[f64; 2]], _) = match shape {
            0 => (&[corner(0.0, 0.0)], ShapeKind::Point),
            1 => (&[corner(0.0, 0.0), corner(1.0, 0.4), corner(0.2, 1.0)], ShapeKind::Line),
            2 => (
                &[corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.3, 0.4), corner(0.0, 0.0)],
                ShapeKind::Polygon,
            ),
            _ => (&[], ShapeKind::None),
        };
        if kind != ShapeKind::None {
            out.part(true);
            corners.iter().for_each(|&c| out.coord(c));
        }
        out.end_row(kind);
        let values = [
            word.map_or(Value::Null, |w| Value::Text(words[w as usize])),
            n.map_or(Value::Null, Value::Int),
            float.map_or(Value::Null, Value::Float),
            day.map_or(Value::Null, |d| Value::Date(Day(d))),
        ];
        builder.push(&id, values);
    }
    builder.finish(Vec::new())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_laws_hold_over_random_layers(seeds in vec(seed(), 0..60)) {
        let one = layer(&seeds);
        filter_law(&one);
        page_law(&one);
        same_features(&one, &layer(&seeds));
    }

    #[test]
    fn one_changed_value_is_another_revision(seeds in vec(seed(), 0..60), at in any::<prop::sample::Index>()) {
        use xiangtu::collection::Collection;
        prop_assume!(!seeds.is_empty());
        let mut changed = seeds.clone();
        let one = at.get_mut(&mut changed);
        one.4 = Some(one.4.map_or(77, |n| n + 1));
        prop_assert_ne!(layer(&seeds).revision(), layer(&changed).revision());
    }
}
