fn send(page: &str) -> io::Result<impl Iterator<Item = u8>> {
    const __WAIT_OR_DIE_POLICY: ::wait_or_die::__private::RetryPolicy = ::wait_or_die::__private::RetryPolicy::new()
        .with_max_retries(3u32);
    static __WAIT_OR_DIE_SITE: ::wait_or_die::__private::Site = ::wait_or_die::__private::Site::new(
        ::core::concat!(::core::module_path!(), "::", "send"),
        ::core::file!(),
        ::core::line!(),
        __WAIT_OR_DIE_POLICY,
    );
    let __halt = &HALT;
    let __halt: &::wait_or_die::__private::Halt = __halt;
    let __watch = ::wait_or_die::__private::Watch::new(&__WAIT_OR_DIE_SITE, __halt);
    (&__watch)
        .run(|| -> io::Result<_> {
            let mut __call = ::wait_or_die::__private::BlockingCall::new(
                &__WAIT_OR_DIE_SITE,
            );
            let __out: io::Result<_> = loop {
                #[allow(clippy::redundant_closure_call)]
                {
                    (&__watch).starts(&__call);
                    let __out: io::Result<_> = {
                        let __inside = (&__call).enter();
                        (|| -> io::Result<_> {
                            #[allow(unused_braces, clippy::diverging_sub_expression)]
                            let __out: io::Result<_> = { ask(page) };
                            #[allow(unreachable_code)] __out
                        })()
                    };
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
