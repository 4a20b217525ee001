//! What an answer to a delivery means. Pure: the table of everything a network, a captive portal or a server may answer.

use bedring_contract::journal::EntryResult;
use bedring_contract::problem::Code;
use bedring_domain::journal::{Outcome, Reason, SendFailure};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use super::SyncState;
use crate::api::{ApiFailure, Reply, problem};

/// The longest wait that is obeyed, in seconds: a wrong header must not silence a phone for a week.
const LONGEST_RETRY_AFTER: u32 = 3600;

/// What a delivery came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The server took it and says what became of each entry.
    Received(Vec<EntryResult>),
    /// The person has erased everything, says the server of the request as a whole.
    Erased,
    /// Nothing is known to have arrived.
    Failed(SendFailure, SyncState),
}

/// The results as an older app must be able to read them from a newer server: codes may be added.
#[derive(Deserialize)]
struct Results {
    results: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    id: String,
    sha256: String,
    outcome: String,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    receipt: Option<String>,
}

impl Line {
    /// The result, unless its outcome is one that this version does not know: then the entry stays, and a later version understands.
    fn known(self) -> Option<EntryResult> {
        let word: StrDeserializer<'_, Error> = self.outcome.as_str().into_deserializer();
        let outcome = Outcome::deserialize(word).ok()?;
        let reason = self.reason.as_deref().and_then(Reason::parse);
        Some(EntryResult {
            id: self.id,
            sha256: self.sha256,
            outcome,
            reason,
            receipt: self.receipt,
        })
    }
}

/// Judges an answer. Only 202 with results that can be read counts as received; whether they name our entries is for the outbox to say.
pub(super) fn judge(answer: Result<Reply, ApiFailure>) -> Verdict {
    let again = |state, after: Option<u32>| {
        Verdict::Failed(
            SendFailure::Retry {
                after: after.map(|s| s.min(LONGEST_RETRY_AFTER)),
            },
            state,
        )
    };
    let reply = match answer {
        Ok(reply) => reply,
        Err(ApiFailure::Offline | ApiFailure::Timeout) => return again(SyncState::Offline, None),
        Err(ApiFailure::Garbled | ApiFailure::Problem(_)) => {
            return again(SyncState::NotOurServer, None);
        }
    };
    if reply.status == 202 {
        return match crate::json::read::<Results>(&reply.body) {
            Some(results) => Verdict::Received(
                results
                    .results
                    .into_iter()
                    .filter_map(Line::known)
                    .collect(),
            ),
            None => again(SyncState::NotOurServer, None),
        };
    }
    // Whoever says it, our server or a proxy before it: less at once may pass.
    if reply.status == 413 {
        return Verdict::Failed(SendFailure::TooLarge, SyncState::TooLarge);
    }
    match problem(&reply) {
        Some(problem) if problem.status == 401 => {
            Verdict::Failed(SendFailure::NotAuthorised, SyncState::LinkNotValid)
        }
        Some(problem) if problem.code == Code::PersonErased => Verdict::Erased,
        Some(_) => again(SyncState::Busy, reply.retry_after),
        // What stands before our server says that our server does not answer.
        None if matches!(reply.status, 500..=504) => again(SyncState::Busy, reply.retry_after),
        None => again(SyncState::NotOurServer, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedring_domain::journal::Outcome;

    fn reply(status: u16, retry_after: Option<u32>, body: &str) -> Result<Reply, ApiFailure> {
        Ok(Reply {
            status,
            retry_after,
            body: body.to_owned(),
        })
    }

    fn told(code: Code) -> String {
        let (code, status) = (code.as_str(), code.status());
        format!(r#"{{"type":"/problems/{code}","code":"{code}","title":"x","status":{status}}}"#)
    }

    fn retry(state: SyncState, after: Option<u32>) -> Verdict {
        Verdict::Failed(SendFailure::Retry { after }, state)
    }

    #[test]
    fn only_202_with_readable_results_is_received() {
        let results =
            r#"{"results":[{"id":"a","sha256":"b","outcome":"stored","receipt":"KVIT-1"}]}"#;
        let Verdict::Received(received) = judge(reply(202, None, results)) else {
            panic!("not received")
        };
        assert_eq!((received.len(), received[0].outcome), (1, Outcome::Stored));
        for (status, body) in [
            (200, results),
            (201, results),
            (204, ""),
            (202, "<html>Welcome</html>"),
            (202, ""),
            (202, "{}"),
            (302, ""),
            (0, ""),
            (200, "<html>"),
        ] {
            assert_eq!(
                judge(reply(status, None, body)),
                retry(SyncState::NotOurServer, None),
                "{status} {body}"
            );
        }
    }

    #[test]
    fn codes_of_a_newer_server_do_not_stop_an_older_app() {
        let results = r#"{"results":[{"id":"a","sha256":"b","outcome":"archived"},
            {"id":"c","sha256":"d","outcome":"quarantined","reason":"something.new","receipt":"KVIT-2"}],"more":1}"#;
        let Verdict::Received(received) = judge(reply(202, None, results)) else {
            panic!("not received")
        };
        assert_eq!(received.len(), 1);
        assert_eq!(
            (
                received[0].id.as_str(),
                received[0].outcome,
                received[0].reason
            ),
            ("c", Outcome::Quarantined, None)
        );
    }

    #[test]
    fn a_network_that_is_gone_or_slow_is_tried_again() {
        for failure in [ApiFailure::Offline, ApiFailure::Timeout] {
            assert_eq!(judge(Err(failure)), retry(SyncState::Offline, None));
        }
    }

    #[test]
    fn our_server_that_does_not_know_the_link_waits_for_a_person_but_a_portals_401_does_not() {
        for code in [
            Code::AuthSecretUnknown,
            Code::AuthSecretExpired,
            Code::AuthMissing,
            Code::AuthSessionEnded,
        ] {
            let verdict = judge(reply(401, None, &told(code)));
            assert_eq!(
                verdict,
                Verdict::Failed(SendFailure::NotAuthorised, SyncState::LinkNotValid)
            );
        }
        assert_eq!(
            judge(reply(401, None, "<html>log in</html>")),
            retry(SyncState::NotOurServer, None)
        );
    }

    #[test]
    fn an_overloaded_server_is_obeyed_within_reason() {
        assert_eq!(
            judge(reply(503, Some(20), &told(Code::Unavailable))),
            retry(SyncState::Busy, Some(20))
        );
        assert_eq!(
            judge(reply(429, Some(999_999), &told(Code::TooManyRequests))),
            retry(SyncState::Busy, Some(3600))
        );
        assert_eq!(
            judge(reply(502, None, "<html>Bad gateway</html>")),
            retry(SyncState::Busy, None)
        );
        assert_eq!(
            judge(reply(507, None, &told(Code::StorageFull))),
            retry(SyncState::Busy, None)
        );
        assert_eq!(
            judge(reply(511, None, "<html>log in</html>")),
            retry(SyncState::NotOurServer, None)
        );
    }

    #[test]
    fn too_large_is_said_by_our_server_or_by_what_stands_before_it() {
        for body in [
            told(Code::RequestTooLarge).as_str(),
            "<html>413 Request Entity Too Large</html>",
            "",
        ] {
            assert_eq!(
                judge(reply(413, None, body)),
                Verdict::Failed(SendFailure::TooLarge, SyncState::TooLarge),
                "{body}"
            );
        }
    }

    #[test]
    fn an_erased_person_is_told_so() {
        assert_eq!(
            judge(reply(410, None, &told(Code::PersonErased))),
            Verdict::Erased
        );
        assert_eq!(
            judge(reply(410, None, "gone")),
            retry(SyncState::NotOurServer, None)
        );
    }
}
