//! Serving the built apps from inside the binary: compressed as they lie there, unpacked for the few that cannot read brotli.
//!
//! Names with a hash in them are kept for a year; pages, the service worker and all else are asked for again each time, with an ETag.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bedring_contract::problem::Code;
use bedring_domain::journal::hex;
use rust_embed::{Embed, EmbeddedFile};

use crate::error::ApiError;
use crate::state::AppState;

/// The files, compressed by the build script.
#[derive(Embed)]
#[folder = "$OUT_DIR/assets"]
struct Embedded;

/// What a page may do: our own files only, and the inline scripts that were there when it was built.
const POLICY: &str = "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'; script-src 'self' 'wasm-unsafe-eval'";
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
);
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
const NOT_FOUND_PAGE: &str = include_str!("not_found.html");

/// One file.
#[derive(Debug)]
struct Asset {
    brotli: Bytes,
    media_type: HeaderValue,
    /// Weak, because the same tag goes with the packed and the unpacked bytes.
    etag: HeaderValue,
    cache: HeaderValue,
    is_page: bool,
    /// The service worker fetches the app's files under the policy that came with its own script.
    is_worker: bool,
}

/// All files by path, without the slash in front.
#[derive(Debug)]
pub struct Assets {
    files: HashMap<String, Asset>,
    policy: HeaderValue,
}

impl Assets {
    /// What this binary carries.
    #[must_use]
    pub fn embedded() -> Self {
        let files = Embedded::iter().filter_map(|path| {
            let EmbeddedFile { data, .. } = Embedded::get(&path)?;
            let bytes = match data {
                Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                Cow::Owned(bytes) => Bytes::from(bytes),
            };
            Some((path.into_owned(), bytes))
        });
        Self::new(files, env!("BEDRING_SCRIPT_HASHES"))
    }

    /// From compressed files and the policy's names of their inline scripts.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = (String, Bytes)>, script_hashes: &str) -> Self {
        let files = files.into_iter().map(|(path, brotli)| {
            let asset = Asset {
                media_type: media_type(&path),
                etag: etag(&brotli),
                cache: if has_hash(&path) { FOREVER } else { ASK_AGAIN },
                is_page: path.ends_with(".html"),
                is_worker: path == "sw.js",
                brotli,
            };
            (path, asset)
        });
        let policy = format!("{POLICY} {script_hashes}");
        let policy = HeaderValue::from_str(policy.trim_end())
            .unwrap_or(HeaderValue::from_static("default-src 'none'"));
        Self {
            files: files.collect(),
            policy,
        }
    }

    /// The file for a path of a request.
    fn find(&self, path: &str) -> Option<&Asset> {
        let name = match path {
            "/" | "/m" => "index.html",
            // A link may come with its `#` written as `%23`: the page makes it whole again.
            link if bedring_domain::link::is_link(link) => "index.html",
            "/staff" | "/staff/" => "staff/index.html",
            // The staff's screens have addresses of their own; the page reads them itself.
            screen if screen.starts_with("/staff/") && !last_part(screen).contains('.') => {
                "staff/index.html"
            }
            // Pages have one address each.
            file if file.ends_with(".html") => return None,
            file => file.strip_prefix('/')?,
        };
        self.files.get(name)
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn etag(bytes: &[u8]) -> HeaderValue {
    let digest = hex(&<sha2::Sha256 as sha2::Digest>::digest(bytes)[..12]);
    HeaderValue::from_str(&format!("W/\"{digest}\"")).unwrap_or(HeaderValue::from_static("W/\"\""))
}

fn media_type(path: &str) -> HeaderValue {
    if path.ends_with(".webmanifest") {
        return HeaderValue::from_static("application/manifest+json");
    }
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    let text = guess.type_() == mime_guess::mime::TEXT;
    let value = if text {
        format!("{guess}; charset=utf-8")
    } else {
        guess.to_string()
    };
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// The same rule as in the service worker: `-`, at least twelve hexadecimal digits, perhaps `_bg`, and the ending.
fn has_hash(path: &str) -> bool {
    let name = last_part(path);
    let Some((stem, _)) = name.split_once('.') else {
        return false;
    };
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    let Some((_, hash)) = stem.rsplit_once('-') else {
        return false;
    };
    hash.len() >= 12
        && hash
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Everything that no route answers: the app's files, or nothing.
pub async fn serve(
    State(state): State<AppState>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path();
    if is_not_app(path) {
        return ApiError::new(Code::RouteUnknown).into_response();
    }
    let Some(asset) = state.assets.find(path) else {
        return not_found(&method, &state.assets.policy);
    };
    if method != Method::GET && method != Method::HEAD {
        return ApiError::new(Code::RouteMethod)
            .allow(Some(HeaderValue::from_static("GET, HEAD")))
            .into_response();
    }
    let mut response = if is_unchanged(&headers, &asset.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        match content(asset, &method, accepts_brotli(&headers)) {
            Ok(response) => response,
            Err(error) => return ApiError::internal(error).into_response(),
        }
    };
    let out = response.headers_mut();
    out.insert(header::ETAG, asset.etag.clone());
    out.insert(header::CACHE_CONTROL, asset.cache.clone());
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if asset.is_page || asset.is_worker {
        out.insert(header::CONTENT_SECURITY_POLICY, state.assets.policy.clone());
    }
    if asset.is_page {
        out.insert("permissions-policy", PERMISSIONS);
        out.insert(
            "cross-origin-opener-policy",
            HeaderValue::from_static("same-origin"),
        );
    }
    response
}

fn is_not_app(path: &str) -> bool {
    ["/api", "/health", "/metrics"].iter().any(|p| {
        path.strip_prefix(p)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn content(asset: &Asset, method: &Method, brotli: bool) -> std::io::Result<Response> {
    let bytes = if brotli {
        asset.brotli.clone()
    } else {
        unpack(&asset.brotli)?
    };
    let length = bytes.len();
    let mut response = Response::new(if method == Method::HEAD {
        Body::empty()
    } else {
        Body::from(bytes)
    });
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, asset.media_type.clone());
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    if brotli {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    Ok(response)
}

fn unpack(brotli: &[u8]) -> std::io::Result<Bytes> {
    let mut bytes = Vec::with_capacity(brotli.len() * 4);
    brotli::Decompressor::new(brotli, 16 * 1024).read_to_end(&mut bytes)?;
    Ok(bytes.into())
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .any(|one| {
            let mut parts = one.split(';').map(str::trim);
            let named = parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case("br"));
            let refused = parts.any(|p| {
                p.strip_prefix("q=")
                    .and_then(|q| q.parse::<f32>().ok())
                    .is_some_and(|q| q <= 0.0)
            });
            named && !refused
        })
}

fn is_unchanged(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let Ok(ours) = etag.to_str().map(bare) else {
        return false;
    };
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .any(|tag| tag.trim() == "*" || bare(tag) == ours)
}

fn not_found(method: &Method, policy: &HeaderValue) -> Response {
    let body = if method == Method::HEAD {
        ""
    } else {
        NOT_FOUND_PAGE
    };
    let mut response = (StatusCode::NOT_FOUND, axum::response::Html(body)).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    response
}
