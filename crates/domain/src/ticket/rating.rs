//! What a resident thinks of the work.

use serde::{Deserialize, Serialize};

/// One to five, five is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = u8))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "number"))]
#[serde(try_from = "u8", into = "u8")]
pub struct Rating(u8);

/// A number outside 1–5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a rating is 1 to 5")]
pub struct RatingError;

impl Rating {
    /// The number.
    pub const fn stars(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Rating {
    type Error = RatingError;
    fn try_from(stars: u8) -> Result<Self, Self::Error> {
        if (1..=5).contains(&stars) { Ok(Self(stars)) } else { Err(RatingError) }
    }
}

impl From<Rating> for u8 {
    fn from(rating: Rating) -> Self {
        rating.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_to_five_is_a_rating() {
        assert!((1..=5).all(|stars| Rating::try_from(stars).is_ok()));
        assert!([0, 6, 255].into_iter().all(|stars| Rating::try_from(stars) == Err(RatingError)));
        assert!(serde_json::from_str::<Rating>("0").is_err());
    }
}
