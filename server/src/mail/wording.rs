//! What mails say, in the languages there are. Never a word about health, an illness, a questionnaire's subject or a project's name: subject,
//! sender and first lines show on locked phones and in shared inboxes.

/// The languages of mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Danish: also where the language is not one of these.
    Danish,
    /// English.
    English,
}

impl Language {
    /// From a language tag.
    #[must_use]
    pub fn of(tag: &str) -> Self {
        if tag.starts_with("en") {
            Self::English
        } else {
            Self::Danish
        }
    }

    /// The language of exactly this tag.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        [Self::Danish, Self::English]
            .into_iter()
            .find(|l| l.tag() == tag)
    }

    /// For `lang`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Danish => "da",
            Self::English => "en",
        }
    }

    /// One of two texts.
    #[must_use]
    pub const fn choose(self, danish: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Danish => danish,
            Self::English => english,
        }
    }
}

/// What a mail is made of; the layouts turn it into text and into a page.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Letter {
    /// For `lang`.
    pub language: &'static str,
    /// One line.
    pub subject: String,
    /// In order.
    pub paragraphs: Vec<String>,
    /// Words and address of the link that matters.
    pub link: Option<Link>,
    /// Under the signature.
    pub small: Vec<String>,
    /// Words and address of the link below.
    pub stop: Option<Link>,
    /// Who signs.
    pub sender: String,
    /// How.
    pub greeting: &'static str,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Link {
    /// What it says.
    pub words: String,
    /// Where it goes.
    pub address: String,
}

fn link(words: &str, address: String) -> Option<Link> {
    let words = words.to_owned();
    Some(Link { words, address })
}

fn letter(language: Language, sender: String, subject: &str, paragraphs: &[&str]) -> Letter {
    Letter {
        language: language.tag(),
        subject: subject.to_owned(),
        paragraphs: paragraphs.iter().map(|p| (*p).to_owned()).collect(),
        link: None,
        small: Vec::new(),
        stop: None,
        sender,
        greeting: language.choose("Venlig hilsen", "Kind regards"),
    }
}

/// To the person.
#[must_use]
pub fn reminder(l: Language, sender: String, open: String, choose: String) -> Letter {
    let hello = l.choose("Hej", "Hello");
    let asked = l.choose(
        "Du har bedt os minde dig om et par spørgsmål. De venter på dig, når det passer dig.",
        "You asked us to remind you of a few questions. They are waiting for you, whenever it suits you.",
    );
    let kept = l.choose(
        "Har du svaret på nogle af dem, så fortsætter du, hvor du slap.",
        "If you have answered some of them, you go on where you stopped.",
    );
    let mut letter = letter(
        l,
        sender,
        l.choose(
            "Et par spørgsmål venter på dig",
            "A few questions are waiting for you",
        ),
        &[hello, asked, kept],
    );
    letter.link = link(l.choose("Åbn spørgsmålene", "Open the questions"), open);
    letter.small.push(
        l.choose(
            "Linket er dit eget. Send det ikke videre.",
            "The link is your own. Please do not pass it on.",
        )
        .to_owned(),
    );
    letter.stop = link(
        l.choose(
            "Vent med påmindelser, eller stop dem",
            "Put the reminders off, or stop them",
        ),
        choose,
    );
    letter
}

/// To the contact that a person named. Without a link that opens anything.
#[must_use]
pub fn to_contact(l: Language, sender: String, choose: String) -> Letter {
    let hello = l.choose("Hej", "Hello");
    let asked = l.choose(
        "En, du kender, har bedt os skrive til dig, når der venter et par spørgsmål.",
        "Somebody you know asked us to write to you when a few questions are waiting.",
    );
    let now = l.choose(
        "Det gør der nu. Vil du minde ham eller hende om det? Du skal ikke gøre mere.",
        "They are waiting now. Would you remind that person? There is nothing else for you to do.",
    );
    let subject = l.choose("En lille påmindelse", "A small reminder");
    let mut letter = letter(l, sender, subject, &[hello, asked, now]);
    letter.stop = link(
        l.choose("Jeg vil ikke have disse mails", "I do not want these mails"),
        choose,
    );
    letter
}

/// What a digest counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Due {
    /// Should be answered by now.
    pub due: u64,
    /// Should have been.
    pub overdue: u64,
    /// Calls to make.
    pub calls: u64,
}

/// To staff, once a week.
#[must_use]
pub fn digest(l: Language, sender: String, due: Due, open: String, choose: String) -> Letter {
    let subject = l.choose("Ugens overblik", "This week at a glance");
    let hello = l.choose("Godmorgen", "Good morning");
    let mut letter = letter(l, sender, subject, &[hello]);
    letter.paragraphs.push(match l {
        Language::Danish => format!(
            "Skal svares på nu: {}. Over fristen: {}. Opkald, der venter: {}.",
            due.due, due.overdue, due.calls
        ),
        Language::English => format!(
            "To be answered now: {}. Overdue: {}. Calls waiting: {}.",
            due.due, due.overdue, due.calls
        ),
    });
    letter.link = link(l.choose("Åbn arbejdslisten", "Open the worklist"), open);
    letter.stop = link(
        l.choose("Jeg vil ikke have denne mail", "I do not want this mail"),
        choose,
    );
    letter
}

/// To whoever set up the mail server.
#[must_use]
pub fn test(l: Language, sender: String) -> Letter {
    let words = l.choose(
        "Denne mail viser, at Bedring kan sende mails.",
        "This mail shows that Bedring can send mails.",
    );
    let subject = l.choose("Prøvemail", "Test mail");
    letter(l, sender, subject, &[words])
}
