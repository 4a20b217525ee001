//! `POST /api/v1/journal`: HTTP only; what is decided is in the files beside.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bedring_contract::journal::{Delivery, DeliveryResults};
use bedring_contract::paths;
use bedring_contract::problem::{Code, Problem};
use bedring_domain::journal::{MAX_DELIVERY_BYTES, MAX_ENTRIES};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{DeliverError, Key, Sender, delivered, secret_hash};
use crate::accounts::{access, member};
use crate::devices::caller::known_person;
use crate::error::{ApiError, ApiResult};
use crate::http::extract::{Json, assert_no_array, bearer, json_bytes, malformed};
use crate::observe::metrics;
use crate::state::AppState;

/// The journal's own routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(post_journal))
        .layer(DefaultBodyLimit::max(MAX_DELIVERY_BYTES))
}

/// Takes in what a device wrote. `202` says that every entry is on the server's disk (or that the answer says why not).
#[utoipa::path(
    post,
    path = paths::JOURNAL,
    tag = "journal",
    request_body = Delivery,
    security(("secret" = []), ("secret" = [], "device" = []), ("session" = [])),
    responses(
        (status = 202, body = DeliveryResults, description = "One result for each entry, in the same order"),
        (status = 400, body = Problem, description = "Not a delivery: nothing was taken in"),
        (status = 401, body = Problem, description = "Neither a known secret nor a session: nothing was taken in"),
        (status = 403, body = Problem, description = "An account that does not write about people, or a request from another site: nothing was taken in"),
        (status = 408, body = Problem, description = "It took too long; whether it was taken in is not known: send it again"),
        (status = 413, body = Problem, description = "More than 1 MiB or 100 entries: nothing was taken in"),
        (status = 429, body = Problem, description = "The person has delivered as much as a day takes (500 entries, 5 MiB, and 50 that say no or stop), see Retry-After: nothing was taken in"),
        (status = 415, body = Problem, description = "Not application/json: nothing was taken in"),
        (status = 500, body = Problem, description = "Our fault; whether it was taken in is not known: send it again later"),
        (status = 503, body = Problem, description = "Come back later, see Retry-After: nothing was taken in"),
        (status = 507, body = Problem, description = "The disk is full, see Retry-After: nothing was taken in")
    )
)]
async fn post_journal(State(state): State<AppState>, request: Request) -> ApiResult<Response> {
    // What is taken in must last: a phone deletes its copy after the receipt.
    state.health.assert_well(&state).await?;
    let sender = sender_of(&state, request.headers()).await?;
    let body: Bytes = json_bytes(request, &state).await?;
    assert_no_array(&body)?;
    let delivery = delivered::read(&body).map_err(|e| malformed(&e))?;
    if delivery.entries.len() > MAX_ENTRIES {
        return Err(
            ApiError::new(Code::RequestTooLarge).detail("A delivery holds at most 100 entries.")
        );
    }
    let results = state.journal.deliver_read(sender, delivery).await?;
    crate::health::after_erasure(&state).await;
    for result in &results {
        metrics::journal_outcome(result.outcome);
    }
    Ok((StatusCode::ACCEPTED, Json(DeliveryResults { results })).into_response())
}

async fn sender_of(state: &AppState, headers: &axum::http::HeaderMap) -> ApiResult<Sender> {
    if let Some(secret) = bearer(headers) {
        let hash = secret_hash(secret);
        // Before a byte of the body is read: whoever holds no secret makes no work.
        if !state
            .journal
            .knows(&hash)
            .await
            .map_err(DeliverError::from)?
        {
            return Err(ApiError::new(Code::AuthSecretUnknown));
        }
        let known = known_person(state.db.read(), headers, state.clock.now()).await?;
        return Ok(Sender::Secret(Key { hash, known }));
    }
    let member = member(state, headers).await?;
    let proof = access::require(&member, access::WriteJournal)?;
    Ok(Sender::Staff(proof))
}

impl From<DeliverError> for ApiError {
    fn from(error: DeliverError) -> Self {
        match error {
            DeliverError::SecretUnknown => Self::new(Code::AuthSecretUnknown),
            DeliverError::SecretExpired => Self::new(Code::AuthSecretExpired),
            DeliverError::SecretEnded => Self::new(Code::AuthSecretEnded),
            DeliverError::DayIsFull(seconds) => Self::new(Code::TooManyRequests)
                .detail("This person has delivered as much as one day takes. Keep the entries and send them tomorrow.")
                .retry_after(seconds),
            DeliverError::Overloaded | DeliverError::Stopping => Self::unavailable(error),
            DeliverError::Store(shared) => match shared.0.as_ref() {
                bedring_store::StoreError::Busy
                | bedring_store::StoreError::Unavailable
                | bedring_store::StoreError::Conflict => Self::unavailable(shared),
                bedring_store::StoreError::ReadOnly | bedring_store::StoreError::Damaged => {
                    Self::out_of_order(shared)
                }
                bedring_store::StoreError::Full => Self::full(shared),
                _ => Self::internal(shared),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use bedring_store::StoreError;

    use super::*;

    #[test]
    fn a_full_disk_and_a_busy_database_say_when_to_come_back() {
        for (error, status, wait) in [
            (StoreError::Full, 507, "60"),
            (StoreError::Busy, 503, "2"),
            (StoreError::Unavailable, 503, "2"),
        ] {
            let answer = ApiError::from(DeliverError::from(error)).to_response("");
            assert_eq!(answer.status().as_u16(), status);
            assert_eq!(answer.headers()["retry-after"], wait);
        }
        assert_eq!(
            ApiError::from(StoreError::Full).to_response("").headers()["retry-after"],
            "60"
        );
    }
}
