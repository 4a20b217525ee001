//! What staff screens ask about programmes and people: HTTP only.

use axum::extract::State;
use axum::http::StatusCode;
use bedring_contract::instrument::InstrumentLine;
use bedring_contract::invitation::InviteHow;
use bedring_contract::paths;
use bedring_contract::problem::Problem;
use bedring_contract::staff::{
    CourseEnd, Invitation, NewPerson, NewPhone, PersonDetail, PersonLine, PersonPage, Programme,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{changes, detail, instruments, list, phone, programmes, register, ways_routes};
use crate::accounts::Member;
use crate::accounts::access::{
    ChangePhone, ChooseResponse, EndCourse, InvitePerson, ListPersons, RegisterPerson,
    SeeInstruments, SeePerson, SeeProgrammes, require,
};
use crate::calendar;
use crate::error::ApiResult;
use crate::http::extract::{Json, Path, Query};
use crate::state::AppState;

/// The routes about people.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_programmes))
        .routes(routes!(get_persons, post_person))
        .routes(routes!(get_person))
        .routes(routes!(post_invitation))
        .routes(routes!(post_phone))
        .routes(routes!(post_end))
        .routes(routes!(post_primary))
        .routes(routes!(get_instruments))
        .merge(super::correct_routes::routes())
        .merge(super::erasure_routes::routes())
        .merge(ways_routes::routes())
}

/// Programmes with the projects that the account may see.
#[utoipa::path(
    get,
    path = paths::PROGRAMMES,
    tag = "staff",
    security(("session" = [])),
    responses((status = 200, body = Vec<Programme>), (status = 401, body = Problem))
)]
async fn get_programmes(
    State(state): State<AppState>,
    member: Member,
) -> ApiResult<Json<Vec<Programme>>> {
    let proof = require(&member, SeeProgrammes)?;
    Ok(Json(programmes::programmes(&proof, state.db.read()).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// `next` of the page before.
    after: Option<String>,
    /// How many people, at most 200; 50 if left out.
    limit: Option<u64>,
    /// A part of a code or, for those who see names, of a name.
    q: Option<String>,
}

/// A project's people in the order of their codes, a page at a time.
#[utoipa::path(
    get,
    path = paths::PROJECT_PERSONS,
    tag = "staff",
    params(("project" = Uuid, Path), PageQuery),
    security(("session" = [])),
    responses(
        (status = 200, body = PersonPage),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "No such project for this account")
    )
)]
async fn get_persons(
    State(state): State<AppState>,
    member: Member,
    Path(project): Path<Uuid>,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<PersonPage>> {
    let proof = require(&member, ListPersons)?;
    let wanted = list::Wanted {
        after: query.after,
        limit: query.limit,
        search: query.q,
    };
    let (db, keys) = (state.db.read(), &state.keys.contact);
    let today = calendar::day_of(state.clock.now());
    Ok(Json(
        list::persons(&proof, db, keys, project, wanted, today).await?,
    ))
}

/// Registers a person in a project.
#[utoipa::path(
    post,
    path = paths::PROJECT_PERSONS,
    tag = "staff",
    params(("project" = Uuid, Path)),
    request_body = NewPerson,
    security(("session" = [])),
    responses(
        (status = 201, body = PersonLine),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such project for this account"),
        (status = 422, body = Problem, description = "`/code` is `taken`, `too_long` or `not_pseudonymous`, or holds a sign that no code has (`format`), `/email` or `/phone` has the wrong `format`, `/name` is `too_long`")
    )
)]
async fn post_person(
    State(state): State<AppState>,
    member: Member,
    Path(project): Path<Uuid>,
    Json(form): Json<NewPerson>,
) -> ApiResult<(StatusCode, Json<PersonLine>)> {
    let proof = require(&member, RegisterPerson)?;
    let line = register::register(&proof, &state, project, form).await?;
    Ok((StatusCode::CREATED, Json(line)))
}

/// One person with occasions and scores. Every look is written down and shown to the person.
#[utoipa::path(
    get,
    path = paths::PERSON,
    tag = "staff",
    params(("person" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 200, body = PersonDetail),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account")
    )
)]
async fn get_person(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
) -> ApiResult<Json<PersonDetail>> {
    let proof = require(&member, SeePerson)?;
    Ok(Json(detail::person(&proof, &state, person).await?))
}

/// A new link, QR code and short code for a person. Shown once: the server keeps hashes only.
#[utoipa::path(
    post,
    path = paths::PERSON_INVITATION,
    tag = "staff",
    params(("person" = Uuid, Path), InviteHow),
    security(("session" = [])),
    responses(
        (status = 201, body = Invitation),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 409, body = Problem, description = "The person said no or has withdrawn"),
        (status = 410, body = Problem, description = "The person has erased everything")
    )
)]
async fn post_invitation(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
    Query(how): Query<InviteHow>,
) -> ApiResult<(StatusCode, Json<Invitation>)> {
    let proof = require(&member, InvitePerson)?;
    let invitation = changes::invite(&proof, &state, person, how).await?;
    Ok((StatusCode::CREATED, Json(invitation)))
}

/// Writes down the telephone number of a person, encrypted, or removes it.
#[utoipa::path(
    post,
    path = paths::PERSON_PHONE,
    tag = "staff",
    params(("person" = Uuid, Path)),
    request_body = NewPhone,
    security(("session" = [])),
    responses(
        (status = 204, description = "It is so"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 409, body = Problem, description = "The person said no or has withdrawn"),
        (status = 410, body = Problem, description = "The person has erased everything"),
        (status = 422, body = Problem, description = "`/phone` has the wrong `format`")
    )
)]
async fn post_phone(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
    Json(form): Json<NewPhone>,
) -> ApiResult<StatusCode> {
    let proof = require(&member, ChangePhone)?;
    phone::change(&proof, &state, person, form).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets the last day of a person's course, from which on the exit may be answered.
#[utoipa::path(
    post,
    path = paths::PERSON_END,
    tag = "staff",
    params(("person" = Uuid, Path)),
    request_body = CourseEnd,
    security(("session" = [])),
    responses(
        (status = 200, body = PersonLine),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 409, body = Problem, description = "The person said no or has withdrawn"),
        (status = 410, body = Problem, description = "The person has erased everything"),
        (status = 422, body = Problem, description = "`/end` is `before_start` or `out_of_range` (1900 to 2100)")
    )
)]
async fn post_end(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
    Json(form): Json<CourseEnd>,
) -> ApiResult<Json<PersonLine>> {
    let proof = require(&member, EndCourse)?;
    Ok(Json(
        changes::end_course(&proof, &state, person, form).await?,
    ))
}

/// This response is the one that counts for its occasion and instrument.
#[utoipa::path(
    post,
    path = paths::RESPONSE_PRIMARY,
    tag = "staff",
    params(("response" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 204, description = "It counts now"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such response for this account")
    )
)]
async fn post_primary(
    State(state): State<AppState>,
    member: Member,
    Path(response): Path<Uuid>,
) -> ApiResult<StatusCode> {
    let proof = require(&member, ChooseResponse)?;
    changes::choose(&proof, &state, response).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The editions that were published here.
#[utoipa::path(
    get,
    path = paths::INSTRUMENTS,
    tag = "staff",
    security(("session" = [])),
    responses((status = 200, body = Vec<InstrumentLine>), (status = 401, body = Problem))
)]
async fn get_instruments(
    State(state): State<AppState>,
    member: Member,
) -> ApiResult<Json<Vec<InstrumentLine>>> {
    let proof = require(&member, SeeInstruments)?;
    Ok(Json(
        instruments::instruments(&proof, state.db.read()).await?,
    ))
}
