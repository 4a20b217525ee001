//! How many connections there may be: in all, so that files are left for the database, and of one peer, so that nobody takes all of them.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Config;
use crate::limiter::network;

/// Most connections in all; fewer where the system gives the process fewer files.
const MOST: usize = 4096;
/// Most connections of one peer: a whole meeting behind one address opens half of them.
const MOST_PER_PEER: usize = 512;
/// Files that are left for the database, the log and what is asked of other servers.
const FILES_LEFT: usize = 64;

/// What connections are held to.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// In all.
    pub all: usize,
    /// Of one peer; `None` behind a proxy, which is one peer for everybody.
    pub per_peer: Option<usize>,
    /// How long a connection may take to send a whole request head, or be idle.
    pub head: Duration,
}

impl Bounds {
    /// As the settings and the system want it.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let files = std::fs::read_to_string("/proc/self/limits").ok();
        let files = files.as_deref().and_then(open_files).unwrap_or(1024);
        Self::with(files, config.server.trusted_proxies)
    }

    fn with(files: usize, behind_proxy: bool) -> Self {
        // A proxy has read a whole head before it sends anything here, and keeps its connections open for later.
        let head = if behind_proxy { 75 } else { 10 };
        Self {
            all: MOST.min(files.saturating_sub(FILES_LEFT)).max(16),
            per_peer: (!behind_proxy).then_some(MOST_PER_PEER),
            head: Duration::from_secs(head),
        }
    }
}

/// The soft limit of open files, out of what Linux says of a process.
fn open_files(limits: &str) -> Option<usize> {
    let line = limits
        .lines()
        .find_map(|l| l.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Counts connections.
#[derive(Debug, Clone)]
pub struct Connections {
    all: Arc<Semaphore>,
    per_peer: Option<usize>,
    peers: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// Held as long as a connection is.
#[derive(Debug)]
pub struct Held {
    _place: OwnedSemaphorePermit,
    peers: Arc<Mutex<HashMap<IpAddr, usize>>>,
    peer: IpAddr,
}

impl Connections {
    /// None yet.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self {
            all: Arc::new(Semaphore::new(bounds.all)),
            per_peer: bounds.per_peer,
            peers: Arc::default(),
        }
    }

    /// Waits until there is room for one more. Until then nobody is taken: they wait in the system's queue, and are not refused.
    pub async fn room(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.all).acquire_owned().await.ok()
    }

    /// A place for a peer's connection; `None` if the peer has as many as one may have.
    #[must_use]
    pub fn take(&self, place: OwnedSemaphorePermit, peer: IpAddr) -> Option<Held> {
        let peer = network(peer);
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        let held = peers.entry(peer).or_default();
        if self.per_peer.is_some_and(|most| *held >= most) {
            return None;
        }
        *held += 1;
        Some(Held {
            _place: place,
            peers: Arc::clone(&self.peers),
            peer,
        })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = peers.get_mut(&self.peer) {
            *held -= 1;
            if *held == 0 {
                peers.remove(&self.peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_the_system_gives_bound_the_connections() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units\n\
                      Max open files            256                  524288               files\n";
        assert_eq!(open_files(limits), Some(256));
        assert_eq!(open_files("Max open files unlimited unlimited files"), None);
        assert_eq!(Bounds::with(256, false).all, 192);
        assert_eq!(Bounds::with(65_536, false).all, 4096);
        assert_eq!(Bounds::with(8, false).all, 16);
        assert_eq!(Bounds::with(1024, true).per_peer, None);
        assert_eq!(Bounds::with(1024, false).head, Duration::from_secs(10));
    }

    #[tokio::test]
    async fn one_peer_takes_its_share_and_what_it_lets_go_is_free_again() {
        let bounds = Bounds {
            all: 3,
            per_peer: Some(2),
            head: Duration::ZERO,
        };
        let connections = Connections::new(bounds);
        let take = async |peer: &str| {
            let place = connections.room().await.unwrap();
            connections.take(place, peer.parse().unwrap())
        };
        let first = take("2001:db8::1").await;
        let second = take("2001:db8::2").await;
        assert!(first.is_some() && second.is_some());
        assert!(
            take("2001:db8::3").await.is_none(),
            "one network is one peer"
        );
        let other = take("192.0.2.1").await;
        assert!(other.is_some());
        let waits = tokio::time::timeout(Duration::from_millis(20), connections.room());
        assert!(waits.await.is_err(), "all places are taken");
        drop(first);
        assert!(take("2001:db8::3").await.is_some());
    }
}
