import type { PaymentQrView } from "../platform/bindings/PaymentQrView";

/** The code that goes to the printer: on the page for as long as the system's dialog stands, and shown on paper only. */
class Printing {
  code = $state.raw<PaymentQrView | null>(null);

  print(code: PaymentQrView) {
    this.code = code;
  }
}

export const printing = new Printing();
