use wait_or_die::Classify;

#[derive(Classify)]
#[classify(permanent, crate = wait_or_die)]
enum PushError {
    Lost,
}

#[derive(Classify)]
#[classify(permanent, crate = self::retries)]
enum PullError {
    Lost,
}

fn main() {}
