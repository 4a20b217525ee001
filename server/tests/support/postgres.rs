//! A PostgreSQL cluster for one test program: in a temporary folder, on a free port, gone when the program ends, however it ends.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use bedring_store::sea_orm::ConnectionTrait;
use bedring_store::{Db, DbConfig};

/// Starts the cluster, says so, and waits for the end of its input.
const SCRIPT: &str = include_str!("../../../e2e/tools/postgres.sh");

struct Cluster {
    port: u16,
    _process: Child,
    /// Closed by the system when this program ends.
    _input: ChildStdin,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();
static NAMES: AtomicU32 = AtomicU32::new(0);

#[allow(clippy::zombie_processes, reason = "it ends with this program")]
fn start() -> Cluster {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    // PostgreSQL refuses to run as root.
    let root = rustix::process::getuid().is_root();
    let mut command = if root {
        Command::new("runuser")
    } else {
        Command::new("sh")
    };
    if root {
        command.args(["-u", "postgres", "--", "sh"]);
    }
    let mut process = command
        .args(["-c", SCRIPT, "sh", &port.to_string()])
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("cannot start PostgreSQL ({e}): make tools installs it"));
    let input = process.stdin.take().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut said = Vec::new();
    for line in &mut lines {
        let line = line.unwrap();
        if line == "ready" {
            return Cluster {
                port,
                _process: process,
                _input: input,
            };
        }
        said.push(line);
    }
    let ended = process.wait();
    panic!(
        "PostgreSQL for the tests did not start ({ended:?}); make tools installs it. It said: {}",
        said.join("\n")
    );
}

/// The address of a new, empty database.
pub async fn new_database() -> String {
    let cluster = tokio::task::spawn_blocking(|| CLUSTER.get_or_init(start))
        .await
        .unwrap();
    let address = |name: &str| format!("postgres://bedring@127.0.0.1:{}/{name}", cluster.port);
    let name = format!("test_{}", NAMES.fetch_add(1, Ordering::Relaxed));
    let config = DbConfig {
        url: address("postgres"),
        max_connections: 1,
        acquire_timeout: std::time::Duration::from_secs(20),
    };
    let db = Db::connect(&config).await.unwrap();
    // Two databases cannot be copied from the same template at once; tests of one program run side by side.
    let mut tries = 0;
    while let Err(error) = db
        .read()
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
    {
        tries += 1;
        assert!(tries < 100, "{error}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    db.close().await.unwrap();
    address(&name)
}

/// From now on the database of this address answers nobody.
pub async fn close(address: &str) {
    let (server, name) = address.rsplit_once('/').unwrap();
    let config = DbConfig {
        url: format!("{server}/postgres"),
        max_connections: 1,
        acquire_timeout: std::time::Duration::from_secs(20),
    };
    let db = Db::connect(&config).await.unwrap();
    for statement in [
        format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"),
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
    ] {
        db.read().execute_unprepared(&statement).await.unwrap();
    }
    db.close().await.unwrap();
}
