use wait_or_die::Classify;

#[derive(Classify)]
enum PushError {
    #[classify(transiant)]
    Lost,
    Refused,
    #[classify(source)]
    Gone(u8, u8),
}

// The type is classified all the same, so that this is no fourth mistake.
fn ask(error: &PushError) -> wait_or_die::Verdict {
    error.classify()
}

fn main() {}
