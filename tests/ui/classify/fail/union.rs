use wait_or_die::Classify;

#[derive(Classify)]
union Bits {
    signed: i8,
    unsigned: u8,
}

fn main() {}
