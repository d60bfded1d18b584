// The one sentence that says what a link will allow, the same wherever a link is made or changed.
import { say, zoneName } from './clock';
import { one } from './dom';

export type Terms = { name: string; mayDownload: boolean; until: Date | undefined; hasPasscode: boolean };
type Part = string | { words: string; loose?: boolean };

/** Writes the sentence into a form's promise; what has changed flashes once, and a loose part colours its box. */
export class Sentence {
  #spoken: string[] = [];

  write(place: HTMLElement, terms: Terms, flash: boolean): void {
    const said: string[] = [];
    const parts = partsOf(terms);
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
  }
}

/** What stands beside the sentence and follows it: the honest word on watching, and whose the choice is. */
export function follow(form: HTMLElement, terms: Terms): void {
  one<HTMLElement>(form, '[data-aside]').hidden = terms.mayDownload;
  one(form, '[data-may]').textContent = terms.name === '' ? 'They may' : `${terms.name.split(' ')[0]} may`;
}

/** The end that a form names: days from now, or a date of one's own. */
export function endOf(days: string, own: string): Date | undefined {
  const until = days === 'custom' ? new Date(own) : new Date(Date.now() + Number(days) * 86_400_000);
  if (Number.isNaN(until.getTime())) return undefined;
  until.setSeconds(0, 0);
  return until;
}

/** Each choice of days says its date. */
export function dateTheChoices(form: HTMLElement): void {
  for (const option of form.querySelectorAll<HTMLOptionElement>('[name=days] option')) {
    const days = Number(option.value);
    if (days > 0) option.textContent += `, ${say(new Date(Date.now() + days * 86_400_000), 'moment')}`;
  }
}

function partsOf({ name, mayDownload, until, hasPasscode }: Terms): Part[] {
  const loose = name === '' && !hasPasscode;
  const who: Part = name === '' ? { words: 'Anyone', loose } : { words: name };
  return [
    who, name === '' ? ' who has this link can ' : ' can ',
    mayDownload ? { words: 'watch and download', loose: true } : { words: 'watch, not download' },
    ', until ', until ? { words: `${say(until, 'moment')} (${zoneName('short', until)})`.replaceAll(' ', '\u00a0') } : { words: 'a date that you have yet to choose', loose: true },
    name === '' ? '. ' : ', with this link',
    ...(hasPasscode
      ? [name === '' ? 'They need a ' : ' and a ', { words: 'passcode' }, '.']
      : [name === '' ? '' : '. ', { words: 'No passcode.', loose: true }, loose ? ' We will not know who it was.' : '']),
  ];
}
