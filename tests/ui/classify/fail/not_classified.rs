use wait_or_die::Classify;

#[derive(Debug)]
enum PushError {}

fn ask(error: impl Classify) -> wait_or_die::Verdict {
    error.classify()
}

fn boxed(error: Box<PushError>) -> wait_or_die::Verdict {
    ask(error)
}

fn main() {}
