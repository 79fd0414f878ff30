//! `orders`: what is in a ledger, for people.

use std::path::Path;
use std::process::ExitCode;

use crate::ledger::{Entry, Ledger};
use crate::protocol::Timestamp;
use crate::serve::Failure;

pub(crate) fn run(data: &Path) -> Result<ExitCode, Failure> {
    let inspection = Ledger::inspect(&data.join("ledger"))?;
    for entry in &inspection.entries {
        println!("{}", line(entry));
    }
    let open = inspection
        .entries
        .iter()
        .filter(|entry| !entry.state.is_final());
    println!(
        "{} orders, {} of them unsettled; {} records so far, generation {}",
        inspection.entries.len(),
        open.count(),
        inspection.next_sequence.saturating_sub(1),
        inspection.generation
    );
    if let Some(torn) = &inspection.torn {
        println!("its end is no whole record, and cut off by the next start: {torn}");
    }
    Ok(ExitCode::SUCCESS)
}

/// `2026-01-05T09:30:00.000Z  DONE      o-1  {"status":"FILLED",..}`
fn line(entry: &Entry) -> String {
    let answer = entry.answer.as_deref().unwrap_or_default();
    let changed = Timestamp::from_millis(entry.changed_at);
    format!(
        "{changed}  {:<8}  {}  {}",
        entry.state.to_string(),
        entry.id,
        String::from_utf8_lossy(answer)
    )
}
