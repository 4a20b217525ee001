//! The editions that were published here.

use bedring_contract::instrument::InstrumentLine;
use bedring_domain::instrument::{Definition, EditionRef};
use bedring_store::StoreError;
use bedring_store::entities::instrument_edition;
use bedring_store::plan::from_json;
use bedring_store::sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};

use crate::accounts::access::{Proof, SeeInstruments};

/// All editions, by instrument and edition.
///
/// # Errors
/// As the database says.
pub async fn instruments<C: ConnectionTrait>(
    _proof: &Proof<SeeInstruments>,
    db: &C,
) -> Result<Vec<InstrumentLine>, StoreError> {
    let rows = instrument_edition::Entity::find()
        .order_by_asc(instrument_edition::Column::Instrument)
        .order_by_asc(instrument_edition::Column::Edition)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let definition: Definition = from_json("instrument_editions", &row.definition)?;
            Ok(InstrumentLine {
                edition: EditionRef {
                    instrument: row.instrument,
                    edition: row.edition,
                },
                title: definition.title,
                kind: row.kind,
                derived: row.derived_from_instrument.is_some(),
                languages: definition.languages,
                sha256: row.sha256,
                imported_at: row.imported_at,
            })
        })
        .collect()
}
