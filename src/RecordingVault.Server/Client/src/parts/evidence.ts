// Files that show what somebody said.
import { meta, one } from './dom';

/** Shows what sends one, which is there for scripts alone. */
export function takeEvidence(): void {
  const box = document.querySelector<HTMLElement>('[data-evidence]');
  if (!box) return;
  box.hidden = false;
  one(box, '[data-send]').addEventListener('click', () => void send(box));
}

/** Sends the file as it is; what it is called goes in a header, since an address lands in the logs of whatever stands in between. */
async function send(form: HTMLElement): Promise<void> {
  const file = one<HTMLInputElement>(form, 'input[type=file]').files?.[0];
  const shows = [...form.querySelectorAll<HTMLInputElement>('input[type=checkbox]:checked')].map(line => line.value);
  if (!file || shows.length === 0) {
    refuse(form, form.dataset[file ? 'noLine' : 'noFile'] ?? '');
    return;
  }
  if (file.size > Number(form.dataset['most'])) {
    refuse(form, form.dataset['tooLarge'] ?? '');
    return;
  }
  const button = one<HTMLButtonElement>(form, '[data-send]');
  const words = button.textContent;
  button.disabled = true;
  button.textContent = button.dataset['busy'] ?? words;
  const until = one<HTMLInputElement>(form, 'input[type=date]').value;
  const query = new URLSearchParams(shows.map(id => ['records', id]));
  if (until) query.set('keptUntil', `${until}T00:00:00Z`);
  const refusal = await post(`${form.dataset['evidence'] ?? ''}?${query}`, file).catch(() => form.dataset['failed'] ?? '');
  if (refusal === undefined) {
    location.reload();
    return;
  }
  button.disabled = false;
  button.textContent = words;
  refuse(form, refusal || (form.dataset['failed'] ?? ''));
}

/** Says why it was not taken; nothing where it was. */
async function post(address: string, file: File): Promise<string | undefined> {
  const name = encodeURIComponent(file.name).replace(/['()*!]/g, letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  const answer = await fetch(address, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
      'Vault-Tenant': meta('vault-tenant'),
      RequestVerificationToken: meta('vault-antiforgery'),
    },
    body: file,
  });
  if (answer.ok) return undefined;
  const problem = await answer.json() as { title?: string };
  return problem.title ?? '';
}

function refuse(form: HTMLElement, words: string): void {
  const error = one<HTMLElement>(form, '#evidence-error');
  error.textContent = words;
  error.hidden = false;
  one<HTMLElement>(form, 'input[type=file]').setAttribute('aria-invalid', 'true');
}
