#![allow(
    clippy::needless_raw_string_hashes,
    reason = "the snapshots are written by `expect-test`"
)]

use expect_test::{Expect, expect};
use proc_macro2::TokenStream;
use quote::quote;

/// The expansion as a file; what is no item would show as it is.
fn expanded(input: TokenStream) -> String {
    let output = super::derive_classify(input);
    match syn::parse2(output.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => output.to_string(),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "both are written in place")]
fn check(input: TokenStream, expected: Expect) {
    expected.assert_eq(&expanded(input));
}

/// The texts of the mistakes alone, one a line.
fn mistakes(input: TokenStream) -> Vec<String> {
    let Ok(file) = syn::parse2::<syn::File>(super::derive_classify(input)) else {
        return Vec::new();
    };
    file.items
        .into_iter()
        .filter_map(|item| match item {
            syn::Item::Macro(mistake) => mistake.mac.parse_body::<syn::LitStr>().ok(),
            _ => None,
        })
        .map(|text| text.value())
        .collect()
}

#[track_caller]
fn refused(input: TokenStream, expected: &[&str]) {
    assert_eq!(mistakes(input), expected);
}

#[test]
fn every_verdict() {
    check(
        quote! {
            enum PushError {
                #[classify(transient)]
                Lost,
                #[classify(throttled)]
                Busy(u8),
                #[classify(throttled(after = delay))]
                Later { delay: Duration, text: String },
                #[classify(throttled(after = 1))]
                Slower(String, Option<Duration>),
                #[classify(permanent)]
                Refused,
                #[classify(fault)]
                Broken,
                #[classify(ignore)]
                Cancelled,
                #[classify(source)]
                Io(io::Error),
                #[classify(source = cause)]
                Http { url: String, cause: http::Error },
            }
        },
        expect![[r#"
            #[automatically_derived]
            #[allow(deprecated)]
            impl ::wait_or_die::__private::Classify for PushError {
                fn classify(&self) -> ::wait_or_die::__private::Verdict {
                    match self {
                        Self::Lost { .. } => ::wait_or_die::__private::Verdict::Transient,
                        Self::Busy { .. } => {
                            ::wait_or_die::__private::Verdict::Throttled(
                                ::wait_or_die::__private::None,
                            )
                        }
                        Self::Later { delay: __field, .. } => {
                            ::wait_or_die::__private::throttled(__field)
                        }
                        Self::Slower { 1: __field, .. } => {
                            ::wait_or_die::__private::throttled(__field)
                        }
                        Self::Refused { .. } => ::wait_or_die::__private::Verdict::Permanent,
                        Self::Broken { .. } => ::wait_or_die::__private::Verdict::Fault,
                        Self::Cancelled { .. } => ::wait_or_die::__private::Verdict::Ignore,
                        Self::Io { 0: __field, .. } => ::wait_or_die::__private::classify(__field),
                        Self::Http { cause: __field, .. } => {
                            ::wait_or_die::__private::classify(__field)
                        }
                    }
                }
            }
        "#]],
    );
}

#[test]
fn a_default_a_crate_and_generics() {
    check(
        quote! {
            #[classify(permanent)]
            #[classify(crate = crate::resilience)]
            enum E<'a, T: Debug, const N: usize> where T: Send {
                Text(&'a str, [u8; N]),
                #[classify(source)]
                Inner(Box<T>),
                #[error(transparent)]
                #[classify(source)]
                Marked { at: u32, #[from] by: io::Error },
            }
        },
        expect![[r#"
            #[automatically_derived]
            #[allow(deprecated)]
            impl<'a, T: Debug, const N: usize> crate::resilience::__private::Classify for E<'a, T, N>
            where
                T: Send,
                Box<T>: crate::resilience::__private::Classify,
            {
                fn classify(&self) -> crate::resilience::__private::Verdict {
                    match self {
                        Self::Text { .. } => crate::resilience::__private::Verdict::Permanent,
                        Self::Inner { 0: __field, .. } => {
                            crate::resilience::__private::classify(__field)
                        }
                        Self::Marked { by: __field, .. } => {
                            crate::resilience::__private::classify(__field)
                        }
                    }
                }
            }
        "#]],
    );
}

#[test]
fn structs_and_empty_enums() {
    check(
        quote! { #[classify(transient)] struct Lost; },
        expect![[r#"
        #[automatically_derived]
        #[allow(deprecated)]
        impl ::wait_or_die::__private::Classify for Lost {
            fn classify(&self) -> ::wait_or_die::__private::Verdict {
                match self {
                    Self { .. } => ::wait_or_die::__private::Verdict::Transient,
                }
            }
        }
    "#]],
    );
    check(
        quote! { #[classify(throttled(after = 0))] struct Later(Duration, u8); },
        expect![[r#"
            #[automatically_derived]
            #[allow(deprecated)]
            impl ::wait_or_die::__private::Classify for Later {
                fn classify(&self) -> ::wait_or_die::__private::Verdict {
                    match self {
                        Self { 0: __field, .. } => ::wait_or_die::__private::throttled(__field),
                    }
                }
            }
        "#]],
    );
    check(
        quote! { enum Never {} },
        expect![[r#"
        #[automatically_derived]
        #[allow(deprecated)]
        impl ::wait_or_die::__private::Classify for Never {
            fn classify(&self) -> ::wait_or_die::__private::Verdict {
                match *self {}
            }
        }
    "#]],
    );
}

#[test]
fn mistakes_leave_a_stub() {
    check(
        quote! {
            enum E {
                #[classify(transiant)]
                A,
                B,
                #[classify(permanent)]
                C,
            }
        },
        expect![[r##"
            #[automatically_derived]
            #[allow(deprecated)]
            impl ::wait_or_die::__private::Classify for E {
                fn classify(&self) -> ::wait_or_die::__private::Verdict {
                    ::wait_or_die::__private::Verdict::Permanent
                }
            }
            ::core::compile_error! {
                "unknown verdict `transiant`; write `transient`"
            }
            ::core::compile_error! {
                "`B` has no verdict; write `#[classify(transient)]`, `#[classify(throttled)]`, `#[classify(permanent)]`, `#[classify(fault)]`, `#[classify(ignore)]` or `#[classify(source)]` above it, or a default above the enum"
            }
        "##]],
    );
    check(
        quote! { union U { a: u8, b: i8 } },
        expect![[r##"
        #[automatically_derived]
        #[allow(deprecated)]
        impl ::wait_or_die::__private::Classify for U {
            fn classify(&self) -> ::wait_or_die::__private::Verdict {
                ::wait_or_die::__private::Verdict::Permanent
            }
        }
        ::core::compile_error! {
            "a union does not know which of its fields it holds; write `impl Classify` by hand"
        }
    "##]],
    );
}

#[test]
fn words_from_elsewhere_are_understood() {
    for (written, meant) in [
        ("transiant", "transient"),
        ("retryable", "transient"),
        ("fatal", "permanent"),
        ("rate_limited", "throttled"),
        ("transparent", "source"),
    ] {
        let word = quote::format_ident!("{written}");
        let text = format!("unknown verdict `{written}`; write `{meant}`");
        refused(quote! { enum E { #[classify(#word)] A } }, &[&text]);
    }
}

#[test]
fn no_verdict() {
    const NONE: &str = "a verdict is missing; write `#[classify(transient)]`, `#[classify(throttled)]`, \
         `#[classify(permanent)]`, `#[classify(fault)]`, `#[classify(ignore)]` or `#[classify(source)]`";
    refused(quote! { enum E { #[classify] A } }, &[NONE]);
    refused(quote! { enum E { #[classify()] A } }, &[NONE]);
    refused(quote! { enum E { #[classify = "transient"] A } }, &[NONE]);
}

#[test]
fn fields_that_are_not_there() {
    refused(
        quote! { enum E { #[classify(throttled(after = retry_aftr))] A { retry_after: Duration } } },
        &["`A` has no field `retry_aftr`; write `retry_after`"],
    );
    refused(
        quote! { enum E { #[classify(throttled(after = 2))] A(Duration, u8) } },
        &["`A` has no field `2`; write one of `0`, `1`"],
    );
    refused(
        quote! { enum E { #[classify(throttled(after = delay))] A } },
        &["`A` has no field; write a verdict that needs none"],
    );
    refused(
        quote! { enum E { #[classify(source)] A, #[classify(source)] B(u8, u8) } },
        &[
            "`A` has no field to ask; write another verdict",
            "`B` has 2 fields, and none is marked `#[source]` or `#[from]`; write `source = field`",
        ],
    );
}

#[test]
fn what_is_written_twice() {
    refused(
        quote! { enum E { #[classify(transient, permanent)] A, #[classify(fault)] #[classify(fault)] B } },
        &[
            "a second verdict; leave one of them",
            "a second verdict; leave one of them",
        ],
    );
    refused(
        quote! { #[classify(crate = ::a, crate = ::b, fault)] struct S; },
        &["`crate` is written twice; leave one of them"],
    );
}

#[test]
fn what_takes_nothing_or_something_else() {
    refused(
        quote! { enum E {
            #[classify(transient(now))] A,
            #[classify(permanent = true)] B,
            #[classify(throttled = 3)] C,
            #[classify(source(cause))] D(u8),
            #[classify(throttled())] F,
            #[classify(throttled(before = x))] G,
            #[classify(throttled(after = "x"))] H,
            #[classify(a::b)] I,
        } },
        &[
            "`transient` takes nothing; write `transient` alone",
            "`permanent` takes nothing; write `permanent` alone",
            "`throttled` is not written with `=`; write `throttled(after = field)`",
            "`source` takes no parentheses; write `source` or `source = field`",
            "the delay is missing; write `throttled(after = field)`, where the field is the server's delay",
            "`throttled` takes `after` alone; write `throttled(after = field)`, where the field is the server's delay",
            "not a field; write its name, or its number in a tuple, such as `0`",
            "not a verdict; write `#[classify(transient)]`, `#[classify(throttled)]`, `#[classify(permanent)]`, \
             `#[classify(fault)]`, `#[classify(ignore)]` or `#[classify(source)]`",
        ],
    );
}

#[test]
fn attributes_in_the_wrong_place() {
    refused(
        quote! { enum E { #[classify(transient)] A(#[classify(source)] u8) } },
        &[
            "a field has no verdict; write `#[classify(..)]` above the variant or the struct, with `source = field` to ask the field",
        ],
    );
    refused(
        quote! { enum E { #[classify(transient, crate = ::x)] A } },
        &["`crate` belongs to the whole type; write it above the enum"],
    );
    refused(
        quote! { #[classify(transient, crate = x)] struct S; },
        &[
            "`crate` must be an absolute path; write `crate = ::x`, or `crate = crate::x` for a re-export of this crate",
        ],
    );
}

#[test]
fn an_unreadable_default_is_said_once() {
    refused(
        quote! { #[classify(permanant)] enum E { A, B, #[classify(transient)] C } },
        &["unknown verdict `permanant`; write `permanent`"],
    );
}
