//! The circuit breaker beside the least that can be written by hand and beside its peers; README.md says how to run it.

mod clock;
mod hand;
mod harness;
mod speed;
mod turning;

use harness::Figures;

fn main() {
    let rounds = std::env::args()
        .nth(1)
        .map_or(Ok(41), |rounds| rounds.parse());
    let Ok(rounds) = rounds else {
        eprintln!("the argument is a number of rounds");
        std::process::exit(2);
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{processors} processors, {rounds} rounds");
    speed::print(&Figures::take(speed::cases(), rounds));
    turning::print(&mut turning::measure());
}
