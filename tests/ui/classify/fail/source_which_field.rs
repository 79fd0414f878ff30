use wait_or_die::Classify;

#[derive(Classify)]
enum PushError {
    #[classify(source)]
    Http(u16, std::io::Error),
    #[classify(source)]
    Lost,
}

fn main() {}
