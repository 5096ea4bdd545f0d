-- What is owed by services, what is charged for being late, and what people decide about payments.

-- Money that the staff give back. had_back and sent_ms are written before the bank is asked, once for each row: what the bank had
-- given back of the payment until then, and when. holds: the payment, until the outcome is known; two refunds of one payment
-- cannot wait side by side.
CREATE TABLE payment_refunds (
    id           TEXT   PRIMARY KEY,
    payment_id   TEXT   NOT NULL,
    sum          BIGINT NOT NULL,
    why          TEXT   NOT NULL,
    wanted_ms    BIGINT NOT NULL,
    had_back     BIGINT,
    sent_ms      BIGINT,
    outcome      TEXT   CHECK (outcome IN ('given_back', 'refused', 'not_confirmed')),
    ended_ms     BIGINT,
    holds        TEXT   UNIQUE
);
CREATE INDEX payment_refunds_by_payment ON payment_refunds (payment_id, wanted_ms);

-- What a person decided about an order whose sum at the bank is not ours, and what the bank said of it then: another word of
-- the bank is another question.
CREATE TABLE payment_verdicts (
    payment_id   TEXT   PRIMARY KEY,
    verdict      TEXT   NOT NULL CHECK (verdict IN ('accepted', 'rejected')),
    amount       BIGINT NOT NULL,
    deposited    BIGINT NOT NULL,
    why          TEXT   NOT NULL,
    at_ms        BIGINT NOT NULL
);

-- Of what was paid before, a refund may have been missed: the bank is asked again (in bounded rounds, as all others).
UPDATE payments SET next_ms = paid_ms WHERE paid_ms IS NOT NULL AND bank_order IS NOT NULL AND next_ms IS NULL;

-- What billing told last of an account's debt by services. place: their order in the file.
CREATE TABLE account_services (
    account_id   TEXT   NOT NULL,
    place        BIGINT NOT NULL,
    service      TEXT   NOT NULL,
    sum          BIGINT NOT NULL,
    PRIMARY KEY (account_id, place)
);

-- How the payer divided a part by services (JSON, as the wire has it); empty: billing divides it.
ALTER TABLE payment_parts ADD COLUMN services TEXT NOT NULL DEFAULT '[]';
