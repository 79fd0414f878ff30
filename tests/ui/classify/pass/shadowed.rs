//! The user's own items have the names that the expansion needs.
#![deny(warnings)]
#![allow(dead_code, non_camel_case_types)]

mod user {
    pub struct Option;
    pub struct Some;
    pub struct None;
    pub struct Verdict;
    pub struct Classify;
    pub struct Permanent;
    pub struct Duration;
    pub mod core {}
    pub mod std {}
    pub fn field() {}

    #[derive(wait_or_die::Classify)]
    pub enum Error {
        #[classify(transient)]
        field,
        #[classify(throttled)]
        Verdict,
        #[classify(throttled(after = field))]
        None { field: ::core::time::Duration },
        #[classify(throttled(after = 0))]
        Some(::core::option::Option<::core::time::Duration>),
        #[classify(permanent)]
        r#type { r#match: u8 },
        #[classify(source = r#match)]
        r#match { r#match: ::std::io::Error, krate: u8 },
    }
}

fn main() {
    use wait_or_die::{Classify, Verdict};
    assert_eq!(user::Error::field.classify(), Verdict::Transient);
    assert_eq!(user::Error::Verdict.classify(), Verdict::Throttled(None));
    assert_eq!(user::Error::r#type { r#match: 1 }.classify(), Verdict::Permanent);
}
