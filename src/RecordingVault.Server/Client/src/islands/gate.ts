// The gate of a link: the secret goes out only when the person presses Open (security.md 9), and names are shown only after it is proved.
import { busy } from '../parts/buttons';
import { say } from '../parts/clock';
import { meta, one } from '../parts/dom';

type Problem = { type?: string; at?: string; endsAt?: string; triesLeft?: number; sharedBy?: string; recipientName?: string };

const gate = one<HTMLElement>(document, '#gate');
const button = one<HTMLButtonElement>(gate, '#open');
button.addEventListener('click', () => void open(button));
// The whole link, opened in this tab, changes the address's end alone: the page begins anew with it.
addEventListener('hashchange', () => location.reload());
// Loaded again after it was open here, or copied without its end.
if (location.hash.length < 2) one<HTMLElement>(gate, '[data-no-secret]').hidden = false;

async function open(pressed: HTMLButtonElement, passcode?: string): Promise<void> {
  if (pressed.getAttribute('aria-busy') === 'true') return;
  const secret = location.hash.slice(1);
  if (!secret) {
    show('no-secret', {});
    return;
  }
  const back = busy(pressed, pressed.dataset['words']);
  try {
    const answer = await fetch(gate.dataset['open']!, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', RequestVerificationToken: meta('vault-antiforgery') },
      body: JSON.stringify({ secret, ...(passcode === undefined ? {} : { passcode }) }),
    });
    if (answer.ok) {
      // The cookie opens it from here on: the secret leaves the address and the history.
      history.replaceState(null, '', location.pathname);
      location.replace(location.pathname);
      return;
    }
    back();
    refused(answer.status, await answer.json().catch(() => ({})) as Problem);
  } catch {
    back();
    fail(gate.dataset['offline'] ?? '');
  }
}

function refused(status: number, problem: Problem): void {
  const slug = problem.type?.split('/').pop() ?? '';
  if (slug === 'passcode-needed') askPasscode(problem);
  else if (slug === 'passcode-wrong') wrongPasscode(problem.triesLeft ?? 0);
  else if (document.getElementById(slug) instanceof HTMLTemplateElement) show(slug, problem);
  else if (status === 404) show('not-found', problem);
  else fail((status === 429 ? gate.dataset['many'] : gate.dataset['offline']) ?? '');
}

function askPasscode(problem: Problem): void {
  show('passcode', problem);
  const form = one<HTMLFormElement>(gate, 'form');
  const field = one<HTMLInputElement>(form, 'input');
  field.focus();
  form.addEventListener('submit', event => {
    event.preventDefault();
    void open(one(form, 'button'), field.value.trim());
  });
}

function wrongPasscode(triesLeft: number): void {
  const line = one<HTMLElement>(gate, '#passcode-error');
  line.hidden = false;
  one(line, 'span').textContent = triesLeft === 1 ? line.dataset['one'] ?? '' : (line.dataset['several'] ?? '').replace('{n}', String(triesLeft));
  const field = one<HTMLInputElement>(gate, 'input');
  field.setAttribute('aria-invalid', 'true');
  field.focus();
  field.select();
}

function fail(words: string): void {
  const line = gate.querySelector<HTMLElement>('#passcode-error, [data-error]');
  if (!line) return;
  line.hidden = false;
  one(line, 'span').textContent = words;
}

/** Puts a template in place of what stood there. Of several wordings the first stays whose values are all known. */
function show(name: string, problem: Problem): void {
  const values: Record<string, string | undefined> = {
    sharedBy: problem.sharedBy,
    recipientName: problem.recipientName,
    at: problem.at && say(new Date(problem.at), 'letter'),
    endsAt: problem.endsAt && say(new Date(problem.endsAt), 'letter'),
  };
  const part = one<HTMLTemplateElement>(document, `template[id="${name}"]`).content.cloneNode(true) as DocumentFragment;
  for (const place of part.querySelectorAll('h1, p.note')) choose(place, values);
  const stage = one<HTMLElement>(gate, '#stage');
  stage.replaceChildren(part);
  stage.querySelector<HTMLElement>('h1')?.focus();
}

function choose(place: Element, values: Record<string, string | undefined>): void {
  let chosen = false;
  for (const wording of place.querySelectorAll<HTMLElement>('span')) {
    const known = (wording.dataset['needs'] ?? '').split(' ').filter(Boolean).every(need => values[need]);
    if (!known || chosen) {
      wording.remove();
      continue;
    }
    chosen = true;
    wording.textContent = (wording.textContent ?? '').replace(/\{(\w+)\}/g, (_whole, value: string) => values[value] ?? '');
  }
}
