//! What a line costs, on one thread.

use std::borrow::Cow;
use std::cell::RefCell;
use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use memchr::memmem::Finder;
use wait_or_die::redact::Filter;

use crate::lines::{Line, Set, sets};
use crate::rules::Rules;
use crate::table::{self, Row};

const SAMPLES: usize = 30;

pub(crate) const FILTER: &str = "redact::Filter";
pub(crate) const SET: &str = "RegexSet, then replace_all";
pub(crate) const WITH_FORMATS: &str = "RegexSet with all formats";
pub(crate) const CHAINED: &str = "chained replace_all";
pub(crate) const FLOOR: &str = "memchr (hides nothing)";

/// What looks at a text; `None` if it only looks.
type Look<'f> = Box<dyn Fn(&str) -> Option<Cow<'_, str>> + 'f>;

struct Variant<'f> {
    name: &'static str,
    look: Look<'f>,
}

fn variants<'f>(
    filter: &'f Filter,
    rules: &'f Rules,
    with_formats: &'f Rules,
    floor: &'f Finder<'f>,
) -> [Variant<'f>; 5] {
    let variant = |name, look| Variant { name, look };
    [
        variant(FILTER, Box::new(|text| Some(filter.filter(text)))),
        variant(SET, Box::new(|text| Some(rules.set(text)))),
        variant(WITH_FORMATS, Box::new(|text| Some(with_formats.set(text)))),
        variant(CHAINED, Box::new(|text| Some(rules.chained(text)))),
        variant(
            FLOOR,
            Box::new(|text| {
                black_box(memchr::memchr3_iter(b'=', b':', b'@', text.as_bytes()).count());
                black_box(floor.find(text.as_bytes()));
                None
            }),
        ),
    ]
}

/// Measures, and prints criterion's figures and the table of ratios.
pub(crate) fn print() {
    let sets = sets();
    let (filter, rules) = (Filter::new(), Rules::compile());
    let with_formats = Rules::compile_with_formats();
    let floor = Finder::new("-----BEGIN");
    let variants = variants(&filter, &rules, &with_formats, &floor);
    let mut criterion = Criterion::default()
        .sample_size(SAMPLES)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_millis(1500));
    let mut rows = Vec::new();
    for set in &sets {
        rows.extend(measure(&mut criterion, "clean", set, &set.clean, &variants));
        rows.extend(measure(
            &mut criterion,
            "one secret",
            set,
            &set.secret,
            &variants,
        ));
    }
    criterion.final_summary();
    table::print(&rows);
}

fn measure(
    criterion: &mut Criterion,
    what: &'static str,
    set: &Set,
    lines: &[Line],
    variants: &[Variant],
) -> Vec<Row> {
    let bytes = lines.iter().map(|line| line.text.len() as u64).sum();
    let mut group = criterion.benchmark_group(format!("{what}, {}", set.kind));
    group.throughput(Throughput::Bytes(bytes));
    let row = |variant: &Variant| Row {
        what,
        kind: set.kind,
        variant: variant.name,
        nanos_per_line: sample(&mut group, variant, lines),
        bytes_per_line: table::float(bytes) / table::float(lines.len() as u64),
        right: lines.iter().filter(|line| right(variant, line)).count(),
        lines: lines.len(),
    };
    let rows = variants.iter().map(row).collect();
    group.finish();
    rows
}

/// Nanoseconds per line, the median of criterion's own samples.
#[allow(clippy::disallowed_methods)] // real time is what a benchmark is about
fn sample(group: &mut BenchmarkGroup<'_, WallTime>, variant: &Variant, lines: &[Line]) -> f64 {
    let samples = RefCell::new(Vec::new());
    group.bench_function(variant.name, |bencher| {
        bencher.iter_custom(|times| {
            let begun = std::time::Instant::now();
            for _ in 0..times {
                for line in lines {
                    black_box((variant.look)(black_box(&line.text)));
                }
            }
            let taken = begun.elapsed();
            let each = taken.as_secs_f64() * 1e9 / table::float(times * lines.len() as u64);
            samples.borrow_mut().push(each);
            taken
        });
    });
    let samples = samples.into_inner();
    // Those of the warm-up come first.
    let measured = samples.len().saturating_sub(SAMPLES);
    table::median(samples.get(measured..).unwrap_or_default().to_vec())
}

/// Whether a clean line came back as it was, without a copy, or the secret of another is gone.
fn right(variant: &Variant, line: &Line) -> bool {
    match (variant.look)(&line.text) {
        None => false,
        Some(text) if line.secret.is_empty() => {
            matches!(text, Cow::Borrowed(same) if same == line.text)
        }
        Some(text) => !text.contains(&line.secret),
    }
}
