//! Settings in conflict, and rejections, by way of every kind of error.

use std::io;

use wait_or_die::{Breaker, BreakerPolicy, Classify, Error, circuit_breaker, testing, wait_or_die};
use wait_or_die_tests::refused;

type Boxed = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, thiserror::Error, Classify)]
enum Own {
    #[error(transparent)]
    #[classify(source)]
    Io(#[from] io::Error),
    #[error(transparent)]
    #[classify(source)]
    WaitOrDie(#[from] Error),
}

const FIRST: u32 = line!() + 1;
#[circuit_breaker(name = "disputed", failure_threshold = 2)]
async fn first(fails: bool) -> Result<(), Error> {
    assert!(!fails);
    Ok(())
}

const SECOND: u32 = line!() + 1;
#[circuit_breaker(name = "disputed", failure_threshold = 3, recovery_timeout = "5s")]
async fn second() -> Result<(), Error> {
    panic!("a call whose settings are in conflict is not made")
}

macro_rules! disputed {
    ($($name:ident $fused:ident $plain:ident -> $ret:ty;)*) => {$(
        #[circuit_breaker(name = "disputed", failure_threshold = 4)]
        async fn $name() -> $ret {
            panic!("a call whose settings are in conflict is not made")
        }
        #[circuit_breaker(name = "disputed", failure_threshold = 4)]
        #[wait_or_die(max_retries = 3)]
        async fn $fused() -> $ret {
            panic!("a call whose settings are in conflict is not made")
        }
        #[circuit_breaker(name = "disputed", failure_threshold = 4)]
        fn $plain() -> $ret {
            panic!("a call whose settings are in conflict is not made")
        }
    )*};
}

disputed! {
    by_io by_io_fused by_io_plain -> io::Result<()>;
    by_anyhow by_anyhow_fused by_anyhow_plain -> anyhow::Result<()>;
    by_eyre by_eyre_fused by_eyre_plain -> eyre::Result<()>;
    by_box by_box_fused by_box_plain -> Result<(), Boxed>;
    by_variant by_variant_fused by_variant_plain -> Result<(), Own>;
}

#[tokio::test(start_paused = true)]
async fn different_settings_for_one_name_are_told_with_both_places() {
    let scope = testing::scope(1);
    first(false).await.unwrap();
    let Err(Error::Config(config)) = second().await else {
        panic!("the settings differ")
    };
    assert_eq!(config.breaker().as_str(), "disputed");
    let place = |line| format!("{}:{line}", file!());
    let lines = [config.first_place().unwrap(), config.place()].map(|place| place.to_string());
    assert_eq!(lines, [place(FIRST), place(SECOND)]);
    assert_eq!(
        config.to_string(),
        format!(
            "circuit breaker `disputed` is declared at {} and, differently, at {}: \
             `failure_threshold` is 2 and 3, `recovery_timeout` is 60s and 5s; \
             write the same settings in both places, or `name` alone in one of them",
            place(FIRST),
            place(SECOND)
        )
    );
    // The first settings stay, and the call that is refused is not retried.
    let policy = Breaker::find("disputed").unwrap().policy();
    assert_eq!(policy, BreakerPolicy::new().with_failure_threshold(2));
    assert!(scope.elapsed().is_zero());
    first(false).await.unwrap();
}

fn told(error: &(dyn std::error::Error + 'static)) -> Error {
    error
        .downcast_ref::<Error>()
        .expect("the error itself")
        .clone()
}

fn inside(error: &io::Error) -> Error {
    told(error.get_ref().unwrap())
}

fn own(error: Own) -> Error {
    match error {
        Own::WaitOrDie(error) => error,
        Own::Io(error) => panic!("{error}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_conflict_by_way_of_every_error() {
    let scope = testing::scope(1);
    first(false).await.unwrap();
    let io = [by_io().await, by_io_fused().await, by_io_plain()].map(Result::unwrap_err);
    assert!(
        io.iter()
            .all(|error| error.kind() == io::ErrorKind::InvalidInput)
    );
    let anyhow = [
        by_anyhow().await,
        by_anyhow_fused().await,
        by_anyhow_plain(),
    ];
    let eyre = [by_eyre().await, by_eyre_fused().await, by_eyre_plain()];
    let boxed = [by_box().await, by_box_fused().await, by_box_plain()];
    let variant = [
        by_variant().await,
        by_variant_fused().await,
        by_variant_plain(),
    ];
    let mut all: Vec<_> = io.iter().map(inside).collect();
    all.extend(anyhow.map(|out| told(&*out.unwrap_err())));
    all.extend(eyre.map(|out| told(&*out.unwrap_err())));
    all.extend(boxed.map(|out| told(&*out.unwrap_err())));
    all.extend(variant.map(|out| own(out.unwrap_err())));
    assert_eq!(all.len(), 15);
    for error in all {
        let Error::Config(config) = &error else {
            panic!("{error}")
        };
        assert_eq!(config.first_place().unwrap().line, FIRST);
        assert_eq!((error.breaker(), error.attempts()), (Some("disputed"), 0));
    }
    assert!(scope.elapsed().is_zero(), "nothing was waited for");
}

macro_rules! rejected {
    ($($name:ident $fused:ident $plain:ident -> $ret:ty;)*) => {$(
        #[circuit_breaker(name = "rejecting", failure_threshold = 1)]
        async fn $name() -> $ret {
            Err(refused())?
        }
        #[wait_or_die(max_retries = 0)]
        #[circuit_breaker(name = "rejecting", failure_threshold = 1)]
        async fn $fused() -> $ret {
            Err(refused())?
        }
        #[circuit_breaker(name = "rejecting", failure_threshold = 1)]
        fn $plain() -> $ret {
            Err(refused())?
        }
    )*};
}

rejected! {
    io_async io_fused io_plain -> io::Result<()>;
    anyhow_async anyhow_fused anyhow_plain -> anyhow::Result<()>;
    eyre_async eyre_fused eyre_plain -> eyre::Result<()>;
    box_async box_fused box_plain -> Result<(), Boxed>;
    variant_async variant_fused variant_plain -> Result<(), Own>;
}

#[tokio::test(start_paused = true)]
async fn a_rejection_by_way_of_every_error() {
    let _scope = testing::scope(1);
    // The body's own error opens it.
    let own_error = io_async().await.unwrap_err();
    assert!(own_error.get_ref().is_none());
    let io = [io_async().await, io_fused().await, io_plain()].map(Result::unwrap_err);
    assert!(
        io.iter()
            .all(|error| error.kind() == io::ErrorKind::ConnectionRefused)
    );
    let anyhow = [anyhow_async().await, anyhow_fused().await, anyhow_plain()];
    let eyre = [eyre_async().await, eyre_fused().await, eyre_plain()];
    let boxed = [box_async().await, box_fused().await, box_plain()];
    let variant = [
        variant_async().await,
        variant_fused().await,
        variant_plain(),
    ];
    let mut all: Vec<_> = io.iter().map(inside).collect();
    all.extend(anyhow.map(|out| told(&*out.unwrap_err())));
    all.extend(eyre.map(|out| told(&*out.unwrap_err())));
    all.extend(boxed.map(|out| told(&*out.unwrap_err())));
    all.extend(variant.map(|out| own(out.unwrap_err())));
    assert_eq!(all.len(), 15);
    for error in all {
        assert!(matches!(error, Error::Rejected(_)), "{error}");
        assert_eq!(error.breaker(), Some("rejecting"));
        assert_eq!(error.retry_in().unwrap().as_secs(), 60);
        let operation = error.operation().unwrap();
        assert_eq!(
            error.to_string(),
            format!(
                "`{operation}` rejected: circuit breaker `rejecting` is open, retry in 60s; trace {}",
                error.trace_id().unwrap()
            )
        );
        assert!(operation.starts_with("breaker::conflicts::"), "{operation}");
    }
}
