async fn send() -> io::Result<impl Iterator<Item = u8>> {
    const __WAIT_OR_DIE_POLICY: ::wait_or_die::__private::RetryPolicy = ::wait_or_die::__private::RetryPolicy::new()
        .with_jitter(::wait_or_die::__private::Jitter::None);
    static __WAIT_OR_DIE_SITE: ::wait_or_die::__private::Site = ::wait_or_die::__private::Site::new(
            ::core::concat!(::core::module_path!(), "::", "send"),
            ::core::file!(),
            ::core::line!(),
            __WAIT_OR_DIE_POLICY,
        )
        .with_sequence(|| ::wait_or_die::__private::sequence(steady));
    let mut __call = ::wait_or_die::__private::Call::new(&__WAIT_OR_DIE_SITE);
    loop {
        {
            let __out: io::Result<_> = (&mut __call)
                .attempt(async {
                    if let ::wait_or_die::__private::Some(__out) = {
                        use ::wait_or_die::__private::none as __wait_or_die_none;
                        let __none: ::wait_or_die::__private::Option<io::Result<_>> = __wait_or_die_none();
                        __none
                    } {
                        return __out;
                    }
                    #[allow(unused_braces, clippy::diverging_sub_expression)]
                    let __out: io::Result<_> = { ask().await };
                    #[allow(unreachable_code)] __out
                })
                .await;
            if ::wait_or_die::__private::Engine::passed(&mut __call, &__out) {
                break __out;
            }
            let __failed: io::Result<_> = ::wait_or_die::__private::Outcome::failure(
                __out,
            );
            if ::core::ops::ControlFlow::is_break(
                &::wait_or_die::__private::Engine::settle(
                    &mut __call,
                    &__failed,
                    |__error, __cut| {
                        if match __error {
                            E::Denied => true,
                            #[allow(unreachable_patterns)]
                            _ => false,
                        } {
                            ::wait_or_die::__private::Verdict::Permanent
                        } else {
                            ::wait_or_die::__private::retry_if(
                                __error,
                                __cut,
                                |error| error.is_timeout(),
                            )
                        }
                    },
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
