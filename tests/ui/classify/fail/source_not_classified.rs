use wait_or_die::Classify;

struct HttpError;

#[derive(Classify)]
enum PushError {
    #[classify(source)]
    Http(HttpError),
}

fn main() {}
