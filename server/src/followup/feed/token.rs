//! What stands in the address of a calendar: the account, and a proof made with the contact key that only the last address has.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::keys::ContactKeys;

/// What the key is used for.
const PURPOSE: &str = "calendar feed";
/// Bytes of the proof: 128 bits, as in other links.
const SHORT: usize = 16;

fn message(account: Uuid, version: i32) -> Vec<u8> {
    let mut message = account.as_bytes().to_vec();
    message.extend_from_slice(&version.to_be_bytes());
    message
}

/// The token of an account's address.
pub(super) fn make(keys: &ContactKeys, account: Uuid, version: i32) -> String {
    let mac = keys.mac(PURPOSE, &message(account, version));
    let mut bytes = account.as_bytes().to_vec();
    bytes.extend_from_slice(&mac[..SHORT]);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn parts(token: &str) -> Option<(Uuid, Vec<u8>)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    if bytes.len() != 16 + SHORT {
        return None;
    }
    let (id, shown) = bytes.split_at(16);
    Some((Uuid::from_slice(id).ok()?, shown.to_vec()))
}

/// The account that a token names; whether it may is for [`is_right`] to say.
pub(super) fn account(token: &str) -> Option<Uuid> {
    Some(parts(token)?.0)
}

/// Is this the token of that version? However wrong it is, it takes the same time to say.
pub(super) fn is_right(keys: &ContactKeys, token: &str, version: i32) -> bool {
    let Some((account, shown)) = parts(token) else {
        return false;
    };
    let right = |mac: [u8; 32]| {
        let differences = mac.iter().zip(&shown).fold(0, |all, (a, b)| all | (a ^ b));
        differences == 0
    };
    keys.macs(PURPOSE, &message(account, version)).any(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SeededRandom;

    #[test]
    fn a_token_is_right_for_one_version_and_cannot_be_changed() {
        let keys = ContactKeys::generate(&SeededRandom::new(1));
        let other = ContactKeys::generate(&SeededRandom::new(2));
        let id = Uuid::from_u128(7);
        let token = make(&keys, id, 3);
        assert_eq!(account(&token), Some(id));
        assert!(is_right(&keys, &token, 3));
        assert!(!is_right(&keys, &token, 4) && !is_right(&other, &token, 3));
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        for i in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[i] ^= 1;
            assert!(!is_right(&keys, &URL_SAFE_NO_PAD.encode(changed), 3));
        }
        for wrong in ["", "x", "æ", &token[1..]] {
            assert_eq!(account(wrong), None);
        }
    }
}
