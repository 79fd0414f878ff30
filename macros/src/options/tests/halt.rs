//! `halt`: what is taken, and what is said about the rest.

use expect_test::expect;
use quote::ToTokens;

use super::{accepted, read_breaker, refused, told};
use crate::options::HaltOption;

#[test]
fn alone_it_means_the_system() {
    for args in ["halt", "halt,", "timeout = 3, halt", "halt, timeout = 3"] {
        let halt = accepted(args).halt.expect(args);
        assert!(matches!(halt, HaltOption::System), "{args}");
    }
    assert!(accepted("timeout = 3").halt.is_none());
}

#[test]
fn any_expression_that_stays_in_the_function_is_taken() {
    for value in [
        "HALT",
        "& HALT",
        "self . halt",
        "crate :: stops :: HALT",
        "Arc :: clone (& self . halt)",
        "if primary { & FIRST } else { & SECOND }",
        "halt_of (| | find () ?)",
    ] {
        let halt = accepted(&format!("halt = {value}")).halt.expect(value);
        let HaltOption::Of(expr) = halt else {
            panic!("{value}");
        };
        assert_eq!(
            expr.to_token_stream().to_string().replace(' ', ""),
            value.replace(' ', "")
        );
    }
}

#[test]
fn what_is_no_halt_is_refused() {
    refused(
        &[
            "halt =",
            "halt = , timeout = 3",
            "halt = true",
            "halt = false",
            "halt = \"system\"",
            "halt = 69",
            "halt = |error| true",
            "halt = [HALT]",
            "halt = (A, B)",
            "halt()",
            "halt(HALT)",
            "halt: HALT",
            "halt == HALT",
            "halt, halt",
            "halt = A, halt = B",
            "halts",
        ],
        &expect![[r#"
            halt =
                `halt =` has no value; write `halt` alone, or `halt = HALT`
            halt = , timeout = 3
                `halt =` has no value; write `halt` alone, or `halt = HALT`
            halt = true
                `halt` is no switch; write `halt` alone
            halt = false
                `halt` is no switch; leave it out
            halt = "system"
                `halt` names what is stopped, and this is no `Halt`; write `halt` alone to stop the whole program, or `halt = HALT` with a `wait_or_die::halt::Halt` of your own
            halt = 69
                `halt` names what is stopped, and this is no `Halt`; write `halt` alone to stop the whole program, or `halt = HALT` with a `wait_or_die::halt::Halt` of your own
            halt = |error| true
                `halt` names what is stopped, and this is no `Halt`; write `halt` alone to stop the whole program, or `halt = HALT` with a `wait_or_die::halt::Halt` of your own
            halt = [HALT]
                `halt` names what is stopped, and this is no `Halt`; write `halt` alone to stop the whole program, or `halt = HALT` with a `wait_or_die::halt::Halt` of your own
            halt = (A, B)
                `halt` names what is stopped, and this is no `Halt`; write `halt` alone to stop the whole program, or `halt = HALT` with a `wait_or_die::halt::Halt` of your own
            halt()
                `halt` takes no list; write `halt` alone to stop the whole program, or `halt = HALT` with a `wait_or_die::halt::Halt` of your own
            halt(HALT)
                `halt` takes no list; write `halt` alone to stop the whole program, or `halt = HALT` with a `wait_or_die::halt::Halt` of your own
            halt: HALT
                expected `=` after `halt`; write `halt = HALT`
            halt == HALT
                expected `=` after `halt`; write `halt = HALT`
            halt, halt
                `halt` is written twice; remove one of them
            halt = A, halt = B
                `halt` is written twice; remove one of them
            halts
                unknown option `halts`; did you mean `halt`?
        "#]],
    );
}

#[test]
fn what_could_leave_the_function_is_refused() {
    refused(
        &[
            "halt = find()?",
            "halt = find().await",
            "halt = return",
            "halt = { if empty { return Ok(()) } HALT }",
            "halt = choose!(a, find()?)",
        ],
        &expect![[r#"
            halt = find()?
                `?` cannot stand in a `halt`, which is read before the call; write an expression that cannot fail, such as `halt = HALT`, or compute it in the caller and pass it as an argument
            halt = find().await
                `.await` cannot stand in a `halt`, which is read before the call; write a value that is there without waiting, such as `halt = HALT`, or compute it in the caller and pass it as an argument
            halt = return
                `return` cannot stand in a `halt`, which is read before the call; write an expression that cannot fail, such as `halt = HALT`, or compute it in the caller and pass it as an argument
            halt = { if empty { return Ok(()) } HALT }
                `return` cannot stand in a `halt`, which is read before the call; write an expression that cannot fail, such as `halt = HALT`, or compute it in the caller and pass it as an argument
            halt = choose!(a, find()?)
                `?` cannot stand in a `halt`, which is read before the call; write an expression that cannot fail, such as `halt = HALT`, or compute it in the caller and pass it as an argument
        "#]],
    );
}

#[test]
fn on_a_breaker_it_is_sent_to_where_it_belongs() {
    told(
        &["name = \"notion\", halt", "name = \"notion\", halt = HALT"],
        |args| read_breaker(args).errors,
        &expect![[r#"
            name = "notion", halt
                unknown option `halt`; it belongs to `#[wait_or_die]`; write it there
            name = "notion", halt = HALT
                unknown option `halt`; it belongs to `#[wait_or_die]`; write it there
        "#]],
    );
}
