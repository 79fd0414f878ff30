struct Client {
    host: String,
}
::core::compile_error! {
    "unknown option `max_retires`; did you mean `max_retries`?"
}
::core::compile_error! {
    "`#[wait_or_die]` belongs on a function; put it on the `fn` that makes the call"
}
