//! The token by itself: who is first, who is woken, what is kept.

use std::cell::Cell;
use std::future::{Future, poll_fn, ready};
use std::pin::{Pin, pin};
use std::sync::{Barrier, Mutex};
use std::thread;

use tracing_subscriber::layer::{self, Layer, SubscriberExt};
use wait_or_die_tests::events::{Capture, Event};

use super::*;

#[test]
fn the_first_report_stays_and_later_ones_are_kept_and_counted() {
    let _capture = Capture::begin();
    let halt = Halt::new();
    assert!(!halt.is_stopped());
    assert_eq!(halt.report(), None);
    let names: [&'static str; 20] = std::array::from_fn(|n| &*format!("op-{n}").leak());
    let firsts: Vec<bool> = names.iter().map(|name| halt.stop(by_hand(name))).collect();
    assert_eq!(firsts.iter().filter(|first| **first).count(), 1);
    assert!(firsts[0]);
    assert!(halt.is_stopped());
    assert_eq!(halt.report().unwrap().operation(), "op-0");
    assert_eq!(halt.later_count(), 19);
    let kept = halt.later_reports();
    assert!(
        kept.iter()
            .map(SystemHalt::operation)
            .eq(names[1..=16].iter().copied())
    );
    assert_eq!(kept.len(), Halt::KEPT);
}

#[test]
fn a_clone_is_the_same_halt_and_a_new_one_another() {
    static HALT: Halt = Halt::new();
    let (before, other) = (HALT.clone(), Halt::new());
    HALT.stop(by_hand("a"));
    assert!(before.is_stopped());
    assert!(HALT.clone().is_stopped());
    assert!(!other.is_stopped());
    assert!(!Halt::default().is_stopped());
}

type Waiting = Pin<Box<dyn Future<Output = SystemHalt> + Send>>;

#[test]
fn a_stop_wakes_every_waiter_once_and_later_ones_are_ready_at_once() {
    let halt = Halt::new();
    let wakers: Vec<Arc<Woken>> = (0..5).map(|_| Arc::default()).collect();
    let mut waiting: Vec<Waiting> = Vec::new();
    waiting.resize_with(wakers.len(), || Box::pin(halt.stopped()));
    let poll = |waiting: &mut Vec<Waiting>, n: usize| {
        let waker = Waker::from(Arc::clone(&wakers[n]));
        waiting[n].as_mut().poll(&mut Context::from_waker(&waker))
    };
    for n in 0..5 {
        assert!(poll(&mut waiting, n).is_pending());
    }
    // One that gives up takes no wake-up from the others.
    drop(waiting.remove(4));
    halt.stop(by_hand("first"));
    halt.stop(by_hand("second"));
    let times: Vec<u32> = wakers.iter().map(|woken| woken.times()).collect();
    assert_eq!(times, [1, 1, 1, 1, 0]);
    for n in 0..4 {
        let Poll::Ready(report) = poll(&mut waiting, n) else {
            panic!("waiter {n} was not told");
        };
        assert_eq!(report.operation(), "first");
    }
    let mut context = Context::from_waker(Waker::noop());
    assert!(pin!(halt.stopped()).poll(&mut context).is_ready());
    assert_eq!(halt.blocking_stopped().operation(), "first");
}

/// Loses a wake-up if there is one to lose: then it does not end.
#[test]
fn no_stop_is_missed_from_other_runtimes_and_threads() {
    for _ in 0..200 {
        let (halt, start) = (Halt::new(), Barrier::new(5));
        let told = Mutex::new(Vec::new());
        let tell = |report: SystemHalt| told.lock().unwrap().push(report.operation());
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let runtime = tokio::runtime::Builder::new_current_thread()
                        .build()
                        .unwrap();
                    let stopped = halt.stopped();
                    start.wait();
                    tell(runtime.block_on(stopped));
                });
            }
            scope.spawn(|| {
                start.wait();
                tell(halt.blocking_stopped());
            });
            for _ in 0..2 {
                scope.spawn(|| {
                    start.wait();
                    halt.stop(by_hand("a"));
                });
            }
        });
        assert_eq!(*told.lock().unwrap(), ["a"; 3]);
        assert_eq!(halt.later_count(), 1);
    }
}

#[test]
fn each_stop_is_told_before_anybody_is_woken() {
    struct Told(Capture, AtomicU32);
    impl Wake for Told {
        fn wake(self: Arc<Self>) {
            let told = u32::try_from(self.0.events().len()).unwrap();
            self.1.store(told, Ordering::Relaxed);
        }
    }
    let told = Arc::new(Told(Capture::begin(), AtomicU32::new(0)));
    let halt = Halt::new();
    let mut waiting = pin!(halt.stopped());
    let waker = Waker::from(Arc::clone(&told));
    assert!(
        waiting
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    halt.stop(SystemHalt::new(
        "ledger",
        "login with password=hunter2secret failed",
    ));
    halt.stop(by_hand("sync"));
    assert_eq!(told.1.load(Ordering::Relaxed), 1);

    let events = told.0.take();
    assert_eq!(events.len(), 2);
    let line = |event: &Event| {
        let mut event = event.clone();
        let line = event.remove("line").unwrap();
        assert!(line.parse::<u32>().unwrap() > 0);
        let fields: Vec<String> = event
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        fields.join(" ")
    };
    assert_eq!(
        line(&events[0]),
        "attempts=0 elapsed_ms=0.0 error=login with password=[REDACTED] failed file=tests/tests/halt/token.rs first=true level=ERROR message=system halt operation=ledger reason=manual target=wait_or_die"
    );
    assert_eq!(
        line(&events[1]),
        "attempts=0 elapsed_ms=0.0 error=for the test file=tests/tests/halt.rs first=false level=ERROR message=system halt operation=sync reason=manual target=wait_or_die"
    );
}

/// Tells that an event has begun to be told, and is done with it when it is let go.
struct Slow(Arc<[Barrier; 2]>);

impl<S: tracing::Subscriber> Layer<S> for Slow {
    fn on_event(&self, _: &tracing::Event<'_>, _: layer::Context<'_, S>) {
        for barrier in &*self.0 {
            barrier.wait();
        }
    }
}

#[test]
fn as_long_as_a_stop_is_being_told_nobody_ends_and_no_program_goes_on() {
    let _capture = Capture::begin();
    let halt = Halt::new();
    let barriers = Arc::new([Barrier::new(2), Barrier::new(2)]);
    let [begun, go_on] = &*barriers;
    let subscriber = tracing_subscriber::registry().with(Slow(Arc::clone(&barriers)));
    let mut context = Context::from_waker(Waker::noop());
    let polls = Cell::new(0);
    let mut program = pin!(halt.run_until(poll_fn(|_| {
        polls.set(polls.get() + 1);
        Poll::<()>::Pending
    })));
    assert!(program.as_mut().poll(&mut context).is_pending());
    // Looked at when it has been told, so that what is wrong here leaves no thread behind.
    let (report, ended, blocked) = thread::scope(|scope| {
        scope.spawn(|| {
            tracing::subscriber::with_default(subscriber, || halt.stop(by_hand("a")));
        });
        begun.wait();
        let ended = [
            pin!(halt.stopped()).poll(&mut context).is_ready(),
            program.as_mut().poll(&mut context).is_ready(),
            // One that would end now.
            pin!(halt.run_until(ready(())))
                .poll(&mut context)
                .is_ready(),
        ];
        let blocked = scope.spawn(|| halt.blocking_stopped());
        let ended = (ended, blocked.is_finished());
        let report = halt.report();
        go_on.wait();
        (report, ended, blocked.join().unwrap())
    });
    assert_eq!(ended, ([false; 3], false));
    assert_eq!(report.unwrap().operation(), "a");
    assert_eq!(blocked.operation(), "a");
    let Poll::Ready(Err(report)) = program.as_mut().poll(&mut context) else {
        panic!("the program goes on");
    };
    assert_eq!(report.operation(), "a");
    assert_eq!(polls.get(), 1);
}

#[test]
fn a_subscriber_that_panics_keeps_nobody_from_waking() {
    struct Panics;
    impl<S: tracing::Subscriber> Layer<S> for Panics {
        fn on_event(&self, _: &tracing::Event<'_>, _: layer::Context<'_, S>) {
            panic!("the subscriber's own");
        }
    }
    let _capture = Capture::begin();
    let (halt, woken) = (Halt::new(), Arc::<Woken>::default());
    let mut waiting = pin!(halt.stopped());
    let waker = Waker::from(Arc::clone(&woken));
    let mut context = Context::from_waker(&waker);
    assert!(waiting.as_mut().poll(&mut context).is_pending());
    let subscriber = tracing_subscriber::registry().with(Panics);
    let first = tracing::subscriber::with_default(subscriber, || halt.stop(by_hand("a")));
    assert!(first);
    assert_eq!(woken.times(), 1);
    assert!(waiting.poll(&mut context).is_ready());
}

#[test]
fn a_report_by_hand_says_where_it_was_made() {
    let (report, line) = (SystemHalt::new("ledger.open", &refused()), line!());
    assert_eq!(report.place().file, file!());
    assert_eq!(report.place().line, line);
    assert_eq!(report.reason(), Reason::Manual);
    assert_eq!((report.attempts(), report.elapsed().as_nanos()), (0, 0));
    assert_eq!(report.trace_id(), None);
    assert_eq!(report.error().as_str(), "connection refused");
    let text = "system halt: `ledger.open` failed (manual): connection refused";
    assert_eq!(report.to_string(), text);
    assert_eq!(format!("{report:?}"), text);
}

#[test]
fn every_scope_has_a_system_of_its_own() {
    let process = halt::system();
    let outer = testing::scope(1);
    halt::system().stop(by_hand("outer"));
    {
        let _inner = testing::scope(1);
        assert!(!halt::system().is_stopped());
        halt::system().stop(by_hand("inner"));
        assert_eq!(system_report().operation(), "inner");
    }
    assert_eq!(system_report().operation(), "outer");
    drop(outer);
    assert!(!process.is_stopped());
    assert!(!halt::system().is_stopped());
}

#[test]
fn a_report_is_never_retried_and_no_breakers_failure() {
    use wait_or_die::{Classify, Verdict, classify};

    let report = by_hand("a");
    assert_eq!(report.classify(), Verdict::Ignore);
    let carried = io::Error::other(report.clone());
    assert_eq!(carried.classify(), Verdict::Ignore);
    assert_eq!(
        anyhow::Error::new(report.clone())
            .context("at the start")
            .classify(),
        Verdict::Ignore
    );
    let boxed: Box<dyn std::error::Error + Send + Sync> = report.into();
    assert_eq!(classify::chain(&*boxed), Some(Verdict::Ignore));
}
