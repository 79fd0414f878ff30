use wait_or_die::Classify;

#[derive(Classify)]
enum PushError {
    #[classify(throttled(after = retry_aftr))]
    Busy { retry_after: std::time::Duration },
    #[classify(throttled(after = 1))]
    Later(std::time::Duration),
}

fn main() {}
