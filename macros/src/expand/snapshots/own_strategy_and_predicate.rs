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
    let mut call = ::wait_or_die::__private::Call::new(&__WAIT_OR_DIE_SITE);
    loop {
        {
            let out: io::Result<_> = (&mut call)
                .attempt(async {
                    if let ::wait_or_die::__private::Some(out) = ::wait_or_die::__private::None::<
                        io::Result<_>,
                    > {
                        return out;
                    }
                    #[allow(unused_braces, clippy::diverging_sub_expression)]
                    let out: io::Result<_> = { ask().await };
                    #[allow(unreachable_code)] out
                })
                .await;
            if ::core::ops::ControlFlow::is_break(
                &::wait_or_die::__private::Engine::settle(
                    &mut call,
                    &out,
                    |error| {
                        if match error {
                            E::Denied => true,
                            #[allow(unreachable_patterns)]
                            _ => false,
                        } {
                            ::wait_or_die::__private::Verdict::Permanent
                        } else {
                            ::wait_or_die::__private::retry_if(
                                error,
                                |error| error.is_timeout(),
                            )
                        }
                    },
                    ::wait_or_die::__private::no_fields,
                    ::wait_or_die::__private::no_hook,
                ),
            ) {
                break out;
            }
        }
        (&mut call).wait().await;
    }
}
