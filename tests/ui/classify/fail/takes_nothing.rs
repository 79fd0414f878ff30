use wait_or_die::Classify;

#[derive(Classify)]
enum PushError {
    #[classify(transient(now))]
    Lost,
    #[classify(permanent = true)]
    Refused,
}

fn main() {}
