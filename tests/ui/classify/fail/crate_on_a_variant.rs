use wait_or_die::Classify;

#[derive(Classify)]
enum PushError {
    #[classify(transient, crate = ::wait_or_die)]
    Lost,
}

fn main() {}
