//! The runtime under another name.
#![deny(warnings)]

mod resilience {
    pub use wait_or_die::*;
}

#[derive(resilience::Classify)]
#[classify(fault, crate = crate::resilience)]
struct Broken;

macro_rules! define {
    ($name:ident) => {
        #[derive(resilience::Classify)]
        #[classify(crate = $crate::resilience)]
        #[classify(ignore)]
        struct $name;
    };
}

define!(Cancelled);

fn main() {
    use resilience::Classify;
    assert_eq!(Broken.classify(), resilience::Verdict::Fault);
    assert_eq!(Cancelled.classify(), resilience::Verdict::Ignore);
}
