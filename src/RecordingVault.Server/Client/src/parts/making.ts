import { one } from './dom';

/** How far the making of a recording is, as the server tells it. When it is over the page says so and stays as it is: a reload would take a person's way out of his hands. */
export function followMaking(part: HTMLElement): void {
  const source = new EventSource(part.dataset['making']!);
  source.addEventListener('processing', event => {
    const told = JSON.parse((event as MessageEvent<string>).data) as { state: string; percent: number };
    const bar = one<HTMLProgressElement>(part, 'progress');
    bar.value = told.percent;
    bar.textContent = `${told.percent} %`;
    if (told.state === 'running' || told.state === 'waiting') return;
    source.close();
    bar.hidden = true;
    const words = one<HTMLElement>(part, '[data-ready]');
    words.textContent = (told.state === 'done' ? words.dataset['ready'] : words.dataset['failed']) ?? '';
  });
}
