//! Every vector in every instrument file that Bedring ships, natively and in WebAssembly: the phone and the server score alike.
//! The expected values stand in the files, with the arithmetic beside them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]
#![allow(missing_docs)]

use bedring_domain::instrument::{Kind, file};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const FILES: [(&str, &str); 3] = [
    (
        "mhrm-30",
        include_str!("../instruments/mhrm-30.demo-1.toml"),
    ),
    ("lsns-9", include_str!("../instruments/lsns-9.demo-1.toml")),
    ("lsns-6", include_str!("../instruments/lsns-6.demo-1.toml")),
];

#[test]
fn all_vectors_pass_and_there_are_enough_of_them() {
    let mut vectors = 0;
    for (name, source) in FILES {
        let read = file::read(source).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(read.definition.instrument, name);
        assert_eq!(read.definition.kind, Kind::Demonstration);
        assert!(
            read.vectors
                .iter()
                .all(|v| !v.expect.is_empty() && !v.worked.trim().is_empty()),
            "{name}: a vector proves nothing"
        );
        vectors += read.vectors.len();
    }
    assert!(vectors >= 40, "only {vectors} vectors");
}

#[test]
fn a_wrong_expectation_is_told_with_its_line() {
    let broken = FILES[2].1.replacen("below = 12", "below = 13", 1);
    let error = file::read(&broken)
        .expect_err("a cut-off of 13 contradicts the vectors")
        .to_string();
    assert!(
        error.starts_with("line ") && error.contains("cut-offs"),
        "{error}"
    );
}

#[test]
fn a_file_with_an_unknown_field_or_a_missing_text_is_refused_with_line_and_reason() {
    let unknown = FILES[1]
        .1
        .replacen("format = 1", "format = 1\nformatt = 2", 1);
    let error = file::read(&unknown).expect_err("unknown field").to_string();
    assert!(error.contains("formatt"), "{error}");
    let no_english = FILES[1].1.replacen(
        "languages = [\"da\", \"en\"]",
        "languages = [\"da\", \"en\", \"kl\"]",
        1,
    );
    let error = file::read(&no_english)
        .expect_err("no text in Greenlandic")
        .to_string();
    assert!(error.contains("\"kl\""), "{error}");
}

#[test]
fn a_vector_that_proves_nothing_or_shares_its_name_is_refused() {
    let vector = |name: &str, expect: &str| {
        format!(
            "\n[[vectors]]\nname = \"{name}\"\nworked = \"none\"\nanswers = {{}}\nexpect = {expect}\n"
        )
    };
    let empty = format!("{}{}", FILES[2].1, vector("nothing at all", "[]"));
    let error = file::read(&empty).expect_err("an empty vector").to_string();
    assert!(
        error.contains("\"nothing at all\" expects nothing"),
        "{error}"
    );
    let name = &file::read(FILES[2].1).unwrap().vectors[0].name;
    let expect = "[{ scale = \"x\", score = 1.0, sum = 1, answered = 0, skipped = 0, not_relevant = 0, missing = 0, prorated = false, cut_offs = [] }]";
    let twice = format!("{}{}", FILES[2].1, vector(name, expect));
    let error = file::read(&twice).expect_err("two of a name").to_string();
    assert!(error.contains("is named twice"), "{error}");
}
