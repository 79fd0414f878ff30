/// Sends.
#[must_use]
pub async fn send(&self, page: String) -> Result<Id, E> {
    const __WAIT_OR_DIE_POLICY: ::wait_or_die::__private::RetryPolicy = ::wait_or_die::__private::RetryPolicy::new();
    static __WAIT_OR_DIE_SITE: ::wait_or_die::__private::Site = ::wait_or_die::__private::Site::new(
        ::core::concat!(::core::module_path!(), "::", "send"),
        ::core::file!(),
        ::core::line!(),
        __WAIT_OR_DIE_POLICY,
    );
    let mut __call = ::wait_or_die::__private::Call::new(&__WAIT_OR_DIE_SITE);
    loop {
        {
            let __out: Result<Id, E> = (&mut __call)
                .attempt(async {
                    if let ::wait_or_die::__private::Some(__out) = {
                        use ::wait_or_die::__private::none as __wait_or_die_none;
                        let __none: ::wait_or_die::__private::Option<Result<Id, E>> = __wait_or_die_none();
                        __none
                    } {
                        return __out;
                    }
                    #[allow(unused_braces, clippy::diverging_sub_expression)]
                    let __out: Result<Id, E> = { self.client.send(&page).await };
                    #[allow(unreachable_code)] __out
                })
                .await;
            if ::wait_or_die::__private::Engine::passed(&mut __call, &__out) {
                break __out;
            }
            let __failed: Result<Id, E> = ::wait_or_die::__private::Outcome::failure(
                __out,
            );
            if ::core::ops::ControlFlow::is_break(
                &::wait_or_die::__private::Engine::settle(
                    &mut __call,
                    &__failed,
                    ::wait_or_die::__private::classify_attempt,
                    ::wait_or_die::__private::no_fields,
                    ::wait_or_die::__private::no_hook,
                ),
            ) {
                break __failed;
            }
        }
        (&mut __call).wait().await;
    }
}
