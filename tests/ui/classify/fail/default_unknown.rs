use wait_or_die::Classify;

#[derive(Classify)]
#[classify(permanant)]
enum PushError {
    Lost,
    Refused,
    #[classify(transient)]
    Gone,
}

fn main() {}
