//! A breaker with a name and a clock.

use core::fmt;
use core::ops::Deref;
use core::time::Duration;
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use tokio::sync::Notify;

use super::hearers::Hearers;
use super::{Core, Held, Refusal, Seams, Wake};
use crate::clock::{self, Instant};
use crate::error::{Error, Rejected, RejectedParts};
use crate::observe::{self, Event, Rejection};
use crate::{BreakerPolicy, BreakerPolicyError, SafeText, TraceId, random};

/// Those that every breaker with a name has.
const OWN_LISTENERS: usize = 2;

/// One breaker: of a name, or of a name and a key.
pub struct Named {
    name: Cow<'static, str>,
    shown: SafeText,
    key: Option<SafeText>,
    core: Core,
    wake: Arc<Notify>,
}

impl Named {
    /// A closed breaker of settings that have been checked.
    pub(super) fn new(
        name: Cow<'static, str>,
        key: Option<SafeText>,
        held: Held,
        hearers: &Arc<Hearers>,
    ) -> Self {
        let seams = Seams::new(ticks, random::draw);
        let wake = Arc::new(Notify::new());
        let woken = Arc::clone(&wake);
        let core = Core::checked(held.policy, seams, ticks())
            .with_waker(move |whom| match whom {
                Wake::One => woken.notify_one(),
                Wake::All => woken.notify_waiters(),
            })
            .held(held, ticks);
        let named = Self {
            shown: shown(&name),
            name,
            key,
            core,
            wake,
        };
        named.tell_transitions(Arc::clone(hearers));
        named
    }

    /// Two listeners before everybody else's: one tells the event, one those who listen to all of the name.
    fn tell_transitions(&self, hearers: Arc<Hearers>) {
        let (name, key) = (self.shown.clone(), self.key.clone());
        self.core.listen(move |transition| {
            observe::emit(&Event::Breaker {
                name: &name,
                key: key.as_ref(),
                transition,
            });
        });
        let key = self.key.clone();
        self.core
            .listen(move |transition| hearers.tell(key.as_ref(), transition));
    }

    /// The name as the program knows it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The name as it may be printed.
    pub(crate) const fn shown(&self) -> &SafeText {
        &self.shown
    }

    /// The key as it may be printed.
    pub(crate) const fn key(&self) -> Option<&SafeText> {
        self.key.as_ref()
    }

    /// The breaker proper.
    #[inline]
    pub(crate) const fn core(&self) -> &Core {
        &self.core
    }

    /// Puts in force what is said of the name.
    pub(super) fn hold(&self, held: Held) {
        self.core.hold(held, ticks);
    }

    /// Puts other settings in force.
    pub(super) fn reconfigure(&self, policy: BreakerPolicy) -> Result<(), BreakerPolicyError> {
        self.core.reconfigure(policy, ticks)
    }

    /// Whether it has settings or listeners that it would not get again.
    pub(super) fn is_made_ones_own(&self) -> bool {
        self.core.is_made_ones_own(OWN_LISTENERS)
    }

    /// Notified before listeners are told: all who wait of every change of state or settings, but for that to half-open;
    /// one of them of every place of a probe that falls free. Whoever waits makes his `notified()` first, then asks for a
    /// permit, then awaits it: so nothing is missed. Who is woken and then goes away without having asked calls
    /// `notify_one()`, or the place is lost on the others.
    pub(crate) const fn wake(&self) -> &Arc<Notify> {
        &self.wake
    }

    /// What this breaker would say to a call, if that is surely no.
    #[cold]
    pub(crate) fn refused(&self, now: fn() -> u64) -> Option<Refused> {
        Some(Refused {
            refusal: self.core.refusal(now)?,
            breaker: self.shown.clone(),
            key: self.key.clone(),
        })
    }

    /// Tells that a call was refused, and makes its error.
    #[inline]
    pub(crate) fn rejected(&self, refusal: Refusal, call: RejectedCall) -> Error {
        // Written where it stays: what is told of it is told from there.
        let rejected = Rejected::new(|| RejectedParts {
            operation: call.operation,
            breaker: self.shown.clone(),
            key: self.key.clone(),
            state: refusal.state,
            retry_in: refusal.retry_in,
            attempts: call.attempts,
            elapsed: call.elapsed,
            trace_id: call.trace_id,
            last_error: call.last_error,
        });
        if call.is_news {
            observe::emit(&Event::Rejected(&Rejection {
                parts: rejected.parts(),
                place: call.place,
                has_waited: call.has_waited,
            }));
        }
        Error::Rejected(rejected)
    }
}

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Named")
            .field("name", &self.shown)
            .field("key", &self.key)
            .field("core", &self.core)
            .finish_non_exhaustive()
    }
}

/// A refusal, and whose it is.
#[derive(Debug, Clone)]
pub struct Refused {
    pub(crate) refusal: Refusal,
    pub(crate) breaker: SafeText,
    pub(crate) key: Option<SafeText>,
}

/// What the refused call says of itself.
#[derive(Debug)]
pub struct RejectedCall {
    /// None where a breaker was asked by hand.
    pub(crate) operation: Option<&'static str>,
    pub(crate) place: Option<(&'static str, u32)>,
    /// Attempts started before.
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) trace_id: TraceId,
    pub(crate) last_error: Option<SafeText>,
    /// False where the failure before it has already been told as the call's last.
    pub(crate) is_news: bool,
    /// Whether it waited for the breaker before it was given up.
    pub(crate) has_waited: bool,
}

impl RejectedCall {
    /// For a breaker that was asked by hand.
    pub(crate) fn by_hand() -> Self {
        Self {
            operation: None,
            place: None,
            attempts: 0,
            elapsed: Duration::ZERO,
            trace_id: TraceId::from_random(random::bits()),
            last_error: None,
            is_news: true,
            has_waited: false,
        }
    }
}

/// What leads a permit to a breaker that may be evicted meanwhile.
#[derive(Clone, Debug)]
pub struct Handle(pub(crate) Arc<Named>);

impl Deref for Handle {
    type Target = Core;

    #[inline]
    fn deref(&self) -> &Core {
        self.0.core()
    }
}

/// A name that stands in the program's text may be printed; one that was made at run time goes through the filter.
#[expect(clippy::ptr_arg, reason = "what tells the two apart is the `Cow`")]
pub(crate) fn shown(name: &Cow<'static, str>) -> SafeText {
    match name {
        Cow::Borrowed(name) => SafeText::from(*name),
        Cow::Owned(name) => SafeText::of(name),
    }
}

/// The time of tokio's clock.
pub(crate) fn ticks() -> u64 {
    ticks_at(clock::now())
}

/// Nanoseconds from the first instant that anybody asked about to this one, modulo 2^64.
pub(crate) fn ticks_at(now: Instant) -> u64 {
    static EPOCH: OnceLock<Instant> = OnceLock::new();
    let epoch = *EPOCH.get_or_init(|| now);
    match now.checked_duration_since(epoch) {
        Some(since) => nanos(since),
        None => nanos(epoch.saturating_duration_since(now)).wrapping_neg(),
    }
}

fn nanos(duration: Duration) -> u64 {
    duration
        .as_secs()
        .wrapping_mul(1_000_000_000)
        .wrapping_add(duration.subsec_nanos().into())
}
