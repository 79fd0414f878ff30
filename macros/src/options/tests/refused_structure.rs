use expect_test::expect;

use super::refused;

#[test]
fn entries_are_refused() {
    refused(
        &[
            "max_retires = 3",
            "retries = 3",
            "deadline = 3",
            "frobnicate = 3",
            "failure_threshold = 3",
            "when_open = later",
            "when_open = wiat",
            "when_open = \"wait\"",
            "timeout = 3, timeout = 5",
            "timeout = 3, timeout = 5, timeout = 7",
            "timeout",
            "timeout =",
            "timeout = , max_retries = 3",
            "timeout(30)",
            "timeout: 30",
            "timeout == 30",
            "timeout = 30 s",
            "timeout = 30 max_retries = 3, initial_wait = x y",
            "\"30s\"",
            "30, max_retries = 3",
            ", timeout = 30",
            "timeout = \"fast\", max_retires = 3, multiplier = 0.5",
        ],
        &expect![[r#"
            max_retires = 3
                unknown option `max_retires`; did you mean `max_retries`?
            retries = 3
                unknown option `retries`; did you mean `max_retries`?
            deadline = 3
                unknown option `deadline`; did you mean `timeout`?
            frobnicate = 3
                unknown option `frobnicate`; write one of `timeout`, `attempt_timeout`, `max_retries`, `initial_wait`, `max_wait`, `strategy`, `multiplier`, `jitter`, `retry_if`, `retry_on`, `abort_on`, `budget`, `when_open`, `clone`, `attempt`, `fields`, `on_retry`, `fallback`, `halt`, `policy`, `name`, `exponential_backoff`, `crate`
            failure_threshold = 3
                unknown option `failure_threshold`; it belongs to `#[circuit_breaker]`; write it there
            when_open = later
                unknown when_open `later`; write `fail` or `wait`
            when_open = wiat
                unknown when_open `wiat`; write `fail` or `wait`
            when_open = "wait"
                `when_open` takes a word; write it without quotes: `when_open = wait`
            timeout = 3, timeout = 5
                `timeout` is written twice; remove one of them
            timeout = 3, timeout = 5, timeout = 7
                `timeout` is written twice; remove one of them
                `timeout` is written twice; remove one of them
            timeout
                `timeout` has no value; write `timeout = "30s"`
            timeout =
                `timeout` has no value; write `timeout = "30s"`
            timeout = , max_retries = 3
                `timeout` has no value; write `timeout = "30s"`
            timeout(30)
                `timeout` takes one value after `=`; write `timeout = "30s"`
            timeout: 30
                expected `=` after `timeout`; write `timeout = "30s"`
            timeout == 30
                expected `=` after `timeout`; write `timeout = "30s"`
            timeout = 30 s
                expected `,`; write one between two entries
            timeout = 30 max_retries = 3, initial_wait = x y
                expected `,`; write one between two entries
                expected `,`; write one between two entries
            "30s"
                expected the name of an option; write `name = value`, such as `timeout = "30s"`
            30, max_retries = 3
                expected the name of an option; write `name = value`, such as `timeout = "30s"`
            , timeout = 30
                expected the name of an option; write `name = value`, such as `timeout = "30s"`
            timeout = "fast", max_retires = 3, multiplier = 0.5
                unknown option `max_retires`; did you mean `max_retries`?
                `fast` is not a duration; write a number with a unit, such as `"30s"`, `"1m30s"` or `"500ms"`
                `multiplier` is less than 1, so waits would shrink; write a factor of at least 1, such as 2.0
        "#]],
    );
}
#[test]
fn decisions_are_refused() {
    refused(
        &[
            "retry_if = true",
            "retry_if = \"is_transient\"",
            "retry_if = \"no path\"",
            "retry_if = is_transient()",
            "retry_if = |a, b| a == b",
            "retry_if = async |e| true",
            "retry_on()",
            "abort_on()",
            "retry_on",
            "retry_on = MyError::Timeout",
            "retry_on[A]",
            "retry_on(\"timeout\")",
            "retry_on(error)",
            "retry_on(A if)",
            "retry_on(A B, -, C)",
        ],
        &expect![[r#"
            retry_if = true
                `retry_if` takes the path of a function or a closure; write `|_| true` to retry on every error, or `max_retries = 0` to retry on none
            retry_if = "is_transient"
                `retry_if` takes the path of a function or a closure; write it without quotes: `retry_if = is_transient`
            retry_if = "no path"
                `retry_if` takes the path of a function or a closure; write `is_transient` or `|error| error.is_timeout()`
            retry_if = is_transient()
                `retry_if` takes the path of a function or a closure; write `is_transient` or `|error| error.is_timeout()`
            retry_if = |a, b| a == b
                `retry_if` takes the path of a function or a closure; it is given the error; write `|error| error.is_timeout()`
            retry_if = async |e| true
                `retry_if` takes the path of a function or a closure; an error is judged on the spot; write the closure without `async`
            retry_on()
                `retry_on()` is empty; write `retry_on(MyError::Timeout)`, or leave `retry_on` out
            abort_on()
                `abort_on()` is empty; write `abort_on(MyError::Denied)`, or leave `abort_on` out
            retry_on
                `retry_on` has no list; write `retry_on(MyError::Timeout)`
            retry_on = MyError::Timeout
                `retry_on` takes a list in parentheses; write `retry_on(MyError::Timeout)`
            retry_on[A]
                `retry_on` takes a list in parentheses; write `retry_on(MyError::Timeout)`
            retry_on("timeout")
                a text matches no error; write a pattern of the error's type, such as `MyError::Timeout { .. }`
            retry_on(error)
                `error` on its own is a new name that matches every error; write a pattern such as `MyError::Timeout`, a guard as in `error if error.is_timeout()`, or `_`
            retry_on(A if)
                unexpected end of input, expected an expression; write a condition after `if`
            retry_on(A B, -, C)
                expected `,`; write one between two entries
                expected one of: literal, identifier, `::`, `<`, `self`, `Self`, `super`, `crate`, `const`; write a pattern such as `MyError::Timeout { .. }`
        "#]],
    );
}

#[test]
fn lists_are_refused() {
    refused(
        &[
            "clone()",
            "clone",
            "clone = a",
            "clone(a, b, a)",
            "clone(self)",
            "clone(self.key)",
            "clone(&a)",
            "clone(a.b)",
            "fields()",
            "fields = id",
            "fields(?id)",
            "fields(id = ?id)",
            "fields(order.id())",
            "fields(%order.id())",
            "fields(id, other, id)",
            "fields(id, id = %x)",
            "fields(\"\" = id)",
            "fields(= id)",
            "fields(id = )",
        ],
        &expect![[r#"
            clone()
                `clone()` is empty; write `clone(a, b)`, or leave `clone` out
            clone
                `clone` has no list; write `clone(a, b)`
            clone = a
                `clone` takes a list in parentheses; write `clone(a, b)`
            clone(a, b, a)
                `a` is cloned twice; write it once
            clone(self)
                `self` is not cloned; every attempt borrows it, write the clone of a field in the body
            clone(self.key)
                `self` is not cloned; every attempt borrows it, write the clone of a field in the body
            clone(&a)
                `clone` takes names of arguments; write `clone(a, b)`
            clone(a.b)
                expected `,`; write one between two entries
            fields()
                `fields()` is empty; write `fields(order_id)`, or leave `fields` out
            fields = id
                `fields` takes a list in parentheses; write `fields(order_id)`
            fields(?id)
                `Debug` is never recorded, it shows what should stay private; write `%` for the `Display` text
            fields(id = ?id)
                `Debug` is never recorded, it shows what should stay private; write `%` for the `Display` text
            fields(order.id())
                the field has no name; write one before it, as in `fields(id = order.id())`
            fields(%order.id())
                the field has no name; write one before it, as in `fields(id = order.id())`
            fields(id, other, id)
                the field `id` is written twice; give one of them another name
            fields(id, id = %x)
                the field `id` is written twice; give one of them another name
            fields("" = id)
                the field has no name; write one before the `=`, as in `fields(id = order.id())`
            fields(= id)
                the field has no name; write one before the `=`, as in `fields(id = order.id())`
            fields(id = )
                unexpected end of input, expected an expression; write the value, as in `fields(id = order.id())`
        "#]],
    );
}

#[test]
fn paths_are_refused() {
    refused(
        &[
            "policy = \"ORDER\"",
            "policy = RetryPolicy::new()",
            "policy = RetryPolicy::ORDER.with_max_retries(3)",
            "policy = 5",
            "on_retry = \"told\"",
            "on_retry = told()",
            "on_retry = |x| {}",
            "fallback = cached()",
            "fallback = cached(1)",
            "fallback = <T as Trait>::cached",
            "attempt = \"ctx\"",
            "attempt = self",
            "attempt = a::b",
            "attempt",
            "name = \"\"",
            "name = NAME",
            "name = 5",
            "name(\"a\")",
            "crate = wait_or_die",
            "crate = deps::wait_or_die",
            "crate = self::deps",
            "crate = super::deps::wait_or_die",
            "crate = super",
            "crate = \"::wait_or_die\"",
        ],
        &expect![[r#"
            policy = "ORDER"
                `policy` takes the path of a `const` of type `RetryPolicy`; write it without quotes: `policy = ORDER`
            policy = RetryPolicy::new()
                `policy` takes the path of a `const`; write `const POLICY: RetryPolicy = ..;` and `policy = POLICY`
            policy = RetryPolicy::ORDER.with_max_retries(3)
                `policy` takes the path of a `const`; write `const POLICY: RetryPolicy = ..;` and `policy = POLICY`
            policy = 5
                `policy` takes the path of a `const` of type `RetryPolicy`; write `policy = path::to::it`
            on_retry = "told"
                `on_retry` takes the path of a function; write it without quotes: `on_retry = told`
            on_retry = told()
                `on_retry` takes the path of a function; write it without the parentheses: `on_retry = told`
            on_retry = |x| {}
                `on_retry` takes the path of a function; write a function with a name and give its path
            fallback = cached()
                `fallback` takes the path of a function; write it without the parentheses: `fallback = cached`
            fallback = cached(1)
                `fallback` takes the path of a function; write `fallback = path::to::it`
            fallback = <T as Trait>::cached
                `fallback` takes the path of a function; write `fallback = path::to::it`
            attempt = "ctx"
                `attempt` takes the name that the body uses for the attempt; write an identifier such as `attempt = attempt`
            attempt = self
                `attempt` takes the name that the body uses for the attempt; write an identifier such as `attempt = attempt`
            attempt = a::b
                `attempt` takes the name that the body uses for the attempt; write an identifier such as `attempt = attempt`
            attempt
                `attempt` has no value; write `attempt = attempt`
            name = ""
                `name` is empty; write the operation's name, or leave it out for the function's path
            name = NAME
                `name` takes a text; write it in quotes, such as `name = "orders.send"`
            name = 5
                `name` takes a text; write it in quotes, such as `name = "orders.send"`
            name("a")
                `name` takes one value after `=`; write `name = "orders.send"`
            crate = wait_or_die
                `crate` must be an absolute path; write `crate = ::wait_or_die`, or `crate = crate::wait_or_die` for a re-export of this crate
            crate = deps::wait_or_die
                `crate` must be an absolute path; write `crate = ::deps::wait_or_die`, or `crate = crate::deps::wait_or_die` for a re-export of this crate
            crate = self::deps
                `crate` must not depend on the module; write the path from the root, such as `crate::deps`
            crate = super::deps::wait_or_die
                `crate` must not depend on the module; write the path from the root, such as `crate::deps::wait_or_die`
            crate = super
                `crate` must not depend on the module; write the path from the root, such as `crate::wait_or_die`
            crate = "::wait_or_die"
                `crate` takes the path of this library; write it without quotes: `crate = ::wait_or_die`
        "#]],
    );
}
