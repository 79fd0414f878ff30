use expect_test::expect;

use super::{read_breaker, refused_breaker};

#[test]
fn a_breaker_without_a_name_is_refused() {
    for (args, expected) in [
        (
            "",
            vec![
                "the breaker has no name; write `#[circuit_breaker(name = \"notion\")]`, functions that name the same breaker share it",
            ],
        ),
        (
            "failure_threshold = 0",
            vec![
                "the breaker has no name; write `#[circuit_breaker(name = \"notion\")]`, functions that name the same breaker share it",
                "`failure_threshold` must be at least 1; write the number of failures in a row that open the breaker, such as 5",
            ],
        ),
        // Written, though wrong: it is told once.
        (
            "\"notion\"",
            vec!["a text on its own is no option; write `name = \"notion\"`"],
        ),
        (
            "failure_threshold = 3, r\"notion\", failure_rate = 2",
            vec![
                "a text on its own is no option; write `name = r\"notion\"`",
                "`failure_rate` must be above 0 and at most 1; write a share of the calls, such as 0.5",
            ],
        ),
        (
            "nam = \"notion\"",
            vec!["unknown option `nam`; did you mean `name`?"],
        ),
        (
            "name = 3",
            vec!["`name` takes a text; write it in quotes, such as `name = \"notion\"`"],
        ),
        (
            "name",
            vec!["`name` has no value; write `name = \"notion\"`"],
        ),
        (
            "name = \" \"",
            vec!["`name` is empty; write the breaker's name, such as `name = \"notion\"`"],
        ),
    ] {
        let error = read_breaker(args).errors.finish(()).expect_err(args);
        let told: Vec<String> = error.into_iter().map(|error| error.to_string()).collect();
        assert_eq!(told, expected, "{args}");
    }
}

#[test]
fn entries_are_refused() {
    refused_breaker(
        &[
            "threshold = 3",
            "max_failures = 3",
            "reset_timeout = 30",
            "open_duration = 30",
            "wait_duration_in_open_state = 30",
            "sleep_window = 30",
            "error_rate = 0.5",
            "permitted_calls_in_half_open = 3",
            "failure_treshold = 3",
            "timeout = 30",
            "max_retries = 3",
            "when_open = wait",
            "frobnicate = 3",
            "name = \"other\"",
            "failure_threshold(3)",
            "failure_threshold",
            "window: 100",
            "0.5",
        ],
        &expect![[r#"
            threshold = 3
                unknown option `threshold`; did you mean `failure_threshold`?
            max_failures = 3
                unknown option `max_failures`; did you mean `failure_threshold`?
            reset_timeout = 30
                unknown option `reset_timeout`; did you mean `recovery_timeout`?
            open_duration = 30
                unknown option `open_duration`; did you mean `recovery_timeout`?
            wait_duration_in_open_state = 30
                unknown option `wait_duration_in_open_state`; did you mean `recovery_timeout`?
            sleep_window = 30
                unknown option `sleep_window`; did you mean `recovery_timeout`?
            error_rate = 0.5
                unknown option `error_rate`; did you mean `failure_rate`?
            permitted_calls_in_half_open = 3
                unknown option `permitted_calls_in_half_open`; did you mean `half_open_calls`?
            failure_treshold = 3
                unknown option `failure_treshold`; did you mean `failure_threshold`?
            timeout = 30
                unknown option `timeout`; it belongs to `#[wait_or_die]`; write it there
            max_retries = 3
                unknown option `max_retries`; it belongs to `#[wait_or_die]`; write it there
            when_open = wait
                unknown option `when_open`; it belongs to `#[wait_or_die]`; write it there
            frobnicate = 3
                unknown option `frobnicate`; write one of `name`, `failure_threshold`, `failure_rate`, `window`, `minimum_calls`, `slow_call`, `slow_call_rate`, `recovery_timeout`, `max_recovery_timeout`, `success_threshold`, `half_open_calls`, `key`, `failure_if`, `ignore_if`, `on_cancel`, `policy`, `crate`
            name = "other"
                `name` is written twice; remove one of them
            failure_threshold(3)
                `failure_threshold` takes one value after `=`; write `failure_threshold = 5`
            failure_threshold
                `failure_threshold` has no value; write `failure_threshold = 5`
            window: 100
                expected `=` after `window`; write `window = 100`
            0.5
                expected the name of an option; write `name = value`, such as `name = "notion"`
        "#]],
    );
}

#[test]
fn keys_that_can_leave_the_function_are_refused() {
    refused_breaker(
        &[
            "key = host?",
            "key = &find(host?)",
            "key = { if empty { return Ok(()) } host }",
            "key = (host(3).await)",
            "key = format_args!(\"{}/{}\", host, port?)",
            "key = format_args!(\"{host}\", host = find().await)",
            "key = match find() { Ok(host) => host, Err(error) => return Err(error) }",
            "key = { write!(text, \"{}\", port?); text }",
        ],
        &expect![[r#"
            key = host?
                `?` cannot stand in a `key`, which is read before the call; write an expression that cannot fail, such as `key = host`, or compute it in the caller and pass it as an argument
            key = &find(host?)
                `?` cannot stand in a `key`, which is read before the call; write an expression that cannot fail, such as `key = host`, or compute it in the caller and pass it as an argument
            key = { if empty { return Ok(()) } host }
                `return` cannot stand in a `key`, which is read before the call; write an expression that cannot fail, such as `key = host`, or compute it in the caller and pass it as an argument
            key = (host(3).await)
                `.await` cannot stand in a `key`, which is read before the call; write a value that is there without waiting, such as `key = host`, or compute it in the caller and pass it as an argument
            key = format_args!("{}/{}", host, port?)
                `?` cannot stand in a `key`, which is read before the call; write an expression that cannot fail, such as `key = host`, or compute it in the caller and pass it as an argument
            key = format_args!("{host}", host = find().await)
                `.await` cannot stand in a `key`, which is read before the call; write a value that is there without waiting, such as `key = host`, or compute it in the caller and pass it as an argument
            key = match find() { Ok(host) => host, Err(error) => return Err(error) }
                `return` cannot stand in a `key`, which is read before the call; write an expression that cannot fail, such as `key = host`, or compute it in the caller and pass it as an argument
            key = { write!(text, "{}", port?); text }
                `?` cannot stand in a `key`, which is read before the call; write an expression that cannot fail, such as `key = host`, or compute it in the caller and pass it as an argument
        "#]],
    );
}

#[test]
fn thresholds_and_shares_are_refused() {
    refused_breaker(
        &[
            "failure_threshold = 0",
            "failure_threshold = -1",
            "failure_threshold = 5000000000",
            "failure_threshold = 5u64",
            "failure_threshold = \"5\"",
            "failure_threshold = 5.0",
            "failure_threshold = none",
            "failure_rate = 0",
            "failure_rate = 1.5",
            "failure_rate = -0.5",
            "failure_rate = 50",
            "failure_rate = f64::NAN",
            "failure_rate = \"50%\"",
            "failure_rate = \"0.5\"",
            "failure_rate = \"half\"",
            "failure_rate = none",
            "slow_call_rate = 0.0",
        ],
        &expect![[r#"
            failure_threshold = 0
                `failure_threshold` must be at least 1; write the number of failures in a row that open the breaker, such as 5
            failure_threshold = -1
                `failure_threshold` cannot be negative; write a count of at least 1, such as `failure_threshold = 5`
            failure_threshold = 5000000000
                `failure_threshold` is at most 4294967295 (`u32::MAX`); write a smaller count, such as `failure_threshold = 5`
            failure_threshold = 5u64
                `failure_threshold` is a `u32`; write it without `u64`: `failure_threshold = 5`
            failure_threshold = "5"
                `failure_threshold` takes a number; write it without quotes: `failure_threshold = 5`
            failure_threshold = 5.0
                `failure_threshold` takes a whole number; write one such as 5, or a `const` of type `u32`
            failure_threshold = none
                `failure_threshold` takes a number; leave the option out to go without
            failure_rate = 0
                `failure_rate` must be above 0 and at most 1; write a share of the calls, such as 0.5
            failure_rate = 1.5
                `failure_rate` must be above 0 and at most 1; write a share of the calls, such as 0.5
            failure_rate = -0.5
                `failure_rate` must be above 0 and at most 1; write a share of the calls, such as 0.5
            failure_rate = 50
                `failure_rate` must be above 0 and at most 1; write a share of the calls, such as 0.5
            failure_rate = f64::NAN
                `failure_rate` must be above 0 and at most 1; write a share of the calls, such as 0.5
            failure_rate = "50%"
                `failure_rate` takes a number; write it without quotes: `failure_rate = 0.5`
            failure_rate = "0.5"
                `failure_rate` takes a number; write it without quotes: `failure_rate = 0.5`
            failure_rate = "half"
                `failure_rate` takes a number; write a share of the calls, such as 0.5, or a `const` of type `f64`
            failure_rate = none
                `failure_rate` takes a number; leave the option out to go without
            slow_call_rate = 0.0
                `slow_call_rate` must be above 0 and at most 1; write a share of the calls, such as 0.5
        "#]],
    );
}

#[test]
fn windows_times_and_words_are_refused() {
    refused_breaker(
        &[
            "window = 0",
            "window = \"0s\"",
            "window = \"999us\"",
            "window = 1_000_001",
            "window = 99999999999",
            "window = 0.5",
            "window = -1",
            "window = none",
            "window = \"fast\"",
            "window = \"100\"",
            "minimum_calls = 0",
            "slow_call = 0",
            "slow_call = -1",
            "recovery_timeout = \"0s\"",
            "max_recovery_timeout = 0",
            "recovery_timeout = \"60\"",
            "success_threshold = 0",
            "half_open_calls = 0",
            "half_open_calls = 10001",
            "on_cancel = fail",
            "on_cancel = failures",
            "on_cancel = \"ignore\"",
            "on_cancel = true",
        ],
        &expect![[r#"
            window = 0
                `window` must hold at least one call; write a number of calls, such as 100, or a time, such as "10s"
            window = "0s"
                `window` must hold at least one call; write a number of calls, such as 100, or a time, such as "10s"
            window = "999us"
                `window` is shorter than a millisecond; write a longer time, such as "10s", or a number of calls
            window = 1_000_001
                `window` holds more than 1000000 calls; write fewer calls, or a time, such as "10s"
            window = 99999999999
                `window` holds more than 1000000 calls; write fewer calls, or a time, such as "10s"
            window = 0.5
                `window` takes calls or a time; write a number of calls, such as 100, a time, such as "10s", or a `const` of type `Window`
            window = -1
                `window` cannot be negative; write a number of calls, such as 100, a time, such as "10s", or a `const` of type `Window`
            window = none
                `window` takes calls or a time; write a number of calls, such as 100, a time, such as "10s", or a `const` of type `Window`
            window = "fast"
                `fast` is not a duration; write a number with a unit, such as `"30s"`, `"1m30s"` or `"500ms"`
            window = "100"
                `window` takes a time with a unit or a number of calls; write `window = "100s"` or `window = 100`
            minimum_calls = 0
                `minimum_calls` must be at least 1; write the number of calls before which no rate counts
            slow_call = 0
                `slow_call` must be positive; write the time from which a call is slow, such as "4s"
            slow_call = -1
                `slow_call` cannot be negative; write a duration such as `"30s"`
            recovery_timeout = "0s"
                `recovery_timeout` must be positive; write the time that the breaker stays open, such as "60s"
            max_recovery_timeout = 0
                `max_recovery_timeout` must be positive; write the longest time that the breaker stays open, such as "5m"
            recovery_timeout = "60"
                `60` has no unit; write `"60s"`, or 60 without quotes for seconds
            success_threshold = 0
                `success_threshold` must be at least 1; write the number of successes that close the breaker
            half_open_calls = 0
                `half_open_calls` must be at least 1; write the number of probes at a time
            half_open_calls = 10001
                `half_open_calls` is more than 10000; write fewer probes at a time
            on_cancel = fail
                unknown on_cancel `fail`; write `ignore` or `failure`
            on_cancel = failures
                unknown on_cancel `failures`; did you mean `failure`?
            on_cancel = "ignore"
                `on_cancel` takes a word; write it without quotes: `on_cancel = ignore`
            on_cancel = true
                `on_cancel` takes a word; write `ignore` or `failure`
        "#]],
    );
}

#[test]
fn expressions_are_refused() {
    refused_breaker(
        &[
            "key = \"eu\"",
            "key = 3",
            "key = |request| request.host",
            "key = host.await",
            "key = (host, port)",
            "key = 1..2",
            "key(host)",
            "failure_if = true",
            "failure_if = \"is_outage\"",
            "failure_if = is_outage()",
            "failure_if = |a, b| true",
            "failure_if = async |error| true",
            "ignore_if = 3",
            "policy = BreakerPolicy::new()",
            "policy = \"POLICY\"",
            "policy = 3",
            "crate = resilience",
            "crate = self::resilience",
        ],
        &expect![[r#"
            key = "eu"
                `key` takes a value that names one of many breakers; this one is the same for every call; write a value that tells calls apart, such as `key = host`, or leave it out
            key = 3
                `key` takes a value that names one of many breakers; this one is the same for every call; write a value that tells calls apart, such as `key = host`, or leave it out
            key = |request| request.host
                `key` takes a value that names one of many breakers; it is evaluated for each call as it stands; write the value itself, such as `key = host`
            key = host.await
                `key` takes a value that names one of many breakers; it is needed at once; write a value that is there without waiting, such as `key = host`
            key = (host, port)
                `key` takes a value that names one of many breakers; write a value that is `Display`, such as `key = host` or `key = format_args!("{host}/{port}")`
            key = 1..2
                `key` takes a value that names one of many breakers; write a value that is `Display`, such as `key = host` or `key = format_args!("{host}/{port}")`
            key(host)
                `key` takes one value after `=`; write `key = host`
            failure_if = true
                `failure_if` takes the path of a function or a closure; write `|_| true` for every error, or `|_| false` for none
            failure_if = "is_outage"
                `failure_if` takes the path of a function or a closure; write it without quotes: `failure_if = is_outage`
            failure_if = is_outage()
                `failure_if` takes the path of a function or a closure; write `is_outage` or `|error| error.is_timeout()`
            failure_if = |a, b| true
                `failure_if` takes the path of a function or a closure; it is given the error; write `|error| error.is_timeout()`
            failure_if = async |error| true
                `failure_if` takes the path of a function or a closure; an error is judged on the spot; write the closure without `async`
            ignore_if = 3
                `ignore_if` takes the path of a function or a closure; write `is_refusal` or `|error| error.is_timeout()`
            policy = BreakerPolicy::new()
                `policy` takes the path of a `const`; write `const POLICY: BreakerPolicy = ..;` and `policy = POLICY`
            policy = "POLICY"
                `policy` takes the path of a `const` of type `BreakerPolicy`; write it without quotes: `policy = POLICY`
            policy = 3
                `policy` takes the path of a `const` of type `BreakerPolicy`; write `policy = path::to::it`
            crate = resilience
                `crate` must be an absolute path; write `crate = ::resilience`, or `crate = crate::resilience` for a re-export of this crate
            crate = self::resilience
                `crate` must not depend on the module; write the path from the root, such as `crate::resilience`
        "#]],
    );
}
