pub fn push(client: &Client, page: Page) -> Result<Id, E> {
    const __WAIT_OR_DIE_BREAKER_POLICY: ::wait_or_die::__private::BreakerPolicy = ::wait_or_die::__private::BreakerPolicy::new()
        .with_failure_threshold(3u32);
    static __WAIT_OR_DIE_BREAKER: ::wait_or_die::__private::BreakerSite = ::wait_or_die::__private::BreakerSite::new(
            "notion",
            ::core::file!(),
            ::core::line!(),
        )
        .with_policy(__WAIT_OR_DIE_BREAKER_POLICY);
    static __WAIT_OR_DIE_SITE: ::wait_or_die::__private::Site = ::wait_or_die::__private::Site::unbounded(
        ::core::concat!(::core::module_path!(), "::", "push"),
        ::core::file!(),
        ::core::line!(),
    );
    let mut __call = ::wait_or_die::__private::BreakerCall::new(
        &__WAIT_OR_DIE_SITE,
        &__WAIT_OR_DIE_BREAKER,
    );
    let __out: Result<Id, E> = (&mut __call)
        .run(move || -> Result<Id, E> {
            #[allow(unused_braces, clippy::diverging_sub_expression)]
            let __out: Result<Id, E> = { client.push(page) };
            #[allow(unreachable_code)] __out
        });
    (&mut __call)
        .settle(
            &__out,
            |__error| {
                if ::wait_or_die::__private::yes(__error, E::is_refusal) {
                    ::wait_or_die::__private::BreakerOutcome::Ignore
                } else {
                    #[allow(unused_imports)]
                    use ::wait_or_die::__private::{ByClassify as _, ByDefault as _};
                    (&&::wait_or_die::__private::Unknown(__error))
                        .__wait_or_die_outcome()
                }
            },
        );
    __out
}
