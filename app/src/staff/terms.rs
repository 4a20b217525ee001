//! Codes in plain words: problems, reasons, states, roles. A code that this version does not know gets a general sentence, never the
//! code itself, and the server's `detail` is never shown.

mod journal;

pub use journal::{entry_kind, outcome, outcome_class, reason};

use bedring_contract::followup::CallOutcome;
use bedring_contract::problem::Code;
use bedring_contract::staff::Role;
use bedring_domain::course::{MissedReason, Mode, OccasionKind, OccasionState, RespondentType};

use super::words::Lang;
use crate::api::ApiFailure;

/// What went wrong and what to do, as one sentence or two.
#[must_use]
pub fn trouble(lang: Lang, failure: &ApiFailure) -> &'static str {
    match failure {
        ApiFailure::Offline => lang.pick(
            "Der er ingen forbindelse til serveren. Se, om computeren er på nettet, og prøv igen.",
            "There is no connection to the server. Check that the computer is online and try again.",
        ),
        ApiFailure::Timeout => lang.pick(
            "Serveren svarede ikke i tide. Vent et øjeblik, og prøv igen.",
            "The server did not answer in time. Wait a moment and try again.",
        ),
        ApiFailure::Garbled => lang.pick(
            "Noget andet end Bedring svarede. Måske kræver netværket, at du logger på det først. Prøv igen bagefter.",
            "Something other than Bedring answered. Perhaps the network wants you to log in to it first. Try again afterwards.",
        ),
        ApiFailure::Problem(problem) => problem_words(lang, problem.code),
    }
}

/// Whether the server will say the same however often it is asked: then trying again is not offered.
#[must_use]
pub fn is_final(failure: &ApiFailure) -> bool {
    let ApiFailure::Problem(problem) = failure else {
        return false;
    };
    matches!(
        problem.code,
        Code::AccessDenied | Code::NotFound | Code::PersonErased
    )
}

fn problem_words(lang: Lang, code: Code) -> &'static str {
    match code {
        Code::AuthFailed => lang.pick(
            "E-mail og adgangskode passer ikke sammen. Prøv igen, eller bed en administrator om hjælp.",
            "E-mail and password do not fit. Try again or ask an administrator.",
        ),
        Code::AuthMissing
        | Code::AuthSessionEnded
        | Code::AuthSecretUnknown
        | Code::AuthSecretExpired
        | Code::AuthSecretEnded => {
            lang.pick("Du er logget ud. Log ind igen.", "You are logged out. Log in again.")
        }
        Code::AuthCrossSite => lang.pick(
            "Serveren afviste forespørgslen af sikkerhedsgrunde. Genindlæs siden, og prøv igen.",
            "The server refused the request for safety. Load the page again and try once more.",
        ),
        Code::AccessDenied | Code::DeviceUnknown | Code::DevicePinWrong | Code::DevicePinBlocked => lang.pick(
            "Det har din rolle ikke adgang til. Spørg en administrator, hvis du skal bruge det.",
            "Your role has no access to this. Ask an administrator if you need it.",
        ),
        Code::NotFound | Code::CodeUnknown => lang.pick(
            "Det findes ikke, eller du har ikke adgang til det.",
            "It does not exist, or you have no access to it.",
        ),
        Code::Conflict => lang.pick(
            "Det passer ikke sammen med noget, der findes i forvejen. Genindlæs siden for at se det nyeste.",
            "It does not fit with something that exists already. Load the page again to see the latest.",
        ),
        Code::PersonUnwilling => lang.pick(
            "Personen har sagt nej eller sagt stop og skal ikke spørges igen. Åbn personens side for at læse, hvordan personen kan se eller slette sine svar.",
            "The person said no or said stop and is not to be asked again. Open the person's page to read how the person can see or erase the answers.",
        ),
        Code::PersonErased => lang.pick(
            "Alt om personen er slettet.",
            "Everything about the person has been erased.",
        ),
        Code::ChangedMeanwhile => lang.pick(
            "En anden har ændret det imens. Se, hvad der står nu, og gem igen, hvis det stadig skal ændres.",
            "Somebody else changed it meanwhile. See what it says now, and save again if it is still to be changed.",
        ),
        Code::RequestDoneBefore => lang.pick(
            "Det blev gemt første gang. Genindlæs siden for at se det.",
            "It was saved the first time. Load the page again to see it.",
        ),
        Code::RequestKeyReused => lang.pick(
            "Det kunne ikke sendes igen. Genindlæs siden, og se, om det er gemt, før du prøver igen.",
            "It could not be sent again. Load the page again and see whether it was saved before you try again.",
        ),
        Code::PersonDiscarded => lang.pick(
            "Personen er kasseret, fordi oprettelsen var en fejl. Fortryd det på personens side, hvis den skal bruges alligevel.",
            "The person was discarded, because the registration was a mistake. Take that back on the person's page if it is needed after all.",
        ),
        Code::PersonHasAnswers => lang.pick(
            "Personen har svaret, og svar må ikke gå tabt. Læg personen sammen med den rigtige i stedet.",
            "The person has answered, and answers must not be lost. Merge the person with the right one instead.",
        ),
        Code::ErasureOpen => lang.pick(
            "Der er allerede bedt om sletning, og det venter på en anden. Genindlæs siden for at se hvem.",
            "The erasure was asked for already, and waits for somebody else. Load the page again to see who asked.",
        ),
        Code::ErasureClosed => lang.pick(
            "Anmodningen venter ikke mere: den er taget tilbage, eller oprettelsen er kasseret eller lagt sammen med en anden. Intet er slettet.",
            "The request does not wait any more: it was taken back, or the registration was discarded or merged. Nothing was erased.",
        ),
        Code::ErasureSecondPerson => lang.pick(
            "En anden end den, der har bedt om sletningen, skal bekræfte den.",
            "Somebody else than whoever asked for the erasure has to confirm it.",
        ),
        Code::TooManyRequests => {
            lang.pick("Der har været for mange forsøg. Vent et par minutter, og prøv igen.", "There were too many tries. Wait a few minutes and try again.")
        }
        Code::Unavailable | Code::RequestTimeout => lang.pick(
            "Serveren har travlt eller er ved at starte igen. Prøv igen om et øjeblik.",
            "The server is busy or restarting. Try again in a moment.",
        ),
        Code::StorageFull => lang.pick(
            "Serveren kan ikke gemme mere lige nu. Sig det til den, der driver Bedring hos jer.",
            "The server cannot store anything more at the moment. Tell whoever runs Bedring for you.",
        ),
        Code::InputInvalid | Code::RequestTooLarge => {
            lang.pick("Noget af det skrevne kan ikke bruges. Ret det, og prøv igen.", "Some of the input cannot be used. Correct it and try again.")
        }
        Code::RequestMalformed | Code::RequestMediaType | Code::RouteUnknown | Code::RouteMethod => lang.pick(
            "Siden og serveren passer ikke sammen. Genindlæs siden for at få den nyeste udgave.",
            "The page and the server do not fit together. Load the page again to get the latest version.",
        ),
        Code::Internal => lang.pick(
            "Der skete en fejl på serveren. Prøv igen, og sig det til den, der driver Bedring, hvis den bliver ved.",
            "Something went wrong on the server. Try again, and tell whoever runs Bedring if it goes on.",
        ),
    }
}

/// What a person is in the project.
#[must_use]
pub const fn respondent_type(lang: Lang, value: Option<RespondentType>) -> &'static str {
    match value {
        Some(RespondentType::Participant) => lang.pick("Deltager", "Participant"),
        Some(RespondentType::VolunteerLivedExperience) => lang.pick(
            "Frivillig med brugererfaring",
            "Volunteer with lived experience",
        ),
        Some(RespondentType::Both) => lang.pick(
            "Både deltager og frivillig",
            "Both participant and volunteer",
        ),
        Some(RespondentType::VolunteerNoLivedExperience) => lang.pick(
            "Frivillig uden brugererfaring",
            "Volunteer without lived experience",
        ),
        Some(RespondentType::RatherNotSay) => {
            lang.pick("Vil helst ikke sige det", "Would rather not say")
        }
        None => lang.pick("Ikke oplyst", "Not stated"),
    }
}

/// Which measurement.
#[must_use]
pub const fn occasion_kind(lang: Lang, kind: OccasionKind) -> &'static str {
    match kind {
        OccasionKind::Intake => lang.pick("Førmåling", "Intake"),
        OccasionKind::Exit => lang.pick("Eftermåling", "Exit"),
        OccasionKind::FollowUp => lang.pick("Opfølgning", "Follow-up"),
    }
}

/// What became of a measurement, as the end of a sentence.
#[must_use]
pub const fn occasion_state(lang: Lang, state: OccasionState) -> &'static str {
    match state {
        OccasionState::Planned => lang.pick("planlagt", "planned"),
        OccasionState::Open => lang.pick("kan besvares", "open"),
        OccasionState::Due => lang.pick("skal besvares nu", "due"),
        OccasionState::Overdue => lang.pick("mangler", "overdue"),
        OccasionState::Completed => lang.pick("besvaret", "answered"),
        OccasionState::Declined => lang.pick("sagde nej", "said no"),
        OccasionState::Missed => lang.pick("blev ikke til noget", "missed"),
        OccasionState::Withdrawn => lang.pick("trukket tilbage", "withdrawn"),
    }
}

/// Why a measurement will never be made.
#[must_use]
pub const fn missed_reason(lang: Lang, reason: MissedReason) -> &'static str {
    match reason {
        MissedReason::StillEnrolled => lang.pick("Er stadig i forløb", "Still enrolled"),
        MissedReason::MovedToOtherOffer => {
            lang.pick("Gik videre til et andet tilbud", "Moved to another offer")
        }
        MissedReason::Declined => lang.pick(
            "Ville ikke svare denne gang",
            "Did not want to answer this time",
        ),
        MissedReason::StoppedContact => {
            lang.pick("Kunne ikke længere kontaktes", "Could no longer be reached")
        }
        MissedReason::EndCannotBeTold => lang.pick(
            "Ingen ved, hvornår forløbet sluttede",
            "Nobody knows when the course ended",
        ),
        MissedReason::Illness => lang.pick("Sygdom", "Illness"),
        MissedReason::Died => lang.pick("Er død", "Has died"),
        MissedReason::Other => lang.pick("Andet", "Something else"),
    }
}

/// All reasons as options of a choice, after the one that stands for none.
#[must_use]
pub fn missed_reasons(lang: Lang, none: &'static str) -> Vec<(&'static str, &'static str)> {
    let all = MissedReason::ALL.into_iter();
    std::iter::once(("", none))
        .chain(all.map(|r| (r.as_str(), missed_reason(lang, r))))
        .collect()
}

/// What became of a call.
#[must_use]
pub const fn call_outcome(lang: Lang, outcome: CallOutcome) -> &'static str {
    match outcome {
        CallOutcome::Reached => lang.pick("Vi talte sammen", "We spoke"),
        CallOutcome::NotReached => lang.pick("Ingen svarede", "Nobody answered"),
        CallOutcome::AgreedDate => lang.pick("Vi aftalte en dag", "We agreed on a day"),
        CallOutcome::Declined => lang.pick(
            "Personen vil ikke svare denne gang",
            "The person does not want to answer this time",
        ),
    }
}

/// The badge class of a state.
#[must_use]
pub const fn occasion_class(state: OccasionState) -> &'static str {
    match state {
        OccasionState::Planned => "state state-planned",
        OccasionState::Open | OccasionState::Due => "state state-open",
        OccasionState::Overdue => "state state-missed",
        OccasionState::Completed => "state state-completed",
        OccasionState::Declined => "state state-declined",
        OccasionState::Missed => "state state-missed",
        OccasionState::Withdrawn => "state state-withdrawn",
    }
}

/// How a response came about.
#[must_use]
pub const fn mode(lang: Lang, mode: Mode) -> &'static str {
    match mode {
        Mode::OwnDevice => lang.pick("Egen telefon eller computer", "Own phone or computer"),
        Mode::SharedDevice => lang.pick("Projektets tablet", "The project's tablet"),
        Mode::WithHelp => lang.pick("Med hjælp", "With help"),
        Mode::Interview => lang.pick("Interview", "Interview"),
        Mode::Paper => lang.pick("På papir", "On paper"),
    }
}

/// What an account may do.
#[must_use]
pub const fn role(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Administrator => lang.pick("administrator", "administrator"),
        Role::Evaluator => lang.pick("evaluator", "evaluator"),
        Role::ProjectLeader => lang.pick("projektleder", "project leader"),
        Role::Helper => lang.pick("hjælper", "helper"),
    }
}

/// The status of a project in words and as a badge class.
#[must_use]
pub fn project_status(lang: Lang, status: &str) -> (&'static str, &'static str) {
    match status {
        "active" => (lang.pick("I gang", "Running"), "state state-open"),
        "exempt" => (
            lang.pick("Fritaget for måling", "Exempt from measuring"),
            "state state-planned",
        ),
        "withdrawn" => (
            lang.pick("Trukket ud", "Withdrawn"),
            "state state-withdrawn",
        ),
        _ => (
            lang.pick("Ukendt status", "Unknown status"),
            "state state-planned",
        ),
    }
}
