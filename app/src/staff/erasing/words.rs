//! What a person's page says about erasing everything: asking for it, and answering as the second one. Danish first and English beside it.

use bedring_contract::course::Happening;
use bedring_contract::erasure::{ErasureBecame, ErasureReason};

use crate::staff::words::{Lang, fill, words};

words! {
    title: "Slet alt om personen", "Erase everything about the person";
    lead: "Har personen bedt om at blive slettet og kan ikke gøre det selv? Så bed om det her. Der sker ikke noget, før en anden har bekræftet det.",
          "Has the person asked to be erased, and cannot do it alone? Then ask for it here. Nothing happens until somebody else has confirmed it.";
    ask: "Bed om sletning", "Ask for erasure";
    ask_title: "Bed om at få alt om {code} slettet", "Ask for everything about {code} to be erased";
    ask_text: "En projektleder eller en administrator skal bekræfte det, og det må ikke være dig. Personen kan se, at der er bedt om det.",
              "A project leader or an administrator has to confirm it, and not you. The person can see that it was asked for.";
    ask_why: "Hvorfor?", "Why?";
    ask_note: "Besked til den, der skal bekræfte", "Message to whoever confirms";
    ask_note_hint: "Højst 300 tegn. Skriv ikke om helbred. Beskeden forsvinder, når der er svaret.",
                   "At most 300 letters. Do not write about health. The message is gone when there is an answer.";
    ask_note_required: "Skriv, hvad grunden er.", "Write what the reason is.";
    ask_note_long: "Beskeden må højst være på 300 tegn.", "The message can have at most 300 letters.";
    asked: "Der er bedt om sletning. En anden skal nu bekræfte det.", "The erasure is asked for. Somebody else has to confirm it now.";

    why_person_asked: "Personen har selv bedt om det", "The person asked for it";
    why_representative_asked: "En, der må tale for personen, har bedt om det", "Somebody who may speak for the person asked for it";
    why_wrongly_held: "Oplysningerne skulle aldrig have været her", "It should never have been held";
    why_not_needed: "Oplysningerne skal ikke bruges mere", "It is not needed any more";
    why_other: "En anden grund, som beskeden fortæller", "Another reason, which the message tells";
    why_unknown: "En grund, som ikke kan læses", "A reason that cannot be read";

    waits_title: "Der er bedt om at få alt slettet", "It was asked that everything be erased";
    waits: "{who} bad om det {when}. Grund: {why}.", "{who} asked for it {when}. Reason: {why}.";
    note: "Besked: {note}", "Message: {note}";
    waits_for_other: "En projektleder eller en administrator skal bekræfte det, og det må ikke være den, der har bedt om det.",
                     "A project leader or an administrator has to confirm it, and not whoever asked for it.";
    answer: "Se og bekræft", "See and confirm";
    take_back: "Tag det tilbage", "Take it back";
    taken_back: "Anmodningen er taget tilbage. Intet er slettet.", "The request is taken back. Nothing was erased.";

    confirm_title: "Slet alt om {code}?", "Erase everything about {code}?";
    goes: "Det her forsvinder:", "This will be gone:";
    goes_one: "1 besvarelse med scorer", "1 response with scores";
    goes_responses: "{n} besvarelser med scorer", "{n} responses with scores";
    goes_contact: "navn, mailadresse og telefonnummer", "name, address and telephone number";
    goes_apart: "det, der er lagt til side og venter ({n})", "what was kept apart and waits ({n})";
    goes_devices: "adgangen fra telefoner og computere ({n})", "access from phones and computers ({n})";
    goes_rest: "koder, påmindelser, opkald og det, I har skrevet om forløbet", "codes, reminders, calls, and what you wrote about the course";
    stays: "Tilbage bliver, at der var en person i projektet, hvad der blev sagt ja og nej til, og hvem der bad om sletningen og bekræftede den.",
           "What stays is that there was a person in the project, what was said yes and no to, and who asked for the erasure and confirmed it.";
    sure: "Jeg har læst grunden, og alt skal slettes. Det kan ikke fortrydes.", "I have read the reason, and everything is to be erased. It cannot be undone.";
    not_sure: "Sæt kryds, før du sletter.", "Tick the box before you erase.";
    confirm: "Slet alt", "Erase everything";

    // The worklist
    list_title: "Skal slettes", "To be erased";
    list_text: "Der er bedt om at få alt om dem her slettet. Det sker først, når en anden end den, der bad om det, bekræfter.",
               "It was asked that everything about these people be erased. It happens only when somebody else than whoever asked confirms it.";
    list_caption: "Anmodninger om sletning, de ældste først", "Requests to erase, the oldest first";
    list_asked: "Bedt om", "Asked";
    list_by: "Af", "By";
    list_why: "Grund", "Reason";
    list_waits: "Venter på en anden", "Waits for somebody else";
    about: "om {code}", "about {code}";

    // The history
    h_asked: "Bad om at få alt slettet: {why}.", "Asked for everything to be erased: {why}.";
    h_erased: "Bekræftede, og alt blev slettet.", "Confirmed it, and everything was erased.";
    h_taken_back: "Anmodningen om sletning blev taget tilbage.", "The request to erase was taken back.";
    h_by_person: "Personen slettede selv alt. Anmodningen bortfaldt.", "The person erased everything alone. The request ended.";
    h_discarded: "Anmodningen om sletning bortfaldt, fordi oprettelsen blev kasseret.", "The request to erase ended, because the registration was discarded.";
    h_merged: "Anmodningen om sletning bortfaldt, fordi oprettelsen blev lagt sammen med en anden.",
              "The request to erase ended, because the registration was merged with another one.";
    h_ended: "Anmodningen om sletning venter ikke mere.", "The request to erase does not wait any more.";
}

/// Why somebody is to be erased.
#[must_use]
pub fn why(lang: Lang, why: Option<ErasureReason>) -> &'static str {
    let w = Words::of(lang);
    match why {
        Some(ErasureReason::PersonAsked) => w.why_person_asked,
        Some(ErasureReason::RepresentativeAsked) => w.why_representative_asked,
        Some(ErasureReason::WronglyHeld) => w.why_wrongly_held,
        Some(ErasureReason::NotNeeded) => w.why_not_needed,
        Some(ErasureReason::Other) => w.why_other,
        None => w.why_unknown,
    }
}

/// What happened to a request, as a sentence of the history; nothing for what is not about one.
#[must_use]
pub fn sentence(lang: Lang, what: &Happening) -> Option<String> {
    let w = Words::of(lang);
    let became = match what {
        Happening::ErasureRequested { why: reason } => {
            let reason = why(lang, *reason).to_lowercase();
            return Some(fill(w.h_asked, &[("why", &reason)]));
        }
        Happening::ErasureAnswered { became } => became,
        _ => return None,
    };
    let text = match became {
        Some(ErasureBecame::Erased) => w.h_erased,
        Some(ErasureBecame::TakenBack) => w.h_taken_back,
        Some(ErasureBecame::ByPerson) => w.h_by_person,
        Some(ErasureBecame::Discarded) => w.h_discarded,
        Some(ErasureBecame::Merged) => w.h_merged,
        None => w.h_ended,
    };
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places_to_fill() {
        crate::staff::words::assert_same_places(PAIRS);
    }

    #[test]
    fn what_became_of_a_request_is_told_whatever_it_was() {
        for lang in [Lang::Da, Lang::En] {
            let mut told: Vec<_> = [
                "erased",
                "taken_back",
                "by_person",
                "discarded",
                "merged",
                "?",
            ]
            .map(|name| Happening::ErasureAnswered {
                became: ErasureBecame::parse(name),
            })
            .iter()
            .filter_map(|what| sentence(lang, what))
            .collect();
            told.sort();
            told.dedup();
            assert_eq!(told.len(), 6);
            assert_eq!(sentence(lang, &Happening::Registered), None);
        }
        let asked = Happening::ErasureRequested {
            why: Some(ErasureReason::PersonAsked),
        };
        assert_eq!(
            sentence(Lang::Da, &asked).as_deref(),
            Some("Bad om at få alt slettet: personen har selv bedt om det.")
        );
    }
}
