//! What a mail carries that others can neither make nor guess, derived from its row's id with the contact key. So a mail that is sent again
//! is the same mail, and nothing of it has to be stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::address::on_the_wire;
use crate::keys::ContactKeys;

/// Bytes of a MAC in a link: 128 bits, as in other links.
const SHORT: usize = 16;
/// What addresses are counted for.
const RECIPIENT: &str = "mail recipient";

/// The secret in the link of a mail.
#[must_use]
pub fn link_secret(keys: &ContactKeys, mail: Uuid) -> String {
    let mac = keys.mac("mail link", mail.as_bytes());
    URL_SAFE_NO_PAD.encode(&mac[..SHORT])
}

/// What stands in a mail for choosing "later" or "never again": the row and a proof.
#[must_use]
pub fn choice_token(keys: &ContactKeys, mail: Uuid) -> String {
    let mac = keys.mac("mail choice", mail.as_bytes());
    let mut bytes = mail.as_bytes().to_vec();
    bytes.extend_from_slice(&mac[..SHORT]);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The mail that a token came with; `None` if it is not one of ours.
#[must_use]
pub fn mail_of_token(keys: &ContactKeys, token: &str) -> Option<Uuid> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    if bytes.len() != 16 + SHORT {
        return None;
    }
    let (id, shown) = bytes.split_at(16);
    let right = |mac: [u8; 32]| {
        let differences = mac.iter().zip(shown).fold(0, |all, (a, b)| all | (a ^ b));
        differences == 0
    };
    keys.macs("mail choice", id)
        .any(right)
        .then(|| Uuid::from_slice(id).ok())
        .flatten()
}

/// An address by which mails to it can be counted, without being one.
#[must_use]
pub fn recipient(keys: &ContactKeys, address: &str) -> [u8; 32] {
    keys.mac(RECIPIENT, normal(address).as_bytes())
}

/// Is this what that address is counted by, or was with a key from before?
#[must_use]
pub fn is_recipient(keys: &ContactKeys, address: &str, hash: &[u8]) -> bool {
    keys.macs(RECIPIENT, normal(address).as_bytes())
        .any(|mac| mac == hash)
}

/// However it is typed, and with either name of its domain.
fn normal(address: &str) -> String {
    on_the_wire(address)
        .unwrap_or_else(|| address.trim().to_owned())
        .to_lowercase()
}

/// A mail's id for mail servers, fixed for its row.
#[must_use]
pub fn message_id(mail: Uuid, domain: &str) -> String {
    format!("<{mail}@{domain}>")
}

/// The row that a Message-ID names, with or without angle brackets.
#[must_use]
pub fn mail_of_message_id(text: &str) -> Option<Uuid> {
    let inner = text.trim().trim_start_matches('<').trim_end_matches('>');
    let (id, _) = inner.split_once('@')?;
    id.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SeededRandom;

    #[test]
    fn a_token_names_its_mail_and_cannot_be_changed() {
        let keys = ContactKeys::generate(&SeededRandom::new(1));
        let other = ContactKeys::generate(&SeededRandom::new(2));
        let mail = Uuid::from_u128(7);
        let token = choice_token(&keys, mail);
        assert_eq!(mail_of_token(&keys, &token), Some(mail));
        assert_eq!(mail_of_token(&other, &token), None);
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        for i in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[i] ^= 1;
            assert_eq!(mail_of_token(&keys, &URL_SAFE_NO_PAD.encode(changed)), None);
        }
        for wrong in ["", "x", "æ", &token[1..]] {
            assert_eq!(mail_of_token(&keys, wrong), None);
        }
        assert_ne!(link_secret(&keys, mail), link_secret(&other, mail));
        assert!(!token.contains(&link_secret(&keys, mail)));
    }

    #[test]
    fn one_address_however_it_is_typed() {
        let keys = ContactKeys::generate(&SeededRandom::new(1));
        assert_eq!(
            recipient(&keys, "Anna@Example.org "),
            recipient(&keys, "anna@example.org")
        );
        assert_ne!(
            recipient(&keys, "anna@example.org"),
            recipient(&keys, "anne@example.org")
        );
        let counted = recipient(&keys, "anna@example.org");
        assert!(is_recipient(&keys, " ANNA@example.org", &counted));
        assert!(!is_recipient(&keys, "anne@example.org", &counted));
        assert!(!is_recipient(&keys, "anna@example.org", &counted[1..]));
        assert_eq!(
            recipient(&keys, "mie@bl\u{e5}b\u{e6}r.example"),
            recipient(&keys, "\u{feff}Mie@xn--blbr-roah.example")
        );
        let id = message_id(Uuid::from_u128(9), "example.dk");
        assert_eq!(mail_of_message_id(&id), Some(Uuid::from_u128(9)));
        assert_eq!(mail_of_message_id("x@y"), None);
    }
}
