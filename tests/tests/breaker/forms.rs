//! A breaker in all its forms, and a table language that plays calls on each of them.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use wait_or_die::{Breaker, BreakerSnapshot, Classify, Error, testing};

/// One error of each verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Classify)]
pub(crate) enum Failure {
    #[error("lost")]
    #[classify(transient)]
    Lost,
    #[error("sick")]
    #[classify(fault)]
    Sick,
    #[error("busy")]
    #[classify(throttled)]
    Busy,
    #[error("gone")]
    #[classify(permanent)]
    Gone,
    #[error("aside")]
    #[classify(ignore)]
    Aside,
    #[error(transparent)]
    #[classify(source)]
    Dead(#[from] Error),
}

pub(crate) type Out = Result<(), Failure>;

/// What the body of the next call does.
#[derive(Debug, Clone)]
enum Act {
    Answer(Out),
    /// Answers `Ok` after it has asked whether the breaker lets another call pass meanwhile.
    Ask,
    Panic,
    Hang,
}

/// What the body does, and what is known of it.
pub(crate) struct Script {
    /// Its time passes in plain functions too.
    scope: testing::Scope,
    act: Cell<Act>,
    takes: Cell<Duration>,
    asked: Cell<Option<bool>>,
    ran: Cell<u32>,
    key: Cell<&'static str>,
    breaker: &'static str,
}

impl Script {
    pub(crate) fn new(breaker: &'static str, seed: u64) -> Self {
        Self {
            scope: testing::scope(seed),
            act: Cell::new(Act::Hang),
            takes: Cell::default(),
            asked: Cell::default(),
            ran: Cell::default(),
            key: Cell::default(),
            breaker,
        }
    }

    /// The body of an `async fn`.
    pub(crate) async fn next(&self) -> Out {
        let act = self.start();
        let takes = self.takes.get();
        if !takes.is_zero() {
            tokio::time::sleep(takes).await;
        }
        match act {
            Act::Hang => std::future::pending().await,
            act => self.end(&act),
        }
    }

    /// The body of a plain `fn`.
    pub(crate) fn next_now(&self) -> Out {
        let act = self.start();
        self.scope.advance(self.takes.get());
        self.end(&act)
    }

    fn start(&self) -> Act {
        self.ran.set(self.ran.get() + 1);
        self.act.replace(Act::Hang)
    }

    fn end(&self, act: &Act) -> Out {
        match act {
            Act::Answer(out) => out.clone(),
            Act::Ask => {
                let permit = self.breaker().acquire();
                self.asked.set(Some(permit.is_ok()));
                if let Ok(permit) = permit {
                    permit.ignore();
                }
                Ok(())
            }
            Act::Panic => panic!("the body of a test"),
            Act::Hang => unreachable!("a plain function has nothing to wait for"),
        }
    }

    /// The key of the next call, where the function has one.
    pub(crate) fn key(&self) -> &'static str {
        self.key.get()
    }

    /// The breaker of the next call.
    pub(crate) fn breaker(&self) -> Breaker {
        let breaker = Breaker::find(self.breaker).expect("a function that names it was called");
        match self.key.get() {
            "" => breaker,
            key => breaker.for_key(key),
        }
    }

    pub(crate) fn snapshot(&self) -> BreakerSnapshot {
        self.breaker().snapshot()
    }
}

pub(crate) type Called<'a> = Pin<Box<dyn Future<Output = Out> + 'a>>;
pub(crate) type Form = for<'a> fn(&'a Script) -> Called<'a>;

/// The same breaker, alone and with another attribute above and below, round an `async fn` and round a plain `fn`.
pub(crate) struct Forms {
    pub(crate) breaker: &'static str,
    pub(crate) asynchronous: [(&'static str, Form); 3],
    pub(crate) plain: [(&'static str, Form); 3],
}

/// `forms!(NAME, "breaker", |script| { options of the breaker } [, { options of the retry }])`; by default nothing is
/// retried.
macro_rules! forms {
    ($forms:ident, $name:literal, |$script:ident| { $($breaker:tt)* }) => {
        forms!($forms, $name, |$script| { $($breaker)* }, { max_retries = 0 });
    };
    ($forms:ident, $name:literal, |$script:ident| { $($breaker:tt)* }, { $($retry:tt)* }) => {
        const $forms: $crate::forms::Forms = {
            use wait_or_die::{circuit_breaker, wait_or_die};
            use $crate::forms::{Forms, Out, Script};

            #[circuit_breaker(name = $name, $($breaker)*)]
            async fn alone($script: &Script) -> Out {
                $script.next().await
            }
            #[circuit_breaker(name = $name, $($breaker)*)]
            #[wait_or_die($($retry)*)]
            async fn above($script: &Script) -> Out {
                $script.next().await
            }
            #[wait_or_die($($retry)*)]
            #[circuit_breaker(name = $name, $($breaker)*)]
            async fn below($script: &Script) -> Out {
                $script.next().await
            }
            #[circuit_breaker(name = $name, $($breaker)*)]
            fn plain_alone($script: &Script) -> Out {
                $script.next_now()
            }
            #[circuit_breaker(name = $name, $($breaker)*)]
            #[wait_or_die($($retry)*)]
            fn plain_above($script: &Script) -> Out {
                $script.next_now()
            }
            #[wait_or_die($($retry)*)]
            #[circuit_breaker(name = $name, $($breaker)*)]
            fn plain_below($script: &Script) -> Out {
                $script.next_now()
            }
            Forms {
                breaker: $name,
                asynchronous: [
                    ("alone", |script| Box::pin(alone(script))),
                    ("above", |script| Box::pin(above(script))),
                    ("below", |script| Box::pin(below(script))),
                ],
                plain: [
                    ("plain alone", |script| Box::pin(async { plain_alone(script) })),
                    ("plain above", |script| Box::pin(async { plain_above(script) })),
                    ("plain below", |script| Box::pin(async { plain_below(script) })),
                ],
            }
        };
    };
}

impl Forms {
    /// Plays the table on every form, each in a scope of its own.
    pub(crate) async fn play(&self, table: &str) {
        self.play_async(table).await;
        for (form, call) in self.plain {
            Player::new(self.breaker, form, call).play(table).await;
        }
    }

    /// The same on every `async fn`.
    pub(crate) async fn play_async(&self, table: &str) {
        for (form, call) in self.asynchronous {
            Player::new(self.breaker, form, call).play(table).await;
        }
    }

    /// The same on those that have a deadline.
    pub(crate) async fn play_bounded(&self, table: &str) {
        for (form, call) in &self.asynchronous[1..] {
            Player::new(self.breaker, form, *call).play(table).await;
        }
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'static str, Form)> {
        self.asynchronous.into_iter().chain(self.plain)
    }
}

/// One form, called as a table says.
pub(crate) struct Player {
    pub(crate) script: Script,
    form: &'static str,
    call: Form,
}

impl Player {
    pub(crate) fn new(breaker: &'static str, form: &'static str, call: Form) -> Self {
        Self {
            script: Script::new(breaker, 7),
            form,
            call,
        }
    }

    /// Plays the steps of a table:
    ///
    /// | step | a call whose body |
    /// |---|---|
    /// | `S` `F` `f` `T` `P` `I` | runs: success, transient, fault, throttled, permanent, ignore |
    /// | `F~4000` | does so after 4000 ms |
    /// | `R` `R3000` `R-` | does not run: rejected, to be tried again in 3000 ms, or never |
    /// | `N` `n` | runs, and finds that another call would be let pass meanwhile, or not |
    /// | `!` `H` `D` | panics; hangs until it is timed out; is dropped where it hangs |
    ///
    /// and between calls `+500` lets 500 ms pass, `=open` and `%60` look at the state and at the share of failures,
    /// `@host` chooses the key.
    pub(crate) async fn play(&self, table: &str) {
        for (index, step) in table.split_whitespace().enumerate() {
            let place = format!("{}, step {} `{step}` of `{table}`", self.form, index + 1);
            self.step(step, &place).await;
        }
    }

    async fn step(&self, step: &str, place: &str) {
        let (word, rest) = step.split_at(1);
        match word {
            "+" => tokio::time::advance(millis(rest)).await,
            "=" => assert_eq!(self.script.breaker().state().as_str(), rest, "{place}"),
            "%" => {
                let seen = self.script.snapshot();
                assert_eq!(
                    (seen.core.failures * 100).to_string(),
                    (seen.core.calls * rest.parse::<u64>().unwrap()).to_string(),
                    "{place}"
                );
            }
            "@" => self.script.key.set(String::from(rest).leak()),
            "R" => self.rejected(rest, place).await,
            "!" => self.panics(place).await,
            "D" => self.dropped(place),
            "H" => {
                let out = self.ran(Act::Hang, place).await;
                let timed_out = matches!(out, Err(Failure::Dead(Error::TimedOut(_))));
                assert!(timed_out, "{place}: {out:?}");
            }
            _ => self.answers(word, rest, place).await,
        }
    }

    async fn answers(&self, word: &str, rest: &str, place: &str) {
        let out = match word {
            "S" | "N" | "n" => Ok(()),
            "F" => Err(Failure::Lost),
            "f" => Err(Failure::Sick),
            "T" => Err(Failure::Busy),
            "P" => Err(Failure::Gone),
            "I" => Err(Failure::Aside),
            _ => panic!("{place}: no such step"),
        };
        let act = match word {
            "N" | "n" => Act::Ask,
            _ => Act::Answer(out.clone()),
        };
        let takes = rest.strip_prefix('~').map(millis);
        self.script.takes.set(takes.unwrap_or_default());
        assert_eq!(self.ran(act, place).await, out, "{place}");
        self.script.takes.take();
        if word == "N" || word == "n" {
            assert_eq!(self.script.asked.take(), Some(word == "N"), "{place}");
        }
    }

    /// A call whose body runs, once.
    async fn ran(&self, act: Act, place: &str) -> Out {
        let before = self.script.ran.get();
        self.script.act.set(act);
        let out = (self.call)(&self.script).await;
        assert_eq!(self.script.ran.get(), before + 1, "{place}: {out:?}");
        out
    }

    async fn rejected(&self, rest: &str, place: &str) {
        let before = self.script.ran.get();
        self.script.act.set(Act::Answer(Ok(())));
        let out = (self.call)(&self.script).await;
        assert_eq!(self.script.ran.get(), before, "{place}: {out:?}");
        let Err(Failure::Dead(error @ Error::Rejected(_))) = out else {
            panic!("{place}: {out:?}")
        };
        assert_eq!(error.breaker(), Some(self.script.breaker), "{place}");
        assert_eq!(
            error.state(),
            Some(self.script.breaker().state()),
            "{place}"
        );
        assert_eq!(error.attempts(), 0, "{place}");
        match rest {
            "" => {}
            "-" => assert_eq!(error.retry_in(), None, "{place}"),
            _ => assert_eq!(error.retry_in(), Some(millis(rest)), "{place}"),
        }
    }

    async fn panics(&self, place: &str) {
        let before = self.script.ran.get();
        self.script.act.set(Act::Panic);
        let caught = catch((self.call)(&self.script)).await;
        assert!(caught.is_none(), "{place}: {caught:?}");
        assert_eq!(self.script.ran.get(), before + 1, "{place}");
    }

    fn dropped(&self, place: &str) {
        let before = self.script.ran.get();
        drop(self.hanging());
        assert_eq!(self.script.ran.get(), before + 1, "{place}");
    }

    /// A call whose body has begun, and hangs; it is cancelled by dropping it.
    pub(crate) fn hanging(&self) -> Called<'_> {
        self.begun(Act::Hang, 0)
    }

    /// A call whose body has begun, and fails after so many milliseconds.
    pub(crate) fn failing_late(&self, after: u64) -> Called<'_> {
        self.begun(Act::Answer(Err(Failure::Lost)), after)
    }

    /// A call whose body has begun, and panics after so many milliseconds.
    pub(crate) fn panicking_late(&self, after: u64) -> Called<'_> {
        self.begun(Act::Panic, after)
    }

    fn begun(&self, act: Act, takes: u64) -> Called<'_> {
        self.script.takes.set(Duration::from_millis(takes));
        self.script.act.set(act);
        let mut call = (self.call)(&self.script);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(call.as_mut().poll(&mut context).is_pending());
        self.script.takes.take();
        call
    }
}

fn millis(text: &str) -> Duration {
    Duration::from_millis(text.parse().expect("a number of milliseconds"))
}

/// The outcome of a call, if it did not panic.
pub(crate) async fn catch<T>(mut call: Pin<Box<dyn Future<Output = T> + '_>>) -> Option<T> {
    std::future::poll_fn(|cx| {
        let polled =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| call.as_mut().poll(cx)));
        match polled {
            Ok(polled) => polled.map(Some),
            Err(_) => std::task::Poll::Ready(None),
        }
    })
    .await
}
