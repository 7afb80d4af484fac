//! The order of rows.

use std::cmp::Ordering;

use crate::kind::ValueType::{Code, Instant, Text};
use crate::query::SortKey;
use crate::table::{Table, Value};

/// The order of two values with null last, whichever way the rest runs.
pub(super) fn order_nulls_last(a: Value<'_>, b: Value<'_>, descending: bool) -> std::cmp::Ordering {
    match (a.is_null(), b.is_null()) {
        (true, false) => std::cmp::Ordering::Greater,
        (false, true) => std::cmp::Ordering::Less,
        _ if descending => b.order(&a),
        _ => a.order(&b),
    }
}

/// What sorts as a value does among those of its column: whether it is null, which comes last either way, and a number. Of texts
/// it is their beginning only.
fn weight(value: Value<'_>, descending: bool) -> (bool, u64) {
    const SIGN: u64 = 1 << 63;
    let ascending = match value {
        Value::Null => return (true, 0),
        Value::Bool(b) => u64::from(b),
        Value::Int(n) => n as u64 ^ SIGN,
        Value::Date(day) => i64::from(day.0) as u64 ^ SIGN,
        // The order of `f64::total_cmp`.
        Value::Float(x) => {
            let bits = x.to_bits();
            if bits & SIGN == 0 { bits | SIGN } else { !bits }
        }
        Value::Text(text) => {
            let mut first = [0; 8];
            first.iter_mut().zip(text.bytes()).for_each(|(own, byte)| *own = byte);
            u64::from_be_bytes(first)
        }
    };
    (false, if descending { !ascending } else { ascending })
}

impl Table {
    /// Sort keys as columns (None: the id). Keys must have been checked against the attributes.
    pub(super) fn keys(&self, order: &[SortKey]) -> Vec<(Option<usize>, bool)> {
        order.iter().map(|key| (self.column(&key.attribute), key.descending)).collect()
    }

    /// The order of two rows under keys; the id has the last word. Null comes last either way.
    fn compare(&self, keys: &[(Option<usize>, bool)], a: u32, b: u32) -> Ordering {
        let (a, b) = (self.row(a), self.row(b));
        for &(column, descending) in keys {
            let order = match column {
                Some(at) => order_nulls_last(a.value(at), b.value(at), descending),
                None if descending => b.id().cmp(a.id()),
                None => a.id().cmp(b.id()),
            };
            if order.is_ne() {
                return order;
            }
        }
        a.id().cmp(b.id())
    }

    /// Sorts rows. Most are told apart by what their first keys weigh, which is looked up once a row and not once a comparison.
    pub(super) fn sort(&self, rows: &mut [u32], order: &[SortKey]) {
        let keys = self.keys(order);
        let weighed = |row: u32, at: usize| match keys.get(at) {
            Some(&(column, descending)) => {
                let row = self.row(row);
                weight(column.map_or(Value::Text(row.id()), |column| row.value(column)), descending)
            }
            None => (false, 0),
        };
        // The second key has a say only where the first has said all.
        let textual = |column: usize| matches!(self.attributes()[column].value_type, Text | Code | Instant);
        let whole = keys.first().and_then(|(column, _)| *column).is_some_and(|column| !textual(column));
        let weights = |row: u32| (weighed(row, 0), if whole { weighed(row, 1) } else { (false, 0) });
        let mut all: Vec<_> = rows.iter().map(|&row| (weights(row), row)).collect();
        all.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.compare(&keys, a.1, b.1)));
        rows.iter_mut().zip(all).for_each(|(own, (_, row))| *own = row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::{Attribute, ValueType};
    use crate::table::Builder;

    #[test]
    fn rows_sort_as_their_values_do_one_key_after_the_other() {
        let kinds = [("text", Text), ("int", ValueType::Int), ("float", ValueType::Float), ("bool", ValueType::Bool)];
        let mut builder = Builder::new(kinds.map(|(name, kind)| Attribute::foreign(name, kind)).to_vec());
        let texts = ["", "长文字甲", "长文字乙", "same beginning a", "same beginning b", "z"];
        let ints = [i64::MIN, -1, 0, 1 << 53, (1 << 53) + 1, i64::MAX];
        let floats = [f64::MIN, -2.5, -0.0, 0.0, 1e-300, 7.25];
        for k in 0..500_usize {
            let pick = |step: usize| (k * step / 7) % 7;
            let or_null = |at: usize, value: Value<'static>| if at == 6 { Value::Null } else { value };
            let (a, b, c) = (pick(11), pick(5), pick(3));
            builder.push(
                &format!("{:03}", k * 7919 % 1000),
                [
                    or_null(a, Value::Text(texts[a % 6])),
                    or_null(b, Value::Int(ints[b % 6])),
                    or_null(c, Value::Float(floats[c % 6])),
                    or_null(pick(2), Value::Bool(k % 2 == 0)),
                ],
            );
            builder.geometries.push(None);
        }
        let table = builder.finish(Vec::new());
        let names = ["text", "int", "float", "bool", "id"];
        for (first, second) in names.iter().flat_map(|a| names.iter().map(move |b| (*a, *b))) {
            for order in [
                vec![SortKey::up(first)],
                vec![SortKey::up(first), SortKey::down(second)],
                vec![SortKey::down(first), SortKey::up(second)],
            ] {
                let keys = table.keys(&order);
                let mut expected: Vec<u32> = (0..table.len()).collect();
                expected.sort_by(|&a, &b| table.compare(&keys, a, b));
                let mut found: Vec<u32> = (0..table.len()).rev().collect();
                table.sort(&mut found, &order);
                assert_eq!(found, expected, "{order:?}");
            }
        }
    }
}
