//! Runtimes that a plain function drives.

use std::panic::{catch_unwind, resume_unwind};

use super::*;

#[test]
fn a_task_of_a_runtime_that_a_plain_function_drives_is_free_of_its_bound() {
    let (near, far) = (now() + secs(1), now() + secs(5));
    let _guard = enter_blocking(near);
    let seen = current_thread().block_on(async {
        let spawned = tokio::spawn(three_times());
        let nested = tokio::spawn(attempt(far, three_times()));
        let plain = tokio::spawn(async move {
            let _inside = enter_blocking(far);
            (outer_deadline(), outer_deadline_at(now()))
        });
        let own = three_times().await;
        (
            own,
            spawned.await.unwrap(),
            nested.await.unwrap(),
            plain.await.unwrap(),
        )
    });
    // Those of the spawned ones see their own attempts only, though these end later.
    assert_eq!(
        seen,
        (
            [Some(near); 3],
            [None; 3],
            [Some(far); 3],
            (Some(far), Some(far))
        )
    );
    assert_eq!(outer_deadline(), Some(near));
}

#[test]
fn nor_does_it_see_the_asynchronous_attempt_around_the_plain_function() {
    let (near, far) = (now() + secs(1), now() + secs(5));
    let body = attempt(near, async {
        let _unstarted = enter_unstarted(Within::of(secs(1)));
        let _blocking = enter_blocking(near);
        outer_deadline()
    });
    assert_eq!(current_thread().block_on(body), Some(near));

    let _outer = enter(near);
    let _unstarted = enter_unstarted(Within::of(secs(1)));
    {
        let _blocking = enter_blocking(near);
        let spawned = current_thread().block_on(async { tokio::spawn(three_times()).await });
        assert_eq!(spawned.unwrap(), [None; 3]);
        let looser = enter(far);
        assert_eq!(outer_deadline(), Some(near));
        drop(looser);
    }
    assert_eq!(outer_deadline_at(near), Some(near));
}

#[test]
fn a_plain_function_in_a_task_passes_its_bound_on_in_that_task() {
    let deadline = now() + secs(5);
    let seen = current_thread().block_on(async move {
        let task = tokio::task::spawn_blocking(move || {
            let _guard = enter_blocking(deadline);
            let runtime = current_thread();
            let inherits = runtime.block_on(three_times());
            let spawned = runtime.block_on(async { tokio::spawn(three_times()).await.unwrap() });
            (inherits, spawned, outer_deadline())
        });
        task.await.unwrap()
    });
    assert_eq!(seen, ([Some(deadline); 3], [None; 3], Some(deadline)));
}

#[test]
fn a_plain_function_that_panics_leaves_nothing_behind() {
    let start = now();
    let _outer = enter(start + secs(5));
    let _unstarted = enter_unstarted(Within::of(secs(9)));
    let panicked = catch_unwind(|| {
        let _guard = enter_blocking(start + secs(3));
        assert_eq!(outer_deadline_at(start), Some(start + secs(3)));
        resume_unwind(Box::new(()));
    });
    assert!(panicked.is_err());
    assert_eq!(outer_deadline_at(start), Some(start + secs(5)));
    assert_eq!(outer_deadline_at(start - secs(6)), Some(start + secs(3)));
}
