//! A phone that knows its person by a registration that was merged with another: it is answered in the names that it knows, and so goes on
//! with what it holds, drafts and all.

use std::collections::HashMap;

use bedring_contract::person::PersonBundle;
use bedring_store::StoreError;
use bedring_store::entities::{merged_occasion, merged_way};
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::journal::secret_hash;

/// The bundle as the phone behind a secret knows its person and their measurements.
///
/// # Errors
/// As the database says.
pub async fn renamed<C: ConnectionTrait>(
    db: &C,
    secret: &str,
    mut bundle: PersonBundle,
) -> Result<PersonBundle, StoreError> {
    let way = merged_way::Entity::find_by_id(secret_hash(secret).to_vec());
    let Some(way) = way.one(db).await? else {
        return Ok(bundle);
    };
    // Unscoped on purpose: rows of a person whose secret it is.
    let known: HashMap<Uuid, Uuid> = merged_occasion::Entity::find()
        .filter(merged_occasion::Column::PersonId.eq(way.person_id))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.into_id, row.id))
        .collect();
    bundle.person = way.person_id;
    for occasion in &mut bundle.occasions {
        if let Some(id) = known.get(&occasion.id) {
            occasion.id = *id;
        }
    }
    Ok(bundle)
}
