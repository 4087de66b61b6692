// Sets the theme before anything is drawn: the person's choice, else the system's.
(function () {
  var root = document.documentElement;
  var chosen = null;
  root.className += ' js';
  try { chosen = localStorage.getItem('gy-theme'); } catch (blocked) { chosen = null; }
  var dark = window.matchMedia && window.matchMedia('(prefers-color-scheme: dark)').matches;
  root.setAttribute('data-bs-theme', chosen || (dark ? 'dark' : 'light'));
})();
