//! Key files: where they are, making them on the first start, and reading them.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{ContactKeys, KeyRing, SealKeyPair, SealKeys};
use crate::config::{Config, Secret};
use crate::ports::Random;

const SEAL_FILE: &str = "seal.key";
const CONTACT_FILE: &str = "contact.key";

/// Why there are no keys. Never holds one.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is no key.
    #[error("{place}:{line}: not a key (32 bytes in base64)")]
    Line {
        /// Which file or setting.
        place: String,
        /// Counted from 1.
        line: usize,
    },
    /// A file or setting holds no key at all.
    #[error("{place} holds no key")]
    Empty {
        /// Which file or setting.
        place: String,
    },
    /// With this database the keys must be named.
    #[error(
        "keys.{0}_file is not set: with PostgreSQL every server on the database needs the same keys; make them with \"bedring keys create FOLDER\" and name both files"
    )]
    NotNamed(&'static str),
    /// The database is there, its keys are not: new ones would leave its content unreadable.
    #[error("{} is missing, but there is a database already: put the key file back from your backup", .0.display())]
    Lost(PathBuf),
    /// Both ways at once.
    #[error("keys.{0} and keys.{0}_file are both set; choose one")]
    Twice(&'static str),
}

/// Where the keys of these settings are, as far as they are files: seal, contact.
#[must_use]
pub fn paths(config: &Config) -> [Option<PathBuf>; 2] {
    let embedded = config.sqlite_file().is_some();
    let place = |value: &Option<Secret>, file: &Option<PathBuf>, name: &str| match (value, file) {
        (Some(_), _) => None,
        (None, Some(path)) => Some(path.clone()),
        (None, None) => embedded.then(|| config.data.dir.join("keys").join(name)),
    };
    [
        place(&config.keys.seal, &config.keys.seal_file, SEAL_FILE),
        place(
            &config.keys.contact,
            &config.keys.contact_file,
            CONTACT_FILE,
        ),
    ]
}

/// Where an operator finds the keys of these settings, for messages: seal, contact.
#[must_use]
pub fn places(config: &Config) -> [String; 2] {
    let [seal, contact] = paths(config);
    let name = |path: Option<PathBuf>, setting: &str| {
        path.map_or_else(|| setting.to_owned(), |p| p.display().to_string())
    };
    [name(seal, "keys.seal"), name(contact, "keys.contact")]
}

/// Reads the keys. On the very first start with SQLite, when there is no database yet, makes those that nobody named.
///
/// # Errors
/// Missing, unreadable or broken keys.
pub fn open(config: &Config, random: &dyn Random) -> Result<KeyRing, KeyFileError> {
    let [seal_path, contact_path] = paths(config);
    let first_start = config
        .sqlite_file()
        .is_some_and(|file| fs::metadata(file).map_or(true, |m| m.len() == 0));
    if first_start {
        let fresh = KeyRing::generate(random);
        if let (None, None, Some(path)) = (&config.keys.seal, &config.keys.seal_file, &seal_path) {
            create_if_missing(path, &seal_text(&fresh))?;
        }
        if let (None, None, Some(path)) = (
            &config.keys.contact,
            &config.keys.contact_file,
            &contact_path,
        ) {
            create_if_missing(path, &contact_text(&fresh))?;
        }
    }
    let seal = read(
        "seal",
        config.keys.seal.as_ref(),
        config.keys.seal_file.as_ref(),
        seal_path,
    )?;
    let contact = read(
        "contact",
        config.keys.contact.as_ref(),
        config.keys.contact_file.as_ref(),
        contact_path,
    )?;
    let pairs: Vec<SealKeyPair> = seal
        .1
        .iter()
        .copied()
        .map(SealKeyPair::from_bytes)
        .collect();
    Ok(KeyRing {
        seal: SealKeys::new(SealKeyPair::from_bytes(seal.0), pairs),
        contact: ContactKeys::new(contact.0, &contact.1),
    })
}

/// Makes both files in a folder, for servers that share a database. Existing files are never touched.
///
/// # Errors
/// A file is there already, or cannot be written.
pub fn create_files(folder: &Path, random: &dyn Random) -> Result<[PathBuf; 2], KeyFileError> {
    let keys = KeyRing::generate(random);
    let paths = [folder.join(SEAL_FILE), folder.join(CONTACT_FILE)];
    for path in &paths {
        if path.exists() {
            return Err(KeyFileError::File {
                path: path.clone(),
                source: std::io::ErrorKind::AlreadyExists.into(),
            });
        }
    }
    create(&paths[0], &seal_text(&keys))?;
    create(&paths[1], &contact_text(&keys))?;
    Ok(paths)
}

/// Somebody else on this machine may read the file.
///
/// # Errors
/// The file is not there.
pub fn readable_by_others(path: &Path) -> std::io::Result<bool> {
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

fn seal_text(keys: &KeyRing) -> String {
    text(
        "opens the entries that phones have sealed",
        keys.seal.secrets(),
    )
}

fn contact_text(keys: &KeyRing) -> String {
    text("decrypts names and contact data", keys.contact.secrets())
}

fn text(what: &str, keys: impl Iterator<Item = [u8; 32]>) -> String {
    let mut text = format!("# Bedring: {what}. Secret. Keep a copy apart from the database.\n");
    for key in keys {
        text.push_str(&STANDARD.encode(key));
        text.push('\n');
    }
    text
}

fn create_if_missing(path: &Path, text: &str) -> Result<(), KeyFileError> {
    if path.exists() {
        Ok(())
    } else {
        create(path, text)
    }
}

/// Written beside and renamed, so that a full disk leaves no half key behind.
fn create(path: &Path, text: &str) -> Result<(), KeyFileError> {
    let beside = path.with_extension("key.new");
    let attempt = || -> std::io::Result<()> {
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)?;
        }
        let mut options = fs::OpenOptions::new();
        let mut file = options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    attempt().map_err(|source| {
        // Nothing is lost if this fails too: the next try writes it anew.
        let _ = fs::remove_file(&beside);
        KeyFileError::File {
            path: path.to_owned(),
            source,
        }
    })
}

type Secrets = ([u8; 32], Vec<[u8; 32]>);

fn read(
    name: &'static str,
    value: Option<&Secret>,
    named: Option<&PathBuf>,
    path: Option<PathBuf>,
) -> Result<Secrets, KeyFileError> {
    match (value, path) {
        (Some(_), _) if named.is_some() => Err(KeyFileError::Twice(name)),
        (Some(value), _) => parse(&format!("keys.{name}"), value.expose()),
        (None, None) => Err(KeyFileError::NotNamed(name)),
        (None, Some(path)) => match fs::read_to_string(&path) {
            Ok(text) => parse(&path.display().to_string(), &text),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
                Err(KeyFileError::Lost(path))
            }
            Err(source) => Err(KeyFileError::File { path, source }),
        },
    }
}

fn parse(place: &str, text: &str) -> Result<Secrets, KeyFileError> {
    let mut keys = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let key = STANDARD
            .decode(line)
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        keys.push(key.ok_or_else(|| KeyFileError::Line {
            place: place.to_owned(),
            line: index + 1,
        })?);
    }
    let mut keys = keys.into_iter();
    let newest = keys.next().ok_or_else(|| KeyFileError::Empty {
        place: place.to_owned(),
    })?;
    Ok((newest, keys.collect()))
}
