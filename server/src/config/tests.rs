//! Which source of settings wins, and how secrets come in.

use std::collections::HashMap;

use super::*;

fn sources(
    toml: &str,
    environment: &[(&str, &str)],
    flags: &[(&str, &str)],
) -> (tempfile::TempDir, Sources) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bedring.toml");
    std::fs::write(&file, toml).unwrap();
    let own = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    };
    let environment: HashMap<String, String> = own(environment).into_iter().collect();
    let sources = Sources {
        file: Some(file),
        usual_files: Vec::new(),
        environment,
        flags: own(flags),
    };
    (folder, sources)
}

#[test]
fn flags_win_over_environment_over_file_over_defaults() {
    let toml = "[server]\nbind = \"127.0.0.1:1\"\npublic_url = \"https://fil.dk\"\n[log]\nlevel = \"warn\"\n[limits]\nbody_bytes = 5\n";
    let environment = [
        ("BEDRING__SERVER__BIND", "127.0.0.1:2"),
        ("BEDRING__LOG__LEVEL", "debug"),
        ("BEDRING__SERVER__TRUSTED_PROXIES", "true"),
        ("BEDRING__LIMITS__BODY_BYTES", "7"),
        ("PATH", "/bin"),
    ];
    let (_folder, sources) = sources(toml, &environment, &[("log.level", "error")]);
    let config = load(&sources).unwrap();
    assert_eq!(config.server.public_url.as_deref(), Some("https://fil.dk"));
    assert_eq!(config.server.bind.port(), 2);
    assert_eq!(config.log.level, "error");
    assert!(config.server.trusted_proxies && config.cookie_secure());
    assert_eq!(config.limits.body_bytes, 7);
    assert_eq!(config.security.session_hours, 12);
}

#[test]
fn secrets_come_from_files_and_are_never_printed() {
    let (folder, mut sources) = sources("", &[], &[]);
    let file = folder.path().join("url");
    std::fs::write(&file, "postgres://u:hunter2@h/d\n").unwrap();
    let name = "BEDRING__DATABASE__URL_FILE".to_owned();
    sources
        .environment
        .insert(name, file.to_str().unwrap().to_owned());
    let config = load(&sources).unwrap();
    assert_eq!(config.database_url(), "postgres://u:hunter2@h/d");
    assert!(!format!("{config:?}").contains("hunter2"));
    assert!(!serde_json::to_string(&config).unwrap().contains("hunter2"));
    sources.environment.insert(
        "BEDRING__DATABASE__URL".to_owned(),
        "postgres://h/d".to_owned(),
    );
    assert!(
        load(&sources)
            .unwrap_err()
            .to_string()
            .contains("choose one")
    );
}

#[test]
fn a_password_that_looks_like_a_number_stays_text() {
    let (_folder, sources) = sources("", &[("BEDRING__KEYS__SEAL", "0123")], &[]);
    assert_eq!(load(&sources).unwrap().keys.seal.unwrap().expose(), "0123");
}

#[test]
fn the_first_usual_file_that_exists_is_taken() {
    let (folder, mut sources) = sources("[log]\nlevel = \"warn\"\n", &[], &[]);
    sources.usual_files = vec![
        folder.path().join("missing.toml"),
        sources.file.take().unwrap(),
    ];
    assert_eq!(load(&sources).unwrap().log.level, "warn");
    sources.usual_files.clear();
    assert_eq!(load(&sources).unwrap().log.level, "info");
}

#[test]
fn addresses_are_shown_without_password() {
    for (url, shown) in [
        ("sqlite:///var/lib/x.sqlite", "sqlite:///var/lib/x.sqlite"),
        (
            "postgres://u:p%40@h:5432/d?sslmode=require",
            "postgres://u:(hidden)@h:5432/d?sslmode=require",
        ),
        ("postgres://u:p@h/d?password=x", "postgres://u:(hidden)@h/d"),
        ("postgres:///d?user=u&password=x", "postgres:///d"),
        ("postgres://u@h/d", "postgres://u@h/d"),
        ("postgres://u:p@@h/d", "postgres://u:(hidden)@h/d"),
    ] {
        assert_eq!(hide_password(url), shown);
    }
}

#[test]
fn mail_is_refused_without_protection_and_without_a_sender() {
    let said = |toml: &str| {
        let (_folder, sources) = sources(&format!("[mail]\n{toml}"), &[], &[]);
        load(&sources).map_or_else(|e| e.to_string(), |_| String::new())
    };
    let from = "from = \"svar@example.dk\"\n";
    for host in ["127.0.0.1", "::1", "localhost"] {
        assert_eq!(
            said(&format!("host = \"{host}\"\ntls = \"none\"\n{from}")),
            ""
        );
    }
    assert_eq!(said(&format!("host = \"mail.example.dk\"\n{from}")), "");
    assert!(
        said(&format!(
            "host = \"mail.example.dk\"\ntls = \"none\"\n{from}"
        ))
        .contains("mail.tls")
    );
    assert!(said("host = \"mail.example.dk\"\n").contains("mail.from"));
    assert!(
        said(&format!(
            "host = \"mail.example.dk\"\nusername = \"u\"\n{from}"
        ))
        .contains("mail.password")
    );
    assert!(said("bounce_token = \"short\"\n").contains("mail.bounce_token"));
    let mailbox = |toml: &str| {
        said(&format!(
            "[mail.bounces_imap]\nhost = \"imap.example.dk\"\n{toml}"
        ))
    };
    let account = "username = \"u\"\npassword = \"p\"\n";
    assert_eq!(mailbox(account), "");
    assert_eq!(said("[mail.bounces_imap]\nfolder = \"x\"\n"), "", "off");
    for (toml, key) in [
        (String::new(), "username"),
        (format!("{account}tls = \"none\"\n"), "tls"),
        (format!("{account}every_minutes = 0\n"), "every_minutes"),
        (format!("{account}timeout_s = 61\n"), "timeout_s"),
        (format!("{account}folder = \"\"\n"), "folder"),
        (format!("{account}folders = \"x\"\n"), "folders"),
    ] {
        let said = mailbox(&toml);
        assert!(said.contains(key), "{key}: {said}");
    }
    assert!(said("hosts = \"x\"\n").contains("hosts"));
    assert_eq!(said(""), "", "without a host there is no mail");
}
