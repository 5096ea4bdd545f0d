//! Synchronisation: four tasks that never wait for each other.
//!
//! * [`push`] sends what the queue holds, one batch at a time;
//! * [`pull`] brings the mirror up to the feed, page by page, and builds it anew when it must;
//! * [`upload`] sends the files that operations need;
//! * [`live`] listens, and only wakes [`push`] and [`pull`]. Without it a pull every minute does the same, later.
//!
//! What any answer means is decided in one place, [`answer`]; every call goes through [`link`], which also notes the
//! server's time for [`anchor`].

pub(crate) mod anchor;
pub(crate) mod answer;
pub(crate) mod known;
pub(crate) mod link;
pub(crate) mod live;
pub(crate) mod pull;
pub(crate) mod push;
pub(crate) mod rebuild;
pub(crate) mod upload;
