//! Reading settings: finding the file, laying the environment and the command line over it, and saying which key is wrong.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use config::{Environment, File, FileFormat};

use super::{Config, Secret};

/// What the environment's variables begin with.
pub const PREFIX: &str = "BEDRING__";

/// Why the settings cannot be used. Never holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was asked for cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML, or holds a key or a value that is not one of ours.
    #[error("{}:{line}: {problem}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// A variable of the environment is not one of ours, or its value does not fit.
    #[error("environment variable {name}: {problem}")]
    Variable {
        /// Its name.
        name: String,
        /// What is wrong.
        problem: String,
    },
    /// A flag of the command line, or a combination.
    #[error("{0}")]
    Value(String),
}

/// Where settings come from; the environment is an argument, so tests need not change it.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file named on the command line.
    pub file: Option<PathBuf>,
    /// Files that are taken if they exist, the first that does.
    pub usual_files: Vec<PathBuf>,
    /// Variables of the environment.
    pub environment: HashMap<String, String>,
    /// Keys such as `server.bind`, with values from the command line.
    pub flags: Vec<(String, String)>,
}

impl Sources {
    /// The usual places and the real environment.
    ///
    /// # Errors
    /// A variable of ours that is not text.
    pub fn of_this_machine() -> Result<Self, ConfigError> {
        let mut environment = HashMap::new();
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else {
                continue;
            };
            if !name.starts_with(PREFIX) {
                continue;
            }
            let value = value.into_string().map_err(|_| ConfigError::Variable {
                name: name.clone(),
                problem: "is not UTF-8".to_owned(),
            })?;
            environment.insert(name, value);
        }
        let usual_files = vec![
            PathBuf::from("bedring.toml"),
            PathBuf::from("/etc/bedring/bedring.toml"),
        ];
        Ok(Self {
            file: None,
            usual_files,
            environment,
            flags: Vec::new(),
        })
    }

    /// The file that is read, if any.
    #[must_use]
    pub fn chosen_file(&self) -> Option<&Path> {
        self.file.as_deref().or_else(|| {
            self.usual_files
                .iter()
                .map(PathBuf::as_path)
                .find(|p| p.exists())
        })
    }
}

/// Reads the settings.
///
/// # Errors
/// The first thing that is wrong, with the name of the key.
pub fn load(sources: &Sources) -> Result<Config, ConfigError> {
    let mut builder = config::Config::builder();
    if let Some(path) = sources.chosen_file() {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
        check_file(path, &text)?;
        builder = builder.add_source(File::from_str(&text, FileFormat::Toml));
    }
    check_environment(&sources.environment)?;
    builder = builder.add_source(environment(sources.environment.clone()));
    for (key, value) in &sources.flags {
        builder = builder
            .set_override(key, value.clone())
            .map_err(|e| ConfigError::Value(format!("{key}: {e}")))?;
    }
    let mut config: Config = builder
        .build()
        .and_then(config::Config::try_deserialize)
        .map_err(|e| ConfigError::Value(e.to_string()))?;
    read_secret_files(&mut config)?;
    config.mail.tidy();
    check(&config)?;
    Ok(config)
}

/// Read by itself, because only then an error knows its line.
fn check_file(path: &Path, text: &str) -> Result<(), ConfigError> {
    toml::from_str::<Config>(text).map(drop).map_err(|e| {
        let offset = e.span().map_or(0, |s| s.start.min(text.len()));
        let line = text.as_bytes()[..offset]
            .iter()
            .filter(|b| **b == b'\n')
            .count()
            + 1;
        ConfigError::File {
            path: path.to_owned(),
            line,
            problem: e.message().lines().collect::<Vec<_>>().join(" "),
        }
    })
}

fn environment(variables: HashMap<String, String>) -> Environment {
    Environment::with_prefix("BEDRING")
        .prefix_separator("__")
        .separator("__")
        .source(Some(variables))
}

/// Each variable by itself, because only then an error knows its name.
fn check_environment(variables: &HashMap<String, String>) -> Result<(), ConfigError> {
    let mut names: Vec<&String> = variables.keys().filter(|n| n.starts_with(PREFIX)).collect();
    names.sort();
    for name in names {
        let one = variables.get(name).cloned().unwrap_or_default();
        config::Config::builder()
            .add_source(environment(HashMap::from([(name.clone(), one)])))
            .build()
            .and_then(config::Config::try_deserialize::<Config>)
            .map_err(|e| ConfigError::Variable {
                name: name.clone(),
                problem: e.to_string(),
            })?;
    }
    Ok(())
}

fn read_secret_files(config: &mut Config) -> Result<(), ConfigError> {
    read_secret_file(
        "database.url",
        &mut config.database.url,
        config.database.url_file.as_deref(),
    )?;
    let mail = &mut config.mail;
    read_secret_file(
        "mail.password",
        &mut mail.password,
        mail.password_file.as_deref(),
    )?;
    read_secret_file(
        "mail.bounce_token",
        &mut mail.bounce_token,
        mail.bounce_token_file.as_deref(),
    )?;
    let mailbox = &mut mail.bounces_imap;
    read_secret_file(
        "mail.bounces_imap.password",
        &mut mailbox.password,
        mailbox.password_file.as_deref(),
    )
}

/// Key files are read by the key ring, which also looks at who else may read them.
fn read_secret_file(
    key: &str,
    value: &mut Option<Secret>,
    file: Option<&Path>,
) -> Result<(), ConfigError> {
    let Some(path) = file else { return Ok(()) };
    if value.is_some() {
        return Err(ConfigError::Value(format!(
            "{key} and {key}_file are both set; choose one"
        )));
    }
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
        path: path.to_owned(),
        source,
    })?;
    *value = Some(text.trim().to_owned().into());
    Ok(())
}

fn check(config: &Config) -> Result<(), ConfigError> {
    if let Some(url) = &config.server.public_url {
        let host = url
            .strip_prefix("http://")
            .or_else(|| url.strip_prefix("https://"))
            .map(|rest| rest.trim_end_matches('/'));
        if host.is_none_or(|h| h.is_empty() || h.contains(['/', '?', '#', ' ', '@'])) {
            return Err(ConfigError::Value(format!(
                "server.public_url: {url:?} is not http(s)://NAME or http(s)://NAME:PORT without a path"
            )));
        }
    }
    let database = config.database_url();
    if !["sqlite:", "postgres:", "postgresql:"]
        .iter()
        .any(|scheme| database.starts_with(scheme))
    {
        return Err(ConfigError::Value(
            "database.url: must begin with sqlite:// or postgres://".to_owned(),
        ));
    }
    let positive = [
        ("server.request_timeout_s", config.server.request_timeout_s),
        (
            "database.max_connections",
            u64::from(config.database.max_connections),
        ),
        (
            "database.acquire_timeout_s",
            config.database.acquire_timeout_s,
        ),
        (
            "security.session_hours",
            u64::from(config.security.session_hours),
        ),
        (
            "limits.login_per_address_per_minute",
            u64::from(config.limits.login_per_address_per_minute),
        ),
        (
            "limits.login_per_account_per_minute",
            u64::from(config.limits.login_per_account_per_minute),
        ),
        (
            "limits.login_per_account_per_hour",
            u64::from(config.limits.login_per_account_per_hour),
        ),
        (
            "limits.login_per_minute",
            u64::from(config.limits.login_per_minute),
        ),
        (
            "limits.code_per_address_per_minute",
            u64::from(config.limits.code_per_address_per_minute),
        ),
        (
            "limits.code_per_minute",
            u64::from(config.limits.code_per_minute),
        ),
        (
            "limits.body_bytes",
            u64::try_from(config.limits.body_bytes).unwrap_or(u64::MAX),
        ),
    ];
    match positive.iter().find(|(_, value)| *value == 0) {
        Some((key, _)) => Err(ConfigError::Value(format!("{key}: must be at least 1"))),
        None => config.mail.check(),
    }
}
