use super::*;

#[test]
fn nobody_is_a_meeting_ahead() {
    for threads in [1, 2, 5] {
        let (gate, met) = (Gate::new(threads), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let _watch = gate.watch();
                    for round in 1..=200 {
                        met.fetch_add(1, SeqCst);
                        gate.meet();
                        let met = met.load(SeqCst);
                        assert!(met >= round * threads && met < (round + 1) * threads);
                    }
                });
            }
        });
        assert_eq!(gate.came.into_inner(), 200 * threads);
    }
}

#[test]
fn all_settle_at_the_same_meeting() {
    for threads in [1, 2, processors() + 3] {
        let gate = Gate::new(threads);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    for _ in 0..20 {
                        gate.settle();
                        gate.leave();
                    }
                });
            }
        });
        // One that went on alone would have left the others behind for ever.
        assert!(gate.came.into_inner().is_multiple_of(threads));
    }
}

#[test]
fn tasks_of_one_worker_arrive_when_another_has_taken_one() {
    let runtime = super::super::stage::multiple(2);
    for _ in 0..50 {
        let gate = std::sync::Arc::new(Gate::new(2));
        let other = std::sync::Arc::clone(&gate);
        // Spawned from a worker, so that both are in its queue.
        let both = runtime.spawn(async move {
            let second = tokio::spawn(async move {
                other.arrive().await;
                std::thread::current().id()
            });
            gate.arrive().await;
            (std::thread::current().id(), second.await.unwrap())
        });
        let (first, second) = runtime.block_on(both).unwrap();
        assert_ne!(first, second);
    }
}

#[test]
fn nobody_waits_for_a_thread_that_has_panicked() {
    let gate = Gate::new(2);
    std::thread::scope(|scope| {
        let panics = scope.spawn(|| {
            let _watch = gate.watch();
            panic!("before the first meeting");
        });
        let waits = scope.spawn(|| {
            let _watch = gate.watch();
            gate.meet();
        });
        assert!(panics.join().is_err() && waits.join().is_err());
    });
}
