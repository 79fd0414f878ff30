//! The counts that are remembered, and how others compare with them.

#[cfg(test)]
mod tests;

use std::fmt::Write;

use crate::measure::Measured;

/// The compiler of this program, and the machine it was built for.
pub(crate) const COMPILER: &str = env!("BUILT_BY");
pub(crate) const TARGET: &str = env!("BUILT_FOR");

/// How far a count may be from the one that is remembered.
const TOLERANCE: f64 = 0.03;

/// The environment variable that is `allow` where a comparison may be left out.
pub(crate) const OTHER_COMPILER: &str = "INSTRUCTIONS_OTHER_COMPILER";

const HEAD: &str = "\
# Instructions per call, as callgrind counts them. A count that grows by more than 3 % fails the project's check.
# Renewed by `cargo run --release --locked -- renew` in this folder, together with the change that is the reason.
";

/// `baseline.txt`.
#[derive(Debug)]
pub(crate) struct Baseline {
    compiler: String,
    target: String,
    counts: Vec<Measured>,
}

/// What came out.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// A line for each scenario.
    pub(crate) text: String,
    /// Whether none has grown and all are known.
    pub(crate) holds: bool,
}

impl Baseline {
    /// The text of a file, for these counts.
    pub(crate) fn text(compiler: &str, target: &str, counts: &[Measured]) -> String {
        let mut text = format!("{HEAD}compiler: {compiler}\ntarget: {target}\n");
        for Measured { name, instructions } in counts {
            let _ = writeln!(text, "{name}: {instructions:.2}");
        }
        text
    }

    /// Reads such a text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut baseline = Self {
            compiler: String::new(),
            target: String::new(),
            counts: Vec::new(),
        };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line
                .split_once(": ")
                .ok_or_else(|| format!("not a line of a baseline: `{line}`"))?;
            match name {
                "compiler" => value.clone_into(&mut baseline.compiler),
                "target" => value.clone_into(&mut baseline.target),
                _ => baseline.counts.push(Measured {
                    name: name.to_owned(),
                    instructions: parse_count(value)?,
                }),
            }
        }
        Ok(baseline)
    }

    /// Why there is nothing to compare for a program of this compiler on this machine, if so.
    ///
    /// # Errors
    /// If that is because of the compiler and not allowed: nobody would ever renew a baseline that is only skipped.
    pub(crate) fn skipped(
        &self,
        compiler: &str,
        target: &str,
        other_compiler_allowed: bool,
    ) -> Result<Option<String>, String> {
        let differs = |what: &str, own: &str, other: &str| {
            let why = format!("the baseline is one of {what} `{own}`, and this is `{other}`");
            (own != other).then_some(why)
        };
        if let Some(why) = differs("the target", &self.target, target) {
            return Ok(Some(why));
        }
        match differs("the compiler", &self.compiler, compiler) {
            Some(why) if !other_compiler_allowed => Err(format!(
                "{why}; renew the baseline with `cargo run --release --locked -- renew` and commit it, or set \
                 `{OTHER_COMPILER}=allow` to compare nothing"
            )),
            why => Ok(why),
        }
    }

    /// Compares all that was measured with all that is remembered.
    pub(crate) fn compare(&self, measured: &[Measured]) -> Comparison {
        let mut comparison = Comparison {
            text: String::new(),
            holds: true,
        };
        for each in measured {
            let known = self.counts.iter().find(|known| known.name == each.name);
            comparison.add(known, each);
        }
        for known in &self.counts {
            if !measured.iter().any(|each| each.name == known.name) {
                comparison.fail(&known.name, "remembered, but not measured");
            }
        }
        comparison
    }
}

impl Comparison {
    fn add(&mut self, known: Option<&Measured>, measured: &Measured) {
        let Measured { name, instructions } = measured;
        let Some(known) = known else {
            return self.fail(name, "measured, but not remembered");
        };
        let change = instructions / known.instructions - 1.0;
        let verdict = match change {
            _ if change > TOLERANCE => " GROWN",
            _ if change < -TOLERANCE => " shrunk: renew `baseline.txt`, so that it stays so",
            _ => "",
        };
        self.holds &= change <= TOLERANCE;
        let _ = writeln!(
            self.text,
            "{name:<20} {instructions:>10.2} instructions per call, {:+.2} % of {:.2}{verdict}",
            change * 100.0,
            known.instructions,
        );
    }

    fn fail(&mut self, name: &str, why: &str) {
        self.holds = false;
        let _ = writeln!(self.text, "{name:<20} {why}");
    }
}

/// A count that something can be a part of.
fn parse_count(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(count) if count.is_finite() && count > 0.0 => Ok(count),
        _ => Err(format!("not a count: `{text}`")),
    }
}
