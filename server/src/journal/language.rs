//! The language follows the person: the last one in which they read or answered is that of their mails, of the pages behind these and of
//! the next questionnaire. As everything here it follows from the set of entries, never from their order. What staff set has a moment,
//! too, and of both the later holds.

use bedring_domain::journal::Event;
use bedring_store::StoreError;
use bedring_store::entities::{person, person_language};
use bedring_store::sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
};
use chrono::{DateTime, FixedOffset, Utc};
use uuid::Uuid;

use crate::mail::wording::Language;
use crate::ports::{Random, uuid_v7};

/// What an entry says about the language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spoken {
    /// When, as far as the device's clock can be believed.
    pub at: DateTime<FixedOffset>,
    /// The entry.
    pub entry: Uuid,
    /// The language, one that mails and screens have.
    pub language: Language,
}

impl Spoken {
    /// Whether it was said after the other.
    pub fn is_later_than(&self, other: &Self) -> bool {
        (self.at, self.entry) > (other.at, other.entry)
    }
}

/// The language that an event was read or answered in. A questionnaire that exists in one language alone says nothing: nobody had a choice.
pub(super) fn spoken(event: &Event, languages_of_edition: usize) -> Option<Language> {
    let tag = match event {
        Event::LetterRead { language, .. } => language,
        Event::ConsentGiven(words) | Event::ConsentDeclined(words) => &words.language,
        Event::ResponseSubmitted(response) if languages_of_edition > 1 => &response.language,
        _ => return None,
    };
    Language::parse(tag)
}

/// Takes it in, unless the person has used another language since.
pub(super) async fn write<C: ConnectionTrait>(
    tx: &C,
    person: &person::Model,
    spoken: &Spoken,
) -> Result<(), StoreError> {
    let (at, tag) = (spoken.at.to_utc(), spoken.language.tag());
    let word = Word {
        language: tag.to_owned(),
        said_at: at,
        entry_id: spoken.entry,
    };
    if !last(tx, person.id, word).await? || person.language == tag {
        return Ok(());
    }
    person::Entity::update_many()
        .col_expr(person::Column::Language, Expr::value(tag))
        .filter(person::Column::Id.eq(person.id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Staff set a person's language: what the person used before gives way to it, and it gives way to what the person uses afterwards. The
/// caller writes the person's row.
///
/// # Errors
/// As the database says.
pub async fn corrected<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    person: Uuid,
    language: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let word = Word {
        language: language.to_owned(),
        said_at: now,
        // No entry says so; the id only tells which of two of one moment is the last.
        entry_id: uuid_v7(now, random),
    };
    last(tx, person, word).await?;
    Ok(())
}

/// Two registrations become one: the last language of either is that of the one that stays, if any was used or set. The caller writes the
/// person's row.
///
/// # Errors
/// As the database says.
pub async fn merged<C: ConnectionTrait>(
    tx: &C,
    kept: Uuid,
    other: Uuid,
) -> Result<Option<String>, StoreError> {
    let of = |id: Uuid| person_language::Entity::find_by_id(id).one(tx);
    if let Some(row) = of(other).await? {
        person_language::Entity::delete_by_id(other)
            .exec(tx)
            .await?;
        let word = Word {
            language: row.language,
            said_at: row.said_at,
            entry_id: row.entry_id,
        };
        last(tx, kept, word).await?;
    }
    Ok(of(kept).await?.map(|row| row.language))
}

/// Which language, when, and by what.
struct Word {
    language: String,
    said_at: DateTime<Utc>,
    entry_id: Uuid,
}

/// Keeps a word about a person's language, if it is the last. Says whether it is.
async fn last<C: ConnectionTrait>(tx: &C, person: Uuid, word: Word) -> Result<bool, StoreError> {
    use person_language::Column;
    let same_moment = Column::SaidAt
        .eq(word.said_at)
        .and(Column::EntryId.lt(word.entry_id));
    let older = Condition::any()
        .add(Column::SaidAt.lt(word.said_at))
        .add(same_moment);
    let row = person_language::ActiveModel {
        person_id: Set(person),
        language: Set(word.language),
        said_at: Set(word.said_at),
        entry_id: Set(word.entry_id),
    };
    let written = person_language::Entity::insert(row)
        .on_conflict(
            OnConflict::column(Column::PersonId)
                .update_columns([Column::Language, Column::SaidAt, Column::EntryId])
                .action_cond_where(older)
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(written > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_languages_that_there_are_count() {
        let read = |language: &str| Event::LetterRead {
            letter: "1".to_owned(),
            language: language.to_owned(),
        };
        assert_eq!(spoken(&read("en"), 0), Some(Language::English));
        assert_eq!(spoken(&read("da"), 0), Some(Language::Danish));
        for other in ["", "EN", "enx", "de", "\u{0}"] {
            assert_eq!(spoken(&read(other), 2), None, "{other:?}");
        }
    }
}
