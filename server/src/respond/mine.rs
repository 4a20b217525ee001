//! What the server holds about the person who asks, as it stands.

use std::collections::HashMap;

use bedring_contract::device::SealedMine;
use bedring_contract::person::{ConsentLine, Mine, MyContact, MyResponse, Seen};
use bedring_domain::code;
use bedring_domain::consent::Channel;
use bedring_domain::course::{Mode, OccasionKind, RespondentType};
use bedring_domain::instrument::EditionRef;
use bedring_store::bounded::{emails, ids_shown, responses_shown};
use bedring_store::entities::{
    audit as audit_row, consent, contact, device, journal_entry, mail_choice, occasion, person,
    project, response,
};
use bedring_store::plan::{from_json, to_json};
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::SelectStatement;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use bedring_store::{StoreError, convert};
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::devices::{self, caller::KnownDevice};
use crate::keys::{KeyRing, seal_to};
use crate::state::Services;

/// Lines of "who looked", latest first; older ones are told on request.
const SEEN_LINES: u64 = 200;
/// Lines of the consent ledger, latest first; nobody changes their mind more often.
const CONSENT_LINES: u64 = 500;

/// Everything about the person whose device it is, which only that device can open. The first opening by a device is written down, and
/// told to the person with the others who looked.
///
/// # Errors
/// As the database says.
pub async fn sealed(services: &Services, known: KnownDevice) -> Result<SealedMine, StoreError> {
    let (random, now) = (&*services.random, services.clock.now());
    let KnownDevice { person, device, .. } = known;
    let tx = services.db.begin().await?;
    if device.read_at.is_none() {
        audit::by_device(&*tx, random, Deed::MineOpened, &person, device.id, now).await?;
    }
    device::Entity::update_many()
        .col_expr(device::Column::ReadAt, Expr::value(now))
        .col_expr(device::Column::SeenAt, Expr::value(now))
        .filter(device::Column::Id.eq(device.id))
        .exec(&*tx)
        .await?;
    devices::forgive(&*tx, person.id).await?;
    tx.commit().await?;
    let mine = of_person(services.db.read(), &services.keys, person).await?;
    let unreadable = |_| StoreError::Unreadable { table: "devices" };
    let key = <[u8; 32]>::try_from(device.public_key).map_err(unreadable)?;
    Ok(SealedMine {
        sealed: seal_to(random, &key, to_json(&mine).as_bytes()),
    })
}

/// Everything about a person.
///
/// # Errors
/// As the database says.
async fn of_person<C: ConnectionTrait>(
    db: &C,
    keys: &KeyRing,
    person: person::Model,
) -> Result<Mine, StoreError> {
    // Unscoped on purpose: the person's own project.
    let mut damage = Damage::default();
    let project = project::Entity::find_by_id(person.project_id)
        .readable(db, "projects", &mut damage, |_| person.id)
        .await?;
    let project = project.into_iter().next();
    // Again, to know whether all of it could be read.
    person::Entity::find_by_id(person.id)
        .readable(db, "persons", &mut damage, |p| p.id)
        .await?;
    let contact = contact::Entity::find_by_id(person.id)
        .readable(db, "contacts", &mut damage, |c| c.person_id)
        .await?;
    let contact = contact.into_iter().next();
    let choice = mail_choice::Entity::find_by_id(person.id)
        .readable(db, "mail_choices", &mut damage, |c| c.person_id)
        .await?;
    let choice = choice.into_iter().next();
    let mut open = |sealed: Option<Vec<u8>>| -> Result<Option<String>, StoreError> {
        let text = keys.contact.text(sealed.as_deref());
        Ok(damage.settle(person.id, text)?.flatten())
    };
    let instead = choice.as_ref().is_some_and(|c| c.to_contact);
    let (called, named) = choice.map_or((None, None), |c| {
        (c.contact_name_sealed, c.contact_email_sealed)
    });
    let (called, named) = (open(called)?, open(named)?);
    let (name, email, phone) = contact.map_or((None, None, None), |c| {
        (c.name_sealed, c.email_sealed, c.phone_sealed)
    });
    let (name, email, phone) = (open(name)?, open(email)?, open(phone)?);
    convert::notice(&person, &mut damage);
    let accounts = emails(db).await?;
    let responses_held = response::Entity::find()
        .filter(response::Column::OccasionId.in_subquery(occasions_of(person.id)))
        .count(db)
        .await?;
    Ok(Mine {
        project: project.map(|p| p.name).unwrap_or_default(),
        respondent_type: person
            .respondent_type
            .as_deref()
            .and_then(RespondentType::parse),
        email,
        phone,
        contact: named.map(|email| MyContact {
            email,
            name: called,
            instead,
        }),
        name,
        standing: convert::standing(&person),
        consents: consents(db, person.id, &accounts, &mut damage).await?,
        responses: responses(db, person.id, &accounts, &mut damage).await?,
        responses_held,
        seen_by: seen_by(db, person.id, &mut damage).await?,
        damaged: damage.count(),
        code: person.code,
    })
}

/// Through the occasions, which have an index.
fn occasions_of(person: Uuid) -> SelectStatement {
    occasion::Entity::find()
        .select_only()
        .column(occasion::Column::Id)
        .filter(occasion::Column::PersonId.eq(person))
        .into_query()
}

async fn consents<C: ConnectionTrait>(
    db: &C,
    person: Uuid,
    accounts: &HashMap<Uuid, String>,
    damage: &mut Damage,
) -> Result<Vec<ConsentLine>, StoreError> {
    let unreadable = || StoreError::Unreadable { table: "consents" };
    let rows = consent::Entity::find()
        .filter(consent::Column::PersonId.eq(person))
        .order_by_desc(consent::Column::SaidAt)
        .order_by_desc(consent::Column::Id)
        .limit(CONSENT_LINES)
        .readable(db, "consents", damage, |c| c.person_id)
        .await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let words = convert::ledger_event(&row)
            .and_then(|event| Ok((event, channel(&row.channel).ok_or_else(unreadable)?)));
        let Some((event, channel)) = damage.settle(person, words)? else {
            continue;
        };
        let line = ConsentLine {
            purpose: event.purpose,
            decision: event.decision,
            letter: row.letter_edition,
            channel,
            recorded_at: row.said_at.fixed_offset(),
            received_at: row.received_at,
            by: row.account_id.and_then(|id| accounts.get(&id).cloned()),
        };
        lines.push((line.recorded_at, row.id, line));
    }
    lines.sort_by_key(|(at, id, _)| (*at, *id));
    Ok(lines.into_iter().map(|(_, _, line)| line).collect())
}

fn channel(name: &str) -> Option<Channel> {
    match name {
        "screen" => Some(Channel::Screen),
        "paper" => Some(Channel::Paper),
        "spoken" => Some(Channel::Spoken),
        _ => None,
    }
}

async fn responses<C: ConnectionTrait>(
    db: &C,
    person: Uuid,
    accounts: &HashMap<Uuid, String>,
    damage: &mut Damage,
) -> Result<Vec<MyResponse>, StoreError> {
    let occasions: HashMap<Uuid, Option<OccasionKind>> = occasion::Entity::find()
        .filter(occasion::Column::PersonId.eq(person))
        .readable(db, "occasions", damage, |o| o.person_id)
        .await?
        .iter()
        .map(|o| (o.id, convert::kind_of(o).ok()))
        .collect();
    let rows = response::Entity::find()
        .filter(responses_shown(person))
        .readable(db, "responses", damage, |r| r.person_id)
        .await?;
    let hashes: HashMap<Uuid, Vec<u8>> = journal_entry::Entity::find()
        .select_only()
        .columns([journal_entry::Column::Id, journal_entry::Column::Sha256])
        .filter(journal_entry::Column::Id.in_subquery(ids_shown(person).into_query()))
        .into_tuple::<(Uuid, Vec<u8>)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let mut mine = Vec::with_capacity(rows.len());
    for row in rows {
        let sha256 = hashes
            .get(&row.id)
            .and_then(|h| <[u8; 32]>::try_from(h.as_slice()).ok());
        let kind = occasions.get(&row.occasion_id).copied().flatten();
        let by = row.account_id.and_then(|id| accounts.get(&id).cloned());
        let told = my_response(row, kind, sha256, by);
        mine.extend(damage.settle(person, told)?);
    }
    mine.sort_by_key(|r| (r.finished_at, r.id));
    Ok(mine)
}

fn my_response(
    row: response::Model,
    kind: Option<OccasionKind>,
    sha256: Option<[u8; 32]>,
    by: Option<String>,
) -> Result<MyResponse, StoreError> {
    let unreadable = || StoreError::Unreadable { table: "responses" };
    if !convert::is_device_time(&row.device_finished_at) {
        return Err(unreadable());
    }
    Ok(MyResponse {
        id: row.id,
        occasion: kind.ok_or_else(unreadable)?,
        edition: EditionRef {
            instrument: row.instrument,
            edition: row.edition,
        },
        language: row.language,
        mode: Mode::parse(&row.mode).ok_or_else(unreadable)?,
        finished_at: convert::device_time(&row.device_finished_at),
        answers: from_json("responses", &row.answers)?,
        // What came in as a file of a whole programme was never delivered by a device: it has no receipt.
        receipt: sha256
            .map(|h| code::receipt(row.id, &h))
            .unwrap_or_default(),
        by,
    })
}

async fn seen_by<C: ConnectionTrait>(
    db: &C,
    person: Uuid,
    damage: &mut Damage,
) -> Result<Vec<Seen>, StoreError> {
    let rows = audit_row::Entity::find()
        .filter(audit_row::Column::PersonId.eq(person))
        .filter(audit_row::Column::Action.is_in(SEEN.map(Deed::as_str)))
        .order_by_desc(audit_row::Column::At)
        .order_by_desc(audit_row::Column::Id)
        .limit(SEEN_LINES)
        .readable(db, "audit", damage, |_| person)
        .await?;
    Ok(rows
        .into_iter()
        .map(|r| Seen {
            at: r.at,
            role: r.role,
            what: r.action,
        })
        .collect())
}

/// The acts that a person is told of.
const SEEN: [Deed; 12] = [
    Deed::Answers,
    Deed::Person,
    Deed::Invitation,
    Deed::MineOpened,
    Deed::DeviceKnown,
    Deed::DeviceEnded,
    Deed::PinChosen,
    Deed::WaysEnded,
    Deed::ErasureAsked,
    Deed::ErasureTakenBack,
    Deed::ErasureRequested,
    Deed::ErasureRequestTakenBack,
];
