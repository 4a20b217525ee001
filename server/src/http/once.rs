//! `Idempotency-Key`: a request of staff that carries an id of the sender's is done once, and sent again it gets the same answer.
//!
//! A browser sends a request again when the connection breaks under it, people press again when nothing comes back, and both may make a
//! second person of one. What was done is known by a row in the transaction that did it (`bedring_store::once`); here the answer is kept
//! beside it, and given again. The answer may hold a link or a name, so it is sealed with a key that follows from the sender's id,
//! which the server does not keep: a stolen database opens none of them, and neither does somebody else's log-in.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use bedring_contract::problem::Code;
use bedring_store::entities::kept_answer;
use bedring_store::once::{self, Claim, Standing};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use bedring_store::{Db, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use tracing::Instrument;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{OpenApi, RefOr, Required};
use uuid::Uuid;

use super::extract::body_refused;
use crate::accounts::Member;
use crate::error::{ApiError, ApiResult};
use crate::keys::ContactKeys;
use crate::state::{AppState, Services};

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::days(1);
/// How long somebody waits for the answer of a request that is still being done.
const WAIT: Duration = Duration::from_secs(5);
const STEP: Duration = Duration::from_millis(40);
/// The request's header.
pub const KEY: &str = bedring_contract::paths::IDEMPOTENCY_KEY;
/// The answer's header, where it was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Around all routes that staff use, inside of the one that knows who asks.
///
/// # Errors
/// A key that is none, one that was sent with something else before, or an answer that got lost.
pub async fn answer_once(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> ApiResult<Response> {
    let Some(key) = key(&request)? else {
        return Ok(next.run(request).await);
    };
    let (mut parts, body) = request.into_parts();
    let Ok(member) = Member::from_request_parts(&mut parts, &state).await else {
        // Turned away further in, and with the right words.
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), &state)
        .await
        .map_err(|e| body_refused(&e))?;
    let asked = Asked::new(&state, member.id(), key, &parts, &bytes);
    if let Some(row) = asked.find(&state.db).await? {
        return asked.again(&state, row).await;
    }
    let request = Request::from_parts(parts, Body::from(bytes));
    // Goes on to its end when whoever asked has gone away meanwhile, so that the answer is there when they ask again.
    let doing = async move { asked.first(&state, request, next).await };
    tokio::spawn(doing.in_current_span())
        .await
        .map_err(ApiError::internal)?
}

/// The id that came with a request that changes something.
fn key(request: &Request) -> ApiResult<Option<Uuid>> {
    let changes = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let Some(value) = request.headers().get(KEY) else {
        return Ok(None);
    };
    if !changes.contains(request.method()) {
        return Ok(None);
    }
    let text = value.to_str().unwrap_or_default().trim().trim_matches('"');
    match Uuid::try_parse(text) {
        Ok(key) if !key.is_nil() => Ok(Some(key)),
        _ => Err(ApiError::new(Code::RequestMalformed)
            .detail("Idempotency-Key takes a UUID: a new one for each thing to be done.")),
    }
}

/// A request that may have been sent before.
struct Asked {
    claim: Claim,
    seal: ContactKeys,
}

impl Asked {
    fn new(services: &Services, account: Uuid, key: Uuid, parts: &Parts, body: &[u8]) -> Self {
        let mut named = account.as_bytes().to_vec();
        named.extend_from_slice(key.as_bytes());
        let what = parts.uri.path_and_query().map_or("", |p| p.as_str());
        let request = Sha256::new()
            .chain_update(parts.method.as_str())
            .chain_update([0])
            .chain_update(what)
            .chain_update([0])
            .chain_update(body)
            .finalize();
        let claim = Claim {
            id: Sha256::digest(&named).to_vec(),
            request: request.to_vec(),
            at: services.clock.now(),
        };
        let seal = services.keys.contact.mac("kept answer", &named);
        Self {
            claim,
            seal: ContactKeys::new(seal, &[]),
        }
    }

    async fn find(&self, db: &Db) -> Result<Option<kept_answer::Model>, StoreError> {
        let found = kept_answer::Entity::find_by_id(self.claim.id.clone());
        Ok(found.one(db.read()).await?)
    }

    /// Does it, unless somebody else turns out to be doing it.
    async fn first(self, services: &Services, request: Request, next: Next) -> ApiResult<Response> {
        let (response, standing) = once::within(self.claim.clone(), next.run(request)).await;
        match standing {
            Standing::Nothing => Ok(response),
            Standing::Done => self.keep(services, response).await,
            Standing::DoneBefore => match self.find(&services.db).await? {
                Some(row) => self.again(services, row).await,
                None => Ok(response),
            },
        }
    }

    /// Keeps an answer beside what was done, and gives it.
    async fn keep(&self, services: &Services, response: Response) -> ApiResult<Response> {
        if !response.status().is_success() {
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX)
            .await
            .map_err(ApiError::internal)?;
        let sealed = self.seal.encrypt(&*services.random, &bytes);
        let kept = async {
            let tx = services.db.begin().await?;
            kept_answer::Entity::update_many()
                .col_expr(
                    kept_answer::Column::Status,
                    Expr::value(i32::from(parts.status.as_u16())),
                )
                .col_expr(kept_answer::Column::AnswerSealed, Expr::value(sealed))
                .filter(kept_answer::Column::Id.eq(self.claim.id.clone()))
                .exec(&*tx)
                .await?;
            forget_old(&*tx, self.claim.at).await?;
            tx.commit().await
        };
        // It is done either way: whoever asked gets their answer, and whoever asks again is told that it was done.
        if let Err(error) = kept.await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "an answer was not kept"
            );
        }
        Ok(Response::from_parts(parts, Body::from(bytes)))
    }

    /// The answer that was given before; waits a little for one that is about to be.
    async fn again(&self, services: &Services, mut row: kept_answer::Model) -> ApiResult<Response> {
        if row.request != self.claim.request {
            return Err(ApiError::new(Code::RequestKeyReused)
                .detail("Something else was sent under this Idempotency-Key before."));
        }
        let mut waited = Duration::ZERO;
        while row.status.is_none() && waited < WAIT {
            tokio::time::sleep(STEP).await;
            waited += STEP;
            match self.find(&services.db).await? {
                Some(found) => row = found,
                None => break,
            }
        }
        self.read(&row).ok_or_else(|| {
            ApiError::new(Code::RequestDoneBefore)
                .detail("It was done when it was sent the first time; the answer was lost. Look at it anew.")
        })
    }

    fn read(&self, row: &kept_answer::Model) -> Option<Response> {
        let status = StatusCode::from_u16(u16::try_from(row.status?).ok()?).ok()?;
        let body = self.seal.decrypt(row.answer_sealed.as_deref()?).ok()?;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
        if !body.is_empty() {
            let json = HeaderValue::from_static("application/json");
            headers.insert(header::CONTENT_TYPE, json);
            *response.body_mut() = Body::from(body);
        }
        Some(response)
    }
}

/// Says in the document that every operation of staff that changes something takes the header.
pub fn document(document: &mut OpenApi) {
    let header = ParameterBuilder::new()
        .name(KEY)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "A UUID made by the client for this one thing. Sent again with the same one within a day, the request is done once and gets \
             the same answer; with another body or path it is `request.key_reused` (422). `request.done_before` (409): it was done, and the \
             answer was lost.",
        ))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))),
        ))
        .build();
    let items = document.paths.paths.values_mut();
    let changing = items.flat_map(|item| {
        [
            item.post.as_mut(),
            item.put.as_mut(),
            item.patch.as_mut(),
            item.delete.as_mut(),
        ]
    });
    for operation in changing.flatten().filter(|o| is_of_staff(o)) {
        let parameters = operation.parameters.get_or_insert_default();
        parameters.push(RefOr::T(header.clone()));
    }
}

fn is_of_staff(operation: &Operation) -> bool {
    let needed = serde_json::to_value(&operation.security).unwrap_or_default();
    let needed = needed.as_array().map(Vec::as_slice).unwrap_or_default();
    !needed.is_empty() && needed.iter().all(|one| one.get("session").is_some())
}

/// Removes answers that are older than a day.
///
/// # Errors
/// As the database says.
pub async fn forget_old<C: bedring_store::sea_orm::ConnectionTrait>(
    tx: &C,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    kept_answer::Entity::delete_many()
        .filter(kept_answer::Column::AskedAt.lt(now - KEPT))
        .exec(tx)
        .await?;
    Ok(())
}
