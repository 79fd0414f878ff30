//! What is hidden of a value, and which values stay, in the forms that logs have.

mod calls;
mod files;
mod kept;
mod lines;
mod names;
mod records;
mod sentences;
mod shapes;
mod wire;

use crate::redact::Filter;

/// Holds for each text: exactly what stands between `‹` and `›` is replaced.
#[track_caller]
fn hidden(texts: &[&str]) {
    for text in texts {
        let (mut given, mut wanted) = (String::new(), String::new());
        for (number, part) in text.split(['‹', '›']).enumerate() {
            given.push_str(part);
            wanted.push_str(if number % 2 == 0 { part } else { "[REDACTED]" });
        }
        assert_ne!(given, wanted, "nothing is marked");
        assert_eq!(Filter::new().filter(&given), wanted, "{given:?}");
    }
}

/// Holds for each pair: the first is shown as the second.
#[track_caller]
fn shown_as(pairs: &[(&str, &str)]) {
    for (given, wanted) in pairs {
        assert_eq!(Filter::new().filter(given), *wanted, "{given:?}");
    }
}

/// Holds for each text: it stays, and is not copied.
#[track_caller]
fn kept(texts: &[&str]) {
    for text in texts {
        let shown = Filter::new().filter(text);
        assert!(
            matches!(shown, std::borrow::Cow::Borrowed(_)),
            "{text:?} -> {shown:?}"
        );
    }
}
