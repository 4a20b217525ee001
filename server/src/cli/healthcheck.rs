//! `bedring healthcheck`: asks the running server on this machine, for containers and monitoring.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use bedring_contract::problem::Problem;

use super::{CliError, CliResult};
use crate::config::Config;

const PATIENCE: Duration = Duration::from_secs(5);
/// A problem is some hundred bytes.
const MOST: u64 = 64 * 1024;

pub(super) fn run(config: &Config) -> CliResult {
    let address = reachable(config.server.bind);
    let (status, detail) = ask(address).map_err(|e| {
        CliError::new(format!(
            "no answer from {address} ({e}): is the server running, and does it listen there (server.bind)?"
        ))
    })?;
    if status == 200 {
        println!("ok");
        Ok(())
    } else {
        Err(CliError::new(format!(
            "{address} answers, but is not ready: {}",
            detail.unwrap_or_else(|| format!("status {status}"))
        )))
    }
}

/// "Every address" is no address to call.
fn reachable(bind: SocketAddr) -> SocketAddr {
    let ip = match bind.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, bind.port())
}

/// One request by hand: a whole HTTP client would be a lot for one sentence of answer.
fn ask(address: SocketAddr) -> std::io::Result<(u16, Option<String>)> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream
        .write_all(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(MOST).read_to_end(&mut answer)?;
    let status = answer
        .strip_prefix(b"HTTP/1.1 ")
        .and_then(|rest| std::str::from_utf8(rest.get(..3)?).ok()?.parse().ok());
    let detail = String::from_utf8_lossy(&answer)
        .split_once("\r\n\r\n")
        .and_then(|(_, body)| serde_json::from_str::<Problem>(body).ok())
        .map(|problem| problem.detail)
        .filter(|detail| !detail.is_empty());
    let status = status.map(|status| (status, detail));
    status.ok_or_else(|| std::io::Error::new(std::io::ErrorKind::InvalidData, "not an HTTP answer"))
}
