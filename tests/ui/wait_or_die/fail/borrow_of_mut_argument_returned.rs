use wait_or_die::wait_or_die;

#[wait_or_die(timeout = "30s")]
async fn first(pages: &mut Vec<String>) -> std::io::Result<&mut String> {
    pages.first_mut().ok_or_else(|| std::io::ErrorKind::NotFound.into())
}

fn main() {}
