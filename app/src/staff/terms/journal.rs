//! The words for what phones sent: what it is, why it is kept apart, and what became of it.

use bedring_domain::journal::Reason;

use crate::staff::words::Lang;

/// Why something was kept apart, and what helps.
#[must_use]
pub fn reason(lang: Lang, code: &str) -> &'static str {
    let Some(reason) = Reason::parse(code) else {
        return lang.pick(
            "En grund, som denne udgave af siden ikke kender.",
            "A reason that this version of the page does not know.",
        );
    };
    match reason {
        Reason::ConsentMissing => lang.pick(
            "Samtykket er ikke kommet frem endnu. Svarene bliver brugt af sig selv, når det kommer.",
            "The consent has not arrived yet. The answers are used by themselves when it does.",
        ),
        Reason::EntryConflict => lang.pick(
            "Den samme besvarelse er kommet to gange med forskelligt indhold. Begge er gemt.",
            "The same entry came twice with different content. Both are kept.",
        ),
        Reason::EntryMalformed => lang.pick("Indholdet kan ikke læses.", "The content cannot be read."),
        Reason::EntryUnknownKind => lang.pick(
            "Den er skrevet af en nyere udgave af appen. Prøv igen, når serveren er opdateret.",
            "It was written by a newer version of the app. Try again when the server has been updated.",
        ),
        Reason::SealUnknownKey => lang.pick(
            "Den er låst med en nøgle, som serveren ikke har.",
            "It is sealed with a key that the server does not have.",
        ),
        Reason::SealBroken => lang.pick("Forseglingen kan ikke åbnes.", "The seal cannot be opened."),
        Reason::OccasionUnknown => lang.pick("Den hører til en måling, som ikke findes.", "It belongs to a measurement that does not exist."),
        Reason::OccasionOtherPerson => lang.pick("Den hører til en anden persons måling.", "It belongs to another person's measurement."),
        Reason::OccasionNotOpen => lang.pick(
            "Den er besvaret, før målingen åbnede. Svarene er gemt og tæller ikke med. Er det den rigtige måling, så tag den med.",
            "It was answered before the measurement opened. The answers are kept and do not count. If it is the right measurement, take it in.",
        ),
        Reason::InstrumentUnknownEdition => lang.pick(
            "Spørgeskemaets udgave findes ikke her. Prøv igen, når udgaven er lagt ind.",
            "The questionnaire's edition is not here. Try again when it has been imported.",
        ),
        Reason::InstrumentNotAsked => lang.pick("Målingen spørger ikke med det spørgeskema.", "The measurement does not ask that questionnaire."),
        Reason::InstrumentUnknownLanguage => lang.pick(
            "Spørgeskemaets udgave findes ikke på det sprog.",
            "The questionnaire's edition does not have that language.",
        ),
        Reason::LetterUnknownEdition => lang.pick(
            "Samtykket nævner et brev, som programmet aldrig har udgivet. Prøv igen, når brevet er lagt ind.",
            "The consent names a letter that the programme never published. Try again when the letter has been added.",
        ),
        Reason::AnswersInvalid => lang.pick(
            "Der er svar, som spørgeskemaets udgave ikke har.",
            "There are answers that the questionnaire's edition does not have.",
        ),
        Reason::ContactInvalid => lang.pick("E-mailadressen kan ikke bruges.", "The e-mail address cannot be used."),
        Reason::PersonErased => lang.pick("Alt om personen er slettet.", "Everything about the person has been erased."),
        Reason::PersonDiscarded => lang.pick(
            "Personens oprettelse er kasseret. Fortryd det på personens side, eller læg den sammen med den rigtige, og prøv så igen her.",
            "The person's registration was discarded. Take that back on the person's page, or merge it with the right one, and then try again here.",
        ),
        Reason::PersonUnknown => lang.pick(
            "Den er skrevet for en person, der ikke findes her.",
            "It was written for a person who is not found here.",
        ),
        Reason::ScreenByStaff | Reason::WitnessMissing | Reason::ErasureByStaff | Reason::EntryUnsigned | Reason::ResponseTooMany => {
            written_for(lang, reason)
        }
        Reason::HashMismatch => lang.pick("Den blev beskadiget undervejs.", "It was damaged on the way."),
        Reason::EntryTooLarge => lang.pick("Den er for stor.", "It is too large."),
        Reason::IdInvalid => lang.pick("Dens id kan ikke bruges.", "Its id cannot be used."),
        Reason::DayFull => lang.pick("Der er modtaget for meget i dag.", "Too much was received today."),
    }
}

/// Reasons that have to do with who wrote an entry.
fn written_for(lang: Lang, reason: Reason) -> &'static str {
    match reason {
        Reason::ScreenByStaff => lang.pick("Kun personen selv kan svare på sin skærm.", "Only the person can answer on their own screen."),
        Reason::WitnessMissing => lang.pick(
            "Der står ikke, hvem der hørte det eller har papiret.",
            "It does not say who heard it or holds the sheet.",
        ),
        Reason::ErasureByStaff => lang.pick("Personale kan ikke slette alene.", "Staff cannot erase alone."),
        Reason::EntryUnsigned => lang.pick(
            "Den kom i en redningsfil, og intet viser, at personens telefon skrev den. Prøver du igen, står du inde for den.",
            "It came in a rescue file, and nothing shows that the person's phone wrote it. If you try again, you vouch for it.",
        ),
        _ => lang.pick("Målingen er besvaret for mange gange.", "The measurement was answered too many times."),
    }
}

/// What a device wrote, by the entry's kind.
#[must_use]
pub fn entry_kind(lang: Lang, kind: Option<&str>) -> &'static str {
    match kind {
        Some("letter_read") => lang.pick("Brev læst", "Letter read"),
        Some("consent_given") => lang.pick("Ja til samtykke", "Yes to consent"),
        Some("consent_declined") => lang.pick("Nej til samtykke", "No to consent"),
        Some("consent_withdrawn") => lang.pick("Samtykke trukket tilbage", "Consent withdrawn"),
        Some("respondent_type_stated") => lang.pick("Rolle oplyst", "Role stated"),
        Some("contact_given") => lang.pick("E-mail oplyst", "E-mail given"),
        Some("contact_person_named") => lang.pick("Kontakt nævnt", "Contact named"),
        Some("contact_person_removed") => lang.pick("Kontakt taget tilbage", "Contact taken back"),
        Some("response_submitted") => lang.pick("Besvarelse", "Response"),
        _ => lang.pick("Kan ikke læses", "Cannot be read"),
    }
}

/// What became of an entry that somebody holds a receipt for.
#[must_use]
pub fn outcome(lang: Lang, outcome: &str) -> &'static str {
    match outcome {
        "stored" | "repeated" => lang.pick("Modtaget og i brug", "Received and in use"),
        "quarantined" => lang.pick(
            "Modtaget, ligger til afklaring",
            "Received, waiting to be settled",
        ),
        "conflict" => lang.pick(
            "Modtaget to gange med forskelligt indhold",
            "Received twice with different content",
        ),
        "gone" => lang.pick("Slettet igen", "Erased again"),
        _ => lang.pick("Ukendt", "Unknown"),
    }
}

/// The badge class that goes with an outcome.
#[must_use]
pub fn outcome_class(outcome: &str) -> &'static str {
    match outcome {
        "stored" | "repeated" => "state state-completed",
        "quarantined" | "conflict" => "state state-quarantined",
        _ => "state state-withdrawn",
    }
}
