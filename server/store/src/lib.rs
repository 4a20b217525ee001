//! The only place that knows tables: entities, scoped queries, connections and transactions.
//!
//! * [`db::Db`] connects, reads (`db.read()`) and writes (`let tx = db.begin().await?; …; tx.commit().await?`, one transaction a use case).
//! * [`entities`] are the rows. Every table that belongs to a project is read through a finder in [`scope`] that takes the projects one
//!   may see; an unscoped finder says so in its name.
//! * [`once`] does what somebody asked for once, however often they send it.
//! * [`convert`] turns rows into the domain's types.
//!
//! To add a table: a migration in `migrations/`, an entity file here, a finder in `scope` if it belongs to a project.

pub mod bounded;
pub mod convert;
pub mod db;
pub mod entities;
pub mod error;
pub mod once;
pub mod plan;
pub mod readable;
pub mod scope;
pub mod signs;
pub mod together;
mod write_tx;

pub use db::{Db, DbConfig};
pub use error::StoreError;
pub use sea_orm;
pub use write_tx::WriteTx;
