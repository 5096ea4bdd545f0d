pub(crate) mod bills;
mod comparing;
mod owing;
mod penalties;
