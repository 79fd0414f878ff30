fn send(&self) -> Pin<Box<dyn Future<Output = Result<(), E>>>> {
    self.client.send()
}
::core::compile_error! {
    "a plain `fn` that returns a boxed future ends before the future runs; make it an `async fn`, or put `#[async_trait]` on the impl so that it expands before this attribute; an attribute between the two, such as `#[tracing::instrument]`, belongs below this one"
}
