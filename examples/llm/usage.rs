//! What calls cost in tokens: answers, and attempts that failed and were paid for all the same.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Tokens as a service counts them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tokens {
    /// What was asked, what came from a cache included.
    pub(crate) input: u64,
    /// What was answered, what the model thought before it included.
    pub(crate) output: u64,
}

impl Tokens {
    pub(crate) const fn total(self) -> u64 {
        self.input.saturating_add(self.output)
    }

    pub(crate) const fn plus(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            output: self.output.saturating_add(other.output),
        }
    }
}

/// The account of one call, over all its attempts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Account {
    /// Attempts that were begun.
    pub(crate) attempts: u32,
    /// What the attempt cost that gave the answer.
    pub(crate) answered: Tokens,
    /// What attempts that failed are known to have cost.
    pub(crate) lost: Tokens,
    /// Attempts of which it is not known, or not wholly, what they cost: the service may have worked on them.
    pub(crate) unknown: u32,
    /// Answers that came whole and were of no use.
    pub(crate) useless: u32,
}

impl Account {
    /// All that is known to have been used.
    pub(crate) const fn tokens(self) -> Tokens {
        self.answered.plus(self.lost)
    }

    pub(crate) const fn plus(self, other: Self) -> Self {
        Self {
            attempts: self.attempts.saturating_add(other.attempts),
            answered: self.answered.plus(other.answered),
            lost: self.lost.plus(other.lost),
            unknown: self.unknown.saturating_add(other.unknown),
            useless: self.useless.saturating_add(other.useless),
        }
    }
}

/// Keeps the account of one call; clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meter(Arc<Mutex<Account>>);

impl Meter {
    pub(crate) fn account(&self) -> Account {
        *self.locked()
    }

    /// Begins an attempt. Until it says otherwise it may have cost anything; so one that is cut off is booked as that.
    pub(crate) fn attempt(&self) -> Attempt {
        let attempts = &mut self.locked().attempts;
        *attempts = attempts.saturating_add(1);
        Attempt {
            meter: self.clone(),
            tokens: Tokens::default(),
            is_known: false,
            is_answered: false,
        }
    }

    /// Books an answer that came whole and was of no use; how many there have been.
    pub(crate) fn useless(&self) -> u32 {
        let useless = &mut self.locked().useless;
        *useless = useless.saturating_add(1);
        *useless
    }

    fn locked(&self) -> MutexGuard<'_, Account> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One attempt; booked when it is dropped, however that comes about.
#[derive(Debug)]
pub(crate) struct Attempt {
    meter: Meter,
    tokens: Tokens,
    is_known: bool,
    is_answered: bool,
}

impl Attempt {
    /// The service did nothing for it.
    pub(crate) const fn cost_nothing(&mut self) {
        self.is_known = true;
    }

    /// So much is known so far; more may come.
    pub(crate) const fn cost_at_least(&mut self, tokens: Tokens) {
        self.tokens = tokens;
    }

    /// What the service counted; `None` where it did not say.
    pub(crate) const fn cost(&mut self, tokens: Option<Tokens>) {
        if let Some(tokens) = tokens {
            self.tokens = tokens;
            self.is_known = true;
        }
    }

    /// This attempt gave the answer.
    pub(crate) fn answered(mut self) {
        self.is_answered = true;
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let mut account = self.meter.locked();
        let place = if self.is_answered {
            &mut account.answered
        } else {
            &mut account.lost
        };
        *place = place.plus(self.tokens);
        if !self.is_known {
            account.unknown = account.unknown.saturating_add(1);
        }
    }
}

/// The accounts of several calls as a table, and their sum.
pub(crate) fn table(accounts: &[(&str, Account)]) -> String {
    let mut lines = format!(
        "{:<12} {:>8} {:>8} {:>8} {:>8} {:>12} {:>12}\n",
        "tokens", "attempts", "input", "output", "total", "of failures", "not known of"
    );
    let sum = accounts
        .iter()
        .fold(Account::default(), |sum, (_, account)| sum.plus(*account));
    for (name, account) in accounts.iter().chain([&("sum", sum)]) {
        let tokens = account.tokens();
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            lines,
            "{name:<12} {:>8} {:>8} {:>8} {:>8} {:>12} {:>12}",
            account.attempts,
            tokens.input,
            tokens.output,
            tokens.total(),
            account.lost.total(),
            account.unknown
        );
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Account, Meter, Tokens, table};

    const fn tokens(input: u64, output: u64) -> Tokens {
        Tokens { input, output }
    }

    #[test]
    fn attempts_are_booked_by_what_became_of_them() {
        let meter = Meter::default();
        // Refused, cut off, of no use, broken half-way, answered.
        meter.attempt().cost_nothing();
        drop(meter.attempt());
        meter.attempt().cost(Some(tokens(100, 7)));
        assert_eq!(meter.useless(), 1);
        meter.attempt().cost_at_least(tokens(100, 1));
        let mut last = meter.attempt();
        last.cost_at_least(tokens(100, 1));
        last.cost(Some(tokens(100, 30)));
        last.answered();
        let expected = Account {
            attempts: 5,
            answered: tokens(100, 30),
            lost: tokens(200, 8),
            unknown: 2,
            useless: 1,
        };
        assert_eq!(meter.account(), expected);
        assert_eq!(meter.account().tokens().total(), 338);
    }

    #[test]
    fn an_answer_whose_cost_nobody_told_is_not_known_of() {
        let meter = Meter::default();
        let mut attempt = meter.attempt();
        attempt.cost(None);
        attempt.answered();
        assert_eq!((meter.account().attempts, meter.account().unknown), (1, 1));
    }

    #[test]
    fn counts_that_cannot_be_do_not_overflow() {
        let huge = tokens(u64::MAX, u64::MAX);
        assert_eq!(huge.plus(huge), huge);
        assert_eq!(huge.total(), u64::MAX);
    }

    #[test]
    fn the_table_shows_each_call_and_the_sum() {
        let one = Account {
            attempts: 3,
            answered: tokens(100, 30),
            lost: tokens(100, 5),
            unknown: 1,
            useless: 1,
        };
        let two = Account {
            attempts: 1,
            answered: tokens(80, 20),
            ..Account::default()
        };
        let expected = "\
tokens       attempts    input   output    total  of failures not known of
anthropic           3      200       35      235          105            1
gemini              1       80       20      100            0            0
sum                 4      280       55      335          105            1
";
        assert_eq!(table(&[("anthropic", one), ("gemini", two)]), expected);
    }
}
