//! What goes wrong, as a value: a code and named fields. What people read is in `maps/text`.

use std::collections::BTreeMap;
use std::fmt;

/// Who has to do something about a fault; doors turn it into an exit code or a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// What was asked is not well-formed or out of range: the asker can mend it.
    Invalid,
    /// What was asked for is not here.
    NotFound,
    /// It was fine, but the state has moved on.
    Conflict,
    /// Somebody else holds what is needed; later it will do.
    Busy,
    /// Larger than a stated limit.
    TooLarge,
    /// The format asked for is not one that can be given.
    NotAcceptable,
    /// Nobody knows who asks: signing in may help.
    Unauthorized,
    /// It is known who asks, and they may not.
    Forbidden,
    /// What was sent is of a type that this address does not read.
    UnsupportedMedia,
    /// Too often: later it will do, after the field `seconds`.
    TooManyRequests,
    /// What was to be changed is no longer what the asker saw.
    PreconditionFailed,
    /// The asker has to say what it is that they saw.
    PreconditionRequired,
    /// Well-formed, and still not something that can be done.
    Unprocessable,
    /// Our own failure, or the machine's: logged, not explained.
    Internal,
}

/// The one error of the house: a code that names the sentence in `maps/text`, and the fields it speaks of.
///
/// Boxed inside, so that a `Result` stays small on the happy path.
#[derive(Clone, PartialEq)]
pub struct Fault(Box<Inner>);

#[derive(Clone, PartialEq)]
struct Inner {
    class: Class,
    code: &'static str,
    fields: BTreeMap<&'static str, String>,
}

impl Fault {
    fn new(class: Class, code: &'static str) -> Self {
        Self(Box::new(Inner { class, code, fields: BTreeMap::new() }))
    }

    /// The asker's mistake.
    pub fn invalid(code: &'static str) -> Self {
        Self::new(Class::Invalid, code)
    }

    /// Nothing of that name here.
    pub fn not_found(code: &'static str) -> Self {
        Self::new(Class::NotFound, code)
    }

    /// The state has moved on.
    pub fn conflict(code: &'static str) -> Self {
        Self::new(Class::Conflict, code)
    }

    /// Held by somebody else.
    pub fn busy(code: &'static str) -> Self {
        Self::new(Class::Busy, code)
    }

    /// Over a stated limit.
    pub fn too_large(code: &'static str) -> Self {
        Self::new(Class::TooLarge, code)
    }

    /// No such format to give.
    pub fn not_acceptable(code: &'static str) -> Self {
        Self::new(Class::NotAcceptable, code)
    }

    /// Nobody knows who asks.
    pub fn unauthorized(code: &'static str) -> Self {
        Self::new(Class::Unauthorized, code)
    }

    /// Whoever asks may not.
    pub fn forbidden(code: &'static str) -> Self {
        Self::new(Class::Forbidden, code)
    }

    /// Not a type that is read here.
    pub fn unsupported_media(code: &'static str) -> Self {
        Self::new(Class::UnsupportedMedia, code)
    }

    /// Too often; in `seconds` it will do.
    pub fn too_many_requests(code: &'static str, seconds: u64) -> Self {
        Self::new(Class::TooManyRequests, code).with("seconds", seconds)
    }

    /// No longer what the asker saw.
    pub fn precondition_failed(code: &'static str) -> Self {
        Self::new(Class::PreconditionFailed, code)
    }

    /// The asker has to say what they saw.
    pub fn precondition_required(code: &'static str) -> Self {
        Self::new(Class::PreconditionRequired, code)
    }

    /// Well-formed, and not to be done.
    pub fn unprocessable(code: &'static str) -> Self {
        Self::new(Class::Unprocessable, code)
    }

    /// Our own failure; `cause` is for the log and the command line.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::new(Class::Internal, "internal").with("cause", cause)
    }

    /// Adds a named field that the sentence may speak of.
    #[must_use]
    pub fn with(mut self, field: &'static str, value: impl fmt::Display) -> Self {
        self.0.fields.insert(field, value.to_string());
        self
    }

    /// Adds a field unless an inner place, which knew better, has named it.
    #[must_use]
    pub fn or_with(mut self, field: &'static str, value: impl fmt::Display) -> Self {
        self.0.fields.entry(field).or_insert_with(|| value.to_string());
        self
    }

    /// Who has to do something about it.
    pub fn class(&self) -> Class {
        self.0.class
    }

    /// The code of its sentence in `maps/text`.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// The fields, by name.
    pub fn fields(&self) -> &BTreeMap<&'static str, String> {
        &self.0.fields
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:?}", self.0.code, self.0.fields)
    }
}

/// For logs: the code and its fields. People are answered through [`crate::text::Lang::say`].
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for Fault {}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::internal(error)
    }
}
