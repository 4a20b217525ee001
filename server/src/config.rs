//! Settings: what they are, where they come from, and what their defaults are.
//!
//! Order: defaults, then the TOML file, then the environment (`BEDRING__SECTION__KEY`), then the command line. A key that does not exist
//! is an error everywhere, because a setting that is silently ignored is a setting that somebody relies on. Secrets may stand in a file of
//! their own (`…_file`). This is the only module that reads the environment.

mod bounces;
mod load;
mod mail;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

pub use bounces::BouncesImap;
pub use load::{ConfigError, Sources, load};
pub use mail::{Mail, MailTls};

/// All settings.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where and how it listens.
    pub server: Server,
    /// Where files are kept.
    pub data: Data,
    /// The database.
    pub database: Database,
    /// The keys that seal entries and contact data.
    pub keys: Keys,
    /// The log.
    pub log: Log,
    /// Sessions and cookies.
    pub security: Security,
    /// How much is too much.
    pub limits: Limits,
    /// The mail server and the sender.
    pub mail: Mail,
}

/// Where and how it listens.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port of app and API.
    pub bind: SocketAddr,
    /// What people type: scheme, name and port. Links, QR codes and cookies follow it; none: see [`Server::base_url`].
    pub public_url: Option<String>,
    /// Address and port of `/metrics`; none, no metrics.
    pub metrics_bind: Option<SocketAddr>,
    /// The longest that one request may take.
    pub request_timeout_s: u64,
    /// A reverse proxy of ours stands in front: `X-Forwarded-For` and `X-Request-Id` are believed.
    pub trusted_proxies: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            metrics_bind: None,
            request_timeout_s: 30,
            trusted_proxies: false,
        }
    }
}

impl Server {
    /// The public address without a slash at its end. Where none is set it is the one that works on this machine (or in its network, if
    /// it listens on one address of that), with the port of `bind`.
    #[must_use]
    pub fn base_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            // Browsers trust `localhost` with offline use and encryption as they trust https.
            None if self.bind.ip().is_loopback() || self.bind.ip().is_unspecified() => {
                format!("http://localhost:{}", self.bind.port())
            }
            None => format!("http://{}", self.bind),
        }
    }

    /// People reach it on this machine alone.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let url = self.base_url().to_lowercase();
        let host = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        ["localhost", "127.0.0.1", "[::1]"].iter().any(|local| {
            host == *local
                || host
                    .strip_prefix(local)
                    .is_some_and(|rest| rest.starts_with(':'))
        })
    }

    /// People reach it through TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        let url = self.public_url.as_deref().unwrap_or_default();
        url.get(..8)
            .is_some_and(|s| s.eq_ignore_ascii_case("https://"))
    }
}

/// Where files are kept.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Data {
    /// The folder for the SQLite file and generated keys.
    pub dir: PathBuf,
}

impl Default for Data {
    fn default() -> Self {
        Self {
            dir: PathBuf::from("data"),
        }
    }
}

/// The database.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `sqlite://FILE` or `postgres://…`; none: `bedring.sqlite` in the data folder.
    pub url: Option<Secret>,
    /// A file that holds the address, if it has a password in it.
    pub url_file: Option<PathBuf>,
    /// Connections at most.
    pub max_connections: u32,
    /// How long a request waits for a free connection.
    pub acquire_timeout_s: u64,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: None,
            url_file: None,
            max_connections: 8,
            acquire_timeout_s: 10,
        }
    }
}

/// The keys. With SQLite they are made on the first start, in the data folder; with PostgreSQL they must be named, because every
/// server on that database needs the same ones.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keys {
    /// The secret keys that open entries, one a line; the first one seals.
    pub seal: Option<Secret>,
    /// The file that holds them.
    pub seal_file: Option<PathBuf>,
    /// The secret keys of names and contact data, one a line; the first one encrypts.
    pub contact: Option<Secret>,
    /// The file that holds them.
    pub contact_file: Option<PathBuf>,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

/// The log. It goes to standard error.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// How lines look.
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`, `trace`, or directives such as `info,bedring_server=debug`.
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Auto,
            level: "info".to_owned(),
        }
    }
}

/// Sessions and cookies.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Security {
    /// Cookies travel through TLS only; none: if the public address is https.
    pub cookie_secure: Option<bool>,
    /// How long a member of staff stays logged in.
    pub session_hours: u32,
}

impl Default for Security {
    fn default() -> Self {
        Self {
            cookie_secure: None,
            session_hours: 12,
        }
    }
}

/// How much is too much.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Wrong log-ins from one address in a minute; who is right is never counted, here and below.
    pub login_per_address_per_minute: u32,
    /// Wrong log-ins for one account from one address, or from one browser that is known, in a minute.
    pub login_per_account_per_minute: u32,
    /// Wrong log-ins for one account from everywhere in an hour; browsers that are known for it are not held up.
    pub login_per_account_per_hour: u32,
    /// Wrong log-ins for all accounts from everywhere in a minute; browsers that are known are not held up.
    pub login_per_minute: u32,
    /// Wrong short codes from one address in a minute.
    pub code_per_address_per_minute: u32,
    /// Wrong short codes from everywhere in a minute; from then on only networks that sent wrong ones are held up, for longer.
    pub code_per_minute: u32,
    /// Largest body of a request that is not a delivery.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            login_per_address_per_minute: 20,
            login_per_account_per_minute: 5,
            login_per_account_per_hour: 60,
            login_per_minute: 100,
            code_per_address_per_minute: 10,
            code_per_minute: 300,
            body_bytes: 256 * 1024,
        }
    }
}

/// A value that is never printed.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct Secret(SecretString);

impl Secret {
    /// The value itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(value.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(hidden)")
    }
}

impl Config {
    /// The database's address, password and all.
    #[must_use]
    pub fn database_url(&self) -> String {
        match &self.database.url {
            Some(url) => url.expose().to_owned(),
            None => format!(
                "sqlite://{}",
                self.data.dir.join("bedring.sqlite").display()
            ),
        }
    }

    /// The SQLite file, unless it is another database.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        sqlite_file(&self.database_url())
    }

    /// Cookies travel through TLS only.
    #[must_use]
    pub fn cookie_secure(&self) -> bool {
        self.security
            .cookie_secure
            .unwrap_or_else(|| self.server.is_https())
    }
}

fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = path.split('?').next().unwrap_or(path);
    Some(Path::new(path).to_path_buf())
}

/// A database address as it may be shown: without password.
#[must_use]
pub fn hide_password(url: &str) -> String {
    // A query may hold a password as well; its other parts may be shown.
    let url = match url.split_once('?') {
        Some((before, query)) if query.contains("password") => before,
        _ => url,
    };
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (authority, tail) = rest
        .find(['/', '?'])
        .map_or((rest, ""), |i| rest.split_at(i));
    match authority
        .rsplit_once('@')
        .map(|(user, host)| (user.split_once(':'), host))
    {
        Some((Some((name, _)), host)) => format!("{scheme}://{name}:(hidden)@{host}{tail}"),
        _ => url.to_owned(),
    }
}
