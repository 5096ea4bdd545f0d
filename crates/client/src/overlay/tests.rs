mod queue;
mod readings;
mod settling;
mod tickets;
pub(crate) mod world;
