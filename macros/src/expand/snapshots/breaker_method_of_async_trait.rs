fn send<'life0, 'life1, 'async_trait>(
    &'life0 mut self,
    page: String,
    mut rest: &'life1 mut [u32],
) -> ::core::pin::Pin<
    Box<
        dyn ::core::future::Future<
            Output = Result<Id, E>,
        > + ::core::marker::Send + 'async_trait,
    >,
>
where
    'life0: 'async_trait,
    'life1: 'async_trait,
    Self: 'async_trait,
{
    Box::pin(async move {
        if let ::core::option::Option::Some(__ret) = ::core::option::Option::None::<
            Result<Id, E>,
        > {
            #[allow(unreachable_code)] return __ret;
        }
        let mut __self = self;
        let mut page = page;
        let __ret: Result<Id, E> = {
            static __WAIT_OR_DIE_BREAKER: ::wait_or_die::__private::BreakerSite = ::wait_or_die::__private::BreakerSite::new(
                "notion",
                ::core::file!(),
                ::core::line!(),
            );
            static __WAIT_OR_DIE_SITE: ::wait_or_die::__private::Site = ::wait_or_die::__private::Site::unbounded(
                ::core::concat!(::core::module_path!(), "::", "send"),
                ::core::file!(),
                ::core::line!(),
            );
            let mut __call = ::wait_or_die::__private::BreakerCall::keyed(
                &__WAIT_OR_DIE_SITE,
                &__WAIT_OR_DIE_BREAKER,
                &__self.client.host(),
            );
            let __out: Result<Id, E> = (&mut __call)
                .attempt(async {
                    if let ::wait_or_die::__private::Some(__out) = {
                        use ::wait_or_die::__private::none as __wait_or_die_none;
                        let __none: ::wait_or_die::__private::Option<Result<Id, E>> = __wait_or_die_none();
                        __none
                    } {
                        return __out;
                    }
                    #[allow(unused_braces, clippy::diverging_sub_expression)]
                    let __out: Result<Id, E> = { __self.client.send(page).await };
                    #[allow(unreachable_code)] __out
                })
                .await;
            (&mut __call)
                .settle(
                    &__out,
                    |__error| {
                        if ::wait_or_die::__private::yes(
                            __error,
                            |error| __self.is_outage(error),
                        ) {
                            ::wait_or_die::__private::BreakerOutcome::Failure
                        } else {
                            ::wait_or_die::__private::BreakerOutcome::Success
                        }
                    },
                );
            __out
        };
        #[allow(unreachable_code)] __ret
    })
}
