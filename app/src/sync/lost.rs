//! Whether the server has lost what this phone got a receipt for: it was put back from a backup that is older. Pure.

use bedring_contract::person::PersonBundle;
use bedring_domain::journal::{Event, Outcome};

use crate::device::OwnCopy;

/// Whether to send again what was received. `kept`: ids of the sealed copies that are still here, those of the last days.
///
/// Somebody who has withdrawn, by the server's word or by one that still waits here, is left in peace. A withdrawal that the server has
/// lost, too, goes along with what is sent again.
pub(super) fn lost(bundle: &PersonBundle, copies: &[OwnCopy], kept: &[String]) -> bool {
    let withdraws = |c: &OwnCopy| {
        c.outcome.is_none() && matches!(c.entry.event, Event::ConsentWithdrawn { .. })
    };
    if bundle.standing.withdrawn.is_some() || copies.iter().any(withdraws) {
        return false;
    }
    copies.iter().any(|copy| {
        let Event::ResponseSubmitted(response) = &copy.entry.event else {
            return false;
        };
        let received = matches!(copy.outcome, Some(Outcome::Stored | Outcome::Repeated));
        let answered = bundle
            .occasions
            .iter()
            .filter(|o| o.id == response.occasion)
            .flat_map(|o| &o.instruments)
            .any(|i| i.answered && i.edition.instrument == response.instrument);
        received && !answered && kept.contains(&copy.id.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "019367b0-0000-7000-8000-000000000001";
    const OCCASION: &str = "019367b0-0000-7000-8000-000000000007";

    fn bundle(answered: bool, standing: &str) -> PersonBundle {
        serde_json::from_str(&format!(
            r#"{{"person":"{ID}","respondent_type":null,"language":"da","programme":{{"name":{{}},"contacts":[],"contacts_checked":null}},
            "project":"P","letter":{{"edition":"1","sha256":"","title":{{}},"body":{{}}}},"purposes":["evaluation"],"standing":{standing},
            "consents":[],"occasions":[{{"id":"{OCCASION}","kind":"intake","state":"open","opens":null,"due":null,
            "instruments":[{{"instrument":"a","edition":"1","answered":{answered}}}]}}],"definitions":[],
            "seal_key":{{"key_id":"k","public_key":""}},"time":"2026-03-02T08:00:00Z"}}"#
        ))
        .unwrap()
    }

    fn response(outcome: &str) -> OwnCopy {
        serde_json::from_str(&format!(
            r#"{{"id":"{ID}","entry":{{"recorded_at":"2026-03-02T09:00:00+01:00","app_version":"0","kind":"response_submitted",
            "occasion":"{OCCASION}","instrument":"a","edition":"1","language":"da","mode":"own_device",
            "started_at":"2026-03-02T08:50:00+01:00","finished_at":"2026-03-02T09:00:00+01:00","answers":{{}}}},
            "outcome":{outcome},"reason":null,"receipt":null}}"#
        ))
        .unwrap()
    }

    const STANDS: &str = r#"{"ever_given":true,"refused":false,"withdrawn":null}"#;

    #[test]
    fn a_received_response_that_the_server_does_not_know_is_lost() {
        let kept = [ID.to_owned()];
        assert!(lost(
            &bundle(false, STANDS),
            &[response("\"stored\"")],
            &kept
        ));
        assert!(lost(
            &bundle(false, STANDS),
            &[response("\"repeated\"")],
            &kept
        ));
        let mut without = bundle(false, STANDS);
        without.occasions.clear();
        assert!(lost(&without, &[response("\"stored\"")], &kept));
    }

    #[test]
    fn nothing_is_lost_that_is_there_or_was_never_taken_or_is_older_or_not_wanted() {
        let kept = [ID.to_owned()];
        let stored = || [response("\"stored\"")];
        assert!(!lost(&bundle(true, STANDS), &stored(), &kept));
        assert!(!lost(&bundle(false, STANDS), &stored(), &[]));
        for outcome in ["null", "\"quarantined\"", "\"conflict\"", "\"gone\""] {
            assert!(!lost(&bundle(false, STANDS), &[response(outcome)], &kept));
        }
        let withdrawn = r#"{"ever_given":true,"refused":false,"withdrawn":"stop_using"}"#;
        assert!(!lost(&bundle(false, withdrawn), &stored(), &kept));
        let mut waits = response("null");
        waits.entry.event = Event::ConsentWithdrawn {
            scope: bedring_domain::consent::Scope::StopAsking,
        };
        let [stored] = stored();
        assert!(!lost(&bundle(false, STANDS), &[stored, waits], &kept));
    }
}
