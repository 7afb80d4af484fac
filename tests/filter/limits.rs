//! No filter overturns the process: not a deep one, not a long one, not one that is only brackets.

use std::io::{Read, Write};
use std::net::TcpStream;

use xiangtu::filter::{Encoding, Filter, MAX_DEPTH, MAX_LENGTH};
use xiangtu::kind::{Attribute, ValueType};

use crate::api::server::town;

/// Runs on a stack as small as that of the threads that answer requests.
fn on_a_small_stack(ask: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(ask).unwrap().join().unwrap();
}

fn code(text: &str, encoding: Encoding) -> &'static str {
    let attributes = [Attribute::foreign("a", ValueType::Float)];
    let compiled = Filter::read(text, encoding).and_then(|filter| filter.compile(&attributes).map(|_| ()));
    compiled.map_or_else(|fault| fault.code(), |()| "fine")
}

#[test]
fn nesting_is_bounded_and_never_overflows_the_stack() {
    on_a_small_stack(|| {
        let nested = |open: &str, inner: &str, close: &str, depth: usize| {
            format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
        };
        for depth in [MAX_DEPTH + 1, 1_000, 20_000] {
            for text in [
                nested("(", "a=1", ")", depth),
                nested("(1,", "2", ")", depth),
                nested("NOT ", "a=1", "", depth),
                nested("-", "a", "", depth),
                nested("casei(", "a", ")", depth),
                nested("A_CONTAINS((1),(", "2", "))", depth),
                format!("a{} = 1", " + a".repeat(depth)),
                format!("a{} = 1", " div a".repeat(depth)),
            ] {
                let code = code(&text, Encoding::Text);
                assert!(["filter-too-deep", "filter-too-long"].contains(&code), "{depth} of {:.20}: {code}", text);
            }
            let json = nested("{\"op\":\"not\",\"args\":[", "true", "]}", depth);
            assert!(["filter-too-deep", "filter-too-long"].contains(&code(&json, Encoding::Json)), "{depth}");
            let json = nested("[", "1", "]", depth);
            assert!(["filter-too-deep", "filter-too-long"].contains(&code(&json, Encoding::Json)), "{depth}");
        }
        // What is only wide is fine: a chain of conditions, a long list; and what is just deep enough.
        assert_eq!(code(&format!("a = 1{}", " OR a = 2".repeat(5_000)), Encoding::Text), "fine");
        assert_eq!(code(&format!("a IN (1{})", ", 2".repeat(20_000)), Encoding::Text), "fine");
        assert_eq!(code(&nested("(", "a=1", ")", MAX_DEPTH - 1), Encoding::Text), "fine");
        // Brackets that do not close are found out in one pass.
        assert_eq!(code(&"(".repeat(MAX_DEPTH - 1), Encoding::Text), "filter-malformed");
        assert_eq!(code(&nested("(", "1 1", ")", MAX_DEPTH - 1), Encoding::Text), "filter-malformed");
    });
}

#[test]
fn what_is_too_long_is_refused_before_it_is_read() {
    let long = format!("a = '{}'", "x".repeat(MAX_LENGTH));
    assert_eq!(code(&long, Encoding::Text), "filter-too-long");
    assert_eq!(code(&long, Encoding::Json), "filter-too-long");
}

#[test]
fn nonsense_of_any_kind_is_refused_and_not_died_of() {
    let mut words = vec![
        "(", ")", ",", "'", "\"", "\\", "a", "1", ".", "e", "-", "+", "^", "<", ">", "=", "!", " ", "é", "庄", "\u{0}",
    ];
    words.extend([
        "NOT ",
        "IN",
        "LIKE ",
        "BETWEEN ",
        "AND ",
        "POINT",
        "POLYGON(",
        "EMPTY",
        "DATE(",
        "INTERVAL(",
        "S_DWITHIN(",
    ]);
    let mut seed = 7_u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..12 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(words[(seed >> 33) as usize % words.len()]);
        }
        code(&text, Encoding::Text);
        code(&text, Encoding::Json);
    }
}

/// The status that the town's server answers a request with, sent as it is: no client of ours would send it.
fn status(filter: &str) -> u16 {
    let host = town().base.trim_start_matches("http://").to_owned();
    let mut door = TcpStream::connect(&host).unwrap();
    let request =
        format!("GET /collections/farms/items?filter={filter} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    // The server may have answered, and closed, before it was sent to the end.
    let _ = door.write_all(request.as_bytes());
    let mut answer = [0; 12];
    door.read_exact(&mut answer).unwrap();
    std::str::from_utf8(&answer[9..]).unwrap().parse().unwrap()
}

#[test]
fn the_door_refuses_a_filter_of_a_megabyte_and_lives() {
    for (filter, expected) in [
        ("(".repeat(1 << 20), &[400, 413, 414, 431][..]),
        (format!("name%3D%27{}%27", "x".repeat(1 << 20)), &[400, 413, 414, 431]),
        ("NOT%20".repeat(9_000), &[400, 414]),
        ("(".repeat(50_000), &[400, 414]),
    ] {
        let status = status(&filter);
        assert!(expected.contains(&status), "{status}");
    }
    assert_eq!(town().get("/health").status, 200);
}
