//! What the screens say of what is kept apart. Danish first and English beside it.

use crate::staff::words::words;

words! {
    lead: "Her ligger det, som er modtaget, men ikke kan bruges endnu. Telefonerne har fået deres kvittering.",
          "This is what was received but cannot be used yet. The phones have got their receipts.";
    none: "Der er ikke noget til afklaring.", "There is nothing to settle.";
    none_of: "Der er ikke mere til afklaring her.", "There is nothing more to settle here.";
    unreadable: "{n} kan ikke læses og er ikke med på listen. Sig det til den, der driver serveren.",
                "{n} cannot be read and are not in the list. Tell whoever runs the server.";

    // Whose
    people: "Hvem det kommer fra, den der har ventet længst først", "Whose it is, whoever has waited longest first";
    shown_one: "1 til afklaring", "1 to settle";
    shown: "{n} til afklaring", "{n} to settle";
    unknown: "Ukendt afsender", "Unknown sender";
    count: "Antal", "How many";
    oldest: "Ældste", "Oldest";
    newest: "Nyeste", "Newest";
    reasons: "{n}: {reason}", "{n}: {reason}";

    // Of one
    of: "Til afklaring: {who}", "To be settled: {who}";
    to_person: "Se personen", "See the person";
    caption: "Til afklaring, ældst først", "To be settled, oldest first";
    filters: "Vis", "Show";
    all: "Alle", "All";
    retry: "Prøv igen", "Try again";
    accept: "Tag den med", "Take it in";
    dismiss: "Læg til side", "Set aside";
    retried: "{receipt} er nu taget i brug.", "{receipt} is now in use.";
    retry_same: "{receipt} kan stadig ikke bruges: {reason}", "{receipt} still cannot be used: {reason}";
    dismissed: "{receipt} er lagt til side, og indholdet er slettet.", "{receipt} is set aside and its content is deleted.";
    dismiss_title: "Læg {receipt} til side?", "Set {receipt} aside?";
    dismiss_text: "Det bliver ikke brugt til noget. Indholdet slettes for altid og kan ikke hentes frem igen.",
                  "It will not be used for anything. Its content is deleted for good and cannot be brought back.";
    dismiss_stays: "Kvitteringen kan stadig slås op. Der står, hvad det var, hvorfor det ikke kunne bruges, og hvornår det kom.",
                   "The receipt can still be looked up. It says what it was, why it could not be used and when it came.";
    dismiss_yes: "Ja, slet indholdet", "Yes, delete the content";

    // All of them
    retry_all: "Prøv alle igen", "Try all again";
    dismiss_all: "Læg alle til side", "Set all aside";
    all_title: "Læg {n} til side?", "Set {n} aside?";
    all_text: "De bliver ikke brugt til noget. Indholdet af dem alle slettes for altid og kan ikke hentes frem igen. Er der svar imellem, er de væk.",
              "They will not be used for anything. The content of all of them is deleted for good and cannot be brought back. Answers among them are gone.";
    all_stays: "Kvitteringerne kan stadig slås op. Det, der kommer efter nu, bliver ikke rørt.",
               "The receipts can still be looked up. What comes after now is left alone.";
    all_yes: "Ja, slet det hele", "Yes, delete all of it";
    progress: "Arbejder … {n} er klaret, {left} venter endnu.", "Working … {n} done, {left} still waiting.";
    all_dismissed: "{n} er lagt til side, og indholdet er slettet.", "{n} were set aside and their content is deleted.";
    all_retried: "{n} er nu taget i brug. {kept} kan stadig ikke bruges.", "{n} are now in use. {kept} still cannot be used.";
    half_way: "Det stoppede undervejs: {n} er klaret. Resten står her stadig.", "It stopped on the way: {n} were done. The rest is still here.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places_to_fill() {
        crate::staff::words::assert_same_places(PAIRS);
    }
}
