//! Rounds in which every variant has its turn, so that what disturbs the machine disturbs them all; medians of rounds,
//! and of ratios taken within a round.

mod case;
mod figures;
mod gate;
mod peer;
mod plan;
mod sample;
mod stage;

pub(crate) use case::{Apart, Case, Driven, Expected, InPlace, Role, Seat, Work};
pub(crate) use figures::{Record, Unit, float};
pub(crate) use peer::Peer;
pub(crate) use plan::{Plan, Scenario};
pub(crate) use stage::Stage;
