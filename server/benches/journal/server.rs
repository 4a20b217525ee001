//! The programs under load: the release binary, and an axum server that only echoes.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

async fn reachable(address: SocketAddr) {
    for _ in 0..200 {
        if tokio::net::TcpStream::connect(address).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nothing answers at {address}");
}

fn status_mb(pid: u32, key: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|l| l.starts_with(key)).unwrap();
    line.split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<f64>()
        .unwrap()
        / 1024.0
}

/// The release binary with a database of its own.
pub struct Bedring {
    child: Child,
    pub address: SocketAddr,
    pub url: String,
    pub seal_key: PathBuf,
}

impl Bedring {
    /// Starts it on an empty database.
    pub async fn start(url: &str, folder: &Path) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let binary = std::env::var_os("BEDRING_BIN").map_or_else(
            || PathBuf::from(env!("CARGO_BIN_EXE_bedring")),
            PathBuf::from,
        );
        let address: SocketAddr = ([127, 0, 0, 1], free_port()).into();
        let keys = folder.join("keys");
        std::fs::create_dir_all(&keys).unwrap();
        let made = Command::new(&binary)
            .args(["keys", "create"])
            .arg(&keys)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success());
        let child = Command::new(&binary)
            .arg("serve")
            .current_dir(folder)
            .env("BEDRING__DATABASE__URL", url)
            .env("BEDRING__DATA__DIR", folder)
            .env("BEDRING__SERVER__BIND", address.to_string())
            .env("BEDRING__KEYS__SEAL_FILE", keys.join("seal.key"))
            .env("BEDRING__KEYS__CONTACT_FILE", keys.join("contact.key"))
            .env("BEDRING__LOG__LEVEL", "warn")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        reachable(address).await;
        Self {
            child,
            address,
            url: url.to_owned(),
            seal_key: keys.join("seal.key"),
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Resident now.
    pub fn memory_mb(&self) -> f64 {
        status_mb(self.pid(), "VmRSS")
    }

    /// Resident at most so far.
    pub fn peak_mb(&self) -> f64 {
        status_mb(self.pid(), "VmHWM")
    }
}

impl Drop for Bedring {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// This program once more, as an echo server.
pub struct Echo {
    child: Child,
    pub address: SocketAddr,
}

impl Echo {
    pub async fn start() -> Self {
        let address: SocketAddr = ([127, 0, 0, 1], free_port()).into();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["echo-server", &address.to_string()])
            .spawn()
            .unwrap();
        reachable(address).await;
        Self { child, address }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until killed.
pub fn echo() {
    let address: SocketAddr = std::env::args().nth(2).unwrap().parse().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let app = axum::Router::new().fallback(|body: axum::body::Bytes| async move { body });
        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
        axum::serve(listener, app).await.unwrap();
    });
}
