use wait_or_die::Classify;

#[derive(Classify)]
struct Lost;

fn main() {}
