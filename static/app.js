// What every page has: theme, menus, dialogs, keys, focus, and a line that says what went wrong.
// Offers window.gy = {icon, say, openDialog, closeDialog}; session.js and autosave.js add to it.
(function () {
  var root = document.documentElement;
  var gy = window.gy = window.gy || {};

  function all(selector, from) {
    return Array.prototype.slice.call((from || document).querySelectorAll(selector));
  }

  // Returns an icon of the sprite that the page already uses.
  gy.icon = function (name) {
    var svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    var use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    var known = document.querySelector('svg.i use');
    svg.setAttribute('class', 'i');
    svg.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', (known ? known.getAttribute('href').split('#')[0] : '') + '#' + name);
    svg.appendChild(use);
    return svg;
  };

  // Shows a sentence until it is dismissed: an error must not vanish before it is read.
  gy.say = function (text) {
    var box = document.querySelector('.toast');
    if (!box) {
      box = document.createElement('div');
      box.className = 'toast';
      box.setAttribute('role', 'alert');
      var close = document.createElement('button');
      close.type = 'button';
      close.textContent = '知道了';
      close.addEventListener('click', function () { box.remove(); });
      box.appendChild(document.createElement('span'));
      box.appendChild(close);
      document.body.appendChild(box);
    }
    box.firstChild.textContent = text;
  };
  gy.unsay = function () {
    var box = document.querySelector('.toast');
    if (box) box.remove();
  };

  // --- Theme -------------------------------------------------------------------------------
  function setTheme(theme, chosen) {
    root.setAttribute('data-bs-theme', theme);
    if (chosen) { try { localStorage.setItem('gy-theme', theme); } catch (blocked) { /* stays for this page */ } }
    document.dispatchEvent(new CustomEvent('gy:theme'));
  }
  all('[data-theme-toggle]').forEach(function (button) {
    button.hidden = false;
    button.addEventListener('click', function () {
      setTheme(root.getAttribute('data-bs-theme') === 'dark' ? 'light' : 'dark', true);
    });
  });
  var system = window.matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', function () {
    var chosen = null;
    try { chosen = localStorage.getItem('gy-theme'); } catch (blocked) { chosen = null; }
    if (!chosen) setTheme(system.matches ? 'dark' : 'light', false);
  });

  // --- Menus and dialogs ---------------------------------------------------------------------
  function closeMenus(except) {
    all('details[data-menu][open]').forEach(function (menu) {
      if (menu !== except) menu.open = false;
    });
  }
  document.addEventListener('click', function (event) {
    closeMenus(event.target.closest('details[data-menu]'));
    var opener = event.target.closest('[data-open-dialog]');
    if (opener) {
      closeMenus();
      gy.openDialog(document.getElementById(opener.getAttribute('data-open-dialog')));
    }
    var closer = event.target.closest('[data-close-dialog]');
    if (closer) gy.closeDialog(closer.closest('dialog'));
    if (event.target.closest('[data-print]')) window.print();
  });
  gy.openDialog = function (dialog) {
    if (!dialog || dialog.open) return;
    if (dialog.showModal) dialog.showModal(); else dialog.setAttribute('open', '');
  };
  gy.closeDialog = function (dialog) {
    if (!dialog || !dialog.open) return;
    if (dialog.close) dialog.close(); else dialog.removeAttribute('open');
  };

  // --- Keys ----------------------------------------------------------------------------------
  function seen(element) { return element.getClientRects().length > 0; }
  function typing(target) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
  }
  function press(selector) {
    var found = all(selector).filter(seen)[0];
    if (found) found.click();
    return Boolean(found);
  }
  function move(by) {
    var items = all('[data-key-item], .q-item, .ms').filter(seen);
    var at = items.indexOf(document.activeElement);
    if (at < 0) at = items.findIndex(function (item) { return item.hasAttribute('aria-current'); });
    var next = items[at + by];
    if (next) next.focus();
    return Boolean(next);
  }
  var afterG = 0;
  var KEYS = {
    '/': function () {
      var field = all('[data-search-input]').filter(seen)[0];
      if (field) { field.focus(); return true; }
      return press('a[data-search]');
    },
    '?': function () { gy.openDialog(document.getElementById('keys-dialog')); return true; },
    j: function () { return move(1); },
    k: function () { return move(-1); },
    a: function () { return press('[data-key="a"]'); },
    r: function () { return press('[data-key="r"]'); },
    s: function () { return press('[data-key="s"]'); },
    g: function () { afterG = Date.now(); return true; },
    d: function () { return Date.now() - afterG < 1500 && press('nav a[href$="/dashboard/"]'); }
  };
  document.addEventListener('keydown', function (event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') {
      all('details[data-menu][open]').forEach(function (menu) {
        menu.open = false;
        menu.querySelector('summary').focus();
      });
      return;
    }
    var dialog = document.querySelector('dialog[open]');
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      var primary = all('.btn-p, .btn-strong', dialog || document.getElementById('main')).filter(seen)[0];
      if (primary) { event.preventDefault(); primary.click(); }
      return;
    }
    if (dialog || typing(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Enter' && event.target.matches('.ms, [data-key-item]:not(a)')) {
      var link = event.target.querySelector('a[data-open]');
      if (link) link.click(); else event.target.click();
      return;
    }
    if (document.body.getAttribute('data-single-keys') === 'off') return;
    var act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act && act()) event.preventDefault();
  });

  // --- Focus ---------------------------------------------------------------------------------
  // An error summary takes the focus when the page or the swapped part arrives; so does
  // whatever a swapped part marks with data-focus, such as the heading of the next item.
  function focusIn(part) {
    var target = part.matches && part.matches('[data-focus]') ? part : part.querySelector('[data-focus]');
    if (!target) return;
    if (!target.hasAttribute('tabindex')) target.setAttribute('tabindex', '-1');
    target.focus();
  }
  focusIn(document.body);
  document.addEventListener('htmx:afterSettle', function (event) { focusIn(event.detail.elt); });
})();
