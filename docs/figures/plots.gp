# gnuplot -c plots.gp RESULTS FIGURES: every figure of docs/techniques, from the tables of
# lamina_figures.
results = ARG1
figures = ARG2

load "style.gp"
set key top right
set xlabel "feature"
set ylabel "weight"
set output figures . "/penalties.svg"
set xrange [-1:40]
file = results . "/penalties.csv"
plot file using 1:2 skip 1 with impulses linecolor rgb "#afb8c1" linewidth 5 title "truth", \
     for [i = 2 : 5] file using (column(1) + 0.12 * (i - 3)):(column(2 * i)) skip 1 with points \
       linecolor rgb colors[i - 1] pointtype 7 pointsize 0.5 title columnheader(2 * i)

load "style.gp"
set xlabel "eigenvalue of the Hessian"
set ylabel "weight along its eigenvector"
set logscale x
set yrange [0:1.05]
set output figures . "/weight_decay.svg"
file = results . "/weight_decay.csv"
lambda = 0.1
plot [0.0007:14] x / (x + lambda) with lines linecolor rgb "#afb8c1" linewidth 3 title "l / (l + {/Symbol l})", \
     file using 1:2 skip 1 with points linecolor rgb colors[1] pointtype 6 pointsize 1.1 title "trained with L2<0.1>", \
     file using 1:4 skip 1 with points linecolor rgb colors[2] pointtype 7 pointsize 0.5 title "trained with WeightDecay<0.1>"

load "style.gp"
set xlabel "epoch"
set ylabel "largest norm of a unit's weights"
call "curves.gp" "constraints"

load "style.gp"
set xlabel "confidence"
set ylabel "share of right answers"
set xrange [0.2:1]
set yrange [0:1]
set arrow from 0.2, 0.2 to 1, 1 nohead linecolor rgb "#afb8c1" linewidth 1.5
call "curves.gp" "label_smoothing"

load "style.gp"
set xlabel "epoch"
set ylabel "loss"
set key top right
call "curves.gp" "dropout"

load "style.gp"
set xlabel "rate"
set ylabel "test accuracy in %"
set key bottom left
call "curves.gp" "dropout_rates"

load "style.gp"
set xlabel "deviation of the noise on the test images"
set ylabel "test accuracy in %"
set key bottom left
call "curves.gp" "input_noise"

load "style.gp"
set xlabel "layer"
set ylabel "deviation of the values"
set logscale y
set format y "10^{%T}"
set key bottom left
call "curves.gp" "initialization"

load "style.gp"
set xlabel "layer"
set ylabel "deviation of the values"
set logscale y
set key bottom left
call "curves.gp" "self_normalizing"

load "style.gp"
set xlabel "learning rate"
set ylabel "validation loss"
set logscale xy
set format x "10^{%T}"
set yrange [0.01:1000]
call "curves.gp" "standardize"

load "style.gp"
set xlabel "largest learning rate"
set ylabel "test accuracy in %"
set logscale x
set key bottom left
call "curves.gp" "learning_rates"

load "style.gp"
set xlabel "batch size"
set ylabel "test accuracy in %"
set logscale x 2
set key bottom right
call "curves.gp" "batch_sizes"

load "style.gp"
set xlabel "epoch"
set ylabel "training loss"
set key top right
set yrange [0:]
call "curves.gp" "depth"

load "style.gp"
set xlabel "epoch"
set ylabel "training loss"
set key top right
call "curves.gp" "optimizers"

load "style.gp"
set xlabel "learning rate"
set ylabel "loss on clean samples"
set logscale xy
call "curves.gp" "clipping"

load "style.gp"
set xlabel "epoch"
set ylabel "test accuracy in %"
set key bottom right
call "curves.gp" "averaging"

load "style.gp"
set xlabel "targets that are far off, in %"
set ylabel "error of the line"
call "curves.gp" "outliers"

load "style.gp"
set xlabel "images of the new task"
set ylabel "test accuracy in %"
set logscale x
set key bottom right
call "curves.gp" "fine_tuning"
