use wait_or_die::Classify;

#[derive(Classify)]
enum PushError {
    #[classify]
    Lost,
    #[classify()]
    Gone,
    #[classify = "transient"]
    Busy,
}

fn main() {}
