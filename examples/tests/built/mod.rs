//! The examples as programs, built where these tests are.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds the example and says where it is.
pub(crate) fn example(name: &str) -> PathBuf {
    let (target, profile) = here();
    build(name, &target, &profile, Command::new(env!("CARGO")))
}

/// The same with the system's libzmq, which has CURVE, in a target directory of its own.
#[allow(dead_code)] // of the tests that share this module, one file needs it
pub(crate) fn example_with_curve(name: &str) -> PathBuf {
    let (target, profile) = here();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["--config", "system-libzmq.toml"]);
    build(name, &target.join("system-libzmq"), &profile, cargo)
}

/// The target directory and the profile of this test, which is `<target>/<profile>/deps/..`.
fn here() -> (PathBuf, PathBuf) {
    let test = env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    let target = profile.parent().unwrap().to_owned();
    (target, PathBuf::from(profile.file_name().unwrap()))
}

/// To be found at `<target>/<profile>/examples/..`.
fn build(name: &str, target: &Path, profile: &Path, mut cargo: Command) -> PathBuf {
    cargo
        .args(["build", "--quiet", "--example", name])
        .args(["--package", "wait-or-die-examples"])
        .arg("--target-dir")
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    if profile == Path::new("release") {
        cargo.arg("--release");
    }
    assert!(
        cargo.status().unwrap().success(),
        "the example does not build"
    );
    target.join(profile).join("examples").join(name)
}
