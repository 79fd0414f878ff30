//! Who is measured.

/// What a variant protects its function with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protection {
    Nothing,
    Retry,
    Breaker,
    All,
}

impl Protection {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Retry => "retry, deadline",
            Self::Breaker => "breaker",
            Self::All => "retry, deadline, breaker",
        }
    }
}

/// A way to protect a function.
#[derive(Debug)]
pub(crate) struct Variant {
    /// Of its source in `users/`, and in the names of what is built.
    pub(crate) id: &'static str,
    /// As it is told in the tables.
    pub(crate) title: &'static str,
    pub(crate) protection: Protection,
    /// Its dependencies beside tokio.
    pub(crate) dependencies: &'static str,
    /// The service that has to be there, if one has.
    pub(crate) service: Option<Service>,
}

/// What a function calls that does not make the attempt itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Service {
    /// What makes it.
    pub(crate) make: &'static str,
    /// How it is borrowed for a call.
    pub(crate) borrow: &'static str,
}

impl Variant {
    /// The name of its package, which is none of a peer's.
    pub(crate) fn package(&self) -> String {
        format!("user-{}", self.id)
    }

    /// The name of its program with one function.
    pub(crate) fn hello(&self) -> String {
        format!("hello-{}", self.id)
    }

    /// Whether it stands on none of the peers: plain tokio, what is written by hand, and ours.
    pub(crate) fn peerless(&self) -> bool {
        ["", FASTRAND, OURS].contains(&self.dependencies)
    }

    const fn with_service(mut self, make: &'static str, borrow: &'static str) -> Self {
        self.service = Some(Service { make, borrow });
        self
    }
}

const fn variant(
    id: &'static str,
    title: &'static str,
    protection: Protection,
    dependencies: &'static str,
) -> Variant {
    Variant {
        id,
        title,
        protection,
        dependencies,
        service: None,
    }
}

const OURS: &str = r#"wait-or-die = { path = "RUNTIME" }"#;
const FASTRAND: &str = r#"fastrand = "=2.5.0""#;

pub(crate) const VARIANTS: &[Variant] = &[
    variant("plain", "plain tokio", Protection::Nothing, ""),
    variant("hand-retry", "by hand", Protection::Retry, FASTRAND),
    variant(
        "wait-or-die-retry",
        "**`#[wait_or_die]`**",
        Protection::Retry,
        OURS,
    ),
    variant(
        "backon",
        "backon 1.6.0",
        Protection::Retry,
        r#"backon = "=1.6.0""#,
    ),
    variant(
        "tokio-retry",
        "tokio-retry 0.3.2",
        Protection::Retry,
        r#"tokio-retry = "=0.3.2""#,
    ),
    variant(
        "tokio-retry2",
        "tokio-retry2 0.9.1",
        Protection::Retry,
        r#"tokio-retry2 = { version = "=0.9.1", features = ["jitter"] }"#,
    ),
    variant(
        "backoff",
        "backoff 0.4.0",
        Protection::Retry,
        r#"backoff = { version = "=0.4.0", features = ["tokio"] }"#,
    ),
    variant(
        "tryhard",
        "tryhard 0.5.2",
        Protection::Retry,
        r#"tryhard = "=0.5.2""#,
    ),
    variant(
        "retry-policies",
        "retry-policies 0.5.2",
        Protection::Retry,
        r#"retry-policies = "=0.5.2""#,
    ),
    variant(
            "tower",
            "tower 0.5.3",
            Protection::Retry,
            r#"tower = { version = "=0.5.3", features = ["retry", "timeout", "util"] }"#,
    )
    .with_service("service_N()", "&mut"),
    variant("hand-breaker", "by hand", Protection::Breaker, ""),
    variant(
        "wait-or-die-breaker",
        "**`#[circuit_breaker]`**",
        Protection::Breaker,
        OURS,
    ),
    variant(
        "failsafe",
        "failsafe 1.3.0",
        Protection::Breaker,
        r#"failsafe = "=1.3.0""#,
    ),
    variant(
        "recloser",
        "recloser 1.4.0",
        Protection::Breaker,
        r#"recloser = "=1.4.0""#,
    ),
    variant("hand-all", "by hand", Protection::All, FASTRAND),
    variant(
        "wait-or-die-all",
        "**both attributes**",
        Protection::All,
        OURS,
    ),
    variant(
        "backon-failsafe",
        "backon + failsafe",
        Protection::All,
        "backon = \"=1.6.0\"\nfailsafe = \"=1.3.0\"",
    ),
    variant(
            "seatbelt",
            "seatbelt 0.11.0",
            Protection::All,
            "seatbelt = { version = \"=0.11.0\", features = [\"retry\", \"timeout\", \"breaker\"] }\n\
             layered = \"=0.3.8\"\n\
             tick = { version = \"=0.8.0\", features = [\"tokio\"] }",
    )
    .with_service("service_N(&tick::Clock::new_tokio())", "&"),
    variant(
            "tower-resilience",
            "tower-resilience 0.13.0",
            Protection::All,
            "tower-resilience = { version = \"=0.13.0\", features = [\"retry\", \"timelimiter\", \"circuitbreaker\"] }\n\
             tower = { version = \"=0.5.3\", features = [\"util\"] }",
    )
    .with_service("service_N()", "&mut"),
];
