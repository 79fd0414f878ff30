use expect_test::expect;

use super::refused;

#[test]
fn durations_are_refused() {
    refused(
        &[
            "timeout = -1",
            "timeout = \"-1s\"",
            "timeout = -LIMIT",
            "timeout = 0",
            "timeout = \"0s\"",
            "timeout = 0.0000000001",
            "attempt_timeout = 0",
            "timeout = 1e400",
            "timeout = 1e30",
            "timeout = 99999999999999999999",
            "timeout = \"99999999999999999999y\"",
            "timeout = \"18446744073709551615s 1000ms\"",
            "timeout = \"500000000000y 500000000000y\"",
            "timeout = \"0.5ns\"",
            "timeout = \"5\"",
            "timeout = \"1m 30\"",
            "timeout = \"fast\"",
            "timeout = \"5 parsecs\"",
            "timeout = \"5,5s\"",
            "timeout = \"\"",
            "timeout = \"  \"",
        ],
        &expect![[r#"
            timeout = -1
                `timeout` cannot be negative; write a duration such as `"30s"`
            timeout = "-1s"
                `timeout` cannot be negative; write a duration such as `"30s"`
            timeout = -LIMIT
                `timeout` cannot be negative; write a duration such as `"30s"`
            timeout = 0
                `timeout` must be positive; write the time that the whole call may take, such as `"30s"`
            timeout = "0s"
                `timeout` must be positive; write the time that the whole call may take, such as `"30s"`
            timeout = 0.0000000001
                `timeout` must be positive; write the time that the whole call may take, such as `"30s"`
            attempt_timeout = 0
                `attempt_timeout` must be positive; write the time that one attempt may take, or leave it out for no bound
            timeout = 1e400
                `timeout` is longer than any call can take; write a shorter duration such as `"300s"`
            timeout = 1e30
                `timeout` is longer than any call can take; write a shorter duration such as `"300s"`
            timeout = 99999999999999999999
                `timeout` is longer than any call can take; write a shorter duration such as `"300s"`
            timeout = "99999999999999999999y"
                `timeout` is too long or finer than a nanosecond; write a duration such as `"30s"`
            timeout = "18446744073709551615s 1000ms"
                `timeout` is longer than any call can take; write a shorter duration such as `"300s"`
            timeout = "500000000000y 500000000000y"
                `timeout` is longer than any call can take; write a shorter duration such as `"300s"`
            timeout = "0.5ns"
                `timeout` is too long or finer than a nanosecond; write a duration such as `"30s"`
            timeout = "5"
                `5` has no unit; write `"5s"`, or 5 without quotes for seconds
            timeout = "1m 30"
                `1m 30` ends without a unit; write `"1m 30s"`
            timeout = "fast"
                `fast` is not a duration; write a number with a unit, such as `"30s"`, `"1m30s"` or `"500ms"`
            timeout = "5 parsecs"
                `parsecs` is not a unit of time; write one of `ms`, `s`, `m`, `h` or `d`, as in `"30s"`
            timeout = "5,5s"
                `5,5s` is not a duration; write a number with a unit, such as `"30s"`, `"1m30s"` or `"500ms"`
            timeout = ""
                `timeout` is an empty text; write a duration such as `"30s"`
            timeout = "  "
                `timeout` is an empty text; write a duration such as `"30s"`
        "#]],
    );
}

#[test]
fn what_is_no_duration_is_refused() {
    refused(
        &[
            "timeout = 5s",
            "timeout = true",
            "timeout = 'a'",
            "timeout = b\"30s\"",
            "timeout = |x| x",
            "timeout = 1..5",
            "timeout = (1, 2)",
            "attempt_timeout = none",
            "timeout = None",
            "timeout = f64::NAN",
            "max_wait = core::f64::INFINITY",
        ],
        &expect![[r#"
            timeout = 5s
                `5s` is not a number of seconds; write `"5s"` in quotes for a duration with a unit
            timeout = true
                `timeout` takes a duration; write `"30s"`, a number of seconds such as 30 or 0.5, or a `const` of type `Duration`
            timeout = 'a'
                `timeout` takes a duration; write `"30s"`, a number of seconds such as 30 or 0.5, or a `const` of type `Duration`
            timeout = b"30s"
                `timeout` takes a duration; write `"30s"`, a number of seconds such as 30 or 0.5, or a `const` of type `Duration`
            timeout = |x| x
                `timeout` takes a duration; write `"30s"`, a number of seconds such as 30 or 0.5, or a `const` of type `Duration`
            timeout = 1..5
                `timeout` takes a duration; write `"30s"`, a number of seconds such as 30 or 0.5, or a `const` of type `Duration`
            timeout = (1, 2)
                `timeout` takes a duration; write `"30s"`, a number of seconds such as 30 or 0.5, or a `const` of type `Duration`
            attempt_timeout = none
                `attempt_timeout` takes a duration; leave the option out to go without
            timeout = None
                `timeout` takes a duration; leave the option out to go without
            timeout = f64::NAN
                `NAN` is not a duration; write `"30s"`, a number of seconds such as 30 or 0.5, or a `const` of type `Duration`
            max_wait = core::f64::INFINITY
                `INFINITY` is not a duration; write `"30s"`, a number of seconds such as 30 or 0.5, or a `const` of type `Duration`
        "#]],
    );
}

#[test]
fn numbers_are_refused() {
    refused(
        &[
            "max_retries = -1",
            "max_retries = 4294967296",
            "max_retries = 99999999999999999999999999999999999999999999",
            "max_retries = 5u64",
            "max_retries = 5.0",
            "max_retries = \"5\"",
            "max_retries = \"many\"",
            "max_retries = none",
            "multiplier = 0.5",
            "multiplier = 0",
            "multiplier = -2.0",
            "multiplier = 1e400",
            "multiplier = \"2\"",
            "multiplier = 2u8",
            "multiplier = true",
            "multiplier = f64::NAN",
            "multiplier = f32::NEG_INFINITY",
        ],
        &expect![[r#"
            max_retries = -1
                `max_retries` cannot be negative; write 0 for a single attempt, or a count such as 5
            max_retries = 4294967296
                `max_retries` is at most 4294967295 (`u32::MAX`); write a smaller count, `timeout` bounds the call anyway
            max_retries = 99999999999999999999999999999999999999999999
                `max_retries` is at most 4294967295 (`u32::MAX`); write a smaller count, `timeout` bounds the call anyway
            max_retries = 5u64
                `max_retries` is a `u32`; write it without `u64`: `max_retries = 5`
            max_retries = 5.0
                `max_retries` takes a whole number; write one such as 5, or a `const` of type `u32`
            max_retries = "5"
                `max_retries` takes a number; write it without quotes: `max_retries = 5`
            max_retries = "many"
                `max_retries` takes a whole number; write one such as 5, or a `const` of type `u32`
            max_retries = none
                `max_retries` takes a number; write 0 for a single attempt
            multiplier = 0.5
                `multiplier` is less than 1, so waits would shrink; write a factor of at least 1, such as 2.0
            multiplier = 0
                `multiplier` is less than 1, so waits would shrink; write a factor of at least 1, such as 2.0
            multiplier = -2.0
                `multiplier` is less than 1, so waits would shrink; write a factor of at least 1, such as 2.0
            multiplier = 1e400
                `multiplier` must be a finite number; write a factor of at least 1, such as 2.0
            multiplier = "2"
                `multiplier` takes a number; write one of at least 1, such as 2.0, or a `const` of type `f64`
            multiplier = 2u8
                `multiplier` takes a number; write one of at least 1, such as 2.0, or a `const` of type `f64`
            multiplier = true
                `multiplier` takes a number; write one of at least 1, such as 2.0, or a `const` of type `f64`
            multiplier = f64::NAN
                `multiplier` must be a finite number; write a factor of at least 1, such as 2.0
            multiplier = f32::NEG_INFINITY
                `multiplier` must be a finite number; write a factor of at least 1, such as 2.0
        "#]],
    );
}

#[test]
fn words_are_refused() {
    refused(
        &[
            "strategy = exponental",
            "strategy = Linear",
            "strategy = \"linear\"",
            "strategy = \"quadratic\"",
            "strategy = |n| wait(n)",
            "strategy = steps(3)",
            "jitter = ful",
            "jitter = gaussian",
            "jitter = \"full\"",
            "jitter = false",
            "jitter = true",
            "jitter = Jitter::Full",
            "exponential_backoff = \"true\"",
            "exponential_backoff = 2.0",
            "exponential_backoff",
        ],
        &expect![[r#"
            strategy = exponental
                unknown strategy `exponental`; did you mean `exponential`? A function of that name is written `self::exponental`
            strategy = Linear
                unknown strategy `Linear`; did you mean `linear`? A function of that name is written `self::Linear`
            strategy = "linear"
                `strategy` takes a word; write it without quotes: `strategy = linear`
            strategy = "quadratic"
                `strategy` takes a word; write `fixed`, `linear`, `exponential` or `fibonacci`, or the path of a function
            strategy = |n| wait(n)
                `strategy` takes a word; write `fixed`, `linear`, `exponential` or `fibonacci`, or the path of a function
            strategy = steps(3)
                `strategy` takes a word; write `fixed`, `linear`, `exponential` or `fibonacci`, or the path of a function
            jitter = ful
                unknown jitter `ful`; did you mean `full`?
            jitter = gaussian
                unknown jitter `gaussian`; write `none`, `full`, `equal` or `decorrelated`
            jitter = "full"
                `jitter` takes a word; write it without quotes: `jitter = full`
            jitter = false
                `jitter` takes a word; write `jitter = none`
            jitter = true
                `jitter` takes a word; write `none`, `full`, `equal` or `decorrelated`
            jitter = Jitter::Full
                `jitter` takes a word; write `none`, `full`, `equal` or `decorrelated`
            exponential_backoff = "true"
                `exponential_backoff` takes `true` (waits double) or `false` (waits stay the same); write one of them, or `strategy = exponential`
            exponential_backoff = 2.0
                `exponential_backoff` takes `true` (waits double) or `false` (waits stay the same); write one of them, or `strategy = exponential`
            exponential_backoff
                `exponential_backoff` has no value; write `exponential_backoff = true`
        "#]],
    );
}
