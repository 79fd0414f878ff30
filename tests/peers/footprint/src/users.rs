//! The programs that are measured: a workspace with a package for each variant, written into a folder of its own.
//!
//! A package has three targets: `hello`, a whole program with one protected function; `sizes`, which prints how large
//! the future of a call is; and `hundred`, a library of a hundred protected functions.

#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use crate::cargo;
use crate::error::Failure;
use crate::variants::{Service, VARIANTS, Variant};

/// The bytes that the two functions of `sizes` keep while they wait.
pub(crate) const BUFFERS: [usize; 2] = [16, 1024];
pub(crate) const HUNDRED: usize = 100;

const HERE: &str = env!("CARGO_MANIFEST_DIR");
/// Between what a source has once and what it has for each function.
const MARK: &str = "// one function\n";
/// One attempt.
const BODY: &str = "let buffer = [SEEDu8; BUFFER];
    let token = client.token(&buffer).await?;
    let sent = client.send(token, id, &page).await?;
    Ok(sent + u64::from(buffer[0]))";

const WORKSPACE: &str = r#"[workspace]
resolver = "3"
members = ["*"]
exclude = ["target"]

[profile.slim]
inherits = "release"
lto = "thin"
codegen-units = 1
strip = true

[profile.named]
inherits = "slim"
strip = false
"#;

const PACKAGE: &str = r#"[package]
name = "user-ID"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
tokio = { version = "=1.54.1", features = ["macros", "rt", "time"] }
DEPENDENCIES

[[bin]]
name = "hello-ID"
path = "src/hello.rs"

[[bin]]
name = "sizes-ID"
path = "src/sizes.rs"

[[example]]
name = "hundred-ID"
path = "src/hundred.rs"
crate-type = ["lib"]
"#;

const HELLO: &str = r#"#[tokio::main(flavor = "current_thread")]
async fn main() {
    let client = support::Client::default();
    SERVICE
    println!("{:?}", push_page_0(PASSED&client, 7, "page").await);
}
"#;

const SIZES: &str = r#"mod heap;

#[global_allocator]
static ALLOCATOR: heap::Counting = heap::Counting;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let client = support::Client::default();
    SERVICE
    CLONED
    println!("{}\n{}", size_0(&client), size_1(&client));
    // What the first call of a process makes is not the call's.
    push_page_0(PASSED&client, 7, "page").await.expect("an answer");
    let mut alone = std::pin::pin!(push_page_0(PASSED&client, 7, "page"));
    let [allocations, _] = std::future::poll_fn(|context| suspend(alone.as_mut(), context)).await;
    // What a thread keeps for the next call, the call before has.
    let mut beside = std::pin::pin!(push_page_0(BESIDE&client, 7, "page"));
    let [_, bytes] = std::future::poll_fn(|context| suspend(beside.as_mut(), context)).await;
    println!("{bytes}\n{allocations}");
}

/// The allocations of a call that suspends for the first time, and what it holds of them.
fn suspend<F: Future>(
    call: std::pin::Pin<&mut F>,
    context: &mut std::task::Context<'_>,
) -> std::task::Poll<[u64; 2]> {
    let before = heap::now();
    assert!(call.poll(context).is_pending());
    let after = heap::now();
    std::task::Poll::Ready([after[0] - before[0], after[1] - before[1]])
}
"#;

const SIZE: &str = r#"
fn size_N(client: &support::Client) -> usize {
    SERVICE
    size_of_val(&push_page_N(PASSEDclient, 7, "page"))
}
"#;

/// Whoever wants one of them boxes it, so that all of them are compiled.
const USE: &str = r"
pub fn use_N<'a>(client: &'a support::Client, id: u64, page: &'a str) -> Called<'a> {
    SERVICE
    Box::pin(async move { push_page_N(PASSEDclient, id, page).await })
}
";

const CALLED: &str = "pub type Called<'a> = std::pin::Pin<Box<dyn Future<Output = std::io::Result<u64>> + Send + 'a>>;\n";

/// The workspace of the programs; it is removed with this.
#[derive(Debug)]
pub(crate) struct Users {
    folder: PathBuf,
}

impl Users {
    /// Writes all of them, with the versions that `users/Cargo.lock` has, and downloads what they need.
    pub(crate) fn write() -> Result<Self, Failure> {
        let users = Self::write_locked()?;
        let mut fetch = cargo::cargo(users.folder());
        cargo::run(fetch.args(["fetch", "--locked", "--quiet"]))?;
        Ok(users)
    }

    fn write_locked() -> Result<Self, Failure> {
        let users = Self::write_unlocked()?;
        copy(&locked(), &users.folder.join("Cargo.lock"))?;
        Ok(users)
    }

    fn write_unlocked() -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("footprint-{}", std::process::id()));
        let users = Self { folder };
        write(&users.folder.join("Cargo.toml"), WORKSPACE)?;
        for variant in VARIANTS {
            users.write_package(variant)?;
        }
        Ok(users)
    }

    /// Where the workspace is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn write_package(&self, variant: &Variant) -> Result<(), Failure> {
        let folder = self.folder.join(variant.id);
        let manifest = PACKAGE
            .replace("ID", variant.id)
            .replace("DEPENDENCIES", variant.dependencies)
            .replace("RUNTIME", &format!("{HERE}/../../../runtime"));
        write(&folder.join("Cargo.toml"), &manifest)?;
        for shared in ["support", "heap"] {
            copy(&source(shared), &folder.join(format!("src/{shared}.rs")))?;
        }
        let text = read(&source(variant.id))?;
        for (file, text) in [
            ("hello", hello(variant, &text)?),
            ("sizes", sizes(variant, &text)?),
            ("hundred", hundred(variant, &text)?),
        ] {
            write(&folder.join(format!("src/{file}.rs")), &text)?;
        }
        Ok(())
    }
}

impl Drop for Users {
    fn drop(&mut self) {
        // What is left over in a folder for what is temporary harms nobody.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Chooses anew what `users/Cargo.lock` has, after the peers have been changed.
pub(crate) fn lock() -> Result<(), Failure> {
    let users = Users::write_unlocked()?;
    // What stays the same keeps its versions.
    if locked().exists() {
        copy(&locked(), &users.folder.join("Cargo.lock"))?;
    }
    cargo::run(cargo::cargo(users.folder()).args(["metadata", "--format-version=1", "--quiet"]))?;
    copy(&users.folder.join("Cargo.lock"), &locked())
}

/// Checks that the programs with one function compile, of all that stand on no peer. Of the peers nothing is downloaded
/// but what the registry's index says of them.
pub(crate) fn check() -> Result<(), Failure> {
    let users = Users::write_locked()?;
    let mut check = cargo::cargo(users.folder());
    check.args(["check", "--locked", "--quiet"]);
    for variant in VARIANTS.iter().filter(|variant| variant.peerless()) {
        check.args(["--package", &variant.package(), "--bin", &variant.hello()]);
    }
    cargo::run(&mut check).map(drop)
}

fn hello(variant: &Variant, text: &str) -> Result<String, Failure> {
    Ok(functions(text, &[BUFFERS[0]])? + &calling(variant, HELLO, 0))
}

fn sizes(variant: &Variant, text: &str) -> Result<String, Failure> {
    let sizes = [0, 1].map(|number| calling(variant, SIZE, number)).concat();
    Ok(functions(text, &BUFFERS)? + &calling(variant, SIZES, 0) + &sizes)
}

fn hundred(variant: &Variant, text: &str) -> Result<String, Failure> {
    let uses: String = (0..HUNDRED)
        .map(|number| calling(variant, USE, number))
        .collect();
    Ok(functions(text, &[BUFFERS[0]; HUNDRED])? + CALLED + &uses)
}

/// What calls the function of that number, with the service that it needs; a call beside another has one of its own.
fn calling(variant: &Variant, text: &str, number: usize) -> String {
    let texts = match variant.service {
        Some(Service { make, borrow }) => [
            format!("let mut service = {make};"),
            "let mut other = service.clone();".to_owned(),
            format!("{borrow} service, "),
            format!("{borrow} other, "),
        ],
        None => [const { String::new() }; 4],
    };
    let placeholders = ["SERVICE", "CLONED", "PASSED", "BESIDE"].iter().zip(&texts);
    let text = placeholders.fold(text.to_owned(), |text, (placeholder, own)| {
        text.replace(placeholder, own)
    });
    numbered(&text, number)
}

/// A function for each size of buffer.
fn functions(text: &str, buffers: &[usize]) -> Result<String, Failure> {
    let (prelude, each) = text
        .split_once(MARK)
        .ok_or_else(|| Failure::new("a source of `users/` has no mark"))?;
    let functions = buffers.iter().enumerate().map(|(number, buffer)| {
        let body = BODY
            .replace("SEED", &(number % 100 + 1).to_string())
            .replace("BUFFER", &buffer.to_string());
        numbered(&each.replace("BODY", &body), number) + "\n"
    });
    let allowed = "#![allow(unused, reason = \"written by a program\")]\n\nmod support;\n\n";
    Ok(format!(
        "{allowed}{prelude}{}",
        functions.collect::<String>()
    ))
}

fn numbered(text: &str, number: usize) -> String {
    text.replace("_N", &format!("_{number}"))
}

fn source(name: &str) -> PathBuf {
    Path::new(HERE).join(format!("users/{name}.rs"))
}

fn locked() -> PathBuf {
    Path::new(HERE).join("users/Cargo.lock")
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(Failure::at(path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Failure::at(folder.display()))?;
    }
    fs::write(path, text).map_err(Failure::at(path.display()))
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    write(to, &read(from)?)
}
