//! The Danish words for what stands in cells, as the screens and people's own lists have them. Each stands for a word of ours.

/// What became of a project.
const STATUSES: [(&str, &str); 6] = [
    ("aktiv", "active"),
    ("aktivt", "active"),
    ("i_gang", "active"),
    ("undtaget", "exempt"),
    ("fritaget", "exempt"),
    ("udgået", "withdrawn"),
];
/// What somebody is in a project. Volunteers alone are not enough: only those with lived experience are measured.
const ROLES: [(&str, &str); 11] = [
    ("deltager", "participant"),
    ("borger", "participant"),
    ("frivillig_med_brugererfaring", "volunteer_lived_experience"),
    (
        "frivillig_med_brugererfaringer",
        "volunteer_lived_experience",
    ),
    (
        "frivillig_uden_brugererfaring",
        "volunteer_no_lived_experience",
    ),
    (
        "frivillig_uden_brugererfaringer",
        "volunteer_no_lived_experience",
    ),
    ("både_deltager_og_frivillig", "both"),
    ("begge", "both"),
    ("begge_dele", "both"),
    ("vil_helst_ikke_sige_det", "rather_not_say"),
    ("vil_ikke_oplyse", "rather_not_say"),
];
/// Why an exit is missing.
const REASONS: [(&str, &str); 13] = [
    ("er_stadig_i_forløb", "still_enrolled"),
    ("stadig_i_forløb", "still_enrolled"),
    ("gik_videre_til_et_andet_tilbud", "moved_to_other_offer"),
    ("andet_tilbud", "moved_to_other_offer"),
    ("ville_ikke_svare_denne_gang", "declined"),
    ("ville_ikke_svare", "declined"),
    ("kunne_ikke_længere_kontaktes", "stopped_contact"),
    ("ingen_kontakt", "stopped_contact"),
    ("ingen_ved,_hvornår_forløbet_sluttede", "end_cannot_be_told"),
    ("sygdom", "illness"),
    ("er_død", "died"),
    ("død", "died"),
    ("andet", "other"),
];
/// How an answer came about.
const MODES: [(&str, &str); 8] = [
    ("egen_telefon_eller_computer", "own_device"),
    ("egen_telefon", "own_device"),
    ("projektets_tablet", "shared_device"),
    ("fælles_tablet", "shared_device"),
    ("tablet", "shared_device"),
    ("med_hjælp", "with_help"),
    ("på_papir", "paper"),
    ("papir", "paper"),
];
/// Which measurement.
const KINDS: [(&str, &str); 3] = [
    ("førmåling", "intake"),
    ("eftermåling", "exit"),
    ("opfølgning", "follow_up"),
];

fn ours<'a>(words: &[(&str, &'static str)], word: &'a str) -> &'a str {
    let found = words.iter().find(|(danish, _)| *danish == word);
    found.map_or(word, |(_, ours)| ours)
}

/// Our word for a status, if it is a Danish one; any other word as it is.
pub(super) fn status(word: &str) -> &str {
    ours(&STATUSES, word)
}

/// Our word for a role.
pub(super) fn role(word: &str) -> &str {
    ours(&ROLES, word)
}

/// Our word for a reason.
pub(super) fn reason(word: &str) -> &str {
    ours(&REASONS, word)
}

/// Our word for a kind of measurement.
pub(super) fn kind(word: &str) -> &str {
    ours(&KINDS, word)
}

/// Our word for a mode.
pub(super) fn mode(word: &str) -> &str {
    ours(&MODES, word)
}

#[cfg(test)]
mod tests {
    use bedring_domain::course::{MissedReason, Mode, OccasionKind, RespondentType};

    use super::*;

    /// A word that stands for none of ours would be told as a mistake of the file.
    #[test]
    fn every_danish_word_stands_for_one_of_ours() {
        for (danish, ours) in ROLES {
            assert!(RespondentType::parse(ours).is_some(), "{danish}");
        }
        for (danish, ours) in REASONS {
            assert!(MissedReason::parse(ours).is_some(), "{danish}");
        }
        for (danish, ours) in MODES {
            assert!(Mode::parse(ours).is_some(), "{danish}");
        }
        for (danish, ours) in KINDS {
            assert!(OccasionKind::parse(ours).is_some(), "{danish}");
        }
        for (danish, ours) in STATUSES {
            assert!(
                ["active", "exempt", "withdrawn"].contains(&ours),
                "{danish}"
            );
        }
    }
}
