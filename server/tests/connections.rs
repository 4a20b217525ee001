//! Clients that hold connections and say nothing, with real sockets: they are cut off in time, and they cannot take the places of everybody.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that stops has said enough"
)]

mod support;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bedring_server::http::connections::Bounds;
use bedring_server::http::serve::serve;
use support::{Backend, TestApp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A time that is much longer than anything here takes, on the slowest machine.
const EVER: Duration = Duration::from_secs(60);
/// A time in which a server that is free would have answered.
const A_WHILE: Duration = Duration::from_millis(400);
const HEAD: Duration = Duration::from_millis(500);
const ASKS: &[u8] =
    b"GET /api/v1/meta HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\r\n";

/// A server that holds its connections to bounds.
struct Listening {
    address: SocketAddr,
    served: tokio::task::JoinHandle<()>,
    _app: TestApp,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.served.abort();
    }
}

impl Listening {
    async fn start(bounds: Bounds) -> Self {
        let app = TestApp::start(Backend::Sqlite).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = app.router.clone();
        let served = tokio::spawn(serve(listener, router, bounds, std::future::pending()));
        Self {
            address,
            served,
            _app: app,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// A client that asks, and waits for the answer.
    async fn assert_served(&self) {
        let mut client = self.connect().await;
        client.write_all(ASKS).await.unwrap();
        assert!(answered(&mut client).await);
    }
}

/// Whether what comes until the server hangs up is an answer.
async fn answered(client: &mut TcpStream) -> bool {
    let mut all = Vec::new();
    let read = tokio::time::timeout(EVER, client.read_to_end(&mut all));
    // A connection that is reset was hung up on, too.
    let _ = read.await.expect("the server neither answers nor hangs up");
    all.starts_with(b"HTTP/1.1 200")
}

fn bounds() -> Bounds {
    Bounds {
        all: 100,
        per_peer: None,
        head: EVER,
    }
}

#[tokio::test]
async fn whoever_sends_no_whole_head_is_cut_off_in_time() {
    let head = HEAD;
    let server = Listening::start(Bounds { head, ..bounds() }).await;
    let began = Instant::now();
    let silent = server.connect().await;
    let mut half = server.connect().await;
    half.write_all(&ASKS[..ASKS.len() - 2]).await.unwrap();
    let (reader, mut writer) = server.connect().await.into_split();
    // One more line now and then does not count as having said anything.
    let drip = tokio::spawn(async move {
        let _ = writer.write_all(b"GET /api/v1/meta HTTP/1.1\r\n").await;
        for n in 0.. {
            let line = format!("X-{n}: x\r\n");
            if writer.write_all(line.as_bytes()).await.is_err() {
                break;
            }
            tokio::time::sleep(HEAD / 10).await;
        }
        writer
    });
    server.assert_served().await;
    let mut clients = [silent, half];
    for client in &mut clients {
        assert!(!answered(client).await);
        assert!(began.elapsed() >= HEAD, "cut off before its time");
    }
    let writer = tokio::time::timeout(EVER, drip).await;
    let mut dripping = reader.reunite(writer.unwrap().unwrap()).unwrap();
    assert!(!answered(&mut dripping).await);
    assert!(began.elapsed() < EVER / 2, "{:?}", began.elapsed());
    server.assert_served().await;
}

#[tokio::test]
async fn beyond_the_most_in_all_one_waits_until_another_has_gone() {
    let server = Listening::start(Bounds { all: 2, ..bounds() }).await;
    // Whoever was answered and stays holds a place as much as whoever never asked.
    let mut first = server.connect().await;
    first
        .write_all(b"GET /api/v1/meta HTTP/1.1\r\nHost: localhost:8080\r\n\r\n")
        .await
        .unwrap();
    let mut some = [0; 12];
    first.read_exact(&mut some).await.unwrap();
    assert_eq!(&some, b"HTTP/1.1 200");
    let second = server.connect().await;
    let mut third = server.connect().await;
    third.write_all(ASKS).await.unwrap();
    let waits = tokio::time::timeout(A_WHILE, third.read_exact(&mut some)).await;
    assert!(waits.is_err(), "served although all places are taken");
    drop(second);
    assert!(answered(&mut third).await);
    server.assert_served().await;
}

#[tokio::test]
async fn one_peer_has_no_more_than_its_share() {
    let server = Listening::start(Bounds {
        per_peer: Some(2),
        ..bounds()
    })
    .await;
    let held = [server.connect().await, server.connect().await];
    let mut more = server.connect().await;
    let _ = more.write_all(ASKS).await;
    assert!(!answered(&mut more).await, "served beyond its share");
    drop(held);
    // The server notices in its own time that they have gone.
    let began = Instant::now();
    loop {
        let mut again = server.connect().await;
        let _ = again.write_all(ASKS).await;
        if answered(&mut again).await {
            break;
        }
        assert!(began.elapsed() < EVER, "a place that was given up is lost");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
