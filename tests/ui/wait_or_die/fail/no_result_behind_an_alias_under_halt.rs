use wait_or_die::wait_or_die;

type Page = String;

#[wait_or_die(halt)]
async fn fetch() -> Page {
    String::new()
}

fn main() {}
