// Forms with rows to tick, [data-selection]: the button says how many are ticked, and whoever
// changes what stands beside a box means that row. Without scripts the button says no number.
(function () {
  document.querySelectorAll('form[data-selection]').forEach(function (form) {
    var count = form.querySelector('[data-selection-count]');
    function tell() {
      var ticked = form.querySelectorAll('[data-row] input[type=checkbox]:checked').length;
      count.hidden = ticked === 0;
      count.textContent = ' ' + ticked + ' 项';
    }
    form.addEventListener('change', function (event) {
      var row = event.target.closest('[data-row]');
      if (row && event.target.tagName === 'SELECT') row.querySelector('input[type=checkbox]').checked = true;
      tell();
    });
    tell();
  });
})();
