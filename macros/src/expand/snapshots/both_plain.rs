fn push(page: &Page) -> Result<Id, E> {
    static __WAIT_OR_DIE_BREAKER: ::wait_or_die::__private::BreakerSite = ::wait_or_die::__private::BreakerSite::new(
        "notion",
        ::core::file!(),
        ::core::line!(),
    );
    const __WAIT_OR_DIE_POLICY: ::wait_or_die::__private::RetryPolicy = ::wait_or_die::__private::RetryPolicy::new();
    static __WAIT_OR_DIE_SITE: ::wait_or_die::__private::Site = ::wait_or_die::__private::Site::new(
            ::core::concat!(::core::module_path!(), "::", "push"),
            ::core::file!(),
            ::core::line!(),
            __WAIT_OR_DIE_POLICY,
        )
        .with_budget("shared")
        .with_when_open_wait();
    let mut __call = ::wait_or_die::__private::Guarded::keyed(
        ::wait_or_die::__private::BlockingCall::new(&__WAIT_OR_DIE_SITE),
        &__WAIT_OR_DIE_BREAKER,
        &(&page.host + 1),
    );
    loop {
        {
            let __out: Result<Id, E> = (&mut __call)
                .run(|| -> Result<Id, E> {
                    #[allow(unused_braces, clippy::diverging_sub_expression)]
                    let __out: Result<Id, E> = { ask(page) };
                    #[allow(unreachable_code)] __out
                });
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
                    |__error, __cut| ::wait_or_die::__private::assessed(
                        ::wait_or_die::__private::retry_if(__error, __cut, is_transient),
                        __cut,
                        || {
                            if ::wait_or_die::__private::yes(__error, is_refusal) {
                                ::wait_or_die::__private::Some(
                                    ::wait_or_die::__private::BreakerOutcome::Ignore,
                                )
                            } else {
                                ::wait_or_die::__private::None
                            }
                        },
                    ),
                    ::wait_or_die::__private::no_fields,
                    ::wait_or_die::__private::no_hook,
                ),
            ) {
                break __failed;
            }
            if !(&mut __call).wait() {
                break __failed;
            }
        }
    }
}
