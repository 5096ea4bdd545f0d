//! Prices of a unit of a resource.

use crate::{Kopecks, MeterValue, meter_value::STEPS_PER_UNIT};
use serde::{Deserialize, Serialize};

/// Ten-thousandths of a rouble for one unit: electricity is sold at 4,3350 ₽.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Rate(pub i64);

impl Rate {
    /// What `volume` costs, rounded half up to a kopeck.
    pub fn cost(self, volume: MeterValue) -> Kopecks {
        // steps × ten-thousandths of a rouble; one kopeck is 100 of the latter.
        let exact = i128::from(self.0) * i128::from(volume.steps());
        let per_kopeck = i128::from(STEPS_PER_UNIT) * 100;
        let rounded = (exact + per_kopeck / 2).div_euclid(per_kopeck);
        Kopecks(i64::try_from(rounded).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_rounded_to_the_nearest_kopeck() {
        let volume = MeterValue::parse("7,486").expect("a volume");
        assert_eq!(Rate(328_500).cost(volume), Kopecks(24_592)); // 7.486 × 32.85 = 245.9151
        assert_eq!(Rate(43_350).cost(MeterValue::parse("1").expect("one")), Kopecks(434)); // 4.335 rounds up
        assert_eq!(Rate(328_500).cost(MeterValue::ZERO), Kopecks(0));
    }
}
