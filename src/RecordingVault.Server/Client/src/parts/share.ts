// The share form: the sentence stays true while the form changes, and the link is made without leaving the page.
import { ask } from './ask';
import { busy } from './buttons';
import { say, zoneName } from './clock';
import { one } from './dom';

type Made = { url: string; expiresAt: string };
type Part = string | { words: string; loose?: boolean };

export class ShareForm {
  made = false;
  copied = false;
  touched = false;
  readonly #form: HTMLFormElement;
  readonly #result: HTMLElement;
  #timer = 0;
  #spoken: string[] = [];

  constructor(root: ParentNode) {
    this.#form = one(root, 'form[data-share]');
    this.#result = one(root, '[data-made]');
    this.#dateTheChoices();
    this.#write(one(this.#form, '[data-promise]'), this.#sentence(), false);
    this.#form.addEventListener('input', () => {
      this.touched = true;
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.#write(one(this.#form, '[data-promise]'), this.#sentence(), true), 300);
    });
    this.#form.addEventListener('submit', event => { event.preventDefault(); void this.#make(); });
    one(this.#result, '#made-link').addEventListener('copied', () => { this.copied = true; });
  }

  get #name(): string { return this.#text('recipientName'); }
  get #mayDownload(): boolean { return new FormData(this.#form).get('may') === 'download'; }
  get #passcode(): string | undefined {
    return new FormData(this.#form).has('withPasscode') ? this.#text('passcode') || undefined : undefined;
  }

  get #until(): Date | undefined {
    const days = this.#text('days');
    const until = days === 'custom' ? new Date(this.#text('until')) : new Date(Date.now() + Number(days) * 86_400_000);
    if (Number.isNaN(until.getTime())) return undefined;
    until.setSeconds(0, 0);
    return until;
  }

  #text(name: string): string {
    return String(new FormData(this.#form).get(name) ?? '').trim();
  }

  #dateTheChoices(): void {
    for (const option of this.#form.querySelectorAll<HTMLOptionElement>('[name=days] option:not([value=custom])')) {
      option.textContent += `, ${say(new Date(Date.now() + Number(option.value) * 86_400_000), 'moment')}`;
    }
  }

  #sentence(): Part[] {
    const until = this.#until;
    const loose = this.#name === '' && !this.#passcode;
    const who: Part = this.#name === '' ? { words: 'Anyone', loose } : { words: this.#name };
    return [
      who, this.#name === '' ? ' who has this link can ' : ' can ',
      this.#mayDownload ? { words: 'watch and download', loose: true } : { words: 'watch, not download' },
      ', until ', until ? { words: `${say(until, 'moment')} (${zoneName('short', until)})`.replaceAll(' ', '\u00a0') } : { words: 'a date that you have yet to choose', loose: true },
      this.#name === '' ? '. ' : ', with this link',
      ...(this.#passcode
        ? [this.#name === '' ? 'They need a ' : ' and a ', { words: 'passcode' }, '.']
        : [this.#name === '' ? '' : '. ', { words: 'No passcode.', loose: true }, loose ? ' We will not know who it was.' : '']),
    ];
  }

  #write(place: HTMLElement, parts: Part[], flash: boolean): void {
    const said: string[] = [];
    const nodes = parts.map(part => {
      if (typeof part === 'string') return part;
      const mark = document.createElement('mark');
      mark.textContent = part.words;
      if (part.loose) mark.classList.add('wait');
      if (flash && this.#spoken[said.length] !== part.words) mark.classList.add('changed');
      said.push(part.words);
      return mark;
    });
    this.#spoken = said;
    place.replaceChildren(...nodes);
    const loose = parts.some(part => typeof part !== 'string' && part.loose);
    place.closest('.promise-box')?.classList.toggle('wait', loose);
    one<HTMLElement>(this.#form, '[data-aside]').hidden = this.#mayDownload;
    one(this.#form, '[data-may]').textContent = this.#name === '' ? 'They may' : `${this.#name.split(' ')[0]} may`;
  }

  async #make(): Promise<void> {
    const button = one<HTMLButtonElement>(this.#form, '[data-make]');
    if (button.getAttribute('aria-busy') === 'true') return;
    const until = this.#until;
    this.#refuse(!until ? 'Choose a date and a time for the end of the link.'
      : until.getTime() <= Date.now() ? 'The end of the link lies in the past. Choose a later one.'
        : new FormData(this.#form).has('withPasscode') && !this.#passcode ? 'The passcode is empty. Write one, or take the tick away.' : undefined);
    if (!one<HTMLElement>(this.#form, '[data-error]').hidden || !until) return;

    const back = busy(button, 'Making the link…');
    try {
      const made = await ask<Made>('POST', this.#form.dataset['share']!, {
        ...(this.#name === '' ? {} : { recipientName: this.#name }),
        ...(this.#passcode ? { passcode: this.#passcode } : {}),
        expiresAt: until.toISOString(),
        allowDownload: this.#mayDownload,
      });
      if (made) this.#show(made);
    } catch (refusal) {
      this.#refuse(refusal instanceof Error ? refusal.message : String(refusal));
    } finally {
      back();
    }
  }

  #refuse(words: string | undefined): void {
    const line = one<HTMLElement>(this.#form, '[data-error]');
    line.hidden = words === undefined;
    one(line, '[data-words]').textContent = words ?? '';
  }

  #show(made: Made): void {
    this.made = true;
    this.#write(one(this.#result, '[data-promise]'), this.#sentence(), false);
    one<HTMLInputElement>(this.#result, '#made-link').value = made.url;
    one<HTMLInputElement>(this.#result, '#made-passcode').value = this.#passcode ?? '';
    one<HTMLElement>(this.#result, '[data-made-passcode]').hidden = !this.#passcode;
    one(this.#result.closest('dialog') ?? document, 'h1, h2').textContent = 'The link is made';
    this.#form.hidden = true;
    this.#result.hidden = false;
    one<HTMLElement>(this.#result, '[data-made-sentence]').focus();
  }
}
