//! What proves that an entry was written by somebody who held the person's secret: HMAC-SHA-256 (RFC 2104).
//!
//! Online the secret itself comes with a delivery. A rescue file is carried by hand, and nobody may write one for somebody else: there every
//! entry brings this. The key is the SHA-256 of the secret, which is all that the server keeps of it.

use sha2::{Digest, Sha256};

/// What the code is about, so that it can never stand for anything else that is made with the same key.
const ABOUT: &[u8] = b"bedring entry 1\n";

/// The code of an entry under the SHA-256 of a person's secret. The entry is named by its id and the SHA-256 of its body, both as they stand
/// on the wire: a body is bound by its hash.
#[must_use]
pub fn entry_mac(secret_hash: &[u8; 32], id: &str, sha256: &str) -> [u8; 32] {
    hmac(
        secret_hash,
        &[ABOUT, id.as_bytes(), b"\n", sha256.as_bytes()],
    )
}

/// HMAC-SHA-256 for a key that is shorter than a block, which a hash always is.
fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let block = |pad: u8| {
        let mut block = [pad; 64];
        for (byte, key) in block.iter_mut().zip(key) {
            *byte ^= key;
        }
        Sha256::new_with_prefix(block)
    };
    let mut inner = block(0x36);
    for part in parts {
        inner.update(part);
    }
    let inner = inner.finalize();
    let mut outer = block(0x5c);
    outer.update(inner);
    outer.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::hex;

    /// From another implementation: `printf … | openssl dgst -sha256 -mac HMAC -macopt hexkey:…`.
    #[test]
    fn the_code_is_the_one_of_the_standard() {
        let key: [u8; 32] = std::array::from_fn(|n| u8::try_from(n).unwrap() + 1);
        assert_eq!(hex(&hmac(&key, &[b"Hi ", b"There"])), OPENSSL_HI);
        let secret = Sha256::digest(b"a secret").into();
        let id = "019367b0-0000-7000-8000-000000000001";
        let body = hex(&Sha256::digest(b"{}"));
        assert_eq!(hex(&entry_mac(&secret, id, &body)), OPENSSL_ENTRY);
    }

    const OPENSSL_HI: &str = "45131af2422d643aed31b05ef8bbf08548235405e900cdd3308047abbbcab639";
    const OPENSSL_ENTRY: &str = "11a1371aa9c957460eb1699902ac1209dd6f1bc6659f39653e9ab608186e8825";
}
