//! The gateway is killed with SIGKILL again and again, at drawn points, while clients send orders; started anew on the
//! same directory, it goes on. Then what the clients were told, the ledger and the terminal's own log are held against
//! each other: nothing that was told is lost, nothing is executed twice, nothing is left open.
//!
//! `GATEWAY_KILLS` says how often it is killed, `GATEWAY_SEED` draws everything that is drawn. The points at which it is
//! killed are drawn, and what it does there is not: two runs of one seed differ. What a failed run leaves is kept, and the
//! message says where.
#![cfg(unix)] // SIGKILL

#[path = "../built/mod.rs"]
mod built;
mod checker;
mod client;
mod clock;
mod gateway;
mod ledger;
mod run;
mod terminal;
mod told;

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write as _;

use checker::{Evidence, Violation};
use run::{Figures, Run};
use told::{Asked, Says};

/// Takes less than 15 s in a debug build.
const KILLS: u64 = 40;
const SEED: u64 = 20_260_105;

fn number(variable: &str, default: u64) -> u64 {
    env::var(variable).map_or(default, |text| {
        text.parse()
            .unwrap_or_else(|error| panic!("{variable}={text}: {error}"))
    })
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the figures of the run, with `--nocapture`"
)]
fn no_order_is_lost_executed_twice_or_left_open_however_often_the_gateway_is_killed() {
    let (kills, seed) = (number("GATEWAY_KILLS", KILLS), number("GATEWAY_SEED", SEED));
    let mut run = Run::new(&built::example("gateway"), seed);
    for _ in 0..kills {
        run.start_and_kill();
    }
    let (figures, evidence, directory) = run.settle();
    let (violations, summary) = (evidence.violations(), summary(&figures, &evidence));
    println!("seed {seed}: {summary}");
    if !violations.is_empty() {
        let kept = directory.keep();
        panic!(
            "GATEWAY_SEED={seed} GATEWAY_KILLS={kills}: {summary}\n{}\nkept in {}",
            trace(&violations, &evidence),
            kept.display()
        );
    }
    the_run_met_what_it_is_for(kills, &figures, &evidence);
}

/// Far below what any run comes to: twelve replies a life or so, and a third of the lives end at an order.
fn the_run_met_what_it_is_for(kills: u64, figures: &Figures, evidence: &Evidence) {
    assert_eq!(figures.kills, kills);
    if kills < KILLS {
        return;
    }
    let orders = evidence.heard.sent.len() as u64;
    assert!(orders > kills, "{orders} orders");
    assert!(evidence.log.len() as u64 > kills / 2, "too few executions");
    assert!(
        figures.starts_with_unsettled > 0,
        "nothing was ever left unsettled"
    );
    assert!(
        evidence.heard.without_reply > 0,
        "every request had its reply"
    );
}

/// What happened, in figures.
fn summary(figures: &Figures, evidence: &Evidence) -> String {
    let told = |says| {
        let told = evidence.heard.told.iter();
        told.filter(|told| told.asked != Asked::SendOther && Says::of(&told.reply) == says)
            .count()
    };
    let reconciled: BTreeSet<_> = evidence
        .heard
        .told
        .iter()
        .filter(|told| told.reply["reconciled"] == true)
        .map(|told| &told.order)
        .collect();
    format!(
        "{figures}; {} orders, {} executions, {} of them reconciled; {} requests without a reply; replies: {} executed, {} \
         rejected, {} not executed, {} open",
        evidence.heard.sent.len(),
        evidence.log.len(),
        reconciled.len(),
        evidence.heard.without_reply,
        told(Says::Executed),
        told(Says::Rejected),
        told(Says::NotExecuted),
        told(Says::Open),
    )
}

/// Everything that is known about the orders that show a violation, of the first few.
fn trace(violations: &[Violation], evidence: &Evidence) -> String {
    let mut text = format!("{} violations\n", violations.len());
    for Violation { rule, order } in violations.iter().take(5) {
        let _ = writeln!(text, "{rule:?}: {order}");
        for told in &evidence.heard.told {
            if told.order == *order {
                let _ = writeln!(text, "  {:?} -> {}", told.asked, told.reply);
            }
        }
        if let Some(kept) = evidence.ledger.get(order) {
            let answer = kept.answer.as_deref().unwrap_or_default();
            let answer = String::from_utf8_lossy(answer);
            let _ = writeln!(text, "  ledger: {:?} {answer}", kept.state);
        }
        for execution in evidence.log.iter().filter(|it| it.id() == order) {
            let _ = writeln!(text, "  log: {execution:?}");
        }
    }
    text
}
