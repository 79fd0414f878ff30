//! The example stands beside this file: `main.rs`.
