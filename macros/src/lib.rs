//! The attributes of `wait-or-die`. Depend on that crate, which re-exports them.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unreachable
)]

use proc_macro::TokenStream;

mod check;
mod derive;
mod duration;
mod expand;
mod fallback;
mod fuse;
mod item;
mod options;
mod paths;
mod words;

/// Bounds a function that calls something which fails: each attempt, the whole call, the retries.
///
/// The function's body is one attempt. It has to return a `Result` whose error is `Display`, made
/// `From<wait_or_die::Error>` (that is what a call gets when a deadline cuts an `async fn` off) and,
/// unless the attribute itself decides what is retried, `Classify`.
///
/// ```text
/// #[wait_or_die(timeout = "30s", max_retries = 5, initial_wait = "500ms", max_wait = "5s")]
/// async fn fetch(client: &Client, id: u64) -> Result<Page, FetchError> {
///     client.get(id).await
/// }
/// ```
///
/// # Options
///
/// | option | type | default | meaning |
/// |---|---|---|---|
/// | `timeout` | duration | `"300s"` | wall clock for the whole call: attempts and waits; an `async fn` is cut off |
/// | `attempt_timeout` | duration | none | bound of each attempt, clipped to what is left of `timeout`; `async fn` only |
/// | `max_retries` | `u32` | 50 | retries after the first attempt; 0 makes one attempt, still bounded |
/// | `initial_wait` | duration | `"1s"` | first wait |
/// | `max_wait` | duration | `"60s"` | hard cap of every computed wait, jitter included |
/// | `strategy` | `fixed`, `linear`, `exponential`, `fibonacci`, or a path | `exponential` | how waits grow; a path names a `fn(u32) -> Duration` or a constructor of a `WaitSequence` |
/// | `multiplier` | `f64` >= 1 | 2.0 | growth of `exponential` |
/// | `jitter` | `none`, `full`, `equal`, `decorrelated` | `full` | how waits are spread; `none` with a custom strategy |
/// | `retry_if` | path or closure | the error's `Classify` | `Fn(&E) -> bool` or `-> Verdict`, asked per error |
/// | `retry_on(..)` | patterns | | errors that are retried; every other one is permanent |
/// | `abort_on(..)` | patterns | | errors that are not retried, whatever else decides |
/// | `budget` | name, or `none` | the breaker's name; without one the call's own | the retry budget that retries are paid from, shared by name; 20 % of calls and 3 per second in reserve |
/// | `when_open` | `fail`, `wait` | `fail` | beside `#[circuit_breaker]`: what an open breaker does to the call: reject it at once, or let it wait, within `timeout`, until the breaker may be tried |
/// | `clone(a, b)` | arguments | | by-value arguments that the body consumes, cloned for each attempt |
/// | `attempt` | identifier | | binds the attempt's context (`wait_or_die::Attempt`) in the body |
/// | `fields(..)` | expressions | none | the only values ever recorded, read after a failed attempt; `%value` records its `Display` text, filtered |
/// | `on_retry` | path | | `fn(&Retry<'_, E>)`, called before each wait |
/// | `fallback` | path | | called on every `Err` with the same arguments plus the error; async for an `async fn` |
/// | `halt` | alone, or an expression | | where the caller would get an error, or the call panics, the program is told to stop: `wait_or_die::halt::system()`, or a `Halt` of one's own, read once per call before the first attempt |
/// | `policy` | path to a `const` | | a `RetryPolicy` that stands for what is not written |
/// | `name` | string | module path and function | the operation's name in events and errors |
/// | `exponential_backoff` | bool | | `true` is `strategy = exponential`, `false` is `strategy = fixed` |
/// | `crate` | path | `::wait_or_die` | where the runtime crate is found, for re-exports |
///
/// A duration is a text (`"1m30s"`, `"500ms"`), a number of seconds (`300`, `0.5`) or a `const`
/// expression of type `Duration`. Durations, `max_retries`, `multiplier`, `policy` and `strategy`
/// become constants: they can name neither `Self` nor a generic parameter. The other options are
/// evaluated in the function, where both may be named.
///
/// # Who decides
///
/// `abort_on` first; then `retry_on` if it is written, else `retry_if` if it is written, else the
/// error's own `Classify`. Only the last needs the trait.
///
/// An attempt that `attempt_timeout` cut off has no error of the body's, and is transient unless
/// `abort_on` names the error made from `wait_or_die::Error`: where an attempt must not be repeated
/// unless it certainly did nothing, name that variant in `abort_on(..)`.
///
/// # Time
///
/// The clock of an `async fn` starts when its body first suspends or fails: a body that is ready
/// at once reads no clock. `attempt_timeout` counts from each attempt's first suspension. The clock
/// of a plain `fn` starts with the call; nothing can stop an attempt of it, so its `timeout` is
/// looked at between attempts. A wait that may end at or after the deadline (by two milliseconds,
/// which is how late tokio's timer may be) is not started: the call fails at once with the body's
/// own last error.
///
/// A call that runs inside an attempt of another annotated call starts no wait that would outlast
/// that attempt. That retries multiply there is told once per call site.
///
/// # What it expands to
///
/// ```text
/// async fn fetch(client: &Client, id: u64) -> Result<Page, FetchError> {
///     const POLICY: RetryPolicy = RetryPolicy::new().with_timeout(..).with_max_retries(5)..;
///     static SITE: Site = Site::new("module::fetch", file!(), line!(), POLICY);
///     let mut call = Call::new(&SITE);
///     loop {
///         let out = call.attempt(async { /* the body */ }).await;
///         if settle(&mut call, &out, classify, ..).is_break() { break out; }
///         call.wait().await;
///     }
/// }
/// ```
///
/// With `halt` all of that, and the `fallback`, runs inside one more future that looks at what the caller is about to get:
/// `Watch::system(&SITE).over(async { .. }).await`; in a plain `fn` inside a closure.
///
/// # Other attributes
///
/// [`#[circuit_breaker]`](macro@circuit_breaker) on the same function puts a breaker round each
/// attempt. The two become one expansion, whichever is written first, also behind `cfg_attr` and, with
/// an option, under another name.
///
/// Other attributes expand from the top down, each around the body it finds: the topmost one ends up
/// innermost. `#[async_trait]` on an impl expands before the attributes of its methods, and its
/// methods are recognised. `#[tracing::instrument]` above this attribute opens a span per attempt
/// (and moves owned arguments into it, which then have to be named in `clone(..)`), below it one
/// span for the whole call; on a method of `#[async_trait]` it has to stand below. `#[tokio::main]` and `#[tokio::test]` belong below this attribute: above
/// it they leave a plain `fn`, of which no attempt can be stopped.
///
/// An attribute below this one, of whatever name, whose arguments are all options of this library
/// may be ours under another name: it is waited for, so that it expands first. One without arguments is
/// known only by its own name, `wait_or_die` or `circuit_breaker`; so is one of a name that
/// everybody knows, such as `main` or `instrument`, where it has no other options than `name`,
/// `key`, `fields` and `crate`. Two of ours that could not be put together are refused.
///
/// An attribute of somebody else's that stands between the two and drops the attributes which it
/// finds on the function drops what stands above it too. Write ours next to each other.
///
/// # Cancellation and panics
///
/// Dropping the future drops the running attempt at once and leaves nothing behind. A panic in the
/// body passes through and is not retried. Under `halt` the first stops nothing and the second stops the program. An `async fn` that suspends or waits needs a tokio
/// runtime with time enabled, and panics without one as `tokio::time::sleep` does.
///
/// # Limitations
///
/// - A by-value argument that the body consumes has to be named in `clone(..)`, or the compiler
///   reports a use of a moved value (E0382).
/// - A return value that borrows from a `&mut` argument cannot leave the attempt that borrowed it
///   (E0524 or a lifetime error on the signature). Return an owned value, or take `&` instead.
/// - `mut self` keeps what an attempt made of it. Other `mut` arguments start afresh; one that is
///   not `Copy` has to be named in `clone(..)` for that. `self` cannot be named there.
/// - By-value arguments are borrowed by each attempt, so that a future is `Send` only if those that
///   the body uses are `Sync` as well.
///
/// # Cost
///
/// When the body is ready at once: no allocation, no clock read, no lock. When it suspends: one timer
/// for the whole call, and one allocation, which the next call on the thread takes over where this one
/// has ended; a failure allocates once more. The future grows by
/// a constant of at most 96 bytes (72 with three arguments in use; `attempt`, `clone`, `fields` and
/// `fallback` add the room of what they hold). `halt` adds 80 bytes and allocates nothing on success.
#[proc_macro_attribute]
pub fn wait_or_die(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(fuse::Kind::WaitOrDie, args.into(), item.into()).into()
}

/// Keeps a function from calling a dependency that is down, and lets it try again in time.
///
/// ```text
/// #[circuit_breaker(name = "notion", failure_threshold = 5, recovery_timeout = "60s")]
/// #[wait_or_die(timeout = "300s", max_retries = 50)]
/// async fn push(client: &Client, page: &Page) -> Result<PageId, PushError> {
///     client.push(page).await
/// }
/// ```
///
/// Failures open the breaker; while it is open, calls are rejected without running the body. After
/// `recovery_timeout` it is half-open and lets a few calls through; their success closes it. All
/// functions that name one breaker share it.
///
/// The function has to return a `Result` whose error is made `From<wait_or_die::Error>`: that is what
/// a rejected call gets. It says when to come again (`retry_in`).
///
/// # Options
///
/// | option | type | default | meaning |
/// |---|---|---|---|
/// | `name` | string | required | the breaker's name in events, snapshots and settings; alone it joins the settings that another function or the program declares |
/// | `failure_threshold` | `u32` | 5 | so many failures in a row open it |
/// | `failure_rate` | `f64` above 0, at most 1 | none | in place of that: this share of failures among the calls in `window` |
/// | `window` | number of calls, or time | 100 calls | what rates look back on: `100`, `"10s"`, or a `const` expression of type `Window` |
/// | `minimum_calls` | `u32` | 10, or `window` if that is less | fewer calls in the window never open it |
/// | `slow_call` | duration | none | a call that takes this long or longer is slow |
/// | `slow_call_rate` | `f64` above 0, at most 1 | 0.5 | with `slow_call`: this share of slow calls opens it too |
/// | `recovery_timeout` | duration | `"60s"` | how long it stays open before it lets a probe through |
/// | `max_recovery_timeout` | duration | none | lets that time grow with each reopening, jittered, up to this |
/// | `success_threshold` | `u32` | 1; with `failure_rate` none | so many successful probes close it, and the first failed one reopens it; with `failure_rate` and without this, the rates of `half_open_calls` results decide |
/// | `half_open_calls` | `u32`, at most 10000 | 1 | probes at a time |
/// | `key` | expression | none | one breaker for each value, under one name and with the same settings; anything that is `Display`, read once per call before the first attempt |
/// | `failure_if` | path or closure | | `Fn(&E) -> bool`: true is a failure, false a success |
/// | `ignore_if` | path or closure | | `Fn(&E) -> bool`, asked first: true counts as nothing |
/// | `on_cancel` | `ignore`, `failure` | `ignore` | what a call counts as whose future is dropped half-way |
/// | `policy` | path to a `const` | | a `BreakerPolicy` that stands for what is not written |
/// | `crate` | path | `::wait_or_die` | where the runtime crate is found, for re-exports |
///
/// Durations are written as in [`#[wait_or_die]`](macro@wait_or_die). Settings become constants: they
/// can name neither `Self`, nor a generic parameter, nor an argument. `key`, `failure_if` and
/// `ignore_if` are evaluated in the function, where all of them may be named.
///
/// Two functions may declare the same settings for one name. If they differ, those that came first
/// stay, and a call of the other function gets `wait_or_die::Error::Config`, which names both places.
///
/// # What counts as what
///
/// | outcome | for the breaker |
/// |---|---|
/// | `Ok` | success |
/// | `Err` for which `ignore_if` is true | nothing; a probe gives its place back |
/// | any other `Err` beside `failure_if` | failure if that is true, else success |
/// | `Err` that is `Classify`: transient, fault | failure |
/// | permanent | success: the dependency answered |
/// | throttled, ignore | nothing |
/// | `Err` without `Classify` | failure |
/// | a panic; an attempt cut off by a bound of `#[wait_or_die]` | failure |
/// | a future that is dropped before its end | nothing, unless `on_cancel = failure` |
///
/// Beside `#[wait_or_die]` the verdict is the one that decides about the retry: `abort_on`,
/// `retry_on` and `retry_if` count here too where neither `ignore_if` nor `failure_if` says.
///
/// # What it expands to
///
/// ```text
/// async fn push(client: &Client, page: &Page) -> Result<PageId, PushError> {
///     const POLICY: BreakerPolicy = BreakerPolicy::new().with_failure_threshold(5)..;
///     static BREAKER: BreakerSite = BreakerSite::new("notion", file!(), line!()).with_policy(POLICY);
///     static SITE: Site = ..;
///     let mut call = BreakerCall::new(&SITE, &BREAKER);
///     let out = call.attempt(async move { /* the body */ }).await;
///     call.settle(&out, |error| ..);
///     out
/// }
/// ```
///
/// # Other attributes
///
/// Beside `#[wait_or_die]`, in either order, the breaker stands inside the retry and sees every
/// attempt: fallback ( deadline ( retry ( breaker ( attempt timeout ( body ))))). Its rejection is
/// not retried and costs no retry budget; `when_open = wait` on `#[wait_or_die]` waits for it instead.
/// The two share a retry budget of the breaker's name unless `budget` is written.
///
/// `#[async_trait]`, `#[tracing::instrument]`, `#[tokio::main]`, `#[tokio::test]` and attributes that
/// are not known stand to this attribute as they stand to [`#[wait_or_die]`](macro@wait_or_die).
///
/// # Cancellation and panics
///
/// Dropping the future drops the body at once; a probe gives its place back. A panic in the body is
/// counted, and passes through. In a plain `fn` the breaker works the same, without cancellation.
///
/// # Limitations
///
/// - Where `failure_if` or `ignore_if` names an argument, the body borrows what it
///   does not consume, and the future is `Send` only if the by-value arguments that it borrows are
///   `Sync`. Otherwise the body owns its arguments, as in the plain function.
/// - A predicate is asked after the body: one that names an argument which the body consumes is a
///   use of a moved value (E0382). Compute what it needs in the caller and pass it as an argument, or
///   let the body borrow.
/// - `name` is a literal; `key` is what may differ from call to call. A `key` cannot fail or wait:
///   there is no `?`, `return` or `.await` in it outside a closure.
/// - Where the function is generic in its error, that error needs the bound `E: Classify` on the
///   function for its verdict to count; else every `Err` is a failure, whatever the type is in the
///   end. The choice is made where the function is written.
/// - A name keeps at most 1024 keys; more evict those that were used longest ago, open ones last.
///
/// # Cost
///
/// A closed breaker that counts failures in a row costs a success no write and no clock read; the
/// first use of a call site looks its name up. `slow_call` and a `window` of time read the clock on
/// every call. `key` is written out as text and looked up under a lock for each call.
#[proc_macro_attribute]
pub fn circuit_breaker(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(fuse::Kind::CircuitBreaker, args.into(), item.into()).into()
}

/// What an attribute leaves behind for the one that expands last. No part of the interface.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn __finish(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::finish(args.into(), item.into()).into()
}

/// Says for each variant of an error what it means for a retry.
///
/// ```text
/// #[derive(Debug, thiserror::Error, Classify)]
/// enum FetchError {
///     #[error("busy")]
///     #[classify(transient)]                    // worth another attempt
///     Busy,
///     #[error("too many requests")]
///     #[classify(throttled(after = after))]     // not before this time has passed
///     TooMany { after: Duration },
///     #[error("no such page")]
///     #[classify(permanent)]                    // the dependency answered; trying again changes nothing
///     NotFound,
///     #[error(transparent)]
///     #[classify(source)]                       // ask the error inside
///     Io(#[from] std::io::Error),
///     #[error(transparent)]
///     #[classify(source)]
///     WaitOrDie(#[from] wait_or_die::Error),
/// }
/// ```
///
/// The words are those of `Verdict`: `transient`, `throttled`, `permanent`, `fault`, `ignore`; a
/// word on the enum itself is the default of its variants, and a variant without either is refused.
/// `#[classify(crate = path)]` on the type names the runtime crate where it is re-exported.
#[proc_macro_derive(Classify, attributes(classify))]
pub fn derive_classify(input: TokenStream) -> TokenStream {
    derive::derive_classify(input.into()).into()
}
