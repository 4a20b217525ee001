//! What a person's page says about the course: next steps, reminders, the contact, the history. Danish first and English beside it.

use crate::staff::words::words;

words! {
    // What happens next
    next_title: "Hvad sker der nu?", "What happens next?";
    who: "Hvem", "Who";
    who_server: "Bedring, af sig selv", "Bedring, by itself";
    who_staff: "Jer i projektet", "You in the project";
    who_nobody: "Ingen har taget opgaven endnu", "Nobody has taken the task yet";
    who_me: "Dig", "You";
    window: "Helst inden", "Preferably before";
    opens: "Kan besvares fra", "Can be answered from";
    mails: "Påmindelser", "Reminders";
    mails_sent: "{n} sendt, senest {day}", "{n} sent, the last on {day}";
    mails_none: "Ingen sendt endnu", "None sent yet";
    mails_failed: "{n} opgivet", "{n} given up";
    mails_returned: "{n} kommet retur", "{n} came back";
    closes: "Sidste dag for påmindelser", "Last day for reminders";
    tries: "Forsøg", "Tries";
    mail: "Bedring sender påmindelse nr. {n} den {day}, hvis der ikke er svaret inden.",
          "Bedring sends reminder {n} on {day}, unless there is an answer before.";
    call_planned: "Er der ikke svaret den {day}, kommer der en ringeopgave i arbejdslisten.",
                  "If there is no answer by {day}, a call comes into the worklist.";
    call_open: "Ring til personen. Næste forsøg er den {day}.", "Call the person. The next try is on {day}.";
    next_paused_until: "Der er sat på pause til {day}. Den dag går det videre af sig selv.",
                       "It is paused until {day}. On that day it goes on by itself.";
    next_paused: "Der er sat på pause, til nogen slår påmindelser til igen.",
                 "It is paused until somebody turns reminders on again.";
    wait: "Der sker ikke noget før {day}. Så ser Bedring på det igen.",
          "Nothing happens before {day}. Then Bedring looks at it again.";
    end_asked: "Er forløbet slut? Svaret afgør, hvornår målingen skal besvares.",
               "Has the course ended? The answer decides when the measurement is to be answered.";
    end_later: "Dagen kendes, når nogen har sagt, hvornår forløbet slutter. I bliver spurgt den {day}.",
               "The day is known once somebody has said when the course ends. You are asked on {day}.";
    other: "Dagen kendes først, når en anden måling er lavet, eller en dato er på plads.",
           "The day is not known until another measurement is made or a date is in place.";
    staff: "Målingen står i arbejdslisten: Tal med personen, eller giv en grund til, at den ikke bliver til noget.",
           "The measurement is in the worklist: speak with the person, or give a reason why it will not be made.";
    none_said_no: "Der sker ikke mere, for personen har sagt nej til at deltage.", "Nothing more happens: the person said no to taking part.";
    none_withdrawn: "Der sker ikke mere, for personen har trukket sig.", "Nothing more happens: the person has withdrawn.";
    none_erased: "Der sker ikke mere, for alt om personen er slettet.", "Nothing more happens: everything about the person has been erased.";
    none_discarded: "Der sker ikke mere, for oprettelsen er kasseret.", "Nothing more happens: the registration was discarded.";
    none_project: "Der bliver ikke mindet om noget, for projektet er ikke med i målingen lige nu.",
                  "Nobody is reminded: the project takes no part in the measuring at the moment.";
    none_finished: "Der er ikke mere at gøre. Alle målinger er besvaret eller har en grund.",
                   "There is nothing more to do. All measurements are answered or have a reason.";
    none_not_measured: "Personen er ikke med i målingen, fordi rollen ikke måles.",
                       "The person is not measured, because the role is not.";

    // The end of the course
    planned: "Planlagt slut", "Planned end";
    planned_hint: "Den dag, forløbet er tænkt at slutte. Dagen efter bliver I spurgt, om det blev sådan.",
                  "The day on which the course is meant to end. The day after you are asked whether it did.";
    planned_save: "Gem planlagt slut", "Save the planned end";
    planned_clear: "Fjern planlagt slut", "Remove the planned end";
    planned_saved: "Planlagt slut er gemt.", "The planned end is saved.";
    planned_cleared: "Planlagt slut er fjernet.", "The planned end is removed.";
    end_saved: "Sidste dag er gemt.", "The last day is saved.";
    end_still: "Sidst set i forløbet {day}.", "Last known to be enrolled on {day}.";
    end_cannot: "Nogen har svaret, at ingen kan sige, hvornår forløbet sluttede.", "Somebody answered that nobody can say when the course ended.";

    // Reminders
    reminders_title: "Påmindelser", "Reminders";
    way_goes: "Personen får påmindelser på mail.", "The person is reminded by mail.";
    way_contact: "Kontakten får påmindelser på mail i stedet for personen.", "The contact is reminded by mail instead of the person.";
    way_no_consent: "Personen har ikke sagt ja til påmindelser på mail. I ringer i stedet.",
                    "The person has not said yes to reminders by mail. You call instead.";
    way_never_other: "En anden, der bruger samme mailadresse, vil ikke have flere mails der. Personen har ikke selv sagt det. I ringer i stedet.",
        "Somebody else who uses the same address wants no more mails there. The person has not said so. You call instead.";
    way_never: "Personen vil ikke have flere mails. I ringer i stedet.", "The person wants no more mails. You call instead.";
    way_no_address: "Der er ingen mailadresse. I ringer i stedet.", "There is no address. You call instead.";
    way_bounced: "Mails kan ikke nå adressen. I ringer i stedet.", "Mails cannot reach the address. You call instead.";
    way_no_server: "Serveren sender ikke mails. I ringer i stedet.", "The server sends no mails. You call instead.";
    later: "Personen har selv bedt om at vente til {day}.", "The person asked to wait until {day}.";
    paused_by: "Sat på pause {day} af {who}.", "Paused on {day} by {who}.";
    somebody: "nogen ved serveren", "somebody at the server";
    pause: "Sæt påmindelser på pause", "Pause reminders";
    pause_change: "Ret pausen", "Change the pause";
    pause_dialog: "Sæt påmindelser om {code} på pause", "Pause reminders about {code}";
    pause_text: "Der går ingen mails, og der kommer ingen nye ringeopgaver. Målingen bliver stående i arbejdslisten.",
                "No mails go and no new calls come. The measurement stays in the worklist.";
    pause_day: "Påmindelserne starter igen den", "Reminders start again on";
    pause_hint: "Lad feltet være tomt, hvis pausen skal vare, til nogen slår påmindelser til igen.",
                "Leave it empty if the pause is to last until somebody turns reminders on again.";
    pause_wrong: "Vælg en dag fra i morgen og højst et år frem.", "Choose a day from tomorrow on, at most a year ahead.";
    pause_save: "Sæt på pause", "Pause";
    pause_saved: "Påmindelser er sat på pause.", "Reminders pause.";
    resume: "Slå påmindelser til igen", "Turn reminders on again";
    resumed: "Påmindelserne er slået til igen.", "Reminders are on again.";

    // The contact
    contact_title: "Kontakt", "Contact";
    contact_none: "Personen kan pege på en anden, som må få påmindelserne. Kontakten får aldrig et link til spørgsmålene.",
                  "The person can name somebody else who may get the reminders. The contact never gets a link to the questions.";
    contact_named: "Nævnt af personen. Skrevet ned {day} af {who}.", "Named by the person. Written down on {day} by {who}.";
    contact_named_alone: "Nævnt af personen selv på telefonen. Modtaget {day}.", "Named by the person on the phone. Received on {day}.";
    contact_named_bare: "Nævnt af personen.", "Named by the person.";
    contact_instead: "Får påmindelserne i stedet for personen.", "Gets the reminders instead of the person.";
    contact_idle: "Er valgt til at få påmindelserne, men der går ingen mails nu.", "Is chosen to get the reminders, but no mails go at the moment.";
    contact_ready: "Får ikke mails nu. Personen kan selv vælge kontakten i en påmindelse.",
                   "Gets no mails now. The person can choose the contact in a reminder.";
    contact_bounced: "Mails til kontakten kommer retur.", "Mails to the contact come back.";
    contact_add: "Tilføj kontakt", "Add a contact";
    contact_change: "Ret kontakten", "Change the contact";
    contact_remove: "Fjern kontakten", "Remove the contact";
    contact_dialog: "Kontakt for {code}", "Contact of {code}";
    contact_email: "Kontaktens e-mail", "The contact's e-mail";
    contact_hint: "Gemmes krypteret og slettes sammen med personen.", "Stored encrypted and erased with the person.";
    contact_to: "Hvem skal have påmindelserne?", "Who gets the reminders?";
    contact_to_person: "Personen selv", "The person";
    contact_to_contact: "Kontakten i stedet", "The contact instead";
    contact_confirm: "Personen har selv peget på kontakten og har sagt det til kontakten",
                     "The person named the contact and has told the contact";
    contact_confirm_missing: "Sæt kryds. Uden det må adressen ikke gemmes.", "Tick the box. Without it the address must not be kept.";
    contact_save: "Gem kontakten", "Save the contact";
    contact_saved: "Kontakten er gemt.", "The contact is saved.";
    contact_removed: "Kontakten er fjernet.", "The contact is removed.";

    // The telephone number
    phone_add: "Tilføj telefonnummer", "Add a telephone number";
    phone_change: "Ret telefonnummeret", "Change the telephone number";
    phone_dialog: "Telefonnummer til {code}", "Telephone number of {code}";
    phone_hint: "Gemmes krypteret og slettes sammen med personen.", "Stored encrypted and erased with the person.";
    phone_hint_change: "Gemmes krypteret og slettes sammen med personen. Tøm feltet for at fjerne nummeret.",
                       "Stored encrypted and erased with the person. Empty the field to remove the number.";
    phone_save: "Gem", "Save";
    phone_saved: "Telefonnummeret er gemt.", "The telephone number is saved.";
    phone_removed: "Telefonnummeret er fjernet.", "The telephone number is removed.";

    // The history
    history_title: "Hvad er der sket?", "What has happened?";
    history_text: "Nyeste først. Svarene selv står her ikke.", "Latest first. The answers themselves are not here.";
    history_more: "Vis flere", "Show more";
    history_shown: "Viser {n} af {total}.", "Showing {n} of {total}.";
    by_person: "Personen selv", "The person";
    by_contact: "Kontakten", "The contact";
    by_server: "Bedring", "Bedring";
    by_gone: "En konto, der er slettet", "An account that is gone";
    h_registered: "Personen blev oprettet.", "The person was registered.";
    h_invited: "Et link og en kort kode blev lavet.", "A link and a short code were made.";
    h_yes: "Sagde ja: {purpose}.", "Said yes: {purpose}.";
    h_no: "Sagde nej: {purpose}.", "Said no: {purpose}.";
    h_withdrawn: "Trak sig.", "Withdrew.";
    h_in_doubt: "Det er ikke sikkert, om der blev sagt ja bagefter. Nejet gælder.",
                "It is not certain whether a yes was said after it. The no holds.";
    h_answered: "Besvarede {kind}.", "Answered {kind}.";
    h_reason: "Grund til, at {kind} ikke bliver til noget: {reason}.", "Reason why {kind} will not be made: {reason}.";
    h_reason_back: "Grunden for {kind} blev taget tilbage.", "The reason of {kind} was taken back.";
    h_plan: "Planen blev ændret, og {kind} fik nye dage.", "The plan was changed, and {kind} has new days.";
    h_call_opened: "En ringeopgave om {kind} kom i arbejdslisten.", "A call about {kind} came into the worklist.";
    h_call: "Opkald om {kind}: {outcome}.", "Call about {kind}: {outcome}.";
    h_call_next: "Opkald om {kind}: {outcome}. Næste dag: {day}.", "Call about {kind}: {outcome}. Next day: {day}.";
    h_owner: "Opkaldet om {kind} er nu hos {who}.", "The call about {kind} is now with {who}.";
    h_owner_none: "Opkaldet om {kind} blev givet fri.", "The call about {kind} was given back.";
    h_mail: "Påmindelse nr. {n} om {kind} sendt.", "Reminder {n} about {kind} sent.";
    h_mail_contact: "Påmindelse nr. {n} om {kind} sendt til kontakten.", "Reminder {n} about {kind} sent to the contact.";
    h_mail_back: "Påmindelse nr. {n} om {kind} kom retur.", "Reminder {n} about {kind} came back.";
    h_mail_failed: "Påmindelse nr. {n} om {kind} kunne ikke sendes og er opgivet.", "Reminder {n} about {kind} could not be sent and was given up.";
    h_mail_refused: "Vil ikke have flere mails.", "Wants no more mails.";
    h_mail_refused_other: "En anden, der bruger samme mailadresse, vil ikke have flere mails der. Personen har ikke selv sagt det.",
        "Somebody else who uses the same address wants no more mails there. The person has not said so.";
    h_end: "Sidste dag i forløbet: {day}.", "Last day of the course: {day}.";
    h_planned: "Planlagt slut: {day}.", "Planned end: {day}.";
    h_planned_none: "Planlagt slut blev fjernet.", "The planned end was removed.";
    h_still: "Stadig i forløb den {day}.", "Still enrolled on {day}.";
    h_cannot: "Ingen kan sige, hvornår forløbet sluttede.", "Nobody can say when the course ended.";
    h_cannot_back: "Det kan alligevel siges, hvornår forløbet sluttede.", "It can be told after all when the course ended.";
    h_paused_until: "Påmindelser sat på pause til {day}.", "Reminders paused until {day}.";
    h_paused: "Påmindelser sat på pause uden slutdag.", "Reminders paused without an end.";
    h_resumed: "Påmindelser slået til igen.", "Reminders turned on again.";
    h_contact: "En kontakt blev skrevet ned.", "A contact was written down.";
    h_contact_instead: "En kontakt blev skrevet ned og får påmindelserne.", "A contact was written down and gets the reminders.";
    h_contact_removed: "Kontakten blev fjernet.", "The contact was removed.";
    h_phone: "Et telefonnummer blev skrevet ned.", "A telephone number was written down.";
    h_phone_removed: "Telefonnummeret blev fjernet.", "The telephone number was removed.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staff::words::Lang;

    #[test]
    fn both_languages_have_the_same_places_to_fill() {
        crate::staff::words::assert_same_places(PAIRS);
        assert_ne!(
            Words::of(Lang::Da).next_title,
            Words::of(Lang::En).next_title
        );
    }
}
