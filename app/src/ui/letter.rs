//! Letters: paragraphs separated by empty lines, lines with `# ` are headings, lines with `- ` items of a list.

use super::dom::{View, el, p};

/// A piece of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading within the letter.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// A list.
    List(Vec<String>),
}

/// The pieces of a letter's body.
#[must_use]
pub fn blocks(body: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut new_paragraph = true;
    for line in body.lines().map(str::trim) {
        let fresh = core::mem::replace(&mut new_paragraph, line.is_empty());
        if line.is_empty() {
            continue;
        }
        if let Some(heading) = line.strip_prefix("# ") {
            blocks.push(Block::Heading(heading.trim().to_owned()));
            new_paragraph = true;
        } else if let Some(item) = line.strip_prefix("- ") {
            match blocks.last_mut() {
                Some(Block::List(items)) if !fresh => items.push(item.trim().to_owned()),
                _ => blocks.push(Block::List(vec![item.trim().to_owned()])),
            }
        } else {
            match blocks.last_mut() {
                Some(Block::Paragraph(text)) if !fresh => {
                    text.push(' ');
                    text.push_str(line);
                }
                _ => blocks.push(Block::Paragraph(line.to_owned())),
            }
        }
    }
    blocks
}

/// A letter's body.
#[must_use]
pub fn body(text: &str) -> View {
    let mut view = View::none();
    for block in blocks(text) {
        view = match block {
            Block::Heading(text) => view.and(el("h2", "").child(text)),
            Block::Paragraph(text) => view.and(p(text)),
            Block::List(items) => {
                let items: Vec<_> = items.into_iter().map(|i| el("li", "").child(i)).collect();
                view.and(el("ul", "").child(items))
            }
        };
    }
    view
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_read_line_by_line() {
        let text = "# Kære du\nFørste linje\nanden linje\n\nNyt afsnit\n- et\n- to\n\n- tre\nSlut";
        let p = |t: &str| Block::Paragraph(t.to_owned());
        let list = |items: &[&str]| Block::List(items.iter().map(|i| (*i).to_owned()).collect());
        assert_eq!(
            blocks(text),
            [
                Block::Heading("Kære du".to_owned()),
                p("Første linje anden linje"),
                p("Nyt afsnit"),
                list(&["et", "to"]),
                list(&["tre"]),
                p("Slut"),
            ]
        );
        assert_eq!(blocks(" \n\n"), []);
    }
}
