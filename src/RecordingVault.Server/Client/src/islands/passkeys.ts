// Passkeys: the door, the step up, and adding one. Without scripts, or where the browser has no passkeys, their buttons stay hidden.
import { Refused, ask } from '../parts/ask';
import { busy, toast } from '../parts/buttons';
import { one } from '../parts/dom';
import { refresh } from '../parts/live';

const isOffered = 'PublicKeyCredential' in window && 'parseRequestOptionsFromJSON' in PublicKeyCredential && 'parseCreationOptionsFromJSON' in PublicKeyCredential;

/** A challenge is good for five minutes: one that waits longer for somebody is asked anew. */
const RENEWED_AFTER = 4 * 60_000;
const ONLY_A_MOMENT = 20_000;
let offering: AbortController | undefined;

reveal(document);

const inField = document.querySelector<HTMLElement>('[data-passkey][data-in-field]');
if (inField && isOffered) {
  void offer(inField);
  setInterval(() => void (offering && offer(inField)), RENEWED_AFTER);
  // A page of the same vault in another tab may have asked a question of its own meanwhile, and the browser keeps the last one.
  // Who is away for a moment only looks for his key: the question that he answers stays.
  let leftAt = 0;
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') leftAt = Date.now();
    else if (Date.now() - leftAt > ONLY_A_MOMENT) void offer(inField);
  });
}

document.addEventListener('click', event => {
  const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('[data-passkey] button') : null;
  if (button) void during(button, part => signIn(part));
});

document.addEventListener('submit', event => {
  if (!(event.target instanceof HTMLFormElement) || !event.target.matches('[data-passkey-add]')) return;
  event.preventDefault();
  const form = event.target;
  void during(one<HTMLButtonElement>(form, 'button[type=submit]'), () => add(form));
});

function reveal(root: ParentNode): void {
  if (!isOffered) return;
  for (const part of root.querySelectorAll<HTMLElement>('[data-passkey], [data-passkey-add]')) part.hidden = false;
  // One first choice on a page: where the passkey is it, the password's button steps back.
  for (const part of root.querySelectorAll<HTMLElement>('[data-passkey][data-first]')) part.closest('form')?.querySelector('button[type=submit]')?.classList.remove('primary');
}

/**
 * Lets the browser list passkeys where the address is typed. It asks nobody anything before one is chosen there, and gives way to the button: a browser has
 * one question open at a time.
 */
async function offer(part: HTMLElement): Promise<void> {
  // Another question would take the place of the one that is being answered, here or in the tab that is seen.
  if (document.visibilityState !== 'visible' || one(part, 'button').getAttribute('aria-busy') === 'true') return;
  withdraw();
  const own = offering = new AbortController();
  let credential: Credential | null;
  try {
    if (!await PublicKeyCredential.isConditionalMediationAvailable?.()) return;
    const publicKey = await question(part);
    own.signal.throwIfAborted();
    credential = await navigator.credentials.get({ publicKey, mediation: 'conditional', signal: own.signal });
  } catch {
    return; // nobody has pressed anything: the button and the password are there
  } finally {
    if (offering === own) offering = undefined;
  }
  await during(one<HTMLButtonElement>(part, 'button'), () => enter(part, credential));
}

function withdraw(): void {
  offering?.abort();
  offering = undefined;
}

async function signIn(part: HTMLElement): Promise<void> {
  withdraw();
  try {
    await enter(part, await navigator.credentials.get({ publicKey: await question(part) }));
  } catch (fault) {
    // When the button is no longer busy.
    if (part === inField) setTimeout(() => void offer(part));
    throw fault;
  }
}

async function question(part: HTMLElement): Promise<PublicKeyCredentialRequestOptions> {
  const options = await ask<PublicKeyCredentialRequestOptionsJSON>('POST', `${part.dataset['passkey']!}/options`);
  return PublicKeyCredential.parseRequestOptionsFromJSON(options!);
}

async function enter(part: HTMLElement, credential: Credential | null): Promise<void> {
  const entered = await ask<{ location: string }>('POST', part.dataset['passkey']!, { credential: plain(credential), returnTo: part.dataset['returnTo'] });
  location.assign(entered!.location);
}

async function add(form: HTMLFormElement): Promise<void> {
  const address = form.dataset['passkeyAdd']!;
  const name = one<HTMLInputElement>(form, 'input[name=name]').value;
  const options = await ask<PublicKeyCredentialCreationOptionsJSON>('POST', `${address}/options`);
  const credential = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options!) });
  await ask('POST', address, { name, credential: plain(credential) });
  const fresh = await refresh('passkeys');
  if (!fresh) {
    location.reload();
    return;
  }
  await refresh('recovery');
  await refresh('sessions');
  reveal(fresh);
  toast('The passkey is added. You can sign in with it from now on. Your other sessions have ended.');
  one<HTMLElement>(fresh, 'h2').focus();
}

function plain(credential: Credential | null): unknown {
  if (!(credential instanceof PublicKeyCredential)) throw new Refused('Your browser gave no passkey. Try again.', 0);
  return credential.toJSON();
}

/** Says why it did not work beside the button that was pressed. */
async function during(button: HTMLButtonElement, act: (part: HTMLElement) => Promise<void>): Promise<void> {
  const part = button.closest<HTMLElement>('[data-passkey], [data-passkey-add]');
  if (!part || button.getAttribute('aria-busy') === 'true') return;
  const line = one<HTMLElement>(part, '[data-error]');
  line.hidden = true;
  const back = busy(button, button.dataset['words']);
  try {
    await act(part);
  } catch (fault) {
    one(line, 'span').textContent = wordsOf(fault);
    line.hidden = false;
  } finally {
    back();
  }
}

function wordsOf(fault: unknown): string {
  if (fault instanceof Refused) return fault.message;
  if (!(fault instanceof DOMException)) throw fault;
  if (fault.name === 'InvalidStateError') return 'This device, or key, has a passkey for your account already.';
  if (fault.name === 'SecurityError') return 'Passkeys work under the vault’s own name only. Open it by that name.';
  return 'No passkey was shown. Try again, and follow what your browser asks.';
}
