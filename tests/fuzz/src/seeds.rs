//! Writes the seeds that the fuzzer starts from: the templates, filled, and texts of pieces; `seeds/filter` and
//! `seeds/writer` beside this crate's manifest, or below the directory that is the first argument.

#[allow(dead_code)] // the seeded run uses the rest
#[path = "../../../runtime/tests/redact_fuzz/fragments.rs"]
mod fragments;
#[path = "../../../runtime/tests/redact_fuzz/secrets.rs"]
mod secrets;
#[path = "../../../runtime/tests/redact_fuzz/templates.rs"]
mod templates;

use std::path::PathBuf;
use std::{fs, io};

use fastrand::Rng;
use templates::{TEMPLATES, fill};

const PIECES: usize = 400;

fn main() -> io::Result<()> {
    let here = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let below = std::env::args_os().nth(1).map_or_else(here, PathBuf::from);
    let mut rng = Rng::with_seed(17);
    let mut texts: Vec<String> = TEMPLATES
        .iter()
        .map(|(text, form)| fill(text, &form.draw(&mut rng)))
        .collect();
    texts.extend((0..PIECES).map(|_| fragments::pieces(&mut rng)));
    texts.extend((0..PIECES).map(|_| fragments::json_text(&mut rng)));
    for target in ["filter", "writer"] {
        let directory = below.join(target);
        fs::create_dir_all(&directory)?;
        for (number, text) in texts.iter().enumerate() {
            fs::write(directory.join(format!("{number:04}")), text)?;
        }
    }
    Ok(())
}
