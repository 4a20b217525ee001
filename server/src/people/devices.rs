//! A device of a person that staff end: a phone that was lost or stolen reads back nothing any more.

use uuid::Uuid;

use super::PeopleError;
use super::asked::to_be_corrected;
use crate::accounts::access::{InvitePerson, Proof};
use crate::audit::{self, About, Deed};
use crate::devices::ways;
use crate::state::Services;

/// Ends a device: it shows, and erases, nothing of before any more, and the PIN does not make it known again. What was finished on it and
/// not sent is still taken in, through the way in by which it came. The person is told.
///
/// # Errors
/// No such person within the proof's projects, one who has erased everything, or no such device of theirs.
pub async fn end(
    proof: &Proof<InvitePerson>,
    services: &Services,
    (id, device): (Uuid, Uuid),
) -> Result<(), PeopleError> {
    let (now, random) = (services.clock.now(), &*services.random);
    let tx = services.db.begin().await?;
    let person = to_be_corrected(proof, &*tx, id).await?;
    if !ways::device_ended(&*tx, id, device, now).await? {
        return Ok(());
    }
    let about = About {
        person: Some(id),
        project: Some(person.project_id),
        subject: Some(device),
    };
    audit::record(&*tx, random, proof, Deed::DeviceEnded, about, now).await?;
    Ok(tx.commit().await?)
}
