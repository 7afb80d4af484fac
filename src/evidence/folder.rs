//! The folder: files named by their content, each there whole or not at all.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::evidence::camera;
use crate::evidence::picture::{self, MAX_BYTES, MediaType};
use crate::fault::Fault;

/// What a stopped process left half sent is thrown away after this long.
const STALE: Duration = Duration::from_secs(24 * 3600);

/// What is known of a photograph; kept beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Photo {
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub id: String,
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Pixels across, as people look at it.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Longitude and latitude that the camera noted.
    pub position: Option<[f64; 2]>,
    /// The instant that the camera noted, in UTC.
    pub taken_at: Option<String>,
}

/// The photographs of a map.
pub struct Evidence {
    dir: PathBuf,
    zone: TimeZone,
}

/// A photograph on its way in: bytes on the disk that nobody can see yet. Gone unless it is kept.
pub struct Incoming {
    file: NamedTempFile,
    hasher: Sha256,
    size: u64,
}

impl Evidence {
    /// The photographs of the map in `map_dir`; cameras that do not say their offset had a clock of `zone`.
    pub fn of(map_dir: &Path, zone: &TimeZone) -> Self {
        Self { dir: map_dir.join("evidence"), zone: zone.clone() }
    }

    fn incoming(&self) -> PathBuf {
        self.dir.join("incoming")
    }

    /// The shelf of an id, `ab` of `ab12…`; None for what is no id, so that no path can be smuggled in.
    fn shelf(id: &str) -> Option<&str> {
        let hex = id.len() == 64 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if hex { id.get(..2) } else { None }
    }

    fn thumb(&self, id: &str) -> Option<PathBuf> {
        Some(self.dir.join("thumb").join(Self::shelf(id)?).join(format!("{id}.jpg")))
    }

    /// Room for a photograph that is about to come.
    ///
    /// # Errors
    /// What the disk refuses.
    pub fn begin(&self) -> Result<Incoming, Fault> {
        let begin = || {
            make_dir(&self.incoming())?;
            NamedTempFile::new_in(self.incoming())
        };
        Ok(Incoming { file: begin().map_err(|error| refused(&error))?, hasher: Sha256::new(), size: 0 })
    }

    /// Looks at a photograph that has come whole, and keeps it. It survives a power cut from here on. The same bytes are
    /// the same photograph, however often they come.
    ///
    /// # Errors
    /// `evidence-type`, `evidence-type-disagrees`, `evidence-unreadable`, `evidence-cut`, `evidence-too-many-pixels`.
    pub fn keep(&self, incoming: Incoming, declared: Option<MediaType>) -> Result<Photo, Fault> {
        let Incoming { file, hasher, size } = incoming;
        let bytes = fs::read(file.path()).map_err(|error| refused(&error))?;
        let seen = picture::look(&bytes, declared)?;
        let notes = camera::notes(&bytes, &self.zone);
        let photo = Photo {
            id: hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
            media_type: seen.media_type.name().to_owned(),
            size,
            width: seen.width,
            height: seen.height,
            position: notes.position,
            taken_at: notes.taken_at.map(|at| at.to_string()),
        };
        self.shelve(file, &photo, seen.media_type, &seen.thumb).map_err(|error| refused(&error))?;
        Ok(photo)
    }

    /// Puts the photograph in its place last: where it is, all that belongs to it is.
    fn shelve(&self, file: NamedTempFile, photo: &Photo, of: MediaType, thumb: &[u8]) -> io::Result<()> {
        let (Some(shelf), Some(thumb_path)) = (Self::shelf(&photo.id), self.thumb(&photo.id)) else {
            return Err(io::Error::other("a digest is 64 hexadecimal digits"));
        };
        let place = self.dir.join(shelf).join(&photo.id);
        self.put(thumb, &thumb_path)?;
        self.put(&serde_json::to_vec_pretty(photo)?, &place.with_extension("json"))?;
        settle(file, &place.with_extension(of.extension()))
    }

    fn put(&self, bytes: &[u8], path: &Path) -> io::Result<()> {
        let mut file = NamedTempFile::new_in(self.incoming())?;
        file.write_all(bytes)?;
        settle(file, path)
    }

    /// Takes a photograph from a file, as the command line does.
    ///
    /// # Errors
    /// As `keep`; `evidence-missing` where there is no such file, `evidence-too-large`.
    pub fn take(&self, path: &Path) -> Result<Photo, Fault> {
        let missing = |error| Fault::not_found("evidence-missing").with("file", path.display()).with("cause", error);
        let mut file = File::open(path).map_err(missing)?;
        let mut incoming = self.begin()?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            match file.read(&mut buffer).map_err(missing)? {
                0 => return self.keep(incoming, None).map_err(|fault| fault.or_with("file", path.display())),
                read => incoming.write(&buffer[..read])?,
            }
        }
    }

    /// What is known of the photograph of that id.
    ///
    /// # Errors
    /// `evidence-unknown`.
    pub fn find(&self, id: &str) -> Result<Photo, Fault> {
        let known = || {
            let place = self.dir.join(Self::shelf(id)?).join(id);
            let photo: Photo = serde_json::from_slice(&fs::read(place.with_extension("json")).ok()?).ok()?;
            let of = MediaType::of_name(&photo.media_type)?;
            place.with_extension(of.extension()).is_file().then_some(photo)
        };
        known().ok_or_else(|| Fault::not_found("evidence-unknown").with("id", id))
    }

    /// Opens the photograph of that id.
    ///
    /// # Errors
    /// `evidence-unknown`.
    pub fn open(&self, id: &str) -> Result<(Photo, MediaType, File), Fault> {
        let unknown = || Fault::not_found("evidence-unknown").with("id", id);
        let photo = self.find(id)?;
        let of = MediaType::of_name(&photo.media_type).ok_or_else(unknown)?;
        let shelf = Self::shelf(id).ok_or_else(unknown)?;
        let file = File::open(self.dir.join(shelf).join(id).with_extension(of.extension())).map_err(|_| unknown())?;
        Ok((photo, of, file))
    }

    /// The small picture of that id: JPEG, upright. Made anew where a copy of the folder left it out.
    ///
    /// # Errors
    /// `evidence-unknown`.
    pub fn thumbnail(&self, id: &str) -> Result<Vec<u8>, Fault> {
        let (_, of, mut file) = self.open(id)?;
        let path = self.thumb(id).ok_or_else(|| Fault::not_found("evidence-unknown").with("id", id))?;
        if let Ok(thumb) = fs::read(&path) {
            return Ok(thumb);
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let thumb = picture::look(&bytes, Some(of))?.thumb;
        make_dir(&self.incoming()).and_then(|()| self.put(&thumb, &path)).map_err(|error| refused(&error))?;
        Ok(thumb)
    }

    /// Throws away what an earlier process was stopped in the middle of.
    pub fn sweep(&self) {
        let now = SystemTime::now();
        for entry in fs::read_dir(self.incoming()).into_iter().flatten().flatten() {
            let changed = entry.metadata().and_then(|about| about.modified());
            if changed.is_ok_and(|at| now.duration_since(at).is_ok_and(|age| age > STALE)) {
                // What cannot be thrown away now will be another day.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

impl Incoming {
    /// Adds bytes.
    ///
    /// # Errors
    /// `evidence-too-large` beyond the limit; what the disk refuses.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.size += bytes.len() as u64;
        if self.size > MAX_BYTES {
            return Err(too_large());
        }
        self.hasher.update(bytes);
        self.file.write_all(bytes).map_err(|error| refused(&error))
    }
}

/// The fault of a photograph over the limit.
pub fn too_large() -> Fault {
    Fault::too_large("evidence-too-large").with("limit", MAX_BYTES >> 20)
}

fn refused(error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Fault::busy("evidence-disk-full"),
        _ => Fault::internal(error),
    }
}

/// Makes a folder so that it is there after a power cut: its name is written down in the folder above.
fn make_dir(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let Some(above) = dir.parent() else { return fs::create_dir(dir) };
    make_dir(above)?;
    match fs::create_dir(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    write_down(above)
}

/// Moves a file to its place: bytes first, then the name, then the folder that holds the name.
fn settle(file: NamedTempFile, path: &Path) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    make_dir(dir)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    write_down(dir)
}

#[cfg(unix)]
fn write_down(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Elsewhere a folder cannot be opened, and a rename is journalled.
#[cfg(not(unix))]
fn write_down(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photograph_from_a_file_lies_under_its_digest_with_nothing_left_on_the_way() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("照片.png");
        image::RgbImage::from_pixel(600, 300, image::Rgb([9, 99, 9])).save(&file).unwrap();
        let evidence = Evidence::of(home.path(), &TimeZone::UTC);
        let photo = evidence.take(&file).unwrap();
        let place = home.path().join("evidence").join(&photo.id[..2]).join(format!("{}.png", photo.id));
        assert_eq!(fs::read(place).unwrap(), fs::read(&file).unwrap());
        assert_eq!(evidence.find(&photo.id).unwrap(), photo);
        assert_eq!(fs::read_dir(evidence.incoming()).unwrap().count(), 0);

        fs::remove_dir_all(home.path().join("evidence/thumb")).unwrap();
        let thumb = image::load_from_memory(&evidence.thumbnail(&photo.id).unwrap()).unwrap();
        assert_eq!((thumb.width(), thumb.height()), (480, 240));

        let text = home.path().join("a.jpg");
        fs::write(&text, "no picture").unwrap();
        assert_eq!(evidence.take(&text).unwrap_err().code(), "evidence-unreadable");
        assert_eq!(evidence.take(&home.path().join("b.jpg")).unwrap_err().code(), "evidence-missing");
        assert_eq!(fs::read_dir(evidence.incoming()).unwrap().count(), 0);
    }
}
