// What a chart's description in JSON cannot hold, for the page and for the server alike:
// colours by name («$b-fill»), the shape of an interval, tips that come with the data («@tip»).
var gyChartParts = (function () {
  function errorBar(params, api) {
    var x = api.coord([api.value(0), 0])[0];
    var low = api.coord([0, api.value(1)])[1];
    var high = api.coord([0, api.value(2)])[1];
    var style = { stroke: api.visual('color'), lineWidth: api.value(3) || 2, fill: 'none' };
    function line(x1, y1, x2, y2) {
      return { type: 'line', silent: true, shape: { x1: x1, y1: y1, x2: x2, y2: y2 }, style: style };
    }
    return { type: 'group', children: [
      line(x, low, x, high), line(x - 5, low, x + 5, low), line(x - 5, high, x + 5, high)
    ] };
  }

  function tip(params) {
    var all = Array.isArray(params) ? params : [params];
    return all.map(function (one) { return one.data && one.data.tip; })
      .filter(function (text, at, list) { return text && list.indexOf(text) === at; }).join('\n');
  }

  // «@fixed:1:%»: one decimal on every label of an axis, and its unit.
  function fixed(parts) {
    return function (value) { return Number(value).toFixed(Number(parts[1])).replace('-', '−') + parts[2]; };
  }

  var NAMED = { '@error-bar': errorBar, '@tip': tip };

  // Returns a copy of `option` with names replaced; `colour` maps «b-fill» to a colour.
  function revive(option, colour) {
    if (Array.isArray(option)) return option.map(function (one) { return revive(one, colour); });
    if (option && typeof option === 'object') {
      var copy = {};
      Object.keys(option).forEach(function (key) { copy[key] = revive(option[key], colour); });
      return copy;
    }
    if (typeof option === 'string') {
      if (NAMED[option]) return NAMED[option];
      if (option.indexOf('@fixed:') === 0) return fixed(option.split(':'));
      if (/^\$[a-z][a-z0-9-]*$/.test(option)) return colour(option.slice(1));
    }
    return option;
  }

  return { revive: revive };
})();
