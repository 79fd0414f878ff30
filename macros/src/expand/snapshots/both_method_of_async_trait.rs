fn send<'life0, 'life1, 'async_trait>(
    &'life0 mut self,
    page: String,
    rest: &'life1 mut [u32],
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
        let page = page;
        let __ret: Result<Id, E> = {
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
            let mut __call = ::wait_or_die::__private::Guarded::keyed(
                ::wait_or_die::__private::Call::new(&__WAIT_OR_DIE_SITE),
                &__WAIT_OR_DIE_BREAKER,
                &__self.host,
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
                                let mut rest: &mut _ = rest;
                                #[allow(
                                    clippy::no_effect_underscore_binding,
                                    clippy::shadow_same,
                                    clippy::used_underscore_binding
                                )]
                                let mut page = page;
                                #[allow(unused_braces, clippy::diverging_sub_expression)]
                                let __out: Result<Id, E> = {
                                    __self.client.send(page).await
                                };
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
        #[allow(unreachable_code)] __ret
    })
}
