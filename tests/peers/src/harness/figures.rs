//! What was measured, round by round.

#[cfg(test)]
mod tests;

use super::case::Role;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Nanoseconds per call.
    Nanos,
    /// Millions of calls per second of all threads together.
    Rate,
    /// Bytes per task.
    Bytes,
}

impl Unit {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Nanos => "ns",
            Self::Rate => "M/s",
            Self::Bytes => "B",
        }
    }
}

/// The figures of one variant on one stage, one of each round.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) scenario: &'static str,
    pub(crate) title: &'static str,
    pub(crate) unit: Unit,
    pub(crate) stage: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) samples: Vec<f64>,
    /// How many of them are kept although another program came in between, each time that they were taken. Not told
    /// where threads share processors, nor of scenarios that the harness does not run.
    pub(crate) disturbed: usize,
}

impl Record {
    pub(crate) fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// What a share of the rounds stays below.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        quantile(self.samples.clone(), share)
    }

    /// The median of the ratios within a round.
    pub(crate) fn over(&self, other: &Self) -> f64 {
        let ratios = self.samples.iter().zip(&other.samples);
        quantile(ratios.map(|(own, other)| own / other).collect(), 0.5)
    }
}

/// One line for each stage of a scenario that has disturbed samples.
pub(super) fn disturbances(records: &[Record]) -> Vec<String> {
    let place = |record: &Record| (record.scenario, record.stage.clone());
    let mut places: Vec<_> = records.iter().map(place).collect();
    places.sort();
    places.dedup();
    let line = |(scenario, stage)| {
        let here = || {
            records
                .iter()
                .filter(|each| (each.scenario, &each.stage) == (scenario, &stage))
        };
        let disturbed: usize = here().map(|each| each.disturbed).sum();
        let all: usize = here().map(|each| each.samples.len()).sum();
        (disturbed > 0)
            .then(|| format!("{disturbed} of {all} samples of {scenario}, {stage} were disturbed"))
    };
    places.into_iter().filter_map(line).collect()
}

/// Between two values in proportion, so that the median of an even number is the mean of the two in the middle.
fn quantile(mut list: Vec<f64>, share: f64) -> f64 {
    list.sort_by(f64::total_cmp);
    let place = float(list.len().saturating_sub(1) as u64) * share;
    let value = |at: f64| {
        let at = usize::try_from(whole(at)).ok()?;
        list.get(at).copied()
    };
    match (value(place.floor()), value(place.ceil())) {
        (Some(low), Some(high)) => low + (high - low) * place.fract(),
        _ => f64::NAN,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a last bit does not matter here"
)]
pub(crate) fn float(number: u64) -> f64 {
    number as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of calls, far from both ends"
)]
pub(super) fn whole(number: f64) -> u64 {
    number as u64
}
