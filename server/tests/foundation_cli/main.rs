//! The binary itself: what is typed wrongly or does not work ends with one line and a code, and leaves nothing half done.

#![allow(clippy::unwrap_used, reason = "a test that stops has said enough")]

#[path = "../support/mod.rs"]
mod support;

mod backup;
mod beside;
mod keys;
mod running;

use std::net::TcpListener;
use std::process::{Command, Output};

use support::program::{bedring, run};
use tempfile::TempDir;

/// It failed with this code, and said this in one line.
#[track_caller]
fn assert_refused(output: &Output, code: i32, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("bedring: "), "{said}");
    assert!(said.contains(words), "{said:?} does not say {words:?}");
    assert!(!said.contains("hunter2"), "{said}");
}

fn is_empty(folder: &TempDir) -> bool {
    std::fs::read_dir(folder.path()).unwrap().next().is_none()
}

#[test]
fn commands_that_are_not_understood() {
    let folder = tempfile::tempdir().unwrap();
    assert_refused(&run(folder.path(), &["fly"]), 2, "fly");
    assert_refused(&run(folder.path(), &["serve", "--fly"]), 2, "--fly");
    assert_refused(&run(folder.path(), &["instrument", "check"]), 2, "FILES");
    assert_eq!(run(folder.path(), &[]).status.code(), Some(2));
    let help = run(folder.path(), &["--help"]);
    assert!(help.status.success() && help.stdout.starts_with(b"Survey collection"));
    assert!(is_empty(&folder));
}

#[test]
fn settings_that_are_wrong_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let refuse = |toml: &str, words: &str| {
        std::fs::write(path.join("bedring.toml"), toml).unwrap();
        assert_refused(&run(path, &["serve"]), 1, words);
    };
    refuse(
        "[server]\nbind = \"127.0.0.1:0\"\nbnid = 1\n",
        "bedring.toml:3: unknown field `bnid`",
    );
    refuse("[server\n", "bedring.toml:1:");
    refuse("[limits]\nbody_bytes = \"many\"\n", "bedring.toml:2:");
    refuse("[server]\nbind = \"nowhere\"\n", "bedring.toml:2:");
    refuse("[server]\npublic_url = \"ftp://x\"\n", "server.public_url");
    refuse(
        "[database]\nurl = \"mysql://u:hunter2@h/d\"\n",
        "database.url",
    );
    refuse("[limits]\nbody_bytes = 0\n", "limits.body_bytes");
    std::fs::remove_file(path.join("bedring.toml")).unwrap();

    assert_refused(
        &run(path, &["serve", "--config", "missing.toml"]),
        1,
        "missing.toml",
    );
    assert_refused(
        &run(path, &["serve", "--bind", "nowhere"]),
        1,
        "server.bind",
    );
    let environment = |name: &str, value: &str| {
        bedring(path)
            .arg("serve")
            .env(name, value)
            .output()
            .unwrap()
    };
    assert_refused(
        &environment("BEDRING__SERVER__BNID", "x"),
        1,
        "BEDRING__SERVER__BNID",
    );
    assert_refused(
        &environment("BEDRING__SERVER__BIND", "x"),
        1,
        "BEDRING__SERVER__BIND",
    );
    assert_refused(
        &environment("BEDRING__DATABASE__URL_FILE", "no-such-file"),
        1,
        "no-such-file",
    );
    assert!(is_empty(&folder), "nothing was made");
}

#[test]
fn places_that_do_not_work() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    assert_refused(
        &run(path, &["migrate", "--data-dir", "no/such/folder"]),
        1,
        "no/such/folder",
    );
    assert_refused(
        &run(
            path,
            &["migrate", "--database-url", "sqlite://elsewhere/x.sqlite"],
        ),
        1,
        "elsewhere",
    );
    std::fs::write(path.join("file"), "").unwrap();
    for command in ["migrate", "serve"] {
        let here = |data: &str| {
            run(
                path,
                &[
                    command,
                    "--bind",
                    "127.0.0.1:0",
                    "--data-dir",
                    data,
                    "--log-level",
                    "error",
                ],
            )
        };
        assert_refused(
            &here("file"),
            1,
            "data.dir: file is not a folder; name a folder",
        );
        assert_refused(
            &here("no/such"),
            1,
            "data.dir: the folder no does not exist, so no/such cannot be made; make the folder (mkdir -p no)",
        );
    }
    let looked = run(path, &["doctor", "--data-dir", "file"]);
    assert_refused(&looked, 1, "one thing is wrong");
    let said = String::from_utf8_lossy(&looked.stdout);
    assert!(
        said.contains("WRONG  data.dir: file is not a folder"),
        "{said}"
    );
    std::fs::remove_file(path.join("file")).unwrap();

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    assert_refused(
        &run(path, &["serve", "--bind", &address]),
        1,
        &format!("cannot listen on {address}"),
    );

    let url = "postgres://bedring:hunter2@127.0.0.1:1/bedring";
    assert_refused(
        &run(path, &["migrate", "--database-url", url]),
        1,
        "keys.seal_file is not set",
    );
    assert!(run(path, &["keys", "create", "."]).status.success());
    let with_keys = |url: &str| {
        let mut command = bedring(path);
        command
            .args(["migrate", "--database-url", url])
            .env("BEDRING__DATABASE__ACQUIRE_TIMEOUT_S", "2");
        command
            .env("BEDRING__KEYS__SEAL_FILE", "seal.key")
            .env("BEDRING__KEYS__CONTACT_FILE", "contact.key");
        command.output().unwrap()
    };
    assert_refused(
        &with_keys(url),
        1,
        "postgres://bedring:(hidden)@127.0.0.1:1/bedring",
    );
    assert_refused(&run(path, &["keys", "create", "."]), 1, "seal.key");
    assert_refused(&run(path, &["keys", "create", "nowhere"]), 1, "nowhere");
    assert!(!path.join("data").exists(), "nothing was made");
}

#[test]
fn keys_are_made_once_and_missed_when_they_are_lost() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    assert!(run(path, &["migrate"]).status.success());
    let seal = path.join("data/keys/seal.key");
    let before = std::fs::read_to_string(&seal).unwrap();
    assert_eq!(
        std::fs::metadata(&seal).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(
        std::fs::metadata(path.join("data/keys"))
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o700
    );
    let again = run(path, &["migrate"]);
    assert_eq!(
        String::from_utf8_lossy(&again.stdout),
        "The database was up to date.\n"
    );
    assert_eq!(std::fs::read_to_string(&seal).unwrap(), before);

    std::fs::write(&seal, "# empty\n").unwrap();
    assert_refused(&run(path, &["migrate"]), 1, "seal.key holds no key");
    std::fs::write(&seal, "# one\nhunter2\n").unwrap();
    assert_refused(&run(path, &["migrate"]), 1, "seal.key:2: not a key");
    std::fs::remove_file(&seal).unwrap();
    assert_refused(&run(path, &["migrate"]), 1, "put the key file back");
    assert!(!seal.exists());
}

#[tokio::test]
async fn a_database_that_is_newer_is_left_alone() {
    use bedring_store::sea_orm::ConnectionTrait;
    support::on_both(|app| async move {
        let change = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20990101_000001_later', 1)";
        app.state.db.read().execute_unprepared(change).await.unwrap();
        let error = bedring_server::database::migrate(&app.state.db).await.unwrap_err();
        assert!(error.to_string().contains("newer than this program"), "{error}");
        assert!(error.to_string().contains("m20990101_000001_later"), "{error}");
        let folder = app.state.config.data.dir.clone();
        if app.backend == support::Backend::Sqlite {
            std::fs::create_dir(folder.join("keys")).unwrap();
            assert!(run(&folder, &["keys", "create", "keys"]).status.success());
            let data = folder.to_str().unwrap();
            assert_refused(&run(&folder, &["serve", "--bind", "127.0.0.1:0", "--data-dir", data]), 1, "newer");
        }
    })
    .await;
}

#[test]
fn instruments_are_checked_with_line_and_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let shipped = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../app/domain/instruments/lsns-9.demo-1.toml"
    );
    let good = run(path, &["instrument", "check", shipped]);
    let said = String::from_utf8_lossy(&good.stdout);
    assert!(
        good.status.success() && said.contains("lsns-9 demo-1 (demonstration), 9 items, da en"),
        "{said}"
    );
    assert!(said.contains("vectors passed"), "{said}");

    let text = std::fs::read_to_string(shipped).unwrap();
    std::fs::write(path.join("bad.toml"), format!("nonsense = 1\n{text}")).unwrap();
    assert_refused(
        &run(path, &["instrument", "check", "bad.toml"]),
        1,
        "bad.toml:1: ",
    );
    std::fs::write(path.join("bad.toml"), "= 1\n").unwrap();
    assert_refused(
        &run(path, &["instrument", "check", "bad.toml"]),
        1,
        "bad.toml:1: ",
    );
    assert_refused(
        &run(path, &["instrument", "check", "missing.toml"]),
        1,
        "missing.toml",
    );
}

#[test]
fn the_doctor_hides_secrets_and_says_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let fresh = run(path, &["doctor"]);
    let said = String::from_utf8_lossy(&fresh.stdout).into_owned();
    assert!(fresh.status.success(), "{said}");
    assert!(
        said.contains("server.bind = 127.0.0.1:8080")
            && said.contains("will be made on the first start"),
        "{said}"
    );
    let unset =
        "note   server.public_url is not set: links and QR codes will say http://localhost:8080";
    assert!(said.contains(unset), "{said}");
    let elsewhere = run(path, &["doctor", "--bind", "192.0.2.7:9000"]);
    let said = String::from_utf8_lossy(&elsewhere.stdout).into_owned();
    assert!(said.contains("will say http://192.0.2.7:9000"), "{said}");
    let set = run(path, &["doctor", "--public-url", "https://svar.example.dk"]);
    let said = String::from_utf8_lossy(&set.stdout).into_owned();
    // Who serves https to people has a proxy in front, and must say whether it is believed.
    assert_eq!(said.matches("  note  ").count(), 1, "{said}");
    assert!(said.contains("set server.trusted_proxies = true"), "{said}");
    let set = bedring(path)
        .args(["doctor", "--public-url", "https://svar.example.dk"])
        .env("BEDRING__SERVER__TRUSTED_PROXIES", "true")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&set.stdout).into_owned();
    assert!(!said.contains("  note  "), "{said}");
    assert!(is_empty(&folder), "looking makes nothing");

    assert!(run(path, &["migrate"]).status.success());
    assert!(run(path, &["doctor"]).status.success());
    // The file is closed whatever its folder allows, until somebody opens it.
    let mode = |mode: &str, name: &str| {
        let chmod = Command::new("chmod")
            .args([mode, name])
            .current_dir(path)
            .status();
        assert!(chmod.unwrap().success());
    };
    mode("755", "data");
    assert!(run(path, &["doctor"]).status.success());
    Command::new("chmod")
        .args(["700", "data"])
        .current_dir(path)
        .status()
        .unwrap();
    Command::new("chmod")
        .args(["644", "data/keys/contact.key"])
        .current_dir(path)
        .status()
        .unwrap();
    let output = bedring(path)
        .arg("doctor")
        .env("BEDRING__SERVER__PUBLIC_URL", "http://svar.example.dk")
        .output()
        .unwrap();
    assert_refused(&output, 1, "2 things are wrong");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("contact.key can be read by others") && said.contains("without https"),
        "{said}"
    );

    let secret = std::fs::read_to_string(path.join("data/keys/contact.key")).unwrap();
    let secret = secret.lines().last().unwrap();
    let output = bedring(path)
        .args([
            "doctor",
            "--database-url",
            "postgres://u:hunter2@127.0.0.1:1/d?sslpassword=hunter2",
        ])
        .env("BEDRING__KEYS__SEAL", secret)
        .env("BEDRING__KEYS__CONTACT", secret)
        .env("BEDRING__DATABASE__ACQUIRE_TIMEOUT_S", "2")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("cannot use the database") && said.contains("keys.seal = (hidden)"),
        "{said}"
    );
    assert!(
        !said.contains("hunter2") && !said.contains(secret),
        "{said}"
    );
    assert_refused(&output, 1, "one thing is wrong");
}

#[test]
fn the_doctor_tries_the_mail_server_and_says_what_to_look_at() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let off = run(path, &["doctor", "--send-test", "a@example.org"]);
    assert_refused(&off, 1, "one thing is wrong");
    assert!(String::from_utf8_lossy(&off.stdout).contains("no mail is set up (mail.host)"));
    // Taken and let go: nobody listens there.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let output = bedring(path)
        .arg("doctor")
        .env("BEDRING__MAIL__HOST", "127.0.0.1")
        .env("BEDRING__MAIL__PORT", port.to_string())
        .env("BEDRING__MAIL__TLS", "none")
        .env("BEDRING__MAIL__FROM", "svar@example.dk")
        .env("BEDRING__MAIL__USERNAME", "bedring")
        .env("BEDRING__MAIL__PASSWORD", "hunter2")
        .output()
        .unwrap();
    assert_refused(&output, 1, "one thing is wrong");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("the mail server cannot be reached") && said.contains("is mail.host right"),
        "{said}"
    );
    assert!(!said.contains("hunter2"), "{said}");
}
