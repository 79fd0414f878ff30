//! A program that runs until it is halted.

use std::cell::Cell;
use std::future::{pending, ready};
use std::process::{Command, ExitCode, Output};
use std::rc::Rc;

use super::*;

#[tokio::test]
async fn a_program_that_ends_gives_its_output() {
    let halt = Halt::new();
    assert_eq!(halt.run_until(ready(7)).await, Ok(7));
    assert_eq!(
        halt.run_until(async { tokio::task::yield_now().await })
            .await,
        Ok(())
    );
    assert_eq!(halt.run(ready(ExitCode::from(3))).await, ExitCode::from(3));
    assert_eq!(
        halt.run(ready(Err::<(), _>("its own"))).await,
        ExitCode::from(1)
    );
}

#[tokio::test]
async fn a_program_is_not_polled_once_the_halt_is_stopped() {
    let (halt, polled) = (Halt::new(), Cell::new(false));
    halt.stop(by_hand("gate"));
    let out = halt.run_until(async { polled.set(true) }).await;
    assert_eq!(out.unwrap_err().operation(), "gate");
    assert!(!polled.get());
}

#[tokio::test]
async fn a_halt_drops_the_program_before_it_is_told() {
    struct Dropped(Rc<Cell<bool>>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    let (halt, dropped) = (Halt::new(), Rc::new(Cell::new(false)));
    let held = Dropped(Rc::clone(&dropped));
    let program = async move {
        let _held = held;
        pending::<()>().await;
    };
    let other = {
        let halt = halt.clone();
        tokio::spawn(async move { halt.stop(by_hand("elsewhere")) })
    };
    let report = halt.run_until(program).await.unwrap_err();
    assert!(dropped.get());
    assert_eq!(report.operation(), "elsewhere");
    assert!(other.await.unwrap());
}

/// So it is where `main` passes on the error of the operation that died.
#[tokio::test]
async fn a_stop_beats_an_end_in_the_same_poll() {
    let halt = Halt::new();
    let program = async {
        halt.stop(by_hand("gate"));
        Ok::<_, io::Error>(())
    };
    assert_eq!(
        halt.run_until(program).await.unwrap_err().operation(),
        "gate"
    );
    assert_eq!(halt.run(ready(())).await, ExitCode::from(69));
}

fn run(mode: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_halted"));
    program.arg(mode).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_gate_that_fails_ends_the_process_before_anything_else_runs() {
    for mode in ["run", "task", "plain", "panic"] {
        let out = run(mode);
        assert_eq!(out.status.code(), Some(69), "{mode}: {}", text(&out.stderr));
        assert_eq!(text(&out.stdout), "", "{mode}");
        let last = text(&out.stderr).lines().last().unwrap();
        let expected = match mode {
            "panic" => "system halt: `gate` panicked after 1 attempt: no gate",
            _ => "system halt: `gate` gave up after 3 attempts, ",
        };
        assert!(last.starts_with(expected), "{mode}: {last}");
    }
}

#[test]
fn a_main_that_gives_the_report_exits_with_a_code_too() {
    let out = run("result");
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(text(&out.stdout), "");
    assert!(text(&out.stderr).starts_with("Error: system halt: `gate` gave up after 3 attempts, "));
}

#[test]
fn a_gate_that_opens_lets_the_program_run() {
    let out = run("open");
    assert_eq!(out.status.code(), Some(0));
    assert_eq!(text(&out.stdout), "strategy\n");
    assert_eq!(text(&out.stderr), "");
}
