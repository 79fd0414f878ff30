//! The ledger against a model of a file system that loses what it may, and against the real one.

mod crash;
mod damage;
mod failures;
mod inode;
mod model;
mod property;
mod reference;
mod rules;
mod shared;
