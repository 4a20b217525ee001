//! A closed-loop load: each connection sends one prepared request, reads the whole answer, sends the next.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What was measured.
pub struct Figures {
    pub rate: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub requests: usize,
    /// CPU time of the server for each request, in microseconds.
    pub cpu_us: Option<f64>,
}

impl Figures {
    pub fn new(mut latencies: Vec<Duration>, elapsed: Duration, cpu: Option<Duration>) -> Self {
        latencies.sort_unstable();
        let at =
            |p: f64| latencies[((latencies.len() - 1) as f64 * p) as usize].as_secs_f64() * 1000.0;
        let requests = latencies.len();
        Self {
            rate: requests as f64 / elapsed.as_secs_f64(),
            p50_ms: at(0.5),
            p99_ms: at(0.99),
            requests,
            cpu_us: cpu.map(|c| c.as_secs_f64() * 1e6 / requests as f64),
        }
    }

    pub fn json(&self) -> Value {
        json!({ "rate": self.rate, "p50_ms": self.p50_ms, "p99_ms": self.p99_ms, "requests": self.requests, "cpu_us": self.cpu_us })
    }
}

/// CPU time that a process has used.
pub fn cpu_of(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat[stat.rfind(')').unwrap() + 2..].split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

/// Sends requests for a while; with `again` they may be sent more than once.
pub async fn run(
    address: SocketAddr,
    requests: Vec<Vec<u8>>,
    connections: usize,
    measured: Duration,
    again: bool,
    pid: Option<u32>,
) -> Figures {
    let requests = Arc::new(requests);
    let next = Arc::new(AtomicUsize::new(0));
    let cpu_before = pid.map(cpu_of);
    let start = Instant::now();
    let workers: Vec<_> = (0..connections)
        .map(|_| {
            tokio::spawn(worker(
                address,
                Arc::clone(&requests),
                Arc::clone(&next),
                start + measured,
                again,
            ))
        })
        .collect();
    let mut latencies = Vec::new();
    for worker in workers {
        latencies.extend(worker.await.unwrap());
    }
    let elapsed = start.elapsed();
    let cpu = pid.map(|p| cpu_of(p) - cpu_before.unwrap());
    Figures::new(latencies, elapsed, cpu)
}

async fn worker(
    address: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    next: Arc<AtomicUsize>,
    until: Instant,
    again: bool,
) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut latencies = Vec::new();
    let mut buffer = Vec::with_capacity(8192);
    while Instant::now() < until {
        let i = next.fetch_add(1, Ordering::Relaxed);
        assert!(
            again || i < requests.len(),
            "more submissions should have been prepared"
        );
        let begin = Instant::now();
        stream
            .write_all(&requests[i % requests.len()])
            .await
            .unwrap();
        let (status, body) = read_answer(&mut stream, &mut buffer).await;
        latencies.push(begin.elapsed());
        if !again {
            let stored = body.windows(8).filter(|w| w == b"\"stored\"").count();
            assert!(
                status == 202 && stored == 2,
                "{status} {}",
                String::from_utf8_lossy(&body)
            );
        }
    }
    latencies
}

async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> (u16, Vec<u8>) {
    buffer.clear();
    loop {
        assert!(
            stream.read_buf(buffer).await.unwrap() > 0,
            "the server hung up"
        );
        let Some(head) = buffer.windows(4).position(|w| w == b"\r\n\r\n") else {
            continue;
        };
        let text = std::str::from_utf8(&buffer[..head]).unwrap();
        let status = text[9..12].parse().unwrap();
        let length: usize = text
            .lines()
            .find_map(|l| {
                l.to_ascii_lowercase()
                    .strip_prefix("content-length:")
                    .map(|v| v.trim().parse().unwrap())
            })
            .expect("a length");
        while buffer.len() < head + 4 + length {
            assert!(
                stream.read_buf(buffer).await.unwrap() > 0,
                "the server hung up"
            );
        }
        return (status, buffer[head + 4..head + 4 + length].to_vec());
    }
}
