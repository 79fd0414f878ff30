//! Behaviour across crates. The pages of the guide are compiled and run here, as documentation tests.

#[doc = include_str!("../../README.md")]
mod readme {}

#[doc = include_str!("../../docs/guide.md")]
mod guide {}
