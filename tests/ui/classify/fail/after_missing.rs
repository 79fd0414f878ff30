use wait_or_die::Classify;

#[derive(Classify)]
enum PushError {
    #[classify(throttled())]
    Busy,
    #[classify(throttled(before = 0))]
    Later(std::time::Duration),
    #[classify(throttled(0))]
    Latest(std::time::Duration),
    #[classify(throttled = 0)]
    Slower(std::time::Duration),
}

fn main() {}
