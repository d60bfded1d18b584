// A list of people from a file: its text is put into the form's field, where it can be looked at and is sent like any other.
import { one } from '../parts/dom';

const MOST_BYTES = 48 * 1024;

const part = document.querySelector<HTMLElement>('[data-list-file]');
const form = part?.closest('form');
if (part && form) {
  const file = one<HTMLInputElement>(part, 'input[type=file]');
  const text = one<HTMLTextAreaElement>(form, 'textarea[name=text]');
  const kind = one<HTMLSelectElement>(form, 'select[name=kind]');
  const tooLarge = one<HTMLElement>(part, '[data-too-large]');
  const unread = one<HTMLElement>(part, '[data-unread]');
  part.hidden = false;
  file.addEventListener('change', () => {
    void read(file.files?.[0]);
  });

  async function read(chosen: File | undefined): Promise<void> {
    tooLarge.hidden = unread.hidden = true;
    if (!chosen) return;
    if (chosen.size > MOST_BYTES) {
      tooLarge.hidden = false;
      return;
    }
    try {
      text.value = new TextDecoder('utf-8', { fatal: true }).decode(await chosen.arrayBuffer());
    } catch {
      unread.hidden = false;
      return;
    }
    if (chosen.name.toLowerCase().endsWith('.xml')) kind.value = 'bigbluebutton-events';
    else if (/(^|\n)Name \(Original Name\)/.test(text.value)) kind.value = 'zoom-report';
    else if (chosen.name.toLowerCase().endsWith('.csv')) kind.value = 'csv';
  }
}
