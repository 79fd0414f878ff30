//! The examples as programs, built where these tests are.

use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Builds the example and says where it is.
pub(crate) fn example(name: &str) -> PathBuf {
    // Beside this test: `<target>/<profile>/deps/..` and `<target>/<profile>/examples/..`.
    let test = env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    let mut build = Command::new(env!("CARGO"));
    build
        .args(["build", "--quiet", "--example", name])
        .args(["--package", "wait-or-die-examples"])
        .arg("--target-dir")
        .arg(profile.parent().unwrap())
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    if profile.ends_with("release") {
        build.arg("--release");
    }
    assert!(
        build.status().unwrap().success(),
        "the example does not build"
    );
    profile.join("examples").join(name)
}
