// The share form: the sentence stays true while the form changes, and the link is made without leaving the page.
import { ask } from './ask';
import { busy } from './buttons';
import { one } from './dom';
import { dateTheChoices, endOf, follow, Sentence, type Terms } from './sentence';

type Made = { url: string; expiresAt: string };

export class ShareForm {
  made = false;
  copied = false;
  touched = false;
  readonly #form: HTMLFormElement;
  readonly #result: HTMLElement;
  readonly #sentence = new Sentence();
  #timer = 0;

  constructor(root: ParentNode) {
    this.#form = one(root, 'form[data-share]');
    this.#result = one(root, '[data-made]');
    dateTheChoices(this.#form);
    this.#say(false);
    this.#form.addEventListener('input', () => {
      this.touched = true;
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.#say(true), 300);
    });
    this.#form.addEventListener('submit', event => { event.preventDefault(); void this.#make(); });
    one(this.#result, '#made-link').addEventListener('copied', () => { this.copied = true; });
  }

  get #name(): string { return this.#text('recipientName'); }
  get #mayDownload(): boolean { return new FormData(this.#form).get('may') === 'download'; }
  get #passcode(): string | undefined {
    return new FormData(this.#form).has('withPasscode') ? this.#text('passcode') || undefined : undefined;
  }

  get #until(): Date | undefined { return endOf(this.#text('days'), this.#text('until')); }
  get #terms(): Terms {
    return { name: this.#name, mayDownload: this.#mayDownload, until: this.#until, hasPasscode: this.#passcode !== undefined };
  }

  #text(name: string): string {
    return String(new FormData(this.#form).get(name) ?? '').trim();
  }

  #has(name: string): boolean {
    return new FormData(this.#form).has(name);
  }

  #say(flash: boolean): void {
    this.#sentence.write(one(this.#form, '[data-promise]'), this.#terms, flash);
    follow(this.#form, this.#terms);
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
        ...(this.#text('note') ? { note: this.#text('note') } : {}),
        expiresAt: until.toISOString(),
        allowDownload: this.#mayDownload,
        ...(this.#has('slate') || this.#has('corner') ? { visibleMark: { slate: this.#has('slate'), corner: this.#has('corner'), language: this.#text('markLanguage') || 'en' } } : {}),
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
    this.#sentence.write(one(this.#result, '[data-promise]'), this.#terms, false);
    one<HTMLInputElement>(this.#result, '#made-link').value = made.url;
    one<HTMLInputElement>(this.#result, '#made-passcode').value = this.#passcode ?? '';
    one<HTMLElement>(this.#result, '[data-made-passcode]').hidden = !this.#passcode;
    one(this.#result.closest('dialog') ?? document, 'h1, h2').textContent = 'The link is made';
    this.#form.hidden = true;
    this.#result.hidden = false;
    one<HTMLElement>(this.#result, '[data-made-sentence]').focus();
  }
}
