import { locale } from './dom';

type Form = 'moment' | 'letter' | 'near' | 'inside' | 'day' | 'longday' | 'clock';

const forms: Record<Exclude<Form, 'near' | 'inside'>, Intl.DateTimeFormatOptions> = {
  moment: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  letter: { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' },
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  longday: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  clock: { hour: '2-digit', minute: '2-digit' },
};

/** A time in the reader's zone, in one of the forms of TimeForm.cs. */
export function say(time: Date, form: Form, now = new Date()): string {
  if (form === 'near') return near(time, now);
  if (form === 'inside') return near(time, now).replace(/^\p{Lu}/u, letter => letter.toLocaleLowerCase(locale));
  const options = form === 'moment' && time.getFullYear() !== now.getFullYear() ? { ...forms.moment, year: 'numeric' as const } : forms[form];
  const text = new Intl.DateTimeFormat(locale, options).format(time);
  // Browsers differ in a comma after a short weekday: "Fri 4 Dec" is ours.
  if (form === 'letter' || form === 'longday') return text.replace(/(\d\.?) (?=\p{L})/u, '$1\u00a0');
  return form === 'moment' && locale === 'en-GB' ? text.replace(/^(\p{L}+),/u, '$1') : text;
}

export function daysBetween(earlier: Date, later: Date): number {
  const midnight = (day: Date) => Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
  return Math.round((midnight(later) - midnight(earlier)) / 86_400_000);
}

export function dayWord(time: Date, now = new Date()): string | undefined {
  const days = daysBetween(now, time);
  if (days !== 0 && days !== -1) return undefined;
  const word = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
  return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);
}

function near(time: Date, now: Date): string {
  const day = dayWord(time, now) ?? new Intl.DateTimeFormat(locale, {
    day: 'numeric', month: 'short', ...(time.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const }),
  }).format(time);
  return `${day}, ${say(time, 'clock')}`;
}

export function zoneName(style: 'long' | 'short' = 'long', at = new Date()): string {
  const part = new Intl.DateTimeFormat(locale, { timeZoneName: style }).formatToParts(at).find(piece => piece.type === 'timeZoneName');
  return part?.value ?? 'UTC';
}

/** Rewrites what the server wrote in UTC. Runs again over parts that come later. */
export function localise(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLTimeElement>('time[datetime][data-form]')) {
    const time = new Date(element.dateTime);
    if (Number.isNaN(time.getTime())) continue;
    element.textContent = say(time, element.dataset['form'] as Form);
    element.title = `${say(time, 'longday')}, ${say(time, 'clock')}, ${zoneName('long', time)}`;
  }
  for (const element of root.querySelectorAll<HTMLElement>('[data-zone]')) {
    element.textContent = (element.dataset['zone'] ?? '{zone}').replace('{zone}', zoneName());
  }
}
