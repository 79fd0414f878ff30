//! The other libraries.

/// From one list, so that none has a name and no column.
macro_rules! peers {
    ($($peer:ident = $name:literal,)*) => {
        /// A library that does something like it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Peer {
            $($peer,)*
        }

        impl Peer {
            /// In the order of the table's columns.
            pub(crate) const ALL: &[Self] = &[$(Self::$peer,)*];

            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(Self::$peer => $name,)*
                }
            }
        }
    };
}

peers! {
    Backon = "backon",
    TokioRetry = "tokio-retry",
    TokioRetry2 = "tokio-retry2",
    Backoff = "backoff",
    Tryhard = "tryhard",
    RetryPolicies = "retry-policies",
    Failsafe = "failsafe",
    Recloser = "recloser",
    Seatbelt = "seatbelt",
    Tower = "tower",
    TowerResilience = "tower-resilience",
}
