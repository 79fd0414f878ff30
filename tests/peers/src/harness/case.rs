//! A variant, and the ways in which its call is driven.

use std::future::Future;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::peer::Peer;
use crate::body::ANSWER;

/// Which column of the table a variant belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The call without anything round it.
    Bare,
    /// Written by hand; the best of them is what the others are set against.
    Hand,
    /// This project with what a user gets who says nothing else.
    Ours,
    /// This project otherwise: something switched off, or a part of it alone.
    OursToo,
    /// Another library, in its column.
    Peer(Peer),
    /// Another library that does less, or something else, and is there to compare with.
    Beside(&'static str),
}

/// What a call has to do, on average; a repetition may be off by less than four.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected {
    /// Calls that answer, of one.
    pub(crate) answers: f64,
    /// Attempts for each call.
    pub(crate) attempts: f64,
}

impl Expected {
    pub(crate) const fn new(answers: f64, attempts: f64) -> Self {
        Self { answers, attempts }
    }
}

type Repeat = dyn Fn(u64, &Waker) -> u64 + Send + Sync;
type Drive = dyn Fn(u64) -> Pin<Box<dyn Future<Output = u64>>> + Send + Sync;

/// Runs a call so many times; gives how many gave the answer.
#[derive(Clone)]
pub(crate) enum Work {
    /// A call that suspends is polled again at once, by the task that it runs in.
    InPlace(Arc<Repeat>),
    /// A call that suspends is polled again when the runtime says so.
    Driven(Arc<Drive>),
}

/// A variant.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) work: Work,
    /// Where it is not what the scenario says.
    pub(crate) expected: Option<Expected>,
}

impl Case {
    /// A variant that does something else than the others.
    pub(crate) fn expecting(mut self, answers: f64, attempts: f64) -> Self {
        self.expected = Some(Expected::new(answers, attempts));
        self
    }

    fn in_place(
        name: &str,
        role: Role,
        repeat: impl Fn(u64, &Waker) -> u64 + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.to_owned(),
            role,
            work: Work::InPlace(Arc::new(repeat)),
            expected: None,
        }
    }
}

/// How calls are driven.
pub(crate) trait Seat {
    /// A call of a plain function.
    fn plain<E: 'static>(
        name: &str,
        role: Role,
        call: impl Fn() -> Result<u32, E> + Send + Sync + 'static,
    ) -> Case;

    /// A call of an asynchronous function.
    fn call<F, E>(name: &str, role: Role, call: impl Fn() -> F + Send + Sync + 'static) -> Case
    where
        F: Future<Output = Result<u32, E>>,
        E: 'static;

    /// A call of something that has to be held: `make` makes one for each repetition.
    fn held<C, E>(name: &str, role: Role, make: impl Fn() -> C + Send + Sync + 'static) -> Case
    where
        C: AsyncFnMut() -> Result<u32, E>,
        E: 'static;
}

/// Polled without leaving the task; where `APART`, called and polled by a function that is not inlined.
pub(crate) struct Polled<const APART: bool>;

/// Inlined where the compiler likes to, and polled in place.
pub(crate) type InPlace = Polled<false>;

/// Called, or polled, by a function that is not inlined: so a task polls its future, and so does a function whose own is
/// too large to be merged with those that it awaits.
pub(crate) type Apart = Polled<true>;

impl<const APART: bool> Seat for Polled<APART> {
    fn plain<E: 'static>(
        name: &str,
        role: Role,
        call: impl Fn() -> Result<u32, E> + Send + Sync + 'static,
    ) -> Case {
        Case::in_place(name, role, move |times, _| {
            (0..times)
                .map(|_| u64::from(is_answer(&entered::<APART, _>(&call))))
                .sum()
        })
    }

    fn call<F, E>(name: &str, role: Role, call: impl Fn() -> F + Send + Sync + 'static) -> Case
    where
        F: Future<Output = Result<u32, E>>,
        E: 'static,
    {
        Case::in_place(name, role, move |times, waker| {
            let mut context = Context::from_waker(waker);
            (0..times)
                .map(|_| u64::from(is_answer(&polled::<APART, _>(call(), &mut context))))
                .sum()
        })
    }

    fn held<C, E>(name: &str, role: Role, make: impl Fn() -> C + Send + Sync + 'static) -> Case
    where
        C: AsyncFnMut() -> Result<u32, E>,
        E: 'static,
    {
        Case::in_place(name, role, move |times, waker| {
            let mut context = Context::from_waker(waker);
            let mut call = make();
            (0..times)
                .map(|_| u64::from(is_answer(&polled::<APART, _>(call(), &mut context))))
                .sum()
        })
    }
}

/// Awaited in a runtime of one thread, which turns its timers.
pub(crate) struct Driven;

impl Seat for Driven {
    fn plain<E: 'static>(
        name: &str,
        role: Role,
        call: impl Fn() -> Result<u32, E> + Send + Sync + 'static,
    ) -> Case {
        Self::call(name, role, move || std::future::ready(call()))
    }

    fn call<F, E>(name: &str, role: Role, call: impl Fn() -> F + Send + Sync + 'static) -> Case
    where
        F: Future<Output = Result<u32, E>>,
        E: 'static,
    {
        let call = Arc::new(call);
        driven(name, role, move |times| {
            let call = Arc::clone(&call);
            Box::pin(async move {
                let mut answers = 0;
                for _ in 0..times {
                    answers += u64::from(is_answer(&call().await));
                }
                answers
            })
        })
    }

    fn held<C, E>(name: &str, role: Role, make: impl Fn() -> C + Send + Sync + 'static) -> Case
    where
        C: AsyncFnMut() -> Result<u32, E>,
        E: 'static,
    {
        let make = Arc::new(make);
        driven(name, role, move |times| {
            let make = Arc::clone(&make);
            Box::pin(async move {
                let (mut call, mut answers) = (make(), 0);
                for _ in 0..times {
                    answers += u64::from(is_answer(&call().await));
                }
                answers
            })
        })
    }
}

fn driven(
    name: &str,
    role: Role,
    drive: impl Fn(u64) -> Pin<Box<dyn Future<Output = u64>>> + Send + Sync + 'static,
) -> Case {
    Case {
        name: name.to_owned(),
        role,
        work: Work::Driven(Arc::new(drive)),
        expected: None,
    }
}

/// Polls until it is ready, without leaving the task.
#[inline(always)]
#[expect(clippy::inline_always, reason = "what it costs is not to be measured")]
fn polled<const APART: bool, F: Future>(future: F, context: &mut Context<'_>) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(out) = entered::<APART, _>(|| future.as_mut().poll(context)) {
            return out;
        }
    }
}

/// Calls it, where `APART` by a function that is not inlined.
#[inline(always)]
#[expect(clippy::inline_always, reason = "what it costs is not to be measured")]
fn entered<const APART: bool, T>(call: impl FnOnce() -> T) -> T {
    if APART { apart(call) } else { call() }
}

#[inline(never)]
fn apart<T>(call: impl FnOnce() -> T) -> T {
    call()
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "what it costs is not to be measured")]
fn is_answer<E>(result: &Result<u32, E>) -> bool {
    matches!(black_box(result), Ok(ANSWER))
}
