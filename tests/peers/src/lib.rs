//! The project beside its peers, and beside the least that can be written by hand; README.md says how to run it.

mod body;
mod clock;
mod command;
mod hand;
mod harness;
mod ours;
mod peers;
mod report;
mod scenarios;
mod storm;

mod turning;
mod window;

pub use command::run;
