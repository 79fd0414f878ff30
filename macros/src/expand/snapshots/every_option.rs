async fn send(&mut self, order: Order, lots: u32, symbol: &mut String) -> Result<Id, E> {
    const __WAIT_OR_DIE_POLICY: crate::resilience::__private::RetryPolicy = {
        let base: crate::resilience::__private::RetryPolicy = POLICY;
        base
    }
        .with_timeout(crate::resilience::__private::Duration::new(90u64, 0u32))
        .with_attempt_timeout({
            let value: crate::resilience::__private::Duration = LIMIT;
            value
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
    let out: Result<Id, E> = {
        let mut call = crate::resilience::__private::Call::new(&__WAIT_OR_DIE_SITE);
        loop {
            {
                let attempt = (&call).context();
                let out: Result<Id, E>;
                {
                    #[allow(clippy::shadow_reuse)]
                    let order = crate::resilience::__private::Clone::clone(&order);
                    out = (&mut call)
                        .attempt(async {
                            if let crate::resilience::__private::Some(out) = crate::resilience::__private::None::<
                                Result<Id, E>,
                            > {
                                return out;
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
                            let out: Result<Id, E> = { order.send(lots).await };
                            #[allow(unreachable_code)] out
                        })
                        .await;
                }
                if ::core::ops::ControlFlow::is_break(
                    &crate::resilience::__private::Engine::settle(
                        &mut call,
                        &out,
                        |error| {
                            if match error {
                                E::Denied => true,
                                #[allow(unreachable_patterns)]
                                _ => false,
                            } {
                                crate::resilience::__private::Verdict::Permanent
                            } else {
                                <crate::resilience::__private::Verdict as ::core::convert::From<
                                    _,
                                >>::from(
                                    match error {
                                        E::Busy | E::TooMany(_) => true,
                                        E::Io(error) if error.kind() == TimedOut => true,
                                        #[allow(unreachable_patterns)]
                                        _ => false,
                                    },
                                )
                            }
                        },
                        |fields| {
                            fields.record("order", &order.id);
                            fields.record_display("symbol", &symbol);
                        },
                        |retry| {
                            let () = told(retry);
                        },
                    ),
                ) {
                    break out;
                }
            }
            (&mut call).wait().await;
        }
    };
    match crate::resilience::__private::Outcome::split(out) {
        crate::resilience::__private::Ok(out) => out,
        crate::resilience::__private::Err(error) => {
            Self::cached(self, order, lots, symbol, error).await
        }
    }
}
