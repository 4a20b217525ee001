//! Editions of instruments and of letters, kept in memory: they never change once published, every response needs one of an
//! instrument, and every yes one of a letter.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use bedring_domain::instrument::{Definition, EditionRef};
use bedring_store::StoreError;
use bedring_store::entities::{instrument_edition as row, letter, project};
use bedring_store::plan::from_json;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

/// A published edition and the editions of instruments that are derived from its answers.
#[derive(Debug)]
pub struct Edition {
    /// Its definition.
    pub definition: Definition,
    /// Scored from the same answers.
    pub derived: Vec<Definition>,
}

/// All editions that somebody asked for so far.
#[derive(Debug, Default)]
pub struct Editions {
    known: RwLock<HashMap<EditionRef, Arc<Edition>>>,
    /// Letters that are known to be published, by a project of their programme.
    letters: RwLock<HashSet<(Uuid, String)>>,
}

impl Editions {
    /// An edition, from memory or the database; `None` if it was never published here.
    ///
    /// # Errors
    /// As the database says.
    pub async fn get<C: ConnectionTrait>(
        &self,
        db: &C,
        edition: &EditionRef,
    ) -> Result<Option<Arc<Edition>>, StoreError> {
        if let Some(found) = self
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(edition)
        {
            return Ok(Some(Arc::clone(found)));
        }
        let Some(found) = load(db, edition).await? else {
            return Ok(None);
        };
        let found = Arc::new(found);
        self.known
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(edition.clone(), Arc::clone(&found));
        Ok(Some(found))
    }

    /// Whether a letter was ever published for a project's programme. Only what was is remembered: the rest may still be published, and
    /// anybody can invent a name.
    ///
    /// # Errors
    /// As the database says.
    pub async fn has_letter<C: ConnectionTrait>(
        &self,
        db: &C,
        letter: &(Uuid, String),
    ) -> Result<bool, StoreError> {
        if self
            .letters
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(letter)
        {
            return Ok(true);
        }
        let published = letter_published(db, letter).await?;
        if published {
            self.letters
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(letter.clone());
        }
        Ok(published)
    }

    /// Forgets what is in memory: another edition was published, which may be derived from a known one.
    pub fn forget(&self) {
        self.known
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

async fn letter_published<C: ConnectionTrait>(
    db: &C,
    (project, edition): &(Uuid, String),
) -> Result<bool, StoreError> {
    let programme = project::Entity::find_by_id(*project)
        .select_only()
        .column(project::Column::ProgrammeId)
        .into_query();
    let published = letter::Entity::find()
        .filter(letter::Column::ProgrammeId.in_subquery(programme))
        .filter(letter::Column::Edition.eq(edition))
        .count(db)
        .await?;
    Ok(published > 0)
}

async fn load<C: ConnectionTrait>(
    db: &C,
    edition: &EditionRef,
) -> Result<Option<Edition>, StoreError> {
    let key = (edition.instrument.clone(), edition.edition.clone());
    let Some(found) = row::Entity::find_by_id(key).one(db).await? else {
        return Ok(None);
    };
    let derived = row::Entity::find()
        .filter(row::Column::DerivedFromInstrument.eq(&edition.instrument))
        .filter(row::Column::DerivedFromEdition.eq(&edition.edition))
        .all(db)
        .await?;
    let definition = |json: &str| from_json::<Definition>("instrument_editions", json);
    Ok(Some(Edition {
        definition: definition(&found.definition)?,
        derived: derived
            .iter()
            .map(|d| definition(&d.definition))
            .collect::<Result<_, _>>()?,
    }))
}
