use wait_or_die::Classify;

#[derive(Classify)]
enum PushError {
    #[classify(throttled(after = seconds))]
    Busy { seconds: u64 },
}

fn main() {}
