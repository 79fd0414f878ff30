//! A client of the Notion API that survives its outages, made to be copied.
//!
//! [`Notion`] has three protected calls: [`validate_token`](Notion::validate_token), [`push_page`](Notion::push_page) and
//! [`push_task_report`](Notion::push_task_report), which makes a page out of a Markdown file. Whoever copies it takes all
//! modules but [`fake`], which is Notion's part in the demonstration and in the tests.

mod api;
mod block;
mod client;
pub mod clock;
mod error;
mod external_id;
pub mod fake;
pub mod file;
pub mod fit;
mod http;
pub mod language;
pub mod markdown;
mod properties;
mod push;
mod report;
pub mod text;
mod token;

pub use self::api::{Bot, REQUEST_TIMEOUT, VERSION};
pub use self::block::{Block, Kind, plain};
pub use self::client::{Notion, URL};
pub use self::error::NotionError;
pub use self::external_id::ExternalId;
pub use self::http::{Http, MAX_ANSWER, Transport, TransportError, is_loopback};
pub use self::push::Pushed;
pub use self::report::{MAX_PROPERTIES, MAX_REPORT, NewPage, Parent};
pub use self::token::{Token, TokenError, VARIABLE};
