//! What is shown of a value, and what never is.

use core::cell::Cell;
use core::fmt;
use core::time::Duration;

use super::{SafeText, before_placeholder};

/// A `Display` that is a closure.
struct Writes<F>(F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for Writes<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

#[test]
fn an_ordinary_text_is_shown_and_a_secret_is_not() {
    assert_eq!(
        SafeText::of("connection refused").as_str(),
        "connection refused"
    );
    let refused = std::io::Error::other("login: user=svc password=hunter2secret host=db");
    let shown = "login: user=svc password=[REDACTED] host=db";
    assert_eq!(SafeText::of(&refused).as_str(), shown);
    assert_eq!(SafeText::filtered(&refused).as_str(), shown);
    assert_eq!(SafeText::of("").as_str(), "");
}

#[test]
fn static_texts_are_not_filtered() {
    let text = SafeText::from("password=hunter2secret");
    assert_eq!(text.as_str(), "password=hunter2secret");
    assert_eq!(SafeText::withheld().as_str(), "[REDACTED]");
}

#[test]
fn a_long_text_is_cut_at_a_character() {
    let fits = "x".repeat(4096);
    assert_eq!(SafeText::of(&fits).as_str(), fits);

    // The mark has 14 bytes, and 4082 is even: the second `é` of the two would end at 4083.
    let shown = SafeText::of(&format!("x{}", "é".repeat(3000)));
    assert_eq!(shown.as_str(), format!("x{}…(truncated)", "é".repeat(2040)));
    assert_eq!(shown.as_str().len(), 4095);
}

#[test]
fn a_text_is_filtered_before_it_is_cut() {
    let text = format!("{} password={}", "x".repeat(4060), "hunter2".repeat(20));
    let shown = SafeText::of(&text);
    // The place to cut at lies inside the placeholder, which is left out as a whole.
    assert_eq!(
        shown.as_str(),
        format!("{} password=[REDACTED]", "x".repeat(4060))
    );

    let text = format!("{} password=hunter2secret and more", "x".repeat(4070));
    let expected = format!("{} password=…(truncated)", "x".repeat(4070));
    assert_eq!(SafeText::of(&text).as_str(), expected);
}

#[test]
fn a_placeholder_is_not_cut_in_two() {
    let text = "ab [REDACTED] cd";
    for end in 4..13 {
        assert_eq!(before_placeholder(text, end), 3, "{end}");
    }
    for end in [0, 1, 2, 3, 13, 14, 16] {
        assert_eq!(before_placeholder(text, end), end);
    }
    // Not a placeholder, and not at characters.
    assert_eq!(before_placeholder("[REDACT]", 5), 5);
    assert_eq!(before_placeholder("éééé[REDACTED]", 9), 8);
}

#[test]
fn an_endless_text_is_not_collected() {
    let written = Cell::new(0_usize);
    let endless = Writes(|f: &mut fmt::Formatter<'_>| {
        loop {
            f.write_str("abcdefghij")?;
            written.set(written.get() + 10);
        }
    });
    let shown = SafeText::of(&endless);
    assert_eq!(written.get(), 65_530);
    assert_eq!(shown.as_str().len(), 4096);
    assert!(shown.as_str().ends_with("ab…(truncated)"), "{shown}");
}

#[test]
fn a_display_that_goes_on_after_a_refusal_adds_nothing() {
    let deaf = Writes(|f: &mut fmt::Formatter<'_>| {
        let _ = f.write_str(&"x".repeat(70_000));
        let _ = f.write_str("y");
        Ok(())
    });
    let shown = SafeText::of(&deaf);
    assert_eq!(shown.as_str(), format!("{}…(truncated)", "x".repeat(4082)));
}

/// A long secret shrinks to its placeholder, which brings the place where the text was broken off into what is shown.
#[test]
fn what_lies_before_the_break_is_not_shown() {
    let head = format!("password={}", "s".repeat(60_000));
    let text = |tail: usize| format!("{head} {}", "t".repeat(tail));
    // 65,536 - 60,010 = 5,526 bytes are kept behind the secret: less than is left out.
    assert_eq!(SafeText::of(&text(9000)).as_str(), "…(truncated)");

    let head = format!("password={}", "s".repeat(55_000));
    let shown = SafeText::of(&format!("{head} {}", "t".repeat(90_000)));
    // 65,536 - 55,010 = 10,526 are kept, with the placeholder 10,546, of which 8,192 are left out.
    let expected = format!("password=[REDACTED] {}…(truncated)", "t".repeat(2334));
    assert_eq!(shown.as_str(), expected);
}

#[test]
fn a_display_that_fails_is_not_shown_in_part() {
    let broken = Writes(|f: &mut fmt::Formatter<'_>| {
        f.write_str("https://svc:hunter2")?;
        Err(fmt::Error)
    });
    assert_eq!(SafeText::of(&broken).as_str(), "[unprintable]");
}

#[test]
fn a_display_that_panics_ends_here() {
    let panics = Writes(|f: &mut fmt::Formatter<'_>| {
        f.write_str("half of ")?;
        panic!("in a display")
    });
    assert_eq!(SafeText::of(&panics).as_str(), "[unprintable]");
}

#[test]
fn what_is_shown_is_the_text_itself() {
    let text = SafeText::from("a \"quoted\" text");
    assert_eq!(text.to_string(), "a \"quoted\" text");
    assert_eq!(format!("{text:>17}"), "  a \"quoted\" text");
    assert_eq!(format!("{text:?}"), r#""a \"quoted\" text""#);
}

#[test]
fn plain_values_are_shown() {
    assert_eq!(SafeText::plain(&-7_i32).as_str(), "-7");
    assert_eq!(SafeText::plain(&0.5_f64).as_str(), "0.5");
    assert_eq!(SafeText::plain(&true).as_str(), "true");
    assert_eq!(
        SafeText::plain(&Duration::from_millis(1500)).as_str(),
        "1.5s"
    );
}

#[cfg(feature = "serde")]
#[test]
fn it_is_written_as_its_text() {
    let text = SafeText::of("said \"no\" to password=hunter2secret");
    assert_eq!(
        serde_json::to_string(&text).unwrap(),
        r#""said \"no\" to password=[REDACTED]""#
    );
}
