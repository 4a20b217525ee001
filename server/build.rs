//! Puts the built apps into the binary: compresses every file with brotli into `OUT_DIR/assets`, fills the service worker's two
//! placeholders, and computes the hashes of inline scripts that the Content-Security-Policy allows.
//!
//! The apps come from `BEDRING_APP_DIST` (a folder with `respond` and `staff`), or from `target/app`. A release build without them fails.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo speaks to build scripts through the environment"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use sha2::{Digest, Sha256};

type Result<T> = std::result::Result<T, Box<dyn Error>>;
type Files = BTreeMap<String, Vec<u8>>;

fn main() {
    if let Err(error) = run() {
        println!("cargo::error={error}");
        std::process::exit(1);
    }
}

fn run() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=BEDRING_APP_DIST");
    let dist = dist_folder()?;
    let release = std::env::var("PROFILE")? == "release";
    let (respond, staff) = (
        read_app(&dist.join("respond"), release)?,
        read_app(&dist.join("staff"), release)?,
    );
    let built = respond.contains_key("index.html") && staff.contains_key("index.html");
    if !built && release {
        return Err(format!(
            "the apps are not in {}: run \"make app\" first, or set BEDRING_APP_DIST",
            dist.display()
        )
        .into());
    }
    let mut files = Files::new();
    if built {
        files.extend(with_service_worker(respond)?);
        files.extend(
            staff
                .into_iter()
                .map(|(path, bytes)| (format!("staff/{path}"), bytes)),
        );
    } else {
        println!(
            "cargo::warning=the apps are not in {}: this debug build serves a page that says so. Run \"make app\".",
            dist.display()
        );
        files.insert("index.html".to_owned(), not_built());
        files.insert("staff/index.html".to_owned(), not_built());
    }
    println!(
        "cargo::rustc-env=BEDRING_SCRIPT_HASHES={}",
        script_hashes(&files)
    );
    write_compressed(&files)
}

fn dist_folder() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("BEDRING_APP_DIST") {
        return Ok(folder.into());
    }
    Ok(Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../target/app"))
}

/// All files of one app by path, or nothing if it was not built.
fn read_app(folder: &Path, release: bool) -> Result<Files> {
    if !folder.is_dir() && !release {
        // An empty folder, so that cargo has something to watch: a path that is missing would rebuild the server every time.
        fs::create_dir_all(folder)?;
    }
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Files::new();
    if folder.is_dir() {
        read_folder(folder, "", &mut files)?;
    }
    Ok(files)
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|n| format!("{} is not UTF-8", n.display()))?;
        // Trunk builds in a hidden folder beside the result.
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            read_folder(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.insert(path, fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// Fills in the version (a hash over all files) and the list of what the phone keeps.
fn with_service_worker(mut files: Files) -> Result<Files> {
    let Some(worker) = files.get("sw.js").cloned() else {
        return Err("the app has no sw.js".into());
    };
    let mut hash = Sha256::new();
    for (path, bytes) in &files {
        hash.update(path);
        hash.update([0]);
        hash.update(Sha256::digest(bytes));
    }
    let version = &hex(&hash.finalize())[..16];
    let kept: Vec<String> = files
        .keys()
        .filter(|path| is_kept(path))
        .map(|path| format!("\"/{path}\""))
        .collect();
    let mut text = String::from_utf8(worker)?;
    for (placeholder, value) in [
        ("/*BEDRING_VERSION*/\"dev\"/**/", format!("\"{version}\"")),
        ("/*BEDRING_FILES*/[]/**/", format!("[{}]", kept.join(","))),
    ] {
        if text.matches(placeholder).count() != 1 {
            return Err(format!("sw.js does not hold {placeholder} exactly once").into());
        }
        text = text.replace(placeholder, &value);
    }
    files.insert("sw.js".to_owned(), text.into_bytes());
    Ok(files)
}

/// The page is kept under `/` by the worker itself; the big icons are for the home screen, which fetches them when it needs them.
fn is_kept(path: &str) -> bool {
    !matches!(path, "index.html" | "sw.js") && !path.ends_with(".png") && !path.ends_with(".map")
}

/// The hashes of all scripts that stand in a page, as the policy names them.
fn script_hashes(files: &Files) -> String {
    let mut hashes = Vec::new();
    for (_, page) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = String::from_utf8_lossy(page);
        let mut rest = page.as_ref();
        while let Some(start) = rest.find("<script") {
            let Some(open_end) = rest[start..].find('>').map(|i| start + i) else {
                break;
            };
            let Some(end) = rest[open_end..].find("</script").map(|i| open_end + i) else {
                break;
            };
            let attributes = &rest[start..open_end];
            if !attributes.contains(" src=") {
                hashes.push(format!(
                    "'sha256-{}'",
                    base64(&Sha256::digest(&rest[open_end + 1..end]))
                ));
            }
            rest = &rest[end..];
        }
    }
    hashes.sort();
    hashes.dedup();
    hashes.join(" ")
}

fn write_compressed(files: &Files) -> Result<()> {
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let (assets, cache) = (out.join("assets"), out.join("compressed"));
    if assets.exists() {
        fs::remove_dir_all(&assets)?;
    }
    fs::create_dir_all(&cache)?;
    let cached = |bytes: &[u8]| cache.join(hex(&Sha256::digest(bytes)));
    // The best compression takes seconds: each file beside the others, and what has not changed not at all.
    std::thread::scope(|scope| {
        let missing = files.values().filter(|bytes| !cached(bytes).exists());
        let threads: Vec<_> = missing
            .map(|bytes| scope.spawn(|| keep(bytes, &cached(bytes)).map_err(|e| e.to_string())))
            .collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| "a thread died".to_owned())?)
    })?;
    for (path, bytes) in files {
        let target = assets.join(path);
        fs::create_dir_all(target.parent().unwrap_or(&assets))?;
        fs::copy(cached(bytes), &target)?;
    }
    let in_use: BTreeSet<PathBuf> = files.values().map(|bytes| cached(bytes)).collect();
    for entry in fs::read_dir(&cache)? {
        let path = entry?.path();
        if !in_use.contains(&path) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Written beside and renamed, so that an interrupted build leaves no half file. Two files may have the same bytes.
fn keep(bytes: &[u8], path: &Path) -> Result<()> {
    let beside = path.with_extension(format!("{:?}", std::thread::current().id()));
    fs::write(&beside, compress(bytes)?)?;
    Ok(fs::rename(&beside, path)?)
}

fn compress(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 64 * 1024, 11, 22);
    writer.write_all(bytes)?;
    drop(writer);
    Ok(out)
}

fn not_built() -> Vec<u8> {
    b"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Bedring</title><h1>The app was not built</h1>\
      <p>This is a debug build of the server without the app. Run <code>make app</code> and build again.</p></html>"
        .to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
