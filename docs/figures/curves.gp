# call "curves.gp" NAME: draws RESULTS/NAME.csv, a curve a column with a band of one deviation; leaves
# the figure as it is where there are no such results.
file = sprintf("%s/%s.csv", results, ARG1)
if (system(sprintf("test -e '%s' && echo yes", file)) eq "yes") {
  set output sprintf("%s/%s.svg", figures, ARG1)
  stats file skip 1 nooutput
  curves = (STATS_columns - 1) / 2
  plot for [i = 1 : curves] file using 1:(column(2 * i) - column(2 * i + 1)):(column(2 * i) + column(2 * i + 1)) \
         skip 1 with filledcurves linecolor rgb colors[i] notitle, \
       for [i = 1 : curves] file using 1:(column(2 * i)) with linespoints linecolor rgb colors[i] \
         pointtype 7 pointsize 0.45 title columnheader(2 * i)
  unset output
}
