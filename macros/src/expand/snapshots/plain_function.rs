#[allow(unused)]
#[allow(clippy::needless_pass_by_value)]
fn send(page: String, (a, b): (u32, u32), #[cfg(unix)] n: u32) -> Result<(), E> {
    const __WAIT_OR_DIE_POLICY: ::wait_or_die::__private::RetryPolicy = ::wait_or_die::__private::RetryPolicy::new()
        .with_max_retries(3u32);
    static __WAIT_OR_DIE_SITE: ::wait_or_die::__private::Site = ::wait_or_die::__private::Site::new(
        ::core::concat!(::core::module_path!(), "::", "send"),
        ::core::file!(),
        ::core::line!(),
        __WAIT_OR_DIE_POLICY,
    );
    let mut __call = ::wait_or_die::__private::BlockingCall::new(&__WAIT_OR_DIE_SITE);
    loop {
        #[allow(clippy::redundant_closure_call)]
        {
            let __out: Result<(), E>;
            {
                #[allow(clippy::shadow_reuse)]
                let page = ::wait_or_die::__private::Clone::clone(&page);
                __out = {
                    let __inside = (&__call).enter();
                    (|| -> Result<(), E> {
                        #[allow(
                            clippy::no_effect_underscore_binding,
                            clippy::shadow_same,
                            clippy::used_underscore_binding
                        )]
                        let mut a = a;
                        #[cfg(unix)]
                        #[allow(
                            clippy::no_effect_underscore_binding,
                            clippy::shadow_same,
                            clippy::used_underscore_binding
                        )]
                        let mut n = n;
                        #[allow(unused_braces, clippy::diverging_sub_expression)]
                        let __out: Result<(), E> = { ask(page) };
                        #[allow(unreachable_code)] __out
                    })()
                };
            }
            if ::wait_or_die::__private::Engine::passed(&mut __call, &__out) {
                break __out;
            }
            let __failed: Result<(), E> = ::wait_or_die::__private::Outcome::failure(
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
    }
}
