use wait_or_die::Classify;

#[derive(Classify)]
enum PushError {
    #[classify(transiant)]
    Lost,
    #[classify(retryable)]
    Gone,
    #[classify(later)]
    Busy,
}

fn main() {}
