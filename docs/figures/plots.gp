# gnuplot -c plots.gp RESULTS FIGURES: every figure of docs/techniques, from the tables of
# lamina_figures.
results = ARG1
figures = ARG2

load "style.gp"
set xlabel "feature"
set ylabel "weight"
set xrange [-1:40]
file = results . "/penalties.csv"
if (system(sprintf("test -e '%s' && echo yes", file)) eq "yes") {
  set output figures . "/penalties.svg"
  plot file using 1:2 with impulses linecolor rgb "#c8cfd6" linewidth 5 title columnheader(2), \
       for [i = 2 : 5] file using (column(1) + 0.16 * (i - 3.5)):(column(2 * i)) with points \
         linecolor rgb colors[i - 1] pointtype 7 pointsize 0.5 title columnheader(2 * i)
  unset output
}

load "style.gp"
set xlabel "eigenvalue of the Hessian"
set ylabel "weight along its eigenvector"
set logscale x
set yrange [0:1.05]
file = results . "/weight_decay.csv"
lambda = 0.1
if (system(sprintf("test -e '%s' && echo yes", file)) eq "yes") {
  set output figures . "/weight_decay.svg"
  plot [0.0007:14] x / (x + lambda) with lines linecolor rgb "#c8cfd6" linewidth 4 title "l / (l + 0.1)", \
       file using 1:2 skip 1 with points linecolor rgb colors[1] pointtype 6 pointsize 1.1 title "trained with L2<0.1>", \
       file using 1:4 skip 1 with points linecolor rgb colors[2] pointtype 7 pointsize 0.5 title "trained with WeightDecay<0.1>"
  unset output
}

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
set yrange [0:1.2]
call "curves.gp" "dropout"

load "style.gp"
set xlabel "rate"
set ylabel "test accuracy in %"
call "curves.gp" "dropout_rates"

load "style.gp"
set xlabel "deviation of the noise on the test images"
set ylabel "test accuracy in %"
call "curves.gp" "input_noise"

load "style.gp"
set xlabel "layer"
set ylabel "deviation of the values"
set logscale y
set format y "10^{%T}"
call "curves.gp" "initialization"

load "style.gp"
set xlabel "layer"
set ylabel "deviation of the values"
set logscale y
set format y "10^{%T}"
set xrange [0:32]
call "curves.gp" "self_normalizing"

load "style.gp"
set xlabel "learning rate"
set ylabel "validation loss"
set logscale xy
set format x "10^{%T}"
set format y "%g"
set xrange [1e-8:0.1]
set yrange [0.01:10]
call "curves.gp" "standardize"

load "style.gp"
set xlabel "largest learning rate"
set ylabel "test accuracy in %"
set logscale x
call "curves.gp" "learning_rates"

load "style.gp"
set xlabel "batch size"
set ylabel "test accuracy in %"
set logscale x 2
call "curves.gp" "batch_sizes"

load "style.gp"
set xlabel "epoch"
set ylabel "training loss"
set yrange [0:]
call "curves.gp" "depth"

load "style.gp"
set xlabel "epoch"
set ylabel "training loss"
call "curves.gp" "optimizers"

load "style.gp"
set xlabel "learning rate"
set ylabel "loss on clean samples"
set logscale xy
set xrange [0.001:0.3]
call "curves.gp" "clipping"

load "style.gp"
set xlabel "epoch"
set ylabel "test accuracy in %"
call "curves.gp" "averaging"

load "style.gp"
set xlabel "targets that are far off, in %"
set ylabel "error of the line"
call "curves.gp" "outliers"

load "style.gp"
set xlabel "mirrored images to go on with"
set ylabel "test accuracy in %"
set logscale x
set xrange [20:1000]
call "curves.gp" "fine_tuning"

load "style.gp"
set xlabel "batch size"
set ylabel "test accuracy in %"
set logscale x 2
call "curves.gp" "image_batches"

load "style.gp"
set xlabel "contrast of the test images"
set ylabel "test accuracy in %"
call "curves.gp" "contrast"

load "style.gp"
set xlabel "step"
set ylabel "spread of the loss along the gradient"
set logscale y
set yrange [0.01:20]
call "curves.gp" "smoothness"

load "style.gp"
set xlabel "largest learning rate"
set ylabel "test accuracy in %"
set logscale x
call "curves.gp" "noise_behind_norm"

load "style.gp"
set xlabel "largest learning rate"
set ylabel "gain over bicubic in dB"
set logscale x
set xrange [0.001:0.03]
call "curves.gp" "super_resolution"

load "style.gp"
set xlabel "step"
set ylabel "gain over bicubic in dB"
set yrange [-2:1.5]
call "curves.gp" "super_resolution_steps"

load "style.gp"
set xlabel "deviation of the noise on the test images"
set ylabel "peak signal-to-noise ratio in dB"
call "curves.gp" "denoising"

load "style.gp"
set xlabel "temperature"
set ylabel "the student's test accuracy in %"
set logscale x 2
call "curves.gp" "distillation"

load "style.gp"
set xlabel "temperature"
set ylabel "the student's test accuracy in %"
set logscale x 2
call "curves.gp" "distillation_own"

load "style.gp"
set ylabel "accuracy in %"
set xrange [0.5:4.5]
set yrange [0:100]
set xtics ("espeak-ng" 1, "espeak-ng, 10 dB" 2, "flite" 3, "flite, 10 dB" 4)
file = results . "/sound.csv"
if (system(sprintf("test -e '%s' && echo yes", file)) eq "yes") {
  set output figures . "/sound.svg"
  plot for [i = 1 : 4] file using 1:(column(2 * i)) with points linecolor rgb colors[i] \
         pointtype 7 pointsize 0.7 title columnheader(2 * i)
  unset output
}

load "style.gp"
set xlabel "step"
set yrange [-1:4.5]
set xtics 200
file = results . "/drift.csv"
if (system(sprintf("test -e '%s' && echo yes", file)) eq "yes") {
  set output figures . "/drift.svg"
  array networks[3] = ["no norm", "BatchNorm", "BatchNorm and noise"]
  set multiplot layout 1, 3
  do for [network = 1 : 3] {
    set title networks[network] textcolor rgb "#24292f"
    set ylabel (network == 1 ? "value of a unit" : "")
    plot for [i = 3 * network - 2 : 3 * network] \
           file using 1:(column(2 * i) - column(2 * i + 1)):(column(2 * i) + column(2 * i + 1)) \
           skip 1 with filledcurves linecolor rgb colors[i - 3 * network + 3] notitle, \
         for [i = 3 * network - 2 : 3 * network] file using 1:(column(2 * i)) skip 1 with lines \
           linecolor rgb colors[i - 3 * network + 3] notitle
  }
  unset multiplot
  unset output
}
