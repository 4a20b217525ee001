//! What the operations page says, Danish first and English beside it.

use crate::staff::words::words;

words! {
    title: "Drift", "Operations";
    lead: "Her kan du se, om påmindelser kommer af sted, og om serveren er med.",
          "Here you see whether reminders go out, and whether the server keeps up.";
    reload: "Hent igen", "Load again";
    seen_at: "Som det så ud {time}.", "As it was on {time}.";
    moment_age: "{time} ({age})", "{time} ({age})";

    // What there is to say first
    well_title: "Mails kommer af sted", "Mails go out";
    well_text: "Der er ikke noget, du skal gøre.", "There is nothing for you to do.";
    off_title: "Der er ikke sat en mailserver op", "No mail server is set up";
    off_text: "Ingen får påmindelser på mail. I stedet kommer alle på arbejdslisten som opkald. Skriv mail.host, mail.from, mail.username og mail.password_file i bedring.toml, og start serveren igen.",
              "Nobody is reminded by mail. Everybody comes to the worklist as a call instead. Set mail.host, mail.from, mail.username and mail.password_file in bedring.toml and restart the server.";
    failing_title: "Mails kommer ikke af sted", "Mails do not go out";
    failing_text: "Ingen mails går tabt: de venter og bliver prøvet igen af sig selv. Se nedenfor, hvad der er galt, og hvad du kan gøre.",
                  "No mail is lost: they wait and are tried again by themselves. See below what is wrong and what you can do.";
    slow_title: "Mails har ventet længe", "Mails have waited for long";
    slow_text: "Mailserveren har ikke sagt nej, men den ældste mail har ventet i over en time. Måske står serveren i kø (mail.per_minute), eller også er den lige startet igen.",
               "The mail server has not said no, but the oldest mail has waited for over an hour. Perhaps there is a queue (mail.per_minute), or the server has just been restarted.";
    some_title: "Mails kommer af sted, men nogle mislykkedes", "Mails go out, but some failed";
    some_text: "Se nedenfor, hvad der skete, og om du skal gøre noget.", "See below what happened, and whether there is something to do.";
    doctor: "Prøv selv på serveren:", "Try it on the server yourself:";

    // The clock
    clock_title: "Serverens ur har gået forkert", "The server's clock has been wrong";
    clock_text: "Uret viste {showed} og blev stillet tilbage. Det blev opdaget {at}. Påmindelser og opkald er planlagt igen efter det rigtige ur. Se efter, at serveren henter tiden fra nettet (NTP), og at datoer, der blev skrevet imens, er rigtige.",
                "The clock showed {showed} and was set back. That was noticed on {at}. Reminders and calls have been planned again by the right clock. Check that the server takes its time from the network (NTP), and that dates written meanwhile are right.";

    // Where requests come from
    one_address_title: "Alle ser ud til at komme fra samme adresse", "Everybody seems to come from one address";
    one_address_text: "Så deler alle grænsen for forkerte koder og adgangskoder. Står der en proxy foran serveren, så lad den sende X-Forwarded-For, og sæt server.trusted_proxies = true.",
                      "So everybody shares the limit for wrong codes and passwords. If a proxy stands in front of the server, let it send X-Forwarded-For, and set server.trusted_proxies = true.";

    // Numbers
    mails: "Mails", "Mails";
    waiting: "Venter", "Waiting";
    oldest: "Den ældste fra", "The oldest from";
    nothing_waits: "Ingen venter", "None is waiting";
    last: "Sidst sendt", "Last sent";
    never: "Der er ikke sendt nogen endnu", "None has been sent yet";
    jobs: "Opgaver i baggrunden", "Work in the background";
    jobs_text: "Det er for eksempel at beregne resultater. Tallet skal falde til nul af sig selv; bliver det ved med at vokse, så se i serverens log.",
               "Such as working out scores. The number should fall to zero by itself; if it goes on growing, look in the server's log.";
    jobs_waiting: "Venter eller er i gang", "Waiting or under way";

    sent: "Sendt i alt", "Sent in all";
    came_back: "Sendt og kommet retur", "Sent and came back";
    given_up: "Opgivet, kom aldrig af sted", "Given up, never went";

    // What went wrong
    failures: "Det gik galt", "What went wrong";
    no_failures: "Ingen mails er mislykkedes.", "No mail has failed.";
    what: "Hvad skete der", "What happened";
    count: "Mails", "Mails";
    tried_again: "Prøves igen", "Tried again";
    latest: "Senest", "Latest";
    advice: "Hvad kan du gøre", "What you can do";
    connection: "Mailserveren kunne ikke nås", "The mail server could not be reached";
    connection_do: "Se efter, om mail.host og mail.port er rigtige, og om mailserveren kører. Mails bliver prøvet igen.",
                   "Check whether mail.host and mail.port are right and whether the mail server runs. Mails are tried again.";
    timeout: "Mailserveren svarede ikke i tide", "The mail server did not answer in time";
    timeout_do: "Det går som regel over. Bliver det ved, så spørg dem, der driver mailserveren.",
                "It usually passes. If it goes on, ask those who run the mail server.";
    tls: "Forbindelsen kunne ikke sikres", "The connection could not be secured";
    tls_do: "Mailserverens certifikat passer ikke. Se mail.host, mail.tls og mail.tls_ca_file efter.",
            "The mail server's certificate does not fit. Check mail.host, mail.tls and mail.tls_ca_file.";
    login: "Mailserveren afviste brugernavn eller adgangskode", "The mail server refused user name or password";
    login_do: "Ret mail.username og mail.password_file, og start serveren igen. Mails venter så længe.",
              "Correct mail.username and mail.password_file and restart the server. Mails wait that long.";
    later: "Mailserveren sagde: prøv senere", "The mail server said: try later";
    later_do: "Du skal ikke gøre noget: de bliver prøvet igen, og på planens dag kommer personen på arbejdslisten som opkald. Sker det tit, så sæt mail.per_minute ned.",
              "There is nothing to do: they are tried again, and on the day of the plan the person comes to the worklist as a call. If it happens often, lower mail.per_minute.";
    refused: "Mailserveren ville ikke have mailen", "The mail server would not take the mail";
    refused_do: "Ofte må mail.from ikke bruges af den konto. Mails bliver prøvet igen; på planens dag kommer personerne på arbejdslisten som opkald.",
                "Often that account may not use mail.from. Mails are tried again; on the day of the plan the people come to the worklist as calls.";
    recipient: "Adressen findes ikke", "The address does not exist";
    letters: "Mailserveren kan ikke skrive til en adresse med æ, ø, å eller lignende foran @", "The mail server cannot write to an address with letters such as æ, ø or å before the @";
    bounced: "Mailen kom tilbage", "The mail came back";
    recipient_do: "Du skal ikke gøre noget: personen kommer på arbejdslisten som opkald, og adressen kan rettes der.",
                  "There is nothing to do: the person comes to the worklist as a call, and the address can be put right then.";
    returned: "Mailen kom tilbage, men ikke på grund af adressen", "The mail came back, but not because of the address";
    returned_do: "Modtagerens mailserver ville ikke have mailen eller kunne ikke nås. Sker det tit, så spørg dem, der driver mailserveren, om mails fra mail.from bliver afvist.",
                 "The recipient's mail server would not take the mail or could not be reached. If it happens often, ask those who run the mail server whether mails from mail.from are refused.";
    unwritable: "Mailen kunne ikke skrives", "The mail could not be written";
    unwritable_do: "Det er en fejl i Bedring eller i afsenderens navn. Se i serverens log.",
                   "It is a fault in Bedring or in the sender's name. Look in the server's log.";
    mailbox: "Mails, der kommer tilbage", "Mails that come back";
    mailbox_text: "Serveren læser den postkasse, som mails kommer tilbage til (mail.bounces_imap).",
                  "The server reads the mailbox that mails come back to (mail.bounces_imap).";
    mailbox_read: "Sidst læst", "Last read";
    mailbox_never: "Ikke siden serveren startede", "Not since the server started";
    mailbox_connection: "Postkassen kan ikke nås. Se efter, om mail.bounces_imap.host og port er rigtige.",
                        "The mailbox cannot be reached. Check whether mail.bounces_imap.host and port are right.";
    mailbox_timeout: "Postkassens server svarede ikke i tide. Det går som regel over.",
                     "The mailbox's server did not answer in time. It usually passes.";
    mailbox_tls: "Forbindelsen til postkassen kunne ikke sikres. Se mail.bounces_imap.tls og tls_ca_file efter.",
                 "The connection to the mailbox could not be secured. Check mail.bounces_imap.tls and tls_ca_file.";
    mailbox_login: "Postkassen afviste brugernavn eller adgangskode. Ret mail.bounces_imap.username og password_file, og start serveren igen.",
                   "The mailbox refused user name or password. Correct mail.bounces_imap.username and password_file and restart the server.";
    mailbox_folder: "Mappen findes ikke i postkassen. Ret mail.bounces_imap.folder, og start serveren igen.",
                    "The mailbox has no such folder. Correct mail.bounces_imap.folder and restart the server.";
    mailbox_other: "Postkassen kunne ikke læses. Se i serverens log, og prøv bedring doctor.",
                   "The mailbox could not be read. Look in the server's log and try bedring doctor.";
    other: "Noget andet gik galt", "Something else went wrong";
    other_do: "Se i serverens log.", "Look in the server's log.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staff::words::Lang;

    #[test]
    fn both_languages_have_the_same_places_to_fill() {
        crate::staff::words::assert_same_places(PAIRS);
        assert_ne!(Words::of(Lang::Da).title, Words::of(Lang::En).title);
    }
}
