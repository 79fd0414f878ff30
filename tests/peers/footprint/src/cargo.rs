//! Runs cargo, and tells what processor time it took with all of its compilers.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use nix::sys::resource::{UsageWho, getrusage};

use crate::error::Failure;
use crate::variants::Variant;

/// The profile of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// `cargo build`.
    Dev,
    /// `cargo build --release`.
    Release,
    /// Thin LTO, one unit of code generation, no symbols.
    Slim,
    /// The same with its symbols.
    Named,
}

impl Profile {
    const fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
            Self::Slim => "slim",
            Self::Named => "named",
        }
    }

    const fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
            Self::Slim => "slim",
            Self::Named => "named",
        }
    }
}

/// Where something is built.
#[derive(Debug, Clone)]
pub(crate) struct Build {
    workspace: PathBuf,
    target: PathBuf,
    pub(crate) profile: Profile,
}

impl Build {
    /// Into a folder `target/<name>` of the workspace.
    pub(crate) fn new(workspace: &Path, name: &str, profile: Profile) -> Self {
        Self {
            workspace: workspace.to_owned(),
            target: workspace.join("target").join(name),
            profile,
        }
    }

    /// `cargo <command>` of one package, offline and as locked.
    pub(crate) fn command(&self, command: &str, variant: &Variant) -> Command {
        let mut cargo = cargo(&self.workspace);
        cargo
            .arg(command)
            .args([
                "--locked",
                "--offline",
                "--quiet",
                "--package",
                &variant.package(),
            ])
            .args(["--profile", self.profile.name()])
            .arg("--target-dir")
            .arg(&self.target);
        cargo
    }

    /// Where the profile's binaries and libraries come to stand.
    pub(crate) fn folder(&self) -> PathBuf {
        self.target.join(self.profile.folder())
    }

    /// Removes all that has been built here.
    pub(crate) fn clear(&self) -> Result<(), Failure> {
        match std::fs::remove_dir_all(&self.target) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Failure::at(self.target.display())(error))
            }
            _ => Ok(()),
        }
    }
}

/// Cargo in a folder, without what a machine's settings would add.
pub(crate) fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(folder).env("CARGO_INCREMENTAL", "0");
    for name in [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTC_WRAPPER",
        "CARGO_TARGET_DIR",
    ] {
        cargo.env_remove(name);
    }
    cargo
}

/// Runs a command to its end; what it prints is told if it fails.
pub(crate) fn run(command: &mut Command) -> Result<Output, Failure> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(Failure::at(format!("{command:?}")))?;
    if output.status.success() {
        return Ok(output);
    }
    let told = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!(
        "{command:?}: {}\n{told}",
        output.status
    )))
}

/// What a command prints.
pub(crate) fn printed(command: &mut Command) -> Result<String, Failure> {
    let output = run(command)?;
    String::from_utf8(output.stdout).map_err(Failure::at(format!("{command:?}")))
}

/// Runs a command; seconds of processor time, user and system, of it and of all it has waited for.
pub(crate) fn seconds(command: &mut Command) -> Result<f64, Failure> {
    let before = children()?;
    run(command)?;
    Ok(children()? - before)
}

fn children() -> Result<f64, Failure> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(Failure::at("getrusage"))?;
    let seconds =
        |time: nix::sys::time::TimeVal| float(time.tv_sec()) + float(time.tv_usec()) / 1e6;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "no count here comes near 2 to the 52nd"
)]
fn float(count: i64) -> f64 {
    count as f64
}
