//! The fields of the standard, their names and forms.

use chrono::NaiveDate;

/// What a field's value must look like.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// At most so many characters.
    Text(usize),
    /// At most so many digits.
    Digits(usize),
    /// `dd.MM.yyyy`.
    Date,
    /// A kind of payment, 01 to 15.
    TechCode,
}

use Form::{Date, Digits, TechCode, Text};

/// The standard gives the second group of fields no length: a field is at most as long as the longest that has one.
const FREE: Form = Text(210);

macro_rules! keys {
    ($($(#[$doc:meta])* $key:ident $name:literal $form:expr;)+) => {
        /// A field of the standard.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Key { $($(#[$doc])* $key,)+ }

        impl Key {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$key,)+];

            /// The name as the standard spells it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$key => $name,)+ }
            }

            const fn form(self) -> Form {
                match self { $(Self::$key => $form,)+ }
            }
        }
    };
}

keys! {
    /// The payee's name.
    Name "Name" Text(160);
    /// The payee's account.
    PersonalAcc "PersonalAcc" Text(20);
    /// The payee's bank.
    BankName "BankName" Text(45);
    /// The bank's БИК.
    Bic "BIC" Digits(9);
    /// The bank's correspondent account; `0` if it has none.
    CorrespAcc "CorrespAcc" Text(20);
    /// The payee's ИНН.
    PayeeInn "PayeeINN" Digits(12);
    /// The payee's КПП.
    Kpp "KPP" Text(9);
    /// The sum in kopecks.
    Sum "Sum" Digits(18);
    /// What is paid for.
    Purpose "Purpose" Text(160);
    /// The payer's ИНН.
    PayerInn "PayerINN" Digits(12);
    /// Статус плательщика (budget).
    DrawerStatus "DrawerStatus" Text(2);
    /// КБК.
    Cbc "CBC" Text(20);
    /// ОКТМО.
    Oktmo "OKTMO" Text(11);
    /// Основание налогового платежа.
    PaytReason "PaytReason" Text(2);
    /// Налоговый период.
    TaxPeriod "TaxPeriod" Text(10);
    /// Номер документа.
    DocNo "DocNo" Text(15);
    /// Дата документа.
    DocDate "DocDate" Date;
    /// Тип платежа (budget).
    TaxPaytKind "TaxPaytKind" Text(2);
    /// Фамилия плательщика.
    LastName "LastName" FREE;
    /// Имя.
    FirstName "FirstName" FREE;
    /// Отчество.
    MiddleName "MiddleName" FREE;
    /// The payer's address.
    PayerAddress "PayerAddress" FREE;
    /// Лицевой счёт бюджетного получателя.
    PersonalAccount "PersonalAccount" FREE;
    /// Индекс платёжного документа.
    DocIdx "DocIdx" FREE;
    /// СНИЛС.
    PensAcc "PensAcc" FREE;
    /// Номер договора.
    Contract "Contract" FREE;
    /// Лицевой счёт плательщика: the number on the bill.
    PersAcc "PersAcc" FREE;
    /// Квартира.
    Flat "Flat" FREE;
    /// Телефон.
    Phone "Phone" FREE;
    /// Вид документа плательщика.
    PayerIdType "PayerIdType" FREE;
    /// Номер документа плательщика.
    PayerIdNum "PayerIdNum" FREE;
    /// ФИО ребёнка.
    ChildFio "ChildFio" FREE;
    /// Дата рождения.
    BirthDate "BirthDate" FREE;
    /// Срок платежа.
    PaymTerm "PaymTerm" FREE;
    /// Период оплаты.
    PaymPeriod "PaymPeriod" FREE;
    /// Вид платежа.
    Category "Category" FREE;
    /// Код услуги or the meter's name.
    ServiceName "ServiceName" FREE;
    /// Номер прибора учёта.
    CounterId "CounterId" FREE;
    /// Показание прибора учёта.
    CounterVal "CounterVal" FREE;
    /// Номер извещения, платёжного документа.
    QuittId "QuittId" FREE;
    /// Дата извещения.
    QuittDate "QuittDate" FREE;
    /// Номер учреждения.
    InstNum "InstNum" FREE;
    /// Номер группы, класса.
    ClassNum "ClassNum" FREE;
    /// ФИО преподавателя.
    SpecFio "SpecFio" FREE;
    /// Страховка, пеня, in kopecks.
    AddAmount "AddAmount" Digits(18);
    /// Номер постановления.
    RuleId "RuleId" FREE;
    /// Номер исполнительного производства.
    ExecId "ExecId" FREE;
    /// Код вида платежа for the registry of fees.
    RegType "RegType" FREE;
    /// УИН.
    Uin "UIN" FREE;
    /// The kind of payment: 02 is ЖКХ.
    TechCode "TechCode" TechCode;
}

impl Key {
    /// What a payee is made of. The first five are the mandatory block, in their order.
    pub const PAYEE: [Self; 7] =
        [Self::Name, Self::PersonalAcc, Self::BankName, Self::Bic, Self::CorrespAcc, Self::PayeeInn, Self::Kpp];

    /// The field of a name in any case: `persAcc`, `PERSACC`.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.name().eq_ignore_ascii_case(name))
    }

    /// Whether a value has the form of this field.
    pub fn fits(self, value: &str) -> bool {
        match self.form() {
            Text(most) => value.chars().count() <= most,
            Digits(most) => value.len() <= most && value.bytes().all(|b| b.is_ascii_digit()),
            Date => value.len() == 10 && NaiveDate::parse_from_str(value, "%d.%m.%Y").is_ok(),
            TechCode => matches!(value.as_bytes(), [b'0', b'1'..=b'9'] | [b'1', b'0'..=b'5']),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_and_are_told_apart() {
        for key in Key::ALL {
            assert_eq!(Key::of(key.name()), Some(*key));
            assert_eq!(Key::of(&key.name().to_lowercase()), Some(*key));
            assert_eq!(Key::of(&key.name().to_uppercase()), Some(*key));
        }
        assert_eq!(Key::of("Unknown"), None);
    }

    #[test]
    fn forms_are_checked() {
        assert!(Key::Sum.fits("345678") && !Key::Sum.fits("3456.78") && !Key::Sum.fits(&"1".repeat(19)));
        assert!(Key::DocDate.fits("15.10.2026") && !Key::DocDate.fits("31.02.2026") && !Key::DocDate.fits("5.10.2026"));
        assert!(
            Key::TechCode.fits("02")
                && !Key::TechCode.fits("2")
                && !Key::TechCode.fits("16")
                && !Key::TechCode.fits("+2")
        );
        assert!(Key::Purpose.fits(&"я".repeat(160)) && !Key::Purpose.fits(&"я".repeat(161)));
    }
}
