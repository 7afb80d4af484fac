//! Photographs: what is kept is what it says it is, whole, and served as nothing else.

use std::io::{Cursor, Read, Write};
use std::net::TcpStream;

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use image::{DynamicImage, ImageFormat, RgbImage};

use super::server::Answer;
use super::town;

fn picture(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, (x * y) as u8])))
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG with the notes of a camera behind its first marker.
fn with_notes(jpeg: &[u8], fields: &[Field]) -> Vec<u8> {
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut notes = Cursor::new(b"Exif\0\0".to_vec());
    notes.set_position(6);
    let mut tiff = Cursor::new(Vec::new());
    writer.write(&mut tiff, false).unwrap();
    notes.write_all(tiff.get_ref()).unwrap();
    let notes = notes.into_inner();
    let length = u16::try_from(notes.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &notes, &jpeg[2..]].concat()
}

fn field(tag: Tag, value: Value) -> Field {
    Field { tag, ifd_num: In::PRIMARY, value }
}

fn words(text: &str) -> Value {
    Value::Ascii(vec![text.as_bytes().to_vec()])
}

fn angle(parts: [(u32, u32); 3]) -> Value {
    Value::Rational(parts.iter().map(|&(num, denom)| Rational { num, denom }).collect())
}

/// 39°36′36″ north, 117°24′18.5″ east, at half past eight in the morning.
fn place_and_time() -> Vec<Field> {
    vec![
        field(Tag::DateTimeOriginal, words("2026:10:05 08:30:00")),
        field(Tag::GPSLatitudeRef, words("N")),
        field(Tag::GPSLatitude, angle([(39, 1), (36, 1), (36, 1)])),
        field(Tag::GPSLongitudeRef, words("E")),
        field(Tag::GPSLongitude, angle([(117, 1), (24, 1), (185, 10)])),
    ]
}

fn send(media: &str, bytes: &[u8]) -> Answer {
    town().send("/evidence", &[("content-type", media)], bytes)
}

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn a_photograph_comes_back_byte_for_byte_under_the_digest_of_its_bytes() {
    for (format, media, ending) in [
        (ImageFormat::Jpeg, "image/jpeg", "jpg"),
        (ImageFormat::Png, "image/png", "png"),
        (ImageFormat::WebP, "image/webp", "webp"),
    ] {
        let bytes = encoded(&picture(900, 600), format);
        let kept = send(media, &bytes);
        assert_eq!(kept.status, 201, "{}", String::from_utf8_lossy(&kept.body));
        let about = kept.json();
        let (id, url) = (about["id"].as_str().unwrap(), about["url"].as_str().unwrap());
        assert_eq!((url, kept.header("location")), (format!("/evidence/{id}").as_str(), url));
        assert_eq!((about["width"].as_u64(), about["height"].as_u64()), (Some(900), Some(600)));
        assert_eq!((about["size"].as_u64(), about["media_type"].as_str()), (Some(bytes.len() as u64), Some(media)));
        assert!(about["position"].is_null() && about["taken_at"].is_null(), "{about}");
        let again = town().get(url);
        assert_eq!((again.status, again.header("content-type"), &again.body), (200, media, &bytes));
        assert_eq!(again.header("content-length"), bytes.len().to_string());
        assert_eq!(again.header("x-content-type-options"), "nosniff");
        assert!(again.header("content-security-policy").starts_with("sandbox"));
        assert_eq!(again.header("cache-control"), "private, max-age=31536000, immutable");
        let disposition = again.header("content-disposition");
        assert!(disposition.starts_with("inline") && disposition.contains(ending), "{disposition}");
        let held = town().get_with(url, &[("if-none-match", again.header("etag"))]);
        assert_eq!((held.status, held.body.len()), (304, 0));
        let head = town().head(url);
        assert_eq!(
            (head.status, head.header("content-length"), head.body.len()),
            (200, again.header("content-length"), 0)
        );
        let thumb = town().get(about["thumbnail"].as_str().unwrap());
        assert_eq!((thumb.status, thumb.header("content-type")), (200, "image/jpeg"));
        let thumb = image::load_from_memory_with_format(&thumb.body, ImageFormat::Jpeg).unwrap();
        assert_eq!((thumb.width(), thumb.height()), (480, 320), "{media}");
    }
}

#[test]
fn the_same_photograph_twice_is_one_photograph() {
    let bytes = encoded(&picture(33, 44), ImageFormat::Jpeg);
    let (one, two) = (send("image/jpeg", &bytes), send("Image/JPEG; q=1", &bytes));
    assert_eq!((one.status, two.status), (201, 201));
    assert_eq!(one.json(), two.json());
    let other = send("image/jpeg", &encoded(&picture(33, 45), ImageFormat::Jpeg));
    assert_ne!(one.json()["id"], other.json()["id"]);
}

#[test]
fn where_and_when_the_camera_stood_is_read_from_its_notes() {
    let bytes = with_notes(&encoded(&picture(64, 48), ImageFormat::Jpeg), &place_and_time());
    let about = send("image/jpeg", &bytes).json();
    let at: Vec<f64> = about["position"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
    assert!((at[0] - 117.405_138_888_9).abs() < 1e-9 && (at[1] - 39.61).abs() < 1e-12, "{at:?}");
    // The clock on the wall of the map's own calendar, eight hours before the one of Greenwich.
    assert_eq!(about["taken_at"], "2026-10-05T00:30:00Z");

    let mut elsewhere = place_and_time();
    elsewhere.push(field(Tag::OffsetTimeOriginal, words("+09:00")));
    elsewhere[1] = field(Tag::GPSLatitudeRef, words("S"));
    elsewhere[3] = field(Tag::GPSLongitudeRef, words("W"));
    let about = send("image/jpeg", &with_notes(&encoded(&picture(64, 49), ImageFormat::Jpeg), &elsewhere)).json();
    assert!(about["position"][0].as_f64().unwrap() < 0.0 && about["position"][1].as_f64().unwrap() < 0.0);
    assert_eq!(about["taken_at"], "2026-10-04T23:30:00Z");
}

#[test]
fn notes_that_cannot_be_true_are_no_place_and_no_time() {
    let cases = [
        (Tag::GPSLatitude, angle([(97, 1), (0, 1), (0, 1)])),
        (Tag::GPSLatitude, angle([(39, 0), (0, 0), (0, 0)])),
        (Tag::GPSLongitude, angle([(180, 1), (0, 1), (1, 1)])),
        (Tag::GPSLongitude, words("117.3")),
        (Tag::DateTimeOriginal, words("2026:02:30 08:00:00")),
        (Tag::DateTimeOriginal, words("0000:00:00 00:00:00")),
        (Tag::DateTimeOriginal, words("yesterday")),
    ];
    for (k, (tag, value)) in cases.into_iter().enumerate() {
        let mut fields = place_and_time();
        fields.retain(|field| field.tag != tag);
        fields.push(field(tag, value));
        let bytes = with_notes(&encoded(&picture(20 + k as u32, 20), ImageFormat::Jpeg), &fields);
        let answer = send("image/jpeg", &bytes);
        assert_eq!(answer.status, 201, "{tag}");
        let (about, timed) = (answer.json(), tag == Tag::DateTimeOriginal);
        assert_eq!((about["position"].is_null(), about["taken_at"].is_null()), (!timed, timed), "{tag}: {about}");
    }
    // No fix: zeros.
    let mut fields = place_and_time();
    fields.retain(|field| ![Tag::GPSLatitude, Tag::GPSLongitude].contains(&field.tag));
    fields.extend([Tag::GPSLatitude, Tag::GPSLongitude].map(|tag| field(tag, angle([(0, 1); 3]))));
    let bytes = with_notes(&encoded(&picture(20, 21), ImageFormat::Jpeg), &fields);
    assert!(send("image/jpeg", &bytes).json()["position"].is_null());
}

#[test]
fn a_photograph_taken_with_the_telephone_on_its_side_stands_upright() {
    // Left half dark, right half bright; orientation 6 says: turn a quarter to the right. Dark is then on top.
    let lying =
        DynamicImage::ImageRgb8(RgbImage::from_fn(800, 400, |x, _| image::Rgb([if x < 400 { 0 } else { 255 }; 3])));
    let notes = [field(Tag::Orientation, Value::Short(vec![6]))];
    let about = send("image/jpeg", &with_notes(&encoded(&lying, ImageFormat::Jpeg), &notes)).json();
    assert_eq!((about["width"].as_u64(), about["height"].as_u64()), (Some(400), Some(800)));
    let thumb = town().get(about["thumbnail"].as_str().unwrap());
    let thumb = image::load_from_memory(&thumb.body).unwrap().to_luma8();
    assert_eq!((thumb.width(), thumb.height()), (240, 480));
    assert!(thumb.get_pixel(120, 20).0[0] < 40 && thumb.get_pixel(120, 460).0[0] > 215);
}

#[test]
fn what_is_not_what_it_says_is_refused() {
    let (jpeg, png) = (encoded(&picture(40, 30), ImageFormat::Jpeg), encoded(&picture(40, 30), ImageFormat::Png));
    let page = b"<!doctype html><script>alert(1)</script>";
    let gif = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;";
    let cases: [(&str, &[u8], u16, &str); 12] = [
        ("image/jpeg", &png, 422, "evidence-type-disagrees"),
        ("image/png", &jpeg, 422, "evidence-type-disagrees"),
        ("image/webp", &jpeg, 422, "evidence-type-disagrees"),
        ("image/jpeg", gif, 422, "evidence-type-disagrees"),
        ("image/jpeg", page, 422, "evidence-unreadable"),
        ("image/png", b"", 422, "evidence-unreadable"),
        ("image/png", b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", 422, "evidence-unreadable"),
        ("text/html", page, 415, "evidence-type"),
        ("image/svg+xml", b"<svg/>", 415, "evidence-type"),
        ("image/gif", gif, 415, "evidence-type"),
        ("application/octet-stream", &jpeg, 415, "evidence-type"),
        ("multipart/form-data; boundary=x", &jpeg, 415, "evidence-type"),
    ];
    for (media, bytes, status, code) in cases {
        assert_eq!(refused(&send(media, bytes)), (status, code.to_owned()), "{media}");
    }
    assert_eq!(refused(&town().send("/evidence", &[], &jpeg)), (415, "evidence-type".to_owned()));
    assert_eq!(refused(&town().send("/evidence?x=1", &[("content-type", "image/jpeg")], &jpeg)).1, "query-unknown");
}

#[test]
fn a_page_inside_a_photograph_stays_a_photograph() {
    let jpeg = encoded(&picture(40, 31), ImageFormat::Jpeg);
    let page = b"<html><script>alert(1)</script></html>";
    let comment = [&jpeg[..2], &[0xFF, 0xFE, 0, page.len() as u8 + 2], &page[..], &jpeg[2..], page].concat();
    let about = send("image/jpeg", &comment).json();
    let back = town().get_with(about["url"].as_str().unwrap(), &[("accept", "text/html")]);
    assert_eq!((back.status, back.header("content-type")), (200, "image/jpeg"));
    assert_eq!(back.header("x-content-type-options"), "nosniff");
    assert!(back.header("content-security-policy").contains("sandbox"));
}

#[test]
fn half_a_photograph_is_none() {
    for (format, media) in
        [(ImageFormat::Jpeg, "image/jpeg"), (ImageFormat::Png, "image/png"), (ImageFormat::WebP, "image/webp")]
    {
        let bytes = encoded(&picture(300, 200), format);
        for cut in [12, bytes.len() / 3, bytes.len() * 9 / 10] {
            let (status, code) = refused(&send(media, &bytes[..cut]));
            let words = ["evidence-cut", "evidence-unreadable"].contains(&code.as_str());
            assert!(status == 422 && words, "{media} cut at {cut} of {}: {status} {code}", bytes.len());
        }
    }
}

/// A PNG that says it is this large, and has nothing to say after that.
fn boast(width: u32, height: u32) -> Vec<u8> {
    let small = encoded(&picture(1, 1), ImageFormat::Png);
    let mut header = [b"IHDR", &width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let crc = header.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    });
    header.extend((!crc).to_be_bytes());
    [&small[..8], &[0, 0, 0, 13], &header, &small[33..]].concat()
}

#[test]
fn a_few_bytes_that_would_unpack_to_gigabytes_are_not_unpacked() {
    for (width, height) in [(60_000, 60_000), (100_000, 1_000), (8_001, 8_000), (2_000_000_000, 2_000_000_000)] {
        let answer = send("image/png", &boast(width, height));
        assert_eq!(refused(&answer), (422, "evidence-too-many-pixels".to_owned()), "{width} × {height}");
    }
    let mut jpeg = encoded(&picture(16, 16), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xDC, 0xFF, 0xDC]);
    assert_eq!(refused(&send("image/jpeg", &jpeg)), (422, "evidence-too-many-pixels".to_owned()));
}

#[test]
fn more_than_twenty_megabytes_are_refused_said_or_unsaid() {
    let answer = send("image/jpeg", &vec![0xFF; (20 << 20) + 1]);
    assert_eq!(refused(&answer), (413, "evidence-too-large".to_owned()));
    assert!(answer.json()["detail"].as_str().unwrap().contains("20 MB"));
    // In chunks, without a word of how much is to come: heard out, and then told.
    let mut stream = TcpStream::connect(town().base.trim_start_matches("http://")).unwrap();
    let head =
        "POST /evidence HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = [&b"100000\r\n"[..], &vec![0xFF; 1 << 20], b"\r\n"].concat();
    (0..30).for_each(|_| stream.write_all(&chunk).unwrap());
    stream.write_all(b"0\r\n\r\n").unwrap();
    let mut line = [0; 12];
    stream.read_exact(&mut line).unwrap();
    assert_eq!(String::from_utf8_lossy(&line), "HTTP/1.1 413");
    assert_eq!(town().get("/health").status, 200);
}

#[test]
fn an_id_is_sixty_four_digits_and_no_way_out_of_the_folder() {
    let missing = "0".repeat(64);
    let long = "a".repeat(65);
    for id in [
        missing.as_str(),
        &long,
        &"A".repeat(64),
        "..%2F..%2Fmap.toml",
        "%2e%2e%2fstore.gpkg",
        "....//....//map.toml",
        "ab",
        "%00",
        "%E7%85%A7",
    ] {
        for tail in ["", "/thumbnail"] {
            let answer = town().get(&format!("/evidence/{id}{tail}"));
            let code = answer.json()["code"].as_str().unwrap().to_owned();
            assert!(
                answer.status == 404 && ["evidence-unknown", "path-unknown"].contains(&code.as_str()),
                "{id}: {code}"
            );
        }
    }
    let wrong = town().get("/evidence");
    assert_eq!((wrong.status, wrong.header("allow")), (405, "POST, OPTIONS"));
}
