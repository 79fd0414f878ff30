//! What the attributes mean, with every rule between them checked.

use proc_macro2::Span;
use syn::spanned::Spanned as _;
use syn::{Data, DataEnum, DeriveInput, Field, Fields, Generics, Ident, Member, Path, Type};

use super::attribute::{self, Attributes, EVERY, Word, Written};
use crate::options::{Errors, nearest};
use crate::paths;

/// A type that is to be classified.
pub(super) struct Model<'a> {
    pub(super) krate: Path,
    pub(super) ident: &'a Ident,
    pub(super) generics: &'a Generics,
    pub(super) arms: Vec<Arm<'a>>,
}

/// A variant, or the whole of a struct, and its verdict.
pub(super) struct Arm<'a> {
    /// `None` for a struct.
    pub(super) variant: Option<&'a Ident>,
    pub(super) verdict: Verdict<'a>,
}

/// A verdict that can be expanded.
pub(super) enum Verdict<'a> {
    Transient,
    Throttled,
    /// Throttled by the delay in a field; the span is that of the field's name in `after = ..`.
    After(Member, Span),
    Permanent,
    Fault,
    Ignore,
    /// As a field says, whose type this is.
    Source(Member, &'a Type),
}

impl<'a> Model<'a> {
    /// The model of `input`; mistakes are recorded, and leave their arms out.
    pub(super) fn of(input: &'a DeriveInput, errors: &mut Errors) -> Self {
        let attributes = Attributes::of(&input.attrs, errors);
        let arms = match &input.data {
            Data::Struct(data) => {
                let place = Place {
                    name: &input.ident,
                    variant: None,
                    fields: &data.fields,
                };
                place.arm(&attributes, errors).into_iter().collect()
            }
            Data::Enum(data) => arms(data, &attributes, errors),
            Data::Union(data) => {
                errors.push(syn::Error::new(data.union_token.span, ON_UNION));
                Vec::new()
            }
        };
        Self {
            krate: attributes
                .krate
                .map_or_else(paths::default_crate, |(_, path)| path),
            ident: &input.ident,
            generics: &input.generics,
            arms,
        }
    }
}

/// An enum's own verdict is that of the variants that have none.
fn arms<'a>(data: &'a DataEnum, default: &Attributes, errors: &mut Errors) -> Vec<Arm<'a>> {
    let mut arms = Vec::with_capacity(data.variants.len());
    for variant in &data.variants {
        let mut attributes = Attributes::of(&variant.attrs, errors);
        if let Some((span, _)) = &attributes.krate {
            errors.push(syn::Error::new(
                *span,
                "`crate` belongs to the whole type; write it above the enum",
            ));
        }
        if attributes.verdict.is_none() && !attributes.unreadable {
            attributes.verdict.clone_from(&default.verdict);
            attributes.unreadable = default.unreadable;
        }
        let place = Place {
            name: &variant.ident,
            variant: Some(&variant.ident),
            fields: &variant.fields,
        };
        arms.extend(place.arm(&attributes, errors));
    }
    arms
}

/// A variant, or the whole of a struct.
struct Place<'a> {
    name: &'a Ident,
    variant: Option<&'a Ident>,
    fields: &'a Fields,
}

impl<'a> Place<'a> {
    fn arm(&self, attributes: &Attributes, errors: &mut Errors) -> Option<Arm<'a>> {
        let mut unreadable = attributes.unreadable;
        for field in self.fields {
            if let Some(span) = attribute::misplaced(&field.attrs) {
                unreadable = true;
                errors.push(syn::Error::new(span, ON_FIELD));
            }
        }
        let Some(written) = &attributes.verdict else {
            if !unreadable {
                errors.push(syn::Error::new(self.name.span(), self.undecided()));
            }
            return None;
        };
        let verdict = errors.keep(self.verdict(written))?;
        Some(Arm {
            variant: self.variant,
            verdict,
        })
    }

    fn undecided(&self) -> String {
        let name = self.name;
        match self.variant {
            Some(_) => format!(
                "`{name}` has no verdict; write {EVERY} above it, or a default above the enum"
            ),
            None => format!("`{name}` has no verdict; write {EVERY} above it"),
        }
    }

    fn verdict(&self, written: &Written) -> syn::Result<Verdict<'a>> {
        Ok(match (written.word, &written.field) {
            (Word::Transient, _) => Verdict::Transient,
            (Word::Throttled, None) => Verdict::Throttled,
            (Word::Throttled, Some(after)) => {
                let (member, _) = self.field(after)?;
                Verdict::After(member, after.span())
            }
            (Word::Permanent, _) => Verdict::Permanent,
            (Word::Fault, _) => Verdict::Fault,
            (Word::Ignore, _) => Verdict::Ignore,
            (Word::Source, None) => {
                let (member, field) = self.source(written.span)?;
                Verdict::Source(member, &field.ty)
            }
            (Word::Source, Some(named)) => {
                let (member, field) = self.field(named)?;
                Verdict::Source(member, &field.ty)
            }
        })
    }

    /// The fields, by name or number.
    fn members(&self) -> impl Iterator<Item = (Member, &'a Field)> {
        self.fields.members().zip(self.fields)
    }

    fn field(&self, wanted: &Member) -> syn::Result<(Member, &'a Field)> {
        self.members()
            .find(|(member, _)| member == wanted)
            .ok_or_else(|| syn::Error::new(wanted.span(), self.no_such_field(wanted)))
    }

    fn no_such_field(&self, wanted: &Member) -> String {
        let name = self.name;
        let fields: Vec<String> = self.members().map(|(member, _)| text(&member)).collect();
        if fields.is_empty() {
            return format!("`{name}` has no field; write a verdict that needs none");
        }
        let meant = match wanted {
            Member::Named(wanted) => {
                nearest(&wanted.to_string(), fields.iter().map(String::as_str))
            }
            Member::Unnamed(_) => None,
        };
        let one_of = if fields.len() > 1 { "one of " } else { "" };
        let wanted = text(wanted);
        match meant {
            Some(meant) => format!("`{name}` has no field `{wanted}`; write `{meant}`"),
            None => format!(
                "`{name}` has no field `{wanted}`; write {one_of}`{}`",
                fields.join("`, `")
            ),
        }
    }

    /// The field that `source` alone means: as `thiserror` has it, or the only one.
    fn source(&self, span: Span) -> syn::Result<(Member, &'a Field)> {
        let marked = self.members().find(|(_, field)| is_marked(field));
        let named = || self.members().find(|(member, _)| text(member) == "source");
        let only = || self.members().next().filter(|_| self.fields.len() == 1);
        marked
            .or_else(named)
            .or_else(only)
            .ok_or_else(|| syn::Error::new(span, self.no_source()))
    }

    fn no_source(&self) -> String {
        let name = self.name;
        match self.fields.len() {
            0 => format!("`{name}` has no field to ask; write another verdict"),
            count => format!(
                "`{name}` has {count} fields, and none is marked `#[source]` or `#[from]`; write `source = field`"
            ),
        }
    }
}

const ON_UNION: &str =
    "a union does not know which of its fields it holds; write `impl Classify` by hand";

const ON_FIELD: &str = "a field has no verdict; write `#[classify(..)]` above the variant or the struct, \
     with `source = field` to ask the field";

fn is_marked(field: &Field) -> bool {
    field
        .attrs
        .iter()
        .any(|attribute| attribute.path().is_ident("source") || attribute.path().is_ident("from"))
}

/// The member as it is written.
fn text(member: &Member) -> String {
    match member {
        Member::Named(name) => name.to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}
