//! Reading rows one by one, so that a damaged one takes no list and no page down with it.
//!
//! A row that cannot be read as a whole is read column by column: what cannot be read is left empty, and the row is told apart. What stands
//! in a text (a kind, a decision, JSON) is read by whoever asked; they tell of it in the same [`Damage`].
//!
//! For what is shown. What decides or writes reads rows as a whole and stops where it cannot.

use std::collections::{BTreeMap, HashSet};

use sea_orm::sea_query::{ColumnType, Value};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult,
    IdenStatic, IntoActiveModel, Iterable, PrimaryKeyToColumn, QueryResult, QueryTrait, Select,
    StatementBuilder, TryGetable, TryGetableMany, TryIntoModel,
};
use uuid::Uuid;

use crate::StoreError;

/// What could not be read on the way to an answer: whom it is about, as far as that is known, and in which tables.
#[derive(Debug, Default, Clone)]
pub struct Damage {
    whom: HashSet<Uuid>,
    tables: BTreeMap<&'static str, u64>,
}

impl Damage {
    /// Something about this person, occasion or entry could not be read.
    pub fn note(&mut self, table: &'static str, whom: Uuid) {
        self.whom.insert(whom);
        self.unknown(table);
    }

    /// Something could not be read, and nobody knows whom it is about.
    pub fn unknown(&mut self, table: &'static str) {
        tracing::warn!(table, "a row cannot be read as it should");
        *self.tables.entry(table).or_default() += 1;
    }

    /// Takes a value out of a result; what cannot be read is told, everything else stops the reading.
    ///
    /// # Errors
    /// As given, but [`StoreError::Unreadable`].
    pub fn settle<T>(
        &mut self,
        whom: Uuid,
        result: Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(StoreError::Unreadable { table }) => {
                self.note(table, whom);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// With what could not be read elsewhere on the way to the same answer.
    pub fn add(&mut self, other: &Self) {
        self.whom.extend(other.whom.iter().copied());
        for (table, count) in &other.tables {
            *self.tables.entry(table).or_default() += count;
        }
    }

    /// Something about this one could not be read.
    #[must_use]
    pub fn is_about(&self, whom: Uuid) -> bool {
        self.whom.contains(&whom)
    }

    /// Something in this table could not be read.
    #[must_use]
    pub fn is_in(&self, table: &str) -> bool {
        self.tables.contains_key(table)
    }

    /// How many rows could not be read as they should.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.tables.values().sum()
    }

    /// How many in each table, for whoever looks after the database.
    #[must_use]
    pub const fn tables(&self) -> &BTreeMap<&'static str, u64> {
        &self.tables
    }
}

/// Rows of an entity, and whom a row of it is about.
pub trait Rows<E: EntityTrait> {
    /// All of them. What cannot be read of one is empty in it, and told under the id that `whom` takes from it; a row whose own key cannot
    /// be read is left out.
    ///
    /// # Errors
    /// As the database says.
    fn readable<C: ConnectionTrait>(
        self,
        db: &C,
        table: &'static str,
        damage: &mut Damage,
        whom: impl Fn(&E::Model) -> Uuid + Send,
    ) -> impl Future<Output = Result<Vec<E::Model>, StoreError>> + Send;
}

impl<E> Rows<E> for Select<E>
where
    E: EntityTrait,
    E::Model: FromQueryResult + IntoActiveModel<E::ActiveModel> + Send,
    E::ActiveModel: ActiveModelTrait<Entity = E> + TryIntoModel<E::Model>,
{
    async fn readable<C: ConnectionTrait>(
        self,
        db: &C,
        table: &'static str,
        damage: &mut Damage,
        whom: impl Fn(&E::Model) -> Uuid + Send,
    ) -> Result<Vec<E::Model>, StoreError> {
        let found = db.query_all(&self.into_query()).await?;
        let mut rows = Vec::with_capacity(found.len());
        for row in &found {
            match E::Model::from_query_result(row, "") {
                Ok(row) => rows.push(row),
                Err(_) => match salvage::<E>(row) {
                    Some(row) => {
                        damage.note(table, whom(&row));
                        rows.push(row);
                    }
                    None => damage.unknown(table),
                },
            }
        }
        Ok(rows)
    }
}

/// Rows of a query that has columns of its own; one that cannot be read is left out and told.
///
/// # Errors
/// As the database says.
pub async fn tuples<T: TryGetableMany, C: ConnectionTrait>(
    db: &C,
    query: &impl StatementBuilder,
    table: &'static str,
    damage: &mut Damage,
) -> Result<Vec<T>, StoreError> {
    let found = db.query_all(query).await?;
    let mut rows = Vec::with_capacity(found.len());
    for row in &found {
        match row.try_get_many_by_index() {
            Ok(row) => rows.push(row),
            Err(_) => damage.unknown(table),
        }
    }
    Ok(rows)
}

/// What can be read of a row; nothing if its key cannot.
fn salvage<E>(row: &QueryResult) -> Option<E::Model>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + TryIntoModel<E::Model>,
{
    let keys: Vec<String> = E::PrimaryKey::iter()
        .map(|key| key.into_column().as_str().to_owned())
        .collect();
    let mut model = <E::ActiveModel as ActiveModelTrait>::default();
    for column in E::Column::iter() {
        let name = column.as_str();
        let definition = column.def();
        let (value, whole) = read(
            row,
            name,
            definition.get_column_type(),
            definition.is_null(),
        );
        if !whole && keys.iter().any(|key| key == name) {
            return None;
        }
        model.try_set(column, value).ok()?;
    }
    model.try_into_model().ok()
}

/// The value of a column, or else nothing or the emptiest that the column takes; and which of the two.
fn read(row: &QueryResult, name: &str, kind: &ColumnType, nullable: bool) -> (Value, bool) {
    fn one<T>(row: &QueryResult, name: &str, nullable: bool, empty: T) -> (Value, bool)
    where
        T: TryGetable,
        Option<T>: Into<Value>,
    {
        let found: Result<Option<T>, DbErr> = row.try_get("", name);
        let (value, whole) = match found {
            Ok(Some(value)) => (Some(value), true),
            Ok(None) => (None, nullable),
            Err(_) => (None, false),
        };
        let value = if nullable {
            value
        } else {
            value.or(Some(empty))
        };
        (value.into(), whole)
    }
    match kind {
        ColumnType::Uuid => one(row, name, nullable, Uuid::nil()),
        ColumnType::Date => one(row, name, nullable, chrono::NaiveDate::default()),
        ColumnType::TimestampWithTimeZone | ColumnType::Timestamp => one(
            row,
            name,
            nullable,
            chrono::DateTime::<chrono::Utc>::UNIX_EPOCH,
        ),
        ColumnType::Boolean => one(row, name, nullable, false),
        ColumnType::TinyInteger | ColumnType::SmallInteger => one(row, name, nullable, 0_i16),
        ColumnType::Integer => one(row, name, nullable, 0_i32),
        ColumnType::BigInteger => one(row, name, nullable, 0_i64),
        ColumnType::Float => one(row, name, nullable, 0_f32),
        ColumnType::Double => one(row, name, nullable, 0_f64),
        ColumnType::Blob | ColumnType::Binary(_) | ColumnType::VarBinary(_) => {
            one(row, name, nullable, Vec::<u8>::new())
        }
        _ => one(row, name, nullable, String::new()),
    }
}
