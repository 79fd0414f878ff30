//! Breakers for code without attributes.

use core::fmt::{self, Display};
use core::future::Future;
use core::time::Duration;
use std::borrow::Cow;
use std::panic::Location;
use std::sync::Arc;

use super::calling::Calling;
use super::family::Family;
use super::guard::Watch;
use super::named::{Handle, Named, RejectedCall, ticks};
use super::registry;
use super::{
    BreakerSnapshot, Core, ListenerId, Outcome, Permit, Place, Refusal, State, Transition, within,
};
use crate::{BreakerPolicy, BreakerPolicyError, Classify, ConfigError, Error, SafeText};

/// A circuit breaker with a name; its clones are one breaker.
///
/// The same breaker that `#[circuit_breaker(name = "..")]` puts before a function, for code without attributes,
/// asynchronous or not. See [`breaker`](crate::breaker) for the states, [`BreakerPolicy`] for the settings.
///
/// ```
/// use wait_or_die::{Breaker, BreakerPolicy, Error};
///
/// let breaker = Breaker::new("search", BreakerPolicy::new().with_failure_threshold(2))?;
/// for _ in 0..2 {
///     breaker.acquire().unwrap().failure();
/// }
/// let rejected = breaker.acquire().unwrap_err();
/// assert_eq!(rejected.breaker(), Some("search"));
/// assert!(rejected.retry_in() > Some(core::time::Duration::from_secs(59)));
/// # Ok::<(), wait_or_die::BreakerPolicyError>(())
/// ```
///
/// A name that is not a `&'static str` is shown in events, errors and snapshots only as far as the redaction filter
/// lets it through.
#[derive(Clone)]
pub struct Breaker {
    named: Arc<Named>,
    family: Arc<Family>,
}

/// Making and finding.
impl Breaker {
    /// A closed breaker of one's own: nobody else finds it by its name.
    ///
    /// # Errors
    /// Settings that [`BreakerPolicy::check`] refuses.
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        policy: BreakerPolicy,
    ) -> Result<Self, BreakerPolicyError> {
        policy.check()?;
        let (named, family) = Family::of_one(name.into(), policy);
        Ok(Self {
            named,
            family: Arc::new(family),
        })
    }

    /// The program's breaker of this name, which it shares with every annotated function that names it.
    ///
    /// It is made if it is new. If functions without settings have used it, with the defaults, these settings take
    /// over and the counts stay. Names are never removed.
    ///
    /// # Errors
    /// Where other settings have been declared for the name, which then stay in force, and where
    /// [`BreakerPolicy::check`] refuses these.
    #[track_caller]
    pub fn register(
        name: impl Into<Cow<'static, str>>,
        policy: BreakerPolicy,
    ) -> Result<Self, ConfigError> {
        let place = Place::from(Location::caller());
        registry::with(|breakers| breakers.declare(name.into(), policy, place)).map(Self::of)
    }

    /// The program's breaker of this name; `None` until settings have been declared for it, by
    /// [`register`](Self::register) or by a function that has been called, or a function that joins it without a key has
    /// been called. Looking makes no name known.
    pub fn find(name: &str) -> Option<Self> {
        let family = registry::with(|breakers| breakers.find(name))?;
        family.is_found().then(|| Self::of(family))
    }

    /// The program's breakers in the order of their names, each name's own first and then those of its keys, in the
    /// order of the keys. A name that is only used with keys has none of its own.
    pub fn list() -> Vec<Self> {
        let families = registry::with(registry::Breakers::families);
        families.iter().flat_map(Self::members).collect()
    }

    /// The breaker of a key of the same name, made if it is new, with the settings of the name; what this one was
    /// reconfigured to by hand stays its own. Of this breaker itself nothing changes.
    ///
    /// A name keeps at most [`MAX_KEYS`](super::MAX_KEYS) keys; one more evicts an eighth of them, those that were used
    /// longest ago: first closed ones without failures that nobody holds a handle or a permit of, then other closed
    /// ones, then closed ones that were reconfigured by hand or have listeners, those in other states last. A handle of
    /// an evicted breaker goes on working, apart from the one that the key then gets anew.
    ///
    /// A key of more than 256 bytes is kept by its beginning and a hash of it all, at the cost of an allocation each
    /// time, and is shown as `(longer than 256 bytes)`: so no key takes more than some 300 bytes beside its breaker.
    #[must_use]
    pub fn for_key(&self, key: &(impl Display + ?Sized)) -> Self {
        Self {
            named: self.family.keyed(&key),
            family: Arc::clone(&self.family),
        }
    }

    fn of(family: Arc<Family>) -> Self {
        Self {
            named: Arc::clone(family.single()),
            family,
        }
    }

    fn members(family: &Arc<Family>) -> Vec<Self> {
        let handle = |named| Self {
            named,
            family: Arc::clone(family),
        };
        family.all().into_iter().map(handle).collect()
    }
}

/// Looking.
impl Breaker {
    /// The name, as it was given.
    pub fn name(&self) -> &str {
        self.named.name()
    }

    /// The key after redaction; `None` of a name's own breaker.
    pub fn key(&self) -> Option<&SafeText> {
        self.named.key()
    }

    /// The state as it was last changed. An open breaker whose recovery time is over is open until somebody asks for
    /// a permit.
    pub fn state(&self) -> State {
        self.named.core().state()
    }

    /// The settings in force.
    pub fn policy(&self) -> BreakerPolicy {
        self.named.core().policy()
    }

    /// What the breaker is like now. Looking changes nothing.
    pub fn snapshot(&self) -> BreakerSnapshot {
        BreakerSnapshot {
            name: self.named.shown().clone(),
            key: self.named.key().cloned(),
            declared_at: self.family.declared_at(),
            core: self.named.core().snapshot(ticks),
        }
    }
}

/// By hand, on this one breaker: that of another key of the name stays as it is. Every change of state begins a new
/// generation, so that results of calls under way count as nothing.
impl Breaker {
    /// Refuses every call until [`reset`](Self::reset) or another hand.
    pub fn force_open(&self) {
        self.named.core().force_open(ticks);
    }

    /// Lets every call pass until [`reset`](Self::reset) or another hand. Outcomes are counted, from zero, and open
    /// nothing.
    pub fn force_closed(&self) {
        self.named.core().force_closed(ticks);
    }

    /// Lets every call pass, and counts nothing, until [`reset`](Self::reset) or another hand.
    pub fn disable(&self) {
        self.named.core().disable(ticks);
    }

    /// Closes the breaker and forgets all counts, from whatever state.
    pub fn reset(&self) {
        self.named.core().reset(ticks);
    }

    /// Puts other settings in force for this one: not for other keys of the name, present or to come, which
    /// [`reconfigure_all`](Self::reconfigure_all) reaches. State, probes under way and counts stay, as
    /// [`Core::reconfigure`](super::Core::reconfigure) says. What was declared for the name stays what others are
    /// compared with. It holds until [`settings`](mod@crate::settings) of the name change.
    ///
    /// # Errors
    /// Settings that [`BreakerPolicy::check`] refuses; the old ones stay in force.
    pub fn reconfigure(&self, policy: BreakerPolicy) -> Result<(), BreakerPolicyError> {
        self.named.reconfigure(policy)
    }

    /// Puts other settings in force for the name's own breaker and those of all its keys, present and to come, whichever
    /// of them this handle is of, and whatever they were reconfigured to before. Else as
    /// [`reconfigure`](Self::reconfigure).
    ///
    /// # Errors
    /// Settings that [`BreakerPolicy::check`] refuses; the old ones stay in force.
    pub fn reconfigure_all(&self, policy: BreakerPolicy) -> Result<(), BreakerPolicyError> {
        policy.check()?;
        self.family.reconfigure(policy);
        Ok(())
    }

    /// Calls `listener` at every change of state from now on, in the order of the changes, outside any lock, on a
    /// thread that caused one of them. It may use this breaker; what it panics with is dropped. See
    /// [`Core::listen`](super::Core::listen).
    ///
    /// A listener lives as long as the breaker: one that owns a handle of it keeps both until it is taken away.
    pub fn listen(&self, listener: impl Fn(&Transition) + Send + Sync + 'static) -> ListenerId {
        self.named.core().listen(listener)
    }

    /// Calls `listener` at every change of state of the name's own breaker and those of all its keys, present and to
    /// come, with the key after redaction, for as long as there are such. Of one breaker changes are told in order, as
    /// [`listen`](Self::listen) says; two breakers may tell at the same time.
    pub fn listen_all(
        &self,
        listener: impl Fn(Option<&SafeText>, &Transition) + Send + Sync + 'static,
    ) {
        self.family.hearers().add(listener);
    }

    /// Takes a listener away; false if there is none such. A change that is being told may still reach it.
    pub fn unlisten(&self, id: ListenerId) -> bool {
        self.named.core().unlisten(id)
    }
}

/// Calling.
impl Breaker {
    /// The right to make one call.
    ///
    /// # Errors
    /// [`Error::Rejected`] of a breaker that is open, or half-open with every place taken.
    pub fn acquire(&self) -> Result<BreakerPermit, Error> {
        let handle = Handle(Arc::clone(&self.named));
        Permit::acquire(handle, Duration::ZERO, ticks)
            .map(|permit| BreakerPermit { permit })
            .map_err(|refusal| self.rejected(refusal))
    }

    /// Awaits `body` if the breaker lets it pass, and tells it the outcome: that of an error is its
    /// [`Classify`] verdict, a panic is a failure.
    ///
    /// Dropping the future before it is ready is a cancellation, which is neutral unless the settings say
    /// `on_cancel = failure`. `body` is not polled where the call is rejected.
    ///
    /// ```
    /// # use wait_or_die::{Breaker, BreakerPolicy};
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let breaker = Breaker::new("search", BreakerPolicy::DEFAULT).unwrap();
    /// let found = breaker.call(async { Ok::<_, std::io::Error>("page") }).await;
    /// assert_eq!(found.unwrap(), "page");
    /// # });
    /// ```
    ///
    /// # Errors
    /// Those of `body`, untouched; made from [`Error::Rejected`] where the breaker refuses.
    pub fn call<F, T, E>(&self, body: F) -> impl Future<Output = Result<T, E>> + use<'_, F, T, E>
    where
        F: Future<Output = Result<T, E>>,
        E: Classify + From<Error>,
    {
        Calling::new(self, body)
    }

    /// Runs `body` if the breaker lets it pass, and tells it the outcome: that of an error is its
    /// [`Classify`] verdict, a panic is a failure and goes on. Time is that of tokio's clock, which is the system's
    /// unless a test has paused it.
    ///
    /// # Errors
    /// Those of `body`, untouched; made from [`Error::Rejected`] where the breaker refuses.
    pub fn call_blocking<T, E>(&self, body: impl FnOnce() -> Result<T, E>) -> Result<T, E>
    where
        E: Classify + From<Error>,
    {
        let mut permit = self.admit()?;
        let watch = Watch::new(&mut permit, ticks);
        let holding = watch.hold_blocking();
        let result = body();
        drop(holding);
        watch.settle(&result);
        result
    }

    /// Whether others find it by its name.
    pub(crate) fn is_found_by_name(&self) -> bool {
        let found = registry::with(|breakers| breakers.find(self.name()));
        found.is_some_and(|family| Arc::ptr_eq(&family, &self.family))
    }

    /// The breaker itself, for an engine that asks it.
    pub(crate) fn shared(&self) -> Arc<Named> {
        Arc::clone(&self.named)
    }

    /// A permit that borrows the handle, so that calls on many threads share no count; none for a call that goes with
    /// the permit of an attempt around it.
    #[inline]
    pub(super) fn admit(&self) -> Result<Option<Permit<&Core>>, Error> {
        let core = self.named.core();
        if within::is_held(core) {
            return Ok(None);
        }
        Permit::acquire(core, Duration::ZERO, ticks)
            .map(Some)
            .map_err(|refusal| self.rejected(refusal))
    }

    #[cold]
    fn rejected(&self, refusal: Refusal) -> Error {
        self.named.rejected(refusal, RejectedCall::by_hand())
    }
}

impl fmt::Debug for Breaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breaker")
            .field("name", self.named.shown())
            .field("key", &self.named.key())
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

/// The right to make one call, from [`Breaker::acquire`]. Valid even after its breaker has been evicted; a result that
/// comes after the state has changed counts as nothing.
///
/// Dropped without a result it stands for a cancelled call, which is neutral unless the settings say
/// `on_cancel = failure`.
#[must_use = "a permit that is dropped stands for a cancelled call"]
#[derive(Debug)]
pub struct BreakerPermit {
    permit: Permit<Handle>,
}

impl BreakerPermit {
    /// The dependency answered, be it with a refusal of this very call.
    pub fn success(self) {
        self.record(Outcome::Success);
    }

    /// The dependency is sick.
    pub fn failure(self) {
        self.record(Outcome::Failure);
    }

    /// The call says nothing about the dependency; a probe gives its place back.
    pub fn ignore(self) {
        self.record(Outcome::Ignore);
    }

    /// Tells what became of the call. Whether it was slow is told by the time since the permit was given.
    pub fn record(self, outcome: Outcome) {
        self.permit.record(outcome, ticks);
    }

    /// Whether the breaker was half-open when it gave the permit.
    pub const fn is_probe(&self) -> bool {
        self.permit.is_probe()
    }
}
