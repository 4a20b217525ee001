//! Serving the app from inside the binary.

#![allow(clippy::unwrap_used, reason = "a test that stops has said enough")]

mod support;

use std::io::Write;

use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode};
use bedring_contract::problem::Code;
use bedring_server::http::assets::Assets;
use support::{Backend, TestApp, request};

const INDEX: &str = "<!doctype html><title>Bedring</title>";
const STAFF: &str = "<!doctype html><title>Staff</title>";
const WASM: &[u8] = b"\0asm\x01\0\0\0";

fn compressed(bytes: &[u8]) -> Bytes {
    let mut out = Vec::new();
    brotli::CompressorWriter::new(&mut out, 4096, 5, 20)
        .write_all(bytes)
        .unwrap();
    out.into()
}

async fn app() -> TestApp {
    let files: [(&str, &[u8]); 6] = [
        ("index.html", INDEX.as_bytes()),
        ("staff/index.html", STAFF.as_bytes()),
        ("respond-0123456789abcdef_bg.wasm", WASM),
        ("respond-0123456789abcdef.js", b"export default 1;"),
        ("sw.js", b"const VERSION = 1;"),
        ("manifest.webmanifest", b"{}"),
    ];
    let files = files.map(|(path, bytes)| (path.to_owned(), compressed(bytes)));
    let assets = Assets::new(files, "'sha256-abc'");
    TestApp::with_assets(Backend::Sqlite, assets, |_| {}).await
}

#[tokio::test]
async fn pages_answer_at_all_their_addresses() {
    let app = app().await;
    for (path, page) in [
        ("/", INDEX),
        ("/s", INDEX),
        ("/s/", INDEX),
        ("/S", INDEX),
        ("/s%23Zm9yLWRlLWZsZXN0ZS1iYQ", INDEX),
        ("/s%2523Zm9yLWRlLWZsZXN0ZS1iYQ.", INDEX),
        ("/s/Zm9yLWRlLWZsZXN0ZS1iYQ", INDEX),
        ("/m", INDEX),
        ("/staff", STAFF),
        ("/staff/", STAFF),
        ("/staff/projects/abc", STAFF),
    ] {
        let answer = app.get(path).await;
        assert_eq!(
            (answer.status, answer.text()),
            (StatusCode::OK, page),
            "{path}"
        );
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "no-cache");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-abc'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert!(
            answer
                .header("permissions-policy")
                .contains("geolocation=()")
        );
    }
    for path in [
        "/index.html",
        "/staff/missing.js",
        "/..",
        "/%2e%2e/etc/passwd",
        "//",
        "/respond",
        "/something",
        "/s-1",
    ] {
        assert_eq!(app.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn files_have_their_media_type_and_age_by_name() {
    let app = app().await;
    let forever = "public, max-age=31536000, immutable";
    for (path, media, cache) in [
        (
            "/respond-0123456789abcdef_bg.wasm",
            "application/wasm",
            forever,
        ),
        (
            "/respond-0123456789abcdef.js",
            "text/javascript; charset=utf-8",
            forever,
        ),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        (
            "/manifest.webmanifest",
            "application/manifest+json",
            "no-cache",
        ),
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(
            (
                answer.header("content-type"),
                answer.header("cache-control")
            ),
            (media, cache),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_service_worker_may_fetch_the_app() {
    let answer = app().await.get("/sw.js").await;
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'self'"), "{policy}");
}

#[tokio::test]
async fn brotli_goes_out_as_it_lies_there_and_is_unpacked_for_others() {
    let app = app().await;
    let path = "/respond-0123456789abcdef_bg.wasm";
    let get = async |accept: &str| {
        app.send(
            request(Method::GET, path)
                .header("accept-encoding", accept)
                .body(Body::empty())
                .unwrap(),
        )
        .await
    };
    for accept in ["br", "gzip, deflate, br, zstd", "gzip;q=1.0, BR;q=0.5"] {
        let packed = get(accept).await;
        assert_eq!(packed.header("content-encoding"), "br", "{accept}");
        assert_eq!(packed.body, compressed(WASM));
        assert_eq!(
            packed.header("content-length"),
            compressed(WASM).len().to_string()
        );
        assert_eq!(packed.header("vary"), "accept-encoding");
    }
    for accept in ["", "gzip", "br;q=0", "identity", "brotli"] {
        let plain = get(accept).await;
        assert_eq!(plain.header("content-encoding"), "", "{accept}");
        assert_eq!(plain.body, WASM);
    }
}

#[tokio::test]
async fn what_the_browser_has_is_not_sent_again() {
    let app = app().await;
    let tag = app.get("/").await.header("etag").to_owned();
    assert!(tag.starts_with("W/\""));
    let again = |tag: &str| {
        request(Method::GET, "/")
            .header("if-none-match", tag)
            .body(Body::empty())
            .unwrap()
    };
    let same = app.send(again(&format!("\"x\", {tag}"))).await;
    assert_eq!(
        (same.status, same.body.len()),
        (StatusCode::NOT_MODIFIED, 0)
    );
    assert_eq!(same.header("etag"), tag);
    assert!(
        same.header("content-security-policy")
            .contains("script-src")
    );
    assert_eq!(app.send(again("W/\"other\"")).await.status, StatusCode::OK);
    assert_ne!(app.get("/staff/").await.header("etag"), tag);

    let head = app
        .send(request(Method::HEAD, "/").body(Body::empty()).unwrap())
        .await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    assert_eq!(head.header("content-length"), INDEX.len().to_string());
    app.send(request(Method::PUT, "/sw.js").body(Body::empty()).unwrap())
        .await
        .assert_problem(Code::RouteMethod);
}

/// What this very binary carries: the built app, or the page that says that it was not built.
#[tokio::test]
async fn the_embedded_pages_can_run_under_their_own_policy() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let app = TestApp::start(Backend::Sqlite).await;
    for path in ["/", "/staff/"] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, StatusCode::OK);
        let policy = answer.header("content-security-policy").to_owned();
        for script in answer.text().split("<script").skip(1) {
            let (attributes, rest) = script.split_once('>').unwrap();
            if attributes.contains("src=") {
                continue;
            }
            let text = rest.split("</script").next().unwrap();
            let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(text));
            assert!(
                policy.contains(&format!("'sha256-{hash}'")),
                "{path}: {text}"
            );
        }
        assert!(
            !answer.text().contains(" style=\""),
            "{path}: the policy forbids inline styles"
        );
    }
    let worker = app.get("/sw.js").await;
    if worker.status == StatusCode::OK {
        assert!(
            !worker.text().contains("BEDRING_"),
            "the placeholders are filled"
        );
        assert!(!worker.text().contains("\"dev\""));
    }
}
