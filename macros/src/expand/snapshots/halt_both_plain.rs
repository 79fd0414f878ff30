fn send(&self, page: &str) -> Result<Id, E> {
    static __WAIT_OR_DIE_BREAKER: ::wait_or_die::__private::BreakerSite = ::wait_or_die::__private::BreakerSite::new(
        "notion",
        ::core::file!(),
        ::core::line!(),
    );
    const __WAIT_OR_DIE_POLICY: ::wait_or_die::__private::RetryPolicy = ::wait_or_die::__private::RetryPolicy::new();
    static __WAIT_OR_DIE_SITE: ::wait_or_die::__private::Site = ::wait_or_die::__private::Site::new(
            ::core::concat!(::core::module_path!(), "::", "send"),
            ::core::file!(),
            ::core::line!(),
            __WAIT_OR_DIE_POLICY,
        )
        .with_budget("notion");
    let __halt = &self.halts[0 + 1];
    let __halt: &::wait_or_die::__private::Halt = __halt;
    let __watch = ::wait_or_die::__private::Watch::new(&__WAIT_OR_DIE_SITE, __halt);
    (&__watch)
        .run(|| -> Result<Id, E> {
            let mut __call = ::wait_or_die::__private::Guarded::new(
                ::wait_or_die::__private::BlockingCall::new(&__WAIT_OR_DIE_SITE),
                &__WAIT_OR_DIE_BREAKER,
            );
            let __out: Result<Id, E> = loop {
                {
                    (&__watch).starts(&__call);
                    let __out: Result<Id, E> = (&mut __call)
                        .run(|| -> Result<Id, E> {
                            #[allow(unused_braces, clippy::diverging_sub_expression)]
                            let __out: Result<Id, E> = { self.ask(page) };
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
                            ::wait_or_die::__private::classify_attempt,
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
            };
            (&__watch).ends(&__call, &__out);
            __out
        })
}
