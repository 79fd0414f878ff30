//! Errors behind pointers: the verdict is that of what they point to.

use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;

use wait_or_die::{Breaker, BreakerPolicy};

use super::*;

#[test]
fn boxed_errors() {
    fn check(verdict: Verdict, error: impl Fn() -> Box<dyn StdError + Send + Sync>) {
        let local: Box<dyn StdError> = error();
        assert_eq!(local.classify(), verdict);
        let sent: Box<dyn StdError + Send> = error();
        assert_eq!(sent.classify(), verdict);
        assert_eq!(error().classify(), verdict);
        let shared: Arc<dyn StdError + Send + Sync> = error().into();
        assert_eq!(shared.classify(), verdict);
        let plain: &(dyn StdError + 'static) = &*local;
        assert_eq!(plain.classify(), verdict);
        // Also inside another one, where it is an error itself.
        let sent: Arc<dyn StdError + Send + Sync> = error().into();
        assert_eq!(io::Error::other(sent).classify(), verdict);
    }
    check(Transient, || Box::new(reset()));
    check(Fault, || {
        Box::new(Wrapped(io::Error::from(ErrorKind::OutOfMemory)))
    });
    check(Permanent, || Box::new(fmt::Error));
    check(Permanent, || "text".into());
}

#[test]
fn what_is_shared_and_given_up_is_not_retried() {
    let breaker = Breaker::new("shared", BreakerPolicy::DEFAULT).unwrap();
    breaker.force_open();
    let rejected = breaker.acquire().unwrap_err();
    let sent: Arc<dyn StdError + Send + Sync> = Arc::new(rejected.clone());
    assert_eq!(chain(&Wrapped(Arc::clone(&sent))), Some(Ignore));
    assert_eq!(io::Error::other(sent).classify(), Ignore);
    let here: Arc<dyn StdError> = Arc::new(Wrapped(rejected));
    assert_eq!(chain(&Wrapped(here)), Some(Ignore));
}

#[test]
fn pointers_ask_what_they_point_to() {
    fn verdict(error: impl Classify) -> Verdict {
        error.classify()
    }
    fn implemented<E: Classify>() {}
    let kept = reset();
    assert_eq!(verdict(&kept), Transient);
    assert_eq!(verdict(Box::new(reset())), Transient);
    assert_eq!(verdict(Rc::new(reset())), Transient);
    assert_eq!(verdict(Arc::new(Box::new(reset()))), Transient);
    let object: Box<dyn Classify> = Box::new(ErrorKind::StorageFull);
    assert_eq!(verdict(object), Fault);
    implemented::<Infallible>();
}
