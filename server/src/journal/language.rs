//! The language follows the person: the last one in which they read or answered is that of their mails, of the pages behind these and of
//! the next questionnaire. As everything here it follows from the set of entries, never from their order.

use bedring_domain::journal::Event;
use bedring_store::StoreError;
use bedring_store::entities::{person, person_language};
use bedring_store::sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
};
use chrono::{DateTime, FixedOffset};
use uuid::Uuid;

use crate::mail::wording::Language;

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
    use person_language::Column;
    let (at, tag) = (spoken.at.to_utc(), spoken.language.tag());
    let row = person_language::ActiveModel {
        person_id: Set(person.id),
        language: Set(tag.to_owned()),
        said_at: Set(at),
        entry_id: Set(spoken.entry),
    };
    let same_moment = Column::SaidAt.eq(at).and(Column::EntryId.lt(spoken.entry));
    let older = Condition::any().add(Column::SaidAt.lt(at)).add(same_moment);
    let written = person_language::Entity::insert(row)
        .on_conflict(
            OnConflict::column(Column::PersonId)
                .update_columns([Column::Language, Column::SaidAt, Column::EntryId])
                .action_cond_where(older)
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    if written == 0 || person.language == tag {
        return Ok(());
    }
    person::Entity::update_many()
        .col_expr(person::Column::Language, Expr::value(tag))
        .filter(person::Column::Id.eq(person.id))
        .exec(tx)
        .await?;
    Ok(())
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
