use super::view;
use domain::payment::{PaymentStatus, PaymentWay, ServiceSum};
use domain::{Kopecks, Period};

view! {
    /// `payment`: the section «Оплата».
    pub struct PaymentView {
        /// In the order of their addresses.
        pub accounts: Vec<PayAccountView>,
        /// When the mirror was last equal to the server; `None` before the first synchronisation.
        #[ts(type = "number | null")]
        pub as_of_ms: Option<i64>,
        /// How one may pay here today, in the utility's order: card, СБП. Empty: not through this program.
        pub ways: Vec<PaymentWay>,
        /// The least sum of one payment.
        pub minimum: Kopecks,
        /// Whether a payment QR can be drawn: the utility's requisites are known.
        pub qr: bool,
        /// Where a receipt would go: the profile's address, or what was used last; may be empty.
        pub email: String,
        /// The newest payments of these accounts, at most five.
        pub history: Vec<PaymentRow>,
        /// How many there are in all.
        pub payments: u32,
        /// What being late costs today and is in no bill yet, of the accounts for which it is something.
        pub penalties: Vec<PenaltyView>,
    }

    /// Penalties of an account that no bill has yet, reckoned here. Not part of what there is to pay: the utility puts them
    /// into its next bill.
    pub struct PenaltyView {
        /// The account.
        pub account: String,
        /// The last day that is counted: today.
        pub on: chrono::NaiveDate,
        /// All together.
        pub total: Kopecks,
        /// What is overdue.
        pub overdue: Kopecks,
        /// Out of what it is made; the costs make the total.
        pub shares: Vec<PenaltyShareView>,
    }

    /// Days of one debt that cost the same.
    pub struct PenaltyShareView {
        /// The month of the bill, where it is known.
        pub period: Option<Period>,
        /// Its last day to pay.
        pub due: chrono::NaiveDate,
        /// Owed on these days.
        pub sum: Kopecks,
        /// How many.
        pub days: u32,
        /// The yearly rate with a comma: «9,5».
        pub rate: String,
        /// A day costs the rate divided by this.
        pub one_in: u32,
        /// What the days cost.
        pub cost: Kopecks,
    }

    /// An account to pay for.
    pub struct PayAccountView {
        /// Id.
        pub id: String,
        /// Number on the bill.
        pub number: String,
        /// The full address.
        pub address: String,
        /// For lists: «Винокурова, 10-25».
        pub short_address: String,
        /// «Смирнова В. П.».
        pub payer: String,
        /// Debt; negative is an overpayment.
        pub debt: Kopecks,
        /// Of this day.
        pub debt_on: chrono::NaiveDate,
        /// Payments on their way: began, or confirmed by the bank and not credited yet.
        pub transit: Vec<PaymentRow>,
        /// Debt minus what is confirmed and on its way, never negative: proposed for «К оплате».
        pub to_pay: Kopecks,
        /// What there is to pay by services, where billing tells it and a person may divide it; those that are overpaid are left out.
        pub services: Vec<ServiceSum>,
        /// A payment that holds this account now: nobody can begin another.
        pub held: Option<PaymentRow>,
        /// The month of the newest bill, for the words under the QR and for «Квитанции».
        pub bill_period: Option<Period>,
        /// How many bills are known here.
        pub bills: u32,
    }

    /// One payment for one account.
    pub struct PaymentRow {
        /// The payment, for `payment_*` commands.
        pub payment: String,
        /// The part: key of the row.
        pub part: String,
        /// The account.
        pub account: String,
        /// «Винокурова, 10-25».
        pub short_address: String,
        /// For this account.
        pub sum: Kopecks,
        /// Given back of it.
        pub refunded: Kopecks,
        /// How.
        pub way: PaymentWay,
        /// «МИР •• 0001»; may be empty.
        pub by: String,
        /// Where it stands.
        pub status: PaymentStatus,
        /// The bank's reason; may be empty.
        pub why: String,
        /// Whether this person pays; else `payer` says who.
        pub own: bool,
        /// «Смирнова В. П.»; may be empty.
        pub payer: String,
        /// When it began.
        #[ts(type = "number")]
        pub created_ms: i64,
        /// Until when it can be paid, while it is live.
        #[ts(type = "number")]
        pub until_ms: i64,
        /// When the bank confirmed.
        #[ts(type = "number | null")]
        pub paid_ms: Option<i64>,
        /// When it was credited.
        #[ts(type = "number | null")]
        pub credited_ms: Option<i64>,
        /// There is a receipt, and it is this person's.
        pub receipt: bool,
    }

    /// `payments`: «История платежей», newest first.
    pub struct PaymentsArgs {
        /// Only this account; all when absent.
        pub account: Option<String>,
    }

    /// The history.
    pub struct PaymentsView {
        /// Newest first.
        pub payments: Vec<PaymentRow>,
    }

    /// `payment_total`: what typed sums come to. Needs no network.
    pub struct PaymentTotalArgs {
        /// As typed, roubles; an empty text is no payment for this account.
        pub sums: Vec<TypedSum>,
        /// How.
        pub way: PaymentWay,
    }

    /// A typed sum.
    pub struct TypedSum {
        /// The account.
        pub account: String,
        /// As typed. Of no account where `services` are typed.
        pub sum: String,
        /// By services, where the person divides the sum: then they are the sum.
        #[serde(default)]
        pub services: Vec<TypedService>,
    }

    /// A typed sum for a service.
    pub struct TypedService {
        /// The service, as it was shown.
        pub service: String,
        /// As typed; an empty text is nothing for this service.
        pub sum: String,
    }

    /// The answer.
    pub struct PaymentTotalView {
        /// The accounts whose sums cannot be read.
        pub unreadable: Vec<String>,
        /// Without commission.
        pub sum: Kopecks,
        /// The commission.
        pub commission: Kopecks,
        /// «ИТОГ».
        pub total: Kopecks,
        /// Why it cannot be paid so; `None` when it can.
        pub problem: Option<PaymentTrouble>,
    }

    /// Why sums cannot be paid.
    #[serde(tag = "trouble", rename_all = "snake_case")]
    pub enum PaymentTrouble {
        /// There is nothing to pay.
        Empty,
        /// A sum cannot be read.
        Unreadable,
        /// Less than the utility takes.
        TooSmall {
            /// The least.
            minimum: Kopecks,
        },
        /// More than is taken at once.
        TooLarge {
            /// The most.
            maximum: Kopecks,
        },
        /// Nobody can pay this way here today.
        NoWay,
    }

    /// `payment_start`: online only. Opens the bank's page in the system's browser (card) or answers with the code (СБП).
    pub struct PaymentStartArgs {
        /// As typed.
        pub sums: Vec<TypedSum>,
        /// How.
        pub way: PaymentWay,
        /// For the receipt; may be empty.
        pub email: String,
    }

    /// `payment_open` (the bank's page once more), `payment_receipt` (opens it), `payment_cancel`, `payment_state`
    /// (asks the server now).
    pub struct PaymentArgs {
        /// The payment.
        pub payment: String,
    }

    /// `payment_front`: whose state is in front of the person; no toast tells of it.
    pub struct PaymentFrontArgs {
        /// The payment; none when the window shows another thing or is hidden.
        pub payment: Option<String>,
    }

    /// A payment that can be paid, or what became of it.
    pub struct PaymentStateView {
        /// The payment.
        pub payment: String,
        /// Where it stands.
        pub status: PaymentStatus,
        /// What is taken in all.
        pub total: Kopecks,
        /// The commission in it.
        pub commission: Kopecks,
        /// The СБП code, while it can be paid by.
        pub sbp: Option<QrView>,
        /// Whether the bank's page can be opened.
        pub page: bool,
        /// Whether there is a receipt.
        pub receipt: bool,
        /// The bank's reason; may be empty.
        pub why: String,
        /// Until when it can be paid.
        #[ts(type = "number")]
        pub until_ms: i64,
    }

    /// `payment_qr`: ГОСТ Р 56042, drawn here from what is known; needs no network.
    pub struct PaymentQrArgs {
        /// The account.
        pub account: String,
        /// As typed, roubles.
        pub sum: String,
    }

    /// A payment code with what it says.
    pub struct PaymentQrView {
        /// The code.
        pub code: QrView,
        /// The sum in it.
        pub sum: Kopecks,
        /// The account's number in it.
        pub number: String,
        /// «Винокурова, 10-25».
        pub short_address: String,
        /// The month in it.
        pub period: Period,
        /// To whom.
        pub payee: String,
    }

    /// A QR code: dark squares on white.
    pub struct QrView {
        /// Squares along a side, without the quiet zone (4 on each side are needed).
        pub size: u32,
        /// An SVG path in these units.
        pub path: String,
    }

    /// `bills`
    pub struct BillsArgs {
        /// The account.
        pub account: String,
    }

    /// «Квитанции».
    pub struct BillsView {
        /// The account.
        pub account: PayAccountView,
        /// Newest first.
        pub bills: Vec<BillRow>,
    }

    /// A bill in the list.
    pub struct BillRow {
        /// The bill.
        pub id: String,
        /// Its month.
        pub period: Period,
        /// What was charged in the month; the sum to pay where billing tells no more.
        pub accrued: Kopecks,
        /// «Итого к оплате»; negative is an overpayment.
        pub to_pay: Kopecks,
        /// Whether it has lines.
        pub lines: bool,
        /// Compared with the month before, by what was charged; `None` without a bill of that month.
        pub change: Option<Kopecks>,
    }

    /// `bill`
    pub struct BillArgs {
        /// The bill.
        pub id: String,
    }

    /// `bill_pdf` (fetches it; answers when it is here), `bill_pdf_open`, `bill_pdf_save` take [`BillArgs`].
    pub struct BillView {
        /// The bill.
        pub id: String,
        /// Its month.
        pub period: Period,
        /// The number of the document; may be empty.
        pub number: String,
        /// The account it belongs to.
        pub account: PayAccountView,
        /// When it was made.
        pub issued_on: Option<chrono::NaiveDate>,
        /// The last day to pay.
        pub due_on: Option<chrono::NaiveDate>,
        /// Debt at the beginning; negative is an advance.
        pub opening: Option<Kopecks>,
        /// Paid in the month.
        pub paid: Option<Kopecks>,
        /// The last payment that is counted in.
        pub paid_on: Option<chrono::NaiveDate>,
        /// Charged in the month.
        pub accrued: Kopecks,
        /// Recalculated in it.
        pub recalculated: Kopecks,
        /// Taken off.
        pub discount: Kopecks,
        /// Penalties.
        pub penalty: Option<Kopecks>,
        /// To pay.
        pub to_pay: Kopecks,
        /// «54,3».
        pub area: Option<String>,
        /// Registered people.
        pub residents: Option<u16>,
        /// The lines, as billing orders them.
        pub lines: Vec<BillLineView>,
        /// Grounds of recalculations.
        pub recalculations: Vec<RecalculationView>,
        /// Below the table; may be empty.
        pub note: String,
        /// The numbers do not sum: say so, and whom to ask.
        pub unbalanced: bool,
        /// Compared with the month before; `None` without its bill or its lines.
        pub month_before: Option<ComparisonView>,
        /// Compared with the same month a year ago; likewise.
        pub year_before: Option<ComparisonView>,
        /// The months up to this one, oldest first, at most twelve: for the chart and its table.
        pub months: Vec<BillRow>,
        /// The bill of the month after, if there is one.
        pub next: Option<String>,
        /// The bill of the month before, if there is one.
        pub before: Option<String>,
    }

    /// A line.
    pub struct BillLineView {
        /// The service.
        pub service: String,
        /// «м³»; may be empty.
        pub unit: String,
        /// As printed with a comma: «4,215».
        pub volume: Option<String>,
        /// How the volume was found.
        pub method: Option<domain::bill::VolumeMethod>,
        /// The tariff with a comma: «186,40».
        pub rate: Option<String>,
        /// Accrued.
        pub accrued: Kopecks,
        /// By the raising coefficient.
        pub excess: Kopecks,
        /// Recalculated.
        pub recalculated: Kopecks,
        /// Taken off; positive.
        pub discount: Kopecks,
        /// Total of the line.
        pub total: Kopecks,
        /// Compared with the month before; `None` where there is nothing to compare with.
        pub change: Option<Kopecks>,
        /// «Почему больше?» (or less); `None` when it did not change or there is nothing to compare with.
        pub why: Option<WhyView>,
    }

    /// The steps from the month before to this one: `before + volume + rate + recalculation + other = after`.
    pub struct WhyView {
        /// The total then.
        pub before: Kopecks,
        /// By another volume.
        pub volume: Kopecks,
        /// The volume then, with a comma.
        pub volume_before: Option<String>,
        /// By another tariff.
        pub rate: Kopecks,
        /// The tariff then, with a comma.
        pub rate_before: Option<String>,
        /// By recalculations and discounts.
        pub recalculation: Kopecks,
        /// The ground of the recalculation; may be empty.
        pub ground: String,
        /// By anything else.
        pub other: Kopecks,
        /// The total now.
        pub after: Kopecks,
    }

    /// A recalculation with its ground.
    pub struct RecalculationView {
        /// The service.
        pub service: String,
        /// The ground.
        pub ground: String,
        /// The sum.
        pub sum: Kopecks,
    }

    /// A bill beside another one.
    pub struct ComparisonView {
        /// The other's month.
        pub period: Period,
        /// How much more was charged; negative: less.
        pub change: Kopecks,
        /// By service, largest change first; services without one are left out.
        pub services: Vec<ServiceChange>,
    }

    /// How one service changed.
    pub struct ServiceChange {
        /// The service.
        pub service: String,
        /// Then.
        pub before: Kopecks,
        /// Now.
        pub after: Kopecks,
    }
}
