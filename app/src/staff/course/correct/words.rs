//! What is said where something about a person is put right. Danish first and English beside it.

use crate::staff::words::words;

words! {
    // Facts
    facts_button: "Ret oplysninger", "Correct the facts";
    facts_title: "Ret oplysninger om {code}", "Correct the facts of {code}";
    facts_save: "Gem rettelsen", "Save the correction";
    facts_saved: "Oplysningerne er rettet.", "The facts are corrected.";
    facts_nothing: "Der er ikke ændret noget.", "Nothing was changed.";
    start_hint: "Målinger, der ikke er besvaret, får nye dage ud fra startdatoen.",
                "Measurements that are not answered get new days from the start.";
    start_after_end: "Startdatoen kan ikke ligge efter sidste dag i forløbet.", "The start cannot be after the last day of the course.";
    language: "Sprog i mails og på personens sider", "Language of mails and of the person's pages";
    danish: "Dansk", "Danish";
    english: "Engelsk", "English";
    nothing: "ingenting", "nothing";
    meanwhile: "En anden har rettet det her imens. Nu står der: {now}. Du har skrevet: {typed}. Gem igen, hvis dit skal gælde.",
               "Somebody else has corrected this meanwhile. It now says: {now}. You wrote: {typed}. Save again if yours is to hold.";

    // Mistakes
    wrong_title: "Er noget oprettet forkert?", "Was something registered wrongly?";
    move_button: "Flyt til et andet projekt", "Move to another project";
    move_title: "Flyt {code} til et andet projekt", "Move {code} to another project";
    move_text: "Svar, samtykker, links og historik følger med. Ringeopgaver bliver givet fri.",
               "Answers, consents, links and history go along. Calls are given back.";
    move_to: "Projekt", "Project";
    move_choose: "Vælg projekt", "Choose a project";
    move_code: "Ny kode", "New code";
    move_code_hint: "Kun nødvendig, hvis koden er i brug i det andet projekt.", "Needed only if the code is in use in the other project.";
    move_save: "Flyt", "Move";
    move_saved: "Personen er flyttet.", "The person has been moved.";
    move_unknown: "Vælg et projekt, som du har adgang til.", "Choose a project to which you have access.";
    move_other: "Projektet hører til en anden pulje med et andet brev og en anden plan. Kassér oprettelsen, og opret personen der.",
                "The project belongs to another programme with another letter and plan. Discard this registration and register the person there.";
    discard_button: "Kassér oprettelsen", "Discard the registration";
    discard_title: "Kassér oprettelsen af {code}", "Discard the registration of {code}";
    discard_text: "Personen bliver ikke talt med, spurgt eller mindet om noget. Intet bliver slettet, og du kan fortryde.",
                  "The person is not counted, asked or reminded. Nothing is erased, and you can take it back.";
    discard_why: "Hvorfor?", "Why?";
    why_not_enrolled: "Personen begyndte aldrig", "The person never began";
    why_twice: "Personen er oprettet to gange", "The person is registered twice";
    why_trial: "Nogen prøvede systemet af", "Somebody tried the system out";
    why_mistake: "En anden fejl", "Another mistake";
    why_merged: "Lagt sammen med en anden oprettelse", "Merged with another registration";
    discard_save: "Kassér", "Discard";
    discard_saved: "Oprettelsen er kasseret.", "The registration has been discarded.";
    discarded: "Oprettelsen er kasseret {day}: {why}. Personen tæller ikke med og bliver ikke spurgt. Koden var {code}.",
               "The registration was discarded on {day}: {why}. The person does not count and is not asked. The code was {code}.";
    merged_link: "Gå til den oprettelse, der gælder", "Go to the registration that holds";
    restore: "Fortryd, og tag personen med igen", "Take it back and count the person again";
    restored: "Personen er med igen.", "The person is counted again.";
    merge_button: "Læg sammen med en anden oprettelse", "Merge with another registration";
    merge_title: "Er {code} oprettet to gange?", "Is {code} registered twice?";
    merge_text: "{code} bliver stående. Den anden oprettelses svar, samtykker og links flytter hertil, og dens telefon virker stadig.",
                "{code} stays. The answers, consents and links of the other one come here, and its phone goes on working.";
    merge_code: "Koden på den anden oprettelse", "The code of the other registration";
    merge_code_hint: "Den skal være i samme projekt. Flyt den først, hvis den er i et andet.", "It has to be in the same project. Move it first if it is in another.";
    merge_unknown: "Der er ingen anden med den kode i projektet.", "Nobody else in the project has that code.";
    merge_try: "Se, hvad der sker", "See what happens";
    merge_counts: "{responses} besvarelser, {consents} linjer samtykke og {ways} links flytter hertil.",
                  "{responses} responses, {consents} lines of consent and {ways} links come here.";
    merge_twice: "{n} målinger er besvaret i begge. Begge svar bliver, og I vælger bagefter, hvilket der gælder.",
                 "{n} measurements are answered in both. Both answers stay, and you choose afterwards which one counts.";
    merge_ends_request: "Der er bedt om at få den ene slettet. Den anmodning bortfalder. Bed om det igen bagefter, hvis alt skal slettes.",
                        "It was asked that one of the two be erased. That request ends. Ask again afterwards if everything is to be erased.";
    merge_differs: "Det her er forskelligt. Det, der står hos {code}, bliver stående:", "This is different. What {code} has stays:";
    merge_difference: "{field}: {kept} (den anden: {other})", "{field}: {kept} (the other: {other})";
    merge_save: "Læg sammen", "Merge";
    merge_saved: "De to oprettelser er lagt sammen.", "The two registrations are merged.";

    // Taken back
    end_remove: "Fjern sidste dag", "Remove the last day";
    end_removed: "Sidste dag er fjernet.", "The last day is removed.";
    call_back: "Fortryd det sidste, der er noteret", "Take back what was noted last";
    call_back_done: "Det sidste, der var noteret om opkaldet, er taget tilbage.", "What was noted last about the call is taken back.";

    // The history
    h_end_none: "Sidste dag i forløbet blev fjernet.", "The last day of the course was removed.";
    h_code: "Koden blev rettet fra {from} til {to}.", "The code was corrected from {from} to {to}.";
    h_name: "Navnet blev rettet.", "The name was corrected.";
    h_email: "Mailadressen blev rettet.", "The address was corrected.";
    h_role: "Rollen blev rettet fra {from} til {to}.", "The role was corrected from {from} to {to}.";
    h_start: "Startdatoen blev rettet fra {from} til {to}.", "The start was corrected from {from} to {to}.";
    h_language: "Sproget blev rettet fra {from} til {to}.", "The language was corrected from {from} to {to}.";
    h_moved: "Flyttet fra projekt {from} til projekt {to}.", "Moved from project {from} to project {to}.";
    h_discarded: "Oprettelsen blev kasseret: {why}.", "The registration was discarded: {why}.";
    h_restored: "Kasseringen blev fortrudt.", "Discarding was taken back.";
    h_merged: "Lagt sammen med oprettelsen {from}.", "Merged with the registration {from}.";
    h_call_back: "Det, der stod om et opkald om {kind}, blev taget tilbage: {outcome}.", "What was noted about a call about {kind} was taken back: {outcome}.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places_to_fill() {
        crate::staff::words::assert_same_places(PAIRS);
    }
}
