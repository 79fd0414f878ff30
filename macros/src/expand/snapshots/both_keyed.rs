async fn push(host: &str) -> io::Result<Id> {
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
        .without_budget();
    let mut __call = ::wait_or_die::__private::Guarded::keyed(
        ::wait_or_die::__private::Call::new(&__WAIT_OR_DIE_SITE),
        &__WAIT_OR_DIE_BREAKER,
        &host,
    );
    loop {
        {
            let __out: io::Result<Id> = (&mut __call)
                .attempt(async {
                    if let ::wait_or_die::__private::Some(__out) = {
                        use ::wait_or_die::__private::none as __wait_or_die_none;
                        let __none: ::wait_or_die::__private::Option<io::Result<Id>> = __wait_or_die_none();
                        __none
                    } {
                        return __out;
                    }
                    #[allow(unused_braces, clippy::diverging_sub_expression)]
                    let __out: io::Result<Id> = { ask(host).await };
                    #[allow(unreachable_code)] __out
                })
                .await;
            if ::wait_or_die::__private::Engine::passed(&mut __call, &__out) {
                break __out;
            }
            let __failed: io::Result<Id> = ::wait_or_die::__private::Outcome::failure(
                __out,
            );
            if ::core::ops::ControlFlow::is_break(
                &::wait_or_die::__private::Engine::settle(
                    &mut __call,
                    &__failed,
                    |__error, __cut| ::wait_or_die::__private::assessed(
                        if match __error {
                            E::Denied => true,
                            #[allow(unreachable_patterns)]
                            _ => false,
                        } {
                            ::wait_or_die::__private::Verdict::Permanent
                        } else {
                            ::wait_or_die::__private::classify_attempt(__error, __cut)
                        },
                        __cut,
                        || {
                            if ::wait_or_die::__private::yes(__error, is_refusal) {
                                ::wait_or_die::__private::Some(
                                    ::wait_or_die::__private::BreakerOutcome::Ignore,
                                )
                            } else if ::wait_or_die::__private::yes(
                                __error,
                                |error| error.is_outage(),
                            ) {
                                ::wait_or_die::__private::Some(
                                    ::wait_or_die::__private::BreakerOutcome::Failure,
                                )
                            } else {
                                ::wait_or_die::__private::Some(
                                    ::wait_or_die::__private::BreakerOutcome::Success,
                                )
                            }
                        },
                    ),
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
