//! Every text stays plain: short sentences, and few long words. The rules in words are in `server/docs/words.md`.

const DANISH: &str = include_str!("da.rs");
const ENGLISH: &str = include_str!("en.rs");

/// A sentence of more words than this is two sentences.
const LONGEST_SENTENCE: usize = 20;
/// The readability index LIX: below 25 is a children's book, 35 an easy newspaper, above 45 an authority's letter.
const HARDEST: usize = 35;
/// In a text of fewer words one long word decides the index.
const MEASURABLE: usize = 20;

/// The texts of a language's file. They are read from the source, so that no text escapes: functions hold texts, too.
fn texts(source: &str) -> Vec<String> {
    let parts: Vec<_> = source.split('"').collect();
    assert!(
        !source.contains("\\\""),
        "quotation marks in texts are “curly”"
    );
    let quoted = parts.iter().skip(1).step_by(2);
    quoted.map(|text| text.replace("\\n", "\n")).collect()
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !(c.is_alphanumeric() || "’'-_@.".contains(c)))
        .map(|word| word.trim_matches('.'))
        .filter(|word| word.chars().any(char::is_alphabetic))
        .collect()
}

fn sentences(text: &str) -> Vec<Vec<&str>> {
    let ends = |c: char| "!?:;\n".contains(c);
    text.split(ends)
        .flat_map(|part| part.split(". "))
        .map(words)
        .filter(|sentence| !sentence.is_empty())
        .collect()
}

/// Words in a sentence on average, and how many in a hundred have more than six letters.
fn lix(text: &str) -> usize {
    let sentences = sentences(text);
    let all: Vec<_> = sentences.iter().flatten().collect();
    let long = all.iter().filter(|word| word.chars().count() > 6).count();
    all.len() / sentences.len().max(1) + 100 * long / all.len().max(1)
}

#[test]
fn no_sentence_is_long_and_no_text_is_hard() {
    for source in [DANISH, ENGLISH] {
        let texts = texts(source);
        assert!(texts.len() > 200, "the texts are found");
        for text in texts {
            for sentence in sentences(&text) {
                let count = sentence.len();
                assert!(count <= LONGEST_SENTENCE, "{count} words: {sentence:?}");
            }
            if words(&text).len() >= MEASURABLE {
                let hard = lix(&text);
                assert!(hard <= HARDEST, "LIX {hard}: {text}");
            }
        }
    }
}

#[test]
fn words_that_people_do_not_use_are_not_used() {
    // The better word stands in words.md.
    const DANISH_OFFICE: [&str; 12] = [
        "vedkommende",
        "evaluator",
        "førmåling",
        "eftermåling",
        "brugererfaring",
        "samtykke",
        "pseudonym",
        "respondent",
        "registreret",
        "foretage",
        "såfremt",
        "mindes",
    ];
    const ENGLISH_OFFICE: [&str; 6] = [
        "evaluators",
        "lived experience",
        "measurement",
        "consent",
        "whom",
        "pseudonym",
    ];
    let has = |source: &str, word: &str| {
        let mut texts = texts(source).into_iter();
        texts.find(|text| {
            let text = text.to_lowercase();
            // A text of one lower-case word is a key of the contract.
            text != word && text.contains(word)
        })
    };
    for word in DANISH_OFFICE {
        assert_eq!(has(DANISH, word), None, "{word}");
    }
    for word in ENGLISH_OFFICE {
        assert_eq!(has(ENGLISH, word), None, "{word}");
    }
}

#[test]
fn the_index_tells_easy_from_hard() {
    let easy = "Du kan holde pause. Dine svar er gemt her.";
    let hard = "Databeskyttelsesmyndighedens sagsbehandlingstid forlænges såfremt oplysningspligten tilsidesættes væsentligt";
    assert!(lix(easy) < 15, "{}", lix(easy));
    assert!(lix(hard) > 60, "{}", lix(hard));
    assert_eq!(sentences("Et. To tre! Fire?").len(), 3);
}
