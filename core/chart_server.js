// Draws an ECharts option as an SVG text without style attributes or style elements, which the
// content security policy forbids. Runs in a bare engine: no document, no canvas.
var gyServer = (function () {
  var FONT = /^(?:(italic|oblique|normal)\s+)?(?:(bold|normal|\d+)\s+)?(\d+(?:\.\d+)?)px\s+(.+)$/;

  function escaped(text) {
    return String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;');
  }

  function unstyled(style) {
    var out = {};
    var short = /^font:\s*(.*)$/.exec(style);
    var parts = short && FONT.exec(short[1]);
    if (parts) {
      out['font-size'] = parts[3];
      if (parts[2] && parts[2] !== 'normal') out['font-weight'] = parts[2];
      return out;
    }
    style.split(';').forEach(function (piece) {
      var at = piece.indexOf(':');
      var name = piece.slice(0, at).trim();
      var value = piece.slice(at + 1).trim();
      if (name === 'font-size') out[name] = value.replace('px', '');
      else if (name === 'font-weight' || name === 'font-style') out[name] = value;
    });
    return out;
  }

  function attributes(node, ids, how) {
    var out = {};
    Object.keys(node.attrs).forEach(function (name) {
      var value = node.attrs[name];
      if (value === false || value == null || name === 'class' || name.indexOf('ecmeta') === 0) return;
      if (name === 'style') {
        var more = unstyled(value);
        Object.keys(more).forEach(function (key) { out[key] = more[key]; });
      } else if (name === 'id') out.id = ids(value);
      else if (typeof value === 'string') {
        out[name] = value.replace(/url\(#([^)]+)\)/g, function (all, id) { return 'url(#' + ids(id) + ')'; });
      } else out[name] = value;
    });
    if (node.tag === 'text') {
      // Renderers of documents do not all know dominant-baseline; a shift of the line does it.
      if (how.font) {
        delete out['dominant-baseline'];
        out.dy = '0.36em';
        out['font-family'] = how.font;
      }
    }
    return out;
  }

  function text(node, ids, how) {
    if (node.tag === 'style') return '';
    var attrs = attributes(node, ids, how);
    var head = Object.keys(attrs).map(function (name) {
      return ' ' + name + '="' + escaped(attrs[name]) + '"';
    }).join('');
    var inner = (node.children || []).map(function (one) { return text(one, ids, how); }).join('');
    return '<' + node.tag + head + '>' + (node.text ? escaped(node.text) : '') + inner
      + '</' + node.tag + '>';
  }

  // request: {option, width, height, colours: name → colour, prefix, font, label}
  function draw(request) {
    var option = gyChartParts.revive(request.option, function (name) {
      if (!request.colours[name]) throw new Error('unknown colour ' + name);
      return request.colours[name];
    });
    var chart = echarts.init(null, null, {
      renderer: 'svg', ssr: true, width: request.width, height: request.height
    });
    try {
      chart.setOption(option);
      var root = chart.getZr().painter.renderToVNode({ animation: false, compress: true, useViewBox: true });
      var seen = {};
      var count = 0;
      var ids = function (id) {
        if (!seen[id]) { seen[id] = request.prefix + '-' + count; count += 1; }
        return seen[id];
      };
      root.attrs = { xmlns: 'http://www.w3.org/2000/svg', width: request.font ? request.width : '100%',
        height: request.height, viewBox: '0 0 ' + request.width + ' ' + request.height,
        role: 'img', 'aria-label': request.label };
      return text(root, ids, { font: request.font });
    } finally {
      chart.dispose();
    }
  }

  return { draw: draw };
})();
