"use strict";
(function () {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const plots = Array.from(document.querySelectorAll("[data-figure]"));
  const settings = { responsive: true, displaylogo: false, displayModeBar: false, locale: "en" };
  function draw(plot) {
    const figure = figures[Number(plot.dataset.figure)];
    Plotly.newPlot(plot, figure.data, figure.layout, settings);
  }
  plots.forEach(draw);
  // drawn from nothing, as it stands: a Sankey that is only resized fades its links in, too late for a printer
  function fit(width) {
    plots.forEach(function (plot) {
      const data = plot.data, layout = Object.assign({}, plot.layout);
      delete layout.width;
      Object.assign(layout, width ? { width: width, autosize: false } : { autosize: true });
      Plotly.purge(plot);
      Plotly.newPlot(plot, data, layout, settings);
    });
  }
  window.addEventListener("beforeprint", function () { fit(680); });
  window.addEventListener("afterprint", function () { fit(0); });
})();
