//! Terminals that take their time, and bounds that cut their answers off.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use wait_or_die::{settings, testing};

use super::{Bench, bench, filled, order, order_of, question};
use crate::amount::Amount;
use crate::ledger::{Ledger, Settings};
use crate::paper::Fault::{self, HangAfterExecuting};
use crate::paper::{PaperTerminal, Schedule};
use crate::protocol::{Body, Name, Order, Request};
use crate::router::{Recovered, Router};
use crate::terminal::{Account, Deal, Holdings, Quote, Terminal, TerminalError};

/// Executes each order `after` it was handed over, whatever becomes of the caller. What it is asked about orders it looks
/// up at once, and takes its time to say.
struct Late {
    paper: Arc<PaperTerminal>,
    after: Duration,
    settles_within: Duration,
    says_after: Duration,
}

impl Terminal for Late {
    async fn send(&self, order: &Order, price: Amount) -> Result<Deal, TerminalError> {
        let (paper, order, after) = (Arc::clone(&self.paper), order.clone(), self.after);
        let executing = tokio::spawn(async move {
            tokio::time::sleep(after).await;
            paper.send(&order, price).await
        });
        executing.await.unwrap()
    }

    fn quote(&self, symbol: &Name) -> Option<Quote> {
        self.paper.quote(symbol)
    }

    fn settles_within(&self) -> Duration {
        self.settles_within
    }

    async fn find(&self, magic: u64, id: &Name) -> Result<Option<Deal>, TerminalError> {
        let found = self.paper.find(magic, id).await;
        tokio::time::sleep(self.says_after).await;
        found
    }

    async fn history(&self) -> Result<Vec<(Order, Deal)>, TerminalError> {
        self.paper.history().await
    }

    async fn holdings(&self, magic: u64) -> Result<Holdings, TerminalError> {
        self.paper.holdings(magic).await
    }

    async fn account(&self) -> Result<Account, TerminalError> {
        self.paper.account().await
    }
}

struct LateBench {
    paper: Arc<PaperTerminal>,
    router: Router<Late>,
    _scope: testing::Scope,
    directory: tempfile::TempDir,
}

fn late(after_ms: u64, settles_within_ms: u64) -> LateBench {
    let paper = Arc::new(PaperTerminal::new(Schedule::healthy()));
    let directory = tempfile::tempdir().unwrap();
    LateBench {
        router: router(&paper, directory.path(), after_ms, settles_within_ms),
        paper,
        _scope: testing::scope(7),
        directory,
    }
}

fn router(
    paper: &Arc<PaperTerminal>,
    directory: &Path,
    after_ms: u64,
    settles_within_ms: u64,
) -> Router<Late> {
    let terminal = Late {
        paper: Arc::clone(paper),
        after: Duration::from_millis(after_ms),
        settles_within: Duration::from_millis(settles_within_ms),
        says_after: Duration::ZERO,
    };
    let (ledger, _) = Ledger::open(&directory.join("ledger"), Settings::default()).unwrap();
    Router::new(terminal, Arc::new(ledger))
}

impl LateBench {
    async fn ask(&self, request: Request) -> Body {
        self.router.answer(request).await.body
    }

    fn executions(&self) -> usize {
        self.paper.log().len()
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_still_under_way_is_not_given_back() {
    // Given up after 1 s, executed after 1.5 s, certain after 2 s.
    let bench = late(1_500, 2_000);
    let Body::Unknown { retry_after_ms, .. } = bench.ask(order()).await else {
        panic!("told");
    };
    // Of when it was asked; the question took 8 ms.
    assert_eq!(retry_after_ms, Some(1_000));
    assert!(matches!(bench.ask(order()).await, Body::Unknown { .. }));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(bench.ask(order()).await, filled(1, true));
    assert_eq!(bench.executions(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_order_that_did_not_arrive_is_given_back_when_that_is_certain() {
    let bench = late(1_000_000, 2_000);
    assert!(matches!(bench.ask(order()).await, Body::Unknown { .. }));
    // It was given up after 1 s, and the first question took 8 ms.
    tokio::time::sleep(Duration::from_millis(983)).await;
    // Asked after 1,991 ms and answered after 1,999.
    assert!(matches!(
        bench.ask(question()).await,
        Body::Unknown {
            retry_after_ms: Some(9),
            ..
        }
    ));
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert!(matches!(
        bench.ask(question()).await,
        Body::NotExecuted { .. }
    ));
}

#[tokio::test(start_paused = true)]
async fn what_the_terminal_saw_before_an_order_was_certain_says_nothing_of_it() {
    // Executed after 1,950 ms, certain after 2 s.
    let mut bench = late(1_950, 2_000);
    assert!(matches!(bench.ask(order()).await, Body::Unknown { .. }));
    bench.router.terminal.says_after = Duration::from_millis(300);
    tokio::time::sleep(Duration::from_millis(892)).await;
    // Asked after 1,900 ms, and answered after 2,208.
    let told = bench.ask(question()).await;
    let is_unknown = |body: &Body| {
        matches!(
            body,
            Body::Unknown {
                retry_after_ms: Some(100),
                ..
            }
        )
    };
    assert!(is_unknown(&told), "{told:?}");
    assert_eq!(bench.ask(order()).await, filled(1, true));
    assert_eq!(bench.executions(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_new_start_waits_until_what_was_under_way_has_arrived() {
    for keeps_its_ledger in [true, false] {
        let LateBench {
            paper,
            router: first,
            _scope,
            directory,
        } = late(1_500, 2_000);
        let answer = first.answer(order()).await.body;
        assert!(matches!(answer, Body::Unknown { .. }));
        Arc::into_inner(first.ledger).unwrap().close().await;
        let empty = tempfile::tempdir().unwrap();
        let its = if keeps_its_ledger { &directory } else { &empty };
        let second = router(&paper, its.path(), 0, 2_000);
        let recovered = second.recover().await.unwrap();
        let expected = Recovered {
            executed: usize::from(keeps_its_ledger),
            adopted: usize::from(!keeps_its_ledger),
            ..Recovered::default()
        };
        assert_eq!(recovered, expected);
        assert_eq!(second.answer(order()).await.body, filled(1, true));
        assert_eq!(paper.log().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_while_somebody_is_at_an_order_is_told_so_each_time() {
    let bench = late(500, 0);
    let others = async {
        let mut told = Vec::new();
        for request in [order(), order(), question(), order()] {
            tokio::time::sleep(Duration::from_millis(50)).await;
            told.push(bench.ask(request).await);
        }
        told
    };
    let (first, others) = tokio::join!(bench.ask(order()), others);
    assert_eq!(first, filled(1, false));
    let in_progress = |body: &Body| matches!(body, Body::InProgress { .. });
    assert!(others.iter().all(in_progress), "{others:?}");
    assert_eq!(bench.executions(), 1);
}

/// Settings of the order's call, which are in force until the bench is dropped.
fn set(bench: Bench, of_the_call: &serde_json::Value) -> Bench {
    let all = json!({"calls": {"terminal.execute_order": of_the_call}});
    settings::apply(serde_json::from_value(all).unwrap()).unwrap();
    bench
}

#[tokio::test(start_paused = true)]
async fn no_bound_that_settings_give_the_call_sends_an_order_again_that_may_be_executed() {
    for bound in [
        json!({"attempt_timeout": "500ms", "initial_wait": "200ms", "max_wait": "2s"}),
        json!({"timeout": "500ms"}),
    ] {
        let bench = set(bench(&[HangAfterExecuting, HangAfterExecuting]), &bound);
        // The second call is a question, which hangs too, and the third one is answered.
        assert_eq!(bench.place().await, (filled(1, true), 3, 1), "{bound}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_that_waited_is_told_as_it_is_now() {
    let bench = bench(&[]);
    let Body::Placed(_) = bench.ask(order_of("o-2", "1.50")).await else {
        panic!("not placed");
    };
    let waiting = bench.ask(order_of("o-1", "1.08428")).await;
    assert!(matches!(waiting, Body::Placed(_)), "{waiting:?}");
    let version = async || {
        let sync = json!({"id": "r-1", "action": "SYNC_ALL", "magic_number": 202_401, "timestamp": "2026-01-05T09:30:00Z"});
        match bench.ask(Request::parse(sync).unwrap()).await {
            Body::Ok(facts) => (facts.state_version, facts.positions.map(|all| all.len())),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(version().await, (Some(2), Some(0)));
    bench.terminal.move_market("EURUSD");
    assert_eq!(version().await, (Some(3), Some(1)));
    for request in [question(), order_of("o-1", "1.08428")] {
        let told = bench.ask(request).await;
        assert!(
            matches!(&told, Body::Filled(took) if took.price.to_string() == "1.08428"),
            "{told:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_one_client_heard_is_not_taken_back_from_another() {
    // A return code is no fault to a question. Two ask at a time: one is answered, the other one opens the breaker.
    let asked = [Fault::REQUOTE; 2];
    let faults = [&[Fault::DUPLICATE][..], &asked, &[Fault::Refuse; 3]].concat();
    let bench = bench(&faults);
    let placed = bench.ask(order_of("o-1", "1.08428")).await;
    assert!(matches!(placed, Body::Placed(_)), "{placed:?}");
    bench.terminal.move_market("EURUSD");
    let (first, second) = tokio::join!(bench.ask(question()), bench.ask(question()));
    assert!(matches!(first, Body::Filled(_)), "{first:?}");
    assert_eq!(first, second);
}
