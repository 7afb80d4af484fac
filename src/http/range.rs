//! Parts of what has a length: `Range` and `If-Range` (RFC 9110 §14), for files on the disk and bytes in memory.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::fault::Fault;
use crate::http::asked::Asked;
use crate::http::{error, stream};

/// What of a body is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Whole,
    /// From a byte up to another, which is not in it.
    Bytes(Range<u64>),
    /// Behind its end.
    None,
}

/// What a request wants of a body of this length. What cannot be read, and several ranges at once, are passed over as the
/// standard allows: the whole is the answer.
fn part(method: &Method, range: &str, if_range: &str, etag: &str, length: u64) -> Part {
    // Only a strong tag that is the same says that the part belongs to what the asker has.
    let stale = !if_range.is_empty() && (if_range.trim() != etag || etag.starts_with("W/"));
    let Some(set) = range.trim().strip_prefix("bytes=").filter(|_| method == Method::GET && !stale) else {
        return Part::Whole;
    };
    let Some((from, to)) = set.split_once('-').filter(|_| !set.contains(',')) else { return Part::Whole };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match (from.trim(), to.trim()) {
        ("", last) => match number(last) {
            None => Part::Whole,
            Some(0) => Part::None,
            Some(_) if length == 0 => Part::None,
            Some(last) => Part::Bytes(length.saturating_sub(last)..length),
        },
        (from, to) => match (number(from), number(to)) {
            (Some(from), _) if from >= length && (to.is_empty() || number(to).is_some()) => Part::None,
            (Some(from), None) if to.is_empty() => Part::Bytes(from..length),
            (Some(from), Some(to)) if from <= to => Part::Bytes(from..length.min(to.saturating_add(1))),
            _ => Part::Whole,
        },
    }
}

fn wanted(asked: &Asked, etag: &str, length: u64) -> Part {
    let (range, condition) = (asked.header(header::RANGE), asked.header(header::IF_RANGE));
    part(&asked.method, range, condition, etag, length)
}

/// The answer that bears a body or a part of it.
fn answer(asked: &Asked, mut headers: HeaderMap, part: Part, length: u64, body: Body) -> Response {
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let told = |text: String| HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("bytes"));
    match part {
        Part::Whole => {
            headers.insert(header::CONTENT_LENGTH, length.into());
            (headers, body).into_response()
        }
        Part::Bytes(range) => {
            headers.insert(header::CONTENT_LENGTH, (range.end - range.start).into());
            let place = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            headers.insert(header::CONTENT_RANGE, told(place));
            (StatusCode::PARTIAL_CONTENT, headers, body).into_response()
        }
        Part::None => {
            let mut response = error::range(asked.header(header::RANGE), length, asked.lang);
            response.headers_mut().insert(header::CONTENT_RANGE, told(format!("bytes */{length}")));
            response
        }
    }
}

/// A file, or the part of it that is wanted; `headers` are those of the whole. Call it from a thread that may block.
///
/// # Errors
/// What the disk refuses.
pub fn file(asked: &Asked, headers: HeaderMap, etag: &str, mut file: File, length: u64) -> Result<Response, Fault> {
    let part = wanted(asked, etag, length);
    let range = match &part {
        Part::Bytes(range) => range.clone(),
        Part::Whole => 0..length,
        Part::None => 0..0,
    };
    let response = answer(asked, headers, part, length, Body::empty());
    if asked.method == Method::HEAD || range.is_empty() {
        return Ok(response);
    }
    file.seek(SeekFrom::Start(range.start))?;
    Ok(stream::unwritten(response, move |out| {
        std::io::copy(&mut file.take(range.end - range.start), out)?;
        Ok(())
    }))
}

/// Bytes in memory, or the part of them that is wanted; `headers` are those of the whole.
pub fn bytes(asked: &Asked, headers: HeaderMap, etag: &str, bytes: Bytes) -> Response {
    let length = bytes.len() as u64;
    let part = wanted(asked, etag, length);
    let body = match &part {
        Part::Whole => bytes,
        Part::Bytes(range) => bytes.slice(range.start as usize..range.end as usize),
        Part::None => Bytes::new(),
    };
    answer(asked, headers, part, length, Body::from(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_to_what_there_is_and_one_behind_the_end_is_told_so() {
        let cases = [
            ("", Part::Whole),
            ("bytes=0-9", Part::Bytes(0..10)),
            ("bytes=90-", Part::Bytes(90..100)),
            ("bytes=-10", Part::Bytes(90..100)),
            ("bytes=-1000", Part::Bytes(0..100)),
            ("bytes=50-1000", Part::Bytes(50..100)),
            ("bytes=100-", Part::None),
            ("bytes=100-200", Part::None),
            ("bytes=-0", Part::None),
            ("bytes=9-3", Part::Whole),
            ("bytes=0-1,5-6", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("lines=0-9", Part::Whole),
            ("bytes=0-18446744073709551615", Part::Bytes(0..100)),
        ];
        for (range, expected) in cases {
            assert_eq!(part(&Method::GET, range, "", "\"a\"", 100), expected, "{range}");
        }
        assert_eq!(part(&Method::HEAD, "bytes=0-9", "", "\"a\"", 100), Part::Whole);
        assert_eq!(part(&Method::GET, "bytes=0-9", "\"a\"", "\"a\"", 100), Part::Bytes(0..10));
        assert_eq!(part(&Method::GET, "bytes=0-9", "\"b\"", "\"a\"", 100), Part::Whole);
        assert_eq!(part(&Method::GET, "bytes=0-9", "W/\"a\"", "W/\"a\"", 100), Part::Whole);
    }
}
