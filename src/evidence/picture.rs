//! What a file really is: found out by decoding it, within limits of pixels and memory; and the small picture of it.

use std::io::Cursor;
use std::sync::{Mutex, PoisonError};

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage};

use crate::fault::Fault;

/// The largest photograph that is taken in, bytes.
pub const MAX_BYTES: u64 = 20 << 20;
/// The most pixels that one may have: 64 megapixels. A few kilobytes can unpack to any number of them.
const MAX_PIXELS: u64 = 64_000_000;
/// The most memory that one may unpack to, bytes.
const MAX_UNPACKED: u64 = 256 << 20;
/// The longer side of a small picture, pixels.
const THUMB_PX: u32 = 480;
/// The quality of a small picture, of 100.
const THUMB_QUALITY: u8 = 80;

/// One at a time, so that many who send at once need no more memory than one does.
static UNPACKING: Mutex<()> = Mutex::new(());

/// What may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
}

impl MediaType {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::WebP];

    /// `image/jpeg`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    /// The ending of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }

    /// The one of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Reads a `Content-Type`.
    ///
    /// # Errors
    /// `evidence-type`: none of the three, or none at all.
    pub fn declared(text: &str) -> Result<Self, Fault> {
        let bare = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        // No registered name, but one that clients send.
        let bare = if bare == "image/jpg" { "image/jpeg" } else { &bare };
        Self::of_name(bare).ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            Fault::unsupported_media("evidence-type").with("value", text).with("known", known)
        })
    }

    fn format(self) -> ImageFormat {
        match self {
            Self::Jpeg => ImageFormat::Jpeg,
            Self::Png => ImageFormat::Png,
            Self::WebP => ImageFormat::WebP,
        }
    }
}

/// What was seen in a file.
pub struct Seen {
    /// What it is.
    pub media_type: MediaType,
    /// Pixels across, as people look at it.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The small picture: JPEG, upright.
    pub thumb: Vec<u8>,
}

fn unreadable(cause: &dyn std::fmt::Display) -> Fault {
    Fault::unprocessable("evidence-unreadable").with("cause", cause)
}

fn decoding(error: &ImageError) -> Fault {
    match error {
        ImageError::Limits(_) => too_many_pixels(None),
        ImageError::IoError(_) => Fault::unprocessable("evidence-cut"),
        error => unreadable(error),
    }
}

fn too_many_pixels(size: Option<(u32, u32)>) -> Fault {
    let size = size.map_or_else(String::new, |(width, height)| format!("{width} × {height}"));
    Fault::unprocessable("evidence-too-many-pixels").with("value", size).with("limit", MAX_PIXELS / 1_000_000)
}

/// Decodes a file from end to end.
///
/// # Errors
/// `evidence-type-disagrees` where it is not of the declared type, `evidence-unreadable` where it is no
/// picture, `evidence-cut` where it breaks off, `evidence-too-many-pixels`.
pub fn look(bytes: &[u8], declared: Option<MediaType>) -> Result<Seen, Fault> {
    let format = image::guess_format(bytes).map_err(|_| unreadable(&"no picture"))?;
    let found = MediaType::ALL.into_iter().find(|one| one.format() == format);
    let media_type = match (found, declared) {
        (Some(found), declared) if declared.is_none_or(|declared| declared == found) => found,
        (None, None) => {
            let known = MediaType::ALL.map(MediaType::name).join(", ");
            let fault = Fault::unsupported_media("evidence-type").with("value", format.to_mime_type());
            return Err(fault.with("known", known));
        }
        (_, declared) => {
            let declared = declared.map_or("", MediaType::name);
            let fault = Fault::unprocessable("evidence-type-disagrees").with("value", declared);
            return Err(fault.with("found", format.to_mime_type()));
        }
    };
    if media_type == MediaType::Jpeg && !is_whole_jpeg(bytes) {
        return Err(Fault::unprocessable("evidence-cut"));
    }
    let _alone = UNPACKING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_UNPACKED);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| decoding(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_UNPACKED {
        return Err(too_many_pixels(Some((width, height))));
    }
    // Broken notes of the camera do not make a picture unreadable.
    let upright = decoder.orientation().ok();
    let whole = DynamicImage::from_decoder(decoder).map_err(|error| decoding(&error))?;
    let mut small = if width.max(height) > THUMB_PX { whole.thumbnail(THUMB_PX, THUMB_PX) } else { whole };
    let before = (small.width(), small.height());
    if let Some(upright) = upright {
        small.apply_orientation(upright);
    }
    let turned = before != (small.width(), small.height());
    let (width, height) = if turned { (height, width) } else { (width, height) };
    let mut thumb = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut thumb, THUMB_QUALITY);
    on_white(&small).write_with_encoder(encoder).map_err(Fault::internal)?;
    Ok(Seen { media_type, width, height, thumb })
}

/// A picture without its transparency, as it looks on paper.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let clear = picture.to_rgba8();
    RgbImage::from_fn(clear.width(), clear.height(), |x, y| {
        let [r, g, b, a] = clear.get_pixel(x, y).0;
        image::Rgb([r, g, b].map(|c| ((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a))) / 255) as u8))
    })
}

/// Whether a JPEG goes on to its end marker. Decoders paint what is missing grey and are content; evidence is whole or none.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    let mut at = 2;
    loop {
        let (Some(&first), Some(&marker)) = (bytes.get(at), bytes.get(at + 1)) else { return false };
        match (first, marker) {
            (0xFF, 0xD9) => return true,
            // Alone, without a length: fill bytes, restarts, a beginning within.
            (0xFF, 0x01 | 0xD0..=0xD8) => at += 2,
            (0xFF, 0x00 | 0xFF) => at += 1,
            (0xFF, _) => {
                let (Some(&high), Some(&low)) = (bytes.get(at + 2), bytes.get(at + 3)) else { return false };
                at += 2 + usize::from(u16::from_be_bytes([high, low]));
            }
            // What a scan holds, or stray bytes between segments.
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg() -> Vec<u8> {
        let mut bytes = Vec::new();
        let picture = RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8 * 4, y as u8 * 5, (x ^ y) as u8]));
        picture.write_with_encoder(JpegEncoder::new(&mut bytes)).unwrap();
        bytes
    }

    #[test]
    fn a_jpeg_is_whole_up_to_its_last_byte_and_no_earlier() {
        let whole = jpeg();
        assert!(is_whole_jpeg(&whole));
        for cut in [2, 3, 20, whole.len() / 2, whole.len() - 1] {
            assert!(!is_whole_jpeg(&whole[..cut]), "{cut} of {}", whole.len());
        }
        // Phones write a film behind the picture.
        assert!(is_whole_jpeg(&[&whole[..], b"ftypmp42"].concat()));
    }

    #[test]
    fn a_small_picture_is_no_larger_and_keeps_its_shape() {
        let seen = look(&jpeg(), Some(MediaType::Jpeg)).unwrap();
        assert_eq!((seen.width, seen.height), (64, 48));
        let thumb = image::load_from_memory(&seen.thumb).unwrap();
        assert_eq!((thumb.width(), thumb.height()), (64, 48));
    }

    #[test]
    fn what_is_transparent_is_white_on_paper() {
        let clear = DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(2, 2, image::Rgba([0, 0, 0, 0])));
        assert_eq!(on_white(&clear).get_pixel(0, 0).0, [255, 255, 255]);
    }
}
