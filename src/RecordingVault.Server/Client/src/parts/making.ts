import { one } from './dom';

/** How far the making of a recording is, as the server tells it. When it is over the page says so and stays as it is: a reload would take a person's way out of his hands. */
export function followMaking(part: HTMLElement): void {
  const source = new EventSource(part.dataset['making']!);
  source.addEventListener('processing', event => {
    const told = JSON.parse((event as MessageEvent<string>).data) as { state: string; percent: number; minutesLeft: number | null };
    const bar = one<HTMLProgressElement>(part, 'progress');
    bar.value = told.percent;
    bar.textContent = `${told.percent} %`;
    const words = one<HTMLElement>(part, '[data-ready]');
    if (told.state === 'running' || told.state === 'waiting') {
      const goesOn = (told.state === 'running' ? words.dataset['running'] : words.dataset['waiting']) ?? '';
      const left = told.minutesLeft === null ? '' : (told.minutesLeft === 1 ? words.dataset['leftOne'] : words.dataset['left']?.replace('{n}', String(told.minutesLeft))) ?? '';
      const now = `${goesOn} ${left}`.trim();
      // It is read out whenever it changes.
      if (words.textContent !== now) words.textContent = now;
      return;
    }
    source.close();
    bar.hidden = true;
    words.textContent = (told.state === 'done' ? words.dataset['ready'] : words.dataset['failed']) ?? '';
  });
}
