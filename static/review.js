// Checking: the primary button follows the reasons given, and the offer to undo goes with its time.
(function () {
  var form = document.querySelector('form[data-review]');
  var offer = document.querySelector('form[data-undo]');
  var UNDO = 10000;

  if (offer) setTimeout(function () { offer.remove(); }, UNDO);
  if (!form) return;
  var back = form.querySelector('[data-return]');
  var pass = form.querySelector('[data-approve]');
  if (!back || !pass) return;
  var word = back.querySelector('[data-return-word]');
  var plainWord = '退回';
  var on = form.querySelector('input[name="next"]').value ? '，看下一项' : '';

  function boxes() { return Array.prototype.slice.call(form.querySelectorAll('details[data-ret-of]')); }
  function given(box) {
    return box.querySelector('textarea').value.trim() !== '' || box.querySelector('input:checked') !== null;
  }
  function follow() {
    var open = boxes().filter(function (box) { return box.open; });
    var returning = open.length > 0;
    back.classList.toggle('btn-p', returning);
    back.classList.toggle('btn-2', !returning);
    pass.classList.toggle('btn-p', !returning);
    pass.classList.toggle('btn-2', returning);
    word.textContent = returning ? '退回 ' + open.length + ' 栏' + on : plainWord;
  }
  function openBox(box) {
    box.open = true;
    box.querySelector('textarea').focus();
  }
  form.addEventListener('toggle', follow, true);
  form.addEventListener('click', function (event) {
    var close = event.target.closest('[data-ret-close]');
    if (!close) return;
    var box = close.closest('details');
    var words = box.querySelector('textarea');
    words.value = '';
    words.dispatchEvent(new Event('input', { bubbles: true }));
    box.querySelectorAll('input:checked').forEach(function (one) { one.checked = false; });
    box.open = false;
    box.querySelector('summary').focus();
  });
  // R with nothing written yet leads to the first box; a box left empty asks for its reason.
  back.addEventListener('click', function (event) {
    var open = boxes().filter(function (box) { return box.open; });
    var blank = open.filter(function (box) { return !given(box); });
    if (open.length && !blank.length) return;
    event.preventDefault();
    openBox(blank[0] || boxes()[0]);
  });
  pass.addEventListener('click', function (event) {
    var written = boxes().filter(given);
    if (!written.length) return;
    // Reasons are written: passing now would throw them away unseen.
    event.preventDefault();
    openBox(written[0]);
  });
  // Words that the browser kept from a session that ended are shown, not hidden in a closed box.
  boxes().filter(given).forEach(function (box) { box.open = true; });
  follow();
})();
