//! What staff change about a person: a way in, the end of the course, and which of two responses counts.

use bedring_contract::invitation::InviteHow;
use bedring_contract::staff::{CourseEnd, Invitation, PersonLine};
use bedring_domain::code::display_short_code;
use bedring_domain::time::is_day;
use bedring_store::entities::{person, response};
use bedring_store::readable::Damage;
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use bedring_store::{StoreError, scope};
use fast_qr::convert::svg::SvgBuilder;
use uuid::Uuid;

use super::asked::{to_be_asked, to_be_corrected};
use super::{PeopleError, detail, list, seen};
use crate::accounts::access::{ChooseResponse, EndCourse, InvitePerson, Proof};
use crate::audit::{self, About, Deed};
use crate::calendar;
use crate::followup::changes::{self as ledger, By, What};
use crate::followup::windows;
use crate::programme::{card, invitation};
use crate::state::Services;

/// A drawing by chance of a short code that exists already is answered by drawing again.
const TRIES: u32 = 3;

/// A new link and a new short code for a person.
///
/// # Errors
/// No such person, or one who must not be asked and did not ask for it.
pub async fn invite(
    proof: &Proof<InvitePerson>,
    services: &Services,
    id: Uuid,
    how: InviteHow,
) -> Result<Invitation, PeopleError> {
    let mut tries = 1;
    loop {
        match try_invite(proof, services, id, how).await {
            Err(PeopleError::Store(StoreError::Conflict)) if tries < TRIES => tries += 1,
            other => return other,
        }
    }
}

async fn try_invite(
    proof: &Proof<InvitePerson>,
    services: &Services,
    id: Uuid,
    how: InviteHow,
) -> Result<Invitation, PeopleError> {
    let (now, random) = (services.clock.now(), &*services.random);
    let tx = services.db.begin().await?;
    let person = if how.own_wish {
        to_be_corrected(proof, &*tx, id).await?
    } else {
        to_be_asked(proof, &*tx, id).await?
    };
    let by = invitation::Maker {
        keys: &services.keys.contact,
        random,
        account: proof.account(),
        now,
    };
    let invited = invitation::invite(&*tx, by, id, how.keep_earlier).await?;
    let about = About {
        person: Some(id),
        project: Some(person.project_id),
        subject: None,
    };
    audit::record(&*tx, random, proof, Deed::Invitation, about, now).await?;
    let link = invitation::address(&services.config.server.base_url(), &invited.link.secret);
    let qr = invitation::qr(&link).map_err(|_| PeopleError::QrCode)?;
    let card = card::of_person(&*tx, services.journal.editions(), &person).await?;
    tx.commit().await?;
    Ok(Invitation {
        link,
        qr_svg: SvgBuilder::default().to_str(&qr),
        short_code: display_short_code(&invited.short_code),
        short_code_expires: invited.short_code_expires_at,
        link_expires: invited.link.expires_at,
        card: Some(card),
    })
}

/// Sets the last day of a course, or takes it back: the exit may be answered from then on.
///
/// # Errors
/// No such person, one who must not be asked, or an end before the start.
pub async fn end_course(
    proof: &Proof<EndCourse>,
    services: &Services,
    id: Uuid,
    form: CourseEnd,
) -> Result<PersonLine, PeopleError> {
    if form.end.is_some_and(|end| !is_day(end)) {
        return Err(PeopleError::Input("/end", "out_of_range"));
    }
    let now = services.clock.now();
    let tx = services.db.begin().await?;
    let mut person = to_be_asked(proof, &*tx, id).await?;
    seen::check("/end", form.seen.as_ref(), person.end_on.as_ref())?;
    let early = |end| person.start_on.is_some_and(|start| end < start);
    if form.end.is_some_and(early) {
        return Err(PeopleError::Input("/end", "before_start"));
    }
    person::Entity::update_many()
        .col_expr(person::Column::EndOn, Expr::value(form.end))
        .filter(person::Column::Id.eq(id))
        .exec(&*tx)
        .await?;
    if person.end_on != form.end {
        let by = By::holder(proof, &*services.random, now);
        let before = person.end_on.map(|day| day.to_string());
        let after = form.end.map(|day| day.to_string());
        ledger::note(&*tx, by, &person, What::EndConfirmed, before, after).await?;
    }
    person.end_on = form.end;
    windows::materialise(&*tx, &*services.random, &person, now).await?;
    let about = About {
        person: Some(id),
        project: Some(person.project_id),
        subject: None,
    };
    audit::record(
        &*tx,
        &*services.random,
        proof,
        Deed::CourseEnded,
        about,
        now,
    )
    .await?;
    let (keys, today) = (&services.keys.contact, calendar::day_of(now));
    let lines = list::lines(proof, &*tx, keys, vec![person], today, Damage::default()).await?;
    tx.commit().await?;
    Ok(lines.into_iter().next().ok_or(StoreError::NotFound)?)
}

/// From now on this response is the one that counts for its occasion and instrument.
///
/// # Errors
/// No such response within the proof's projects.
pub async fn choose(
    proof: &Proof<ChooseResponse>,
    services: &Services,
    id: Uuid,
) -> Result<(), PeopleError> {
    let now = services.clock.now();
    let tx = services.db.begin().await?;
    let found = scope::responses(proof.scope())
        .filter(response::Column::Id.eq(id))
        .one(&*tx)
        .await?;
    let chosen = found.ok_or(StoreError::NotFound)?;
    // One order for all writers: the person first.
    let person = detail::find(proof, &*tx, chosen.person_id).await?;
    response::Entity::update_many()
        .col_expr(response::Column::Chosen, response::Column::Id.eq(id))
        .filter(response::Column::OccasionId.eq(chosen.occasion_id))
        .filter(response::Column::Instrument.eq(chosen.instrument))
        .exec(&*tx)
        .await?;
    let about = About {
        person: Some(person.id),
        project: Some(person.project_id),
        subject: Some(id),
    };
    audit::record(
        &*tx,
        &*services.random,
        proof,
        Deed::ResponseChosen,
        about,
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}
