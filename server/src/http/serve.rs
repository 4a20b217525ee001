//! Listening, and stopping well: when told to stop, no new connection is taken, and what is under way is finished.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower::Service;

use super::connections::{Bounds, Connections, Held};

/// How long requests that are under way may take when the server stops.
pub const GRACE: Duration = Duration::from_secs(30);

/// Serves until `stop` is ready, then finishes what is under way, at most [`GRACE`] long.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    bounds: Bounds,
    stop: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let connections = Connections::new(bounds);
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            let place = connections.room().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let held = place.and_then(|place| connections.take(place, peer.ip()));
                // Whoever has too many already is hung up on: there is nothing to say that they would read.
                if let Some(held) = held {
                    connect((stream, held), peer, router.clone(), bounds, &graceful);
                }
            }
            Err(error) => {
                // Out of file descriptors, as a rule: those that finish give some back.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("stopped while requests were still under way");
    }
}

fn connect(
    (stream, held): (TcpStream, Held),
    peer: SocketAddr,
    router: Router,
    bounds: Bounds,
    graceful: &GracefulShutdown,
) {
    // Answers are small and complete: waiting to fill a packet would only add time.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let mut router = router.clone();
        async move {
            Ok::<_, Infallible>(
                router
                    .call(request)
                    .await
                    .unwrap_or_else(|never| match never {}),
            )
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // A connection that breaks is the other side's affair, and common on phones.
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection broke");
        }
        drop(held);
    });
}

/// Ready when the process is told to stop: SIGTERM, or Ctrl-C.
///
/// # Errors
/// The signals cannot be listened to.
pub fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("told to stop: finishing what is under way");
    })
}
