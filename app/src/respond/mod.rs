//! A citizen's way: the link or code, letter, consent, one question at a time, thanks, and what is mine.

mod aloud;
mod app;
mod before;
mod browser;
mod code;
mod consent;
mod devices;
mod end;
mod finish;
pub mod flow;
mod instead;
mod mine;
mod moved;
mod news;
mod notices;
mod page;
mod papers;
mod pause;
mod question;
mod review;
mod session;
mod start;
pub mod trail;
mod unlock;
mod ways;
mod withdraw;

pub use start::run;
