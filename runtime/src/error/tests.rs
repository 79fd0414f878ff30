//! The lines that are printed.

use core::time::Duration;

use super::{Bound, Error, TimedOut, TimedOutParts, readable};
use crate::{SafeText, TraceId};

#[test]
fn the_line_that_is_printed() {
    let parts = TimedOutParts {
        operation: "app::push_page",
        bound: Bound::Timeout,
        limit: Duration::from_secs(30),
        in_flight: true,
        attempts: 4,
        elapsed: Duration::from_nanos(31_200_456_789),
        trace_id: TraceId::from_random(0x4bf9_2f35_77b3_4da6),
        last_error: Some(SafeText::from("connection reset")),
    };
    assert_eq!(
        Error::TimedOut(TimedOut::new(parts)).to_string(),
        "`app::push_page` timed out: no answer within 30s (timeout) after 4 attempts, 31.2s in all; \
         last error: connection reset; trace 00000000000000004bf92f3577b34da6"
    );
}

#[test]
fn a_readable_duration_has_no_more_than_three_decimals() {
    for (nanos, text) in [
        (0, "0ns"),
        (999_999, "999.999µs"),
        (1_000_001, "1ms"),
        (31_999_999, "31ms"),
        (31_200_456_789, "31.2s"),
        (60_000_999_999, "60s"),
    ] {
        let shown = format!("{:?}", readable(Duration::from_nanos(nanos)));
        assert_eq!(shown, text);
    }
    assert_eq!(
        format!("{:?}", readable(Duration::MAX)),
        "18446744073709551615.999s"
    );
}
