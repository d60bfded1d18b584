// The page of all links stays fresh and asks before a link is stopped; the page of one keeps its sentence true while its form changes.
import { one } from '../parts/dom';
import { keepFresh, refresh } from '../parts/live';
import { dateTheChoices, endOf, follow, Sentence, type Terms } from '../parts/sentence';
import { bindStops } from '../parts/stops';

keepFresh(id => { if (id === 'links') bindStops(stopped); });
bindStops(stopped);
const form = document.querySelector<HTMLFormElement>('form[data-edit]');
if (form) edit(form);

async function stopped(): Promise<void> {
  const list = await refresh('links');
  (list ?? one<HTMLElement>(document, '#links')).focus();
}

function edit(form: HTMLFormElement): void {
  const sentence = new Sentence();
  const promise = one<HTMLElement>(form, '[data-promise]');
  const until = one<HTMLInputElement>(form, '[name=until]');
  const given = until.getAttribute('value');
  // What was refused comes back with its zone; the field shows the reader's own.
  if (given?.endsWith('Z')) until.value = localText(new Date(given));
  dateTheChoices(form);
  say(false);
  let timer = 0;
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => say(true), 300);
  });
  form.addEventListener('submit', () => {
    const end = text('days') === 'custom' ? endOf('custom', text('until')) : undefined;
    one<HTMLInputElement>(form, '[name=at]').value = end?.toISOString() ?? '';
  });

  function text(name: string): string {
    return String(new FormData(form).get(name) ?? '').trim();
  }

  function say(flash: boolean): void {
    const days = text('days');
    const passcode = text('passcodeIs');
    const terms: Terms = {
      name: text('recipientName'),
      mayDownload: text('may') === 'download',
      until: days === 'keep' ? new Date(form.dataset['expires']!) : endOf(days, text('until')),
      hasPasscode: passcode === 'keep' ? form.dataset['passcode'] === 'yes' : passcode === 'new',
    };
    sentence.write(promise, terms, flash);
    follow(form, terms);
  }
}

/** As a field of date and time writes it. */
function localText(time: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}T${two(time.getHours())}:${two(time.getMinutes())}`;
}
