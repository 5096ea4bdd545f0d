mod queue;
mod readings;
mod settling;
pub(crate) mod world;
