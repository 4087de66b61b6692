// Checking a draft: the document and what was read from it follow each other without a reload.
// A click on text opens its item on the other side, a click on a row shows where it stands.
(function () {
  var panel = document.querySelector('[data-draft-panel]');
  var text = document.querySelector('[data-draft-text]');
  var gy = window.gy;
  var WIDE = window.matchMedia('(min-width:901px)');
  var TEXT = { offline: '连不上服务器，请稍后再试。' };
  var asked = 0;
  if (!panel || !text) return;

  function all(selector, from) { return Array.prototype.slice.call(from.querySelectorAll(selector)); }

  // --- Which words belong to what is open -------------------------------------------------------
  function place(element) {
    return element && element.hasAttribute('data-from')
      ? [Number(element.getAttribute('data-from')), Number(element.getAttribute('data-to'))] : null;
  }
  function light(span, move) {
    var first = null;
    all('.dr-run', text).forEach(function (run) {
      var own = place(run);
      var here = Boolean(span && own[0] >= span[0] && own[1] <= span[1]);
      run.classList.toggle('dr-here', here);
      if (here && !first) first = run;
    });
    if (first && move) reveal(text, first);
  }
  // The open unit, or every place where the open name stands.
  function lightUnits(move) {
    var open = panel.querySelector('[data-unit], [data-name]');
    var pk = open && open.getAttribute('data-unit');
    var name = open && open.getAttribute('data-name');
    var first = null;
    all('.unit', text).forEach(function (unit) {
      var on = Boolean(open) && (unit.getAttribute('data-item') === pk || unit.textContent === name);
      unit.classList.toggle('dr-on', on);
      if (on && !first) first = unit;
    });
    if (first && move) reveal(text, first);
  }
  // Scrolls one column only, and only where the element is out of sight.
  function reveal(column, element) {
    if (!WIDE.matches) return;
    var box = column.getBoundingClientRect();
    var own = element.getBoundingClientRect();
    if (own.top >= box.top + 56 && own.bottom <= Math.min(box.bottom, window.innerHeight)) return;
    column.scrollTop += own.top - box.top - Math.min(120, box.height / 4);
  }
  function current() { return panel.querySelector('.dr-link[aria-current]'); }

  // --- Opening an item ----------------------------------------------------------------------------
  function swap(html, url, quiet) {
    var page = new DOMParser().parseFromString(html, 'text/html');
    var fresh = page.querySelector('[data-draft-panel]');
    if (!fresh) { location.assign(url); return; }
    panel.innerHTML = fresh.innerHTML;
    ['.dr-say', '.messages'].forEach(function (name) {
      var from = page.querySelector(name);
      var to = document.querySelector(name);
      if (from && to) to.innerHTML = from.innerHTML;
    });
    history.replaceState(null, '', url);
    var row = current();
    if (row) {
      reveal(panel, row);
      light(place(row), !quiet);
    }
    lightUnits(!quiet);
    var heading = panel.querySelector('[data-focus]');
    if (heading) heading.focus({ preventScroll: WIDE.matches });
    clean();
  }
  function open(url, quiet) {
    var turn = ++asked;
    panel.classList.add('dr-wait');
    return leave().then(function (free) {
      if (!free) return null;
      return gy.fetch(url, { headers: { Accept: 'text/html' } }).then(function (answer) {
        return answer.text().then(function (html) {
          if (turn === asked) swap(html, url, quiet);
        });
      });
    }).catch(function () { gy.say(TEXT.offline); }).then(function () { panel.classList.remove('dr-wait'); });
  }

  // --- What was typed is saved before another item opens --------------------------------------------
  var before = '';
  function form() { return panel.querySelector('form[data-draft-form]'); }
  function words(one) { return new URLSearchParams(new FormData(one)).toString(); }
  function clean() { before = form() ? words(form()) : ''; }
  function leave() {
    var one = form();
    if (!typed()) return Promise.resolve(true);
    return gy.fetch(one.action, { method: 'POST', body: new URLSearchParams(new FormData(one)), headers: { Accept: 'text/html' } })
      .then(function (answer) {
        if (answer.ok) { clean(); return true; }
        return answer.text().then(function (html) { swap(html, location.href, true); return false; });
      });
  }

  function typed() { return Boolean(form()) && words(form()) !== before; }
  // Any other deed on the page saves first what was typed; only then it goes on its way.
  var sent = false;
  document.addEventListener('submit', function (event) {
    var other = event.target;
    var submitter = event.submitter;
    if (other === form() || !typed() || other.method !== 'post' || other.closest('dialog')) { sent = true; return; }
    event.preventDefault();
    leave().then(function (free) {
      if (free && other.isConnected) other.requestSubmit(submitter || undefined);
    }, function () { gy.say(TEXT.offline); });
  });
  window.addEventListener('beforeunload', function (event) {
    if (!sent && typed()) event.preventDefault();
  });

  function ours(link) {
    return link && link.origin === location.origin && link.pathname === panelPath && link.search;
  }
  var panelPath = (panel.querySelector('.dr-tabs a') || location).pathname;

  document.addEventListener('click', function (event) {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    var link = event.target.closest('a');
    if (!link || !(panel.contains(link) || text.contains(link))) return;
    var span = place(link);
    if (link.getAttribute('href').charAt(0) === '#') {  // to a paragraph of the text
      if (span) light(span, true);
      return;
    }
    if (!ours(link) || !WIDE.matches) return;
    event.preventDefault();
    var unit = event.target.closest('.unit[data-item]');
    var url = unit ? panelPath + '?item=' + unit.getAttribute('data-item') + '#form' : link.href;
    if (span) light(span, panel.contains(link));
    open(url, text.contains(link));
  });

  // --- Ctrl+Enter saves the open form; elsewhere it stays the page's primary button ------------------
  document.addEventListener('keydown', function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.key !== 'Enter' || event.isComposing) return;
    var one = event.target.closest('form[data-draft-form]');
    if (!one) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    one.querySelector('.dr-save').click();
  }, true);

  clean();
  if (current()) light(place(current()), true);
  lightUnits(true);
})();
