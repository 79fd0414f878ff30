//! What is accepted, and what a refusal tells.

use std::path::Path;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser as _};

use super::{Arguments, Command, endpoint};
use crate::curve;

fn checked(arguments: &[&str]) -> Result<Arguments, String> {
    Arguments::try_parse_from(arguments).unwrap().checked()
}

#[test]
fn loopback_addresses_are_accepted() {
    for bind in [
        "tcp://127.0.0.1:5555",
        "tcp://127.0.0.1:*",
        "tcp://127.8.8.8:1",
        "tcp://[::1]:5555",
        "tcp://[::1]:*",
    ] {
        let arguments = checked(&["gateway", "serve", "--bind", bind]).unwrap();
        let served = arguments.command;
        assert!(matches!(served, Some(Command::Serve { bind: b, .. }) if b.endpoint == bind));
    }
}

#[test]
fn addresses_that_others_reach_are_refused_without_keys() {
    for bind in [
        "tcp://0.0.0.0:5555",
        "tcp://192.168.0.7:5555",
        "tcp://[::]:5555",
        "tcp://[::ffff:127.0.0.1]:5555",
    ] {
        let refusal = checked(&["gateway", "serve", "--bind", bind]).unwrap_err();
        for told in [
            "loopback interface only",
            "`--bind tcp://127.0.0.1:5555`",
            "`gateway keygen`",
        ] {
            assert!(refusal.contains(told), "{bind}: {refusal}");
        }
    }
}

#[test]
fn what_is_no_address_is_refused_with_what_to_write() {
    for bind in [
        "tcp://*:5555",
        "tcp://lo:5555",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:99999",
        "ipc:///tmp/gateway",
        "127.0.0.1:5555",
        "",
    ] {
        let refusal = endpoint(bind).unwrap_err();
        assert!(
            refusal.ends_with("; write `tcp://127.0.0.1:5555`"),
            "{bind}: {refusal}"
        );
    }
}

/// Which half is tested depends on the libzmq that the tests were built with.
#[test]
fn keys_are_taken_where_libzmq_can_use_them_and_refused_with_the_way_to_one_that_can() {
    let serve = &[
        "gateway",
        "serve",
        "--bind",
        "tcp://0.0.0.0:5555",
        "--curve-secret-file",
        "k",
    ];
    let strategy = &["gateway", "strategy", "--curve-secret-file", "k"];
    for arguments in [&serve[..], &strategy[..]] {
        let outcome = checked(arguments);
        if curve::available().is_ok() {
            assert!(outcome.is_ok());
            continue;
        }
        let refusal = outcome.unwrap_err();
        for told in [
            "without CURVE",
            "libzmq3-dev",
            "--config examples/system-libzmq.toml",
        ] {
            assert!(refusal.contains(told), "{refusal}");
        }
    }
}

#[test]
fn no_arguments_mean_the_demonstration() {
    Arguments::command().debug_assert();
    assert!(Arguments::parse_from(["gateway"]).command.is_none());
    let served = Arguments::parse_from(["gateway", "serve"]).command;
    assert!(
        matches!(served, Some(Command::Serve { bind, faults: None, curve_secret_file: None, lose_answer: None, settings: None, at_once: 64, data })
        if bind.endpoint == "tcp://127.0.0.1:5555" && data == Path::new("gateway-data"))
    );
    let error = Arguments::try_parse_from(["gateway", "--no-such"]).unwrap_err();
    assert_eq!(
        (error.kind(), error.exit_code()),
        (ErrorKind::UnknownArgument, 2)
    );
}

#[test]
fn a_client_is_for_a_new_gateway_or_for_one_that_is_there() {
    let both = ["gateway", "keygen", "--gateway", "g", "--add-to", "h"];
    let error = Arguments::try_parse_from(both).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ArgumentConflict);
    let added = Arguments::parse_from(["gateway", "keygen", "--add-to", "h"]).command;
    assert!(matches!(added, Some(Command::Keygen { add_to: Some(h), .. }) if h == Path::new("h")));
}

#[test]
fn at_least_one_request_is_in_hand_at_a_time() {
    let asked = |number: &str| Arguments::try_parse_from(["gateway", "serve", "--at-once", number]);
    let one = asked("1").unwrap().command;
    assert!(matches!(one, Some(Command::Serve { at_once: 1, .. })));
    for number in ["0", "-1", "65536", "many"] {
        assert!(asked(number).is_err(), "{number}");
    }
}
