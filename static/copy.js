// Buttons that copy the text of a field, [data-copy="id"]; the field itself can be read and
// selected without scripts. Where the browser refuses the clipboard, the text is selected.
(function () {
  document.addEventListener('click', function (event) {
    var button = event.target.closest('[data-copy]');
    if (!button) return;
    var area = document.getElementById(button.getAttribute('data-copy'));
    function say(done) {
      button.querySelector('[data-copy-said]').textContent = done ? '已复制' : '已选中，请按 Ctrl+C';
    }
    function select() {
      area.focus();
      area.select();
      var done = false;
      try { done = document.execCommand('copy'); } catch (error) { done = false; }
      say(done);
    }
    if (!navigator.clipboard) return select();
    navigator.clipboard.writeText(area.value).then(function () { say(true); }, select);
  });
})();
