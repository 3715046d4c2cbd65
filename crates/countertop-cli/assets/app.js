'use strict';
// Sends what the cashier does, and listens to what the terminal says.
let digits = '';

/** Sends; returns nothing when it was taken, else what to tell. */
async function send(path, body) {
  const answer = await fetch(path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  }).catch(() => null);
  if (!answer) return t('lost');
  if (answer.ok) return '';
  return path === '/api/counter' ? answer.text() : answer.status === 409 ? t('busy') : answer.text();
}
const post = async (path, body) => showError(await send(path, body));
const command = (name, more = {}) => post('/api/command', { command: name, ...more });
const reply = (name, more = {}) => post('/api/answer', { answer: name, ...more });

function showError(text) {
  $('error').textContent = text;
  $('error').hidden = !text;
}

function drawAmount() {
  $('amount').textContent = `${view ? view.currency : ''} ${decimal(digits)}`;
}

function press(key) {
  if (key === 'clear') digits = '';
  else if (key === 'back') digits = digits.slice(0, -1);
  else if (digits.length < 10) digits = (digits + key).replace(/^0+/, '');
  showError('');
  drawAmount();
}

/** Keys of a pad: the mouse leaves the focus where it is, and Tab passes them by. */
function padKey(text, act, name) {
  const key = button(text, act);
  key.tabIndex = -1;
  key.setAttribute('aria-label', name || text);
  key.addEventListener('mousedown', (event) => event.preventDefault());
  return key;
}

function submit(id, act) {
  $(id).addEventListener('submit', (event) => {
    event.preventDefault();
    const data = Object.fromEntries(new FormData(event.target));
    event.target.reset();
    act(data);
  });
}

function sell() {
  if (!digits) return showError(t('keyAmount'));
  command('sale', { amount: decimal(digits) });
  press('clear');
}

/** Asks for the supervisor's password, then voids. */
function askSupervisor(sale) {
  const dialog = $('supervisor');
  $('void-what').textContent = `${sale.stan} · ${sale.amount}`;
  $('supervisor-password').value = '';
  dialog.returnValue = '';
  dialog.onclose = () => {
    const password = $('supervisor-password').value;
    $('supervisor-password').value = '';
    if (dialog.returnValue === 'void') command('void', { stan: sale.stan, password });
  };
  dialog.showModal();
}

function escape() {
  showError('');
  if (view.question || !$('cancel').hidden) reply('cancel');
  else press('clear');
}

function keyDown(event) {
  if (!view || event.target.tagName === 'INPUT' || $('supervisor').open) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === 'Escape') return escape();
  if ($('sale').hidden) return;
  if (/^[0-9]$/.test(event.key)) press(event.key);
  else if (event.key === 'Backspace') press('back');
  else if (event.key === 'Enter' && event.target.tagName !== 'BUTTON') $('sale').requestSubmit();
}

submit('sign-in', (data) => command('sign-in', data));
submit('change-password', (data) => command('change-password', data));
submit('sale', sell);
$('supervisor-cancel').addEventListener('click', () => $('supervisor').close());
$('cancel').addEventListener('click', () => reply('cancel'));
$('error').addEventListener('click', () => showError(''));
$('language').addEventListener('click', () => {
  language = other();
  localStorage.setItem('language', language);
  draw();
});
for (const key of document.querySelectorAll('[data-command]')) {
  key.addEventListener('click', () => command(key.dataset.command));
}
for (const key of ['7', '8', '9', '4', '5', '6', '1', '2', '3']) $('keys').append(padKey(key, () => press(key)));
$('keys').append(padKey('C', () => press('clear'), 'Clear'), padKey('0', () => press('0')),
  padKey('⌫', () => press('back'), 'Backspace'));
document.addEventListener('keydown', keyDown);

const events = new EventSource('/api/events');
events.onmessage = (event) => { view = JSON.parse(event.data); draw(); };
events.onerror = () => { document.body.classList.add('lost'); showError(t('lost')); };
events.onopen = () => {
  // A terminal that was started again counts its slips from 1.
  delete drawn.slips;
  document.body.classList.remove('lost');
  showError('');
};
draw();
