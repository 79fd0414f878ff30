//! How large the future of a call is.

use crate::cargo::{Build, Profile, printed, run};
use crate::error::Failure;
use crate::table::{Table, grouped, signed};
use crate::users::{BUFFERS, Users};
use crate::variants::{VARIANTS, Variant};

/// What a program told of its calls.
#[derive(Debug, Clone, Copy)]
struct Told {
    /// Bytes of a future, for each of [`BUFFERS`].
    futures: [u64; 2],
    /// Bytes on the heap of a call that has suspended once, beside another one, of the smaller one.
    held: u64,
    /// Of one that suspends when no other does.
    allocations: u64,
}

/// Measures and prints.
pub(crate) fn print(users: &Users) -> Result<(), Failure> {
    let mut table = Table::new(&[
        "protection",
        "by",
        "bytes",
        "over plain",
        &format!("with {} bytes of the body's", BUFFERS[1]),
        "over plain",
        "on the heap, beside another",
        "allocations, one after another",
    ]);
    let build = Build::new(users.folder(), "shared", Profile::Dev);
    let mut plain = None;
    for variant in VARIANTS {
        let told = measure(&build, variant)?;
        let plain: Told = *plain.get_or_insert(told);
        let [small, large] = [0, 1].map(|index| {
            let over = told.futures[index].cast_signed() - plain.futures[index].cast_signed();
            [grouped(told.futures[index]), signed(over)]
        });
        let heap = [told.held, told.allocations].map(grouped);
        let words = [variant.protection.name(), variant.title].map(str::to_owned);
        table.row(words.into_iter().chain(small).chain(large).chain(heap));
    }
    print!("{}", table.titled("A call that waits for its first answer"));
    Ok(())
}

fn measure(build: &Build, variant: &Variant) -> Result<Told, Failure> {
    let name = format!("sizes-{}", variant.id);
    run(build.command("build", variant).args(["--bin", &name]))?;
    let text = printed(&mut std::process::Command::new(build.folder().join(&name)))?;
    let told: Result<Vec<u64>, _> = text.lines().map(str::parse).collect();
    match told.map_err(Failure::at(&name))?.as_slice() {
        &[small, large, held, allocations] => Ok(Told {
            futures: [small, large],
            held,
            allocations,
        }),
        _ => Err(Failure::new(format!("{name} told `{text}`"))),
    }
}
