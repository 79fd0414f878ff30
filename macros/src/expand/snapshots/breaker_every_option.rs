async fn push(&self, page: Page) -> Result<Id, E> {
    const __WAIT_OR_DIE_BREAKER_POLICY: crate::resilience::__private::BreakerPolicy = {
        let __base: crate::resilience::__private::BreakerPolicy = POLICY;
        __base
    }
        .with_failure_rate(0.5f64)
        .with_window(
            crate::resilience::__private::Window::Time(
                crate::resilience::__private::Duration::new(10u64, 0u32),
            ),
        )
        .with_minimum_calls({
            let __value: ::core::primitive::u32 = MINIMUM;
            __value
        })
        .with_slow_call(crate::resilience::__private::Duration::new(4u64, 0u32))
        .with_slow_call_rate(0.25f64)
        .with_recovery_timeout(crate::resilience::__private::Duration::new(30u64, 0u32))
        .with_max_recovery_timeout({
            let __value: crate::resilience::__private::Duration = LONGEST;
            __value
        })
        .with_success_threshold(2u32)
        .with_half_open_calls(3u32)
        .with_on_cancel(crate::resilience::__private::OnCancel::Failure);
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::FailureThresholdZero,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::FailureRateOutOfRange,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::WindowWithoutFailureRate,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::WindowEmpty,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::WindowTooLong,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::WindowTooShort,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::MinimumCallsWithoutFailureRate,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::MinimumCallsZero,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::MinimumCallsAboveWindow,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::SlowCallWithoutFailureRate,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::SlowCallNotPositive,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::SlowCallRateWithoutSlowCall,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::SlowCallRateOutOfRange,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::RecoveryTimeoutNotPositive,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::MaxRecoveryTimeoutBelowRecoveryTimeout,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::SuccessThresholdZero,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::HalfOpenCallsZero,
    );
    const _: () = crate::resilience::__private::check_breaker(
        &__WAIT_OR_DIE_BREAKER_POLICY,
        crate::resilience::__private::BreakerPolicyError::HalfOpenCallsTooMany,
    );
    static __WAIT_OR_DIE_BREAKER: crate::resilience::__private::BreakerSite = crate::resilience::__private::BreakerSite::new(
            "notion",
            ::core::file!(),
            ::core::line!(),
        )
        .with_policy(__WAIT_OR_DIE_BREAKER_POLICY);
    static __WAIT_OR_DIE_SITE: crate::resilience::__private::Site = crate::resilience::__private::Site::unbounded(
        ::core::concat!(::core::module_path!(), "::", "push"),
        ::core::file!(),
        ::core::line!(),
    );
    let mut __call = crate::resilience::__private::BreakerCall::keyed(
        &__WAIT_OR_DIE_SITE,
        &__WAIT_OR_DIE_BREAKER,
        &self.host,
    );
    let __out: Result<Id, E> = (&mut __call)
        .attempt(async {
            if let crate::resilience::__private::Some(__out) = {
                use crate::resilience::__private::none as __wait_or_die_none;
                let __none: crate::resilience::__private::Option<Result<Id, E>> = __wait_or_die_none();
                __none
            } {
                return __out;
            }
            #[allow(unused_braces, clippy::diverging_sub_expression)]
            let __out: Result<Id, E> = { self.client.push(page).await };
            #[allow(unreachable_code)] __out
        })
        .await;
    (&mut __call)
        .settle(
            &__out,
            |__error| {
                if crate::resilience::__private::yes(__error, E::is_refusal) {
                    crate::resilience::__private::BreakerOutcome::Ignore
                } else if crate::resilience::__private::yes(
                    __error,
                    |error| self.is_outage(error),
                ) {
                    crate::resilience::__private::BreakerOutcome::Failure
                } else {
                    crate::resilience::__private::BreakerOutcome::Success
                }
            },
        );
    __out
}
