// The log in the reader's own days: the server knows only those of UTC.
import { dayWord, say } from '../parts/clock';

const timeline = document.querySelector('#timeline');
if (timeline) sortIntoDays(timeline);

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
