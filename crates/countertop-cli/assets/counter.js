'use strict';
// The side panel of the virtual counter: the hands of the customer.
const act = (name, more = {}) => post('/api/counter', { act: name, ...more });

for (const key of document.querySelectorAll('[data-act]')) {
  key.addEventListener('click', () => act(key.dataset.act));
}

let pin = '';
function pinKey(key) {
  if (key === '✗') { pin = ''; act('pin-cancel'); }
  else if (key === '✓') { act('pin', { digits: pin }); pin = ''; }
  else if (pin.length < 12) pin += key;
  $('pin-display').textContent = '•'.repeat(pin.length) || '\u00a0';
}
for (const key of ['1', '2', '3', '4', '5', '6', '7', '8', '9', '✗', '0', '✓']) {
  const it = button(key, () => pinKey(key));
  it.dataset.pin = key;
  $('pin-keys').append(it);
}

const pad = $('signature');
const ink = pad.getContext('2d');
ink.lineWidth = 2;
let strokes = [];
let drawing = false;
function point(event) {
  const box = pad.getBoundingClientRect();
  return [Math.round((event.clientX - box.left) * pad.width / box.width),
    Math.round((event.clientY - box.top) * pad.height / box.height)];
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
$('sign').addEventListener('click', () => { act('sign', { strokes }); clearPad(); });
$('sign-clear').addEventListener('click', clearPad);
$('sign-cancel').addEventListener('click', () => { act('sign-cancel'); clearPad(); });
