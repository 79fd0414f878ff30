use wait_or_die::Classify;

#[derive(Classify)]
enum PushError {
    #[classify(transient)]
    Lost,
    Refused,
}

fn main() {}
