'use strict';
// The side panel of the virtual counter: the hands of the customer.

/** Does something and tells below the heading whether it worked. */
async function act(name, label, more = {}) {
  const trouble = await send('/api/counter', { act: name, ...more });
  $('counter-said').textContent = trouble || `✓ ${label}`;
  $('counter-said').className = trouble ? 'bad' : 'good';
  return !trouble;
}

/** A card that was tapped is taken away once it has been read, as people do. */
let tapped = false;
events.addEventListener('message', () => {
  const reading = ['present-card', 'reading-card', 'card-left'];
  if (!tapped || !view.prompt || reading.includes(view.prompt.prompt)) return;
  tapped = false;
  send('/api/counter', { act: 'remove' });
});

for (const key of document.querySelectorAll('[data-act]')) {
  // The mouse leaves the focus at the cashier's step.
  key.addEventListener('mousedown', (event) => event.preventDefault());
  key.addEventListener('click', async () => {
    const taps = key.dataset.act === 'tap' && view.prompt && view.prompt.prompt === 'present-card';
    tapped = await act(key.dataset.act, key.textContent) && taps;
  });
}

let pin = '';
function pinKey(key) {
  if (key === '✗') { pin = ''; act('pin-cancel', t('pinPad')); }
  else if (key === '✓') { act('pin', t('pinPad'), { digits: pin }); pin = ''; }
  else if (key === '⌫') pin = pin.slice(0, -1);
  else if (pin.length < 12) pin += key;
  $('pin-display').textContent = '•'.repeat(pin.length) || '\u00a0';
}
for (const key of ['1', '2', '3', '4', '5', '6', '7', '8', '9', '✗', '0', '✓']) {
  const it = padKey(key, () => pinKey(key));
  it.dataset.pin = key;
  $('pin-keys').append(it);
}
$('pin-pad').addEventListener('keydown', (event) => {
  const key = { Enter: '✓', Escape: '✗', Backspace: '⌫' }[event.key] || event.key;
  if (!/^[0-9✓✗⌫]$/.test(key)) return;
  event.preventDefault();
  event.stopPropagation();
  pinKey(key);
});

const pad = $('signature');
const ink = pad.getContext('2d');
ink.lineWidth = 2;
let strokes = [];
let drawing = false;
function point(event) {
  const box = pad.getBoundingClientRect();
  const within = (value, size) => Math.max(0, Math.min(size - 1, Math.round(value)));
  return [within((event.clientX - box.left) * pad.width / box.width, pad.width),
    within((event.clientY - box.top) * pad.height / box.height, pad.height)];
}
pad.addEventListener('pointerdown', (event) => {
  drawing = true;
  pad.setPointerCapture(event.pointerId);
  strokes.push([point(event)]);
});
pad.addEventListener('pointermove', (event) => {
  if (!drawing) return;
  const stroke = strokes[strokes.length - 1];
  const [from, to] = [stroke[stroke.length - 1], point(event)];
  stroke.push(to);
  ink.beginPath();
  ink.moveTo(...from);
  ink.lineTo(...to);
  ink.stroke();
});
pad.addEventListener('pointerup', () => { drawing = false; });
function clearPad() {
  strokes = [];
  ink.clearRect(0, 0, pad.width, pad.height);
}
$('sign').addEventListener('click', async () => {
  if (await act('sign', t('signaturePad'), { strokes })) clearPad();
});
$('sign-clear').addEventListener('click', clearPad);
$('sign-cancel').addEventListener('click', () => { act('sign-cancel', t('signaturePad')); clearPad(); });
