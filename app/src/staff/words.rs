//! What the screens say, Danish first and English beside it. A missing sentence does not compile.
//!
//! Words for codes from the server (problems, reasons, states) are in `terms.rs`.

/// The language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// Danish.
    Da,
    /// English.
    En,
}

impl Lang {
    /// As in `lang="…"` and in texts by language.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Da => "da",
            Self::En => "en",
        }
    }

    /// The one of two texts that is in this language.
    #[must_use]
    pub const fn pick(self, da: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::Da => da,
            Self::En => en,
        }
    }

    /// All sentences.
    #[must_use]
    pub const fn words(self) -> &'static Words {
        Words::of(self)
    }
}

/// Puts values in the places of a sentence: `{n}` by `("n", "7")`.
#[must_use]
pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    values
        .iter()
        .fold(sentence.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
}

macro_rules! words {
    ($($name:ident: $da:literal, $en:literal;)+) => {
        /// The sentences of one language.
        #[derive(Debug)]
        pub struct Words { $(#[doc = $en] pub $name: &'static str,)+ }
        const DA: Words = Words { $($name: $da,)+ };
        const EN: Words = Words { $($name: $en,)+ };
        impl Words {
            /// The sentences in a language.
            #[must_use]
            pub const fn of(lang: $crate::staff::words::Lang) -> &'static Self {
                match lang {
                    $crate::staff::words::Lang::Da => &DA,
                    $crate::staff::words::Lang::En => &EN,
                }
            }
        }
        #[cfg(test)]
        const PAIRS: &[(&str, &str, &str)] = &[$((stringify!($name), $da, $en),)+];
    };
}

/// For screens with many words of their own: makes `Words` in the module that calls it.
pub(super) use words;

words! {
    // Everywhere
    brand: "Bedring", "Bedring";
    product: "Bedring for medarbejdere", "Bedring for staff";
    skip: "Gå til indholdet", "Skip to the content";
    nav: "Hovedmenu", "Main menu";
    menu: "Menu", "Menu";
    damaged: "Beskadiget", "Damaged";
    damaged_text: "Noget om denne person kan ikke læses på serveren. Det, der kan læses, vises. Sig det til den, der driver serveren: kommandoen »bedring doctor« viser mere.",
                  "Something about this person cannot be read on the server. What can be read is shown. Tell whoever runs the server: the command \"bedring doctor\" says more.";
    nav_programmes: "Overblik", "Overview";
    nav_worklist: "Arbejdsliste", "Worklist";
    nav_calendar: "Min kalender", "My calendar";
    nav_quarantine: "Til afklaring", "To be settled";
    nav_receipt: "Slå kvittering op", "Look up a receipt";
    nav_operations: "Drift", "Operations";
    log_out: "Log ud", "Log out";
    other_language: "English", "Dansk";
    language_unsaved: "Sproget er skiftet på denne computer, men kunne ikke gemmes på din konto. Næste gang du logger ind, bliver det gemt; indtil da kommer mails på det gamle sprog.",
                      "The language has changed on this computer but could not be saved on your account. It is saved the next time you log in; until then mails come in the old language.";
    waiting: "Henter …", "Loading …";
    again: "Prøv igen", "Try again";
    back: "Tilbage", "Back";
    cancel: "Fortryd", "Cancel";
    crumbs: "Du er her", "You are here";
    unknown_title: "Siden findes ikke", "This page does not exist";
    unknown_text: "Adressen fører ingen steder hen. Måske er den skrevet forkert.", "The address leads nowhere. Perhaps it was mistyped.";
    to_overview: "Gå til overblikket", "Go to the overview";
    none: "–", "–";

    // Log in
    login_title: "Log ind", "Log in";
    login_lead: "For medarbejdere og frivillige i projekterne. Har du fået et link til et spørgeskema, skal du ikke logge ind.",
                "For staff and volunteers in the projects. If you were given a link to a questionnaire, you need not log in.";
    login_email: "E-mail", "E-mail";
    login_password: "Adgangskode", "Password";
    login_submit: "Log ind", "Log in";
    login_busy: "Logger ind …", "Logging in …";
    login_missing: "Skriv både e-mail og adgangskode.", "Write both e-mail and password.";
    login_ended: "Du er blevet logget ud, fordi der er gået noget tid. Log ind igen, så kommer du tilbage til det, du var i gang med.",
                 "You have been logged out because some time has passed. Log in again and you come back to where you were.";
    again_title: "Log ind igen", "Log in again";
    again_text: "Du er blevet logget ud, fordi der er gået noget tid. Log ind her, så fortsætter du, hvor du var. Det, du har skrevet, er der stadig.",
                "You have been logged out because some time has passed. Log in here and go on where you were. What you have written is still there.";
    again_leave: "Forlad siden uden at gemme", "Leave the page without saving";
    login_out: "Du er logget ud.", "You are logged out.";

    // Overview
    programmes_title: "Overblik", "Overview";
    programmes_none: "Du har ikke adgang til nogen projekter endnu. Bed en administrator om adgang.",
                     "You have no access to any project yet. Ask an administrator.";
    programme_caption: "Projekterne i {name}", "The projects in {name}";
    project: "Projekt", "Project";
    status: "Status", "Status";
    persons: "Personer", "People";
    refusals: "Sagde nej", "Said no";
    intakes: "Førmålinger", "Intakes";
    exits: "Eftermålinger", "Exits";
    quarantined: "Til afklaring", "To be settled";
    in_all: "I alt", "In all";
    plan_of: "Måleplan", "Measurement plan";
    refusals_note: "Nej tak er et svar. De tælles, og der gemmes ikke andet om dem.",
                   "No thanks is an answer. They are counted and nothing else is kept about them.";

    // Project
    people: "Personer", "People";
    people_caption: "Personer i {name}", "People in {name}";
    people_none: "Her er ingen personer endnu.", "There is nobody here yet.";
    more: "Vis flere", "Show more";
    new_person: "Ny person", "New person";
    code: "Kode", "Code";
    name: "Navn", "Name";
    role: "Rolle", "Role";
    start: "Start", "Start";
    end: "Slut", "End";
    occasions: "Målinger", "Measurements";

    // New person
    new_code_hint: "Fx initialer eller et nummer fra jeres liste. Lad feltet være tomt, så laver Bedring en kode. Skriv aldrig CPR-nummer.",
                   "For example initials or a number from your list. Leave it empty and Bedring makes a code. Never write a civil registration number.";
    new_name_hint: "Gemmes krypteret og vises kun i projektet.", "Stored encrypted and shown only within the project.";
    new_email_hint: "Gemmes krypteret.", "Stored encrypted.";
    new_phone_hint: "Til opringninger fra projektet. Gemmes krypteret.", "For calls from the project. Stored encrypted.";
    new_type_hint: "Ved du det ikke, bliver personen selv spurgt.", "If you do not know, the person is asked.";
    new_start_hint: "Første dag i forløbet. Er feltet tomt, gælder dagen i dag.", "The first day of the course. Left empty it is today.";
    start_date: "Startdato", "Start date";
    email: "E-mail", "E-mail";
    phone: "Telefon", "Telephone";
    call_up: "Ring op: {number}", "Call: {number}";
    optional: "(kan udelades)", "(optional)";
    new_submit: "Opret person", "Register the person";
    new_busy: "Opretter …", "Registering …";
    new_errors: "Personen er ikke oprettet endnu. Ret felterne nedenfor.", "The person is not registered yet. Correct the fields below.";
    error_code_pseudonymous: "Koden kan afsløre, hvem det er. Brug en kode uden CPR-nummer, navn eller e-mail.",
                             "The code may tell who it is. Use a code without a civil registration number, name or e-mail address.";
    error_code_sign: "Koden kan have bogstaver, tal, mellemrum og tegnene - _ . / ( ).", "A code can have letters, digits, blanks and the signs - _ . / ( ).";
    error_code_taken: "Koden er i brug i forvejen. Vælg en anden.", "The code is in use already. Choose another.";
    error_email: "Det ligner ikke en e-mailadresse. Den skal se ud som navn@eksempel.dk.", "This does not look like an e-mail address. It should look like name@example.org.";
    error_phone: "Det ligner ikke et telefonnummer. Skriv 6-15 cifre, gerne med mellemrum og et + forrest, fx 12 34 56 78.",
                 "This does not look like a telephone number. Write 6 to 15 digits, with spaces and a leading + if you like, for example +45 12 34 56 78.";
    error_date: "Datoen kan ikke læses. Skriv dag, måned og et år mellem 1900 og 2100.", "The date cannot be read. Write day, month and a year from 1900 to 2100.";
    error_required: "Feltet skal udfyldes.", "This has to be filled in.";
    error_too_long: "Teksten er for lang.", "The text is too long.";
    error_field: "Det kan ikke bruges her. Prøv at skrive det på en anden måde.", "This cannot be used here. Try to write it another way.";

    // Person
    person_title: "Person {code}", "Person {code}";
    person_facts: "Om personen", "About the person";
    occasions_caption: "Målinger med frister", "Measurements with dates";
    occasion: "Måling", "Measurement";
    opens: "Kan besvares fra", "Can be answered from";
    due: "Helst inden", "Preferably before";
    answered: "Besvaret", "Answered";
    answered_of: "{a} af {n}", "{a} of {n}";
    invite: "Invitér", "Invite";
    course_end: "Når forløbet slutter", "When the course ends";
    course_end_day: "Sidste dag", "Last day";
    course_end_hint: "Fra den dag kan eftermålingen besvares.", "The exit can be answered from that day on.";
    course_end_submit: "Gem sidste dag", "Save the last day";
    course_end_change: "Ret sidste dag", "Change the last day";
    course_end_before_start: "Sidste dag kan ikke ligge før første dag.", "The last day cannot be before the first.";

    // Scores
    scores: "Scorer", "Scores";
    scores_none: "Der er ingen besvarelser endnu.", "There are no responses yet.";
    scores_not_consented: "Personen har ikke sagt ja til, at projektlederen må se de enkelte besvarelser. Derfor vises de ikke. Svarene tæller stadig med i evalueringen.",
                          "The person has not said yes to the project leader seeing single responses, so they are not shown. The answers still count in the evaluation.";
    scores_not_for_role: "Din rolle viser ikke scorer. Du kan se, hvilke målinger der er besvaret.",
                         "Your role does not show scores. You can see which measurements have been answered.";
    scores_pending: "En besvarelse er lige kommet ind og bliver regnet ud. Se igen om lidt.", "A response has just come in and is being scored. Look again in a moment.";
    scores_look_again: "Se igen", "Look again";
    demonstration: "Demonstrationsordlyd – ikke til rigtig måling", "Demonstration wording – not for real measurement";
    scores_caption: "{title}: scorer", "{title}: scores";
    derived_caption: "Udregnet af de samme svar: {name}", "Worked out from the same answers: {name}";
    scale: "Område", "Area";
    change: "Ændring", "Change";
    change_hint: "Ændring er eftermåling minus førmåling. Et enkelt tal siger ikke, om der er en sikker forskel.",
                 "Change is exit minus intake. One number alone does not tell whether the difference is certain.";
    of_maximum: "{score} af {maximum}", "{score} of {maximum}";
    prorated: "* beregnet med manglende svar", "* worked out with answers missing";
    prorated_short: "beregnet med manglende svar", "worked out with answers missing";
    no_score: "Ingen score", "No score";
    no_score_why: "For få svar: {a} af {n} besvaret", "Too few answers: {a} of {n} answered";
    why_skipped: "{n} sprunget over", "{n} skipped";
    why_not_relevant: "{n} ikke relevante", "{n} not relevant";
    why_missing: "{n} ikke nået", "{n} not reached";
    not_scored_yet: "Regnes ud", "Being scored";
    total: "Samlet", "Total";
    blocks_note: "Hver slags kontakt vises for sig. Det samlede tal stiger også, når der er mere kontakt med fagfolk.",
                 "The kinds of contact are shown apart. The total also rises with more contact with professionals.";
    finished: "Besvaret {when}", "Answered {when}";
    written_by: "Skrevet ind af {email}.", "Typed in by {email}.";
    clock_suspect: "Enhedens ur passede ikke, så datoen kan være forkert.", "The device's clock was not right, so the date may be wrong.";
    edition: "udgave {edition}", "edition {edition}";

    // Rivals
    rivals_title: "To besvarelser af samme måling", "Two responses to the same measurement";
    rivals_text: "Begge er gemt. Vælg den, der skal tælle. Du kan vælge om senere.", "Both are kept. Choose the one that counts. You can change it later.";
    rivals_caption: "{title}, {occasion}", "{title}, {occasion}";
    rival_finished: "Besvaret", "Answered";
    rival_mode: "Svarform", "Mode";
    rival_total: "Samlet score", "Total score";
    rival_counts: "Tæller", "Counts";
    rival_choose: "Denne tæller", "This one counts";
    rival_chosen: "Valget er gemt.", "The choice is saved.";

    // Somebody who is not invited
    not_asked_said_no: "Personen har sagt nej til at være med. Derfor kan I ikke invitere igen.",
                       "The person said no to taking part. So you cannot invite again.";
    not_asked_withdrawn: "Personen har sagt stop. Derfor kan I ikke invitere igen.",
                         "The person said stop. So you cannot invite again.";
    not_asked_erased: "Alt om personen er slettet. Der er ikke mere at se eller invitere til.",
                      "Everything about the person has been erased. There is nothing more to see or to invite to.";
    doubt: "Personen har sagt både ja og nej til {purpose}, og det er ikke sikkert, hvad der blev sagt sidst. Nejet gælder. Personen kan sige ja igen under “Mine svar og valg”.",
           "The person has said both yes and no to {purpose}, and it is not certain what was said last. The no holds. The person can say yes again under “My answers and choices”.";
    not_asked_own_link: "Personens egen telefon virker stadig. Under “Mine svar og valg” kan personen se alt, tage det med, slette det eller sige ja igen.",
                        "The person's own phone still works. Under “My answers and choices” the person can see everything, take it along, erase it, or say yes again.";
    not_asked_lost_link: "Er linket væk eller udløbet, og beder personen selv om at se eller slette sine svar, så lav en vej ind.",
                         "If the link is lost or has expired and the person asks to see or erase the answers, make a way in.";
    own_wish: "Personen vil selv se eller slette sine svar: lav en vej ind", "The person wants to see or erase the answers: make a way in";
    own_wish_make: "Lav en vej ind", "Make a way in";
    own_wish_text: "Vejen ind åbner brevet og valgene. Den viser intet af det, der er svaret før, medmindre den åbnes på personens egen kendte telefon eller med personens pinkode.",
                   "The way in opens the letter and the choices. It shows nothing of what was answered before, unless it is opened on the person's own known phone or with the person's PIN.";
    own_wish_erase: "Beder personen om at slette alt fra en ukendt enhed, sker det syv dage senere.",
                    "If the person asks for everything to be erased from a device that is not known, it happens seven days later.";

    // Invitation
    invitation_title: "Invitation til {code}", "Invitation for {code}";
    invitation_lead: "Lav et personligt link, en QR-kode og en kort kode. De vises kun denne ene gang, så giv dem til personen med det samme.",
                     "Make a personal link, a QR code and a short code. They are shown this once only, so give them to the person right away.";
    invitation_older: "Tidligere links, links i mails og korte koder holder op med at virke. Personens egen kendte telefon virker stadig.",
                      "Earlier links, links in mails and short codes stop working. The person's own known phone goes on.";
    invitation_keep: "Lad tidligere links virke", "Let earlier links go on";
    invitation_kept: "Tidligere links og links i mails virker stadig. En tidligere kort kode holder op med at virke.",
                     "Earlier links and links in mails go on. An earlier short code stops working.";
    invitation_make: "Lav link og kort", "Make link and card";
    invitation_remake: "Lav et nyt link", "Make a new link";
    invitation_busy: "Laver linket …", "Making the link …";
    invitation_ready: "Linket er klar.", "The link is ready.";
    invitation_link: "Personligt link", "Personal link";
    invitation_link_hint: "Linket åbner personens egne spørgsmål. Send det kun til personen selv.", "The link opens the person's own questions. Send it to that person only.";
    invitation_link_until: "Virker til {when}.", "Works until {when}.";
    copy: "Kopiér link", "Copy the link";
    copied: "Linket er kopieret.", "The link is copied.";
    copy_failed: "Linket er markeret. Kopiér det med Ctrl+C eller ved at holde fingeren på det.", "The link is selected. Copy it with Ctrl+C or by holding your finger on it.";
    invitation_code: "Kort kode til at skrive", "Short code for typing";
    invitation_code_until: "Kan bruges én gang indtil {when}.", "Can be used once until {when}.";
    card_title: "Kort til at give videre", "Card to hand over";
    card_print: "Udskriv kortet", "Print the card";
    card_what: "Vi vil gerne vide, om det, du er med i, hjælper. Derfor har vi {n} korte spørgsmål til dig.",
               "We would like to know whether what you take part in helps. So we have {n} short questions for you.";
    card_what_bare: "Vi vil gerne vide, om det, du er med i, hjælper. Derfor har vi nogle korte spørgsmål til dig.",
                    "We would like to know whether what you take part in helps. So we have some short questions for you.";
    card_time: "Det tager omkring {n} minutter.", "It takes about {n} minutes.";
    card_from: "Spørgsmålene kommer fra {senders}.", "The questions come from {senders}.";
    card_and: " og ", " and ";
    card_line_scan: "Scan koden med telefonens kamera.", "Scan the code with your phone's camera.";
    card_line_type: "Eller gå ind på {site} og skriv den korte kode.", "Or go to {site} and type the short code.";
    card_line_stop: "Det er frivilligt. Du kan holde pause eller stoppe, når du vil.", "It is voluntary. You can pause or stop whenever you like.";
    card_code_label: "Kort kode", "Short code";
    card_until: "Gælder til {when}", "Valid until {when}";
    qr_label: "QR-kode med det personlige link", "QR code with the personal link";

    // Lists of entries
    quarantine_title: "Til afklaring", "To be settled";
    reason: "Hvorfor", "Why";
    age: "Alder", "Age";
    person: "Person", "Person";
    receipt: "Kvittering", "Receipt";
    what: "Hvad", "What";
    actions: "Handling", "Action";

    // Receipt
    receipt_title: "Slå en kvittering op", "Look up a receipt";
    receipt_lead: "Skriv den kvittering, som personen kan se på sin telefon. Så kan du se, om svarene er kommet frem.",
                  "Write the receipt that the person sees on the phone, to see whether the answers have arrived.";
    receipt_field: "Kvittering", "Receipt";
    receipt_hint: "Fx KVIT-7H2K-9M3P-X4TW. Bindestreger og små bogstaver er lige meget.", "For example KVIT-7H2K-9M3P-X4TW. Hyphens and small letters do not matter.";
    receipt_submit: "Slå op", "Look up";
    receipt_busy: "Slår op …", "Looking up …";
    receipt_length: "Kvitteringen skal have 12 tegn efter KVIT, en ældre har 9. Her er {n}.", "The receipt has 12 characters after KVIT, an older one has 9. Here are {n}.";
    receipt_character: "Der er et tegn, som aldrig bruges i kvitteringer. Se efter igen.", "There is a character that is never used in receipts. Look again.";
    receipt_check: "Der er en tastefejl i kvitteringen. Sammenlign tegn for tegn.", "The receipt has been mistyped somewhere. Compare it character by character.";
    receipt_shared: "{n} indsendelser har den samme kvittering. Se på personen og tidspunktet.", "{n} entries share this receipt. Look at the person and the time.";
    receipt_unknown: "Kvitteringen {receipt} er skrevet rigtigt, men findes ikke her, eller du har ikke adgang til den.",
                     "The receipt {receipt} is well written but is not found here, or you have no access to it.";
    receipt_received: "Modtaget", "Received";
    receipt_outcome: "Resultat", "Outcome";
    receipt_aside: "Lagt til side", "Set aside";
    receipt_aside_text: "{when}. Indholdet er slettet for altid.", "{when}. Its content is deleted for good.";
}

/// Both languages say something, and have the same places to fill.
#[cfg(test)]
pub(crate) fn assert_same_places(pairs: &[(&str, &str, &str)]) {
    let places = |text: &str| {
        let mut names: Vec<String> = text
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name.to_owned())
            .collect();
        names.sort();
        names
    };
    for (name, da, en) in pairs {
        assert!(!da.is_empty() && !en.is_empty(), "{name}");
        assert_eq!(places(da), places(en), "{name}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places_to_fill() {
        assert_same_places(PAIRS);
    }

    #[test]
    fn values_come_to_their_places() {
        assert_eq!(fill("{a} af {n}", &[("a", "2"), ("n", "9")]), "2 af 9");
    }
}
