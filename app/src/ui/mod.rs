//! Widgets that know nothing of people, storage or network: texts and handlers go in, a view comes out.

pub mod dom;
pub mod letter;
pub mod meant;
mod widgets;

pub use dom::{View, div, dynamic, el, p, quiet};
pub use widgets::{Field, actions, button, confirm, heading, paragraphs, radios, row, rows, stack};
