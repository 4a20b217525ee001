//! Who logs in, and what they may do.
//!
//! `passwords` hashes, `log_in` decides, `sessions` remembers, `register` makes and ends accounts, `choices` keeps what each chose for itself. `access` turns a role into permission:
//! [`access::require`] gives a proof, and every rule that staff can reach takes one, so that a forgotten check does not compile.

pub mod access;
pub mod choices;
mod cookie;
mod known;
mod log_in;
pub mod passwords;
pub mod register;
mod routes;
pub mod sessions;

pub use cookie::{keep_session, member};
pub use routes::routes;

use bedring_contract::staff::Role;
use bedring_domain::address::typed_address;
use bedring_store::scope::ProjectScope;
use uuid::Uuid;

/// Somebody who is logged in. Handlers take it as an argument; without a session they are not called.
#[derive(Debug, Clone)]
pub struct Member {
    id: Uuid,
    email: String,
    role: Role,
    projects: Vec<Uuid>,
}

impl Member {
    /// The account.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// What it may do.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The projects it may see.
    #[must_use]
    pub fn scope(&self) -> ProjectScope {
        match self.role {
            Role::Administrator | Role::Evaluator => ProjectScope::All,
            Role::ProjectLeader | Role::Helper => ProjectScope::Only(self.projects.clone()),
        }
    }
}

impl From<Member> for bedring_contract::staff::Account {
    fn from(member: Member) -> Self {
        Self {
            id: member.id,
            email: member.email,
            role: member.role,
            projects: member.projects,
        }
    }
}

/// An address as accounts are found by it.
#[must_use]
pub fn canonical_email(typed: &str) -> String {
    typed_address(typed)
        .unwrap_or_else(|| typed.trim().to_owned())
        .to_lowercase()
}
