//! What a person's page says about ways in, devices, and an erasure that waits. Danish first and English beside it.

use crate::staff::words::words;

words! {
    title: "Veje ind", "Ways in";
    open_one: "1 åben", "1 open";
    open_many: "{n} åbne", "{n} open";
    lead: "Et link eller en kode åbner personens spørgsmål. Det, der er svaret før, kan kun en kendt enhed vise eller slette med det samme.",
          "A link or a code opens the person's questions. What was answered before is shown, or erased at once, by a known device only.";
    waiting: "Fra en ukendt enhed er der bedt om at slette alt. Det sker den {day}, hvis personen ikke tager det tilbage på sin egen telefon.",
             "A device that is not known asked for everything to be erased. It happens on {day}, unless the person takes it back on their own phone.";
    waiting_unknown: "Ingen af personens enheder er kendt. Er det en fejl, så tal med personen inden den dag.",
                     "None of the person's devices is known. If it is a mistake, speak with the person before that day.";

    // Ways in
    none: "Der er ikke lavet nogen vej ind endnu.", "No way in has been made yet.";
    none_open: "Ingen vej ind er åben. Lav en invitation, hvis personen skal kunne komme ind igen.",
               "No way in is open. Make an invitation if the person is to come in again.";
    closed: "Lukkede, brugte og udløbne ({n})", "Ended, used and expired ({n})";
    link: "Personligt link", "Personal link";
    code: "Kort kode", "Short code";
    mail: "Link i en påmindelse på mail", "Link in a reminder by mail";
    device: "Link fra personens kendte enhed til en anden enhed", "Link from the person's known device for another one";
    other: "En anden vej ind", "Another way in";
    made_by: "Lavet {when} af en {role}.", "Made {when} by: {role}.";
    made_server: "Lavet {when} ved serveren.", "Made {when} at the server.";
    made_mail: "Sendt af Bedring {when}.", "Sent by Bedring {when}.";
    made_person: "Lavet {when} af personen selv.", "Made {when} by the person.";
    used: "Brugt første gang {when}.", "First used {when}.";
    code_used: "Brugt {when}.", "Used {when}.";
    unused: "Ikke brugt endnu.", "Not used yet.";
    never_used: "Blev aldrig brugt.", "Was never used.";
    until: "Virker til {when}.", "Works until {when}.";
    ended: "Lukket {when}.", "Ended {when}.";
    expired: "Udløb {when}.", "Expired {when}.";

    // Devices
    devices: "Enheder", "Devices";
    no_devices: "Ingen telefon eller computer har meldt sig endnu.", "No phone or computer has come in yet.";
    known: "Kendt enhed", "Known device";
    known_text: "Kan vise og slette det, der er svaret.", "Can show and erase what was answered.";
    unknown: "Ukendt enhed", "Device that is not known";
    unknown_text: "Kan svare, men ikke se det, der er svaret før.", "Can answer, but not see what was answered before.";
    seen: "Set første gang {first} og senest {last}.", "Seen first {first} and last {last}.";

    end_device: "Luk enheden", "End the device";
    end_device_title: "Luk denne enhed?", "End this device?";
    end_device_text: "Brug det, hvis telefonen er væk eller stjålet. Den kan ikke længere vise eller slette det, der er svaret. Svar, der ligger på den og ikke er sendt, kommer stadig ind, så længe dens link er åbent. Personen kan se, at den er lukket.",
                     "Use it if the phone is lost or stolen. It can no longer show or erase what was answered. Answers that are on it and not sent still come in, as long as its link is open. The person can see that it was ended.";
    end_device_confirm: "Luk enheden", "End the device";
    device_ended: "Enheden er lukket.", "The device is ended.";

    // Ending
    end: "Luk", "End";
    end_all: "Luk alle", "End all";
    end_title: "Luk denne vej ind?", "End this way in?";
    end_all_title: "Luk alle veje ind?", "End all ways in?";
    end_text: "Den kan ikke åbnes igen. Personens egen kendte enhed virker stadig. Personen kan se, at den er lukket.",
              "It cannot be opened again. The person's own known device goes on. The person can see that it was ended.";
    end_all_text: "Links, links i mails og koder, som ingen har brugt, kan ikke åbnes igen. Personens egen kendte enhed virker stadig. Personen kan se, at de er lukket.",
                  "Links, links in mails, and codes that nobody has used cannot be opened again. The person's own known device goes on. The person can see that they were ended.";
    end_confirm: "Luk vejen ind", "End the way in";
    end_all_confirm: "Luk alle veje ind", "End all ways in";
    is_ended: "Vejen ind er lukket.", "The way in is ended.";
    all_ended: "Alle veje ind er lukket.", "All ways in are ended.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places_to_fill() {
        crate::staff::words::assert_same_places(PAIRS);
    }
}
