// The log in the reader's own days: the server knows only those of UTC.
import { dayWord, say } from '../parts/clock';
import { one } from '../parts/dom';

const timeline = document.querySelector('#timeline');
if (timeline) sortIntoDays(timeline);
const choices = document.querySelector<HTMLFormElement>('form[data-log-choices]');
if (choices) choose(choices);

/** Days are meant in the reader's zone. */
function choose(form: HTMLFormElement): void {
  one<HTMLInputElement>(form, '[name=zone]').value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  form.addEventListener('submit', () => {
    // An address says what was chosen and no more.
    for (const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input[name], select[name]')) field.disabled = field.value === '' || isIdle(field);
    addEventListener('pageshow', () => { for (const field of form.elements) if ('disabled' in field) field.disabled = false; }, { once: true });
  });

  function isIdle(field: HTMLInputElement | HTMLSelectElement): boolean {
    return ['from', 'to', 'zone'].includes(field.name) && one<HTMLSelectElement>(form, '[name=days]').value !== 'own';
  }
}

function sortIntoDays(timeline: Element): void {
  timeline.querySelectorAll('.day').forEach(heading => heading.remove());
  let last: HTMLElement | undefined;
  let day = '';
  for (const line of timeline.querySelectorAll<HTMLElement>('.event')) {
    const time = new Date(line.querySelector('time')?.dateTime ?? '');
    const words = dayWord(time);
    const own = words ? `${words}, ${new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' }).format(time)}` : say(time, 'longday');
    line.classList.toggle('first', own !== day);
    line.classList.remove('last');
    if (own !== day) {
      last?.classList.add('last');
      const heading = document.createElement('h2');
      heading.className = 'day';
      heading.textContent = own;
      line.before(heading);
      day = own;
    }
    last = line;
  }
  last?.classList.add('last');
}
