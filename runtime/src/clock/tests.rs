//! The one timer of a call: how often it goes to tokio's, and whom it wakes. Time is paused.

use core::cell::RefCell;
use core::future::poll_fn;
use core::mem::ManuallyDrop;
use core::pin::Pin;
use core::ptr;
use core::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};
use core::time::Duration;
use std::sync::Arc;
use std::task::Wake;

use tokio::runtime::{Builder, Runtime};
use tokio::task::LocalSet;

use super::{POLLS, Timer, later, now};
use crate::sync::{AtomicU32, Ordering};

const SECOND: Duration = Duration::from_secs(1);

/// A task that counts how often it is woken.
#[derive(Default)]
struct Task(AtomicU32);

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Task {
    fn new() -> (Arc<Self>, Waker) {
        let task = Arc::new(Self::default());
        (Arc::clone(&task), Waker::from(task))
    }

    fn woken(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Where a task is named whose waker lies on the stack, and is moved to the heap when it is cloned: that of another task may
/// come to lie in its place.
#[derive(Default)]
struct Place(RefCell<Arc<Task>>);

impl Place {
    const WAKER: RawWakerVTable =
        RawWakerVTable::new(Self::clone, Self::nothing, Self::nothing, Self::nothing);

    #[expect(unsafe_code, reason = "there is no other way to make such a waker")]
    fn waker(&self) -> Waker {
        // SAFETY: `clone` gives a waker of the standard library's, and nothing else is done.
        unsafe { Waker::new(ptr::from_ref(self).cast(), &Self::WAKER) }
    }

    #[expect(unsafe_code, reason = "a waker's data is a bare pointer")]
    fn clone(data: *const ()) -> RawWaker {
        // SAFETY: the tests' places outlive their wakers.
        let place = unsafe { &*data.cast::<Self>() };
        let task = ManuallyDrop::new(Waker::from(Arc::clone(&place.0.borrow())));
        RawWaker::new(task.data(), task.vtable())
    }

    const fn nothing(_: *const ()) {}
}

/// Whether the timer was ready, and how often tokio's was asked.
fn poll(timer: &mut Pin<Box<Timer>>, waker: &Waker) -> (bool, u32) {
    let before = POLLS.get();
    let polled = timer.as_mut().poll(&mut Context::from_waker(waker));
    (polled.is_ready(), POLLS.get() - before)
}

/// A timer that fires in a second.
fn armed() -> Pin<Box<Timer>> {
    let mut timer = Box::pin(Timer::new());
    timer.as_mut().arm(later(now(), SECOND));
    timer
}

fn paused() -> Runtime {
    Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_same_waker_is_registered_once() {
    let (task, waker) = Task::new();
    let mut timer = armed();
    assert_eq!(poll(&mut timer, &waker), (false, 1));
    for _ in 0..10 {
        // A waker that was cloned is the same one.
        assert_eq!(poll(&mut timer, &waker.clone()), (false, 0));
    }
    assert_eq!(task.woken(), 0);
    tokio::time::sleep(SECOND).await;
    assert_eq!(task.woken(), 1);
    assert_eq!(poll(&mut timer, &waker), (true, 1));
}

#[tokio::test(start_paused = true)]
async fn another_waker_takes_the_place_of_the_first() {
    let ((first, one), (second, two)) = (Task::new(), Task::new());
    let mut timer = armed();
    assert_eq!(poll(&mut timer, &one), (false, 1));
    assert_eq!(poll(&mut timer, &two), (false, 1));
    assert_eq!(poll(&mut timer, &one), (false, 1));
    assert_eq!(poll(&mut timer, &two), (false, 1));
    tokio::time::sleep(SECOND).await;
    assert_eq!((first.woken(), second.woken()), (0, 1));
    assert_eq!(poll(&mut timer, &one), (true, 1));
}

#[tokio::test(start_paused = true)]
async fn a_waker_that_lies_where_another_tasks_lay_takes_its_place() {
    let ((first, _), (second, _)) = (Task::new(), Task::new());
    let place = Place::default();
    let waker = place.waker();
    let mut timer = armed();
    for task in [&first, &second, &first, &first, &second] {
        place.0.replace(Arc::clone(task));
        assert_eq!(poll(&mut timer, &waker), (false, 1));
    }
    tokio::time::sleep(SECOND).await;
    assert_eq!((first.woken(), second.woken()), (0, 1));
    assert_eq!(poll(&mut timer, &waker), (true, 1));
}

#[tokio::test(start_paused = true)]
async fn a_timer_that_is_armed_anew_registers_the_same_waker_anew() {
    let (task, waker) = Task::new();
    let mut timer = Box::pin(Timer::new());
    for round in 1..=3 {
        timer.as_mut().arm(later(now(), SECOND));
        assert_eq!(poll(&mut timer, &waker), (false, 1));
        assert_eq!(poll(&mut timer, &waker), (false, 0));
        tokio::time::sleep(SECOND).await;
        // Also where nobody polls it in between.
        assert_eq!(task.woken(), round);
    }
    // Before it has fired, too.
    timer.as_mut().arm(later(now(), 2 * SECOND));
    assert_eq!(poll(&mut timer, &waker), (false, 1));
    timer.as_mut().arm(later(now(), SECOND));
    assert_eq!(poll(&mut timer, &waker), (false, 1));
    tokio::time::sleep(SECOND).await;
    assert_eq!(task.woken(), 4);
    assert_eq!(poll(&mut timer, &waker), (true, 1));
}

#[tokio::test(start_paused = true)]
async fn a_timer_lets_go_of_its_waker_when_it_fires_and_when_it_is_dropped() {
    let (task, waker) = Task::new();
    {
        let mut timer = armed();
        poll(&mut timer, &waker);
        assert_eq!(Arc::strong_count(&task), 3);
        tokio::time::sleep(SECOND).await;
        assert_eq!(Arc::strong_count(&task), 2);
        timer.as_mut().arm(later(now(), SECOND));
        poll(&mut timer, &waker);
        assert_eq!(Arc::strong_count(&task), 3);
        // It keeps none itself.
        assert_eq!(poll(&mut timer, &waker), (false, 0));
        assert_eq!(Arc::strong_count(&task), 3);
    }
    assert_eq!(Arc::strong_count(&task), 2);
    tokio::time::sleep(2 * SECOND).await;
    assert_eq!(task.woken(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_timer_fires_in_a_task_that_has_used_up_its_budget() {
    let (_, waker) = Task::new();
    let mut timer = armed();
    assert_eq!(poll(&mut timer, &waker), (false, 1));
    tokio::time::sleep(SECOND).await;
    let used_up = poll_fn(|cx| {
        while let Poll::Ready(progress) = tokio::task::coop::poll_proceed(cx) {
            progress.made_progress();
        }
        Poll::Ready(poll(&mut timer, cx.waker()))
    });
    assert_eq!(used_up.await, (true, 1));
}

#[test]
fn a_timer_that_moves_to_another_thread_wakes_whoever_polled_it_there() {
    let runtime = paused();
    let ((first, one), (second, two)) = (Task::new(), Task::new());
    let mut timer = runtime.block_on(async { armed() });
    assert_eq!(poll(&mut timer, &one), (false, 1));
    let polled = std::thread::scope(|scope| {
        let moved = scope.spawn(|| poll(&mut timer, &two));
        moved.join().unwrap()
    });
    assert_eq!(polled, (false, 1));
    runtime.block_on(async { tokio::time::sleep(SECOND).await });
    assert_eq!((first.woken(), second.woken()), (0, 1));
    assert_eq!(poll(&mut timer, &one), (true, 1));
}

#[test]
fn a_timer_keeps_to_the_runtime_it_was_armed_in() {
    let (here, elsewhere) = (paused(), paused());
    let (task, waker) = Task::new();
    let mut timer = here.block_on(async { armed() });
    elsewhere.block_on(async {
        assert_eq!(poll(&mut timer, &waker), (false, 1));
        tokio::time::sleep(5 * SECOND).await;
        assert_eq!(poll(&mut timer, &waker), (false, 0));
    });
    assert_eq!(task.woken(), 0);
    here.block_on(async { tokio::time::sleep(SECOND).await });
    assert_eq!(task.woken(), 1);
    assert_eq!(poll(&mut timer, &waker), (true, 1));
}

#[test]
fn a_runtime_that_shuts_down_wakes_its_timers() {
    let runtime = paused();
    let (task, waker) = Task::new();
    let mut timer = runtime.block_on(async { armed() });
    assert_eq!(poll(&mut timer, &waker), (false, 1));
    drop(runtime);
    assert_eq!((task.woken(), Arc::strong_count(&task)), (1, 2));
    drop(timer);
}

#[test]
#[should_panic(expected = "being shutdown")]
fn a_timer_of_a_runtime_that_is_gone_panics_as_tokios_does() {
    let runtime = paused();
    let (_, waker) = Task::new();
    let mut timer = runtime.block_on(async { armed() });
    assert_eq!(poll(&mut timer, &waker), (false, 1));
    drop(runtime);
    poll(&mut timer, &waker);
}

#[test]
fn in_a_local_set_a_timer_asks_tokios_twice() {
    let asked = LocalSet::new().block_on(&paused(), async {
        tokio::task::spawn_local(async {
            let before = POLLS.get();
            let mut timer = armed();
            let mut turns = 0;
            poll_fn(|cx| {
                turns += 1;
                if turns < 5 {
                    cx.waker().wake_by_ref();
                }
                timer.as_mut().poll(cx)
            })
            .await;
            (turns, POLLS.get() - before)
        })
        .await
        .unwrap()
    });
    // Four that it wakes itself for, one more to find that it waits, one when it has fired.
    assert_eq!(asked, (6, 2));
}

/// A scope goes on with the runtime that it is asked in. What another one's clock went on unseen does not count.
#[cfg(feature = "test-util")]
#[test]
fn a_timer_that_a_scope_moves_behind_its_firing_registers_the_same_waker_anew() {
    let _scope = crate::testing::scope(1);
    let (here, elsewhere) = (paused(), paused());
    let (task, waker) = Task::new();
    let mut timer = here.block_on(async { armed() });
    assert_eq!(poll(&mut timer, &waker), (false, 1));
    here.block_on(async { tokio::time::sleep(2 * SECOND).await });
    assert_eq!(task.woken(), 1);
    elsewhere.block_on(async {
        tokio::time::sleep(5 * SECOND).await;
        assert_eq!(poll(&mut timer, &waker), (false, 1));
    });
    here.block_on(async { tokio::time::sleep(5 * SECOND).await });
    assert_eq!(task.woken(), 2);
}
