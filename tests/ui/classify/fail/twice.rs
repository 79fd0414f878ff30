use wait_or_die::Classify;

#[derive(Classify)]
enum PushError {
    #[classify(transient, permanent)]
    Lost,
    #[classify(fault)]
    #[classify(fault)]
    Gone,
}

fn main() {}
