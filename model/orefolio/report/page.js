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
  function fit(width) {
    plots.forEach(function (plot) { Plotly.relayout(plot, width ? { width: width, autosize: false } : { width: null, autosize: true }); });
  }
  window.addEventListener("beforeprint", function () { fit(680); });
  window.addEventListener("afterprint", function () { fit(0); });
})();
