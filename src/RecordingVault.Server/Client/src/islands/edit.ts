// A form with one time in it: it is shown in the reader's own zone, which is sent along.
const form = document.querySelector<HTMLFormElement>('form[data-zoned-time]');
const field = form?.querySelector('input[type=datetime-local]');
const zone = form?.elements.namedItem('zone');
if (field instanceof HTMLInputElement && zone instanceof HTMLInputElement) {
  // What was written by hand and sent back is in this zone already.
  if (!field.dataset['asWritten']) {
    const time = new Date(`${field.value}Z`);
    const two = (number: number) => String(number).padStart(2, '0');
    if (!Number.isNaN(time.getTime())) field.value = `${String(time.getFullYear()).padStart(4, '0')}-${two(time.getMonth() + 1)}-${two(time.getDate())}T${two(time.getHours())}:${two(time.getMinutes())}`;
  }
  zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
}
