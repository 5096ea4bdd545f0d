use super::{Mark, view};
use chrono::NaiveDate;
use domain::meter_kind::TariffZone;
use domain::reading_check::{Question, QuestionCode, Refusal};
use domain::{Kopecks, MeterKind, MeterValue, Period, Source, Unit};

view! {
    /// `readings`
    pub struct ReadingsArgs {
        /// Only this account; all when absent.
        pub account: Option<String>,
    }

    /// The section «Показания».
    pub struct ReadingsView {
        /// Today in the utility's zone, as far as the anchored clock knows.
        pub today: NaiveDate,
        /// Meters, grouped by account, in the order of the lists.
        pub meters: Vec<MeterView>,
        /// The window of the first account shown; each meter carries its own too.
        pub window: Option<WindowView>,
        /// How many meters that take readings have one for this period.
        pub submitted: u32,
        /// How many meters take readings.
        pub expected: u32,
        /// «Сколько выходит»: what the period costs so far by the tariffs in force.
        pub estimate: Vec<EstimateLine>,
        /// The sum of the lines.
        pub estimate_total: Kopecks,
    }

    /// One line of the estimate.
    pub struct EstimateLine {
        /// The meter.
        pub meter: String,
        /// Its kind.
        pub kind: MeterKind,
        /// Its name.
        pub name: String,
        /// The cost.
        pub cost: Kopecks,
    }

    /// When readings are taken.
    pub struct WindowView {
        /// Whether today.
        pub open: bool,
        /// The period of the open window, else of the next one.
        pub period: Period,
        /// First day of the open window, else of the next one.
        pub opens: NaiveDate,
        /// Its last day.
        pub closes: NaiveDate,
        /// Days left in the open window, today included; else days until the next one.
        pub days: u32,
        /// The last day of the window that ended, when closed.
        pub closed_on: Option<NaiveDate>,
        /// The first day of the month, as set.
        pub start_day: u8,
        /// The last day of the month, as set.
        pub end_day: u8,
        /// The utility's own words.
        pub notice: String,
        /// Whether a reading may be entered early and held.
        pub early_allowed: bool,
    }

    /// A meter with all that its card shows.
    pub struct MeterView {
        /// Id.
        pub id: String,
        /// Its account.
        pub account: String,
        /// The account's number.
        pub account_number: String,
        /// «Винокурова, 10-25».
        pub short_address: String,
        /// What it measures.
        pub kind: MeterKind,
        /// Unit.
        pub unit: Unit,
        /// Its name; the resident's own if there is one.
        pub name: String,
        /// The mark of a new name that is not yet accepted.
        pub name_mark: Option<Mark>,
        /// Factory number.
        pub serial: String,
        /// Digits before the comma.
        pub digits: u8,
        /// Digits after it.
        pub decimals: u8,
        /// The tariffs in the order of the face.
        pub zones: Vec<TariffZone>,
        /// «Последняя поверка».
        pub verified_on: Option<NaiveDate>,
        /// Verification is valid until.
        pub verified_until: Option<NaiveDate>,
        /// Days until then; negative when over.
        pub verification_days: Option<i32>,
        /// «Межповерочный интервал», years.
        pub interval_years: Option<u8>,
        /// This meter's window.
        pub window: WindowView,
        /// Whether and how a reading can be entered now.
        pub entry: EntryView,
        /// The last reading of an earlier period: what consumption is counted from.
        pub last: Option<LastReading>,
        /// The reading of this period, if there is one.
        pub current: Option<CurrentReading>,
        /// Newest first; the window shows three and unfolds the rest.
        pub history: Vec<HistoryRow>,
    }

    /// Whether a reading can be entered.
    #[serde(tag = "entry", rename_all = "snake_case")]
    pub enum EntryView {
        /// «Передать показания».
        Submit,
        /// «Изменить показания»: there is one for this period.
        Change,
        /// The window is closed; an early entry is offered.
        Early,
        /// The window is closed.
        Closed,
        /// The meter takes none.
        Refused {
            /// Why.
            refusal: Refusal,
        },
    }

    /// What consumption is counted from.
    pub struct LastReading {
        /// One value per tariff.
        pub values: Vec<MeterValue>,
        /// As the drums show them.
        pub shown: Vec<String>,
        /// When it was read.
        pub taken_on: NaiveDate,
    }

    /// The reading of this period.
    pub struct CurrentReading {
        /// One value per tariff.
        pub values: Vec<MeterValue>,
        /// As the drums show them.
        pub shown: Vec<String>,
        /// Volume since the last, per tariff.
        pub volumes: Vec<MeterValue>,
        /// Its cost, where the tariff is known.
        pub cost: Option<Kopecks>,
        /// When it was entered.
        #[ts(type = "number")]
        pub captured_ms: i64,
        /// Through whom.
        pub source: Source,
        /// Where it is.
        pub mark: Mark,
        /// Its operation, while it is in the queue.
        pub operation: Option<String>,
    }

    /// One line of the history.
    pub struct HistoryRow {
        /// The period.
        pub period: Period,
        /// When it was read.
        pub taken_on: NaiveDate,
        /// As the drums show them, leading zeros cut.
        pub values: Vec<MeterValue>,
        /// Volume since the reading before, summed over tariffs.
        pub volume: Option<MeterValue>,
        /// Through whom.
        pub source: Source,
        /// Where it is.
        pub mark: Mark,
        /// Whether it is the one that counts in its period.
        pub counts: bool,
    }

    /// `reading_preview`, at every key.
    pub struct ReadingArgs {
        /// The meter.
        pub meter: String,
        /// As typed, one per tariff.
        pub values: Vec<String>,
    }

    /// What comes out of the values typed so far.
    pub struct PreviewView {
        /// One per tariff.
        pub tariffs: Vec<PreviewTariff>,
        /// The sum of volumes, once every tariff has a value.
        pub volume: Option<MeterValue>,
        /// What it costs, where the tariff is known.
        pub cost: Option<Kopecks>,
        /// Days since the last reading.
        pub days: Option<u32>,
        /// The usual volume of a month.
        pub usual: Option<MeterValue>,
        /// Why it cannot be taken.
        pub refusal: Option<Refusal>,
        /// What the person would be asked.
        pub questions: Vec<Question>,
        /// Whether `reading_submit` would take it, given answers to the questions.
        pub ready: bool,
    }

    /// One tariff of a preview.
    pub struct PreviewTariff {
        /// The value, if the text is one.
        pub value: Option<MeterValue>,
        /// Volume since the last.
        pub volume: Option<MeterValue>,
        /// What is wrong with the text.
        pub problem: Option<EntryProblem>,
    }

    /// Why a typed text is no value of this meter.
    #[serde(tag = "problem", rename_all = "snake_case")]
    pub enum EntryProblem {
        /// Nothing yet.
        Empty,
        /// Letters or other signs.
        NotANumber,
        /// Too many digits before the comma.
        TooManyDigits {
            /// How many the meter shows.
            shows: u8,
        },
        /// Too many digits after the comma.
        TooManyDecimals {
            /// How many the meter shows.
            shows: u8,
        },
    }

    /// `reading_submit`
    pub struct ReadingSubmitArgs {
        /// The meter.
        pub meter: String,
        /// As typed, one per tariff.
        pub values: Vec<String>,
        /// Questions that the person confirmed.
        pub confirmed: Vec<QuestionCode>,
        /// The person agreed that it is held until the window opens.
        pub early: bool,
    }

    /// `reading_submit`: saved durably on this computer.
    pub struct EnqueuedView {
        /// The operation.
        pub operation: String,
        /// Whether it took the place of one that was never sent.
        pub replaced: bool,
    }

    /// `meter_rename`
    pub struct MeterRenameArgs {
        /// The meter.
        pub meter: String,
        /// The new name; empty restores the utility's.
        pub name: String,
    }
}
