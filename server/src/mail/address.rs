//! Addresses as mail servers speak them. Which text can be one at all is decided in `bedring_domain::address`, for phone and server alike.

use bedring_domain::address::typed_address;
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

/// The address with its domain in the letters of mail servers: `mie@blåbær.example` is `mie@xn--blbr-roah.example`. What stands before the
/// `@` stays as it is, for only the server behind it knows what it means. `None` if no mail can go there, which is seen here at the latest.
#[must_use]
pub fn on_the_wire(address: &str) -> Option<String> {
    let address = typed_address(address)?;
    let (local, domain) = address.rsplit_once('@')?;
    let (deny, hyphens) = (AsciiDenyList::STD3, Hyphens::CheckFirstLast);
    let domain = Uts46::new()
        .to_ascii(domain.as_bytes(), deny, hyphens, DnsLength::Verify)
        .ok()?;
    Some(format!("{local}@{domain}"))
}

/// Has what stands before the `@` letters that a mail server without SMTPUTF8 (RFC 6531) cannot write?
#[must_use]
pub fn needs_utf8(address: &str) -> bool {
    address
        .rsplit_once('@')
        .is_some_and(|(local, _)| !local.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_go_out_in_the_letters_of_mail_servers() {
        for (typed, wire) in [
            ("anna@eksempel.dk", "anna@eksempel.dk"),
            ("Anna@Eksempel.DK", "Anna@eksempel.dk"),
            // As Python's codec "idna" says.
            ("mie@blåbær.example", "mie@xn--blbr-roah.example"),
            ("mie@bla\u{30a}bær.example", "mie@xn--blbr-roah.example"),
            ("MIE@BLÅBÆR.example", "MIE@xn--blbr-roah.example"),
            ("bo@rødgrød.dk", "bo@xn--rdgrd-vuad.dk"),
            ("åse@ø.example", "åse@xn--pda.example"),
            ("x@xn--blbr-roah.example", "x@xn--blbr-roah.example"),
            (
                "\u{202a}mie@blåbær.example\u{202c}",
                "mie@xn--blbr-roah.example",
            ),
        ] {
            assert_eq!(on_the_wire(typed).as_deref(), Some(wire), "{typed}");
        }
        for wrong in [
            ".anna@eksempel.dk",
            "anna@10.0.0.1",
            "x@xn--.dk",
            "x@xn--\u{e6}.dk",
        ] {
            assert_eq!(on_the_wire(wrong), None, "{wrong}");
        }
        assert!(needs_utf8("åse@example.dk") && !needs_utf8("mie@blåbær.example"));
    }
}
