async fn send(&mut self, order: Order, lots: u32, symbol: &mut String) -> Result<Id, E> {
    const __WAIT_OR_DIE_POLICY: crate::resilience::__private::RetryPolicy = {
        let __base: crate::resilience::__private::RetryPolicy = POLICY;
        __base
    }
        .with_timeout(crate::resilience::__private::Duration::new(90u64, 0u32))
        .with_attempt_timeout({
            let __value: crate::resilience::__private::Duration = LIMIT;
            __value
        })
        .with_initial_wait(
            crate::resilience::__private::Duration::new(0u64, 500000000u32),
        )
        .with_max_wait(crate::resilience::__private::Duration::new(10u64, 0u32))
        .with_max_retries(3u32)
        .with_multiplier(3f64)
        .with_strategy(crate::resilience::__private::Strategy::Exponential)
        .with_jitter(crate::resilience::__private::Jitter::Equal);
    const _: () = crate::resilience::__private::check(
        &__WAIT_OR_DIE_POLICY,
        crate::resilience::__private::PolicyError::TimeoutNotPositive,
    );
    const _: () = crate::resilience::__private::check(
        &__WAIT_OR_DIE_POLICY,
        crate::resilience::__private::PolicyError::AttemptTimeoutNotPositive,
    );
    const _: () = crate::resilience::__private::check(
        &__WAIT_OR_DIE_POLICY,
        crate::resilience::__private::PolicyError::AttemptTimeoutAboveTimeout,
    );
    const _: () = crate::resilience::__private::check(
        &__WAIT_OR_DIE_POLICY,
        crate::resilience::__private::PolicyError::InitialWaitAboveTimeout,
    );
    const _: () = crate::resilience::__private::check(
        &__WAIT_OR_DIE_POLICY,
        crate::resilience::__private::PolicyError::MaxWaitBelowInitialWait,
    );
    const _: () = crate::resilience::__private::check(
        &__WAIT_OR_DIE_POLICY,
        crate::resilience::__private::PolicyError::MultiplierNotFinite,
    );
    const _: () = crate::resilience::__private::check(
        &__WAIT_OR_DIE_POLICY,
        crate::resilience::__private::PolicyError::MultiplierBelowOne,
    );
    static __WAIT_OR_DIE_SITE: crate::resilience::__private::Site = crate::resilience::__private::Site::new(
        "orders.send",
        ::core::file!(),
        ::core::line!(),
        __WAIT_OR_DIE_POLICY,
    );
    let __out: Result<Id, E> = {
        let mut __call = crate::resilience::__private::Call::new(&__WAIT_OR_DIE_SITE);
        loop {
            {
                let attempt = (&__call).context();
                let __out: Result<Id, E>;
                {
                    #[allow(clippy::shadow_reuse)]
                    let order = crate::resilience::__private::Clone::clone(&order);
                    __out = (&mut __call)
                        .attempt(async {
                            if let crate::resilience::__private::Some(__out) = {
                                use crate::resilience::__private::none as __wait_or_die_none;
                                let __none: crate::resilience::__private::Option<
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
                            let mut lots = lots;
                            #[allow(
                                clippy::no_effect_underscore_binding,
                                clippy::shadow_same,
                                clippy::used_underscore_binding
                            )]
                            let symbol: &mut _ = symbol;
                            #[allow(unused_braces, clippy::diverging_sub_expression)]
                            let __out: Result<Id, E> = { order.send(lots).await };
                            #[allow(unreachable_code)] __out
                        })
                        .await;
                }
                if crate::resilience::__private::Engine::passed(&mut __call, &__out) {
                    break __out;
                }
                let __failed: Result<Id, E> = crate::resilience::__private::Outcome::failure(
                    __out,
                );
                if ::core::ops::ControlFlow::is_break(
                    &crate::resilience::__private::Engine::settle(
                        &mut __call,
                        &__failed,
                        |__error, __cut| {
                            if match __error {
                                E::Denied => true,
                                #[allow(unreachable_patterns)]
                                _ => false,
                            } {
                                crate::resilience::__private::Verdict::Permanent
                            } else {
                                crate::resilience::__private::retry_on(
                                    __cut,
                                    || match __error {
                                        E::Busy | E::TooMany(_) => true,
                                        E::Io(error) if error.kind() == TimedOut => true,
                                        #[allow(unreachable_patterns)]
                                        _ => false,
                                    },
                                )
                            }
                        },
                        |__fields| {
                            __fields.record("order", &order.id);
                            __fields.record_display("symbol", &symbol);
                        },
                        |__retry| crate::resilience::__private::hook(told(__retry)),
                    ),
                ) {
                    break __failed;
                }
            }
            (&mut __call).wait().await;
        }
    };
    match crate::resilience::__private::Outcome::split(__out) {
        crate::resilience::__private::Ok(__out) => __out,
        crate::resilience::__private::Err(__error) => {
            Self::cached(self, order, lots, symbol, __error).await
        }
    }
}
