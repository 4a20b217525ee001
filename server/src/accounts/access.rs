//! What each role may do, as values.
//!
//! An action is a type. `require(&member, SeePerson)` gives a `Proof<SeePerson>` or refuses; the rule behind the route takes that proof
//! and finds its rows through the proof's projects. So there is no way to call a rule without having asked, and what lies outside the
//! projects does not exist for whoever asks: it is `not_found`, never `access.denied`.

use std::marker::PhantomData;

use bedring_contract::problem::Code;
use bedring_contract::staff::Role::{self, Administrator, Evaluator, Helper, ProjectLeader};
use bedring_store::scope::ProjectScope;
use uuid::Uuid;

use super::Member;
use crate::error::ApiError;

/// Something that roles may or may not do.
pub trait Action {
    /// The roles that may.
    const ROLES: &'static [Role];
}

macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $name:ident: $($role:ident)|+;)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, Copy)]
            pub struct $name;

            impl Action for $name {
                const ROLES: &'static [Role] = &[$($role),+];
            }
        )+
    };
}

actions! {
    /// Programmes, projects, and how many people are where.
    SeeProgrammes: Administrator | Evaluator | ProjectLeader | Helper;
    /// The people of a project, with states.
    ListPersons: Administrator | Evaluator | ProjectLeader | Helper;
    /// One person; scores by further rules.
    SeePerson: Administrator | Evaluator | ProjectLeader | Helper;
    /// Make a new person.
    RegisterPerson: Administrator | ProjectLeader | Helper;
    /// Make a person's way in.
    InvitePerson: Administrator | ProjectLeader | Helper;
    /// Write down or remove a person's telephone number.
    ChangePhone: Administrator | ProjectLeader | Helper;
    /// Correct what is known of a person: code, name, address, role, first day, language.
    CorrectPerson: Administrator | ProjectLeader | Helper;
    /// Say that a person belongs to another project. Both must be among one's own.
    MovePerson: Administrator | ProjectLeader;
    /// Discard a person who was registered by mistake, or take that back.
    DiscardPerson: Administrator | ProjectLeader;
    /// Say that two registrations are one person.
    MergePersons: Administrator | ProjectLeader;
    /// Ask that everything about a person be erased, and take back what one asked for oneself.
    AskErasure: Administrator | ProjectLeader | Helper;
    /// Answer, as the second of two, somebody else's request to erase a person.
    ConfirmErasure: Administrator | ProjectLeader;
    /// Say when a course ended.
    EndCourse: Administrator | ProjectLeader | Helper;
    /// Say which of two responses counts.
    ChooseResponse: Administrator | Evaluator | ProjectLeader;
    /// What is kept apart, without content.
    SeeQuarantine: Administrator | Evaluator | ProjectLeader | Helper;
    /// Try again or set aside what is kept apart.
    ResolveQuarantine: Administrator | ProjectLeader;
    /// What became of an entry.
    LookUpReceipt: Administrator | Evaluator | ProjectLeader | Helper;
    /// The editions that were published.
    SeeInstruments: Administrator | Evaluator | ProjectLeader | Helper;
    /// What somebody has to do: due, overdue, open ends, calls; with names.
    SeeWorklist: Administrator | ProjectLeader | Helper;
    /// Say why an occasion will never be made, or take that back.
    GiveReason: Administrator | ProjectLeader | Helper;
    /// Say what is known of the end of a course.
    AnswerEnd: Administrator | ProjectLeader | Helper;
    /// Take a call, and say what became of it.
    MakeCall: Administrator | ProjectLeader | Helper;
    /// What happens next about a person, and what was done and said.
    SeeCourse: Administrator | ProjectLeader | Helper;
    /// Say that nobody is to be reminded for a while, or take that back.
    PauseReminders: Administrator | ProjectLeader | Helper;
    /// Write down whom a person named to be reminded instead, or remove them.
    NameContact: Administrator | ProjectLeader | Helper;
    /// What became of a project's measurements, in numbers.
    SeeBoard: Administrator | Evaluator | ProjectLeader | Helper;
    /// The plan of a programme.
    SeePlan: Administrator | Evaluator | ProjectLeader;
    /// Try out and save another plan.
    EditPlan: Administrator;
    /// Say whether a project takes part.
    SetTakingPart: Administrator;
    /// Have a calendar of one's own, with numbers only.
    KeepCalendar: ProjectLeader | Helper;
    /// Say in which language one wants mails, and whether one wants the weekly one.
    KeepChoices: Administrator | Evaluator | ProjectLeader | Helper;
    /// How sending and jobs go.
    SeeOperations: Administrator;
    /// Write entries about people: what was said aloud or on paper.
    WriteJournal: ProjectLeader | Helper;
}

/// That somebody may do something, and for which projects. Made by [`require`] and [`operator`] only.
#[derive(Debug, Clone)]
pub struct Proof<A> {
    account: Option<Uuid>,
    role: Option<Role>,
    scope: ProjectScope,
    action: PhantomData<A>,
}

/// Asks for permission.
///
/// # Errors
/// `access.denied` if the role may not.
pub fn require<A: Action>(member: &Member, _action: A) -> Result<Proof<A>, ApiError> {
    if !A::ROLES.contains(&member.role()) {
        return Err(ApiError::new(Code::AccessDenied));
    }
    Ok(Proof {
        account: Some(member.id()),
        role: Some(member.role()),
        scope: member.scope(),
        action: PhantomData,
    })
}

/// Permission of whoever sits at the server itself. For the command line: nothing that comes in through HTTP may call it.
#[must_use]
pub fn operator<A: Action>(_action: A) -> Proof<A> {
    Proof {
        account: None,
        role: None,
        scope: ProjectScope::All,
        action: PhantomData,
    }
}

impl<A> Proof<A> {
    /// The projects it is for.
    #[must_use]
    pub fn scope(&self) -> &ProjectScope {
        &self.scope
    }

    /// Who asked; `None` is whoever sits at the server.
    #[must_use]
    pub fn account(&self) -> Option<Uuid> {
        self.account
    }

    /// What the record of who did what calls them.
    #[must_use]
    pub fn role_name(&self) -> &'static str {
        self.role.map_or("operator", Role::as_str)
    }

    /// Names and addresses are shown. Evaluators work pseudonymously.
    #[must_use]
    pub fn sees_names(&self) -> bool {
        self.role != Some(Evaluator)
    }

    /// Which scores the role sees.
    #[must_use]
    pub fn scores(&self) -> ScoreAccess {
        match self.role {
            Some(Evaluator) => ScoreAccess::WhereUsable,
            Some(ProjectLeader) => ScoreAccess::WhereConsented,
            Some(Administrator | Helper) | None => ScoreAccess::Never,
        }
    }
}

/// The second of two accounts that together do what neither may do alone. Made by [`Proof::second_to`] only.
#[derive(Debug)]
pub struct SecondPerson {
    account: Uuid,
}

impl SecondPerson {
    /// The account.
    #[must_use]
    pub fn account(&self) -> Uuid {
        self.account
    }
}

impl Proof<ConfirmErasure> {
    /// As the second one beside the account that asked; `None` where it is the same one, or nobody who is logged in.
    #[must_use]
    pub fn second_to(&self, first: Uuid) -> Option<SecondPerson> {
        let account = self.account.filter(|account| *account != first)?;
        Some(SecondPerson { account })
    }
}

/// Whose scores a role sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScoreAccess {
    /// Nobody's.
    Never,
    /// Of everybody whose answers may be used.
    WhereUsable,
    /// Of those, only of people who said yes to this very thing.
    WhereConsented,
}
