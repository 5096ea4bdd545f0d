import type { AccountAttachArgs } from "./bindings/AccountAttachArgs";
import type { AccountDetachArgs } from "./bindings/AccountDetachArgs";
import type { AccountLookupArgs } from "./bindings/AccountLookupArgs";
import type { AccountProveArgs } from "./bindings/AccountProveArgs";
import type { AccountsView } from "./bindings/AccountsView";
import type { AccountView } from "./bindings/AccountView";
import type { BootView } from "./bindings/BootView";
import type { CallingView } from "./bindings/CallingView";
import type { EnqueuedView } from "./bindings/EnqueuedView";
import type { FindArgs } from "./bindings/FindArgs";
import type { ForgetPasswordArgs } from "./bindings/ForgetPasswordArgs";
import type { HitView } from "./bindings/HitView";
import type { MeterRenameArgs } from "./bindings/MeterRenameArgs";
import type { OperationArgs } from "./bindings/OperationArgs";
import type { PhoneProvenView } from "./bindings/PhoneProvenView";
import type { PreviewView } from "./bindings/PreviewView";
import type { ProfileSaveArgs } from "./bindings/ProfileSaveArgs";
import type { ProfileView } from "./bindings/ProfileView";
import type { QueueSaveArgs } from "./bindings/QueueSaveArgs";
import type { QueueView } from "./bindings/QueueView";
import type { ReadingArgs } from "./bindings/ReadingArgs";
import type { ReadingsArgs } from "./bindings/ReadingsArgs";
import type { ReadingsView } from "./bindings/ReadingsView";
import type { ReadingSubmitArgs } from "./bindings/ReadingSubmitArgs";
import type { RegistrationCodeArgs } from "./bindings/RegistrationCodeArgs";
import type { RegistrationFinishArgs } from "./bindings/RegistrationFinishArgs";
import type { RegistrationStartArgs } from "./bindings/RegistrationStartArgs";
import type { SavedView } from "./bindings/SavedView";
import type { SessionView } from "./bindings/SessionView";
import type { SettingsView } from "./bindings/SettingsView";
import type { SignInArgs } from "./bindings/SignInArgs";
import type { SignOutArgs } from "./bindings/SignOutArgs";
import type { SignOutView } from "./bindings/SignOutView";
import type { Utility } from "./bindings/Utility";
import type { WithdrawView } from "./bindings/WithdrawView";

/** Nothing to say, nothing to answer. */
export type Nothing = Record<string, never>;

/** The consent in force (`wire::utility::Consent`). */
export type Consent = { version: string; sha256: string; title: string; text: string };
/** What a stranger may see of an account (`wire::account::Found`). */
export type Found = { number: string; masked_address: string };
/** The answer to a right proof (`wire::account::Proven`). */
export type Proven = { token: string; number: string; address: string };

/** Every command of the core: what it takes and what it gives. */
export interface Commands {
  boot: { args: Nothing; result: BootView };
  consent: { args: Nothing; result: Consent };
  utility: { args: Nothing; result: Utility | null };
  sign_in: { args: SignInArgs; result: SessionView };
  sign_out: { args: SignOutArgs; result: SignOutView };
  registration_start: { args: RegistrationStartArgs; result: Nothing };
  registration_call: { args: Nothing; result: CallingView };
  registration_code: { args: RegistrationCodeArgs; result: PhoneProvenView };
  registration_finish: { args: RegistrationFinishArgs; result: SessionView };
  accounts: { args: Nothing; result: AccountsView };
  account_lookup: { args: AccountLookupArgs; result: Found };
  account_prove: { args: AccountProveArgs; result: Proven };
  account_attach: { args: AccountAttachArgs; result: AccountView };
  account_detach: { args: AccountDetachArgs; result: Nothing };
  readings: { args: ReadingsArgs; result: ReadingsView };
  reading_preview: { args: ReadingArgs; result: PreviewView };
  reading_submit: { args: ReadingSubmitArgs; result: EnqueuedView };
  meter_rename: { args: MeterRenameArgs; result: EnqueuedView };
  profile: { args: Nothing; result: ProfileView };
  profile_save: { args: ProfileSaveArgs; result: EnqueuedView | null };
  forget_password: { args: ForgetPasswordArgs; result: Nothing };
  queue: { args: Nothing; result: QueueView };
  queue_retry: { args: OperationArgs; result: Nothing };
  queue_discard: { args: OperationArgs; result: Nothing };
  queue_withdraw: { args: OperationArgs; result: WithdrawView };
  queue_save: { args: QueueSaveArgs; result: SavedView };
  queue_send_now: { args: Nothing; result: Nothing };
  settings_save: { args: SettingsView; result: Nothing };
  find: { args: FindArgs; result: HitView[] };
  person_back: { args: Nothing; result: Nothing };
}

export type Command = keyof Commands;
export type Args<C extends Command> = Commands[C]["args"];
export type Result<C extends Command> = Commands[C]["result"];
