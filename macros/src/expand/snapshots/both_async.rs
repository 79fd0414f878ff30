async fn push(client: &Client, page: Page) -> Result<Id, E> {
    const __WAIT_OR_DIE_BREAKER_POLICY: ::wait_or_die::__private::BreakerPolicy = ::wait_or_die::__private::BreakerPolicy::new()
        .with_failure_rate(0.5f64)
        .with_window({
            let __value: ::wait_or_die::__private::Window = Window::Calls(20);
            __value
        });
    const _: () = ::wait_or_die::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        ::wait_or_die::__private::BreakerPolicyError::WindowWithoutFailureRate,
    );
    const _: () = ::wait_or_die::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        ::wait_or_die::__private::BreakerPolicyError::WindowEmpty,
    );
    const _: () = ::wait_or_die::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        ::wait_or_die::__private::BreakerPolicyError::WindowTooLong,
    );
    const _: () = ::wait_or_die::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        ::wait_or_die::__private::BreakerPolicyError::WindowTooShort,
    );
    const _: () = ::wait_or_die::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        ::wait_or_die::__private::BreakerPolicyError::MinimumCallsAboveWindow,
    );
    static __WAIT_OR_DIE_BREAKER: ::wait_or_die::__private::BreakerSite = ::wait_or_die::__private::BreakerSite::new(
            "notion",
            ::core::file!(),
            ::core::line!(),
        )
        .with_policy(__WAIT_OR_DIE_BREAKER_POLICY);
    const __WAIT_OR_DIE_POLICY: ::wait_or_die::__private::RetryPolicy = ::wait_or_die::__private::RetryPolicy::new()
        .with_max_retries(3u32);
    static __WAIT_OR_DIE_SITE: ::wait_or_die::__private::Site = ::wait_or_die::__private::Site::new(
            ::core::concat!(::core::module_path!(), "::", "push"),
            ::core::file!(),
            ::core::line!(),
            __WAIT_OR_DIE_POLICY,
        )
        .with_budget("notion");
    let __out: Result<Id, E> = {
        let mut __call = ::wait_or_die::__private::Guarded::new(
            ::wait_or_die::__private::Call::new(&__WAIT_OR_DIE_SITE),
            &__WAIT_OR_DIE_BREAKER,
        );
        loop {
            {
                let __out: Result<Id, E>;
                {
                    #[allow(clippy::shadow_reuse)]
                    let page = ::wait_or_die::__private::Clone::clone(&page);
                    __out = (&mut __call)
                        .attempt(async {
                            if let ::wait_or_die::__private::Some(__out) = {
                                use ::wait_or_die::__private::none as __wait_or_die_none;
                                let __none: ::wait_or_die::__private::Option<
                                    Result<Id, E>,
                                > = __wait_or_die_none();
                                __none
                            } {
                                return __out;
                            }
                            #[allow(
                                clippy::no_effect_underscore_binding,
                                clippy::shadow_same,
                                clippy::used_underscore_binding
                            )]
                            let mut page = page;
                            #[allow(unused_braces, clippy::diverging_sub_expression)]
                            let __out: Result<Id, E> = { client.push(page).await };
                            #[allow(unreachable_code)] __out
                        })
                        .await;
                }
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
    };
    match ::wait_or_die::__private::Outcome::split(__out) {
        ::wait_or_die::__private::Ok(__out) => __out,
        ::wait_or_die::__private::Err(__error) => cached(client, page, __error).await,
    }
}
