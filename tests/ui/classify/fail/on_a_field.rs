use wait_or_die::Classify;

#[derive(Classify)]
enum PushError {
    Io(#[classify(source)] std::io::Error),
    #[classify(transient)]
    Lost {
        #[classify(source)]
        cause: std::io::Error,
    },
}

fn main() {}
