//! Do all requests come from one address? Behind a proxy that is not trusted they seem to, and then everybody shares the limits for wrong
//! codes and passwords. Counts since the start; keeps no address.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::limiter::network;

/// After so many requests one address is no accident any more.
const ENOUGH: u64 = 100;

/// Who came.
#[derive(Debug, Default)]
pub struct Visitors {
    hasher: RandomState,
    first: OnceLock<u64>,
    several: AtomicBool,
    forwarded: AtomicBool,
    requests: AtomicU64,
}

impl Visitors {
    /// One request, from whom it seems to come, and whether a proxy said that it came from somebody else and is not believed.
    pub fn saw(&self, address: IpAddr, forwarded: bool) {
        if !self.several.load(Ordering::Relaxed) {
            let hash = self.hasher.hash_one(network(address));
            if *self.first.get_or_init(|| hash) != hash {
                self.several.store(true, Ordering::Relaxed);
            }
        }
        if forwarded && !self.forwarded.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "requests come through a proxy that is not trusted: all people share one address and its limits; set server.trusted_proxies = true if the proxy is yours"
            );
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// All of many requests seem to come from one address. On a machine that serves itself alone that is as it should be, unless a proxy
    /// says otherwise.
    #[must_use]
    pub fn all_from_one_address(&self, local: bool) -> bool {
        let one = !self.several.load(Ordering::Relaxed);
        let forwarded = self.forwarded.load(Ordering::Relaxed);
        let enough = self.requests.load(Ordering::Relaxed) >= ENOUGH;
        one && (forwarded || (enough && !local))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(n: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, n])
    }

    #[test]
    fn one_address_is_told_after_many_requests_or_when_a_proxy_speaks() {
        let visitors = Visitors::default();
        for _ in 0..99 {
            visitors.saw(ip(1), false);
        }
        assert!(!visitors.all_from_one_address(false));
        visitors.saw(ip(1), false);
        assert!(visitors.all_from_one_address(false));
        assert!(!visitors.all_from_one_address(true));
        visitors.saw(ip(2), false);
        assert!(!visitors.all_from_one_address(false));

        let behind = Visitors::default();
        behind.saw(ip(1), true);
        assert!(behind.all_from_one_address(true));
    }
}
