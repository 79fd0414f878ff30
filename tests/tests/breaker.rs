//! `#[circuit_breaker]`: alone and with `#[wait_or_die]`, whichever stands above, on `async fn` and on `fn`.

#[macro_use]
#[path = "breaker/forms.rs"]
mod forms;

#[path = "breaker/alone.rs"]
mod alone;
#[path = "breaker/conflicts.rs"]
mod conflicts;
#[path = "breaker/conformance.rs"]
mod conformance;
#[path = "breaker/edges.rs"]
mod edges;
#[path = "breaker/expressions.rs"]
mod expressions;
#[path = "breaker/fusing.rs"]
mod fusing;
#[path = "breaker/nested.rs"]
mod nested;
#[path = "breaker/options.rs"]
mod options;
#[path = "breaker/promises.rs"]
mod promises;
#[path = "breaker/shapes.rs"]
mod shapes;
#[path = "breaker/telling.rs"]
mod telling;
#[path = "breaker/threads.rs"]
mod threads;
#[path = "breaker/waiting.rs"]
mod waiting;
