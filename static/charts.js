// Takes over the charts that the server drew: adds tips, fits the width, follows the theme.
// The server's drawing stays in the page, unseen, for paper; without scripts it is the chart.
(function () {
  var live = [];

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  }
  function draw(one) {
    var option = gyChartParts.revive(one.option, colour);
    option.textStyle = Object.assign({ fontFamily: getComputedStyle(document.body).fontFamily }, option.textStyle);
    one.chart.setOption(option, true);
  }
  function take(box) {
    var drawn = box.querySelector('svg');
    var data = document.getElementById('chart-' + box.getAttribute('data-chart'));
    if (!drawn || !data || box.hasAttribute('data-live')) return;
    var place = document.createElement('div');
    place.className = 'chart-live';
    place.style.height = drawn.getBoundingClientRect().height + 'px';
    box.appendChild(place);
    try {
      var one = { box: box, option: JSON.parse(data.textContent), chart: echarts.init(place, null, { renderer: 'svg' }) };
      draw(one);
      place.setAttribute('role', 'img');
      place.setAttribute('aria-label', drawn.getAttribute('aria-label'));
      box.setAttribute('data-live', '');
      live.push(one);
      if (window.ResizeObserver) new ResizeObserver(function () {
        // On paper the place has no width: nothing is laid out anew.
        if (place.clientWidth && place.clientWidth !== one.chart.getWidth()) one.chart.resize();
      }).observe(place);
    } catch (error) {
      place.remove();
      throw error;
    }
  }
  function scan() {
    live = live.filter(function (one) {
      var here = document.body.contains(one.box);
      if (!here) one.chart.dispose();
      return here;
    });
    Array.prototype.forEach.call(document.querySelectorAll('[data-chart]'), take);
  }
  scan();
  document.addEventListener('htmx:afterSettle', scan);
  document.addEventListener('gy:theme', function () { live.forEach(draw); });
})();
