//! A person's ways in and devices as staff see and end them. What opens a questionnaire is looked at here; who may read back is the person's.

use bedring_contract::device::WaysIn;
use uuid::Uuid;

use super::asked::to_be_corrected;
use super::{PeopleError, detail};
use crate::accounts::access::{InvitePerson, Proof, SeePerson};
use crate::audit::{self, About, Deed};
use crate::devices::ways::{self, Which};
use crate::state::Services;

/// The ways in and the devices of a person, and an erasure that waits.
///
/// # Errors
/// No such person within the proof's projects.
pub async fn seen(
    proof: &Proof<SeePerson>,
    services: &Services,
    id: Uuid,
) -> Result<WaysIn, PeopleError> {
    let db = services.db.read();
    detail::assert_there(proof, db, id).await?;
    Ok(ways::of_person(db, id, None).await?)
}

/// Ends one way in of a person, or all of them with the codes that nobody has typed yet. Nobody new comes in by them; a device that the
/// person made known goes on, for no staff decides about that. The person is told of it.
///
/// # Errors
/// No such person within the proof's projects, one who has erased everything, or no such way in.
pub async fn end(
    proof: &Proof<InvitePerson>,
    services: &Services,
    id: Uuid,
    one: Option<Uuid>,
) -> Result<(), PeopleError> {
    let (now, random) = (services.clock.now(), &*services.random);
    let tx = services.db.begin().await?;
    let person = to_be_corrected(proof, &*tx, id).await?;
    // No way in has an empty hash: all of them are ended.
    let which = one.map_or(Which::AllBut(&[]), Which::One);
    ways::end(&*tx, id, which, now).await?;
    let about = About {
        person: Some(id),
        project: Some(person.project_id),
        subject: one,
    };
    audit::record(&*tx, random, proof, Deed::WaysEnded, about, now).await?;
    tx.commit().await?;
    Ok(())
}
