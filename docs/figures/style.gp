# How every figure looks.
reset
set terminal svg size 720,400 dynamic background "white" font "Helvetica,13" linewidth 1.4
set datafile separator ";"
set datafile missing ""
set border 3 linecolor rgb "#57606a"
set tics nomirror out scale 0.6 textcolor rgb "#57606a"
set grid ytics linecolor rgb "#d8dee4" linewidth 0.6
set xlabel textcolor rgb "#24292f"
set ylabel textcolor rgb "#24292f"
set key noenhanced above left horizontal reverse Left textcolor rgb "#24292f" samplen 2 spacing 1.2 width 1 maxrows 2
set style fill transparent solid 0.16 noborder
array colors = ["#0969da", "#cf222e", "#1a7f37", "#bf8700", "#8250df", "#57606a", "#d4439c", "#1b7c83"]
