async fn push(client: &Client, mut page: Page) -> Result<Id, E> {
    static __WAIT_OR_DIE_BREAKER: ::wait_or_die::__private::BreakerSite = ::wait_or_die::__private::BreakerSite::new(
        "notion",
        ::core::file!(),
        ::core::line!(),
    );
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
        .attempt(async move {
            if let ::wait_or_die::__private::Some(__out) = {
                use ::wait_or_die::__private::none as __wait_or_die_none;
                let __none: ::wait_or_die::__private::Option<Result<Id, E>> = __wait_or_die_none();
                __none
            } {
                return __out;
            }
            #[allow(unused_braces, clippy::diverging_sub_expression)]
            let __out: Result<Id, E> = { client.push(page).await };
            #[allow(unreachable_code)] __out
        })
        .await;
    (&mut __call)
        .settle(
            &__out,
            |__error| {
                #[allow(unused_imports)]
                use ::wait_or_die::__private::{ByClassify as _, ByDefault as _};
                (&&::wait_or_die::__private::Unknown(__error)).__wait_or_die_outcome()
            },
        );
    __out
}
